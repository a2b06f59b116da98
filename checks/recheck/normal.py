"""Normal weights on the grid of step 2⁻¹², by position: the table of their law, computed again in integers, and its inverse.

The bin of k·h holds what e^{-x²/2} has between (k ± 1/2)h; with 192 fractional bits it is the density at k·h, a product of powers of
e^{-h²/2}, times 1 + (x² - 1)h²/24 + (x⁴ - 6x² + 3)h⁴/1920 + (x⁶ - 15x⁴ + 45x² - 15)h⁶/322560. Of the 2⁶³ values that the last 63 bits of a
word can have, those below the k-th threshold give |weight| < k; the first bit is the sign.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cache

from .weights import philox

GRID_BITS = 12
LAST = 10 << GRID_BITS
PLACES = 192


def power_of_e(shift: int) -> int:
    """e^{-2^-shift} in units of 2⁻¹⁹²: the first sixteen terms of its series, each rounded down."""
    terms, factorial = [], 1
    for j in range(16):
        factorial *= max(j, 1)
        terms.append((-1) ** j * ((1 << PLACES >> shift * j) // factorial))
    return sum(terms)


@cache
def table() -> list[int]:
    """The thresholds for k = 1, ..., 10·2¹²."""
    step, ratio, density = power_of_e(24), power_of_e(25), 1 << PLACES
    bins = []
    for k in range(LAST + 1):
        s = k * k
        a = s - (1 << 24)
        b = s * s - (6 * s << 24) + (3 << 48)
        c = s * s * s - (15 * s * s << 24) + (45 * s << 48) - (15 << 72)
        factor = (1 << PLACES) + ((a << 144) // 24 + (b << 96) // 1920 + (c << 48) // 322560)
        bins.append(density * factor >> PLACES)
        density, ratio = density * ratio >> PLACES, ratio * step >> PLACES
    whole, below, result = 2 * sum(bins) - bins[0], bins[0], []
    for mass in bins[1:]:
        result.append((below << 63) // whole)
        below += 2 * mass
    return result


def table_digest() -> str:
    """SHA-256 of the thresholds as decimals separated by spaces."""
    return hashlib.sha256(" ".join(map(str, table())).encode("ascii")).hexdigest()


def normal_weights(key: int, layer: int, tensor: int, positions: Iterable[int]) -> Iterator[int]:
    """The weights of a tensor at increasing positions, in units of 2⁻¹²."""
    thresholds = table()
    block, words = -1, (0, 0, 0, 0)
    for position in positions:
        if position >> 2 != block:
            block = position >> 2
            words = philox(key, layer << 192 | tensor << 128 | block)
        word = words[position & 3]
        magnitude = bisect_right(thresholds, word & (1 << 63) - 1)
        yield -magnitude if word >> 63 else magnitude
