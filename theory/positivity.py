"""Exact algebra: identities in normal form, and polynomials that are ≥ 0 on an interval (Sturm) or a box (Bernstein)."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from math import comb
from typing import Any

import sympy

from theory.errors import BadInput
from theory.verdict import Verdict

Range = tuple[sympy.Expr | int | Fraction, sympy.Expr | int | Fraction]


def _fraction(expression: Any) -> tuple[Any, Any]:
    numerator, denominator = sympy.fraction(sympy.together(expression))
    return sympy.expand(numerator), sympy.expand(denominator)


def identical(left: sympy.Basic | int, right: sympy.Basic | int) -> Verdict:
    """Whether two rational functions of their symbols are one; logarithms of symbols count as further symbols.

    The difference is put over one denominator and its numerator expanded: a polynomial vanishes if and only if its coefficients do.
    Raises `BadInput` for other functions.
    """
    first: Any = sympy.sympify(left)
    second: Any = sympy.sympify(right)
    difference = sympy.expand_log(first - second, force=True, factor=True)
    logarithms = sorted(difference.atoms(sympy.log), key=str)
    if any(log.args[0].free_symbols and not log.args[0].is_Symbol for log in logarithms):
        raise BadInput(f"{difference}: only logarithms of single symbols and numbers have a normal form here.")
    primes = {log: sympy.Dummy(f"l{i}") for i, log in enumerate(logarithms)}
    numerator, denominator = _fraction(difference.xreplace(primes))
    if numerator.has(sympy.Function) or not numerator.is_polynomial(*numerator.free_symbols):
        raise BadInput(f"{difference} is no rational function of its symbols.")
    if denominator == 0:
        raise BadInput(f"{difference} has a denominator that vanishes identically.")
    return Verdict.PROVED if numerator == 0 else Verdict.REFUTED


def nonnegative(expression: sympy.Basic | int, ranges: Mapping[sympy.Symbol, Range], *, depth: int = 12) -> Verdict:
    """Whether a rational function is ≥ 0 wherever it is defined on a closed box; ends may be ±∞ for a single symbol.

    One symbol: Sturm's theorem decides always. Several: Bernstein coefficients on up to 2^`depth` parts; a negative corner refutes,
    and UNDECIDED is possible. The denominator must keep one sign.
    """
    numerator, denominator = _fraction(sympy.sympify(expression))
    if not denominator.free_symbols:
        return _polynomial(numerator * sympy.sign(denominator), ranges, depth)
    if _polynomial(denominator, ranges, depth) is Verdict.PROVED:
        return _polynomial(numerator, ranges, depth)
    if _polynomial(-denominator, ranges, depth) is Verdict.PROVED:
        return _polynomial(-numerator, ranges, depth)
    return Verdict.UNDECIDED


def _polynomial(expression: sympy.Expr, ranges: Mapping[sympy.Symbol, Range], depth: int) -> Verdict:
    symbols: list[Any] = sorted(expression.free_symbols, key=str)
    if missing := [symbol for symbol in symbols if symbol not in ranges]:
        raise BadInput(f"{expression}: no range was given for {missing}.")
    if not symbols:
        return Verdict.PROVED if expression >= 0 else Verdict.REFUTED
    if len(symbols) == 1:
        ends: list[Any] = [sympy.sympify(end) for end in ranges[symbols[0]]]
        low, high = ends
        return _sturm(sympy.Poly(expression, symbols[0], domain="QQ"), low, high)
    box = [tuple(Fraction(str(sympy.sympify(end))) for end in ranges[symbol]) for symbol in symbols]
    return _bernstein(sympy.Poly(expression, *symbols, domain="QQ"), box, depth)


def _sturm(polynomial: Any, low: sympy.Expr, high: sympy.Expr) -> Verdict:
    """p ≥ 0 on [low, high] if and only if no root of odd multiplicity lies inside and p ≥ 0 at one inner point that is no root."""
    if polynomial.is_zero:
        return Verdict.PROVED
    odd = sympy.Poly(1, polynomial.gen, domain="QQ")
    for factor, multiplicity in polynomial.sqf_list()[1]:
        if multiplicity % 2:
            odd *= factor
    inside = odd.count_roots(None if low == -sympy.oo else low, None if high == sympy.oo else high)
    inside -= sum(odd.eval(end) == 0 for end in (low, high) if end.is_finite)
    if inside:
        return Verdict.REFUTED
    return Verdict.PROVED if polynomial.eval(_inner_point(polynomial, low, high)) > 0 else Verdict.REFUTED


def _inner_point(polynomial: Any, low: sympy.Expr, high: sympy.Expr) -> sympy.Expr:
    for k in range(1, polynomial.degree() + 3):
        if low.is_finite and high.is_finite:
            point = low + (high - low) * sympy.Rational(k, polynomial.degree() + 3)
        elif low.is_finite:
            point = low + k
        else:
            point = (high if high.is_finite else sympy.Integer(0)) - k
        if polynomial.eval(point) != 0:
            return point
    raise BadInput(f"{polynomial} vanishes at more points than its degree allows.")


def _bernstein(polynomial: Any, box: list[tuple[Fraction, ...]], depth: int) -> Verdict:
    degrees = [polynomial.degree(symbol) for symbol in polynomial.gens]
    unit = {symbol: Fraction(0) for symbol in polynomial.gens}
    shifted = polynomial.as_expr().subs(
        {symbol: _rational(low) + _rational(high - low) * symbol for symbol, (low, high) in zip(unit, box, strict=True)}, simultaneous=True
    )
    powers = {monomial: Fraction(int(c.p), int(c.q)) for monomial, c in sympy.Poly(shifted, *polynomial.gens, domain="QQ").terms()}
    coefficients = {}
    for index in product(*(range(degree + 1) for degree in degrees)):
        total = Fraction(0)
        for monomial, value in powers.items():
            if all(m <= i for m, i in zip(monomial, index, strict=True)):
                weight = Fraction(1)
                for m, i, degree in zip(monomial, index, degrees, strict=True):
                    weight *= Fraction(comb(i, m), comb(degree, m))
                total += value * weight
        coefficients[index] = total
    if all(value >= 0 for value in coefficients.values()):
        return Verdict.PROVED
    if any(coefficients[corner] < 0 for corner in product(*((0, degree) for degree in degrees))):
        return Verdict.REFUTED
    if depth == 0:
        return Verdict.UNDECIDED
    widest = max(range(len(box)), key=lambda axis: box[axis][1] - box[axis][0])
    low, high = box[widest]
    parts = [[*box[:widest], part, *box[widest + 1 :]] for part in ((low, (low + high) / 2), ((low + high) / 2, high))]
    return _bernstein(polynomial, parts[0], depth - 1) & _bernstein(polynomial, parts[1], depth - 1)


def _rational(value: Fraction) -> sympy.Expr:
    return sympy.Rational(value.numerator, value.denominator)
