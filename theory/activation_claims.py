"""Every claim of an activation, proved on the whole line or refuted at a point.

|φ - φ̂| ≤ ε′ on [-a(ε′), a(ε′)] for every ε′ > 0, with a(ε′) = c ε′^{1/k}, says |φ(x) - φ̂(x)| ≤ E(|x|) for every x, E(r) = (r/c)^k. Beyond
r₁ with E(r₁) ≥ (T + |m|) r₁ this follows from the Lipschitz constant; below, `nonnegative_between` decides E ∓ (φ - φ̂).
"""

from fractions import Fraction
from itertools import pairwise
from typing import Any

import sympy

from theory.activation import Activation
from theory.decimals import at_least, at_most
from theory.errors import BadInput, DeviationTooLarge, LipschitzTooSmall, NotLocallyLinear
from theory.half_line import nonnegative_between
from theory.real_function import BITS, Piece, X, value_bounds
from theory.verdict import Verdict, decide_at_most, decide_equal, enclosure, exact

EPSILON = sympy.Symbol("epsilon", positive=True)
LIPSCHITZ, DEVIATION, GROWTH = "|φ(x) - φ(y)| ≤ T|x - y| on ℝ", "|φ - φ̂| ≤ ε′ on [-a(ε′), a(ε′)], all ε′ > 0", "g(ε′) = ε′/a(ε′) → 0"


def verdicts(activation: Activation) -> dict[str, Verdict]:
    """One verdict per claim; raises `NotLocallyLinear`, `LipschitzTooSmall` or `DeviationTooLarge` for the first that is false."""
    activation.source.paper()
    found = {"source": Verdict.PROVED}
    pieces = activation.pieces()
    found["φ is continuous"] = _continuous(activation, pieces)
    found["φ(0) = d"] = _value_at_zero(activation, pieces)
    found["φ′(0±) = m±"] = _slopes(activation, pieces)
    found["m₊ + m₋ ≠ 0"] = _slope_sum(activation)
    found[LIPSCHITZ] = _lipschitz(activation, pieces)
    found[GROWTH] = _growth(activation)
    found[DEVIATION] = _deviation(activation, pieces, found[LIPSCHITZ] & found["φ(0) = d"])
    return found


def _at(formula: sympy.Expr, point: Fraction) -> Any:
    return formula.subs(X, exact(point))


def _sides(pieces: tuple[Piece, ...]) -> tuple[Piece, Piece]:
    """The pieces that begin at 0 and that end there."""
    return next(p for p in pieces if p.low == 0), next(p for p in pieces if p.high == 0)


def _continuous(activation: Activation, pieces: tuple[Piece, ...]) -> Verdict:
    total = Verdict.PROVED
    for left, right in pairwise(pieces):
        assert left.high is not None
        below, above = _at(left.formula, left.high), _at(right.formula, left.high)
        verdict = decide_equal(below, above)
        if verdict is Verdict.REFUTED:
            raise LipschitzTooSmall(
                f"{activation!r}: φ jumps at x = {left.high}, from {below} to {above}; no Lipschitz constant serves. Declare a continuous φ."
            )
        total &= verdict
    return total


def _value_at_zero(activation: Activation, pieces: tuple[Piece, ...]) -> Verdict:
    value = _at(_sides(pieces)[0].formula, Fraction(0))
    verdict = decide_equal(value, exact(activation.d))
    if verdict is Verdict.REFUTED:
        raise NotLocallyLinear(f"{activation!r} declares d = {activation.d}; at x = 0 the value is φ(0) = {value}. Declare d = {value}.")
    return verdict


def _slopes(activation: Activation, pieces: tuple[Piece, ...]) -> Verdict:
    total = Verdict.PROVED
    plus, minus = activation.exact_slopes
    for name, declared, piece, side in zip(("m_plus", "m_minus"), (plus, minus), _sides(pieces), (1, -1), strict=True):
        slope: Any = sympy.simplify(_at(sympy.diff(piece.formula, X), Fraction(0)))
        verdict = decide_equal(slope, declared)
        if verdict is Verdict.REFUTED:
            point, excess = _far_from_line(piece, declared, exact(activation.d), side)
            raise NotLocallyLinear(
                f"{activation!r} declares {name} = {declared}; the slope of φ at 0{'+' if side > 0 else '-'} is {slope}, so |φ - φ̂| is no "
                f"o(x): at x = {point} it is at least {at_most(excess)}. Declare {name} = {slope}."
            )
        total &= verdict
    return total


