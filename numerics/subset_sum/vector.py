"""Subset sums of vectors: the subset whose sum is nearest to a target in the sup norm, exactly, for up to 9
coordinates.

Meet in the middle: half sums are filed by the cell of side ≥ 2δ + 1 that their first few coordinates fall into, and
the other half looks into the at most 2^c neighbouring cells, c the number of filed coordinates, with a box that
shrinks as better sums are found.
"""

import numpy as np

from .compiled import compiled
from .limits import EXACT_BITS
from .sums import NOTHING, log2_ceiling

FILED_MOST = 6
SOLVED, INEXACT = 0, 1


@compiled
def tabulate_vectors(x, start, stop, sign, table):
    """Set `table[m]` to `sign` times the sum of the vectors x[start:stop] whose bits are set in m."""
    table[0, :] = 0
    size = 1
    for i in range(start, stop):
        for m in range(size):
            for k in range(x.shape[1]):
                table[size + m, k] = table[m, k] + sign * x[i, k]
        size *= 2


@compiled
def mixed(h):
    """Return a scrambled 64-bit integer (multiplicative hashing, Knuth 6.4)."""
    return (h ^ (h >> np.uint64(29))) * np.uint64(0x9E3779B97F4A7C15)


@compiled
def bit_count(m):
    """Return how many bits of a non-negative integer are set."""
    count = np.int64(0)
    while m:
        m &= m - np.int64(1)
        count += 1
    return count


@compiled
def guess_radius(x, w, size, deviations):
    """Return a δ within which a few subsets are expected, by the normal density, and set `deviations`; only speed
    depends on it. With `size` ≥ 0 subsets of that size are meant.
    """
    n, d = x.shape
    log_density = 0.0
    log_count = n * np.log(2.0)
    share = 0.5
    if size >= 0:
        share = size / max(n, 1)
        log_count = 0.0
        for i in range(size):
            log_count += np.log((n - i) / (i + 1.0))
    for k in range(d):
        total = 0.0
        squares = 0.0
        for i in range(n):
            total += float(x[i, k])
            squares += float(x[i, k]) ** 2
        spread = squares if size < 0 else squares - total * total / max(n, 1)
        variance = share * (1.0 - share) * spread + 1e-9
        deviations[k] = np.sqrt(0.25 * squares + 1e-9)
        log_density -= min((float(w[k]) - share * total) ** 2 / (2.0 * variance), 8.0) + 0.5 * np.log(2 * np.pi * variance)
    return 0.5 * np.exp((np.log(8.0) - log_count - log_density) / d)


@compiled
def filed_coordinates(d, bits, cell, deviations):
    """Return how many coordinates to file by: enough for about one half sum in three cells."""
    c = 0
    cells = 1.0
    while c < min(d, FILED_MOST) and cells < 0.3 * 2.0**bits:
        cells *= max(1.0, 3.0 * deviations[c] / 2.0**cell)
        c += 1
    return c


