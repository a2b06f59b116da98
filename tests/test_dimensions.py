"""Dimensions of spaces of intertwiners, one row a case, each beside a count that solves no equations."""

from collections.abc import Callable
from fractions import Fraction
from math import comb
from time import perf_counter

import pytest

from tests.invariants import matchings, orthogonal_invariants, symplectic_invariants, weyl_invariants
from tests.test_group import cube_stickers, rubiks_cube, symmetric
from tests.test_intertwiner import stirling
from theory.characters import character_inner_product
from theory.classical_groups import (
    indefinite_orthogonal_identity_component,
    indefinite_special_orthogonal,
    lorentz,
    orthogonal,
    proper_orthochronous_lorentz,
    special_orthogonal,
    special_unitary_2,
    symplectic,
)
from theory.group import FiniteGroup, PermutationGroup
from theory.intertwiner import intertwiner_dimension, intertwiners
from theory.irreducible import (
    cyclic_group,
    cyclic_irreducible,
    dihedral_group,
    dihedral_irreducible,
    plane_orthogonal_irreducible,
    plane_rotation_irreducible,
    rotation_irreducible,
)
from theory.matrix_group import LieGroup, MatrixGroup
from theory.products import direct_product, wreath_product
from theory.representation import MatrixRepresentation, Representation

Pair = tuple[Representation, Representation]
Case = tuple[str, Callable[[], Pair], Callable[[Pair], int], int]


def characters(pair: Pair) -> int:
    """The average of χ_V(g⁻¹)χ_W(g)."""
    value = character_inner_product(*pair)
    assert value.denominator == 1
    return int(value)


def pixels(turns: PermutationGroup, k: int) -> Representation:
    """C_4 or D_4, generators r (and s) of a square, on a k × k grid of pixels."""
    moves = [lambda i, j: (j, k - 1 - i), lambda i, j: (i, k - 1 - j)][: len(turns.permutations)]
    images = [[x * k + y for i in range(k) for j in range(k) for x, y in [move(i, j)]] for move in moves]
    return turns.representation(images)


def filters(group: PermutationGroup, k: int) -> Pair:
    """k × k filters between regular fields: maps from pixels ⊗ fibre to the fibre at the centre."""
    return pixels(group, k) * group.regular(), group.regular()


def tensors(n: int, k: int, m: int) -> Pair:
    natural = symmetric(n).natural()
    return (natural**k if k else natural.group.trivial()), (natural**m if m else natural.group.trivial())


def lie(group: LieGroup, rank: int) -> Pair:
    return group.trivial(), group.natural() ** rank


def endomorphisms(space: Representation) -> Pair:
    return space, space


def signed_permutations(n: int) -> MatrixGroup:
    swap = [[int(j == [1, 0, *range(2, n)][i]) for j in range(n)] for i in range(n)]
    cycle = [[int(j == (i + 1) % n) for j in range(n)] for i in range(n)]
    flip = [[(-1 if i == 0 else 1) * int(i == j) for j in range(n)] for i in range(n)]
    return MatrixGroup([swap, cycle, flip])


def powers(space: Representation, k: int, m: int) -> Pair:
    return space**k, space**m


ROTATIONS = PermutationGroup([[0, 1, 3, 4, 5, 2], [4, 2, 0, 3, 1, 5]])  # of the cube, on its faces

