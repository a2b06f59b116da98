"""Three-valued verdicts: the only place where exact expressions are compared.

Every number is enclosed twice, by Arb's balls (python-flint) and by mpmath's intervals; the enclosures must meet.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from fractions import Fraction
from typing import Any

import mpmath
import sympy
from flint import arb, ctx, fmpq
from mpmath.libmp import mpf_atan, mpf_erf

from theory.errors import BadInput, Contradiction

Ranges = Mapping[sympy.Basic, tuple[Fraction, Fraction]]
"""Symbols with the closed intervals over which they run."""

PRECISIONS = (64, 128, 256, 512, 1024, 2048)


class Verdict(Enum):
    """What a decision procedure found."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNDECIDED = "undecided"

    def __and__(self, other: "Verdict") -> "Verdict":
        """Both hold: refuted if either is, proved if both are."""
        if Verdict.REFUTED in (self, other):
            return Verdict.REFUTED
        return self if self is other else Verdict.UNDECIDED

    def __bool__(self) -> bool:
        raise TypeError(f"a verdict has three values; compare it with `is`, e.g. `verdict is {Verdict.PROVED}`")


def exact(value: int | str | float | Fraction | sympy.Expr) -> sympy.Expr:
    """The exact number that `value` writes down: 0.01, "1e-2" and "1/100" are all 1/100.

    A float means the decimal number it prints as. Raises `BadInput` for text that is no number, NaN and infinities.
    """
    if isinstance(value, sympy.Expr):
        return value
    try:
        number = Fraction(repr(value)) if isinstance(value, float) else Fraction(value)
    except (ValueError, TypeError, ZeroDivisionError) as error:
        raise BadInput(f"{value!r} is no exact number; write an integer, a decimal (0.01, 1e-2) or a fraction (1/100).") from error
    return sympy.Rational(number.numerator, number.denominator)


def ball(expression: sympy.Expr, bits: int, at: Ranges | None = None) -> arb:
    """An Arb ball that contains the real number `expression`, computed with `bits` of working precision.

    With ranges `at` for its symbols, it contains every value over them. Raises `BadInput` for other free symbols and for functions
    other than +, *, powers, log, exp, log Γ, cos, sin, tanh, erf, atan, pi, ceiling-free algebra.
    """
    saved = ctx.prec
    try:
        ctx.prec = bits
        ends = {symbol: [arb(fmpq(end.numerator, end.denominator)) for end in pair] for symbol, pair in (at or {}).items()}
        return _ball(expression, {symbol: low.union(high) for symbol, (low, high) in ends.items()})
    finally:
        ctx.prec = saved


def _ball(expression: sympy.Basic, at: Mapping[sympy.Basic, arb]) -> arb:
    match expression:
        case sympy.Rational():
            return arb(fmpq(int(expression.p), int(expression.q)))
        case sympy.Add():
            return sum((_ball(term, at) for term in expression.args), arb(0))
        case sympy.Mul():
            product = arb(1)
            for factor in expression.args:
                product *= _ball(factor, at)
            return product
        case sympy.Pow(base=base, exp=exponent):
            if isinstance(exponent, sympy.Integer):
                return _ball(base, at) ** int(exponent)
            if exponent == sympy.Rational(1, 2):
                return _ball(base, at).sqrt()
            return _ball(base, at) ** _ball(exponent, at)
        case sympy.log():
            return _ball(expression.args[0], at).log()
        case sympy.exp():
            return _ball(expression.args[0], at).exp()
        case sympy.Abs():
            return abs(_ball(expression.args[0], at))
        case sympy.loggamma():
            return _ball(expression.args[0], at).lgamma()
        case sympy.cos():
            return _ball(expression.args[0], at).cos()
        case sympy.sin():
            return _ball(expression.args[0], at).sin()
        case sympy.tanh():
            return _rising(arb.tanh, _ball(expression.args[0], at))
        case sympy.erf():
            return _rising(arb.erf, _ball(expression.args[0], at))
        case sympy.atan():
            return _rising(arb.atan, _ball(expression.args[0], at))
    if expression == sympy.pi:
        return arb.pi()
    if expression == sympy.E:
        return arb(1).exp()
    if expression in at:
        return at[expression]
    raise BadInput(f"{expression} cannot be enclosed in a ball: {type(expression).__name__} is not a supported closed form.")


def _rising(function: Callable[[arb], arb], argument: arb) -> arb:
    """An increasing function of a ball, from its two ends."""
    return function(argument.lower()).union(function(argument.upper()))


def interval(expression: sympy.Expr, bits: int, at: Ranges | None = None) -> Any:
    """The same enclosure by mpmath's interval arithmetic: the second opinion."""
    iv: Any = mpmath.iv
    saved = iv.prec
    try:
        iv.prec = bits
        ends = {symbol: [iv.mpf(end.numerator) / iv.mpf(end.denominator) for end in pair] for symbol, pair in (at or {}).items()}
        return _interval(expression, {symbol: iv.mpf([low.a, high.b]) for symbol, (low, high) in ends.items()})
    finally:
        iv.prec = saved


