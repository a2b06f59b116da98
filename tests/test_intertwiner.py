"""Dimensions of spaces of intertwiners agree four ways: orbits, Burnside, characters, null space."""

from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from theory.errors import DifferentGroups, TooLarge
from theory.group import PermutationGroup
from theory.intertwiner import character_inner_product, intertwiner_dimension, intertwiner_null_space, orbit_labels
from theory.representation import MatrixRepresentation, PermutationRepresentation, Representation

ROOT = sympy.sqrt(2) / 2
EIGHT = PermutationGroup([[*range(1, 8), 0]])
TURN = EIGHT.representation([[[ROOT, -ROOT], [ROOT, ROOT]]])


def symmetric(n: int) -> PermutationGroup:
    return PermutationGroup([[1, 0, *range(2, n)], [*range(1, n), 0]])


def as_matrices(space: PermutationRepresentation) -> MatrixRepresentation:
    return MatrixRepresentation(space.group, space.matrices)


def bell(n: int) -> int:
    """Bell numbers by their triangle."""
    row = [1]
    for _ in range(n):
        following = [row[-1]]
        for entry in row:
            following.append(following[-1] + entry)
        row = following
    return row[0]


def stirling(n: int, k: int) -> int:
    """Partitions of n elements into k blocks."""
    if n == k:
        return 1
    return 0 if k == 0 or k > n else k * stirling(n - 1, k) + stirling(n - 1, k - 1)


generator_lists = st.integers(1, 4).flatmap(lambda degree: st.lists(st.permutations(range(degree)), min_size=1, max_size=2))
choices = st.integers(0, 5)


def two_spaces(generators: list[list[int]], i: int, j: int) -> tuple[PermutationRepresentation, PermutationRepresentation]:
    """The group of these generators with two of its permutation representations."""
    group = PermutationGroup(generators)
    natural = group.natural()
    spaces = [natural, group.trivial(), natural + natural, natural + group.trivial(), natural * natural]
    if group.order() <= 8:
        spaces.append(group.regular())
    first, second = spaces[i % len(spaces)], spaces[j % len(spaces)]
    assert isinstance(first, PermutationRepresentation)
    assert isinstance(second, PermutationRepresentation)
    return first, second


@settings(deadline=None, derandomize=True, max_examples=40)
@given(generator_lists, choices, choices)
def test_orbits_burnside_characters_and_null_space_count_the_same(generators: list[list[int]], i: int, j: int) -> None:
    v, w = two_spaces(generators, i, j)
    orbits = max(orbit_labels(v, w)) + 1
    fixed = 0
    assert isinstance(v.group, PermutationGroup)
    for word in v.group.elements().values():
        traces = []
        for space in (v, w):
            points = list(range(space.dimension))
            for letter in reversed(word):
                points = [space.images[letter][i] for i in points]
            traces.append(sum(i == image for i, image in enumerate(points)))
        fixed += traces[0] * traces[1]
    assert Fraction(fixed, v.group.order()) == orbits
    assert character_inner_product(v, w) == orbits
    assert intertwiner_dimension(v, w) == intertwiner_dimension(w, v) == orbits
    if v.dimension * w.dimension <= 64:
        assert intertwiner_null_space(v, w).dimension == intertwiner_dimension(as_matrices(v), as_matrices(w)) == orbits


@settings(deadline=None, derandomize=True, max_examples=25)
@given(generator_lists, choices, choices)
def test_every_row_of_the_null_space_commutes_with_every_generator(generators: list[list[int]], i: int, j: int) -> None:
    v, w = two_spaces(generators, i, j)
    if v.dimension * w.dimension > 40:
        return
    space = intertwiner_null_space(as_matrices(v), as_matrices(w))
    assert space.dimension == intertwiner_dimension(v, w)
    for vector in space.vectors:
        entries = [vector.get(i, (0,))[0] for i in range(v.dimension * w.dimension)]
        m = sympy.Matrix(w.dimension, v.dimension, [sympy.sympify(entry) for entry in entries])
        for g in range(len(v.images)):
            assert sympy.Matrix(w.rows(g)) * m == m * sympy.Matrix(v.rows(g))


@pytest.mark.parametrize(("n", "k", "rank"), [(4, 1, 1), (4, 1, 2), (4, 2, 2), (3, 1, 1), (5, 2, 2), (5, 1, 3), (5, 2, 3), (6, 1, 2)])
def test_symmetric_tensors_have_a_bell_number_of_intertwiners_when_n_is_at_least_the_rank(n: int, k: int, rank: int) -> None:
    natural = symmetric(n).natural()
    dimension = intertwiner_dimension(natural**k, natural**rank)
    assert n < k + rank or dimension == bell(k + rank)
    assert dimension == sum(stirling(k + rank, blocks) for blocks in range(1, n + 1))


