"""Numbers that are only known as balls, such as cos(1): dimensions of spaces of intertwiners between two proven bounds.

Above: elimination with balls whose pivots certainly differ from zero gives a rank from below. Below: rational solutions that floating
point proposes and exact zero tests confirm.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import sympy
from flint import arb, ctx

from theory.representation import Representation
from theory.verdict import Verdict, ball, decide_equal

BITS = 256
LARGEST_DENOMINATOR = 64


def dimension_bounds(domain: Representation, codomain: Representation) -> tuple[int, int]:
    """lower ≤ dim Hom_G(V, W) ≤ upper, both proved."""
    rows = _equations(domain, codomain)
    size = domain.dimension * codomain.dimension
    saved = ctx.prec
    try:
        ctx.prec = BITS
        pivots, reduced = _eliminate([{x: _ball(value) for x, value in row.items()} for row in rows], size)
    finally:
        ctx.prec = saved
    upper = size - len(pivots)
    return _confirmed(rows, pivots, reduced, size), upper


def _ball(value: Any) -> arb:
    return ball(sympy.sympify(value), BITS)


def _equations(domain: Representation, codomain: Representation) -> list[dict[int, Any]]:
    rows, d = [], domain.dimension
    for v, w in zip(domain.matrices + domain.derivatives, codomain.matrices + codomain.derivatives, strict=True):
        columns = v.transpose().entries
        for y, above in enumerate(w.entries):
            for x, right in enumerate(columns):
                row: dict[int, Any] = {k * d + x: value for k, value in above}
                for k, value in right:
                    row[y * d + k] = row.get(y * d + k, 0) - value
                rows.append({unknown: value for unknown, value in row.items() if value != 0})
    return [row for row in rows if row]


def _eliminate(rows: list[dict[int, arb]], size: int) -> tuple[list[int], list[dict[int, arb]]]:
    """Gauss–Jordan elimination: pivots certainly non-zero, the largest in its column; what may be zero is left aside."""
    pivots, reduced, waiting = [], [], rows
    for x in range(size):
        candidates = [row for row in waiting if x in row and not row[x].contains(0)]
        if not candidates:
            continue
        best = max(candidates, key=lambda row: float(abs(row[x]).abs_lower()))
        waiting = [row for row in waiting if row is not best]
        unit = {j: value / best[x] for j, value in best.items() if j != x}
        unit[x] = arb(1)
        waiting = [_subtract(row, unit, x) for row in waiting]
        reduced = [_subtract(row, unit, x) for row in reduced]
        pivots.append(x)
        reduced.append(unit)
    return pivots, reduced


def _subtract(row: dict[int, arb], unit: dict[int, arb], x: int) -> dict[int, arb]:
    if x not in row:
        return row
    factor, result = row[x], dict(row)
    for j, value in unit.items():
        total = result.get(j, arb(0)) - factor * value
        if j == x or total == 0:
            result.pop(j, None)
        else:
            result[j] = total
    return result


def _confirmed(rows: Sequence[dict[int, Any]], pivots: list[int], reduced: list[dict[int, arb]], size: int) -> int:
    """How many rational vectors, one per free unknown, are proposed by the echelon form and proved to solve every equation."""
    count = 0
    for free in (x for x in range(size) if x not in set(pivots)):
        vector = {free: Fraction(1)}
        for pivot, row in zip(pivots, reduced, strict=True):
            if free in row:
                guess = Fraction(-float(row[free].mid())).limit_denominator(LARGEST_DENOMINATOR)
                if guess:
                    vector[pivot] = guess
        count += all(_vanishes(row, vector) for row in rows)
    return count


def _vanishes(row: dict[int, Any], vector: dict[int, Fraction]) -> bool:
    terms = [value * sympy.Rational(vector[x].numerator, vector[x].denominator) for x, value in row.items() if x in vector]
    total = sympy.expand(sympy.Add(*terms))
    return total == 0 or decide_equal(total, sympy.Integer(0)) is Verdict.PROVED
