"""The chained table for many samples, one part of the cells at a time, so that work space stays in cache and memory
is O(2^(n/4)).

Half sums are sums of a short sorted list and a shorter unsorted one, modulo 2^64. The half sums inside one part of
the circle of cells are then one run of the sorted list for each entry of the other, and a pointer per entry visits
the parts in turn: the idea of Schroeppel and Shamir (1981) with a partition by residue in place of their priority
queues.
"""

import numpy as np

from .circle import first_at_least, sorted_circle
from .compiled import compiled
from .sums import NOTHING, log2_ceiling, tabulate
from .table import CROWDED

PART_BITS = 13
"""log2 of the filed sums expected in one part."""

RUN_BITS = 6
"""log2 of the expected length of a run."""

SHORT_MOST = 20
SPARSENESS = 4
CAPACITY = 2**15
A_LOW, A_HIGH, B_LOW, B_HIGH = 0, 1, 2, 3
EMPTY = np.uint16(0)
FILED = np.uint16(2**15)
INDEX = np.uint32(2**15 - 1)


@compiled
def short_bits(p):
    """Return how many of p samples make up the sorted list."""
    return min(p, max(p - PART_BITS + RUN_BITS, (p + 1) // 2), SHORT_MOST)


@compiled
def partition_workspace(p, s):
    """Return (sums, keys, shifts, order, heads, following, origin, survivors, pointers) for 2^p filed and 2^s probing
    sums.

    A row of probing sums that all lie in the last part is passed twice there: up to 2 · longest survivors at a time.
    """
    longest = 1 << max(short_bits(p), short_bits(s))
    rows = 1 << max(p - short_bits(p), s - short_bits(s))
    longest = max(longest, rows)
    return (
        np.empty((4, longest), np.int64),
        np.empty((4, longest), np.uint64),
        np.empty((2, rows), np.uint64),
        np.empty((4, longest), np.uint32),
        np.empty((1 << (PART_BITS + SPARSENESS)) + 2, np.uint16),
        np.empty(CAPACITY, np.uint16),
        np.zeros(CAPACITY, np.uint32),
        np.empty((2, CAPACITY + 2 * longest), np.uint32),
        np.empty((3, rows), np.int64),
    )


@compiled
def pairs_by_partition(x, w, p, s, delta, forgiven, sums, keys, shifts, order, heads, following, origin, survivors, pointers):
    """Return (residual, mask) of the best pair of half sums within δ, NOTHING if there is none, mask CROWDED if too
    many.

    Residuals up to `forgiven` count as 0; equal residuals are decided by the smaller mask.
    """
    la = short_bits(p)
    lb = short_bits(s)
    rows_a = 1 << (p - la)
    rows_b = 1 << (s - lb)
    size_a = np.int64(1) << np.int64(la)
    size_b = np.int64(1) << np.int64(lb)
    tabulate(x, 0, la, np.int64(0), sums, A_LOW)
    tabulate(x, la, p, np.int64(0), sums, A_HIGH)
    tabulate(x, p, p + lb, np.int64(0), sums, B_LOW)
    tabulate(x, p + lb, p + s, -w, sums, B_HIGH)
    cell_bits = log2_ceiling(2 * delta + 1)
    up = max(np.int64(64 - p - SPARSENESS) - cell_bits, np.int64(0))
    down = np.uint64(cell_bits + up)
    cell = np.uint64(1) << down
    width_bits = min(np.int64(down) + np.int64(PART_BITS + SPARSENESS), np.int64(63))
    width = np.uint64(1) << np.uint64(width_bits)
    parts = np.int64(1) << (np.int64(64) - width_bits)
    sorted_circle(x, 0, la, np.uint64(0), up, False, keys, order, A_LOW)
    sorted_circle(x, p, lb, np.uint64(0), up, True, keys, order, B_LOW)
    offset = (np.uint64(delta) << np.uint64(up)) - cell
    for i in range(rows_a):
        shifts[0, i] = np.uint64(sums[A_HIGH, i]) << np.uint64(up)
        pointers[0, i] = first_at_least(keys, A_LOW, size_a, np.uint64(0) - shifts[0, i]) if shifts[0, i] != 0 else 0
        pointers[1, i] = pointers[0, i] + size_a
    for i in range(rows_b):
        shifts[1, i] = (np.uint64(-sums[B_HIGH, i]) << np.uint64(up)) - offset
        pointers[2, i] = first_at_least(keys, B_LOW, size_b, np.uint64(0) - shifts[1, i]) if shifts[1, i] != 0 else 0
    wrap_a = size_a - 1
    wrap_b = size_b - 1
    best = NOTHING
    mask = np.int64(0)
    budget = np.int64(64) << np.int64(max(p, s))
    for part in range(parts):
        base = np.uint64(part) * width
        turn = np.int64(2 if part == parts - 1 else 1) << np.int64(lb)
        row = 0
        while row < rows_a:
            heads[:] = EMPTY
            t = np.uint64(0)
            while row < rows_a and t < CAPACITY:
                add = shifts[0, row] - base
                k = pointers[0, row]
                limit = min(pointers[1, row], k + np.int64(CAPACITY - t))
                here = np.uint32(row << la)
                while k < limit:
                    r = keys[A_LOW, k & wrap_a] + add
                    if r >= width:
                        break
                    place = (r >> down) + np.uint64(1)
                    following[t] = heads[place]
                    heads[place] = np.uint16(t) | FILED
                    origin[t] = here | np.uint32(k & wrap_a)
                    t += np.uint64(1)
                    k += 1
                pointers[0, row] = k
                if t < CAPACITY:
                    row += 1
            last = row == rows_a
            count = np.uint64(0)
            for i in range(rows_b):
                add = shifts[1, i] - base
                k = pointers[2, i]
                limit = k + turn
                done = k
                here = np.uint32(i << lb)
                while k < limit:
                    r = keys[B_LOW, k & wrap_b] + add
                    if r >= width + cell:
                        break
                    place = r >> down
                    two = np.uint32(heads[place]) + np.uint32(heads[place + np.uint64(1)])
                    survivors[0, count] = here | np.uint32(k & wrap_b)
                    survivors[1, count] = np.uint32(two)
                    count += np.uint64(two != 0)
                    done += np.int64(r < width)
                    k += 1
                if last:
                    pointers[2, i] = done
                if count >= CAPACITY or i == rows_b - 1:
                    best, mask, looked = confirm_partition(
                        p, la, lb, delta, forgiven, base, down, np.int64(count), best, mask, budget,
                        sums, keys, shifts, order, heads, following, origin, survivors,
                    )  # fmt: skip
                    budget -= looked
                    if budget < 0:
                        return best, CROWDED
                    count = np.uint64(0)
    return best, mask


@compiled
def confirm_partition(
    p, la, lb, delta, forgiven, base, down, count, best, mask, budget,
    sums, keys, shifts, order, heads, following, origin, survivors,
):  # fmt: skip
    """Return (residual, mask, pairs looked at) of the best pair among the survivors of one part, starting from
    `best`, `mask`.
    """
    ma = np.uint32((1 << la) - 1)
    mb = np.uint32((1 << lb) - 1)
    sa = np.uint32(la)
    sb = np.uint32(lb)
    kept = np.uint64(0)
    for i in range(count):
        j = survivors[0, i]
        two = survivors[1, i]
        t = two & INDEX
        o = origin[t]
        d = sums[A_LOW, order[A_LOW, o & ma]] + sums[A_HIGH, o >> sa] + sums[B_LOW, order[B_LOW, j & mb]] + sums[B_HIGH, j >> sb]
        survivors[0, kept] = j
        kept += np.uint64((abs(d) <= delta) | (two > np.uint32(2**16)) | (following[t] != EMPTY))
    looked = np.int64(0)
    for i in range(np.int64(kept)):
        if looked > budget:
            break
        j = survivors[0, i]
        place = (keys[B_LOW, j & mb] + shifts[1, j >> sb] - base) >> down
        need = -(sums[B_LOW, order[B_LOW, j & mb]] + sums[B_HIGH, j >> sb])
        for side in range(2):
            t = heads[place + np.uint64(side)]
            while t != EMPTY:
                t &= np.uint16(INDEX)
                looked += 1
                o = origin[t]
                d = abs(sums[A_LOW, order[A_LOW, o & ma]] + sums[A_HIGH, o >> sa] - need)
                if d <= forgiven:
                    d = np.int64(0)
                if d <= best:
                    a = (np.int64(o >> sa) << np.int64(la)) | np.int64(order[A_LOW, o & ma])
                    b = (np.int64(j >> sb) << np.int64(lb)) | np.int64(order[B_LOW, j & mb])
                    found = a | (b << np.int64(p))
                    if d < best or found < mask:
                        best = d
                        mask = found
                t = following[t]
    return best, mask, looked