CASES: list[Case] = [
    *((f"Z_{n} regular", lambda n=n: endomorphisms(cyclic_group(n).regular()), characters, n) for n in (4, 7, 12)),
    *((f"D_{n} regular", lambda n=n: endomorphisms(dihedral_group(n).regular()), characters, 2 * n) for n in (3, 5, 8)),
    *(
        (f"C_4 regular fields, {k} x {k} filters", lambda k=k: filters(cyclic_group(4), k), characters, d)
        for k, d in ((1, 4), (3, 36), (5, 100), (7, 196))
    ),
    *(
        (f"D_4 regular fields, {k} x {k} filters", lambda k=k: filters(dihedral_group(4), k), characters, d)
        for k, d in ((1, 8), (3, 72), (5, 200), (7, 392))
    ),
    *(
        (
            f"S_{n} order {k} to {m}",
            lambda n=n, k=k, m=m: tensors(n, k, m),
            lambda _, n=n, k=k, m=m: sum(stirling(k + m, j) for j in range(1, n + 1)),
            d,
        )
        for n, k, m, d in [
            (4, 2, 3, 51),
            (5, 2, 3, 52),
            (4, 1, 4, 51),
            (3, 3, 3, 122),
            (5, 3, 3, 202),
            (6, 3, 3, 203),
            (4, 0, 5, 51),
            (6, 2, 4, 203),
            (2, 3, 3, 32),
        ]
    ),
    *(
        (f"SO(3) invariants of rank {r}", lambda r=r: lie(special_orthogonal(3), r), lambda _, r=r: orthogonal_invariants(3, r), d)
        for r, d in enumerate((0, 1, 1, 3, 6, 15), start=1)
    ),
    ("SO(4) invariants of rank 4", lambda: lie(special_orthogonal(4), 4), lambda _: orthogonal_invariants(4, 4), 4),
    ("SO(5) invariants of rank 4", lambda: lie(special_orthogonal(5), 4), lambda _: orthogonal_invariants(5, 4), 3),
    ("SO(4) invariants of rank 5", lambda: lie(special_orthogonal(4), 5), lambda _: orthogonal_invariants(4, 5), 0),
    ("O(3) invariants of rank 4", lambda: lie(orthogonal(3), 4), lambda _: matchings(4), 3),
    ("O(3) invariants of rank 3", lambda: lie(orthogonal(3), 3), lambda _: matchings(3), 0),
    ("O(2) invariants of rank 4", lambda: lie(orthogonal(2), 4), lambda _: matchings(4), 3),
    ("SO(2) invariants of rank 4", lambda: lie(special_orthogonal(2), 4), lambda _: comb(4, 2), 6),
    ("O(1,3) invariants of rank 4", lambda: lie(lorentz(), 4), lambda _: matchings(4), 3),
    ("SO+(1,3) invariants of rank 4", lambda: lie(proper_orthochronous_lorentz(), 4), lambda _: orthogonal_invariants(4, 4), 4),
    ("SO(1,3) invariants of rank 4", lambda: lie(indefinite_special_orthogonal(1, 3), 4), lambda _: orthogonal_invariants(4, 4), 4),
    (
        "SO+(2,3) invariants of rank 4",
        lambda: lie(indefinite_orthogonal_identity_component(2, 3), 4),
        lambda _: orthogonal_invariants(5, 4),
        3,
    ),
    *(
        (f"Sp({2 * n}) invariants of rank {r}", lambda n=n, r=r: lie(symplectic(n), r), lambda _, n=n, r=r: symplectic_invariants(n, r), d)
        for n, r, d in ((1, 2, 1), (1, 4, 2), (1, 6, 5), (2, 4, 3), (2, 3, 0), (3, 4, 3))
    ),
    (
        "SU(2), quaternions",
        lambda: endomorphisms(special_unitary_2().natural()),
        lambda _: weyl_invariants([(1,), (1,), (-1,), (-1,)], [(2,)], 2),
        4,
    ),
    (
        "SU(2), real 4-dimensional, rank 4",
        lambda: lie(special_unitary_2(), 4),
        lambda _: weyl_invariants([(1,), (1,), (-1,), (-1,)], [(2,)], 4),
        32,
    ),
    *(
        (f"B_4, {k} to {m}", lambda k=k, m=m: powers(signed_permutations(4).natural(), k, m), characters, d)
        for k, m, d in ((1, 1, 1), (1, 3, 4), (2, 2, 4), (1, 2, 0))
    ),
    *(
        (f"cyclic irreducible n = {n}, k = {k}", lambda n=n, k=k: endomorphisms(cyclic_irreducible(n, k)), characters, d)
        for n, k, d in ((5, 0, 1), (5, 1, 2), (5, 2, 2), (8, 3, 2), (8, 4, 1), (7, 3, 2))
    ),
    *(
        (f"dihedral irreducible n = {n}, k = {k}", lambda n=n, k=k: endomorphisms(dihedral_irreducible(n, k)), characters, 1)
        for n, k in ((5, 0), (5, 1), (5, 2), (8, 3), (8, 4), (12, 5))
    ),
    ("different dihedral irreducibles", lambda: (dihedral_irreducible(7, 1), dihedral_irreducible(7, 2)), characters, 0),
    ("dihedral irreducible in the regular one", lambda: (dihedral_irreducible(5, 2), dihedral_group(5).regular()), characters, 2),
    *(
        (
            f"SO(2) frequencies {j}, {k}",
            lambda j=j, k=k: (plane_rotation_irreducible(j), plane_rotation_irreducible(k)),
            lambda _, j=j, k=k: 0 if j != k else 2 if j else 1,
            d,
        )
        for j, k, d in ((0, 0, 1), (1, 1, 2), (2, 2, 2), (1, 2, 0))
    ),
    *(
        (
            f"O(2) frequencies {j}, {k}",
            lambda j=j, k=k: (plane_orthogonal_irreducible(j), plane_orthogonal_irreducible(k)),
            lambda _, j=j, k=k: int(j == k),
            d,
        )
        for j, k, d in ((0, 0, 1), (1, 1, 1), (3, 3, 1), (1, 3, 0))
    ),
    *(
        (
            f"SO(3) degree {k} in {i} x {j}",
            lambda i=i, j=j, k=k: (rotation_irreducible(i) * rotation_irreducible(j), rotation_irreducible(k)),
            lambda _, i=i, j=j, k=k: int(abs(i - j) <= k <= i + j),
            d,
        )
        for i, j, k, d in ((1, 1, 2, 1), (1, 2, 3, 1), (2, 2, 2, 1), (1, 1, 3, 0), (0, 2, 2, 1))
    ),
    ("cube rotations, faces", lambda: endomorphisms(ROTATIONS.natural()), characters, 3),
    ("cube rotations, pairs of faces", lambda: endomorphisms(ROTATIONS.natural() ** 2), characters, 60),
    ("cube rotations, regular", lambda: endomorphisms(ROTATIONS.regular()), characters, 24),
    (
        "exchangeable matrices S_4 x S_3",
        lambda: endomorphisms(direct_product(symmetric(4), symmetric(3)).outer(symmetric(4).natural(), symmetric(3).natural())),
        characters,
        4,
    ),
    ("sets of sets S_3 wr S_3", lambda: endomorphisms(wreath_product(symmetric(3), symmetric(3)).natural()), characters, 3),
]


