"""The smallest mask within a tolerance, for many targets that share their samples: one table of sums per row serves all.

Sums are filed by the cell of width ≥ 2 · tolerance + 1 they fall into, chained in increasing order of their masks; what
is near a target lies in one cell or the next. Masks are filed in stages, smaller ones first, as long as that costs less
than solving the targets that are left one by one.
"""

import numpy as np

from .compiled import compiled
from .limits import EXACT_BITS
from .sums import extent, log2_ceiling, tabulate
from .within import rarity, tries_per_range

SHARED_LEAST = 16
"""Fewest targets in a row for which a table is made."""

FIRST_BITS, STEP_BITS, LOW_BITS = 6, 2, 6

STAGE_MOST = 20
"""log2 of the most masks filed."""


@compiled
def shared_workspace(n):
    """Return (low, high, heads, following) for tables of up to 2^min(n, 20) sums."""
    bits = min(n, STAGE_MOST)
    return (
        np.empty((1, 1 << LOW_BITS), np.int64),
        np.empty((1, 1 << max(bits - LOW_BITS, 0)), np.int64),
        np.empty(1 << bits, np.int32),
        np.empty(1 << bits, np.int32),
    )


@compiled
def file_masks(x, before, bits, cell, low, high, heads, following):
    """Chain the masks from 2^before (0 for before = 0) up to 2^bits by the cells of their sums, increasing."""
    split = min(bits, LOW_BITS)
    tabulate(x, 0, split, np.int64(0), low, 0)
    tabulate(x, split, bits, np.int64(0), high, 0)
    wrap = np.int64((1 << bits) - 1)
    heads[: 1 << bits] = -1
    least = np.int64(1) << before if before > 0 else np.int64(0)
    for mask in range((np.int64(1) << bits) - 1, least - 1, -1):
        place = ((low[0, mask & ((1 << split) - 1)] + high[0, mask >> split]) >> cell) & wrap
        following[mask] = heads[place]
        heads[place] = mask


@compiled
def first_near(w, tolerance, bits, cell, low, high, heads, following):
    """Return (the smallest filed mask with |sum - w| ≤ tolerance or -1, its sum)."""
    split = min(bits, LOW_BITS)
    part = (1 << split) - 1
    wrap = np.int64((1 << bits) - 1)
    found = np.int64(-1)
    total = np.int64(0)
    first = (w - tolerance) >> cell
    for place in range(first, ((w + tolerance) >> cell) + 1):
        mask = np.int64(heads[place & wrap])
        while mask >= 0 and (found < 0 or mask < found):
            value = low[0, mask & part] + high[0, mask >> split]
            if abs(value - w) <= tolerance:
                found = mask
                total = value
                break
            mask = np.int64(following[mask])
    return found, total


@compiled
def shared_run(samples, targets, tolerance, first, last, masks, residuals, unsolved):
    """Solve those of the instances first ≤ u < last that small masks solve, and clear unsolved[u - first] for them;
    arrays as in `cpu.solve_run`.
    """
    n = samples.shape[1]
    per_row = targets.shape[1]
    low, high, heads, following = shared_workspace(n)
    tries = tries_per_range(n, tolerance)
    limit = np.int64(1) << np.int64(EXACT_BITS)
    cell = log2_ceiling(2 * tolerance + 1)
    for row in range(first // per_row, (last + per_row - 1) // per_row):
        x = samples[row]
        start = max(row * per_row, first)
        end = min((row + 1) * per_row, last)
        least, greatest, exact = extent(x, np.int64(0))
        if not exact:
            continue
        before = 0
        bits = min(max(rarity(least, greatest, tries) + 2, FIRST_BITS), n, STAGE_MOST)
        left = end - start
        while left >= SHARED_LEAST and (1 << bits) <= left * left:
            file_masks(x, before, bits, cell, low, high, heads, following)
            left = 0
            for u in range(start, end):
                w = targets[row, u - row * per_row]
                if not unsolved[u - first] or w <= -limit or w >= limit or w < least - tolerance or w > greatest + tolerance:
                    continue
                mask, total = first_near(w, tolerance, bits, cell, low, high, heads, following)
                if mask < 0:
                    left += 1
                    continue
                unsolved[u - first] = False
                for i in range(n):
                    masks[u, i] = (mask >> np.int64(i)) & np.int64(1)
                residuals[u] = total - w
            if bits == min(n, STAGE_MOST):
                break
            before = bits
            bits = min(bits + STEP_BITS, n, STAGE_MOST)
