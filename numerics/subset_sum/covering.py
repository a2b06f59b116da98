"""How many samples until every target in [-1, 1] is near a subset sum: the exact test, sums added one sample at a
time."""

import numpy as np

from .compiled import compiled
from .sums import tabulate

LOW_BITS = 12


@compiled
def covers(nearest, farthest, width, span):
    """Return whether no point of the span is more than width / 2 from a sum; bins hold their least and greatest sum."""
    last = np.int64(-1)
    for b in range(nearest.shape[0]):
        if farthest[b] >= 0:
            gap = nearest[b] if last < 0 else nearest[b] - last
            if gap > width:
                return False
            last = farthest[b]
    return last >= span - width


@compiled
def covering_number(x, tolerance, one, most, low, high, nearest, farthest):
    """Return the least n ≤ most for which the sums of x[:n] come within `tolerance` of every point of [-one, one], or
    most + 1.

    Work space: low [1, 2^12], high [1, 2^(most - 12)] or more; nearest and farthest one entry per bin of width 2 ·
    tolerance.
    """
    width = 2 * tolerance
    span = 2 * (one + tolerance)
    origin = one + tolerance
    nearest[:] = span + width
    farthest[:] = -1
    nearest[origin // width] = origin
    farthest[origin // width] = origin
    needed = 0
    while (np.int64(1) << needed) * width < span - width:
        needed += 1
    for n in range(1, most + 1):
        split = min(n - 1, LOW_BITS)
        tabulate(x, 0, split, np.int64(0), low, 0)
        tabulate(x, split, n - 1, x[n - 1] + origin, high, 0)
        for h in range(1 << (n - 1 - split)):
            for k in range(1 << split):
                offset = low[0, k] + high[0, h]
                if 0 <= offset <= span:
                    b = offset // width
                    nearest[b] = min(nearest[b], offset)
                    farthest[b] = max(farthest[b], offset)
        if n >= needed and covers(nearest, farthest, width, span):
            return n
    return most + 1


@compiled
def covering_run(samples, tolerance, one, first, last, numbers):
    """Set numbers[u] to the covering number of samples[u] for first ≤ u < last."""
    most = samples.shape[1]
    low = np.empty((1, 1 << LOW_BITS), np.int64)
    high = np.empty((1, 1 << max(most - LOW_BITS, 0)), np.int64)
    bins = 2 * (one + tolerance) // (2 * tolerance) + 1
    nearest = np.empty(bins, np.int64)
    farthest = np.empty(bins, np.int64)
    for u in range(first, last):
        numbers[u] = covering_number(samples[u], tolerance, one, most, low, high, nearest, farthest)
