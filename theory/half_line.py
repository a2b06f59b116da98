"""Whether a closed form is ≥ 0 on a whole interval, the real line included, where it may touch 0 at the ends.

At an end where F vanishes exactly, Taylor's theorem decides: if the first derivative that does not vanish there points inward and keeps its
sign nearby, so does F. At infinity F is written as a quotient of polynomials in t, exponentials e^{-ut^n} and complementary error functions,
each monomial of which is bounded by its value at the start of the tail. In between balls decide.
"""

from fractions import Fraction
from math import gcd, lcm
from typing import Any

import sympy

from theory.errors import BadInput
from theory.real_function import BITS, X, upper_bound, value_bounds
from theory.verdict import Verdict, decide_equal, enclosure

MOST_DERIVATIVES = 8
HALVINGS = 12
TAILS = tuple(Fraction(2**k) for k in range(1, 8))
MOST_PARTS = 5_000
NARROWEST = Fraction(1, 2**40)
Found = tuple[Verdict, Fraction | None]
UNKNOWN: Found = (Verdict.UNDECIDED, None)


def nonnegative_between(formula: sympy.Expr, low: Fraction | None, high: Fraction | None) -> Found:
    """Whether a smooth formula in `X` is ≥ 0 on [low, high], None an infinite end; a point where it is < 0 comes with REFUTED."""
    if low is None:
        if high is None:
            raise BadInput("cut the line at 0 first")
        verdict, point = nonnegative_between(formula.subs(X, -X), -high, None)
        return verdict, None if point is None else -point
    if isinstance(formula, sympy.Rational):
        return (Verdict.PROVED, None) if formula >= 0 else (Verdict.REFUTED, low)
    verdict, first = _inward(formula, low, Fraction(1) if high is None else (high - low) / 2)
    if verdict is not Verdict.PROVED:
        return verdict, first
    assert first is not None
    if high is not None:
        verdict, last = _inward(formula.subs(X, -X), -high, high - first)
        if verdict is not Verdict.PROVED:
            return verdict, None if last is None else -last
        assert last is not None
        return _between(formula, first, -last)
    for start in TAILS:
        if start > first and nonnegative_tail(formula, start):
            return _between(formula, first, start)
    below = [point for point in TAILS if point > low and _negative_at(formula, point)]
    return (Verdict.REFUTED, below[0]) if below else UNKNOWN


def _between(formula: sympy.Expr, first: Fraction, last: Fraction) -> Found:
    """Whether the formula is ≥ 0 on [first, last], by halving; each part is settled by balls, monotonicity or the mean value theorem."""
    opposite, derivative = -formula, -sympy.diff(formula, X)
    waiting = [(first, last)] if first < last else []
    for _ in range(MOST_PARTS):
        if not waiting:
            return Verdict.PROVED, None
        low, high = waiting.pop()
        most = upper_bound(opposite, derivative, low, high)
        if most is not None and most <= 0:
            continue
        middle = (low + high) / 2
        if _negative_at(formula, middle):
            return Verdict.REFUTED, middle
        if high - low < NARROWEST:
            return UNKNOWN
        waiting += [(low, middle), (middle, high)]
    return UNKNOWN


def _negative_at(formula: sympy.Expr, point: Fraction) -> bool:
    try:
        return value_bounds(formula, point)[1] < 0
    except BadInput:
        return False


def _inward(formula: sympy.Expr, end: Fraction, most: Fraction) -> Found:
    """The formula is ≥ 0 on [end, p], p the point returned; or REFUTED at the point returned."""
    derivative: Any = formula
    for order in range(MOST_DERIVATIVES + 1):
        at_end: Any = derivative.subs(X, sympy.Rational(end.numerator, end.denominator))
        lower, upper = enclosure(at_end, BITS)
        if lower > 0 and order == 0:
            return Verdict.PROVED, end
        step = most
        for _ in range(HALVINGS):
            if lower > 0 and _between(derivative, end, end + step)[0] is Verdict.PROVED:
                return Verdict.PROVED, end + step
            if upper < 0 and _negative_at(formula, end + step * bool(order)):
                return Verdict.REFUTED, end + step * bool(order)
            step /= 2
        if decide_equal(at_end, sympy.Integer(0)) is not Verdict.PROVED:
            return UNKNOWN
        derivative = sympy.diff(derivative, X)
        if derivative == 0:
            return Verdict.PROVED, end + most
    return UNKNOWN


