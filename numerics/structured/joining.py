"""The inner loop of list merging: pairs of vectors in a common cell of a grid, by hashing; compiled."""

import numpy as np

from numerics.subset_sum.compiled import compiled

KNUTH = 0x9E3779B97F4A7C15


@compiled
def cell_keys(vectors, sides, sign, keys):
    """Set `keys` to a number for the cell of sign·vector; few cells share one."""
    rows, d = vectors.shape
    for i in range(rows):
        h = np.uint64(0)
        for k in range(d):
            cell = np.int64(np.floor(sign * vectors[i, k] / sides[k]))
            h = (h ^ (h >> np.uint64(29)) ^ np.uint64(cell)) * np.uint64(KNUTH)
        keys[i] = h ^ (h >> np.uint64(32))


@compiled
def join(a, b, keys, others, heads, following, i, j, norms):
    """Store the pairs (i, j) of equal keys with ‖a_i + b_j‖∞, as many as fit; return how many there are."""
    d = a.shape[1]
    places = np.uint64(len(heads) - 1)
    heads[:] = -1
    for row in range(len(others)):
        place = others[row] & places
        following[row] = heads[place]
        heads[place] = row
    found = 0
    for row in range(len(keys)):
        other = heads[keys[row] & places]
        while other >= 0:
            if others[other] == keys[row]:
                if found < len(i):
                    norm = np.int64(0)
                    for k in range(d):
                        norm = max(norm, abs(a[row, k] + b[other, k]))
                    i[found] = row
                    j[found] = other
                    norms[found] = norm
                found += 1
            other = following[other]
    return found
