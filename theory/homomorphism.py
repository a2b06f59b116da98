"""Whether images of generators make a representation of a finite group: every relation is tried, exactly."""

from collections.abc import Sequence
from typing import Any

from theory.errors import NotAHomomorphism, NotAlgebraic
from theory.exact_matrix import Blocks, identity_matrix
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
    one = identity_matrix(representation.dimension)
    blocks = Blocks([*representation.matrices, one])
    matrices = [blocks.matrix(matrix) for matrix in representation.matrices]
    return matrices, [matrix.inv() for matrix in matrices], blocks.matrix(one)


def _points(images: Sequence[int], signs: Sequence[int]) -> list[int]:
    """A signed permutation of basis vectors as a permutation of the points ±e_i, numbered 2i and 2i + 1."""
    return [2 * images[i] + (side ^ (signs[i] < 0)) for i in range(len(images)) for side in (0, 1)]


def _shortest(group: FiniteGroup, images: Sequence[Any], one: Any, limit: int) -> Word | None:
    """Breadth first over at most `limit` pairs (g, ρ(g)): the shortest word whose g is the identity and whose ρ(g) is not."""
    identity = tuple(range(len(group.permutations[0])))
    words: dict[tuple, Word] = {(identity, _key(one)): ()}
    queue = [(identity, one)]
    for element, image in queue:
        if len(words) > limit:
            return None
        for letter, (generator, matrix) in enumerate(zip(group.permutations, images, strict=True), start=1):
            target, moved = compose(generator, element), matrix * image
            key = (target, _key(moved))
            if key in words:
                continue
            words[key] = (letter, *words[element, _key(image)])
            if target == identity:
                return words[key]
            queue.append((target, moved))
    return None


def _key(image: Any) -> object:
    return image if isinstance(image, Action) else tuple(image.entries())


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
