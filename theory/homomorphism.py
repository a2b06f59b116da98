"""Whether images of generators make a representation of a finite group: every relation is tried, exactly."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import networkx

from theory.common_field import common_field
from theory.errors import NotAHomomorphism, NotAlgebraic
from theory.exact_matrix import Blocks, ExactMatrix, identity_matrix
from theory.field_matrix import FieldMatrix, Reduction
from theory.group import FiniteGroup, Word, compose, format_word
from theory.representation import MatrixRepresentation, PermutationRepresentation, Representation
from theory.signed_orbits import signed_images
from theory.stabilizer_chain import BrokenRelation, StabilizerChain
from theory.verdict import Verdict

SEARCH_LIMIT = 2_000
PRINTED_LETTERS = 200


def check_homomorphism_of_finite_group(representation: Representation, where: str, limit: int = SEARCH_LIMIT) -> Verdict:
    """Prove that the images satisfy every relation of the group, or raise `NotAHomomorphism` with a broken relator.

    Schreier–Sims on the pairs (g, ρ(g)) decides; a breadth-first search over at most `limit` pairs then looks for a shorter relator.
    `UNDECIDED` for numbers that are not seen to be algebraic.
    """
    group = representation.group
    assert isinstance(group, FiniteGroup)
    try:
        images, inverses, one = representation_images(representation)
    except NotAlgebraic:
        return Verdict.UNDECIDED
    try:
        StabilizerChain(group.permutations, images, inverses, one)
    except BrokenRelation as broken:
        word = _shortest(group, images, one, limit) or broken.word
        raise NotAHomomorphism(_message(representation, word, where)) from None
    return Verdict.PROVED


class Action:
    """A permutation with a product, as the image of an element."""

    def __init__(self, images: Sequence[int]) -> None:
        self.images = tuple(images)

    def __mul__(self, other: "Action") -> "Action":
        return Action(compose(self.images, other.images))

    def inverse_of_product(self, left: "Action", right: "Action") -> "Action":
        """The inverse of this product from the inverses of its factors."""
        return left * right

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Action) and self.images == other.images

    def __hash__(self) -> int:
        return hash(self.images)


def representation_images(representation: Representation) -> tuple[list[Any], list[Any], Any]:
    """Images of the generators that multiply fast, their inverses, and the identity."""
    signed = signed_images(representation)
    if signed is not None:
        actions = [Action(_points(images, signs)) for images, signs in signed]
        backward = []
        for action in actions:
            inverse = [0] * len(action.images)
            for i, j in enumerate(action.images):
                inverse[j] = i
            backward.append(Action(inverse))
        return list(actions), list(backward), Action(range(2 * representation.dimension))
    places = summands(representation.matrices, representation.dimension)
    counts = [n for _, n in places.found]
    images, inverses = [], []
    for matrix in representation.matrices:
        blocks = [restricted(matrix, indices) for indices, _ in places.found]
        parts = [FieldMatrix.of(block, places.reduction) for block in blocks]
        backward = [part.inverse(block) for part, block in zip(parts, blocks, strict=True)]
        orthogonal = all(part.transpose() == inverse for part, inverse in zip(parts, backward, strict=True))
        images.append(Summands(parts, counts, orthogonal=orthogonal))
        inverses.append(Summands(backward, counts, orthogonal=orthogonal))
    one = [FieldMatrix.of(identity_matrix(len(indices)), places.reduction) for indices, _ in places.found]
    return list(images), list(inverses), Summands(one, counts, orthogonal=True)


class Summands:
    """A block-diagonal matrix by its distinct blocks, and how often each of them occurs; `orthogonal` says that all its factors are."""

    def __init__(self, parts: Sequence[FieldMatrix], counts: Sequence[int], *, orthogonal: bool) -> None:
        self.parts, self.counts, self.orthogonal = tuple(parts), tuple(counts), orthogonal

    def __mul__(self, other: "Summands") -> "Summands":
        parts = [a * b for a, b in zip(self.parts, other.parts, strict=True)]
        return Summands(parts, self.counts, orthogonal=self.orthogonal and other.orthogonal)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Summands) and self.parts == other.parts

    def __hash__(self) -> int:
        return hash(self.parts)

    def inverse_of_product(self, left: "Summands", right: "Summands") -> "Summands":
        """The inverse of this product: the transpose of an orthogonal matrix, else `left` times `right`, the inverses of the factors."""
        if not self.orthogonal:
            return left * right
        return Summands([part.transpose() for part in self.parts], self.counts, orthogonal=True)

    def trace(self, degree: int) -> list[Fraction]:
        """The trace in powers of θ."""
        traces = [part.trace for part in self.parts]
        return [sum((n * trace[i] for n, trace in zip(self.counts, traces, strict=True)), Fraction(0)) for i in range(degree)]


class Places(NamedTuple):
    """Sets of basis vectors that all matrices of a representation leave to themselves, one for each kind, and how often it occurs."""

    reduction: Reduction
    found: tuple[tuple[tuple[int, ...], int], ...]


def summands(matrices: Sequence[ExactMatrix], dimension: int) -> Places:
    """The finest decomposition of the space along its basis vectors; of equal summands the first stands for all."""
    linked = networkx.Graph()
    linked.add_nodes_from(range(dimension))
    linked.add_edges_from((y, x) for matrix in matrices for y, row in enumerate(matrix.entries) for x, _ in row)
    kinds: dict[tuple[ExactMatrix, ...], list[tuple[int, ...]]] = {}
    for component in sorted(map(sorted, networkx.connected_components(linked))):
        indices = tuple(component)
        kinds.setdefault(tuple(restricted(matrix, indices) for matrix in matrices), []).append(indices)
    field = common_field(number for matrix in matrices for number in matrix.numbers())
    return Places(Reduction(field), tuple((equal[0], len(equal)) for equal in kinds.values()))


def restricted(matrix: ExactMatrix, indices: Sequence[int]) -> ExactMatrix:
    """The square block of these rows and columns."""
    number = {index: i for i, index in enumerate(indices)}
    rows = (tuple((number[x], value) for x, value in matrix.entries[y] if x in number) for y in indices)
    return ExactMatrix(tuple(rows), len(number))


def _points(images: Sequence[int], signs: Sequence[int]) -> list[int]:
    """A signed permutation of basis vectors as a permutation of the points ±e_i, numbered 2i and 2i + 1."""
    return [2 * images[i] + (side ^ (signs[i] < 0)) for i in range(len(images)) for side in (0, 1)]


def _shortest(group: FiniteGroup, images: Sequence[Any], one: Any, limit: int) -> Word | None:
    """Breadth first over at most `limit` pairs (g, ρ(g)): the shortest word whose g is the identity and whose ρ(g) is not."""
    identity = tuple(range(len(group.permutations[0])))
    words: dict[tuple, Word] = {(identity, one): ()}
    queue = [(identity, one)]
    for element, image in queue:
        if len(words) > limit:
            return None
        for letter, (generator, matrix) in enumerate(zip(group.permutations, images, strict=True), start=1):
            target, moved = compose(generator, element), matrix * image
            key = (target, moved)
            if key in words:
                continue
            words[key] = (letter, *words[element, image])
            if target == identity:
                return words[key]
            queue.append((target, moved))
    return None


def _message(representation: Representation, word: Word, where: str) -> str:
    remedy = "Correct the image of a generator, or the group."
    if len(word) > PRINTED_LETTERS:
        return (
            f"{where}: a relator of {len(word)} letters must map to the identity, but ρ of it {_moved(representation, word)}; "
            f"some element would have two images. {remedy}"
        )
    names = representation.group.generator_names
    relator = format_word(
        tuple(letter - 1 if letter > 0 else len(names) - letter - 1 for letter in word), (*names, *(f"{name}**-1" for name in names))
    )
    return f"{where}: the relator {relator} must map to the identity, but ρ({relator}) {_moved(representation, word)}. {remedy}"


def _moved(representation: Representation, word: Word) -> str:
    """What the image of a word does that the identity does not."""
    if isinstance(representation, PermutationRepresentation):
        images = [Action(g) for g in representation.images]
        backward = [Action(sorted(range(representation.dimension), key=g.__getitem__)) for g in representation.images]
        total = Action(range(representation.dimension))
        for letter in word:
            total = total * (images[letter - 1] if letter > 0 else backward[-letter - 1])
        point = next(i for i, image in enumerate(total.images) if i != image)
        return f"moves point {point} to point {total.images[point]}"
    assert isinstance(representation, MatrixRepresentation)
    blocks = Blocks([*representation.matrices, identity_matrix(representation.dimension)])
    total = blocks.matrix(identity_matrix(representation.dimension))
    for letter in word:
        matrix = blocks.matrix(representation.matrices[abs(letter) - 1])
        total = total * (matrix if letter > 0 else matrix.inv())
    columns = blocks.exact(total).transpose()
    dense = columns.rows
    i = next(i for i, row in enumerate(columns.entries) if row != ((i, 1),))
    return f"maps basis vector {i} to {dense[i]}"
