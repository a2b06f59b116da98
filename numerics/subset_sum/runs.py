"""The proved optimum of many samples by sorted runs: no table of half sums, 16 pairs at a time, memory O(2^(n/2) / 16).

Both halves are cut into a large and a small set of samples. The sums of the large set are sorted by cell once; the half
sums that fall into one bucket are then one run of that list for each sum of the small set, and are copied from there. A
bucket of the first half meets the one bucket of the other half that adds up to the target, all pairs in 16-bit lanes.
Every bucket is visited, so no pair within δ is missed; sums are cut to 16 bits in the lanes only, and every candidate is
added up again in 64 bits.
"""

import numpy as np

from .buckets import (
    BUCKET_BITS,
    BUCKETS_MOST,
    CELL_BITS,
    HITS_MOST,
    LISTED_MOST,
    SMALL,
    compare,
    gather,
    locate,
    sign_sums,
    sort_by_cell,
    unit_bits,
)
from .compiled import compiled
from .lanes import PAIRED, lanes_at_most, lowest_bit
from .sums import NOTHING, tabulate
from .table import CROWDED

EXPECTED_PAIRS = 3.0
"""How many subsets are expected within the guessed δ; the sorted lists outlive a guess that was too small."""

PAIRS_MOST = 2**10
"""Pairs compared for each half sum, on average, before the sums are called uneven."""

ROUNDED = np.int64(3)
"""Four roundings downwards make a sum up to 3 units too small."""

A, B = 0, 1


@compiled
def confirm_runs(
    hits, count, first, per, buckets, lists, width, w, p, large_a, large_b,
    ends, sums, small, order, below, best, mask, budget,
):  # fmt: skip
    """Return (residual, mask, rest of the budget) of the best pair in the chunks listed, starting from `best`, `mask`."""
    few = np.int64(1) << SMALL
    for h in range(count):
        tag = np.int64(hits[h])
        c = tag >> np.int64(32)
        i = (tag >> np.int64(16)) & np.int64(0xFFFF)
        j = tag & np.int64(0xFFFF)
        a_first = buckets[c - first, 0]
        a_count = buckets[c - first, 1]
        b_first = buckets[c - first, 2]
        b_count = buckets[c - first, 3]
        present = np.uint64(2**64 - 1) >> np.uint64(64 - min(a_count - i, np.int64(64)))
        for entry in range(j, min(j + PAIRED, b_count)):
            bits = lanes_at_most(lists[A], lists[B, b_first + entry], width, np.uint64(a_first + i)) & present
            while bits != 0:
                lane = i + np.int64(lowest_bit(bits))
                bits &= bits - np.uint64(1)
                budget -= 1
                if budget < 0:
                    return best, mask, budget
                ka, ra = locate(below[A], ends[0], ends[1], few, c * per, order[A], lane)
                kb, rb = locate(below[B], ends[2], ends[3], few, -c * per, order[B], entry)
                d = abs(sums[A, ka] + small[A, ra] + sums[B, kb] + small[B, rb] - w)
                if d <= best:
                    found = ka | (ra << large_a) | ((kb | (rb << large_b)) << p)
                    if d < best or found < mask:
                        best = d
                        mask = found
    return best, mask, budget