def nonnegative_tail(formula: sympy.Expr, start: Fraction) -> bool:
    """Whether the formula is seen to be ≥ 0 on [start, ∞), start > 0; False means that it was not seen."""
    try:
        quotient, decays = _in_decaying_symbols(formula)
        numerator, denominator = (_stripped(part, decays) for part in sympy.fraction(sympy.cancel(sympy.together(quotient))))
        above, below = _range(numerator, decays, start), _range(denominator, decays, start)
    except (BadInput, sympy.PolynomialError):
        return False
    if below[0] is not None and below[0] > 0:
        return above[0] is not None and above[0] >= 0
    return below[1] is not None and below[1] < 0 and above[1] is not None and above[1] <= 0


Decay = dict[sympy.Symbol, tuple[sympy.Expr, int]]
"""Positive symbols with (u, n): each is at most e^{-u t^n}, and that times any power of t falls once n·u·t^n exceeds the power."""


def _in_decaying_symbols(expression: sympy.Expr) -> tuple[sympy.Expr, Decay]:
    decays: Decay = {}
    formula: Any = expression.replace(sympy.tanh, lambda u: 1 - 2 / (sympy.exp(2 * u) + 1))
    for function in sorted(formula.atoms(sympy.erf), key=str):
        slope = sympy.simplify(function.args[0] / X)
        if slope.free_symbols:
            raise BadInput(f"{function}: erf of a multiple of x was expected")
        sign = 1 if enclosure(slope, BITS)[0] > 0 else -1
        symbol = sympy.Symbol(f"C{len(decays)}", positive=True)
        decays[symbol] = (slope**2, 2)
        formula = formula.xreplace({function: sign * (1 - symbol)})
    formula = sympy.expand_power_exp(formula.replace(sympy.exp, lambda u: sympy.exp(sympy.expand(u), evaluate=False)))
    exponents: dict[int, list[tuple[Any, Any]]] = {}
    powers: list[Any] = sorted(formula.atoms(sympy.exp), key=str)
    for power in powers:
        if not power.has(X):
            continue
        coefficient, monomial = power.args[0].as_independent(X, as_Add=False)
        base, degree = monomial.as_base_exp()
        if base != X or not (isinstance(degree, sympy.Integer) and degree > 0):
            raise BadInput(f"{power}: the exponential of a monomial was expected")
        exponents.setdefault(int(degree), []).append((coefficient, power))
    for degree, found in exponents.items():
        ratios: list[Any] = [sympy.simplify(coefficient / found[0][0]) for coefficient, _ in found]
        if not all(isinstance(ratio, sympy.Rational) for ratio in ratios):
            raise BadInput("the exponents have no common measure")
        shared = lcm(*(int(ratio.q) for ratio in ratios))
        unit = sympy.Rational(gcd(*(int(ratio * shared) for ratio in ratios)), shared)
        rate = abs(unit) * sympy.Abs(found[0][0])
        direction = 1 if enclosure(found[0][0], BITS)[0] > 0 else -1
        symbol = sympy.Symbol(f"V{degree}", positive=True)
        decays[symbol] = (rate, degree)
        formula = formula.xreplace(
            {power: symbol ** int(-direction * ratio / unit) for ratio, (_, power) in zip(ratios, found, strict=True)}
        )
    return formula, decays


def _stripped(part: sympy.Expr, decays: Decay) -> sympy.Poly:
    """The polynomial without its positive monomial factor."""
    return sympy.Poly(part, X, *decays).terms_gcd()[1]


def _range(polynomial: sympy.Poly, decays: Decay, start: Fraction) -> tuple[Fraction | None, Fraction | None]:
    """Bounds of the polynomial over t ≥ start, each symbol between 0 and its bound; None is no bound."""
    low: Fraction | None = Fraction(0)
    high: Fraction | None = Fraction(0)
    t = sympy.Rational(start.numerator, start.denominator)
    for (power, *orders), coefficient in polynomial.terms():
        if coefficient.free_symbols:
            raise BadInput(f"{coefficient}: a number was expected")
        falls = any(orders)
        parts = [(order * rate * t**degree, degree) for (rate, degree), order in zip(decays.values(), orders, strict=True)]
        exponent: Any = sum((part for part, _ in parts), sympy.Integer(0))
        fall: Any = sum((part * degree for part, degree in parts), sympy.Integer(0))
        least, most = (Fraction(0), None) if falls else (start**power, start**power if power == 0 else None)
        if falls and enclosure(fall - power, BITS)[0] >= 0:
            most = enclosure(t**power * sympy.exp(-exponent), BITS)[1]
        smallest, largest = enclosure(coefficient, BITS)
        if smallest < 0 < largest:
            raise BadInput(f"{coefficient}: its sign is not seen")
        if smallest >= 0:
            low = None if low is None else low + smallest * least
            high = None if high is None or most is None else high + largest * most
        else:
            low = None if low is None or most is None else low + smallest * most
            high = None if high is None else high + largest * least
    return low, high
