"""Bases of one's own: partitions, group algebras, and what is refuted."""

import pytest

from theory.bases import check_basis, group_algebra_basis, partition_basis, partitions, rank
from theory.errors import BadInput, BasisMismatch
from theory.exact_matrix import ExactMatrix, combination, identity_matrix
from theory.group import PermutationGroup
from theory.instantiations.sets import Sets
from theory.instantiations.tensors import Tensors
from theory.intertwiner import identity_is_an_orbit, intertwiners
from theory.irreducible import cyclic_group, dihedral_group
from theory.representation import PermutationRepresentation
from theory.verdict import Verdict

QUATERNIONS = PermutationGroup([[1, 2, 3, 0, 5, 6, 7, 4], [4, 7, 6, 5, 2, 1, 0, 3]])


def test_partitions_of_four_things_into_at_most_two_and_four_classes() -> None:
    assert len(list(partitions(4, 2))) == 1 + 7
    assert len(set(partitions(4, 4))) == 15
    assert list(partitions(0, 3)) == [()]


@pytest.mark.parametrize(
    ("n", "k", "m"), [(1, 1, 1), (2, 1, 1), (3, 1, 2), (3, 2, 1), (4, 2, 2), (2, 2, 2), (3, 2, 2), (3, 0, 2), (2, 3, 3)]
)
def test_partitions_span_the_intertwiners_of_tensors(n: int, k: int, m: int) -> None:
    vectors, point = Sets(n).representation(), Sets(n).group().trivial()
    domain, codomain = vectors**k if k else point, vectors**m if m else point
    operators, orbits = partition_basis(n, k, m), intertwiners(domain, codomain)
    assert len(operators) == rank(operators) == len(orbits) == rank([*operators, *orbits])


@pytest.mark.parametrize(("n", "order"), [(2, 2), (3, 2), (4, 2), (5, 2), (2, 3)])
def test_the_identity_is_a_partition_and_no_orbit(n: int, order: int) -> None:
    space = Tensors(n, order).representation()
    assert isinstance(space, PermutationRepresentation)
    assert not identity_is_an_orbit(space)
    assert identity_matrix(n**order) in partition_basis(n, order, order)
    assert Tensors(n, order, "partitions").verify()["basis of the intertwiners"] is Verdict.PROVED


def test_the_norm_in_partitions_is_bracketed_above_that_of_the_orbits() -> None:
    lower, upper = Tensors(3, 2, "partitions").basis_norm_bounds()
    assert 9 < lower <= upper == 38
    assert Tensors(4, 2, "partitions").basis_norm_bounds()[1] == Tensors(4, 2, "partitions").basis_norm == 69
    assert Tensors(3, 2).basis_norm_bounds() == (9, 9)


@pytest.mark.parametrize("group", [cyclic_group(8), dihedral_group(4), QUATERNIONS, Sets(4).group()], ids=["C8", "D4", "Q8", "S4"])
def test_on_the_regular_field_the_orbits_are_the_group_algebra(group: PermutationGroup) -> None:
    regular = group.regular()
    operators = group_algebra_basis(group)
    assert check_basis(operators, regular, "right translations") is Verdict.PROVED
    assert set(operators) == set(intertwiners(regular, regular))
    assert identity_matrix(group.order()) in operators


def test_translations_from_the_left_are_no_basis_where_the_group_does_not_commute() -> None:
    group = dihedral_group(3)
    regular = group.regular()
    left = tuple(regular.matrices) + group_algebra_basis(group)[:4]
    with pytest.raises(BasisMismatch, match="operator 0 does not commute with the generator s"):
        check_basis(left, regular, "left")


def test_dependent_few_and_shifted_operators_are_refuted_each_with_its_reason() -> None:
    space = Sets(3).representation()
    identity, ones = partition_basis(3, 1, 1)[::-1] if partition_basis(3, 1, 1)[0] != identity_matrix(3) else partition_basis(3, 1, 1)
    assert check_basis((identity, ones), space, "x") is Verdict.PROVED
    with pytest.raises(BasisMismatch, match="3 operators span 2 dimensions"):
        check_basis((identity, ones, combination((2, 3), (identity, ones))), space, "x")
    with pytest.raises(BasisMismatch, match="span 1 of the 2 dimensions"):
        check_basis((identity,), space, "x")
    with pytest.raises(BasisMismatch, match="none of the operators is the identity"):
        check_basis((combination((2,), (identity,)), ones), space, "x")
    with pytest.raises(BadInput, match=r"operator 0 has the shape \(2, 2\)"):
        check_basis((identity_matrix(2), ones), space, "x")
    with pytest.raises(BasisMismatch, match="does not commute with the generator"):
        check_basis((identity, ExactMatrix.of([[1, 0, 0], [0, 0, 0], [0, 0, 0]])), space, "x")