@compiled
def nearest_by_runs(x, w, row, filed, guess, sums, small, keys, order, below, ends, adds, lists, buckets, hits):
    """Return the smallest optimal mask of w, or CROWDED if the sums are too uneven or too many subsets are equally near.

    `guess` is the δ to begin with, as a float; `filed` int64 [2] holds the row whose sums are sorted: targets that share samples
    share them.
    """
    n = x.shape[0]
    p = n // 2
    s = n - p
    large_a = p - SMALL
    large_b = s - SMALL
    least_a, greatest_a = sign_sums(x, 0, large_a)
    least_ra, greatest_ra = sign_sums(x, large_a, p)
    least_b, greatest_b = sign_sums(x, p, p + large_b)
    least_rb, greatest_rb = sign_sums(x, p + large_b, n)
    w = w - (least_a + least_ra + least_b + least_rb)
    reach_a = greatest_a + greatest_ra - least_a - least_ra
    reach_b = greatest_b + greatest_rb - least_b - least_rb
    unit = unit_bits(x, p, max(reach_a, reach_b))
    per = np.int64(1) << (BUCKET_BITS - CELL_BITS)
    bucket = unit + BUCKET_BITS
    to_cell = unit + CELL_BITS
    front_a = ((greatest_ra - least_ra) >> to_cell) + 2
    front_b = ((greatest_rb - least_rb) >> to_cell) + 3 * per + 2
    if filed[0] != row:
        tabulate(x, 0, large_a, -least_a, sums, A)
        tabulate(x, large_a, p, -least_ra, small, A)
        tabulate(x, p, p + large_b, -least_b, sums, B)
        tabulate(x, p + large_b, n, -least_rb, small, B)
        end_a = front_a + (reach_a >> to_cell) + 2 * per + 2
        end_b = front_b + (reach_b >> to_cell) + 4 * per + 2
        last_a = (greatest_a - least_a) >> to_cell
        last_b = (greatest_b - least_b) >> to_cell
        sort_by_cell(sums[A], 1 << large_a, unit, front_a, last_a, end_a, keys[A], order[A], below[A])
        sort_by_cell(sums[B], 1 << large_b, unit, front_b, last_b, end_b, keys[B], order[B], below[B])
        filed[0] = row
    for i in range(1 << SMALL):
        start = ((-small[A, i]) >> to_cell) + front_a
        ends[0, i] = start - 1
        ends[1, i] = start + per
        adds[A, i] = np.uint16(small[A, i] >> unit)
    budget = np.int64(64) << s
    while guess < 2.0 ** (unit + np.int64(14)):
        delta = np.int64(guess) + 1
        low = (w - delta) >> unit
        width = np.uint16(((w + delta) >> unit) - low + ROUNDED)
        for i in range(1 << SMALL):
            ends[2, i] = ((w - delta - (np.int64(1) << bucket) - small[B, i]) >> to_cell) + front_b - 1
            ends[3, i] = ((w + delta - small[B, i]) >> to_cell) + front_b
            adds[B, i] = np.uint16((small[B, i] >> unit) - low + ROUNDED)
        c = max(w - reach_b - delta, np.int64(0)) >> bucket
        last = min(reach_a, w + delta) >> bucket
        best, mask, budget = pairs_in_buckets(
            w, c, last, width, per, p, large_a, large_b, ends, adds, sums, small, keys, order, below,
            lists, buckets, hits, budget,
        )  # fmt: skip
        if budget < 0:
            return CROWDED
        if best <= delta:
            return mask
        guess = 16.0 * (guess + 1.0)
    return CROWDED


@compiled
def pairs_in_buckets(
    w, c, last, width, per, p, large_a, large_b, ends, adds, sums, small, keys, order, below,
    lists, buckets, hits, budget,
):  # fmt: skip
    """Return (residual, mask, rest of the budget) of the best pair in the buckets c to `last` whose cut sum is at most
    `width`; the budget is negative if the search was given up.
    """
    best = NOTHING
    mask = np.int64(0)
    first = c
    end_a = np.int64(0)
    end_b = np.int64(0)
    count = np.uint64(0)
    pairs = PAIRS_MOST << np.int64(p)
    while c <= last:
        here = c - first
        buckets[here, 0] = end_a
        buckets[here, 2] = end_b
        end_a = gather(keys[A], below[A], ends[0], ends[1], adds[A], 1 << SMALL, c * per, lists[A], end_a)
        end_b = gather(keys[B], below[B], ends[2], ends[3], adds[B], 1 << SMALL, -c * per, lists[B], end_b)
        in_a = end_a - buckets[here, 0]
        in_b = end_b - buckets[here, 2]
        pairs -= in_a * in_b
        if end_a < 0 or end_b < 0 or pairs < 0:
            return best, mask, np.int64(-1)
        buckets[here, 1] = in_a
        buckets[here, 3] = in_b
        count = compare(lists[A], buckets[here, 0], in_a, lists[B], buckets[here, 2], in_b, width, c << np.int64(32), hits, count)
        c += 1
        if c > last or end_a > LISTED_MOST or end_b > LISTED_MOST or count > HITS_MOST or c - first == BUCKETS_MOST:
            best, mask, budget = confirm_runs(
                hits, np.int64(count), first, per, buckets, lists, width, w, p, large_a, large_b,
                ends, sums, small, order, below, best, mask, budget,
            )  # fmt: skip
            if budget < 0:
                return best, mask, budget
            first = c
            end_a = np.int64(0)
            end_b = np.int64(0)
            count = np.uint64(0)
    return best, mask, budget
