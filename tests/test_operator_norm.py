"""The rigorous spectral norm: never below the true one, hardly above it, the same however it is computed."""

from fractions import Fraction

import numpy as np
import pytest
from flint import fmpz_mat
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.recheck.norms import operator_norm as rechecked_norm
from numerics.basis import equivariant_basis
from numerics.operator_norm import _symmetric_norm_dense, orbit_operator_norm, spectral_norm_bounds, sqrt_down, sqrt_up
from theory.instantiation import GroupInstantiation
from theory.instantiations.dihedral import Dihedral
from theory.instantiations.sets import Sets
from theory.instantiations.translation import Translation
from theory.representation import PermutationRepresentation

GROUPS = [Translation(4), Dihedral(5), Sets(4)]


@settings(deadline=None, derandomize=True)
@given(st.fractions(0, 10**9, max_denominator=10**12))
def test_square_roots_are_rounded_outwards_to_multiples_of_two_to_the_minus_64(value: Fraction) -> None:
    low, high = sqrt_down(value), sqrt_up(value)
    assert low**2 <= value <= high**2
    assert high - low <= Fraction(1, 2**64)
    assert (high * 2**64).denominator == 1


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 2**32), st.sampled_from([1, 10**3, 10**12, 10**30]))
def test_a_dense_norm_is_bracketed_tightly(rows: int, columns: int, seed: int, size: int) -> None:
    generator = np.random.default_rng(seed)
    matrix = np.array([[int(value * size) for value in row] for row in generator.uniform(-1, 1, (rows, columns))], dtype=object)
    low, high = spectral_norm_bounds(matrix)
    true = np.linalg.norm(matrix.astype(np.float64), 2)
    assert float(low) <= true * (1 + 1e-9) + 1e-12
    assert true <= float(high) * (1 + 1e-9) + 1e-12
    assert low <= high <= low * Fraction(102, 100) or size == 1


def blocks_of(shape: tuple[int, int, int], seed: int, bits: int) -> np.ndarray:
    generator = np.random.default_rng(seed)
    return np.array(generator.integers(-(2**bits), 2**bits, shape), dtype=object)


@pytest.mark.parametrize("declared", GROUPS, ids=repr)
@pytest.mark.parametrize("bits", [3, 40, 62])
def test_the_norm_in_the_orbit_algebra_is_that_of_the_matrix_and_of_the_rechecker(declared: GroupInstantiation, bits: int) -> None:
    space = declared.representation()
    assert isinstance(space, PermutationRepresentation)
    labels = equivariant_basis(space, space).labels
    assert labels is not None
    parts = [blocks_of((2, 3, int(labels.max()) + 1), seed, bits) for seed in (0, 1)]
    blocks = [[fmpz_mat(part[:, :, k].tolist()) for k in range(part.shape[2])] for part in parts]
    found = orbit_operator_norm(blocks, labels, labels, 7)

    expanded = [part[:, :, labels].transpose(0, 2, 1, 3).reshape(2 * len(labels), 3 * len(labels)) for part in parts]
    full = np.concatenate(expanded, axis=1)
    integers = fmpz_mat(full.tolist())
    assert found <= sqrt_up(_symmetric_norm_dense(integers * integers.transpose()) / 2**14)
    assert found == rechecked_norm(
        [[part[:, :, k].tolist() for k in range(part.shape[2])] for part in parts], labels.tolist(), labels.tolist(), 7, 8
    )
    true = np.linalg.norm(full.astype(np.float64), 2) / 2**7
    assert true * (1 - 1e-12) <= float(found) <= 1.02 * true
    unsquared = orbit_operator_norm(blocks, labels, labels, 7, squarings=0)
    assert found * (1 - Fraction(1, 10**9)) <= unsquared
    assert true * (1 - 1e-12) <= float(unsquared) <= len(full) ** 0.25 * true * (1 + 1e-9)


def test_the_zero_operator_has_norm_zero() -> None:
    assert spectral_norm_bounds(np.zeros((3, 2), dtype=object)) == (0, 0)


def test_without_the_allowance_for_rounding_the_bound_would_be_false(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: with two working bits and no allowance, rounding down loses more than the Frobenius norm gives."""
    import numerics.operator_norm as module

    monkeypatch.setattr(module, "WORKING_BITS", 2)
    matrix = np.array([[27]], dtype=object)
    assert spectral_norm_bounds(matrix)[1] >= 27
    original = module._symmetric_norm

    monkeypatch.setattr(module, "_symmetric_norm", lambda blocks, orbits, _, squarings: original(blocks, orbits, 0, squarings))
    assert spectral_norm_bounds(matrix)[1] < 27
