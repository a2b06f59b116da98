"""Every subset in turn, 128 at a time: the optimum for few samples, and the first subset within a generous tolerance.

Samples are scaled to 32 bits once; sums of the first seven, in one small table, are compared with each sum of the
others in 16 or 32 bits, and every candidate is added up again in 64 bits.
"""

import numpy as np

from .compiled import compiled
from .lanes import LANES, LANES_BITS, lanes_at_most, least_lane, low_sums, lowest_bit
from .sums import NOTHING, log2_ceiling, sum_of

TRIED_MOST = 16
"""Most samples of which every subset is tried."""

PLAIN_MOST = 12
"""Most samples for which 32 bits hold every sum, so that no distance needs to be guessed (benchmarks/subset_sum.py)."""


@compiled
def brute_workspace():
    """Return (scaled, low, small, high, starts): uint32 [64], [128], uint16 [128], uint32 [512], uint16 [512]."""
    return (
        np.zeros(64, np.uint32),
        np.empty(LANES, np.uint32),
        np.empty(LANES, np.uint16),
        np.empty(1 << (TRIED_MOST - LANES_BITS), np.uint32),
        np.empty(1 << (TRIED_MOST - LANES_BITS), np.uint16),
    )


@compiled
def scale(x, up, down, scaled):
    """Set scaled[i] to x[i] · 2^up / 2^down, rounded, modulo 2^32, and at least seven entries."""
    half = (np.int64(1) << down) >> np.int64(1)
    for i in range(x.shape[0]):
        scaled[i] = np.uint32(((x[i] << up) + half) >> down)
    for i in range(x.shape[0], LANES_BITS):
        scaled[i] = np.uint32(0)


@compiled
def least_distance(low, add):
    """Return the least distance of low + add from 0, modulo 2^32."""
    least = np.uint32(2**32 - 1)
    for k in range(LANES):
        d = np.uint32(low[k] + add)
        least = min(least, min(d, np.uint32(-d)))
    return least


@compiled
def nearest_by_plain_sums(x, w, least, greatest, scaled, low, small, high):
    """Return the smallest mask among those whose sum is nearest to `w`, for at most 12 samples."""
    n = x.shape[0]
    down = max(log2_ceiling(max(greatest, w) - min(least, w) + 1) - np.int64(30), np.int64(0))
    scale(x, np.int64(0), down, scaled)
    low_sums(scaled, low, small)
    high[0] = np.uint32(-(w >> down))
    size = 1
    for i in range(LANES_BITS, n):
        for h in range(size):
            high[size + h] = high[h] + scaled[i]
        size *= 2
    nearest = np.uint32(2**32 - 1)
    for h in range(size):
        block = least_distance(low, high[h])
        high[size + h] = block
        nearest = min(nearest, block)
    nearest += np.uint32(0 if down == 0 else n + 2)
    best = NOTHING
    mask = np.int64(0)
    for h in range(size):
        if high[size + h] <= nearest:
            for first in range(0, LANES, 64):
                left = lanes_at_most(low, high[h] + nearest, nearest + nearest, np.uint64(first))
                while left != 0:
                    lane = np.int64(first) + np.int64(lowest_bit(left))
                    left &= left - np.uint64(1)
                    found = lane | (np.int64(h) << np.int64(LANES_BITS))
                    residual = abs(sum_of(x, found) - w)
                    if residual < best:
                        best = residual
                        mask = found
    return mask


@compiled
def reach_in_lanes(tolerance, bits):
    """Return (up, down, reach): `scale` by these makes the tolerance 2^16 to 2^17, and scaled sums of so many samples
    are off by less than reach - tolerance.
    """
    exponent = log2_ceiling(tolerance)
    up = max(np.int64(17) - exponent, np.int64(0))
    down = max(exponent - np.int64(17), np.int64(0))
    reach = (tolerance << up) >> down
    return up, down, np.uint32(reach if down == 0 else reach + np.int64(bits + 3) // 2)


@compiled
def search_by_brute_force(x, w, tolerance, bits, all_of_them, scaled, low, small, high, starts):
    """Return (residual, smallest mask) of the subset of the first `bits` ≤ 16 samples that is nearest to `w` within
    `tolerance`, or of the first one within it, or (NOTHING, -1).

    Sums are compared modulo 2^16 units of about half the tolerance.
    """
    up, down, reach = reach_in_lanes(tolerance, bits)
    scale(x, up, down, scaled)
    low_sums(scaled, low, small)
    width = np.uint16(((reach + reach) >> np.uint32(16)) + np.uint32(1))
    high[0] = np.uint32((-w << up) >> down) + reach
    starts[0] = np.uint16(high[0] >> np.uint32(16)) + np.uint16(1)
    best = NOTHING
    mask = np.int64(-1)
    h = np.uint64(0)
    end = np.uint64(1)
    for i in range(LANES_BITS, max(bits, LANES_BITS) + 1):
        while True:
            while h < end and least_lane(small, starts[h]) > width:
                h += np.uint64(1)
            if h == end:
                break
            for first in range(0, LANES, 64):
                left = lanes_at_most(small, starts[h], width, np.uint64(first))
                while left != 0:
                    lane = np.int64(first) + np.int64(lowest_bit(left))
                    left &= left - np.uint64(1)
                    found = lane | np.int64(h << np.uint64(LANES_BITS))
                    residual = abs(sum_of(x, found) - w)
                    if residual <= tolerance and residual < best:
                        best = residual
                        mask = found
                        if not all_of_them:
                            return best, mask
            h += np.uint64(1)
        if i < bits:
            for k in range(end):
                high[end + k] = high[k] + scaled[i]
            for k in range(end):
                starts[end + k] = np.uint16(np.uint32(high[end + k] >> np.uint32(16)) + np.uint32(1))
            end *= np.uint64(2)
    return best, mask