def _far_from_line(piece: Piece, slope: sympy.Expr, offset: sympy.Expr, side: int) -> tuple[Fraction, Fraction]:
    point = Fraction(side)
    while True:
        point /= 10
        if (piece.high is None or point <= piece.high) and (piece.low is None or point >= piece.low):
            low, high = value_bounds(piece.formula - slope * X - offset, point)
            if low > 0 or high < 0:
                return point, max(low, -high)


def _slope_sum(activation: Activation) -> Verdict:
    plus, minus = activation.exact_slopes
    verdict = decide_equal(plus + minus, sympy.Integer(0))
    if verdict is Verdict.PROVED:
        why = (
            "φ has no linear piece at 0"
            if decide_equal(plus, sympy.Integer(0)) is Verdict.PROVED
            else "φ̂(x) = φ̂(-x), and no sum of φ̂(wx) tells x from -x"
        )
        raise NotLocallyLinear(
            f"{activation!r} is excluded: m₊ + m₋ = {plus} + {minus} = 0 ({why}), so φ̂(x) - φ̂(-x) = (m₊ + m₋)x carries nothing of x. "
            "The constructions need m₊ + m₋ ≠ 0; choose another activation."
        )
    return Verdict.PROVED if verdict is Verdict.REFUTED else verdict


def _lipschitz(activation: Activation, pieces: tuple[Piece, ...]) -> Verdict:
    constant = exact(activation.lipschitz_constant)
    total = Verdict.PROVED
    for piece in pieces:
        derivative = sympy.diff(piece.formula, X)
        for sign in (1, -1):
            verdict, point = nonnegative_between(_tidy(constant - sign * derivative), piece.low, piece.high)
            if verdict is Verdict.REFUTED:
                assert point is not None
                low, high = value_bounds(derivative, point)
                raise LipschitzTooSmall(
                    f"{activation!r} declares the Lipschitz constant T = {activation.lipschitz_constant}; at x = {point} the slope of φ is "
                    f"{'at least ' + at_most(low) if low > 0 else 'at most -' + at_most(-high)}. Declare a larger T."
                )
            total &= verdict
    return total


def _tidy(expression: sympy.Expr) -> sympy.Expr:
    """The shorter of the expression and its expansion, in which cancelling terms are gone."""
    expanded: Any = sympy.expand(expression)
    return min((expression, expanded), key=sympy.count_ops)


def radius_form(activation: Activation) -> tuple[sympy.Expr, int]:
    """(c, k) with a(ε′) = c·ε′^{1/k}; k = 0 stands for a constant c, which may be oo. Raises `BadInput` for any other form."""
    declared: Any = sympy.sympify(activation.accurate_radius(EPSILON))
    factor, power = declared.as_independent(EPSILON, as_Add=False)
    base, exponent = power.as_base_exp()
    if power == 1:
        form = (factor, 0)
    elif base == EPSILON and isinstance(exponent, sympy.Rational) and exponent.p == 1:
        form = (factor, int(exponent.q))
    else:
        form = None
    if form is None or factor.free_symbols or (factor != sympy.oo and not enclosure(factor, BITS)[0] > 0):
        raise BadInput(
            f"{activation!r}: accurate_radius(epsilon) = {declared}; c·epsilon^(1/k) with c > 0 and an integer k ≥ 2, a positive constant, or "
            "oo was expected, such as sympy.sqrt(2 * epsilon)."
        )
    return form


def _growth(activation: Activation) -> Verdict:
    factor, order = radius_form(activation)
    if order == 1:
        raise NotLocallyLinear(
            f"{activation!r} declares a(ε′) = {factor}·ε′; then g(ε′) = ε′/a(ε′) = {1 / factor} for every ε′, and does not tend to 0. Declare "
            "a(ε′) = c·ε′^(1/k) with k ≥ 2."
        )
    return Verdict.PROVED  # g = ε′^{1-1/k}/c, ε′/c, or 0


