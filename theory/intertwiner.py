"""Spaces of intertwiners Hom_G(V, W), exactly: orbits of pairs, signed orbits, certified null spaces."""

from collections.abc import Sequence
from functools import lru_cache

from theory.characters import character_inner_product
from theory.common_field import common_field
from theory.eigenspaces import dense_null_space
from theory.errors import NotAlgebraic, Undecided
from theory.exact_matrix import ExactMatrix, coordinates, identity_matrix
from theory.group import FiniteGroup
from theory.null_space import NullSpace, null_space
from theory.number_field import Coordinates
from theory.representation import PermutationRepresentation, Representation
from theory.signed_orbits import count_signed_orbits, signed_images, signed_orbit_labels

__all__ = [
    "character_inner_product",
    "identity_is_an_orbit",
    "intertwiner_dimension",
    "intertwiner_dimension_bounds",
    "intertwiner_null_space",
    "intertwiners",
    "orbit_labels",
    "with_identity",
]

MOST_TERMS = 40_000
"""The equations of a finite group with more terms than this are first split by eigenspaces."""


def orbit_labels(
    domain: PermutationRepresentation, codomain: PermutationRepresentation, sharing: Sequence[tuple[Sequence[int], Sequence[int]]] = ()
) -> list[int]:
    """The orbit of each pair (y, x) under the group, at index y·dim V + x; orbits are numbered in the order they first appear.

    The indicators of these orbits are a basis of Hom_G(V, W): an intertwiner is a matrix that is constant on orbits of pairs. `sharing`
    merges orbits along partial symmetries, injective maps of V's points and of W's, -1 where undefined.
    """
    domain._matching(codomain)
    columns, total = domain.dimension, domain.dimension * codomain.dimension
    # A permutation has finite order, so its powers lead back; a partial map needs its inverse.
    moves: list[tuple[Sequence[int], Sequence[int]]] = list(zip(domain.images, codomain.images, strict=True))
    for h, g in sharing:
        moves += [(h, g), (_inverse(h), _inverse(g))]
    labels, count = [-1] * total, 0
    for start in range(total):
        if labels[start] >= 0:
            continue
        labels[start] = count
        stack = [start]
        while stack:
            y, x = divmod(stack.pop(), columns)
            for h, g in moves:
                pair = g[y] * columns + h[x]
                if g[y] >= 0 and h[x] >= 0 and labels[pair] < 0:
                    labels[pair] = count
                    stack.append(pair)
        count += 1
    return labels


def _inverse(images: Sequence[int]) -> list[int]:
    inverse = [-1] * len(images)
    for point, image in enumerate(images):
        if image >= 0:
            inverse[image] = point
    return inverse


def identity_is_an_orbit(space: PermutationRepresentation) -> bool:
    """Whether the identity is one element of the orbit basis of Hom_G(V, V): whether the group is transitive (warning W2)."""
    labels, d = orbit_labels(space, space), space.dimension
    return all(labels[i * d + i] == labels[0] for i in range(d))


@lru_cache(maxsize=16)
def intertwiner_null_space(domain: Representation, codomain: Representation) -> NullSpace:
    """Hom_G(V, W) as the solutions M, flattened as y·dim V + x, of W(g) M = M V(g) for every generator g and the same for Lie elements.

    Raises `NotAlgebraic` if an entry is not seen to be an algebraic number.
    """
    domain._matching(codomain)
    pairs = list(zip(domain.matrices + domain.derivatives, codomain.matrices + codomain.derivatives, strict=True))
    field = common_field(number for pair in pairs for matrix in pair for number in matrix.numbers())
    terms = sum(_terms(v) * codomain.dimension + _terms(w) * domain.dimension for v, w in pairs)
    if terms > MOST_TERMS and isinstance(domain.group, FiniteGroup):
        found = dense_null_space(domain.group, domain.matrices, codomain.matrices, field)
        if found is not None:
            return found
    rows = []
    for v, w in pairs:
        columns = coordinates(v.transpose(), field)
        for y, above in enumerate(coordinates(w, field)):
            for x, right in enumerate(columns):
                rows.append(_equation(y, x, above, right, domain.dimension))
    return null_space(rows, domain.dimension * codomain.dimension, field)


def _terms(matrix: ExactMatrix) -> int:
    return sum(map(len, matrix.entries))


def _equation(
    y: int, x: int, above: dict[int, Coordinates], right: dict[int, Coordinates], d: int
) -> dict[int, Coordinates]:  # fmt: skip
    """Entry (y, x) of W M - M V: Σ_k W_yk M_kx - Σ_k M_yk V_kx."""
    row = {k * d + x: c for k, c in above.items()}
    for k, c in right.items():
        unknown, negative = y * d + k, tuple(-e for e in c)
        total = tuple(a + b for a, b in zip(row[unknown], negative, strict=True)) if unknown in row else negative
        if any(total):
            row[unknown] = total
        else:
            del row[unknown]
    return row


