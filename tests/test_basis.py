"""Equivariant bases: complete, exact, with the identity found and the norm bracketed."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.recheck.symmetry import orbits
from checks.strategies import generating_permutations
from numerics.basis import equivariant_basis
from theory.errors import DifferentGroups
from theory.group import PermutationGroup
from theory.intertwiner import character_inner_product, intertwiner_null_space, orbit_labels
from theory.representation import PermutationRepresentation


@settings(deadline=None, derandomize=True, max_examples=60)
@given(generating_permutations(most=5))
def test_three_orbit_algorithms_number_the_pairs_alike_and_agree_with_characters_and_null_space(generators: list[list[int]]) -> None:
    group = PermutationGroup(generators)
    natural = group.natural()
    assert isinstance(natural, PermutationRepresentation)
    for domain, codomain in ((natural, natural), (natural, natural * natural)):
        assert isinstance(domain, PermutationRepresentation)
        assert isinstance(codomain, PermutationRepresentation)
        basis = equivariant_basis(domain, codomain)
        assert basis.labels is not None
        assert basis.labels.ravel().tolist() == orbit_labels(domain, codomain)
        assert basis.labels.tolist() == orbits([list(g) for g in codomain.images], [list(g) for g in domain.images])
        assert len(basis) == character_inner_product(domain, codomain)
    assert len(equivariant_basis(natural, natural)) == intertwiner_null_space(natural, natural).dimension


@settings(deadline=None, derandomize=True, max_examples=40)
@given(generating_permutations(most=5), st.integers(0, 2**32))
def test_every_combination_of_operators_commutes_and_the_norm_bounds_it(generators: list[list[int]], seed: int) -> None:
    group = PermutationGroup(generators)
    space = group.natural()
    basis = equivariant_basis(space, space)
    weights = np.random.default_rng(seed).uniform(-1, 1, len(basis))
    operator = np.tensordot(weights, basis.dense(), axes=1)
    for generator in range(len(group.permutations)):
        g = np.array(space.rows(generator)).astype(np.float64)
        np.testing.assert_allclose(g @ operator, operator @ g, atol=1e-12)
    low, high = basis.norm()
    assert low <= high
    assert np.linalg.norm(operator, 2) <= float(high) * (1 + 1e-12)
    assert np.linalg.norm(basis.dense().sum(axis=0), 2) >= float(low) * (1 - 1e-12)


def test_a_basis_of_matrices_is_exact_and_its_norm_is_found_among_all_signs() -> None:
    rotation = PermutationGroup([[1, 2, 3, 0]]).representation([[[0, -1], [1, 0]]])
    basis = equivariant_basis(rotation, rotation)
    assert len(basis) == 2
    assert all(isinstance(entry, Fraction) for matrix in basis.exact for row in matrix for entry in row)
    low, high = basis.norm()
    # The intertwiners are a·1 + b·J with |a|, |b| ≤ 1 up to the choice of basis; at a = b = 1 the norm is √2.
    assert float(low) == pytest.approx(2**0.5, rel=1e-6)
    assert float(high) == pytest.approx(2**0.5, rel=1e-2)


def test_the_identity_is_found_for_transitive_groups_and_not_for_others() -> None:
    cycle = PermutationGroup([[1, 2, 0]]).natural()
    fixed = PermutationGroup([[1, 0, 2]]).natural()
    assert equivariant_basis(cycle, cycle).identity == 0
    assert equivariant_basis(fixed, fixed).identity is None
    assert equivariant_basis(cycle, cycle + cycle).identity is None


def test_spaces_of_two_groups_have_no_common_basis() -> None:
    cyclic, symmetric = PermutationGroup([[1, 2, 3, 0]]), PermutationGroup([[1, 2, 3, 0], [1, 0, 2, 3]])
    assert len(equivariant_basis(cyclic.natural(), cyclic.natural())) == 4
    assert len(equivariant_basis(symmetric.natural(), symmetric.natural())) == 2
    with pytest.raises(DifferentGroups):
        equivariant_basis(cyclic.natural(), symmetric.natural())
