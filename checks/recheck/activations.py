"""The activations φ of feedforward tickets: what they look like at 0, and their values and slopes on intervals, as the tightest integers.

|φ(y) - φ(0) - m±·y| ≤ Σ c·|y|^k over `remainders` (k, c), for every y. By Taylor's formula with |φ''| or, where φ'' is odd, |φ'''| at most
2c or 6c: tanh 2, sigmoid 1/8, erf 4/√π (k = 3); elu 1, selu λα, softplus 1/4, gelu 2/√(2π), silu 1/2 (k = 2). hard_tanh differs from y by
|y| - 1 beyond 1, at most 4/27·|y|³, which it touches at 3/2; twice that is used. The slope of erf, 2/√π, is given within 2⁻⁸⁰.

Values and slopes are monotone between the `turns`; where an interval meets the bracket of a turn, its extremes count too.
"""

from dataclasses import dataclass
from fractions import Fraction

from .document import Refused
from .functions import (
    Function,
    cut,
    cut_slope,
    erf,
    erf_slope,
    exponential_unit,
    gelu,
    gelu_slope,
    lines,
    sigmoid,
    sigmoid_slope,
    silu,
    silu_slope,
    softplus,
    tanh,
    tanh_slope,
)  # fmt: skip

Turn = tuple[Fraction, Fraction, Fraction, Fraction]
"""A bracket [a, b] of a turning point, and rationals that the function does not leave there."""
CURVATURE_BITS = 24
MOST_BITS = 1 << 14
SELU_SCALE, SELU_ALPHA = Fraction("1.0507009873554804934193349852946"), Fraction("1.6732632423543772848170429916717")


@dataclass(frozen=True)
class Activation:
    """A row of the table; `remainders` are (k, c) with c rounded up to 24 binary digits."""

    plus: Fraction
    minus: Fraction
    remainders: tuple[tuple[int, Fraction], ...]
    value: Function
    slope: Function
    turns: tuple[Turn, ...]
    slope_turns: tuple[Turn, ...]

    def values(self, low: int, high: int, bits: int) -> tuple[int, int]:
        """Integers around φ([low, high]), all in units of 2^-`bits`."""
        return between(self.value, self.turns, low, high, bits)

    def slopes(self, low: int, high: int, bits: int) -> tuple[int, int]:
        """Integers around φ'([low, high])."""
        return between(self.slope, self.slope_turns, low, high, bits)

    def within(self, size: int, bits: int) -> None:
        """Refuse a number beyond which the row does not hold; it holds everywhere."""


def rounded(function: Function, n: int, b: int, bits: int) -> tuple[int, int]:
    """The value at n/2^b in units of 2^-`bits`, rounded down and rounded up: the precision grows until both are certain."""
    w = bits + 64 + n.bit_length()
    while w < MOST_BITS:
        found = function(n, b, w)
        if isinstance(found, Fraction):
            return (found.numerator << bits) // found.denominator, -((-found.numerator << bits) // found.denominator)
        low, high = found[0] >> w - bits, -(-found[1] >> w - bits)
        if high == low + 1:
            return low, high
        w *= 2
    raise Refused("an activation's value cannot be told from a number of the grid", code=2)


def between(function: Function, turns: tuple[Turn, ...], low: int, high: int, bits: int) -> tuple[int, int]:
    """The least and the largest of the values at the ends and of the turns met."""
    first = rounded(function, low, bits, bits)
    second = first if low == high else rounded(function, high, bits, bits)
    least, most = min(first[0], second[0]), max(first[1], second[1])
    for a, b, down, up in turns:
        if low * b.denominator <= b.numerator << bits and high * a.denominator >= a.numerator << bits:
            least = min(least, (down.numerator << bits) // down.denominator)
            most = max(most, -((-up.numerator << bits) // up.denominator))
    return least, most


def row(
    slopes: tuple[Fraction, Fraction],
    remainders: dict[int, str | Fraction],
    functions: tuple[Function, Function],
    turns: tuple[Turn, ...] = (),
    slope_turns: tuple[Turn, ...] = (),
) -> Activation:
    """A row with its curvatures rounded up to `CURVATURE_BITS` binary digits; the slack of a rounded slope (k = 1) stays as it is."""
    unit = 1 << CURVATURE_BITS
    found = tuple((k, Fraction(-(-Fraction(c) * unit // 1), unit) if k > 1 else Fraction(c)) for k, c in remainders.items())
    return Activation(*slopes, found, *functions, turns, slope_turns)


def peak(most: str) -> tuple[Turn, ...]:
    """A slope that is largest at 0."""
    return ((Fraction(0), Fraction(0), Fraction(most), Fraction(most)),)


def jump(minus: Fraction, plus: Fraction) -> tuple[Turn, ...]:
    """A slope with two one-sided values at 0."""
    return ((Fraction(0), Fraction(0), min(minus, plus), max(minus, plus)),)


def bump(least: tuple[str, str, str], steepest: tuple[str, str, str]) -> tuple[tuple[Turn, ...], tuple[Turn, ...]]:
    """x·P(x) with P(x) + P(-x) = 1: one least value; the slopes at x and -x add up to 1."""
    a, b, down = map(Fraction, least)
    low, high, most = map(Fraction, steepest)
    return ((a, b, down, down),), ((-high, -low, 1 - most, 1 - most), (low, high, most, most))


ZERO, ONE, HALF, QUARTER = Fraction(0), Fraction(1), Fraction(1, 2), Fraction(1, 4)
STEEP = SELU_SCALE * SELU_ALPHA
LEAKY = Fraction(1, 100)
ERF_SLOPE = Fraction(1364126709417015145849769, 1 << 80)
GELU_TURNS = bump(("-0.7518", "-0.7517", "-0.169972"), ("1.4142", "1.4143", "1.12905"))
SILU_TURNS = bump(("-1.2785", "-1.2784", "-0.278465"), ("2.3993", "2.3994", "1.09985"))
ACTIVATIONS = {
    "relu": row((ONE, ZERO), {}, lines(ZERO, ONE), (), jump(ZERO, ONE)),
    "leaky_relu": row((ONE, LEAKY), {}, lines(LEAKY, ONE), (), jump(LEAKY, ONE)),
    "elu": row((ONE, ONE), {2: HALF}, exponential_unit(ONE, ONE)),
    "selu": row((SELU_SCALE, STEEP), {2: STEEP / 2}, exponential_unit(STEEP, SELU_SCALE), (), jump(STEEP, SELU_SCALE)),
    "tanh": row((ONE, ONE), {3: Fraction(1, 3)}, (tanh, tanh_slope), (), peak("1")),
    "sigmoid": row((QUARTER, QUARTER), {3: Fraction(1, 48)}, (sigmoid, sigmoid_slope), (), peak("1/4")),
    "softplus": row((HALF, HALF), {2: Fraction(1, 8)}, (softplus, sigmoid)),
    "gelu": row((HALF, HALF), {2: "0.398942281"}, (gelu, gelu_slope), *GELU_TURNS),
    "silu": row((HALF, HALF), {2: QUARTER}, (silu, silu_slope), *SILU_TURNS),
    "erf": row((ERF_SLOPE, ERF_SLOPE), {1: Fraction(1, 1 << 80), 3: "0.3761263891"}, (erf, erf_slope), (), peak("1.12838")),
    "hard_tanh": row((ONE, ONE), {3: Fraction(8, 27)}, (cut, cut_slope), (), ((-ONE, -ONE, ZERO, ONE), (ONE, ONE, ZERO, ONE))),
}  # fmt: skip
