"""Every declaration is attacked: homomorphism, orthogonality, nonlinearity, basis size three ways, basis norm, source."""

from fractions import Fraction

import numpy as np
import pytest

from checks.evidence import Recorder
from checks.exact_network import moved, relu
from numerics.basis import equivariant_basis
from theory.claims import check_homomorphism, check_nonlinearity, check_orthogonality
from theory.group import ENUMERATION_LIMIT
from theory.instantiation import GroupInstantiation, Instantiation
from theory.intertwiner import character_inner_product, intertwiner_dimension
from theory.representation import PermutationRepresentation
from theory.verdict import Verdict


def test_source_is_in_the_bibliography(declared: GroupInstantiation) -> None:
    declared.source.paper()


def test_every_representation_is_a_homomorphism(declared: GroupInstantiation) -> None:
    for place, space in declared.spaces().items():
        verdict = check_homomorphism(space, f"{declared!r}, {place}")
        if verdict is Verdict.UNDECIDED:
            pytest.skip(
                f"{place}: matrices of a group of order {declared.group().order()}, more than the {ENUMERATION_LIMIT} elements enumerated"
            )


def test_every_generator_preserves_the_norm(declared: GroupInstantiation) -> None:
    for place, space in declared.spaces().items():
        assert check_orthogonality(space, f"{declared!r}, {place}") is Verdict.PROVED


@pytest.mark.statement("companion.equivariant_pruning")
def test_nonlinearity_commutes_with_every_generator(declared: GroupInstantiation, evidence: Recorder) -> None:
    hidden = declared.hidden_representation()
    assert check_nonlinearity(declared.nonlinearity, hidden, repr(declared)) is Verdict.PROVED
    if isinstance(hidden, PermutationRepresentation):
        x = np.array([[Fraction(i * i - 3, 2) for i in range(hidden.dimension)]], dtype=object)
        for images in hidden.images:
            assert (relu(moved(x, images)) == moved(relu(x), images)).all()
    evidence.instances(f"{declared.nonlinearity} on {declared!r}")


def test_basis_size_agrees_with_the_claim_and_the_null_space_or_orbits(declared: GroupInstantiation) -> None:
    declared._verify_basis_size()
    hidden = declared.hidden_representation()
    assert len(equivariant_basis(hidden, hidden)) == intertwiner_dimension(hidden, hidden)


def test_basis_size_agrees_with_the_characters(declared: GroupInstantiation) -> None:
    if declared.group().order() > ENUMERATION_LIMIT:
        pytest.skip(f"the group has {declared.group().order()} elements; the character sum enumerates at most {ENUMERATION_LIMIT}")
    for first in declared.spaces().values():
        for second in declared.spaces().values():
            assert character_inner_product(first, second) == intertwiner_dimension(first, second)


@pytest.mark.statement("companion.orbit_basis")
def test_every_basis_operator_is_equivariant(declared: GroupInstantiation, evidence: Recorder) -> None:
    hidden = declared.hidden_representation()
    operators = equivariant_basis(hidden, hidden)
    dense = operators.dense()
    assert np.linalg.matrix_rank(dense.reshape(len(operators), -1)) == len(operators)
    for generator in range(len(hidden.group.permutations)):
        g = np.array([[float(entry) for entry in row] for row in hidden.rows(generator)])
        np.testing.assert_allclose(g @ dense, dense @ g, atol=1e-12)
    evidence.instances(f"{declared!r}: {len(operators)} independent intertwiners")


def test_basis_norm_is_bracketed_and_at_most_the_claim(declared: GroupInstantiation) -> None:
    hidden = declared.hidden_representation()
    if not isinstance(hidden, PermutationRepresentation):
        pytest.skip("|||B||| of a basis of general matrices depends on its normalisation; it is bracketed for permutation representations")
    declared._verify_basis_norm()
    basis = equivariant_basis(hidden, hidden)
    lower, upper = basis.norm()
    attained = np.linalg.norm(basis.dense().sum(axis=0), 2)
    assert float(lower) <= attained * (1 + 1e-12)
    assert attained <= float(upper) * (1 + 1e-12)
    signs = np.random.default_rng(0).choice([-1.0, 1.0], size=(64, len(basis)))
    for sign in signs:
        assert np.linalg.norm(np.tensordot(sign, basis.dense(), axes=1), 2) <= float(upper) * (1 + 1e-12)


def test_every_claim_about_operators_without_a_group_is_proved(operators: Instantiation) -> None:
    assert set(operators.verify().values()) == {Verdict.PROVED}
    assert operators.true_basis_size() == operators.basis_size
