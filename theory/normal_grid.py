"""The normal law on a grid of step h = 2⁻¹²: an exact discrete law, sampled with integers, and its distance from N(0, 1).

A weight is W = ±k·h. The law is that of a normal number rounded to the nearest multiple of h, its probabilities rounded to multiples of
2⁻⁶⁴: with the increasing integers T_1 ≤ ... ≤ T_K below 2⁶³ of `thresholds()` and T_0 = 0, T_{K+1} = 2⁶³,

    P(|W| = k·h) = (T_{k+1} - T_k)/2⁶³,    T_k ≈ 2⁶³·P(|Z| < (k - 1/2)h),

and the sign is a fair bit of its own. Of 64 random bits the first is the sign, the other 63 are an integer r, and k is the number of
thresholds that are at most r: the inverse of the distribution function, by integers alone.

The thresholds are defined by integer arithmetic with 192 fractional bits, in which any program finds the same numbers: the density at
k·h is a product of powers of e^{-h²/2}, a bin's mass is the density times the first four terms of its even Taylor series, and the sums
of the masses are divided by their total.
"""

import hashlib
from bisect import bisect_right
from fractions import Fraction
from functools import cache
from itertools import pairwise

from flint import arb, ctx

GRID_BITS = 12
LAST = 10 << GRID_BITS
WORD_BITS = 63
FRACTION_BITS = 192
PRECISION = 256


def _exponential(shift: int) -> int:
    """e^{-2^-shift} in units of 2⁻¹⁹², each term of the series rounded down."""
    total, factorial = 0, 1
    for j in range(16):
        factorial *= max(j, 1)
        term = (1 << FRACTION_BITS >> shift * j) // factorial
        total += -term if j % 2 else term
    return total


@cache
def masses() -> tuple[int, ...]:
    """For k = 0..K, up to a common factor, the mass of the bin of half-width h/2 around k·h, as integers.

    ∫φ(x + t)dt over |t| ≤ h/2 is h·φ(x)(1 + (x² - 1)h²/24 + (x⁴ - 6x² + 3)h⁴/1920 + (x⁶ - 15x⁴ + 45x² - 15)h⁶/322560 + O(h⁸)).
    """
    b, one = 2 * GRID_BITS, 1 << FRACTION_BITS
    square, ratio, density = _exponential(b), _exponential(b + 1), one
    result = []
    for k in range(LAST + 1):
        x = k * k
        second, fourth = x - (1 << b), x**2 - (6 * x << b) + (3 << 2 * b)
        sixth = x**3 - (15 * x**2 << b) + (45 * x << 2 * b) - (15 << 3 * b)
        correction = (second << FRACTION_BITS - 2 * b) // 24 + (fourth << FRACTION_BITS - 4 * b) // 1920
        correction += (sixth << FRACTION_BITS - 6 * b) // 322560
        result.append(density * (one + correction) >> FRACTION_BITS)
        density = density * ratio >> FRACTION_BITS
        ratio = ratio * square >> FRACTION_BITS
    return tuple(result)


@cache
def thresholds() -> tuple[int, ...]:
    """T_1, ..., T_K: how many of the 2⁶³ integers r give a weight below k·h in magnitude."""
    bins = masses()
    total = bins[0] + 2 * sum(bins[1:])
    result, below = [], bins[0]
    for mass in bins[1:]:
        result.append((below << WORD_BITS) // total)
        below += 2 * mass
    return tuple(result)


def table_digest() -> str:
    """SHA-256 of the thresholds, written as decimals separated by spaces."""
    return hashlib.sha256(" ".join(map(str, thresholds())).encode("ascii")).hexdigest()


def weight_of(word: int) -> int:
    """The weight, in units of h, of a 64-bit word."""
    magnitude = bisect_right(thresholds(), word & (1 << WORD_BITS) - 1)
    return -magnitude if word >> WORD_BITS & 1 else magnitude


def probability(k: int) -> Fraction:
    """P(W = k·h), exactly."""
    if abs(k) > LAST:
        return Fraction(0)
    table = thresholds()
    below = table[abs(k) - 1] if k else 0
    share = Fraction((table[abs(k)] if abs(k) < LAST else 1 << WORD_BITS) - below, 1 << WORD_BITS)
    return share if k == 0 else share / 2


def second_moment() -> Fraction:
    """E W², exactly."""
    bounds = (*thresholds(), 1 << WORD_BITS)
    total = sum((k + 1) ** 2 * (above - below) for k, (below, above) in enumerate(pairwise(bounds)))
    return Fraction(total, 1 << WORD_BITS + 2 * GRID_BITS)


@cache
def distance_from_rounded_normal() -> tuple[Fraction, Fraction]:
    """Rigorous upper bounds by ball arithmetic, at every bin: (largest error of a threshold over 2⁶³, total variation distance).

    The second compares the law of W with that of Z rounded to the nearest multiple of h, Z standard normal. So there is a coupling with
    P(|W - Z| > h/2) at most that number.
    """
    before = ctx.prec
    ctx.prec = PRECISION
    try:
        unit, root = arb(1) / (1 << WORD_BITS), (arb(2)).sqrt()
        worst, variation = arb(0), arb(0)
        exact, stated = arb(0), 0
        for k, threshold in enumerate((*thresholds(), 1 << WORD_BITS), start=1):
            value = (arb(2 * k - 1) / (2 << GRID_BITS) / root).erf() if k <= LAST else arb(1)
            worst = worst.max(abs(threshold * unit - value))
            variation += abs((threshold - stated) * unit - (value - exact))
            exact, stated = value, threshold
        return _above(worst), _above(variation / 2)
    finally:
        ctx.prec = before


def _above(value: arb) -> Fraction:
    """A rational that is at least every number of the ball."""
    mantissa, exponent = value.abs_upper().man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
