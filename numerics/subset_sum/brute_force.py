"""Every subset in turn: the fastest exact optimum for few samples, and the reference for the other algorithms."""

import numpy as np

from .compiled import compiled
from .sums import NOTHING, tabulate

LIMIT = 14
"""Most samples for which trying every subset beats the filter (benchmarks/subset_sum.py)."""


@compiled
def nearest_by_brute_force(x, w, low, high):
    """Return the smallest mask among those whose sum is nearest to `w`.

    `low` and `high` are work space of 256 and 2^(n-8) integers. Masks are tried in increasing order, so the first optimum is kept.
    """
    n = x.shape[0]
    split = min(n, 8)
    tabulate(x, 0, split, np.int64(0), low)
    tabulate(x, split, n, -w, high)
    best = NOTHING
    row = 0
    for h in range(1 << (n - split)):
        least = NOTHING
        for k in range(1 << split):
            least = min(least, abs(low[k] + high[h]))
        if least < best:
            best = least
            row = h
    for k in range(1 << split):
        if abs(low[k] + high[row]) == best:
            return np.int64(k) | (np.int64(row) << split)
    return np.int64(0)
