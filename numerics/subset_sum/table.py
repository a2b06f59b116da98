"""Meet in the middle through a chained table, without sorting: all pairs of half sums that come within δ of the target.

The 2^p sums A of the first samples are filed by the cell of width ≥ 2δ that they fall into, modulo the number of
cells; a sum B of the other samples has its partners in the cell of w - B - δ or the next one. Cells are found in 32
bits; every candidate is confirmed in 64 bits. No pair within δ is missed, whatever δ: a guess of δ that is too small
costs a second pass, nothing else.
"""

import numpy as np

from .compiled import compiled
from .lanes import two_at
from .sums import NOTHING, log2_ceiling, tabulate

EMPTY = np.uint16(0)
FILED = np.uint16(2**15)
INDEX = np.uint16(2**15 - 1)
PLACES = np.uint64(32)
ONE = np.uint64(2**32)
FIRST_BITS_MOST = 15
SPARSENESS = 4
"""log2 of cells per filed sum."""

CROWDED = np.int64(-2)

A_LOW, A_HIGH, B_LOW, B_HIGH, PLACED = 0, 1, 2, 3, 4


@compiled
def low_bits(bits):
    """Return how many of `bits` samples the inner loop runs over."""
    return min(bits, (bits + 3) // 2)


@compiled
def workspace(p, s):
    """Return (sums, sketches, heads, following, survivors) for 2^p filed and 2^s probing sums."""
    longest = 1 << low_bits(max(p, s))
    return (
        np.empty((4, longest), np.int64),
        np.empty((5, longest), np.uint32),
        np.empty((1 << (p + SPARSENESS)) + 1, np.uint16),
        np.empty(1 << p, np.uint16),
        np.empty(2 << s, np.uint64),
    )


@compiled
def split_sums(x, p, s, sums):
    """Tabulate the sums of x[:p] and x[p:p+s], each as a sum of two small tables."""
    tabulate(x, 0, low_bits(p), np.int64(0), sums, A_LOW)
    tabulate(x, low_bits(p), p, np.int64(0), sums, A_HIGH)
    tabulate(x, p, p + low_bits(s), np.int64(0), sums, B_LOW)
    tabulate(x, p + low_bits(s), p + s, np.int64(0), sums, B_HIGH)


@compiled
def cell_layout(delta, p):
    """Return (shift, reach, left shift, cell shift): sums are rounded by `shift`, moved up, and their top bits are
    the cell.
    """
    shift = max(log2_ceiling(delta) - np.int64(5), np.int64(0))
    reach = delta if shift == 0 else (delta >> shift) + np.int64(3)
    cell = log2_ceiling(2 * reach + 1)
    bits = p + SPARSENESS
    return shift, reach, np.int64(32) - cell - bits, np.int64(32) - bits


@compiled
def sketch(sums, row, size, sign, first, shift, up, sketches):
    """Set that row of `sketches` to first + sign · sums, rounded by `shift`, moved up by `up`, modulo 2^32."""
    half = (np.int64(1) << shift) >> np.int64(1)
    for k in range(size):
        sketches[row, k] = np.uint32(((first + sign * sums[row, k] + half) >> shift) << up)


@compiled
def file_sums(p, shift, up, cell, sums, sketches, heads, following):
    """File all sums A of the first p samples."""
    a = 1 << low_bits(p)
    rows = 1 << (p - low_bits(p))
    sketch(sums, A_LOW, a, np.int64(1), np.int64(0), shift, up, sketches)
    sketch(sums, A_HIGH, rows, np.int64(1), np.int64(0), shift, up, sketches)
    cells = 1 << (p + SPARSENESS)
    for i in range(cells + 1):
        heads[i] = EMPTY
    down = np.uint32(cell)
    t = np.uint64(0)
    for i in range(rows):
        add = sketches[A_HIGH, i]
        for k in range(a):
            sketches[PLACED, k] = np.uint32(sketches[A_LOW, k] + add) >> down
        for k in range(a):
            place = np.uint64(sketches[PLACED, k])
            following[t] = heads[place]
            heads[place] = np.uint16(t | np.uint64(FILED))
            t += np.uint64(1)
    heads[cells] = heads[0]


@compiled
def confirm(w, p, s, delta, forgiven, cell, offset, count, best, mask, budget, sums, sketches, heads, following, survivors):
    """Return (residual, mask, pairs looked at) of the best pair among the survivors, starting from `best` and `mask`.

    Residuals up to `forgiven` count as 0. Equal residuals are decided by the smaller mask.
    """
    pa = np.uint16(low_bits(p))
    ma = np.uint16((1 << low_bits(p)) - 1)
    pb = np.uint32(low_bits(s))
    mb = np.uint32((1 << low_bits(s)) - 1)
    down = np.uint32(cell)
    filed = np.uint32((1 << p) - 1)
    kept = np.uint64(0)
    for i in range(count):
        pair = survivors[i]
        j = np.uint32(pair >> PLACES)
        first = np.uint32(pair) & np.uint32(0xFFFF)
        second = np.uint32(pair) >> np.uint32(16)
        t = (first | second) & filed
        d = sums[A_LOW, t & ma] + sums[A_HIGH, t >> pa] + sums[B_LOW, j & mb] + sums[B_HIGH, j >> pb] - w
        survivors[kept] = np.uint64(j)
        kept += np.uint64((abs(d) <= delta) | ((first != 0) & (second != 0)) | (following[t] != EMPTY))
    looked = np.int64(0)
    for i in range(np.int64(kept)):
        if best <= forgiven or looked > budget:
            break
        j = np.uint32(survivors[i])
        place = np.uint64(np.uint32(np.uint32(sketches[B_LOW, j & mb] + sketches[B_HIGH, j >> pb]) - offset) >> down)
        need = w - sums[B_LOW, j & mb] - sums[B_HIGH, j >> pb]
        for side in range(2):
            t = heads[place + np.uint64(side)]
            while t != EMPTY:
                t &= INDEX
                looked += 1
                d = abs(sums[A_LOW, t & ma] + sums[A_HIGH, t >> pa] - need)
                if d <= forgiven:
                    d = np.int64(0)
                if d <= best:
                    found = np.int64(t) | (np.int64(j) << p)
                    if d < best or found < mask:
                        best = d
                        mask = found
                t = following[t]
    return best, mask, looked


@compiled
def probe(w, p, s, start, delta, forgiven, layout, sums, sketches, heads, following, survivors):
    """Return (residual, mask) of the best pair within δ, NOTHING if there is none, mask CROWDED if there are too many
    to list.

    Probing sums are tried in increasing order of their masks from about `start`. With `forgiven` ≥ 0 the smallest
    mask within that tolerance is returned as soon as it is found, with residual 0.
    """
    shift, reach, up, cell = layout
    b = 1 << low_bits(s)
    rows = 1 << (s - low_bits(s))
    sketch(sums, B_LOW, b, np.int64(-1), np.int64(0), shift, up, sketches)
    sketch(sums, B_HIGH, rows, np.int64(-1), w, shift, up, sketches)
    offset = np.uint32(reach << up)
    down = np.uint32(cell)
    best = NOTHING
    mask = np.int64(0)
    budget = np.int64(64) << max(p, s)
    batch = 0 if forgiven >= 0 else (1 << s) // 2
    count = np.uint64(0)
    for i in range(start >> low_bits(s), rows):
        add = np.uint32(sketches[B_HIGH, i] - offset)
        j = np.uint64(i) << (np.uint64(low_bits(s)) + PLACES)
        for k in range(b):
            sketches[PLACED, k] = np.uint32(sketches[B_LOW, k] + add) >> down
        for k in range(b):
            two = two_at(heads, sketches[PLACED, k])
            survivors[count] = j | np.uint64(two)
            count += np.uint64(two != 0)
            j += ONE
        if np.int64(count) > batch or i == rows - 1:
            best, mask, looked = confirm(
                w,
                p,
                s,
                delta,
                forgiven,
                cell,
                offset,
                np.int64(count),
                best,
                mask,
                budget,
                sums,
                sketches,
                heads,
                following,
                survivors,
            )
            budget -= looked
            if budget < 0:
                return best, CROWDED
            if best <= forgiven:
                break
            count = np.uint64(0)
    return best, mask
