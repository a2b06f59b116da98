"""How many vectors it takes in practice: over independent keys, the least n for which a subset of the first n is near the target.

The vectors are those of a ticket: |u|·v for grid-normal u and v ∈ ℝ^D, the target z = (1, ..., 1), the corner of [-1, 1]^D of which
companion.vector_counting speaks. The exact solver returns the smallest mask within the tolerance, so its highest bit is the least n: one
search decides every n at once. Where that is out of reach, merged lists give a number of vectors that sufficed, not the least.
"""

import time
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

STEPS = (12, 16, 20, 24, 28, 32, 34, 36, 38, 40, 42, 44, 46, 48, 50)
TIMED = 36
"""From so many vectors on, searches run one by one and are timed."""
BATCH = 64
NEVER = 1 << 30
ATTEMPTS = 4


@dataclass(frozen=True)
class Success:
    """One cell: in `trials` keys `successes` held a subset of `samples` vectors within `epsilon`; 95 % Clopper-Pearson bounds.

    `method` "exact": n is the least whose frequency is at least 99 %, and `before` counts the successes at n - 1. "merging": n sufficed
    for the merged lists, fewer may do. `samples` is None where the largest n tried was not enough; the counts are then those at that n.
    `exhausted` as in `Hits`.
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
    exhausted: tuple[tuple[int, int, float], ...] = ()


def vectors(dimension: int, trial: int, count: int) -> Int64[np.ndarray, "n d"]:
    """The first `count` vectors |u|·v of key number `trial`, in units of 2⁻²⁴; more of them begin with the same ones."""
    u = normal_weights(Key(trial), dimension, FIRST, 0, count)
    v = normal_weights(Key(trial), dimension, SECOND, 0, count * dimension).reshape(count, dimension)
    return np.abs(u)[:, None] * v


@dataclass(frozen=True, eq=False)
class Hits:
    """For each key the least n for which a subset of n vectors is near, `NEVER` if there is none up to the largest n tried.

    `exhausted` has, for each timed n, how many searches found nothing and their mean CPU seconds: each went through all 2ⁿ subsets.
    """

    times: Int64[np.ndarray, " t"]
    exhausted: tuple[tuple[int, int, float], ...]


def hitting_times(dimension: int, epsilon: float, trials: int, most: int, progress: Callable[[int, int], None] | None = None) -> Hits:
    """For each key below `trials` the least n ≤ `most` for which a subset of n vectors is within ε; exact."""
    tolerance = int(epsilon * 2**PRODUCT_BITS)
    times, open_ = np.full(trials, NEVER, dtype=np.int64), np.arange(trials)
    exhausted = []
    for n in [step for step in STEPS if step < most] + [most]:
        left, taken = [], []
        size = BATCH if n < TIMED else 1
        for start in range(0, len(open_), size):
            keys = open_[start : start + size]
            samples = np.stack([vectors(dimension, int(key), n) for key in keys])
            targets = np.full((len(keys), dimension), 1 << PRODUCT_BITS, dtype=np.int64)
            begin = time.process_time()
            answer = solve_vector_subset_sums(samples, targets, objective="within", tolerance=tolerance, only=True, threads=size)
            seconds = time.process_time() - begin
            for key, mask, residual in zip(keys, answer.masks, answer.residuals, strict=True):
                if np.abs(residual).max() <= tolerance:
                    times[key] = np.flatnonzero(mask)[-1] + 1
                else:
                    left.append(int(key))
                    taken.append(seconds)
        if n >= TIMED and left:
            exhausted.append((n, len(left), float(np.mean(taken))))
        if progress is not None:
            progress(n, len(left))
        open_ = np.array(left, dtype=np.int64)
        if not len(open_):
            break
    return Hits(times, tuple(exhausted))


def exact_cell(dimension: int, epsilon: float, trials: int, most: int, progress: Callable[[int, int], None] | None = None) -> Success:
    """The least n with success in at least 99 % of the keys, among n ≤ `most`."""
    hits = hitting_times(dimension, epsilon, trials, most, progress)
    counts = [int(np.count_nonzero(hits.times <= n)) for n in range(most + 1)]
    found = next((n for n, count in enumerate(counts) if 100 * count >= 99 * trials), None)
    at = most if found is None else found
    low, high = clopper_pearson(trials - counts[at], trials)
    median = float(np.median(hits.times)) if np.median(hits.times) < NEVER else None
    before = counts[found - 1] if found else None
    return Success(dimension, epsilon, "exact", found, most, trials, counts[at], 1 - high, 1 - low, before, median, hits.exhausted)


def list_sizes(work: int, least: int, most: int) -> list[tuple[int, int, int]]:
    """(vectors, lists, bits), fewest vectors first: lists a power of two ≥ 2 with 6 or more bits each, at most 2^work entries in all.

    The vectors number a sixteenth more than fill the lists; between `least` and `most`.
    """
    pairs = [(1 << a, bits) for a in range(1, work) for bits in range(6, work - a + 1)]
    return sorted((n, lists, bits) for lists, bits in pairs if least <= (n := lists * bits * 17 // 16) <= most)


def merged_cell(dimension: int, epsilon: float, trials: int, work: int, least: int, most: int) -> Success:
    """The fewest vectors, of the numbers that fill lists, with which merging succeeds (four attempts) in at least 99 % of the keys.

    The longest of a sixteenth more vectors are left out. A number is given up as soon as more than 1 % of all keys have failed.
    """
    sizes = list_sizes(work, least, most)
    if trials < 1 or not sizes:
        raise OutOfRange(f"{trials} trials, {len(sizes)} numbers of vectors: at least one trial and one number were expected.")
    tolerance = int(epsilon * 2**PRODUCT_BITS)
    target = np.full(dimension, 1 << PRODUCT_BITS, dtype=np.int64)
    n = tried = successes = 0
    for n, _, bits in sizes:
        tried = successes = 0
        while tried < trials and 100 * (tried - successes) <= trials:
            residual = near_subset(vectors(dimension, tried, n), target, tolerance=tolerance, attempts=ATTEMPTS, list_bits=bits)[1]
            successes += int(np.abs(residual).max() <= tolerance)
            tried += 1
        if 100 * (tried - successes) <= trials:
            break
    held = 100 * (tried - successes) <= trials
    low, high = clopper_pearson(tried - successes, tried)
    return Success(dimension, epsilon, "merging", n if held else None, n, tried, successes, 1 - high, 1 - low, None, None)
