"""Every declaration is attacked: homomorphism, orthogonality, nonlinearity, basis size three ways, basis norm, source."""

from fractions import Fraction

import numpy as np
import pytest

from checks.evidence import Recorder
from checks.exact_network import moved, relu
from numerics.basis import Basis, equivariant_basis
from numerics.declared import hidden_architecture
from numerics.exact_basis import dense_operators
from theory.bases import check_basis
from theory.claims import check_homomorphism, check_orthogonality
from theory.equivariance import check_nonlinearity, properties
from theory.errors import InfiniteGroup, NotAlgebraic, TooLarge
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
                f"{place}: the entries are not seen to be algebraic, or the group does not say which loops its fundamental group has"
            )


def test_every_generator_preserves_the_norm(declared: GroupInstantiation) -> None:
    for place, space in declared.spaces().items():
        assert check_orthogonality(space, f"{declared!r}, {place}") is Verdict.PROVED


@pytest.mark.statement("companion.equivariant_pruning")
def test_nonlinearity_commutes_with_every_generator(declared: GroupInstantiation, evidence: Recorder) -> None:
    hidden = declared.hidden_representation()
    verdict = check_nonlinearity(declared.nonlinearity, hidden, repr(declared))
    if verdict is Verdict.UNDECIDED:
        pytest.skip(f"{declared.nonlinearity}: neither of the kind proved to commute nor refuted at a small vector")
    if isinstance(hidden, PermutationRepresentation) and declared.nonlinearity == "relu":
        x = np.array([[Fraction(i * i - 3, 2) for i in range(hidden.dimension)]], dtype=object)
        for images in hidden.images:
            assert (relu(moved(x, images)) == moved(relu(x), images)).all()
    evidence.instances(f"{declared.nonlinearity} on {declared!r}")


def test_nonlinearity_has_what_lemma_a4_needs(declared: GroupInstantiation) -> None:
    """A property that fails is a fact about the declaration, reported by `verify`; the check skips with its counterexample."""
    hidden = declared.hidden_representation()
    failing = [known for known in properties(declared.nonlinearity, hidden, repr(declared)) if known.verdict is not Verdict.PROVED]
    if failing:
        pytest.skip(f"Lemma A4 does not apply to {declared.nonlinearity}: {'; '.join(map(str, failing))}")


def basis_or_skip(declared: GroupInstantiation) -> Basis:
    """The basis between hidden spaces, if the entries allow an exact one."""
    hidden = declared.hidden_representation()
    try:
        return equivariant_basis(hidden, hidden)
    except NotAlgebraic as error:
        pytest.skip(f"no exact basis: {error}")


def test_basis_size_agrees_with_the_claim_and_the_null_space_or_orbits(declared: GroupInstantiation) -> None:
    declared._verify_basis_size()
    hidden = declared.hidden_representation()
    assert len(basis_or_skip(declared)) == intertwiner_dimension(hidden, hidden)


def test_basis_size_agrees_with_the_characters(declared: GroupInstantiation) -> None:
    for first in declared.spaces().values():
        for second in declared.spaces().values():
            try:
                characters = character_inner_product(first, second)
            except (InfiniteGroup, NotAlgebraic, TooLarge) as error:
                pytest.skip(f"not counted: {error}")
            assert characters == intertwiner_dimension(first, second)


def test_an_own_basis_has_the_span_of_the_intertwiners_exactly(declared: GroupInstantiation) -> None:
    operators = declared.basis_operators()
    if operators is None:
        pytest.skip("the declaration leaves the basis to the orbits or the null space")
    assert check_basis(operators, declared.hidden_representation(), repr(declared)) is Verdict.PROVED


@pytest.mark.statement("companion.orbit_basis")
def test_every_basis_operator_is_equivariant(declared: GroupInstantiation, evidence: Recorder) -> None:
    hidden = declared.hidden_representation()
    operators = basis_or_skip(declared)
    dense = operators.dense()
    assert np.linalg.matrix_rank(dense.reshape(len(operators), -1)) == len(operators)
    for matrix in hidden.matrices + hidden.derivatives:
        g = np.array([[float(entry) for entry in row] for row in matrix.rows])
        np.testing.assert_allclose(g @ dense, dense @ g, atol=1e-11 * max(1.0, float(abs(dense).max(initial=0)) * float(abs(g).max())))
    evidence.instances(f"{declared!r}: {len(operators)} independent intertwiners")


def test_basis_norm_is_bracketed_and_at_most_the_claim(declared: GroupInstantiation) -> None:
    hidden = declared.hidden_representation()
    declared._verify_basis_norm()
    own = declared.basis_operators()
    points = isinstance(hidden, PermutationRepresentation) and own is None
    if own is not None:
        basis = Basis(hidden, hidden, None, dense_operators(own))
    else:
        basis = hidden_architecture(declared, (1, 1)).layers[0].basis if points else basis_or_skip(declared)
    lower, upper = basis.norm()
    closed_below, closed_above = declared.basis_norm_bounds()
    assert float(closed_below) <= float(upper) * (1 + 1e-12)
    assert float(lower) <= float(closed_above) * (1 + 1e-12)
    attained = np.linalg.norm(basis.dense().sum(axis=0), 2)
    assert attained <= float(upper) * (1 + 1e-12)
    if points:
        assert float(lower) <= attained * (1 + 1e-12)
    signs = np.random.default_rng(0).choice([-1.0, 1.0], size=(64, len(basis)))
    for sign in signs:
        assert np.linalg.norm(np.tensordot(sign, basis.dense(), axes=1), 2) <= float(upper) * (1 + 1e-12)


def test_every_claim_about_operators_without_a_group_is_proved(operators: Instantiation) -> None:
    assert set(operators.verify().values()) == {Verdict.PROVED}
    assert operators.true_basis_size() == operators.basis_size
