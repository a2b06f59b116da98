"""Attacks on what a declaration claims: each function returns if the claim holds and raises a `Refuted` with a counterexample if not."""

import sympy
from sympy.combinatorics import Permutation as SympyPermutation
from sympy.combinatorics import PermutationGroup as SympyPermutationGroup
from sympy.polys.matrices import DomainMatrix

from theory.errors import BadInput, NonlinearityNotEquivariant, NotAHomomorphism, NotOrthogonal
from theory.group import ENUMERATION_LIMIT, Word, compose, format_word
from theory.representation import MatrixRepresentation, PermutationRepresentation, Representation
from theory.verdict import Verdict


def check_homomorphism(representation: Representation, where: str, limit: int = ENUMERATION_LIMIT) -> Verdict:
    """Prove that the images satisfy every relation of the group, or raise `NotAHomomorphism` with a broken relator, a short one if possible.

    The pairs (g, ρ(g)) generate a group; ρ is a homomorphism iff no pair has g = 1 and ρ(g) ≠ 1, i.e. iff that group has the order
    of the group itself (Schreier–Sims for permutations, enumeration otherwise). `UNDECIDED` when more than `limit` elements would be
    enumerated.
    """
    group = representation.group
    if isinstance(representation, PermutationRepresentation):
        shift = group.degree
        pairs = [g + tuple(shift + i for i in h) for g, h in zip(group.permutations, representation.images, strict=True)]
        diagonal = SympyPermutationGroup([SympyPermutation(list(pair)) for pair in pairs])
        if int(diagonal.order()) == group.order():
            return Verdict.PROVED
    word = _broken_relator(representation, limit)
    if word is None and isinstance(representation, PermutationRepresentation):
        raise NotAHomomorphism(
            f"{where}: the pairs (g, ρ(g)) generate more elements than the {group.order()} of the group, so some element would have two "
            "images. Correct the image of a generator, or the group."
        )
    if word is not None:
        relator = format_word(word, group.generator_names)
        raise NotAHomomorphism(
            f"{where}: the relator {relator} must map to the identity, but ρ({relator}) {_moved(representation, word)}. "
            "Correct the image of a generator, or the group."
        )
    return Verdict.PROVED if group.order() <= limit else Verdict.UNDECIDED


def _broken_relator(representation: Representation, limit: int) -> Word | None:
    group = representation.group
    if isinstance(representation, PermutationRepresentation):
        return _relator(group, representation.images, tuple(range(representation.dimension)), compose, limit)
    assert isinstance(representation, MatrixRepresentation)
    matrices = [_Matrix(matrix) for matrix in representation.matrices]
    identity = _Matrix(DomainMatrix.eye(representation.dimension, representation.matrices[0].domain).to_dense())
    return _relator(group, matrices, identity, lambda a, b: a @ b, limit)


def _relator(group, images, one, product, limit: int) -> Word | None:
    """A broken relator, or None; None proves that there is none if the group has at most `limit` elements."""
    word = _search(group.permutations, images, one, product, 8 * min(group.order(), limit))
    return word if word is not None or group.order() > limit else _two_images(group.permutations, images, one, product)


class _Matrix:
    """An exact matrix with value equality, so that it can be found in a set."""

    def __init__(self, matrix: DomainMatrix) -> None:
        self.matrix = matrix.to_dense()
        self.key = tuple(map(tuple, self.matrix.to_list()))

    def __matmul__(self, other: "_Matrix") -> "_Matrix":
        return _Matrix(self.matrix * other.matrix)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Matrix) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


def _search(generators, images, one, product, limit) -> Word | None:
    """Breadth first over at most `limit` pairs (g, ρ(g)): the shortest word whose g is the identity and whose ρ(g) is not."""
    identity = tuple(range(len(generators[0])))
    start = (identity, one)
    words: dict[tuple, Word] = {start: ()}
    queue = [start]
    for element, image in queue:
        if len(words) > limit:
            return None
        for letter, (generator, matrix) in enumerate(zip(generators, images, strict=True)):
            pair = (compose(generator, element), product(matrix, image))
            if pair in words:
                continue
            words[pair] = (letter, *words[element, image])
            if pair[0] == identity:
                return words[pair]
            queue.append(pair)
    return None


