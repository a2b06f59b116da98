"""Presentations, matrices, products, subgroups and Lie groups: orders, relations and representations agree however a group is given."""

from fractions import Fraction
from math import factorial

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.test_group import symmetric
from theory.characters import character_inner_product, conjugacy_classes
from theory.claims import check_homomorphism, check_orthogonality
from theory.classical_groups import lorentz, orthogonal, special_orthogonal, special_unitary_2, symplectic
from theory.errors import (
    BadInput,
    DifferentGroups,
    InfiniteGroup,
    NotAHomomorphism,
    NotAMatrix,
    NotOrthogonal,
    OutOfRange,
    TooLarge,
)
from theory.exact_matrix import ExactMatrix
from theory.group import PermutationGroup
from theory.intertwiner import intertwiner_dimension
from theory.irreducible import cyclic_group, cyclic_irreducible, dihedral_group, dihedral_irreducible, rotation_irreducible
from theory.matrix_group import LieGroup, MatrixGroup
from theory.presentation import finitely_presented, relator_word
from theory.products import direct_product, semidirect_product, wreath_product
from theory.representation import MatrixRepresentation
from theory.subgroups import induction, restriction
from theory.verdict import Verdict

PRESENTATIONS = [
    ("r s", ["r**5", "s**2", "(r*s)**2"], 10),
    ("a b", ["a^2", "b^3", "(a*b)**5 = 1"], 60),
    ("i j", ["i**4", "i**2 = j**2", "j**-1*i*j = i**-1"], 8),
    ("a, b", ["a**3", "b**4", "a*b = b*a"], 12),
    ("x y z", ["x**2", "y**2", "z**2", "(x*y)**3", "(y*z)**3", "(x*z)**2"], 24),
    ("t", ["t"], 1),
]


@pytest.mark.parametrize(("generators", "relators", "order"), PRESENTATIONS)
def test_a_presentation_gives_a_group_of_the_known_order_in_which_its_relators_hold(
    generators: str, relators: list[str], order: int
) -> None:
    group = finitely_presented(generators, relators)
    assert group.order() == order
    regular = group.representation(group.permutations)
    assert check_homomorphism(regular, "test") is Verdict.PROVED
    identity = tuple(range(group.degree))
    for relator in relators:
        total = identity
        for letter in relator_word(relator, list(group.generator_names)):
            g = group.permutations[abs(letter) - 1]
            g = g if letter > 0 else tuple(sorted(range(len(g)), key=g.__getitem__))
            total = tuple(total[i] for i in g)
        assert total == identity


def test_a_presentation_without_end_is_refused_at_the_limit() -> None:
    with pytest.raises(TooLarge, match=r"⟨a, b \| a\*b=b\*a⟩ needs more than 500 cosets"):
        finitely_presented("a b", ["a*b=b*a"], limit=500)


@pytest.mark.parametrize("text", ["r*q", "r+s", "r**1.5", "r**s", "r*", "2*r", "r=s=r", "f(r)", "r**10**9"])
def test_a_relator_that_is_no_word_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match=r"the relator '.*' "):
        finitely_presented("r s", [text])


@pytest.mark.parametrize("generators", ["", "r r", "1", "a-b"])
def test_generators_need_distinct_names(generators: str) -> None:
    with pytest.raises(BadInput, match="distinct names"):
        finitely_presented(generators, [])


QUARTER = [[0, -1], [1, 0]]
THIRD = [[-sympy.Rational(1, 2), -sympy.sqrt(3) / 2], [sympy.sqrt(3) / 2, -sympy.Rational(1, 2)]]


@pytest.mark.parametrize(
    ("matrices", "order"),
    [([QUARTER], 4), ([THIRD], 3), ([THIRD, [[1, 0], [0, -1]]], 6), ([QUARTER, [[0, 1], [1, 0]]], 8), ([[[0, -1], [1, -1]]], 3)],
)
def test_a_finite_matrix_group_has_the_known_order_and_its_own_matrices_as_a_representation(matrices: list, order: int) -> None:
    group = MatrixGroup(matrices)
    assert group.order() == order
    assert check_homomorphism(group.natural(), "test") is Verdict.PROVED
    assert intertwiner_dimension(group.natural(), group.natural()) == character_inner_product(group.natural(), group.natural())
    assert group.regular().dimension == order


