"""How many vectors it takes in practice: over independent keys, the least n for which a subset of the first n is near the target.

The vectors are those of a ticket: |u|·v for grid-normal u and v ∈ ℝ^D, the target z = (1, ..., 1), the corner of [-1, 1]^D of which
companion.vector_counting speaks. The exact solver returns the smallest mask within the tolerance, so its highest bit is the least n: one
search decides every n at once. Where that is out of reach, merged lists give a number of vectors that sufficed, not the least.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int64

from numerics.random_weights import Key
from numerics.structured.merging import near_subset
from numerics.structured.weights import FIRST, PRODUCT_BITS, SECOND, normal_weights
from numerics.subset_sum import solve_vector_subset_sums
from numerics.subset_sum.statistics import clopper_pearson
from theory.errors import OutOfRange

STEPS = (12, 16, 20, 24, 28, 32, 34, 36, 38, 40, 42, 44, 46, 48)
BATCH = 64
NEVER = 1 << 30
ATTEMPTS = 4


@dataclass(frozen=True)
class Success:
    """One cell: in `trials` keys `successes` held a subset of `samples` vectors within `epsilon`; 95 % Clopper-Pearson bounds.

    `method` "exact": n is the least whose frequency is at least 99 %, and `before` counts the successes at n - 1. "merging": n sufficed
    for the merged lists, fewer may do. `samples` is None where the largest n tried was not enough; the counts are then those at that n.
    """

    dimension: int
    epsilon: float
    method: str
    samples: int | None
    largest: int
    trials: int
    successes: int
    lower: float
    upper: float
    before: int | None
    median: float | None


def vectors(dimension: int, trial: int, count: int) -> Int64[np.ndarray, "n d"]:
    """The first `count` vectors |u|·v of key number `trial`, in units of 2⁻²⁴; more of them begin with the same ones."""
    u = normal_weights(Key(trial), dimension, FIRST, 0, count)
    v = normal_weights(Key(trial), dimension, SECOND, 0, count * dimension).reshape(count, dimension)
    return np.abs(u)[:, None] * v


def hitting_times(
    dimension: int, epsilon: float, trials: int, most: int, progress: Callable[[int, int], None] | None = None
) -> Int64[np.ndarray, " t"]:
    """For each key below `trials` the least n ≤ `most` for which a subset of n vectors is within ε, `NEVER` if there is none; exact."""
    tolerance = int(epsilon * 2**PRODUCT_BITS)
    times, open_ = np.full(trials, NEVER, dtype=np.int64), np.arange(trials)
    for n in [step for step in STEPS if step < most] + [most]:
        left = []
        for start in range(0, len(open_), BATCH):
            keys = open_[start : start + BATCH]
            samples = np.stack([vectors(dimension, int(key), n) for key in keys])
            targets = np.full((len(keys), dimension), 1 << PRODUCT_BITS, dtype=np.int64)
            answer = solve_vector_subset_sums(samples, targets, objective="within", tolerance=tolerance)
            for key, mask, residual in zip(keys, answer.masks, answer.residuals, strict=True):
                if np.abs(residual).max() <= tolerance:
                    times[key] = np.flatnonzero(mask)[-1] + 1
                else:
                    left.append(int(key))
            if progress is not None:
                progress(n, len(left))
        open_ = np.array(left, dtype=np.int64)
        if not len(open_):
            break
    return times


def exact_cell(dimension: int, epsilon: float, trials: int, most: int) -> Success:
    """The least n with success in at least 99 % of the keys, among n ≤ `most`."""
    times = hitting_times(dimension, epsilon, trials, most)
    counts = [int(np.count_nonzero(times <= n)) for n in range(most + 1)]
    found = next((n for n, count in enumerate(counts) if 100 * count >= 99 * trials), None)
    at = most if found is None else found
    low, high = clopper_pearson(trials - counts[at], trials)
    median = float(np.median(times)) if np.median(times) < NEVER else None
    before = counts[found - 1] if found else None
    return Success(dimension, epsilon, "exact", found, most, trials, counts[at], 1 - high, 1 - low, before, median)


def merged_cell(dimension: int, epsilon: float, trials: int, list_bits: int, most_lists: int) -> Success:
    """The fewest lists, a power of two, with which merging succeeds (four attempts) in at least 99 % of the keys.

    The vectors number a sixteenth more than fill the lists: the longest are left out.
    """
    if trials < 1 or most_lists < 2:
        raise OutOfRange(f"{trials} trials, {most_lists} lists: at least one trial and two lists were expected.")
    tolerance, lists = int(epsilon * 2**PRODUCT_BITS), 2
    target = np.full(dimension, 1 << PRODUCT_BITS, dtype=np.int64)
    while True:
        n, successes = lists * list_bits * 17 // 16, 0
        for trial in range(trials):
            residual = near_subset(vectors(dimension, trial, n), target, tolerance=tolerance, attempts=ATTEMPTS, list_bits=list_bits)[1]
            successes += int(np.abs(residual).max() <= tolerance)
            if 100 * (trial + 1 - successes) > trials and 2 * lists <= most_lists:
                break
        else:
            held = 100 * successes >= 99 * trials
            low, high = clopper_pearson(trials - successes, trials)
            return Success(dimension, epsilon, "merging", n if held else None, n, trials, successes, 1 - high, 1 - low, None, None)
        lists *= 2
