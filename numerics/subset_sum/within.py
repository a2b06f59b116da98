"""The smallest mask within a tolerance: by ever longer prefixes of the samples, each with the method that suits its
length.

A mask is smaller than 2^m exactly if it uses the first m samples only, so the first prefix that holds a solution
holds the smallest.
"""

import numpy as np

from .brute_force import TRIED_MOST, search_by_brute_force
from .buckets import CROWDED, SPILL, file_evenly, probe, split_sums
from .compiled import compiled
from .partition import pairs_by_partition
from .sums import log2_ceiling

TYPICAL_PREFIX = 14
BRUTE_RARITY = 16
"""If about 2^16 tries are expected, the first 2^16 subsets are tried faster than sums are filed."""

FLAT = 15
"""At most 2^15 sums are filed in, and 2^15 probed against, an undivided table."""


@compiled
def rarity(least, greatest, n, tolerance):
    """Return about log2 of the number of subsets tried until one is within `tolerance`, from the spread of a prefix."""
    spread = (greatest - least) // n * min(n, TYPICAL_PREFIX)
    return log2_ceiling(spread // (tolerance + 1) + 1) - np.int64(2)


@compiled
def first_within(x, w, least, greatest, tolerance, lanes, space):
    """Return (the smallest mask with |sum - w| ≤ tolerance or -1 or CROWDED, how many samples were searched).

    `lanes` and `space` are the work space of `brute_force` and of `buckets`.
    """
    n = x.shape[0]
    if w < least - tolerance or w > greatest + tolerance:
        return np.int64(-1), n
    rare = rarity(least, greatest, n, tolerance)
    done = 0
    if rare <= BRUTE_RARITY or n <= TRIED_MOST:
        done = min(n, TRIED_MOST)
        _, mask = search_by_brute_force(x, w, tolerance, done, False, *lanes)
        if mask >= 0 or done == n:
            return mask, n
    sums, sketches, packed, table, ends, offsets, keys, spilled, pairs = space
    p = max(min(rare // 2 - 1, FLAT), 8, done // 2)
    while True:
        p = min(p, n // 2, FLAT)
        s = min(n - p, p + 2, FLAT)
        if p + s > done:
            start = (1 << (done - p)) if done > p else 0
            split_sums(x, p, s, sums)
            layout, full = file_evenly(x, p, tolerance, sums, sketches, packed, table, ends, offsets, keys, spilled)
            if full >= SPILL:
                return CROWDED, n
            best, mask = probe(
                w, p, s, start, tolerance, tolerance, layout, full,
                sums, sketches, packed, table, offsets, keys, spilled, pairs,
            )  # fmt: skip
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
