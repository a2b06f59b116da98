"""Activations and their slopes at a number x = n/2^b, enclosed strictly between integers in units of 2^-w, or exact."""

from collections.abc import Callable
from fractions import Fraction
from math import isqrt

from .enclosures import Open, above_half, decay, density, inverse_root_two_pi, log_one_plus, times

Function = Callable[[int, int, int], "Open | Fraction"]
"""A function of x = n/2^b: open ends in units of 2^-w, or the exact value."""


def product(factor: Fraction, ends: Open) -> Open:
    """A rational times an open interval."""
    low, high = sorted(factor.numerator * end for end in ends)
    return low // factor.denominator, -(-high // factor.denominator)


def mirrored(n: int, ends: Open, total: int) -> Open:
    """f(x) where f(|x|) lies between `ends` and f(-x) = total - f(x)."""
    return ends if n > 0 else (total - ends[1], total - ends[0])


def tanh(n: int, b: int, w: int) -> Open | Fraction:
    """(1 - q)/(1 + q), q = e^(-2|x|), and odd."""
    if n == 0:
        return Fraction(0)
    (low, high), one = decay(2 * abs(n), b, w), 1 << w
    return mirrored(n, ((one - high << w) // (one + high), -((low - one << w) // (one + low))), 0)


def tanh_slope(n: int, b: int, w: int) -> Open | Fraction:
    """4q/(1 + q)², which grows with q."""
    if n == 0:
        return Fraction(1)
    q = decay(2 * abs(n), b, w)
    low, high = ((4 * end << 2 * w) // ((1 << w) + end) ** 2 for end in q)
    return low, high + 1


def sigmoid(n: int, b: int, w: int) -> Open | Fraction:
    """1/(1 + q), q = e^-|x|; its values at x and -x add up to 1."""
    if n == 0:
        return Fraction(1, 2)
    (low, high), one = decay(abs(n), b, w), 1 << w
    return mirrored(n, ((one << w) // (one + high), -(-(one << w) // (one + low))), one)


def sigmoid_slope(n: int, b: int, w: int) -> Open | Fraction:
    """q/(1 + q)², which grows with q."""
    found = tanh_slope(n, b + 1, w)  # a quarter of that of tanh at x/2
    return found / 4 if isinstance(found, Fraction) else (found[0] >> 2, -(-found[1] >> 2))


def softplus(n: int, b: int, w: int) -> Open:
    """max(x, 0) + ln(1 + e^-|x|)."""
    low, high = log_one_plus(decay(abs(n), b, w), w)
    whole = max(n, 0) << w
    return low + (whole >> b), high - (-whole >> b)


def silu(n: int, b: int, w: int) -> Open | Fraction:
    """x times the sigmoid."""
    share = sigmoid(n, b, w)
    return Fraction(0) if isinstance(share, Fraction) else product(Fraction(n, 1 << b), share)


def silu_slope(n: int, b: int, w: int) -> Open | Fraction:
    """sigmoid + x·sigmoid'."""
    return share_slope(n, b, w, sigmoid(abs(n), b, w), sigmoid_slope(n, b, w))


def share_slope(n: int, b: int, w: int, share: Open | Fraction, change: Open | Fraction) -> Open | Fraction:
    """The slope P + x·P' of x·P(x), given P at |x| and P'; at -x it is 1 less that at x.

    From 2 on it exceeds 1, since there x·P' > 1 - P: for the sigmoid as x > 1 + e^-x, for the normal law as 1 - P < P'/x.
    """
    if isinstance(share, Fraction) or isinstance(change, Fraction):
        return Fraction(1, 2)
    low, high = sum_of(share, product(Fraction(abs(n), 1 << b), change))
    return mirrored(n, (max(low, 1 << w) if abs(n) >= 2 << b else low, high), 1 << w)


def normal(n: int, b: int, w: int) -> Open:
    """P(Z ≤ x) for Z standard normal, n ≠ 0."""
    low, high = above_half(abs(n), b, False, w)
    return mirrored(n, (low + (1 << w - 1), high + (1 << w - 1)), 1 << w)


def gelu(n: int, b: int, w: int) -> Open | Fraction:
    """x·P(Z ≤ x)."""
    return product(Fraction(n, 1 << b), normal(n, b, w)) if n else Fraction(0)


def gelu_slope(n: int, b: int, w: int) -> Open | Fraction:
    """P(Z ≤ x) + x·density."""
    return share_slope(n, b, w, normal(abs(n), b, w), density(n, b, w)) if n else Fraction(1, 2)


def erf(n: int, b: int, w: int) -> Open | Fraction:
    """2·P(0 ≤ Z ≤ √2·x), and odd."""
    low, high = above_half(abs(n), b, True, w - 1) if n else (0, 0)
    return mirrored(n, (4 * low, 4 * high), 0) if n else Fraction(0)


def erf_slope(n: int, b: int, w: int) -> Open:
    """2/√π·e^(-x²), with 2/√π = √8·(1/√(2π))."""
    root = isqrt(8 << 2 * w)
    return times(decay(n * n, 2 * b, w), times((root - 1, root + 2), inverse_root_two_pi(w), w), w)


def sum_of(a: Open, b: Open) -> Open:
    """The sum of two."""
    return a[0] + b[0], a[1] + b[1]


def lines(minus: Fraction, plus: Fraction) -> tuple[Function, Function]:
    """Value and slope of minus·x below 0 and plus·x above."""
    return lambda n, b, _: (plus if n > 0 else minus) * Fraction(n, 1 << b), lambda n, _, __: plus if n >= 0 else minus


def exponential_unit(minus: Fraction, plus: Fraction) -> tuple[Function, Function]:
    """Value and slope of minus·(eˣ - 1) below 0 and plus·x above."""

    def value(n: int, b: int, w: int) -> Open | Fraction:
        if n >= 0:
            return plus * Fraction(n, 1 << b)
        low, high = decay(-n, b, w)
        return product(minus, (low - (1 << w), high - (1 << w)))

    def slope(n: int, b: int, w: int) -> Open | Fraction:
        return plus if n >= 0 else product(minus, decay(-n, b, w))

    return value, slope


def cut(n: int, b: int, _: int) -> Fraction:
    """x, but at least -1 and at most 1."""
    return max(Fraction(-1), min(Fraction(1), Fraction(n, 1 << b)))


def cut_slope(n: int, b: int, _: int) -> Fraction:
    """1 between -1 and 1, 0 elsewhere."""
    return Fraction(abs(n) <= 1 << b)
