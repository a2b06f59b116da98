"""Objectives other than the residual alone: fewest samples, least Σ|x|, a fixed number of samples.

Both lists of half sums are sorted. As one is run through downwards, the sums of the other that fit within the
tolerance form a window that moves upwards, and a monotone queue keeps the cheapest of the window.
"""

import numpy as np

from .circle import sorted_circle
from .compiled import compiled
from .sums import NOTHING, extent, sum_of, tabulate

SPARSEST, SMALLEST, SIZE = 0, 1, 2
SOLVED, INEXACT = 0, 1
BIAS = np.uint64(2**62)
LEFT, RIGHT = 0, 1


@compiled
def count_of(mask):
    """Return the number of samples in `mask`."""
    count = 0
    while mask != 0:
        mask &= mask - np.uint32(1)
        count += 1
    return count


@compiled
def cheapest(keys, order, costs, a0, a1, b0, b1, half, w, tolerance, queue, cost, mask):
    """Return (cost, mask) of the cheapest pair within `tolerance` of w, a from [a0, a1) and b from [b0, b1), or the
    given one.

    Equal costs are decided by the smaller mask. `queue` is scratch.
    """
    head = 0
    tail = 0
    entering = a0
    for j in range(b1 - 1, b0 - 1, -1):
        need = w - np.int64(keys[RIGHT, j] - BIAS)
        while entering < a1 and np.int64(keys[LEFT, entering] - BIAS) <= need + tolerance:
            c = costs[LEFT, entering]
            m = order[LEFT, entering]
            while tail > head and (
                costs[LEFT, queue[tail - 1]] > c or (costs[LEFT, queue[tail - 1]] == c and order[LEFT, queue[tail - 1]] > m)
            ):
                tail -= 1
            queue[tail] = entering
            tail += 1
            entering += 1
        while tail > head and np.int64(keys[LEFT, queue[head]] - BIAS) < need - tolerance:
            head += 1
        if tail > head:
            total = costs[LEFT, queue[head]] + costs[RIGHT, j]
            if total <= cost:
                found = np.int64(order[LEFT, queue[head]]) | (np.int64(order[RIGHT, j]) << np.int64(half))
                if total < cost or found < mask:
                    cost = total
                    mask = found
    return cost, mask


@compiled
def least_residual(keys, a0, a1, b0, b1, w):
    """Return min |a + b - w| over a from [a0, a1) and b from [b0, b1) of the sorted lists."""
    i = a0
    j = b1 - 1
    best = NOTHING
    while i < a1 and j >= b0:
        d = np.int64(keys[LEFT, i] - BIAS) + np.int64(keys[RIGHT, j] - BIAS) - w
        best = min(best, abs(d))
        if d > 0:
            j -= 1
        else:
            i += 1
    return best


@compiled
def group_by_count(keys, order, row, size, bits, starts):
    """Reorder a sorted list by the number of samples, sorted within each; the next row is scratch. starts[g] begins
    group g.
    """
    starts[row, :] = 0
    for k in range(size):
        starts[row, count_of(order[row, k]) + 1] += 1
    for g in range(bits + 1):
        starts[row, g + 1] += starts[row, g]
    for k in range(size):
        keys[row + 1, k] = keys[row, k]
        order[row + 1, k] = order[row, k]
    for k in range(size):
        g = count_of(order[row + 1, k])
        keys[row, starts[row, g]] = keys[row + 1, k]
        order[row, starts[row, g]] = order[row + 1, k]
        starts[row, g] += 1
    for g in range(bits + 1, 0, -1):
        starts[row, g] = starts[row, g - 1]
    starts[row, 0] = 0


@compiled
def best_of_size(keys, order, costs, starts, half, other, chosen, w, queue):
    """Return the smallest mask of exactly `chosen` samples whose sum is nearest to w; the lists are grouped by
    count.
    """
    first = max(0, chosen - other)
    last = min(half, chosen)
    best = NOTHING
    for g in range(first, last + 1):
        h = chosen - g
        best = min(
            best,
            least_residual(keys, starts[LEFT, g], starts[LEFT, g + 1], starts[RIGHT, h], starts[RIGHT, h + 1], w),
        )
    cost = NOTHING
    mask = np.int64(-1)
    for g in range(first, last + 1):
        h = chosen - g
        cost, mask = cheapest(
            keys, order, costs, starts[LEFT, g], starts[LEFT, g + 1], starts[RIGHT, h], starts[RIGHT, h + 1],
            half, w, best, queue, cost, mask,
        )  # fmt: skip
    return mask


@compiled
def prepare_half(x, start, bits, kind, prices, keys, order, costs, starts, row):
    """Sort the sums of x[start:start+bits] into `row` (the next row is scratch) and price or group them."""
    size = 1 << bits
    sorted_circle(x, start, bits, BIAS, 0, False, keys, order, row)
    if kind == SIZE:
        group_by_count(keys, order, row, size, bits, starts)
    else:
        low = bits // 2
        table = np.empty((2, 1 << (bits - low)), np.int64)
        tabulate(prices, start, start + low, np.int64(0), table, 0)
        tabulate(prices, start + low, start + bits, np.int64(0), table, 1)
        part = np.uint32((1 << low) - 1)
        for k in range(size):
            costs[row, k] = table[0, order[row, k] & part] + table[1, order[row, k] >> np.uint32(low)]


@compiled
def solve_run_by_cost(samples, targets, kind, chosen, tolerance, first, last, masks, residuals):
    """Solve the instances first ≤ u < last for SPARSEST, SMALLEST or SIZE; return (status, u); arrays as in
    `cpu.solve_run`.

    Where no subset is within the tolerance the residual is NOTHING and the mask is left alone.
    """
    n = samples.shape[1]
    per_row = targets.shape[1]
    half = n // 2
    other = n - half
    keys = np.empty((3, 1 << other), np.uint64)
    order = np.empty((3, 1 << other), np.uint32)
    costs = np.zeros((2, 1 << other), np.int64)
    queue = np.empty(1 << half, np.uint32)
    starts = np.zeros((2, other + 3), np.int64)
    prices = np.ones(n, np.int64)
    row = -1
    for u in range(first, last):
        x = samples[u // per_row]
        w = targets[u // per_row, u % per_row]
        if not extent(x, w)[2]:
            return INEXACT, u
        if row != u // per_row:
            row = u // per_row
            if kind == SMALLEST:
                for i in range(n):
                    prices[i] = abs(x[i])
            prepare_half(x, 0, half, kind, prices, keys, order, costs, starts, LEFT)
            prepare_half(x, half, other, kind, prices, keys, order, costs, starts, RIGHT)
        if kind == SIZE:
            mask = best_of_size(keys, order, costs, starts, half, other, chosen, w, queue)
        else:
            _, mask = cheapest(keys, order, costs, 0, 1 << half, 0, 1 << other, half, w, tolerance, queue, NOTHING, np.int64(-1))
        if mask < 0:
            residuals[u] = NOTHING
            continue
        for i in range(n):
            masks[u, i] = (mask >> np.int64(i)) & np.int64(1)
        residuals[u] = sum_of(x, mask) - w
    return SOLVED, last
