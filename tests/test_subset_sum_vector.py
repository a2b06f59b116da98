"""Vector subset sums are nearest in the sup norm, found again by trying every subset."""

from itertools import combinations

import numpy as np
import pytest
from numpy.random import Generator, Philox

from numerics.subset_sum import SubsetSumError, solve_vector_subset_sums


def expected_mask(samples, target, tolerance):
    sums = np.zeros((1, samples.shape[1]), np.int64)
    for vector in samples:
        sums = np.concatenate([sums, sums + vector])
    norms = np.abs(sums - target).max(axis=1)
    if tolerance is not None and norms.min() <= tolerance:
        return int(np.flatnonzero(norms <= tolerance)[0])
    return int(norms.argmin())


@pytest.mark.parametrize("d", [1, 2, 3, 5, 9])
@pytest.mark.parametrize("n", [0, 1, 2, 7, 10, 14])
@pytest.mark.parametrize("bound", [2, 2**23, 2**54])
def test_masks_are_what_trying_every_subset_finds(n, d, bound):
    rng = Generator(Philox(key=100 * n + d))
    samples = rng.integers(-bound, bound + 1, (4, n, d))
    targets = rng.integers(-bound, bound + 1, (4, d))
    targets[-1] = samples[-1].sum(axis=0) if bound < 2**50 else 0
    for tolerance in (None, 0, bound // 8):
        objective = "best" if tolerance is None else "within"
        masks, residuals = solve_vector_subset_sums(samples, targets, objective=objective, tolerance=tolerance)
        for row in range(4):
            mask = sum(1 << i for i in range(n) if masks[row, i])
            assert mask == expected_mask(samples[row], targets[row], tolerance)
            chosen = [sum(int(samples[row, i, k]) for i in range(n) if masks[row, i]) for k in range(d)]
            assert residuals[row].tolist() == [s - int(w) for s, w in zip(chosen, targets[row], strict=True)]


@pytest.mark.parametrize("d", [1, 3, 9])
def test_with_only_a_row_has_the_smallest_mask_within_the_tolerance_or_the_empty_one(d):
    rng = Generator(Philox(key=d))
    samples, targets = rng.integers(-(2**20), 2**20, (40, 12, d)), rng.integers(-(2**20), 2**20, (40, d))
    tolerance = int(np.median(np.abs(solve_vector_subset_sums(samples, targets).residuals).max(axis=1)))
    full = solve_vector_subset_sums(samples, targets, objective="within", tolerance=tolerance)
    masks, residuals = solve_vector_subset_sums(samples, targets, objective="within", tolerance=tolerance, only=True)
    near = np.abs(full.residuals).max(axis=1) <= tolerance
    assert 0 < near.sum() < 40
    assert (masks == full.masks & near[:, None]).all()
    assert (residuals[~near] == -targets[~near]).all()


@pytest.mark.parametrize("d", [1, 2, 5, 9])
@pytest.mark.parametrize("n", [1, 2, 7, 13])
@pytest.mark.parametrize("bound", [2, 2**23, 2**54])
def test_of_the_subsets_of_one_size_the_nearest_is_found(n, d, bound):
    """Every subset of that size is tried; a subset of another size is nearer for some size, or the size would not matter."""
    rng = Generator(Philox(key=1000 * n + d))
    samples, targets = rng.integers(-bound, bound + 1, (2, n, d)), rng.integers(-bound, bound + 1, (2, d))
    free = np.abs(solve_vector_subset_sums(samples, targets).residuals).max(axis=1)
    worse = False
    for size in range(n + 1):
        masks, residuals = solve_vector_subset_sums(samples, targets, objective=("size", size))
        assert (masks.sum(axis=1) == size).all()
        for row in range(2):
            found = [sum(1 << i for i in chosen) for chosen in combinations(range(n), size)]
            norms = {m: np.abs(samples[row, [i for i in range(n) if m >> i & 1]].sum(axis=0) - targets[row]).max() for m in found}
            least = min(norms.values())
            mask = sum(1 << i for i in range(n) if masks[row, i])
            assert mask == min(m for m, norm in norms.items() if norm == least)
            assert np.abs(residuals[row]).max() == least
            worse = worse or bool(least > free[row])
    assert worse


def test_subsets_of_one_size_are_found_in_whole_searches_too():
    """n = 26 at d = 3: the nearest of all subsets is the nearest of its own size, and no other size comes nearer."""
    rng = Generator(Philox(key=26))
    samples, targets = rng.integers(-(2**23), 2**23 + 1, (4, 26, 3)), rng.integers(-(2**23), 2**23 + 1, (4, 3))
    free = solve_vector_subset_sums(samples, targets)
    of_size = {k: solve_vector_subset_sums(samples, targets, objective=("size", k)) for k in range(27)}
    for row in range(4):
        own = int(free.masks[row].sum())
        assert (of_size[own].masks[row] == free.masks[row]).all()
        assert min(int(np.abs(answer.residuals[row]).max()) for answer in of_size.values()) == np.abs(free.residuals[row]).max()


@pytest.mark.parametrize("size", [-1, 4, True])
def test_a_size_that_no_subset_has_is_refused(size):
    with pytest.raises(SubsetSumError, match="size"):
        solve_vector_subset_sums(np.zeros((1, 3, 2), np.int64), np.zeros((1, 2), np.int64), objective=("size", size))


def test_equal_vectors_and_zero_vectors_have_the_smallest_mask():
    samples = np.ones((1, 16, 2), np.int64)
    assert solve_vector_subset_sums(samples, np.array([[3, 3]])).masks[0].tolist() == [True] * 3 + [False] * 13
    assert not solve_vector_subset_sums(0 * samples, np.array([[3, 3]])).masks.any()


@pytest.mark.parametrize(
    ("shape", "targets", "options"),
    [
        ((2, 3), (2, 3), {}),
        ((2, 3, 10), (2, 10), {}),
        ((2, 53, 2), (2, 2), {}),
        ((2, 3, 2), (2, 3), {}),
        ((2, 3, 2), (2, 2), {"objective": "sparsest", "tolerance": 1}),
        ((2, 3, 2), (2, 2), {"only": True}),
    ],
)
def test_wrong_input_is_refused_with_a_message(shape, targets, options):
    with pytest.raises(SubsetSumError, match="solve_vector_subset_sums"):
        solve_vector_subset_sums(np.zeros(shape, np.int64), np.zeros(targets, np.int64), **options)


def test_numbers_outside_the_exact_range_are_refused():
    with pytest.raises(SubsetSumError, match="coarser grid"):
        solve_vector_subset_sums(np.full((1, 2, 2), 2**55), np.zeros((1, 2), np.int64))