@pytest.mark.parametrize(("build", "independent", "dimension"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_dimension(build: Callable[[], Pair], independent: Callable[[Pair], int], dimension: int) -> None:
    pair = build()
    assert intertwiner_dimension(*pair) == dimension
    assert independent(pair) == dimension


def test_the_cube_of_rubik_has_nine_operators_on_its_stickers_in_less_than_five_seconds() -> None:
    """Pairs of stickers: kinds of both, and whether they are one sticker, neighbours on one cubie (a corner's in either sense), or neither."""
    started = perf_counter()
    natural = rubiks_cube().natural()
    assert natural.group.order() == 43252003274489856000
    assert intertwiner_dimension(natural, natural) == 9
    assert perf_counter() - started < 5
    relations = set()
    for position, normal in cube_stickers():
        for other, direction in cube_stickers():
            kinds = position.count(0), other.count(0)
            determinant = sum(
                position[i] * (normal[(i + 1) % 3] * direction[(i + 2) % 3] - normal[(i + 2) % 3] * direction[(i + 1) % 3])
                for i in range(3)
            )
            sense = determinant if kinds == (0, 0) else 0
            relations.add((kinds, "other cubie" if position != other else "same" if normal == direction else f"sense {sense}"))
    assert len(relations) == 9


@pytest.mark.parametrize("factor", [Fraction(1, 10**6), 10**6, Fraction(-3, 10**30)])
def test_a_generator_of_a_lie_algebra_scaled_by_a_tiny_factor_changes_nothing(factor: Fraction) -> None:
    turn = LieGroup([[[0, -factor], [factor, 0]]])
    assert intertwiner_dimension(turn.natural(), turn.natural()) == 2
    assert intertwiner_dimension(turn.trivial(), turn.natural() ** 2) == 2
    assert intertwiner_dimension(turn.trivial(), turn.natural()) == 0


def test_a_rotation_by_a_tiny_rational_angle_has_two_intertwiners_and_no_invariant_vector() -> None:
    """(1 - t², 2t)/(1 + t²) at t = 10⁻⁶: where a rank with a float cutoff finds four and two."""
    t = Fraction(1, 10**6)
    c, s = (1 - t * t) / (1 + t * t), 2 * t / (1 + t * t)
    free = PermutationGroup([[1, 0]])  # any group with one generator: the equations ask for that generator alone
    turn = free.representation([[[c, -s], [s, c]]])
    assert intertwiner_dimension(turn, turn) == 2
    assert intertwiner_dimension(free.trivial(), turn) == 0


def test_two_groups_of_one_class_name_never_share_a_basis() -> None:
    def custom(images: list[list[int]]) -> FiniteGroup:
        return type("Custom", (PermutationGroup,), {})(images)

    small, large = custom([[1, 2, 3, 0]]), custom([[1, 2, 3, 0], [1, 0, 2, 3]])
    for _ in range(2):
        for group, size in ((small, 4), (large, 2)):
            natural = group.representation(group.permutations)
            assert len(intertwiners(natural, natural)) == intertwiner_dimension(natural, natural) == size


def test_one_wrong_entry_changes_the_dimension() -> None:
    """Planted fault: the table's method sees a matrix of SO(3)'s Lie algebra with one entry doubled."""
    group = special_orthogonal(3)
    broken = group.natural().derivatives[0].rows
    rows = [[2 * entry if (i, j) == (0, 1) else entry for j, entry in enumerate(row)] for i, row in enumerate(broken)]
    wrong = LieGroup([rows, *group.lie_algebra[1:]]).natural()
    assert isinstance(wrong, MatrixRepresentation)
    assert intertwiner_dimension(wrong.group.trivial(), wrong**2) == 0 != intertwiner_dimension(group.trivial(), group.natural() ** 2)
