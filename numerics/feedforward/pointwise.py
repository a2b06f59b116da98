"""The activations that tickets are built and certified with: constants of the declaration as rationals, values and slopes by ball arithmetic.

Every enclosure is the tightest in units of 2^-`bits`: the value rounded down and the value rounded up. These are numbers of their own, so
that a program that shares no code with this one finds the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import isqrt
from typing import Any

import sympy
import torch
from flint import arb, ctx, fmpq
from torch.nn import functional

from numerics.errors import BadTarget
from theory.activation import ACTIVATIONS, Activation
from theory.activation_claims import radius_form
from theory.real_function import BITS
from theory.verdict import enclosure, exact

CURVATURE_BITS = 24
SLACK = Fraction(1, 1 << 80)
"""How far the rational slope of an activation may be from an irrational one."""
MOST_BITS = 1 << 16
Turn = tuple[Fraction, Fraction, Fraction, Fraction]
"""A bracket [a, b] of a turning point, and rationals least and most that the function does not leave there."""
Value = Callable[[Fraction], arb | Fraction]


@dataclass(frozen=True)
class Pointwise:
    """An activation φ with |φ(y) - φ(0) - m±·y| ≤ Σ c·|y|^k over its `remainders` (k, c), for every y.

    `value` and `slope` are balls at the current precision, or exact; both are monotone between their turns. Beyond ±`far(bits)` they are
    within 2^-2·`bits` of their limits, φ(x) for x > 0 of its limit plus x if `rises`.
    """

    name: str
    plus: Fraction
    minus: Fraction
    remainders: tuple[tuple[int, Fraction], ...]
    run: Callable[[torch.Tensor], torch.Tensor]
    value: Value
    slope: Value
    turns: tuple[Turn, ...] = ()
    slope_turns: tuple[Turn, ...] = ()
    rises: bool = False
    gaussian: bool = False

    @property
    def carrier(self) -> Fraction:
        """What a sum of products is divided by: m₊ + m₋ where the signs of u are split, m where φ̂ is a line."""
        return self.plus if self.splits is False else self.plus + self.minus

    @property
    def splits(self) -> bool:
        """Whether x and -x need sums of their own, over u > 0 and u < 0."""
        return self.plus != self.minus

    def far(self, bits: int) -> int:
        """Where the limits are reached within 2^-2·`bits`."""
        return isqrt(4 * bits) + 1 if self.gaussian else 2 * bits

    def value_at(self, n: int, bits: int, into: int | None = None) -> tuple[int, int]:
        """φ(n/2^bits) in units of 2^-`into` (of 2^-`bits` unless given), rounded down and up."""
        into = bits if into is None else into
        if self.rises and n > self.far(into) << bits and into == bits:  # φ(x) = x + φ(-x)
            low, high = self.value_at(-n, bits)
            return n + low, n + high
        return self._rounded(self.value, n, bits, into)

    def slope_at(self, n: int, bits: int) -> tuple[int, int]:
        """φ'(n/2^bits), likewise."""
        return self._rounded(self.slope, n, bits, bits)

    def values(self, low: int, high: int, bits: int) -> tuple[int, int]:
        """Integers around φ([low, high])."""
        return _between(self.value_at, self.turns, low, high, bits)

    def slopes(self, low: int, high: int, bits: int) -> tuple[int, int]:
        """Integers around φ'([low, high])."""
        return _between(self.slope_at, self.slope_turns, low, high, bits)

    def within(self, size: int, bits: int) -> None:
        """Raise `BadTarget` for a number beyond which the remainders do not hold; they hold everywhere."""

    @property
    def terms(self) -> int:
        """How much a value costs: nothing of relu, once a series of others, and of each word of one that is declared."""
        return 0 if self.name == "relu" else 1

    def _rounded(self, function: Value, n: int, bits: int, into: int) -> tuple[int, int]:
        limit = self.far(into) << bits
        near = Fraction(max(-limit, min(limit, n)), 1 << bits)
        before = ctx.prec
        try:
            ctx.prec = 2 * into + 64
            while ctx.prec <= MOST_BITS:
                found = function(near)
                if isinstance(found, Fraction):
                    exactly = function(Fraction(n, 1 << bits))
                    assert isinstance(exactly, Fraction)
                    return (exactly.numerator << into) // exactly.denominator, -((-exactly.numerator << into) // exactly.denominator)
                scaled = found * arb(2) ** into
                low, high = scaled.floor().unique_fmpz(), scaled.ceil().unique_fmpz()
                if low is not None and high is not None:
                    return int(low), int(high)
                ctx.prec *= 2
        finally:
            ctx.prec = before
        raise BadTarget(f"{self.name}: its value at {float(near)} cannot be told from a multiple of 2^-{into}.")