def _interval(expression: sympy.Basic, at: Mapping[sympy.Basic, Any]) -> Any:
    iv: Any = mpmath.iv
    match expression:
        case sympy.Rational():
            return iv.mpf(int(expression.p)) / iv.mpf(int(expression.q))
        case sympy.Add():
            return sum((_interval(term, at) for term in expression.args), iv.mpf(0))
        case sympy.Mul():
            product = iv.mpf(1)
            for factor in expression.args:
                product *= _interval(factor, at)
            return product
        case sympy.Pow(base=base, exp=exponent):
            if isinstance(exponent, sympy.Integer):
                return _interval(base, at) ** int(exponent)
            if exponent == sympy.Rational(1, 2):
                return iv.sqrt(_interval(base, at))
            return _widened(iv.exp(_interval(exponent, at) * _widened(iv.log(_interval(base, at)))))
        case sympy.log():
            return _widened(iv.log(_interval(expression.args[0], at)))
        case sympy.exp():
            return _widened(iv.exp(_interval(expression.args[0], at)))
        case sympy.Abs():
            return abs(_interval(expression.args[0], at))
        case sympy.loggamma():
            return _widened(iv.loggamma(_interval(expression.args[0], at)))
        case sympy.cos():
            return _widened(iv.cos(_interval(expression.args[0], at)))
        case sympy.sin():
            return _widened(iv.sin(_interval(expression.args[0], at)))
        case sympy.tanh():
            return 1 - 2 / (_widened(iv.exp(2 * _interval(expression.args[0], at))) + 1)
        case sympy.erf():
            return _increasing(mpf_erf, _interval(expression.args[0], at))
        case sympy.atan():
            return _increasing(mpf_atan, _interval(expression.args[0], at))
    if expression == sympy.pi:
        return +iv.pi
    if expression == sympy.E:
        return _widened(iv.exp(iv.mpf(1)))
    if expression in at:
        return at[expression]
    raise BadInput(f"{expression} cannot be enclosed in an interval: {type(expression).__name__} is not a supported closed form.")


def _increasing(function: Callable[..., Any], argument: Any) -> Any:
    """An increasing function of an interval, from its values at the two ends, rounded outward."""
    iv: Any = mpmath.iv
    low, high = (function(end, iv.prec, rounding) for end, rounding in zip(argument._mpi_, ("f", "c"), strict=True))
    return _widened(iv.make_mpf((low, high)))


def _widened(value: Any) -> Any:
    """An interval made wider by a relative 2^{3-bits}.

    mpmath computes elementary functions with 10 to 20 further bits and then rounds outward, which misses the truth where those bits
    vanish: its interval for exp(2⁻¹¹¹) at 96 bits is [1, 1].
    """
    iv: Any = mpmath.iv
    spread = iv.mpf(2) ** (3 - iv.prec)
    return value * iv.mpf([(1 - spread).a, (1 + spread).b])


def _arb_rational(number: arb) -> Fraction:
    mantissa, exponent = number.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def _mpmath_rational(raw: tuple[int, int, int, int]) -> Fraction:
    sign, mantissa, exponent, _ = raw
    return (-1) ** sign * Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def enclosure(expression: sympy.Expr, bits: int = 128, at: Ranges | None = None) -> tuple[Fraction, Fraction]:
    """Exact rationals `lower <= expression <= upper`: the intersection of Arb's and mpmath's enclosures, over all of `at`.

    Raises `Contradiction` if the two do not meet, `BadInput` if the expression is not a finite real number.
    """
    enclosed = ball(expression, bits, at)
    if not enclosed.is_finite():
        raise BadInput(f"{expression} has no finite real value.")
    middle, radius = _arb_rational(enclosed.mid()), _arb_rational(enclosed.rad())
    second = interval(expression, bits, at)
    low, high = (_mpmath_rational(end) for end in second._mpi_)
    lower, upper = max(middle - radius, low), min(middle + radius, high)
    if lower > upper:
        raise Contradiction(f"Arb encloses {expression} in {enclosed}, mpmath in {second}; the two do not meet.")
    return lower, upper


def decide_at_most(left: sympy.Expr, right: sympy.Expr) -> Verdict:
    """Decide `left <= right` for closed forms; `UNDECIDED` when 2048 bits cannot tell and no exact zero test succeeds."""
    difference = sympy.sympify(right) - sympy.sympify(left)
    if isinstance(difference, sympy.Rational):
        return Verdict.PROVED if difference >= 0 else Verdict.REFUTED
    for bits in PRECISIONS:
        lower, upper = enclosure(difference, bits)
        if lower >= 0:
            return Verdict.PROVED
        if upper < 0:
            return Verdict.REFUTED
    return Verdict.PROVED if sympy.simplify(difference) == 0 else Verdict.UNDECIDED


def decide_equal(left: sympy.Expr, right: sympy.Expr) -> Verdict:
    """Decide `left == right`: refuted by disjoint enclosures, proved by exact simplification of the difference to zero."""
    difference = sympy.sympify(left) - sympy.sympify(right)
    for bits in PRECISIONS[:3]:
        lower, upper = enclosure(difference, bits)
        if lower > 0 or upper < 0:
            return Verdict.REFUTED
    return Verdict.PROVED if sympy.simplify(difference) == 0 else Verdict.UNDECIDED


def ceiling(expression: sympy.Expr) -> int:
    """The least integer that is provably at least `expression`; the exact ceiling unless the value is an integer to 2048 bits.

    In that last case an exact zero test decides, and if it cannot, the answer is one too large, never too small.
    """
    low = high = 0
    for bits in PRECISIONS:
        lower, upper = enclosure(expression, bits)
        low, high = -((-lower.numerator) // lower.denominator), -((-upper.numerator) // upper.denominator)
        if low == high:
            return high
    return low if sympy.simplify(expression - low) == 0 else high