def _two_images(generators, images, one, product) -> Word | None:
    """Along the Cayley graph of the group: None proves ρ(sg) = ρ(s)ρ(g) for every generator s and element g."""
    identity = tuple(range(len(generators[0])))
    inverses: list[Word] = []
    for letter, (generator, matrix) in enumerate(zip(generators, images, strict=True)):
        power, image, exponent = generator, matrix, 1
        while power != identity:
            power, image, exponent = compose(generator, power), product(matrix, image), exponent + 1
        if image != one:
            return (letter,) * exponent
        inverses.append((letter,) * (exponent - 1))
    found: dict[tuple, tuple] = {identity: (one, ())}
    queue = [identity]
    for element in queue:
        image, word = found[element]
        for letter, (generator, matrix) in enumerate(zip(generators, images, strict=True)):
            target, candidate = compose(generator, element), (product(matrix, image), (letter, *word))
            if target not in found:
                found[target] = candidate
                queue.append(target)
            elif found[target][0] != candidate[0]:
                return candidate[1] + tuple(back for letter in reversed(found[target][1]) for back in inverses[letter])
    return None


def _moved(representation: Representation, word: Word) -> str:
    if isinstance(representation, PermutationRepresentation):
        total = tuple(range(representation.dimension))
        for letter in reversed(word):
            total = compose(representation.images[letter], total)
        point = next(i for i, image in enumerate(total) if i != image)
        return f"moves point {point} to point {total[point]}"
    total = DomainMatrix.eye(representation.dimension, representation.matrices[0].domain)
    for letter in reversed(word):
        total = representation.matrices[letter] * total
    columns = total.to_Matrix().T.tolist()
    i = next(i for i, column in enumerate(columns) if column != [int(j == i) for j in range(len(column))])
    return f"maps basis vector {i} to {tuple(columns[i])}"


def check_orthogonality(representation: Representation, where: str) -> Verdict:
    """Prove that every generator preserves the Euclidean norm, or raise `NotOrthogonal` with a vector whose length it changes."""
    if isinstance(representation, PermutationRepresentation):
        return Verdict.PROVED
    for name, matrix in zip(representation.group.generator_names, representation.matrices, strict=True):
        gram = (matrix.transpose() * matrix).to_Matrix()
        d = representation.dimension
        for i in range(d):
            for j in range(i + 1):
                if gram[i, j] == int(i == j):
                    continue
                x = sympy.zeros(d, 1)
                x[i] = x[j] = 1
                if gram[i, i] != 1:
                    x[j], x[i] = 0, 1
                elif gram[j, j] != 1:
                    x[i], x[j] = 0, 1
                length = sympy.simplify((x.T * gram * x)[0])
                raise NotOrthogonal(
                    f"{where}: ρ({name}) maps x = {tuple(x)} of squared length {x.dot(x)} to squared length {length}. The theorem's norm "
                    "must be invariant: choose an orthonormal basis for the representation."
                )
    return Verdict.PROVED


NONLINEARITIES = ("relu",)


def check_nonlinearity(nonlinearity: str, representation: Representation, where: str) -> Verdict:
    """Prove that the pointwise nonlinearity commutes with every generator, or raise `NonlinearityNotEquivariant` with a point.

    relu(Mx) = M relu(x) for all x iff every row of M has at most one non-zero entry and no negative one; for an orthogonal M this
    means a permutation matrix (warning W1 on ferbach2023).
    """
    if nonlinearity not in NONLINEARITIES:
        raise BadInput(f"{where}: the nonlinearity {nonlinearity!r} is not known; choose one of {', '.join(NONLINEARITIES)}.")
    if isinstance(representation, PermutationRepresentation):
        return Verdict.PROVED
    for name, matrix in zip(representation.group.generator_names, representation.matrices, strict=True):
        point = _relu_counterexample(matrix.to_Matrix().tolist())
        if point is not None:
            raise NonlinearityNotEquivariant(
                f"{where} declares {nonlinearity}, but at x = {point} it does not commute with ρ({name}). "
                f"{nonlinearity} commutes with permutation matrices only; choose a permutation representation."
            )
    return Verdict.PROVED


def _relu_counterexample(rows: list[list[sympy.Expr]]) -> tuple[int, ...] | None:
    d = len(rows)
    for i in range(d):
        if any(row[i].is_negative for row in rows):
            return tuple(int(j == i) for j in range(d))
    for row in rows:
        positive = [j for j in range(d) if row[j] != 0]
        if len(positive) > 1:
            return tuple(1 if j == positive[0] else -1 if j == positive[1] else 0 for j in range(d))
    return None
