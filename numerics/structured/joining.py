"""The inner loops of list merging: pairs of vectors in a common cell of a grid, by hashing; compiled."""

import numpy as np

from numerics.subset_sum.compiled import compiled

KNUTH = 0x9E3779B97F4A7C15


@compiled
def cell_keys(vectors, sides, sign, keys):
    """Set `keys` to a number for the cell of sign·vector; few cells share one."""
    rows, d = vectors.shape
    scale = sign / sides
    for i in range(rows):
        h = np.uint64(0)
        for k in range(d):
            cell = np.int64(np.floor(scale[k] * vectors[i, k]))
            h = (h ^ (h >> np.uint64(29)) ^ np.uint64(cell)) * np.uint64(KNUTH)
        keys[i] = h ^ (h >> np.uint64(32))


@compiled
def file_rows(keys, starts, rows):
    """Sort the rows by the lowest bits of their keys, stably: those of bucket p are rows[starts[p] : starts[p + 1]]."""
    last = np.uint64(len(starts) - 2)
    starts[:] = 0
    for key in keys:
        starts[(key & last) + np.uint64(1)] += 1
    for p in range(1, len(starts)):
        starts[p] += starts[p - 1]
    for row in range(len(keys)):
        place = keys[row] & last
        rows[starts[place]] = row
        starts[place] += 1
    for p in range(len(starts) - 1, 0, -1):
        starts[p] = starts[p - 1]
    starts[0] = 0


@compiled
def join(a, b, keys, others, starts, i, j, norms):
    """Store the pairs (i, j) of equal keys with ‖a_i + b_j‖∞, as many as fit; return how many there are.

    `starts` `[2, buckets + 1]`, `buckets` a power of two, is overwritten. Pairs come bucket by bucket, so that few rows are far apart.
    """
    d = a.shape[1]
    rows, other_rows = np.empty(len(keys), np.int32), np.empty(len(others), np.int32)
    file_rows(keys, starts[0], rows)
    file_rows(others, starts[1], other_rows)
    found = 0
    for p in range(starts.shape[1] - 1):
        first, end = starts[1, p], starts[1, p + 1]
        if first == end:
            continue
        for s in range(starts[0, p], starts[0, p + 1]):
            row = rows[s]
            key = keys[row]
            for t in range(first, end):
                other = other_rows[t]
                if others[other] == key:
                    if found < len(i):
                        norm = np.int64(0)
                        for k in range(d):
                            norm = max(norm, abs(a[row, k] + b[other, k]))
                        i[found] = row
                        j[found] = other
                        norms[found] = norm
                    found += 1
    return found


@compiled
def added(a, b, i, j):
    """The sums of the rows i of a and the rows j of b."""
    result = np.empty((len(i), a.shape[1]), np.int64)
    for p in range(len(i)):
        for k in range(a.shape[1]):
            result[p, k] = a[i[p], k] + b[j[p], k]
    return result
