"""Sorted lists of subset sums modulo 2^64, in linear time."""

import numpy as np

from .compiled import compiled


@compiled
def sorted_circle(x, start, bits, first, up, negate, keys, order, row):
    """Set keys[row] to first ± 2^up · the sums of x[start:start+bits] modulo 2^64, increasing, and order[row] to
    their masks.

    Equal keys are in increasing order of their masks if no sum wraps. The next row is scratch. Adding a sample
    rotates the sorted circle, so each sample costs one merge.
    """
    other = row + 1
    if bits % 2 == 1:
        row, other = other, row
    keys[row, 0] = first
    order[row, 0] = 0
    size = np.int64(1)
    for b in range(bits):
        add = np.uint64(-x[start + b] if negate else x[start + b]) << np.uint64(up)
        split = first_at_least(keys, row, size, np.uint64(0) - add) if add != np.uint64(0) else np.int64(0)
        bit = np.uint32(1) << np.uint32(b)
        i = np.int64(0)
        j = split
        end = size + split
        for t in range(2 * size):
            turned = keys[row, j & (size - 1)] + add
            if i < size and (j == end or keys[row, i] <= turned):
                keys[other, t] = keys[row, i]
                order[other, t] = order[row, i]
                i += 1
            else:
                keys[other, t] = turned
                order[other, t] = order[row, j & (size - 1)] | bit
                j += 1
        size *= 2
        row, other = other, row


@compiled
def first_at_least(keys, row, size, threshold):
    """Return the position of the first of `size` sorted keys that is at least `threshold`, modulo `size`."""
    lo = np.int64(0)
    hi = np.int64(size)
    while lo < hi:
        mid = (lo + hi) // 2
        if keys[row, mid] < threshold:
            lo = mid + 1
        else:
            hi = mid
    return lo % size
