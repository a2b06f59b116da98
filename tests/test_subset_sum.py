"""The engine's answers are the best subsets there are, found again by trying them all."""

import numpy as np
import pytest
from numpy.random import Generator, Philox

from numerics.subset_sum import SubsetSumError, solve_subset_sums


def every_sum(samples):
    """Subset sums indexed by mask, in Python integers."""
    sums = [0]
    for value in samples:
        sums += [s + int(value) for s in sums]
    return sums


def expected_mask(samples, target, tolerance=None):
    residuals = [abs(s - int(target)) for s in every_sum(samples)]
    if tolerance is not None and min(residuals) <= tolerance:
        return next(m for m, r in enumerate(residuals) if r <= tolerance)
    return residuals.index(min(residuals))


FAMILIES = {
    "uniform": lambda rng, n: rng.integers(-(2**23), 2**23, n),
    "product": lambda rng, n: rng.integers(-(2**23), 2**23, n) * rng.integers(-(2**23), 2**23, n),
    "tiny range, many ties": lambda rng, n: rng.integers(-3, 4, n),
    "all equal": lambda rng, n: np.full(n, 5),
    "all zero": lambda rng, n: np.zeros(n, np.int64),
    "powers of two": lambda rng, n: 2 ** np.arange(n),
    "all positive": lambda rng, n: rng.integers(1, 2**23, n),
    "duplicates": lambda rng, n: np.resize(rng.integers(-(2**23), 2**23, n // 2 + 1), n),
}


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("n", range(17))
def test_best_and_within_are_what_trying_every_subset_finds(family, n):
    rng = Generator(Philox(key=n))
    samples = np.stack([FAMILIES[family](rng, n) for _ in range(4)]).astype(np.int64)
    reach = np.abs(samples).sum(axis=1) + 2
    targets = np.stack([rng.integers(-reach, reach) for _ in range(3)] + [reach, -reach, samples.sum(axis=1)], axis=1)
    for tolerance in (None, 0, int(reach.max() // 50), int(reach.max())):
        objective = "best" if tolerance is None else "within"
        masks, residuals = solve_subset_sums(samples, targets, objective=objective, tolerance=tolerance)
        for row in range(len(samples)):
            sums = every_sum(samples[row])
            for t, target in enumerate(targets[row]):
                mask = sum(1 << i for i in range(n) if masks[row, t, i])
                assert mask == expected_mask(samples[row], target, tolerance)
                assert residuals[row, t] == sums[mask] - target


@pytest.mark.parametrize(
    ("samples", "targets", "options"),
    [
        (np.zeros((2, 3)), np.zeros(2, np.int64), {}),
        (np.zeros((2, 3), np.int64), np.zeros(3, np.int64), {}),
        (np.zeros((2, 61), np.int64), np.zeros(2, np.int64), {}),
        (np.zeros((2, 3), np.int64), np.zeros(2, np.int64), {"objective": "worst"}),
        (np.zeros((2, 3), np.int64), np.zeros(2, np.int64), {"objective": "within"}),
        (np.zeros((2, 3), np.int64), np.zeros(2, np.int64), {"tolerance": 1}),
        (np.full((2, 8), 2**60), np.zeros(2, np.int64), {}),
    ],
)
def test_wrong_input_is_refused_with_a_message(samples, targets, options):
    with pytest.raises(SubsetSumError, match="solve_subset_sums"):
        solve_subset_sums(samples, targets, **options)
