"""Half sums listed bucket by bucket: the sums of a large set of samples, sorted by cell once, shifted by each sum of a
small set.
"""

import numpy as np

from .compiled import compiled
from .lanes import PAIRED, append_run, least_pairs_16, least_pairs_32, least_pairs_48, least_pairs_64
from .sums import log2_ceiling

BUCKET_BITS = np.int64(16)
"""log2 of the units in a bucket."""

BUCKETS_MOST, LISTED_MOST, LIST_MOST, HITS_MOST = 2**10, 2**13, 2**12, 2**12
"""Buckets, list entries and chunks with a candidate that are kept before they are confirmed; entries in one bucket."""

OCCUPANCY = 128.0
"""Most half sums expected in a bucket: few enough to compare all pairs, enough for runs of several sums."""

SMALL = np.int64(3)
"""How many samples of each half make up its small set."""

CELL_BITS = np.int64(13)
"""log2 of the units in a cell; lists are up to one cell too long, an eighth of a bucket."""


@compiled
def bucket_count_bits(p):
    """Return log2 of the most buckets."""
    return np.int64(max(p - 2, 1))


@compiled
def unit_bits(x, p, reach):
    """Return log2 of the unit: where half sums of p samples are dense there are OCCUPANCY / 2 to OCCUPANCY in a bucket."""
    squares = 1.0
    for i in range(p):
        squares += float(x[i]) ** 2
    width = OCCUPANCY * np.sqrt(0.5 * np.pi * squares) / 2.0**p
    wanted = np.int64(np.floor(np.log2(width))) - BUCKET_BITS
    return max(wanted, log2_ceiling(reach + 1) - bucket_count_bits(p) - BUCKET_BITS, np.int64(0))


@compiled
def runs_workspace(n, used):
    """Return (sums, small, keys, order, below, ends, adds, lists, buckets, hits) for n samples, next to nothing unless
    `used`.
    """
    large = 1 << (n - n // 2 - SMALL) if used else 1
    few = 1 << SMALL if used else 1
    cells = (2 << (bucket_count_bits(n // 2) + BUCKET_BITS - CELL_BITS)) + 256 if used else 1
    listed = LISTED_MOST + LIST_MOST + 128 if used else 1
    chunks = 2 * HITS_MOST + (LIST_MOST // 64) * (LIST_MOST // PAIRED) if used else 1
    return (
        np.empty((2, large), np.int64),
        np.empty((2, few), np.int64),
        np.zeros((2, large + 64), np.uint16),
        np.empty((2, large), np.uint32),
        np.empty((2, cells), np.uint32),
        np.empty((4, few), np.int64),
        np.empty((2, few), np.uint16),
        np.zeros((2, listed), np.uint16),
        np.empty((BUCKETS_MOST if used else 1, 4), np.int64),
        np.empty(chunks, np.uint64),
    )


@compiled
def sign_sums(x, start, stop):
    """Return (sum of the negative samples, sum of the positive ones) of x[start:stop]."""
    least = np.int64(0)
    greatest = np.int64(0)
    for i in range(start, stop):
        least += min(x[i], np.int64(0))
        greatest += max(x[i], np.int64(0))
    return least, greatest


@compiled
def sort_by_cell(sums, size, unit, front, last, end, keys, order, below):
    """Sort sums[:size] ≥ 0 by cell: `keys` their lowest 16 bits in units, `order` their masks; below[front + c] is the
    number of sums in cells up to c, defined from 0 to end.
    """
    down = np.uint64(unit)
    to_cell = np.uint64(unit + CELL_BITS)
    for c in range(end):
        below[c] = np.uint32(0)
    ahead = np.uint64(front + 1)
    for k in range(size):
        below[(np.uint64(sums[k]) >> to_cell) + ahead] += np.uint32(1)
    total = np.uint32(0)
    for c in range(front, front + last + 2):
        total += below[c]
        below[c] = total
    for c in range(front + last + 2, end):
        below[c] = total
    ahead = np.uint64(front)
    for k in range(size):
        value = np.uint64(sums[k])
        c = (value >> to_cell) + ahead
        place = below[c]
        below[c] = place + np.uint32(1)
        keys[np.uint64(place)] = np.uint16(value >> down)
        order[np.uint64(place)] = np.uint32(k)


@compiled
def gather(keys, below, firsts, lasts, adds, few, shift, out, place):
    """Append the runs of one bucket to out[place:], each with its addend; return the end, or -1 if the bucket is too
    full.
    """
    most = place + LIST_MOST
    for i in range(few):
        k = np.int64(below[np.uint64(firsts[i] + shift)])
        end = np.int64(below[np.uint64(lasts[i] + shift)])
        if place + end - k > most:
            return np.int64(-1)
        append_run(keys, k, adds[i], out, place)
        if end - k > 16:
            append_run(keys, k + 16, adds[i], out, place + 16)
            for z in range(k + 32, end, 16):
                append_run(keys, z, adds[i], out, place + z - k)
        place += end - k
    return place


@compiled
def locate(below, firsts, lasts, few, shift, order, entry):
    """Return (mask in the large set, mask in the small set) of that entry of a gathered bucket."""
    seen = np.int64(0)
    k = np.int64(0)
    run = np.int64(0)
    for i in range(few):
        first = np.int64(below[np.uint64(firsts[i] + shift)])
        end = np.int64(below[np.uint64(lasts[i] + shift)])
        if entry >= seen:
            k = first + entry - seen
            run = np.int64(i)
        seen += end - first
    return np.int64(order[np.uint64(k)]), run


@compiled
def compare(a, a_first, a_count, b, b_first, b_count, width, tag, hits, count):
    """Append the chunks in which some sum is at most `width` to `hits`: tag, place in a, place in b; return their
    number.
    """
    i = np.int64(0)
    while i < a_count:
        left = a_count - i
        here = tag + (i << np.int64(16))
        if left > 48:
            for j in range(0, b_count, PAIRED):
                hits[count] = np.uint64(here + j)
                count += np.uint64(least_pairs_64(a, a_first + i, b, b_first + j) <= width)
        elif left > 32:
            for j in range(0, b_count, PAIRED):
                hits[count] = np.uint64(here + j)
                count += np.uint64(least_pairs_48(a, a_first + i, b, b_first + j) <= width)
        elif left > 16:
            for j in range(0, b_count, PAIRED):
                hits[count] = np.uint64(here + j)
                count += np.uint64(least_pairs_32(a, a_first + i, b, b_first + j) <= width)
        else:
            for j in range(0, b_count, PAIRED):
                hits[count] = np.uint64(here + j)
                count += np.uint64(least_pairs_16(a, a_first + i, b, b_first + j) <= width)
        i += 64
    return count
