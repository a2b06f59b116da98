"""The proved optimum of one instance by guess: guess how near the nearest sum lies, then look at all
pairs that near."""

import numpy as np

from .brute_force import search_by_brute_force
from .compiled import compiled
from .partition import pairs_by_partition
from .table import CROWDED, cell_layout, file_sums, probe, split_sums

EXPECTED_PAIRS = 5.0
"""How many subsets are expected within the guessed δ; a second pass is then needed in about e^-5 of the instances."""

LARGEST_SCALE = 50


@compiled
def guess_distance(x, w, expected):
    """Return the δ within which about `expected` subsets lie around w, by the normal density.

    The guess decides the time taken, never the answer.
    """
    total = 0.0
    squares = 0.0
    for i in range(x.shape[0]):
        value = float(x[i])
        total += value
        squares += value * value
    distance = float(w) - 0.5 * total
    variance = 0.25 * squares
    exponent = min(distance * distance / (2.0 * variance), 12.0)
    return 0.5 * expected * np.exp(exponent) * np.sqrt(2.0 * np.pi * variance) / 2.0 ** x.shape[0]


@compiled
def guess_scale(x, w, expected):
    """Return the shift k for which δ = 28 · 2^k is about the guessed distance; 28 · 2^k fills the cells of the table best."""
    delta = guess_distance(x, w, expected)
    k = np.int64(0)
    while k < LARGEST_SCALE and delta > 40.0:
        delta *= 0.5
        k += 1
    return k


@compiled
def nearest_by_lanes(x, w, scaled, low, small, high, starts):
    """Return the smallest optimal mask of w, for at most 16 samples."""
    k = guess_scale(x, w, EXPECTED_PAIRS)
    while True:
        delta = np.int64(28) << k
        _, mask = search_by_brute_force(x, w, delta, x.shape[0], True, scaled, low, small, high, starts)
        if mask >= 0:
            return mask
        k = min(k + 3, LARGEST_SCALE)


@compiled
def nearest_by_table(x, w, p, row, filed, sums, sketches, heads, following, survivors):
    """Return the smallest optimal mask of w by the table of 2^p sums, CROWDED if too many subsets are equally near.

    `filed` int64 [2] holds the row and the scale of what the table contains: targets that share samples share it.
    """
    s = x.shape[0] - p
    k = guess_scale(x, w, EXPECTED_PAIRS)
    shared = filed[0] == row and k <= filed[1] <= k + 1
    if shared:
        k = filed[1]
    elif filed[0] != row:
        split_sums(x, p, s, sums)
    while k <= LARGEST_SCALE:
        delta = np.int64(28) << k
        layout = cell_layout(delta, p)
        if not shared:
            file_sums(p, layout[0], layout[2], layout[3], sums, sketches, heads, following)
            filed[0] = row
            filed[1] = k
        best, mask = probe(w, p, s, 0, delta, np.int64(-1), layout, sums, sketches, heads, following, survivors)
        if mask == CROWDED or best <= delta:
            return mask
        k += 4
        shared = False
    return CROWDED


@compiled
def nearest_by_partition(x, w, sums, keys, shifts, order, heads, following, origin, survivors, pointers):
    """Return the smallest optimal mask of w part by part, CROWDED if too many subsets are equally near."""
    p = x.shape[0] // 2
    s = x.shape[0] - p
    k = guess_scale(x, w, EXPECTED_PAIRS)
    while k <= LARGEST_SCALE:
        delta = np.int64(28) << k
        best, mask = pairs_by_partition(
            x, w, p, s, delta, np.int64(-1),
            sums, keys, shifts, order, heads, following, origin, survivors, pointers,
        )  # fmt: skip
        if mask == CROWDED or best <= delta:
            return mask
        k += 4
    return CROWDED
