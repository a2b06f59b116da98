"""e^-x, ln, the normal distribution and π between integers, by positive series whose roundings are counted.

A number is x = n/2^b ≥ 0. An enclosure is a pair (low, high) of integers with low < value·2^w < high, both strictly: so that what tends to a
limit without reaching it, as tanh does, is enclosed without reaching it either.
"""

from functools import lru_cache
from math import isqrt

Open = tuple[int, int]


def decay(n: int, b: int, w: int) -> Open:
    """e^-x = 1/(e^y)^(2^r), y = x/2^r < 2^-8. Each term of Σ yⁱ/i! is rounded down by less than 2, and so is all that follows the last one."""
    if n == 0:
        return (1 << w) - 1, (1 << w) + 1
    if n >= w << b:
        return 0, 1  # e^-x < 2^-x ≤ 2^-w
    halvings = max(0, n.bit_length() - b) + 8
    unit = w + 2 * halvings + 8
    term = total = 1 << unit
    count = 0
    while term:
        count += 1
        term = term * n // (count << b + halvings)
        total += term
    low, high = (1 << 2 * unit) // (total + 2 * count + 2), (1 << 2 * unit) // total + 1
    for _ in range(halvings):
        low, high = low * low >> unit, (high * high >> unit) + 1
    return low >> unit - w, (high >> unit - w) + 1


def log_one_plus(q: Open, w: int) -> Open:
    """ln(1 + q) for q in (0, 1], by 2·artanh(z), z = q/(2 + q) ≤ 1/3; each term of Σ z^(2i+1)/(2i+1) is rounded down by less than 3."""

    def artanh(z: int) -> Open:
        square, power, total, count = z * z >> w, z, 0, 0
        while power:
            total += power // (2 * count + 1)
            power = power * square >> w
            count += 1
        return total, total + 3 * count + 3

    low, high = ((end << w) // ((2 << w) + end) for end in q)
    return 2 * artanh(low)[0], 2 * artanh(high + 1)[1] + 1


@lru_cache(maxsize=64)
def pi(w: int) -> Open:
    """Machin's 16·arctan(1/5) - 4·arctan(1/239)."""

    def arctan(k: int) -> Open:
        power, total, count = (1 << w) // k, 0, 0
        while power:
            total += (-1) ** count * (power // (2 * count + 1))
            power //= k * k
            count += 1
        return total - 2 * count - 2, total + 2 * count + 2

    fifth, small = arctan(5), arctan(239)
    return 16 * fifth[0] - 4 * small[1], 16 * fifth[1] - 4 * small[0]


@lru_cache(maxsize=64)
def inverse_root_two_pi(w: int) -> Open:
    """1/√(2π)."""
    low, high = pi(w + 8)
    return isqrt((1 << 3 * w + 8) // (2 * high)) - 1, isqrt((1 << 3 * w + 8) // (2 * low)) + 2


def times(a: Open, b: Open, w: int) -> Open:
    """The product of two positive numbers; a lower end below 0 counts as 0."""
    return max(a[0], 0) * max(b[0], 0) >> w, (a[1] * b[1] >> w) + 1


def above_half(n: int, b: int, double: bool, w: int) -> Open:
    """P(0 ≤ Z ≤ x) for Z standard normal, x = n/2^b > 0, or if `double` for √2·x: density times Σ x·tᵏ/(2k + 1)!!, t = x² or 2x².

    Terms are rounded down and up; where t < (2k + 1)/2 the rest is at most the last one. Far out, P(Z > x) < e^(-t/2) < 2^-w.
    """
    t, bits = n * n << double, 2 * b
    if t >> bits + 1 >= w:
        return (1 << w - 1) - 1, 1 << w - 1
    unit = w + (t >> bits) + 32
    low = total_low = (n << unit) >> b
    high = total_high = low + 1
    k = 0
    while low or 2 * t >= 2 * k + 1 << bits:
        k += 1
        low, high = low * t // (2 * k + 1 << bits), high * t // (2 * k + 1 << bits) + 1
        total_low, total_high = total_low + low, total_high + high
    result = times(times((total_low, total_high + high + 1), decay(t, bits + 1, unit), unit), inverse_root_two_pi(unit), unit)
    if double:  # x·√2 in place of x
        root = isqrt(2 << 2 * unit)
        result = times(result, (root - 1, root + 2), unit)
    return result[0] >> unit - w, (result[1] >> unit - w) + 1


def density(n: int, b: int, w: int) -> Open:
    """e^(-x²/2)/√(2π)."""
    return times(decay(n * n, 2 * b + 1, w), inverse_root_two_pi(w), w)