def test_an_infinite_matrix_group_is_refused_at_the_limit_and_a_singular_matrix_at_once() -> None:
    with pytest.raises(TooLarge, match="more than 50 images"):
        _ = MatrixGroup([[[1, 1], [0, 1]]], limit=50).permutations
    with pytest.raises(NotAMatrix, match="generator 0 is singular"):
        MatrixGroup([[[1, 1], [1, 1]]])
    with pytest.raises(NotAMatrix, match=r"sizes \[1, 2\]"):
        MatrixGroup([QUARTER, [[1]]])
    with pytest.raises(BadInput, match="no generators"):
        MatrixGroup([])


def test_the_weyl_group_of_e8_is_known_by_its_240_roots() -> None:
    edges = ((0, 2), (2, 3), (3, 4), (4, 5), (5, 6), (6, 7), (1, 3))
    reflections = []
    for i in range(8):
        rows = [[int(a == b) for b in range(8)] for a in range(8)]
        for j in range(8):
            rows[i][j] -= 2 if i == j else -int((i, j) in edges or (j, i) in edges)
        reflections.append(rows)
    group = MatrixGroup(reflections)
    assert group.order() == 696729600
    assert len(group.permutations[0]) == 240
    assert intertwiner_dimension(group.natural() ** 2, group.natural() ** 2) == 3


def test_products_have_the_product_order_and_outer_products_the_product_of_dimensions() -> None:
    first, second = symmetric(4), symmetric(3)
    group = direct_product(first, second)
    assert group.order() == 24 * 6
    v, w = first.natural(), dihedral_irreducible(3, 1)
    group_of_w = dihedral_group(3)
    mixed = direct_product(first, group_of_w)
    outer = mixed.outer(v, w)
    assert check_homomorphism(outer, "test") is Verdict.PROVED
    assert intertwiner_dimension(outer, outer) == intertwiner_dimension(v, v) * intertwiner_dimension(w, w) == 2
    with pytest.raises(DifferentGroups):
        mixed.outer(v, second.natural())
    with pytest.raises(BadInput, match="1 representations for 2 factors"):
        mixed.outer(v)


def test_semidirect_products_invert_or_swap_and_refuse_what_is_no_automorphism() -> None:
    five, two = cyclic_group(5), cyclic_group(2)
    inverse = [[4, 0, 1, 2, 3]]
    product = semidirect_product(five, two, [inverse])
    assert product.order() == 10
    assert sorted(size for *_, size in conjugacy_classes(product)) == sorted(size for *_, size in conjugacy_classes(dihedral_group(5)))
    assert check_homomorphism(product.pullback(0, cyclic_irreducible(2, 1)), "test") is Verdict.PROVED
    with pytest.raises(NotAHomomorphism, match="does not act by an automorphism"):
        semidirect_product(five, two, [[[0, 1, 2, 3, 4]]])
    with pytest.raises(NotAHomomorphism, match="break a relation of the acting group"):
        semidirect_product(five, two, [[[2, 3, 4, 0, 1]]])  # r → r², of order 4
    with pytest.raises(BadInput, match="outside that group"):
        semidirect_product(five, two, [[[1, 0, 2, 3, 4]]])
    with pytest.raises(BadInput, match="the images of the 1 generators"):
        semidirect_product(five, two, [])


def test_wreath_products_act_on_sets_of_sets() -> None:
    group = wreath_product(symmetric(3), symmetric(4))
    assert group.order() == factorial(3) ** 4 * factorial(4)
    assert intertwiner_dimension(group.natural(), group.natural()) == 3
    sets = group.pullback(0, symmetric(4).natural())
    assert check_homomorphism(sets, "test") is Verdict.PROVED
    assert intertwiner_dimension(sets, group.natural()) == 2
    two_orbits = wreath_product(cyclic_group(2), PermutationGroup([[1, 0, 2]]))
    assert two_orbits.order() == 2**3 * 2


