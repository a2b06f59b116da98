"""Meet in the middle without sorting: the half sums are dealt into buckets of one vector register each.

The 2^p sums A of the first samples are rounded, and dealt into 2^(p-1) buckets of eight by their residue; an entry
holds the lower bits of the sum and, below them, its mask. A sum B of the other samples is compared with the eight entries of
the bucket of w - B at once. What matches is added up again in 64 bits. No pair within δ is missed, whatever δ: a
guess of δ that is too small costs a second pass, nothing else.
"""

import numpy as np

from .compiled import compiled
from .lanes import any_near, lowest_bit, pairs_near, upper_edge
from .sums import NOTHING, log2_ceiling, tabulate

CROWDED = np.int64(-2)
A_LOW, A_HIGH, B_LOW, B_HIGH = 0, 1, 2, 3
SPILL = 64
"""Entries that found their bucket full; more are too many."""

LISTED = 512
"""Matching pairs listed before they are added up in 64 bits."""

LANES = np.uint32(3)


@compiled
def low_bits(bits):
    """Return how many of `bits` samples the inner loop runs over."""
    return min(bits, max((bits + 3) // 2, 7))


@compiled
def bucket_workspace(p, s):
    """Return (sums, sketches, packed, table, ends, offsets, keys, spilled, pairs) for 2^p filed and 2^s probing sums."""
    longest = 1 << low_bits(max(p, s))
    return (
        np.empty((4, longest), np.int64),
        np.empty((4, longest), np.uint32),
        np.empty((4, longest), np.uint32),
        np.zeros(4 << p, np.uint32),
        np.empty(1 << (p - 1), np.uint32),
        np.empty(longest, np.uint32),
        np.empty(longest, np.uint32),
        np.empty(SPILL + 1, np.uint32),
        np.empty((2, LISTED), np.uint32),
    )


@compiled
def split_sums(x, p, s, sums):
    """Tabulate the sums of x[:p] and x[p:p+s], each as a sum of two small tables."""
    tabulate(x, 0, low_bits(p), np.int64(0), sums, A_LOW)
    tabulate(x, low_bits(p), p, np.int64(0), sums, A_HIGH)
    tabulate(x, p, p + low_bits(s), np.int64(0), sums, B_LOW)
    tabulate(x, p + low_bits(s), p + s, np.int64(0), sums, B_HIGH)


@compiled
def rounding(delta):
    """Return (shift, reach): of sums rounded by `shift`, those within δ are at most `reach` units apart."""
    shift = max(log2_ceiling(delta) - np.int64(3), np.int64(0))
    return shift, np.uint32(delta if shift == 0 else (delta >> shift) + np.int64(3))


@compiled
def bucket_layout(x, p, delta, finer):
    """Return (shift, reach, width): sums are rounded by `shift`, what is within δ is at most `reach` units off, and a
    bucket is 2^width units; width is -1 if it cannot be made finer by that many bits.

    All buckets together are two to four standard deviations of the filed sums, so that these are spread evenly.
    """
    shift, reach = rounding(delta)
    squares = 0.0
    for i in range(p):
        squares += float(x[i]) * float(x[i])
    spread = np.int64(np.sqrt(squares)) >> shift
    width = log2_ceiling(spread) - np.int64(p) + np.int64(1) - finer
    narrowest = log2_ceiling(2 * reach + 2)
    if width < narrowest:
        width = np.int64(-1) if finer > 0 else narrowest
    return shift, reach, min(width, np.int64(32) - p)


@compiled
def sketch(sums, row, size, sign, first, shift, sketches):
    """Set that row of `sketches` to first + sign · sums, rounded by `shift`, modulo 2^32."""
    half = (np.int64(1) << shift) >> np.int64(1)
    for k in range(size):
        sketches[row, k] = np.uint32((first + sign * sums[row, k] + half) >> shift)


@compiled
def pack_entries(row, size, place, up, sketches, packed):
    """Set packed[row] to the sketches moved up, plus their masks at bit `place`."""
    for k in range(size):
        packed[row, k] = np.uint32(np.uint32(sketches[row, k] << up) + np.uint32(k << place))


@compiled
def file_one(bucket, key, table, ends, spilled, spills):
    """Put an entry into its bucket, or among the spilled ones if that is full; return how many are spilled."""
    end = ends[bucket]
    if end < np.uint32((bucket << np.uint64(3)) + np.uint64(8)):
        table[np.uint64(end)] = key
        ends[bucket] = np.uint32(end + np.uint32(1))
    else:
        spilled[spills] = key
        spills = min(spills + np.uint64(1), np.uint64(SPILL))
    return spills


@compiled
def file_sums(p, layout, sums, sketches, packed, table, ends, offsets, keys, spilled):
    """File all sums A of the first p samples; return how many found their bucket full, SPILL + 1 if too many."""
    shift, reach, width = layout
    a = 1 << low_bits(p)
    rows = 1 << (p - low_bits(p))
    sketch(sums, A_LOW, a, np.int64(1), np.int64(0), shift, sketches)
    sketch(sums, A_HIGH, rows, np.int64(1), np.int64(0), shift, sketches)
    last = np.uint32((1 << (p - 1)) - 1)
    for k in range(1 << (p - 1)):
        ends[k] = np.uint32(k << 3)
    across = np.uint32(width)
    up = np.uint32(p)
    inside = np.uint32((1 << width) - 1)
    edge = np.uint32((1 << width) - 2 * reach)
    spills = np.uint64(0)
    pack_entries(A_LOW, a, 0, up, sketches, packed)
    pack_entries(A_HIGH, rows, low_bits(p), up, sketches, packed)
    for i in range(rows):
        add = sketches[A_HIGH, i]
        more = packed[A_HIGH, i]
        for k in range(a):
            offsets[k] = np.uint32(sketches[A_LOW, k] + add)
        for k in range(a):
            keys[k] = np.uint32(packed[A_LOW, k] + more)
        for k in range(a):
            bucket = np.uint64(np.uint32(offsets[k] >> across) & last)
            spills = file_one(bucket, keys[k], table, ends, spilled, spills)
        for first in range(0, a, 64):
            near = upper_edge(offsets, inside, edge, np.uint64(first))
            while near != 0:
                k = np.uint64(first) + lowest_bit(near)
                near &= near - np.uint64(1)
                bucket = np.uint64(np.uint32(np.uint32(offsets[k] >> across) + np.uint32(1)) & last)
                spills = file_one(bucket, keys[k], table, ends, spilled, spills)
    return np.int64(spills)


@compiled
def file_evenly(x, p, delta, sums, sketches, packed, table, ends, offsets, keys, spilled):
    """File the sums of x[:p], with finer buckets if many are full; return (layout, how many entries found theirs full),
    SPILL if no layout helps: then very many of the sums are nearly equal.
    """
    finer = np.int64(0)
    while True:
        layout = bucket_layout(x, p, delta, finer)
        if layout[2] < 0:
            return layout, np.int64(SPILL)
        spills = file_sums(p, layout, sums, sketches, packed, table, ends, offsets, keys, spilled)
        if spills < SPILL:
            return layout, spills
        finer += 2


@compiled
def probe(w, p, s, start, delta, forgiven, layout, spills, sums, sketches, packed, table, offsets, keys, spilled, pairs):
    """Return (residual, mask) of the best pair within δ, NOTHING if there is none, mask CROWDED if there are too many.

    Probing sums are tried in increasing order of their masks from about `start`. With `forgiven` ≥ 0 the smallest
    mask within that tolerance is returned as soon as it is found, with residual 0.
    """
    shift, reach, width = layout
    b = 1 << low_bits(s)
    rows = 1 << (s - low_bits(s))
    sketch(sums, B_LOW, b, np.int64(-1), np.int64(0), shift, sketches)
    sketch(sums, B_HIGH, rows, np.int64(-1), w, shift, sketches)
    last = np.uint32((1 << (p - 1)) - 1)
    across = np.uint32(width)
    up = np.uint32(p)
    limit = np.uint32((2 * reach + 1) << up) - np.uint32(1)
    pack_entries(B_LOW, b, 0, up, sketches, packed)
    for k in range(b):
        packed[B_LOW, k] -= np.uint32(k)
    best = NOTHING
    mask = np.int64(-1)
    budget = np.int64(64) << max(p, s)
    for i in range(start >> low_bits(s), rows):
        add = np.uint32(sketches[B_HIGH, i] + reach)
        more = np.uint32(np.uint32(add << up) + np.uint32((1 << p) - 1))
        for k in range(b):
            value = np.uint32(sketches[B_LOW, k] + add)
            offsets[k] = np.uint32(np.uint32(value >> across) & last) << LANES
        for k in range(b):
            keys[k] = np.uint32(packed[B_LOW, k] + more)
        k = np.uint64(0)
        end = np.uint64(b)
        count = np.uint64(0)
        while True:
            while k < end and not any_near(table, offsets, keys, k, limit):
                k += np.uint64(8)
            if k >= end:
                break
            hits = pairs_near(table, offsets, keys, k, limit)
            while hits != 0:
                one = k + (lowest_bit(hits) >> np.uint64(3))
                entry = table[np.uint64(offsets[one]) + (lowest_bit(hits) & np.uint64(7))]
                hits &= hits - np.uint64(1)
                pairs[0, count] = entry
                pairs[1, count] = np.uint32(one)
                count += np.uint64(1)
            k += np.uint64(8)
            if count > np.uint64(LISTED - 64):
                best, mask = confirm(count, w, i, p, s, delta, forgiven, sums, pairs, best, mask)
                budget -= np.int64(count)
                count = np.uint64(0)
                if best <= forgiven:
                    return best, mask
                if budget < 0:
                    return best, CROWDED
        for t in range(spills):
            for one in range(b):
                if np.uint32(keys[one] - spilled[t]) <= limit:
                    pairs[0, count] = spilled[t]
                    pairs[1, count] = np.uint32(one)
                    count += np.uint64(1)
                    if count > np.uint64(LISTED - 64):
                        best, mask = confirm(count, w, i, p, s, delta, forgiven, sums, pairs, best, mask)
                        count = np.uint64(0)
        best, mask = confirm(count, w, i, p, s, delta, forgiven, sums, pairs, best, mask)
        if best <= forgiven:
            break
    return best, mask


@compiled
def confirm(count, w, high, p, s, delta, forgiven, sums, pairs, best, mask):
    """Return the better of (best, mask) and of the listed pairs of a filed entry and a probing sum of row `high`."""
    la = low_bits(p)
    part = np.uint32((1 << la) - 1)
    all_of_a = np.uint32((1 << p) - 1)
    above = np.uint32(la)
    need = w - sums[B_HIGH, high]
    for k in range(count):
        a = pairs[0, k] & all_of_a
        j = pairs[1, k]
        d = abs(sums[A_LOW, a & part] + sums[A_HIGH, a >> above] + sums[B_LOW, j] - need)
        d = np.int64(0) if d <= forgiven else d
        found = np.int64(a) | ((np.int64(j) | (np.int64(high) << np.int64(low_bits(s)))) << np.int64(p))
        better = (d <= delta) & ((d < best) | ((d == best) & (found < mask)))
        best = d if better else best
        mask = found if better else mask
    return best, mask