def _deviation(activation: Activation, pieces: tuple[Piece, ...], lipschitz: Verdict) -> Verdict:
    factor, order = radius_form(activation)
    steepness = exact(activation.lipschitz_constant) + max(map(sympy.Abs, activation.exact_slopes), key=lambda m: enclosure(m, BITS)[1])
    limit = sympy.oo if order == 0 else _beyond(steepness, factor, order)
    if order and lipschitz is not Verdict.PROVED:
        limit = sympy.oo
    total = Verdict.PROVED
    for piece in pieces:
        side = 1 if piece.low is not None and piece.low >= 0 else -1
        slope = activation.exact_slopes[0 if side > 0 else 1]
        difference = _tidy((piece.formula - slope * X - exact(activation.d)).subs(X, side * X))
        near, far = (piece.low, piece.high) if side > 0 else (piece.high, piece.low)
        assert near is not None
        ends = abs(near), None if far is None else abs(far)
        total &= _on_piece(activation, difference, ends, side, (factor, order, limit))
    return total


def _beyond(steepness: sympy.Expr, factor: sympy.Expr, order: int) -> Fraction:
    """A rational r₁ with (T + |m|) r ≤ (r/c)^k for every r ≥ r₁, that is (T + |m|) c^k ≤ r₁^{k-1}."""
    reach = Fraction(1)
    while decide_at_most(steepness * factor**order, exact(reach) ** (order - 1)) is not Verdict.PROVED:
        reach *= 2
    return reach


def _on_piece(
    activation: Activation,
    difference: sympy.Expr,
    ends: tuple[Fraction, Fraction | None],
    side: int,
    form: tuple[sympy.Expr, int, Any],
) -> Verdict:
    factor, order, limit = form
    near, far = ends
    if difference == 0 or (order == 0 and factor != sympy.oo and decide_at_most(factor, exact(near)) is Verdict.PROVED):
        return Verdict.PROVED
    if order == 0:
        return _exact_piece(activation, difference, ends, side, factor)
    if limit != sympy.oo:
        if near >= limit:
            return Verdict.PROVED
        far = limit if far is None else min(far, limit)
    allowed: Any = (X / factor) ** order
    total = Verdict.PROVED
    for sign in (1, -1):
        verdict, point = nonnegative_between(allowed - sign * difference, near, far)
        if verdict is Verdict.REFUTED:
            assert point is not None
            low, high = value_bounds(difference, point)
            most = enclosure(_at(allowed, point), BITS)[1]
            raise DeviationTooLarge(
                f"{activation!r} declares a(ε′) = {activation.accurate_radius(EPSILON)}; at x = {side * point} the difference |φ - φ̂| is at "
                f"least {at_most(max(low, -high))}, although x lies in [-a(ε′), a(ε′)] for ε′ = {at_least(most)}. Declare a smaller a(ε′)."
            )
        total &= verdict
    return total


def _exact_piece(
    activation: Activation, difference: sympy.Expr, ends: tuple[Fraction, Fraction | None], side: int, factor: sympy.Expr
) -> Verdict:
    """For a constant a, φ must equal φ̂ there: refuted at a point of the piece where they differ."""
    near, far = ends
    reach = far
    if factor != sympy.oo:
        inside = enclosure(factor, BITS)[0]
        reach = inside if far is None else min(far, inside)
    for step in range(1, 17):
        point = near + Fraction(step, 16) * (Fraction(1) if reach is None else reach - near)
        low, high = value_bounds(difference, point)
        if low > 0 or high < 0:
            raise DeviationTooLarge(
                f"{activation!r} declares a(ε′) = {activation.accurate_radius(EPSILON)}; at x = {side * point} the difference |φ - φ̂| is at "
                f"least {at_most(max(low, -high))}, although it must be ≤ ε′ for every ε′ > 0. Declare a smaller a(ε′)."
            )
    return Verdict.PROVED if sympy.simplify(difference) == 0 else Verdict.UNDECIDED