@settings(deadline=None, derandomize=True, max_examples=12)
@given(st.integers(3, 8), st.integers(0, 4), st.integers(0, 4))
def test_induction_and_restriction_are_adjoint(n: int, j: int, k: int) -> None:
    """Frobenius: dim Hom_G(Ind W, V) = dim Hom_H(W, Res V)."""
    group = dihedral_group(n)
    rotation = group.permutations[:1]
    v = dihedral_irreducible(n, j % (n // 2 + 1))
    restricted = restriction(v, rotation)
    assert check_homomorphism(restricted, "test") is Verdict.PROVED
    subgroup = PermutationGroup(rotation)
    source = cyclic_irreducible(n, k % (n // 2 + 1))
    w = source.pullback(subgroup, [(0,)])
    induced = induction(w, group)
    assert induced.dimension == 2 * w.dimension
    assert check_homomorphism(induced, "test") is Verdict.PROVED
    assert check_orthogonality(induced, "test") is Verdict.PROVED
    assert intertwiner_dimension(induced, v) == intertwiner_dimension(w, restricted)
    assert induction(subgroup.trivial(), group).dimension == 2


def test_restriction_to_what_is_no_subgroup_is_refused() -> None:
    with pytest.raises(BadInput, match="is no element of the group of order 10"):
        restriction(dihedral_irreducible(5, 1), [[1, 0, 2, 3, 4]])
    with pytest.raises(BadInput, match="is no element of the group of order 10"):
        induction(PermutationGroup([[1, 0, 2, 3, 4]]).natural(), dihedral_group(5))
    with pytest.raises(BadInput, match="finite groups; this one is infinite"):
        restriction(special_orthogonal(3).natural(), [[0]])


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6])
def test_class_sizes_add_up_by_cycle_types_and_by_enumeration_alike(n: int) -> None:
    group = symmetric(n) if n > 1 else PermutationGroup([[0]])
    sizes = sorted(size for *_, size in conjugacy_classes(group))
    assert sum(sizes) == group.order() == factorial(n)
    padded = PermutationGroup([[*images, n] for images in group.permutations])  # one more fixed point: enumerated
    assert sorted(size for *_, size in conjugacy_classes(padded)) == sizes


LIE_GROUPS = [special_orthogonal(2), special_orthogonal(3), orthogonal(2), orthogonal(3), lorentz(), special_unitary_2(), symplectic(2)]


@pytest.mark.parametrize("group", LIE_GROUPS, ids=lambda group: " ".join(group.generator_names + group.lie_names)[:30])
def test_constructions_over_a_lie_group_are_proved_to_be_representations(group: LieGroup) -> None:
    natural = group.natural()
    for space in (natural, natural * natural, natural + natural.dual(), group.trivial(), natural.dual()):
        assert check_homomorphism(space, "test") is Verdict.PROVED


@pytest.mark.parametrize("degree", [0, 1, 2, 3, 4])
def test_spherical_harmonics_are_orthogonal_representations_of_so3_in_the_orthonormal_basis_alone(degree: int) -> None:
    space = rotation_irreducible(degree)
    assert space.dimension == 2 * degree + 1
    assert check_homomorphism(space, "test") is check_orthogonality(space, "test") is Verdict.PROVED
    scaled = rotation_irreducible(degree, orthonormal=False)
    assert check_homomorphism(scaled, "test") is Verdict.PROVED
    assert intertwiner_dimension(space, scaled) == 1
    if degree >= 2:
        with pytest.raises(NotOrthogonal, match=r"along exp\(t·R"):
            check_orthogonality(scaled, "test")


def test_half_a_turn_is_no_representation_of_the_rotations_of_the_plane() -> None:
    group = special_orthogonal(2)
    for numerator, holds in ((Fraction(1, 2), False), (3, True), (sympy.sqrt(2), False)):
        space = group.representation([], [[[0, -numerator], [numerator, 0]]])
        if holds:
            assert check_homomorphism(space, "test") is Verdict.PROVED
        else:
            with pytest.raises(NotAHomomorphism, match=r"exp\(2πT\) is the identity of the group for T = 1·R01, and ρ"):
                check_homomorphism(space, "test")
    nilpotent = group.representation([], [[[0, 1], [0, 0]]])
    with pytest.raises(NotAHomomorphism):
        check_homomorphism(nilpotent, "test")


def test_spinors_represent_su2_and_not_so3_though_the_brackets_agree() -> None:
    spinors = special_unitary_2()
    assert check_homomorphism(spinors.natural(), "test") is Verdict.PROVED
    i, j, k = (matrix.rows for matrix in spinors.natural().derivatives)
    minus_j = [[-entry for entry in row] for row in j]
    with pytest.raises(NotAHomomorphism, match=r"exp\(2πT\) is the identity of the group for T = 1·R01"):
        check_homomorphism(special_orthogonal(3).representation([], [k, minus_j, i]), "test")
    with pytest.raises(NotAHomomorphism, match=r"\[R01, R02\]"):
        check_homomorphism(special_orthogonal(3).representation([], [k, j, i]), "test")


def test_a_broken_bracket_and_a_reflection_that_does_not_reflect_are_refuted() -> None:
    group = special_orthogonal(3)
    rows = [matrix.rows for matrix in group.natural().derivatives]
    with pytest.raises(NotAHomomorphism, match=r"\[R01, R02\] = .* in the Lie algebra, and its image is another matrix"):
        check_homomorphism(group.representation([], [rows[0], rows[0], rows[2]]), "test")
    plane = orthogonal(2)
    with pytest.raises(NotAHomomorphism, match=r"ρ\(s\) does not move the image of R01"):
        check_homomorphism(plane.representation([[[1, 0], [0, 1]]], [[[0, -1], [1, 0]]]), "test")
    with pytest.raises(NotAHomomorphism, match=r"relator s\*\*2"):
        check_homomorphism(plane.representation([[[2, 0], [0, -2]]], [[[0, -1], [1, 0]]]), "test")


def test_a_lie_group_that_does_not_know_its_loops_leaves_given_matrices_undecided() -> None:
    turn = LieGroup([QUARTER])
    assert check_homomorphism(turn.natural(), "test") is Verdict.PROVED
    assert check_homomorphism(turn.natural() ** 2, "test") is Verdict.UNDECIDED
    assert check_homomorphism(LieGroup([QUARTER], loops=[[1]]).natural() ** 2, "test") is Verdict.PROVED


def test_a_discrete_generator_inside_the_connected_component_is_not_trusted() -> None:
    """-1 is a rotation by π: frequency 1 with ρ(-1) = 1 satisfies every relation tried, and represents nothing."""
    group = LieGroup([QUARTER], [[[-1, 0], [0, -1]]], loops=[[1]])
    assert check_homomorphism(group.representation([[[1, 0], [0, 1]]], [QUARTER]), "test") is Verdict.UNDECIDED
    assert check_homomorphism(group.natural(), "test") is Verdict.PROVED
    mirrored = LieGroup([QUARTER], [[[1, 0], [0, -1]]], loops=[[1]])
    assert check_homomorphism(mirrored.natural() ** 2, "test") is Verdict.PROVED


def test_a_lie_algebra_that_is_not_closed_or_dependent_is_refused() -> None:
    rows = [matrix.rows for matrix in special_orthogonal(3).natural().derivatives]
    with pytest.raises(BadInput, match="lies outside the span"):
        check_homomorphism(LieGroup(rows[:2], loops=[]).natural(), "test")
    with pytest.raises(BadInput, match="is not the identity, so it is no loop"):
        check_homomorphism(LieGroup([QUARTER], loops=[[Fraction(1, 2)]]).natural(), "test")
    with pytest.raises(InfiniteGroup):
        special_orthogonal(2).order()
    with pytest.raises(BadInput, match="finite groups only"):
        character_inner_product(special_orthogonal(2).natural(), special_orthogonal(2).natural())
    with pytest.raises(OutOfRange):
        symplectic(0)


def test_the_lorentz_group_preserves_no_euclidean_norm() -> None:
    with pytest.raises(NotOrthogonal, match=r"along exp\(t·K01\) the squared length of x = \(1, 1, 0, 0\) changes at the rate 4"):
        check_orthogonality(lorentz().natural(), "test")


def test_a_character_of_what_is_no_representation_is_refused() -> None:
    group = cyclic_group(3)
    false = MatrixRepresentation(group, (ExactMatrix.of([[2]]),))
    with pytest.raises(BadInput, match="break a relation"):
        character_inner_product(false, false)