@lru_cache(maxsize=16)
def intertwiners(domain: Representation, codomain: Representation) -> tuple[ExactMatrix, ...]:
    """A basis of Hom_G(V, W) as exact matrices `[dim W, dim V]`.

    Indicators of orbits for permutation representations. Otherwise signed indicators where the matrices permute up to sign, else exact
    solutions of the equivariance equations, and from V to V the identity takes the place of one of them (warning W2 on ferbach2023).
    Raises `NotAlgebraic` if an entry is not seen to be an algebraic number.
    """
    domain._matching(codomain)
    signed = signed_images(domain), signed_images(codomain)
    if signed[0] is not None and signed[1] is not None:
        labels, signs = signed_orbit_labels(signed[0], signed[1])
        matrices = _from_labels(labels, signs, domain.dimension)
    else:
        matrices = _from_solutions(intertwiner_null_space(domain, codomain), domain.dimension, codomain.dimension)
    if domain != codomain or isinstance(domain, PermutationRepresentation):
        return matrices
    return with_identity(matrices, domain.dimension)


def with_identity(matrices: tuple[ExactMatrix, ...], d: int) -> tuple[ExactMatrix, ...]:
    """A basis of the same space of d × d matrices with the identity in it: the identity is Σ c_k b_k and replaces the first b_k with c_k ≠ 0."""
    one = identity_matrix(d)
    columns = [*matrices, one]
    field = common_field(number for matrix in matrices for number in matrix.numbers())
    equations: dict[tuple[int, int], dict[int, Coordinates]] = {}
    for k, matrix in enumerate(columns):
        for i, row in enumerate(coordinates(matrix, field)):
            for j, value in row.items():
                equations.setdefault((i, j), {})[k] = value
    (relation,) = null_space(list(equations.values()), len(columns), field).vectors
    first = min(relation)
    return (*matrices[:first], one, *matrices[first + 1 :])


def _from_solutions(space: NullSpace, d: int, size: int) -> tuple[ExactMatrix, ...]:
    assert space.dimension == len(space.vectors)
    matrices, known = [], {id(c): c for vector in space.vectors for c in vector.values()}
    numbers = {key: space.field.number(c) for key, c in known.items()}
    for vector in space.vectors:
        rows: list[list] = [[] for _ in range(size)]
        for position in sorted(vector):
            rows[position // d].append((position % d, numbers[id(vector[position])]))
        matrices.append(ExactMatrix(tuple(map(tuple, rows)), d))
    return tuple(matrices)


def _from_labels(labels: Sequence[int], signs: Sequence[int], d: int) -> tuple[ExactMatrix, ...]:
    size = len(labels) // d
    bases: list[list[list]] = [[[] for _ in range(size)] for _ in range(max(labels) + 1)]
    for position, (label, sign) in enumerate(zip(labels, signs, strict=True)):
        if label >= 0:
            bases[label][position // d].append((position % d, sign))
    return tuple(ExactMatrix(tuple(map(tuple, rows)), d) for rows in bases)


def intertwiner_dimension_bounds(domain: Representation, codomain: Representation) -> tuple[int, int]:
    """Proven lower and upper bounds of dim Hom_G(V, W); they meet whenever the entries are seen to be algebraic."""
    domain._matching(codomain)
    if isinstance(domain, PermutationRepresentation) and isinstance(codomain, PermutationRepresentation):
        dimension = max(orbit_labels(domain, codomain)) + 1
        return dimension, dimension
    signed = signed_images(domain), signed_images(codomain)
    if signed[0] is not None and signed[1] is not None:
        dimension = count_signed_orbits(signed[0], signed[1])
        return dimension, dimension
    try:
        dimension = intertwiner_null_space(domain, codomain).dimension
    except NotAlgebraic:
        from theory.ball_rank import dimension_bounds

        return dimension_bounds(domain, codomain)
    return dimension, dimension


def intertwiner_dimension(domain: Representation, codomain: Representation) -> int:
    """dim Hom_G(V, W): the number of orbits of pairs, or the nullity of the equivariance equations.

    Raises `Undecided` if lower and upper bound do not meet, which happens for numbers that are not seen to be algebraic alone.
    """
    lower, upper = intertwiner_dimension_bounds(domain, codomain)
    if lower < upper:
        raise Undecided(
            f"dim Hom lies between {lower} and {upper}; the entries are known as balls only, and the two bounds do not meet. "
            "Write the entries as algebraic numbers: roots, or cosines and sines of rational multiples of pi."
        )
    return lower
