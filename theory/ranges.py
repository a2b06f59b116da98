"""Inequalities over whole ranges of real parameters, by subdivided interval arithmetic."""

from collections.abc import Mapping
from fractions import Fraction

import sympy

from theory.errors import BadInput
from theory.verdict import Ranges, Verdict, enclosure

BITS = 96
MOST_PARTS = 200_000
NARROWEST = Fraction(1, 2**60)


def positive_on(expression: sympy.Expr, ranges: Mapping[sympy.Symbol, tuple[int | str | Fraction, int | str | Fraction]]) -> Verdict:
    """Whether `expression` > 0 on the whole closed box, by Arb's balls and mpmath's intervals, which must agree on every part.

    A part whose enclosure touches zero is halved; a midpoint where the expression is provably < 0 or = 0 refutes. UNDECIDED after
    `MOST_PARTS` parts, or at a part narrower than `NARROWEST`. Raises `BadInput` for a symbol without a range.
    """
    box: dict[sympy.Basic, tuple[Fraction, Fraction]] = {symbol: (Fraction(low), Fraction(high)) for symbol, (low, high) in ranges.items()}
    if missing := expression.free_symbols - set(box):
        raise BadInput(f"{expression}: no range was given for {sorted(missing, key=str)}.")
    waiting: list[Ranges] = [box]
    for _ in range(MOST_PARTS):
        if not waiting:
            return Verdict.PROVED
        part = waiting.pop()
        if _least(expression, part) > 0:
            continue
        middle = {symbol: ((low + high) / 2, (low + high) / 2) for symbol, (low, high) in part.items()}
        if enclosure(expression, BITS, middle)[1] <= 0:
            return Verdict.REFUTED
        widest = max(part, key=lambda symbol: part[symbol][1] - part[symbol][0])
        low, high = part[widest]
        if high - low < NARROWEST:
            return Verdict.UNDECIDED
        waiting += [{**part, widest: half} for half in ((low, (low + high) / 2), ((low + high) / 2, high))]
    return Verdict.UNDECIDED


def _least(expression: sympy.Expr, part: Ranges) -> Fraction:
    try:
        return enclosure(expression, BITS, part)[0]
    except BadInput:
        return Fraction(-1)  # no finite enclosure over so wide a part
