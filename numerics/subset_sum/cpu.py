"""The CPU path: one kernel call solves a run of instances, and re-adds every answer from its mask."""

import numpy as np

from .brute_force import PLAIN_MOST, TRIED_MOST, brute_workspace, nearest_by_plain_sums
from .buckets import bucket_workspace
from .compiled import compiled
from .merge import nearest_by_merging
from .nearest import nearest_by_buckets, nearest_by_lanes, nearest_by_partition, nearest_by_table
from .partition import partition_workspace
from .sums import extent, extreme, sum_of
from .table import CROWDED, workspace
from .within import FLAT, first_within, first_within_by_partition, rarity

SOLVED, INEXACT, TIED = 0, 1, 2

BUCKETS_MOST = 25
"""Most samples for which buckets beat the chained table (benchmarks/subset_sum.py)."""

EXACT_SURPLUS = 4
"""On a grid so coarse that 2^4 subsets should hit the target exactly, the first one that does is looked for first."""


@compiled
def solve_run(samples, targets, tolerance, first, last, masks, residuals):
    """Solve the instances first ≤ u < last, u = row · T + t; return (status, the u at which it arose).

    samples [B, n], targets [B, T], masks [B T, n], residuals [B T]; `tolerance` < 0 asks for the optimum. TIED:
    instance u has too many equally good subsets for the table.
    """
    n = samples.shape[1]
    per_row = targets.shape[1]
    flat = min(n, 2 * FLAT)
    p = max(flat // 2, 8)
    lanes = brute_workspace()
    space = bucket_workspace(p, max(min(p + 2, FLAT), flat - p))
    chains = workspace(p if BUCKETS_MOST < n <= 2 * FLAT else 1, flat - p if BUCKETS_MOST < n <= 2 * FLAT else 1)
    divided = n if n > 2 * FLAT else 2
    parts = partition_workspace(divided // 2, divided - divided // 2)
    filed = np.full(4, -1, np.int64)
    for u in range(first, last):
        x = samples[u // per_row]
        w = targets[u // per_row, u % per_row]
        least, greatest, exact = extent(x, w)
        if not exact:
            return INEXACT, u
        mask = np.int64(-1)
        plenty = n > TRIED_MOST and tolerance < 0 and rarity(least, greatest, n, 0) < n - EXACT_SURPLUS
        if tolerance >= 0 or plenty:
            within = max(tolerance, np.int64(0))
            filed[0] = -1
            mask, done = first_within(x, w, least, greatest, within, lanes, space)
            if mask == -1 and done < n and not plenty:
                mask = first_within_by_partition(x, w, within, done, *parts)
        if mask == -1:
            if w <= least or w >= greatest:
                mask = extreme(x, w <= least)
            elif n <= PLAIN_MOST:
                mask = nearest_by_plain_sums(x, w, least, greatest, *lanes[:4])
            elif n <= TRIED_MOST:
                mask = nearest_by_lanes(x, w, *lanes)
            elif n <= BUCKETS_MOST:
                mask = nearest_by_buckets(x, w, n // 2, u // per_row, filed, *space)
            elif n <= 2 * FLAT:
                mask = nearest_by_table(x, w, p, u // per_row, filed, *chains)
            else:
                mask = nearest_by_partition(x, w, *parts)
        if mask == CROWDED:
            return TIED, u
        for i in range(n):
            masks[u, i] = (mask >> np.int64(i)) & np.int64(1)
        residuals[u] = sum_of(x, mask) - w
    return SOLVED, last


@compiled
def solve_tied(samples, targets, tolerance, u, masks, residuals):
    """Solve instance u, whose half sums repeat so often that merging equal ones is the way."""
    per_row = targets.shape[1]
    x = samples[u // per_row]
    w = targets[u // per_row, u % per_row]
    mask = nearest_by_merging(x, w, tolerance)
    for i in range(x.shape[0]):
        masks[u, i] = (mask >> np.int64(i)) & np.int64(1)
    residuals[u] = sum_of(x, mask) - w