def _between(function: Callable[[int, int], tuple[int, int]], turns: tuple[Turn, ...], low: int, high: int, bits: int) -> tuple[int, int]:
    ends = [function(end, bits) for end in {low, high}]
    least, most = min(down for down, _ in ends), max(up for _, up in ends)
    for a, b, down, up in turns:
        if Fraction(low, 1 << bits) <= b and Fraction(high, 1 << bits) >= a:
            least = min(least, (down.numerator << bits) // down.denominator)
            most = max(most, -((-up.numerator << bits) // up.denominator))
    return least, most


def ball(x: Fraction) -> arb:
    """A rational at the current precision."""
    return arb(fmpq(x.numerator, x.denominator))


def _sigmoid(x: arb) -> arb:
    return 1 / (1 + (-x).exp())


def _normal(x: arb) -> arb:
    return (-x / arb(2).sqrt()).erfc() / 2


def _smooth(value: Callable[[arb], arb], slope: Callable[[arb], arb], run: Callable[[torch.Tensor], torch.Tensor], **others: Any) -> dict:
    return {"value": lambda x: value(ball(x)), "slope": lambda x: slope(ball(x)), "run": run, **others}


def _joined(plus: Fraction, minus: Fraction, run: Callable[[torch.Tensor], torch.Tensor], *, exponential: bool = False) -> dict[str, Any]:
    """plus·x above 0, minus·x or minus·(eˣ - 1) below."""

    def value(x: Fraction) -> arb | Fraction:
        return plus * x if x >= 0 else ball(minus) * ball(x).expm1() if exponential else minus * x

    def slope(x: Fraction) -> arb | Fraction:
        return plus if x >= 0 else ball(minus) * ball(x).exp() if exponential else minus

    turn = (Fraction(0), Fraction(0), min(plus, minus), max(plus, minus))
    return {"value": value, "slope": slope, "run": run, "slope_turns": (turn,)}


def _cut(x: Fraction) -> Fraction:
    return max(Fraction(-1), min(Fraction(1), x))


def _bump(least: tuple[str, str, str], steepest: tuple[str, str, str]) -> dict[str, Any]:
    """Turns of x·P(x), P(x) + P(-x) = 1: a least value, a steepest place and, mirrored, a least steep one."""
    a, b, down = (Fraction(text) for text in least)
    low, high, most = (Fraction(text) for text in steepest)
    turns = ((-high, -low, 1 - most, 1 - most), (low, high, most, most))
    return {"turns": ((a, b, down, down),), "slope_turns": turns, "rises": True}


def _peak(most: str) -> tuple[Turn, ...]:
    return ((Fraction(0), Fraction(0), Fraction(most), Fraction(most)),)


def _formulas(name: str, plus: Fraction, minus: Fraction) -> dict[str, Any]:
    """The formulas of an activation by name; those made of lines and exponentials with the slopes of their declarations."""
    match name:
        case "relu":
            return _joined(plus, minus, torch.relu)
        case "leaky_relu":
            return _joined(plus, minus, lambda x: functional.leaky_relu(x, float(minus)))
        case "elu":
            return _joined(plus, minus, functional.elu, exponential=True)
        case "selu":
            return _joined(plus, minus, functional.selu, exponential=True)
        case "hard_tanh":
            turns = tuple((end, end, Fraction(0), Fraction(1)) for end in (Fraction(-1), Fraction(1)))
            return {"value": _cut, "slope": lambda x: Fraction(abs(x) <= 1), "run": functional.hardtanh, "slope_turns": turns}
        case "tanh":
            return _smooth(lambda x: x.tanh(), lambda x: 1 / x.cosh() ** 2, torch.tanh, slope_turns=_peak("1"))
        case "sigmoid":
            return _smooth(_sigmoid, lambda x: 1 / (4 * (x / 2).cosh() ** 2), torch.sigmoid, slope_turns=_peak("1/4"))
        case "softplus":
            return _smooth(lambda x: x.exp().log1p(), _sigmoid, lambda x: functional.softplus(x, threshold=40.0), rises=True)
        case "silu":
            turns = _bump(("-1.2785", "-1.2784", "-0.278465"), ("2.3993", "2.3994", "1.09985"))
            return _smooth(lambda x: x * _sigmoid(x), lambda x: _sigmoid(x) * (1 + x * _sigmoid(-x)), functional.silu, **turns)
        case "gelu":
            turns = _bump(("-0.7518", "-0.7517", "-0.169972"), ("1.4142", "1.4143", "1.12905"))

            def slope(x: arb) -> arb:
                return _normal(x) + x * (-x * x / 2).exp() / (2 * arb.pi()).sqrt()

            return _smooth(lambda x: x * _normal(x), slope, functional.gelu, gaussian=True, **turns)
        case "erf":
            peak = _peak("1.12838")
            return _smooth(lambda x: x.erf(), lambda x: 2 * (-x * x).exp() / arb.pi().sqrt(), torch.erf, slope_turns=peak, gaussian=True)
    raise BadTarget(f"the activation {name}: tickets are certified for {', '.join(KNOWN)}.")


IDENTITY = Pointwise("identity", Fraction(1), Fraction(1), (), lambda x: x, lambda x: x, lambda _: Fraction(1))
"""For a layer without hidden channels of its own."""
KNOWN = ("elu", "erf", "gelu", "hard_tanh", "leaky_relu", "relu", "selu", "sigmoid", "silu", "softplus", "tanh")
"""The activations whose values the re-checker encloses, with the parameters that their declarations have by themselves."""


@lru_cache(maxsize=64)
def pointwise(name: str) -> Pointwise:
    """The activation of this name; raises `BadTarget` for one that has no construction or that the re-checker does not enclose."""
    if "|" in name:
        from numerics.feedforward.declared import declared as own

        return own(name)
    if name not in KNOWN:
        raise BadTarget(f"the activation {name!r}: tickets are certified for {', '.join(KNOWN)}.")
    declared = ACTIVATIONS[name]()
    plus, minus = declared.slopes
    return Pointwise(name, plus, minus, tuple(remainders_of(declared)), **_formulas(name, plus, minus))


def remainders_of(declared: Activation) -> list[tuple[int, Fraction]]:
    """(k, c) of the declared a(ε′) = c^(-1/k)·ε′^(1/k), c rounded up to `CURVATURE_BITS` binary digits; and the slack of an irrational slope.

    Where a is a constant, |φ - φ̂| ≤ (T + |m|)(|y| - a) beyond it, and |y| - a ≤ 4/(27a²)·|y|³.
    """
    found = [] if all(isinstance(slope, sympy.Rational) for slope in declared.exact_slopes) else [(1, SLACK)]
    factor, order = radius_form(declared)
    if factor == sympy.oo:
        return found
    constant: Any = factor**-order
    if order == 0:
        steep: Any = exact(declared.lipschitz_constant) + sympy.Max(*map(sympy.Abs, declared.exact_slopes))
        constant, order = steep * sympy.Rational(4, 27) / factor**2, 3
    upper = enclosure(constant, BITS)[1] * 2**CURVATURE_BITS
    return [*found, (order, Fraction(-(-upper.numerator // upper.denominator), 2**CURVATURE_BITS))]
