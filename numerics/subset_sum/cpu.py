"""The CPU path: one kernel call solves a run of instances, and re-adds every answer from its mask."""

import numpy as np

from .brute_force import PLAIN_MOST, TRIED_MOST, brute_workspace, nearest_by_plain_sums, search_by_brute_force
from .buckets import runs_workspace
from .compiled import compiled
from .merge import nearest_by_merging
from .nearest import guess_distance, nearest_by_lanes, nearest_by_partition, nearest_by_table
from .partition import partition_workspace
from .runs import EXPECTED_PAIRS, nearest_by_runs
from .sums import extent, extreme, sum_of
from .table import CROWDED, workspace
from .within import BRUTE_RARITY, FLAT, first_by_table, first_within_by_partition, rarity, tries_per_range

SOLVED, INEXACT, TIED = 0, 1, 2

RUNS_LEAST, RUNS_MOST = 30, 39
"""From how many to how many samples sorted runs are the fastest (benchmarks/subset_sum.py)."""

EXACT_SURPLUS = 4
"""On a grid so coarse that 2^4 subsets should hit the target exactly, the first one that does is looked for first."""


@compiled
def solve_run(samples, targets, tolerance, first, last, masks, residuals, unsolved, offset):
    """Solve the instances first ≤ u < last, u = row · T + t; return (status, the u at which it arose).

    samples [B, n], targets [B, T], masks [B T, n], residuals [B T]; `tolerance` < 0 asks for the optimum. TIED:
    instance u has too many equally good subsets for the table. Instances with unsolved[u - offset] false are left alone.
    """
    n = samples.shape[1]
    per_row = targets.shape[1]
    flat = min(n, 2 * FLAT)
    p = flat // 2
    scaled, low, small, high, starts = brute_workspace()
    sums, sketches, heads, following, survivors = workspace(p, max(min(p + 2, FLAT), flat - p))
    divided = n if n > 2 * FLAT else 2
    d_sums, d_keys, d_shifts, d_order, d_heads, d_following, d_origin, d_survivors, d_pointers = partition_workspace(
        divided // 2, divided - divided // 2
    )
    by_runs = RUNS_LEAST <= n <= RUNS_MOST
    r_sums, r_small, r_keys, r_order, r_below, r_ends, r_adds, r_lists, r_buckets, r_hits = runs_workspace(n, by_runs)
    filed = np.full(2, -1, np.int64)
    sorted_row = np.full(1, -1, np.int64)
    tries = tries_per_range(n, max(tolerance, 0))
    for u in range(first, last):
        if not unsolved[u - offset]:
            continue
        x = samples[u // per_row]
        w = targets[u // per_row, u % per_row]
        least, greatest, exact = extent(x, w)
        if not exact:
            return INEXACT, u
        mask = np.int64(-1)
        plenty = n > TRIED_MOST and tolerance < 0 and rarity(least, greatest, tries) < n - EXACT_SURPLUS
        if tolerance >= 0 or plenty:
            within = max(tolerance, np.int64(0))
            filed[0] = -1
            outside = w < least - within or w > greatest + within
            rare = rarity(least, greatest, tries)
            done = n if outside else 0
            if not outside and (rare <= BRUTE_RARITY or n <= TRIED_MOST):
                done = min(n, TRIED_MOST)
                if plenty:
                    mask = search_by_brute_force(x, w, within, done, False, scaled, low, small, high, starts)[1]
            if mask == -1 and done < n:
                mask, done = first_by_table(x, w, within, rare, done, sums, sketches, heads, following, survivors)
            if mask == -1 and done < n and not plenty:
                mask = first_within_by_partition(
                    x, w, within, done,
                    d_sums, d_keys, d_shifts, d_order, d_heads, d_following, d_origin, d_survivors, d_pointers,
                )  # fmt: skip
        if mask == -1:
            if w <= least or w >= greatest:
                mask = extreme(x, w <= least)
            elif n <= PLAIN_MOST:
                mask = nearest_by_plain_sums(x, w, least, greatest, scaled, low, small, high)
            elif n <= TRIED_MOST:
                mask = nearest_by_lanes(x, w, scaled, low, small, high, starts)
            else:
                if by_runs:
                    mask = nearest_by_runs(
                        x, w, u // per_row, sorted_row, guess_distance(x, w, EXPECTED_PAIRS),
                        r_sums, r_small, r_keys, r_order, r_below, r_ends, r_adds, r_lists, r_buckets, r_hits,
                    )  # fmt: skip
                if mask < 0 and n <= 2 * FLAT:
                    mask = nearest_by_table(x, w, p, u // per_row, filed, sums, sketches, heads, following, survivors)
                elif mask < 0:
                    mask = nearest_by_partition(
                        x, w, d_sums, d_keys, d_shifts, d_order, d_heads, d_following, d_origin, d_survivors, d_pointers
                    )
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