@compiled
def search_box(x, w, delta, forgiven, size, deviations, a, b, heads, following):
    """Return (residual, smallest mask) of the best subset within δ in the sup norm, NOTHING if there is none.

    With `forgiven` ≥ 0 the smallest mask within that tolerance is returned, with residual 0; with `size` ≥ 0 only
    subsets of that size count, and half sums are filed by their size too.
    """
    n, d = x.shape
    half = n // 2
    lb = min(n - half, 8)
    cell = log2_ceiling(2 * delta + 1)
    c = filed_coordinates(d, half, cell, deviations)
    down = np.uint64(64 - (half + 1))
    heads[:] = -1
    for i in range(1 << half):
        h = np.uint64(0) if size < 0 else np.uint64(bit_count(np.int64(i)))
        for k in range(c):
            h = mixed(h + np.uint64(a[i, k] >> cell))
        place = h >> down
        following[i] = heads[place]
        heads[place] = i
    best = NOTHING
    mask = np.int64(-1)
    radius = delta
    base = np.empty(d, np.int64)
    v = np.empty(d, np.int64)
    least = np.empty(FILED_MOST, np.int64)
    most = np.empty(FILED_MOST, np.int64)
    at = np.empty(FILED_MOST, np.int64)
    hashes = np.empty(FILED_MOST, np.uint64)
    for row in range(1 << (n - half - lb)):
        for k in range(d):
            base[k] = w[k]
            for i in range(n - half - lb):
                if (row >> i) & 1:
                    base[k] -= x[half + lb + i, k]
        rest = size - bit_count(np.int64(row)) if size >= 0 else np.int64(0)
        for j in range(1 << lb):
            left = rest
            h = np.uint64(0)
            if size >= 0:
                left = rest - bit_count(np.int64(j))
                if left < 0 or left > half:
                    continue
                h = np.uint64(left)
            for k in range(d):
                v[k] = base[k] + b[j, k]
            for k in range(c):
                first = (v[k] - radius) >> cell
                least[k] = first
                most[k] = (v[k] + radius) >> cell
                at[k] = first
                hashes[k] = h
                h = mixed(h + np.uint64(first))
            while True:
                i = heads[h >> down]
                while i >= 0:
                    e = np.int64(0)
                    for k in range(d):
                        e = max(e, abs(a[i, k] - v[k]))
                        if e > radius:
                            break
                    if e <= radius and (size < 0 or bit_count(np.int64(i)) == left):
                        if e <= forgiven:
                            e = np.int64(0)
                        found = np.int64(i) | ((np.int64(j) | (np.int64(row) << np.int64(lb))) << np.int64(half))
                        if e < best or (e == best and found < mask):
                            best = e
                            mask = found
                            if forgiven < 0:
                                radius = e
                    i = following[i]
                # The next cell; the last coordinate runs fastest, the hashes of the others stay.
                k = c - 1
                while k >= 0 and at[k] == most[k]:
                    at[k] = least[k]
                    k -= 1
                if k < 0:
                    break
                at[k] += 1
                h = mixed(hashes[k] + np.uint64(at[k]))
                for further in range(k + 1, c):
                    hashes[further] = h
                    h = mixed(h + np.uint64(at[further]))
            if best <= forgiven:
                return best, mask
    return best, mask


@compiled
def solve_vector(x, w, tolerance, only, size, deviations, a, b, heads, following):
    """Return the smallest mask within `tolerance` of w in the sup norm, or else the smallest optimal mask, or the empty
    one if `only` those within it are wanted; with `size` ≥ 0 of so many samples.
    """
    n, d = x.shape
    half = n // 2
    tabulate_vectors(x, 0, half, np.int64(1), a)
    tabulate_vectors(x, half, half + min(n - half, 8), np.int64(-1), b)
    radius = guess_radius(x, w, size, deviations)
    if tolerance >= 0:
        _, mask = search_box(x, w, tolerance, tolerance, size, deviations, a, b, heads, following)
        if mask >= 0:
            return mask
        if only:
            return np.int64(0)
        radius = max(radius, (tolerance + 1) * 2.0 ** (1.0 / d))
    while True:
        delta = np.int64(min(max(radius, 1.0), 2.0**61))
        _, mask = search_box(x, w, delta, np.int64(-1), size, deviations, a, b, heads, following)
        if mask >= 0:
            return mask
        radius = max(radius, 1.0) * 2.0 ** (4.0 / d)


@compiled
def solve_vector_run(samples, targets, tolerance, only, size, first, last, masks, residuals):
    """Solve the instances first ≤ u < last; samples [B, n, d], targets and residuals [B, d], masks [B, n]; return
    (status, u).
    """
    n, d = samples.shape[1], samples.shape[2]
    half = n // 2
    a = np.empty((1 << half, d), np.int64)
    b = np.empty((256, d), np.int64)
    heads = np.empty(2 << half, np.int32)
    following = np.empty(1 << half, np.int32)
    deviations = np.empty(d, np.float64)
    limit = np.int64(1) << np.int64(EXACT_BITS)
    for u in range(first, last):
        x = samples[u]
        w = targets[u]
        for k in range(d):
            if abs(w[k]) >= limit:
                return INEXACT, u
            for i in range(n):
                if abs(x[i, k]) >= limit:
                    return INEXACT, u
        mask = solve_vector(x, w, tolerance, only, size, deviations, a, b, heads, following)
        for k in range(d):
            residuals[u, k] = -w[k]
        for i in range(n):
            masks[u, i] = (mask >> np.int64(i)) & np.int64(1)
            if masks[u, i]:
                for k in range(d):
                    residuals[u, k] += x[i, k]
    return SOLVED, last