def test_four_points_have_51_and_not_52_intertwiners_of_total_rank_five() -> None:
    natural = symmetric(4).natural()
    assert bell(5) == 52
    assert intertwiner_dimension(natural**2, natural**3) == 51
    assert intertwiner_dimension(natural, natural**4) == 51
    natural = symmetric(5).natural()
    assert intertwiner_dimension(natural**2, natural**3) == 52


def test_a_rotation_by_45_degrees_commutes_with_the_complex_numbers() -> None:
    assert intertwiner_dimension(TURN, TURN) == character_inner_product(TURN, TURN) == 2
    assert intertwiner_dimension(TURN * TURN, TURN * TURN) == character_inner_product(TURN * TURN, TURN * TURN) == 6
    assert intertwiner_dimension(EIGHT.regular(), TURN) == 2
    assert intertwiner_dimension(EIGHT.trivial(), TURN) == 0
    assert intertwiner_dimension(EIGHT.natural(), TURN + EIGHT.trivial()) == 3


def test_with_a_reflection_the_plane_is_absolutely_irreducible() -> None:
    group = PermutationGroup([[*range(1, 8), 0], [-i % 8 for i in range(8)]])
    plane = group.representation([[[ROOT, -ROOT], [ROOT, ROOT]], [[1, 0], [0, -1]]])
    assert intertwiner_dimension(plane, plane) == character_inner_product(plane, plane) == 1


@pytest.mark.parametrize("digits", [1, 10, 100])
def test_one_generator_entry_scaled_by_the_least_factor_loses_the_intertwiners(digits: int) -> None:
    """A numerical rank with a cutoff keeps both dimensions at 2; an exact one sees the change in the hundredth digit."""
    factor = 1 + sympy.Rational(1, 10**digits)
    scaled = EIGHT.representation([[[ROOT * factor, -ROOT], [ROOT, ROOT]]])
    assert intertwiner_dimension(TURN, scaled) == 0
    assert intertwiner_dimension(scaled, TURN) == 0
    assert intertwiner_dimension(scaled, scaled) == 2  # a matrix commutes with its own polynomials


def test_scaling_a_whole_generator_matters_between_spaces_and_not_within_one() -> None:
    group = PermutationGroup([[1, 0]])
    one, scaled = group.representation([[[1]]]), group.representation([[[Fraction(10**30 + 1, 10**30)]]])
    assert intertwiner_dimension(one, one) == intertwiner_dimension(scaled, scaled) == 1
    assert intertwiner_dimension(one, scaled) == 0


def test_two_groups_on_the_same_points_share_nothing() -> None:
    """Same degree, same number of generators, same names, asked for in turn: a cache by name would mix them up."""
    cyclic = PermutationGroup([[1, 2, 3, 0], [1, 2, 3, 0]])
    klein = PermutationGroup([[1, 0, 3, 2], [2, 3, 0, 1]])
    whole = PermutationGroup([[1, 0, 2, 3], [1, 2, 3, 0]])
    for _ in range(2):
        for group, order, dimension in ((cyclic, 4, 4), (klein, 4, 4), (whole, 24, 2)):
            assert group.order() == order
            assert intertwiner_dimension(group.natural(), group.natural()) == dimension
    assert orbit_labels(cyclic.natural(), cyclic.natural()) != orbit_labels(klein.natural(), klein.natural())  # pyright: ignore[reportArgumentType]
    spaces: list[Representation] = [cyclic.natural(), klein.natural(), whole.natural()]
    for first in spaces:
        for second in spaces:
            if first is not second:
                for count in (intertwiner_dimension, character_inner_product):
                    with pytest.raises(DifferentGroups):
                        count(first, second)


def test_the_characters_of_a_large_group_are_not_enumerated() -> None:
    natural = symmetric(8).natural()
    assert character_inner_product(natural, natural) == intertwiner_dimension(natural, natural) == 2  # by cycle types
    even = PermutationGroup([[1, 2, 0, *range(3, 9)], [*range(1, 9), 0]])
    assert even.order() == 181440
    with pytest.raises(TooLarge, match="at most 20000"):
        character_inner_product(even.natural(), even.natural())
    assert intertwiner_dimension(even.natural(), even.natural()) == 2


def test_orbits_are_numbered_in_the_order_they_first_appear() -> None:
    natural = symmetric(3).natural()
    assert isinstance(natural, PermutationRepresentation)
    assert orbit_labels(natural, natural) == [0, 1, 1, 1, 0, 1, 1, 1, 0]


def test_a_dual_is_isomorphic_to_an_orthogonal_space_and_every_real_space_to_its_dual() -> None:
    group = PermutationGroup([[1, 2, 0], [0, 2, 1]])
    oblique = group.representation([[[0, -1], [1, -1]], [[1, -1], [0, -1]]])
    assert intertwiner_dimension(oblique, oblique.dual()) == character_inner_product(oblique, oblique.dual()) == 1
    assert intertwiner_null_space(oblique, oblique.dual()).dimension == 1
