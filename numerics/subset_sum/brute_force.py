"""Every subset in turn, many at a time: the optimum for few samples, and the first subset within a generous tolerance.

Sums are compared in 32 bits, scaled so that they are off by at most one unit, and every candidate is confirmed in 64
bits.
"""

import numpy as np

from .compiled import compiled
from .sums import NOTHING, log2_ceiling, tabulate

LIMIT = 14
"""Most samples for which trying every subset beats the table (benchmarks/subset_sum.py)."""

LOW_BITS = 8
FIRST_BITS = 7


@compiled
def scaling(least, greatest, w):
    """Return the shift that brings every sum and every difference to the target below 2^30."""
    return max(log2_ceiling(max(greatest, w) - min(least, w) + 1) - np.int64(30), np.int64(0))


@compiled
def scaled(table, size, shift, small):
    """Set `small` to `table` divided by 2^shift, rounded, modulo 2^32."""
    half = (np.int64(1) << shift) >> np.int64(1)
    for k in range(size):
        small[k] = np.uint32((table[0, k] + half) >> shift)


@compiled
def nearest_by_brute_force(x, w, least, greatest, low, small, high, blocks):
    """Return the smallest mask among those whose sum is nearest to `w`.

    Work space: low int64 [1, 256], small uint32 [256], high int64 [1, 64], blocks uint32 [64].
    """
    n = x.shape[0]
    split = min(n, LOW_BITS)
    size = 1 << split
    rows = 1 << (n - split)
    shift = scaling(least, greatest, w)
    half = (np.int64(1) << shift) >> np.int64(1)
    tabulate(x, 0, split, np.int64(0), low, 0)
    tabulate(x, split, n, -w, high, 0)
    scaled(low, size, shift, small)
    nearest = np.uint32(2**32 - 1)
    for h in range(rows):
        add = np.uint32((high[0, h] + half) >> shift)
        block = np.uint32(2**32 - 1)
        for k in range(size):
            d = np.uint32(small[k] + add)
            block = min(block, min(d, np.uint32(-d)))
        blocks[h] = block
        nearest = min(nearest, block)
    if shift > 0:
        nearest = np.uint32(nearest + np.uint32(2))
    best = NOTHING
    mask = np.int64(0)
    for h in range(rows):
        if blocks[h] <= nearest:
            for k in range(size):
                d = abs(low[0, k] + high[0, h])
                if d < best:
                    best = d
                    mask = np.int64(k) | (np.int64(h) << np.int64(split))
    return mask


@compiled
def first_by_brute_force(x, w, tolerance, bits, low, small, high):
    """Return the smallest mask with |sum - w| ≤ tolerance among the subsets of the first `bits` ≤ 16 samples, or -1.

    Sums are compared modulo 2^16 units of about tolerance / 4, sixteen at a time; a block with a match
    is looked at exactly.
    Work space: low int64 [1, 128], small uint16 [128], high int64 [1, 512].
    """
    split = min(bits, FIRST_BITS)
    size = 1 << split
    shift = max(log2_ceiling(tolerance) - np.int64(2), np.int64(0))
    half = (np.int64(1) << shift) >> np.int64(1)
    reach = tolerance if shift == 0 else (tolerance >> shift) + np.int64(3)
    width = np.uint16(2 * reach)
    tabulate(x, 0, split, np.int64(0), low, 0)
    for k in range(size):
        small[k] = np.uint16((low[0, k] + half) >> shift)
    high[0, 0] = -w
    top = 1
    new = split
    for h in range(1 << (bits - split)):
        if h > 0:
            if h == 2 * top:
                top = h
                new += 1
            high[0, h] = high[0, h - top] + x[new]
        add = np.uint16(((high[0, h] + half) >> shift) + reach)
        nearest = np.uint16(2**16 - 1)
        for k in range(size):
            nearest = min(nearest, np.uint16(small[k] + add))
        if nearest <= width:
            first = np.int64(size)
            for k in range(size):
                first = min(first, np.int64(k) if abs(low[0, k] + high[0, h]) <= tolerance else np.int64(size))
            if first < size:
                return first | (np.int64(h) << np.int64(split))
    return np.int64(-1)
