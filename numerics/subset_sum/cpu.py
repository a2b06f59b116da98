"""The CPU path: one kernel call solves a run of instances; answers are re-added from their masks before they are returned."""

import numpy as np

from .brute_force import LIMIT, nearest_by_brute_force
from .compiled import compiled
from .merge import nearest_by_merging
from .sums import extent, extreme, sum_of

SOLVED, INEXACT = 0, 1


@compiled
def write_answer(x, w, mask, row, masks, residuals):
    """Store `mask` and the residual recomputed from it."""
    for i in range(x.shape[0]):
        masks[row, i] = (mask >> i) & 1
    residuals[row] = sum_of(x, mask) - w


@compiled
def solve_run(samples, targets, tolerance, first, last, masks, residuals):
    """Solve the instances first ≤ u < last, u = row · T + t; return (status, u at which it was reached).

    samples [B, n], targets [B, T], masks [B T, n], residuals [B T]; `tolerance` < 0 asks for the optimum.
    """
    n = samples.shape[1]
    per_row = targets.shape[1]
    low = np.empty(256, np.int64)
    high = np.empty(1 << max(LIMIT - 8, 0), np.int64)
    for u in range(first, last):
        x = samples[u // per_row]
        w = targets[u // per_row, u % per_row]
        least, greatest, exact = extent(x, w)
        if not exact:
            return INEXACT, u
        if w <= least or w >= greatest:
            mask = extreme(x, w, least)
            if tolerance >= 0:
                reached = w - (least if w <= least else greatest)
                if abs(reached) <= tolerance:
                    mask = nearest_by_merging(x, w, tolerance)
        elif n <= LIMIT and tolerance < 0:
            mask = nearest_by_brute_force(x, w, low, high)
        else:
            mask = nearest_by_merging(x, w, tolerance)
        write_answer(x, w, mask, u, masks, residuals)
    return SOLVED, last
