"""Kernels that every algorithm shares: tables of subset sums, the range of an instance, the sum of a mask."""

import numpy as np

from .compiled import compiled
from .limits import EXACT_BITS

NOTHING = np.int64(2**62)
"""Exceeds every residual of an accepted instance: no subset was found."""


@compiled
def tabulate(x, start, stop, first, tables, row):
    """Set `tables[row, m]` to `first` plus the samples of x[start:stop] whose bits are set in m."""
    tables[row, 0] = first
    size = 1
    for k in range(start, stop):
        add = x[k]
        for i in range(size):
            tables[row, size + i] = tables[row, i] + add
        size *= 2


@compiled
def sum_of(x, mask):
    """Return the sum of the samples in `mask`."""
    total = np.int64(0)
    for i in range(x.shape[0]):
        total += x[i] & -((mask >> np.int64(i)) & np.int64(1))
    return total


@compiled
def extent(x, w):
    """Return (least sum, greatest sum, whether all numbers are inside the exact range)."""
    total = np.int64(0)
    size = np.int64(0)
    bits = w ^ (w >> np.int64(63))
    for i in range(x.shape[0]):
        sign = x[i] >> np.int64(63)
        bits |= x[i] ^ sign
        total += x[i]
        size += (x[i] ^ sign) - sign
    return (total - size) // 2, (total + size) // 2, bits < np.int64(1) << np.int64(EXACT_BITS)


@compiled
def extreme(x, negative):
    """Return the mask of all negative (or all positive) samples: the smallest mask with the least (greatest) sum."""
    mask = np.int64(0)
    for i in range(x.shape[0]):
        if (x[i] < 0) if negative else (x[i] > 0):
            mask |= np.int64(1) << np.int64(i)
    return mask


@compiled
def log2_ceiling(value):
    """Return the least k ≥ 0 with 2^k ≥ value."""
    rest = value - np.int64(1)
    k = np.int64(0)
    for step in (32, 16, 8, 4, 2, 1):
        if rest >> np.int64(step) > 0:
            rest >>= np.int64(step)
            k += step
    return k + np.int64(rest > 0)
