"""Linear inequalities with rational coefficients, decided by Fourier-Motzkin elimination."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

import sympy

from theory.errors import BadInput
from theory.verdict import Verdict

Row = tuple[dict[sympy.Symbol, Fraction], Fraction, bool]
"""A linear form and its constant, with whether the sum is claimed positive (True) or only not negative."""


def _row(form: sympy.Expr | int, strict: bool) -> Row:
    expanded = sympy.expand(form)
    coefficients = {}
    for symbol in expanded.free_symbols:
        factor = expanded.coeff(symbol)
        if not isinstance(factor, sympy.Rational):
            raise BadInput(f"{form} is not linear in {symbol} with a rational coefficient.")
        coefficients[symbol] = Fraction(int(factor.p), int(factor.q))
    constant = sympy.expand(expanded - sum(expanded.coeff(symbol) * symbol for symbol in coefficients))
    if not isinstance(constant, sympy.Rational):
        raise BadInput(f"{form} is not linear: {constant} remains beside its linear part.")
    return coefficients, Fraction(int(constant.p), int(constant.q)), strict


def _eliminate(rows: list[Row], symbol: sympy.Symbol) -> list[Row]:
    lower = [row for row in rows if row[0].get(symbol, 0) > 0]
    upper = [row for row in rows if row[0].get(symbol, 0) < 0]
    kept = [row for row in rows if not row[0].get(symbol, 0)]
    for a, a_constant, a_strict in lower:
        for b, b_constant, b_strict in upper:
            s, t = -b[symbol], a[symbol]
            form = {name: s * a.get(name, 0) + t * b.get(name, 0) for name in {*a, *b} - {symbol}}
            kept.append(({k: v for k, v in form.items() if v}, s * a_constant + t * b_constant, a_strict or b_strict))
    return kept


def feasible(at_least_zero: Iterable[sympy.Expr | int], positive: Iterable[sympy.Expr | int] = ()) -> bool:
    """Whether some real point makes every form of the first list ≥ 0 and every form of the second > 0.

    Exact and complete over the reals. Raises `BadInput` for a form that is not linear with rational coefficients.
    """
    rows = [_row(form, False) for form in at_least_zero] + [_row(form, True) for form in positive]
    while symbols := sorted({symbol for form, _, _ in rows for symbol in form}, key=str):
        rows = _eliminate(rows, symbols[0])
    return all(constant > 0 if strict else constant >= 0 for _, constant, strict in rows)


def implies(given: Iterable[sympy.Expr | int], claim: sympy.Expr | int, *, strictly: bool = False) -> Verdict:
    """Whether `claim` ≥ 0 (or > 0) at every real point where all of `given` are ≥ 0: no point may make it negative.

    For integers state x > 0 as x - 1 ≥ 0; proofs over the reals then serve.
    """
    negation = -sympy.sympify(claim)
    found = feasible([*given, negation]) if strictly else feasible(given, [negation])
    return Verdict.REFUTED if found else Verdict.PROVED


Forms = Sequence[sympy.Expr]
"""A polyhedron: the points where every form is ≥ 0."""


def partitions(whole: Forms, parts: Sequence[Forms], *, integers: bool) -> Verdict:
    """Whether each point of `whole` lies in exactly one of `parts`, and these lie in `whole`.

    With `integers` this is said of integer points, and PROVED by proofs over the reals; a failure of these leaves it UNDECIDED.
    Without, it is said up to boundaries (null sets), and decided.
    """
    inside = all(implies(part, form) is Verdict.PROVED for part in parts for form in whole)
    if integers:
        disjoint = all(not feasible([*first, *second]) for i, first in enumerate(parts) for second in parts[:i])
    else:
        disjoint = all(not feasible([], [*first, *second]) for i, first in enumerate(parts) for second in parts[:i])
    if inside and disjoint and not _point_outside(list(whole), parts, integers):
        return Verdict.PROVED
    return Verdict.UNDECIDED if integers else Verdict.REFUTED


def _point_outside(forms: list[sympy.Expr], parts: Sequence[Forms], integers: bool) -> bool:
    if not (feasible(forms) if integers else feasible([], forms)):
        return False
    if not parts:
        return True
    return any(_point_outside([*forms, -form - int(integers)], parts[1:], integers) for form in parts[0])
