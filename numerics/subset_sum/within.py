"""The smallest mask within a tolerance: by ever longer prefixes of the samples, each with the method that suits its
length.

A mask is smaller than 2^m exactly if it uses the first m samples only, so the first prefix that holds a solution
holds the smallest.
"""

import numpy as np

from .brute_force import TRIED_MOST, brute_workspace, search_by_brute_force
from .compiled import compiled
from .partition import pairs_by_partition
from .sums import extent, log2_ceiling, sum_of
from .table import CROWDED, cell_layout, file_sums, probe, split_sums

TYPICAL_PREFIX = 14
BRUTE_RARITY = 16
"""If about 2^16 tries are expected, the first 2^16 subsets are tried faster than sums are filed."""

RARE = 18
"""If about 2^18 tries or more are expected, a table of twice as many sums is worth its filing (benchmarks/subset_sum.py)."""

FLAT = 15
"""At most 2^15 sums are filed in, and 2^15 probed against, an undivided table."""


@compiled
def rarity(least, greatest, tries):
    """Return about log2 of the number of subsets tried until one is within the tolerance, from the range of the sums;
    `tries` is 14 / (n · (tolerance + 1)).
    """
    return log2_ceiling(np.int64(float(greatest - least) * tries) + 1) - np.int64(2)


@compiled
def tries_per_range(n, tolerance):
    """Return what `rarity` needs: 14 samples are a typical prefix."""
    return min(n, TYPICAL_PREFIX) / (max(n, 1) * (tolerance + 1.0))


@compiled
def first_run(samples, targets, tolerance, first, last, masks, residuals, unsolved):
    """Solve those of the unsolved[u - first] among first ≤ u < last that trying subsets one after the other solves, and clear it;
    arrays as in `cpu.solve_run`.
    """
    n = samples.shape[1]
    per_row = targets.shape[1]
    scaled, low, small, high, starts = brute_workspace()
    tries = tries_per_range(n, tolerance)
    bits = min(n, TRIED_MOST)
    row = first // per_row
    column = first - row * per_row
    for u in range(first, last):
        x = samples[row]
        w = targets[row, column]
        column += 1
        if column == per_row:
            column = 0
            row += 1
        if not unsolved[u - first]:
            continue
        least, greatest, exact = extent(x, w)
        if not exact or w < least - tolerance or w > greatest + tolerance:
            continue
        rare = rarity(least, greatest, tries)
        if rare > BRUTE_RARITY and n > TRIED_MOST:
            continue
        mask = search_by_brute_force(x, w, tolerance, bits, False, scaled, low, small, high, starts)[1]
        if mask >= 0:
            unsolved[u - first] = False
            for i in range(n):
                masks[u, i] = (mask >> np.int64(i)) & np.int64(1)
            residuals[u] = sum_of(x, mask) - w


@compiled
def first_by_table(x, w, tolerance, rare, done, sums, sketches, heads, following, survivors):
    """Go on from `done` samples; return (the smallest mask with |sum - w| ≤ tolerance or -1 or CROWDED, how many samples
    were searched).
    """
    n = x.shape[0]
    p = max(min(rare // 2 + (1 if rare >= RARE else 0), FLAT), 7, done // 2)
    while True:
        p = min(p, n // 2, FLAT)
        s = min(n - p, p + 2, FLAT)
        if p + s > done:
            start = (1 << (done - p)) if done > p else 0
            split_sums(x, p, s, sums)
            layout = cell_layout(tolerance, p)
            file_sums(p, layout[0], layout[2], layout[3], sums, sketches, heads, following)
            best, mask = probe(w, p, s, start, tolerance, tolerance, layout, sums, sketches, heads, following, survivors)
            if mask == CROWDED or best <= tolerance:
                return mask, n
            done = p + s
        if done == n or done == 2 * FLAT:
            return np.int64(-1), done
        p += 2


@compiled
def first_within_by_partition(x, w, tolerance, done, sums, keys, shifts, order, heads, following, origin, survivors, pointers):
    """Go on from `done` samples, one more at a time; return the smallest mask with |sum - w| ≤ tolerance, -1 or
    CROWDED.
    """
    for m in range(done, x.shape[0]):
        best, mask = pairs_by_partition(
            x[:m], w - x[m], m // 2, m - m // 2, tolerance, tolerance,
            sums, keys, shifts, order, heads, following, origin, survivors, pointers,
        )  # fmt: skip
        if mask == CROWDED:
            return CROWDED
        if best == 0:
            return mask | (np.int64(1) << np.int64(m))
    return np.int64(-1)
