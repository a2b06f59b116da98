"""Kernels that all algorithms share: tables of subset sums, and the exact description of one instance."""

import numpy as np

from .compiled import compiled

NOTHING = np.int64(2**62)
"""Larger than every residual in the exact range: no subset was found."""

EXACT = 2**61
"""Σ|x| + |w| stays below this in every instance the engine accepts, so that no sum of sums overflows."""


@compiled
def tabulate(x, start, stop, first, table):
    """Fill `table[m]` with `first` plus the sum of the samples x[start:stop] whose bits are set in m."""
    table[0] = first
    size = 1
    for k in range(start, stop):
        for i in range(size):
            table[size + i] = table[i] + x[k]
        size *= 2


@compiled
def sum_of(x, mask):
    """Return the sum of the samples in `mask`."""
    total = np.int64(0)
    for i in range(x.shape[0]):
        total += x[i] & -np.int64((mask >> i) & 1)
    return total


@compiled
def extent(x, w):
    """Return (least sum, greatest sum, whether Σ|x| + |w| is inside the exact range)."""
    low = np.int64(0)
    high = np.int64(0)
    size = abs(float(w))
    for i in range(x.shape[0]):
        size += abs(float(x[i]))
        low += min(x[i], np.int64(0))
        high += max(x[i], np.int64(0))
    return low, high, size < EXACT


@compiled
def extreme(x, w, low):
    """Return the smallest optimal mask of a target at or beyond an extreme sum: all positive or all negative samples."""
    mask = np.int64(0)
    for i in range(x.shape[0]):
        if (x[i] < 0) if w <= low else (x[i] > 0):
            mask |= np.int64(1) << i
    return mask


@compiled
def log2_ceiling(value):
    """Return the least k ≥ 0 with 2^k ≥ value."""
    k = 0
    while (np.int64(1) << k) < value:
        k += 1
    return k
