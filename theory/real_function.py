"""Functions of one real variable in closed form, piece by piece, with rigorous rational bounds of their values on intervals."""

import heapq
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any

import sympy

from theory.errors import BadInput
from theory.verdict import enclosure

BITS = 96
RELATIVE = Fraction(1, 2**10)
ABSOLUTE = Fraction(1, 2**72)
MOST_PARTS = 500
SIGNIFICANT_BITS = 64

X = sympy.Symbol("x", real=True)


@dataclass(frozen=True)
class Piece:
    """A smooth formula in `X` on a closed interval with rational ends; None is an infinite end."""

    low: Fraction | None
    high: Fraction | None
    formula: sympy.Expr


def pieces(formula: sympy.Expr) -> tuple[Piece, ...]:
    """The smooth pieces of a formula in `X`, left to right, with 0 always an end; floats count as the decimals they print as.

    Raises `BadInput` for a formula that is not defined on the whole line or changes at a number that is not rational.
    """
    formula = sympy.sympify(formula)
    if formula.free_symbols - {X}:
        raise BadInput(f"{formula} depends on {sorted(map(str, formula.free_symbols - {X}))}; a formula in x alone was expected.")
    decimal: Any = formula.replace(lambda part: isinstance(part, sympy.Float), lambda part: sympy.Rational(str(part)))
    folded: Any = sympy.piecewise_fold(decimal.rewrite(sympy.Piecewise))
    pairs: Any = folded.as_expr_set_pairs() if isinstance(folded, sympy.Piecewise) else [(folded, sympy.S.Reals)]
    found: list[Piece] = []
    region: Any
    part: Any
    for expression, region in pairs:
        for part in region.args if isinstance(region, sympy.Union) else (region,):
            low, high = _end(formula, part.inf), _end(formula, part.sup)
            inside = (low is None or low < 0) and (high is None or high > 0)
            ends = [low, Fraction(0), high] if inside else [low, high]
            found += [Piece(first, last, expression) for first, last in pairwise(ends) if first is None or first != last]
    found.sort(key=lambda piece: (piece.low is not None, piece.low or Fraction(0)))
    if found[0].low is not None or found[-1].high is not None or any(left.high != right.low for left, right in pairwise(found)):
        raise BadInput(f"{formula} is not defined on the whole real line; its pieces are {found}.")
    return tuple(found)


def _end(formula: sympy.Expr, end: sympy.Expr) -> Fraction | None:
    if end in (sympy.oo, -sympy.oo):
        return None
    if not isinstance(end, sympy.Rational):
        raise BadInput(f"{formula} changes at {end}, which is no rational number; a piece must end at a rational.")
    return Fraction(int(end.p), int(end.q))


def outward(value: Fraction, *, up: bool) -> Fraction:
    """The nearest fraction of `SIGNIFICANT_BITS` binary digits on the given side of `value`."""
    if value == 0:
        return value
    shift = SIGNIFICANT_BITS - (abs(value.numerator).bit_length() - value.denominator.bit_length())
    scaled = value * Fraction(2) ** shift
    whole = -((-scaled.numerator) // scaled.denominator) if up else scaled.numerator // scaled.denominator
    return Fraction(whole) / Fraction(2) ** shift


def value_bounds(formula: sympy.Expr, point: Fraction) -> tuple[Fraction, Fraction]:
    """Rationals that enclose the value of a formula in `X` at a point."""
    return enclosure(formula, BITS, {X: (point, point)})


def supremum(formula: sympy.Expr, low: Fraction, high: Fraction) -> Fraction:
    """An upper bound of a smooth formula in `X` on [low, high]; see `largest`."""
    return largest((formula,), low, high)


def largest_size(formula: sympy.Expr, low: Fraction, high: Fraction) -> Fraction:
    """An upper bound of |formula| on [low, high]; see `largest`."""
    return largest((formula, -formula), low, high)


@lru_cache(maxsize=4096)
def largest(formulas: tuple[sympy.Expr, ...], low: Fraction, high: Fraction) -> Fraction:
    """An upper bound of smooth formulas in `X` on [low, high], within about 1/1024 of their supremum, by halving the interval.

    Each part is bounded by its enclosure, by its ends where the derivative keeps a sign, and by the mean value theorem. Raises `BadInput`
    where no finite bound is found.
    """
    derivatives = [sympy.diff(formula, X) for formula in formulas]

    def entry(index: int, first: Fraction, last: Fraction) -> tuple[bool, Fraction, int, Fraction, Fraction]:
        upper = upper_bound(formulas[index], derivatives[index], first, last)
        return upper is not None, -(upper or Fraction(0)), index, first, last

    reached = max(value_bounds(formula, end)[0] for formula in formulas for end in (low, high))
    waiting = [entry(index, low, high) for index in range(len(formulas))]
    heapq.heapify(waiting)
    for _ in range(MOST_PARTS):
        finite, negative, index, first, last = waiting[0]
        if finite and -negative - reached <= max(ABSOLUTE, RELATIVE * abs(reached)):
            break
        heapq.heappop(waiting)
        middle = (first + last) / 2
        reached = max(reached, value_bounds(formulas[index], middle)[0])
        for half in ((first, middle), (middle, last)):
            heapq.heappush(waiting, entry(index, *half))
    finite, negative, index, first, last = waiting[0]
    if not finite:
        raise BadInput(f"{formulas[index]} has no finite bound on [{low}, {high}]; none was found on [{first}, {last}].")
    return outward(-negative, up=True)


def upper_bound(formula: sympy.Expr, derivative: sympy.Expr, first: Fraction, last: Fraction) -> Fraction | None:
    """An upper bound on [first, last] from single enclosures of a formula and its derivative; None where neither is finite."""
    candidates = []
    for attempt in (lambda: enclosure(formula, BITS, {X: (first, last)})[1], lambda: _by_slope(formula, derivative, first, last)):
        try:
            candidates.append(attempt())
        except BadInput:
            continue
    return min(candidates, default=None)


def _by_slope(formula: sympy.Expr, derivative: sympy.Expr, first: Fraction, last: Fraction) -> Fraction:
    least, most = enclosure(derivative, BITS, {X: (first, last)})
    if least >= 0:
        return value_bounds(formula, last)[1]
    if most <= 0:
        return value_bounds(formula, first)[1]
    return value_bounds(formula, (first + last) / 2)[1] + max(-least, most) * (last - first) / 2
