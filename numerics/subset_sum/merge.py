"""Meet in the middle over sorted half sums (Horowitz and Sahni, 1974), with equal sums merged so that ties cost
nothing."""

import numpy as np

from .compiled import compiled
from .sums import NOTHING, tabulate


@compiled
def sorted_sums(x, start, stop, out, other):
    """Leave the distinct sums of x[start:stop] in `out`, increasing, and return their number; both buffers hold
    2^(stop-start).
    """
    current, following = (out, other) if (stop - start) % 2 == 0 else (other, out)
    current[0] = 0
    size = 1
    for k in range(start, stop):
        add = x[k]
        i = 0
        j = 0
        new = 0
        while i < size or j < size:
            if j == size or (i < size and current[i] <= current[j] + add):
                value = current[i]
                i += 1
                if j < size and current[j] + add == value:
                    j += 1
            else:
                value = current[j] + add
                j += 1
            following[new] = value
            new += 1
        size = new
        current, following = following, current
    return size


@compiled
def least_residual(a, na, b, nb, w):
    """Return min |a[i] + b[j] - w| over two increasing lists."""
    i = 0
    j = nb - 1
    best = NOTHING
    while i < na and j >= 0:
        d = a[i] + b[j] - w
        best = min(best, abs(d))
        if d > 0:
            j -= 1
        else:
            i += 1
    return best


@compiled
def smallest_mask_within(x, w, tolerance, a, na, scratch):
    """Return the smallest mask with |sum - w| ≤ tolerance, or -1; `a` holds the increasing sums of the first half of
    x.
    """
    n = x.shape[0]
    half = n // 2
    tabulate(x, half, n, np.int64(0), scratch.reshape(1, -1), 0)
    for j in range(1 << (n - half)):
        need = w - scratch[j] - tolerance
        lo = 0
        hi = na
        while lo < hi:
            mid = (lo + hi) // 2
            if a[mid] < need:
                lo = mid + 1
            else:
                hi = mid
        if lo < na and a[lo] <= need + 2 * tolerance:
            tabulate(x, 0, half, np.int64(0), scratch.reshape(1, -1), 0)
            for i in range(1 << half):
                if need <= scratch[i] <= need + 2 * tolerance:
                    return np.int64(i) | (np.int64(j) << half)
    return np.int64(-1)


@compiled
def nearest_by_merging(x, w, tolerance):
    """Return the smallest mask within `tolerance` of w if there is one (negative: never), else the smallest optimal
    mask.
    """
    n = x.shape[0]
    half = n // 2
    size = 1 << (n - half)
    left = np.empty(size, np.int64)
    right = np.empty(size, np.int64)
    scratch = np.empty(size, np.int64)
    na = sorted_sums(x, 0, half, left, scratch)
    if tolerance >= 0:
        mask = smallest_mask_within(x, w, tolerance, left, na, scratch)
        if mask >= 0:
            return mask
    nb = sorted_sums(x, half, n, right, scratch)
    best = least_residual(left, na, right, nb, w)
    return smallest_mask_within(x, w, best, left, na, scratch)
