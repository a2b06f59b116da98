"""Inequalities over whole ranges by two interval arithmetics; false ones are refuted, tight ones left undecided."""

import pytest
import sympy

from theory.errors import BadInput, Contradiction
from theory.ranges import positive_on
from theory.verdict import Verdict, enclosure

x, y = sympy.symbols("x y", positive=True)


def test_inequalities_hold_on_the_whole_range_or_are_refuted_at_a_point() -> None:
    assert positive_on(1 + x - sympy.exp(x / 2) + sympy.Rational(1, 1000), {x: (0, 1)}) is Verdict.PROVED
    assert positive_on(1 + x - sympy.exp(x), {x: ("1/10", 1)}) is Verdict.REFUTED
    assert positive_on(sympy.log(1 + x * y) + sympy.Rational(1, 10) - x * y + (x * y) ** 2 / 2, {x: (0, 1), y: (0, 1)}) is Verdict.PROVED
    assert positive_on(sympy.loggamma(x) + sympy.Rational(1, 8), {x: (1, 4)}) is Verdict.PROVED
    assert positive_on(sympy.loggamma(x) + sympy.Rational(1, 10), {x: (1, 4)}) is Verdict.REFUTED


def test_a_narrow_violation_inside_the_range_is_found() -> None:
    dip = (x - sympy.Rational(1, 3)) ** 2 - sympy.Rational(1, 10**6)
    assert positive_on(dip, {x: (0, 1)}) is Verdict.REFUTED


def test_an_inequality_that_is_attained_is_undecided() -> None:
    assert positive_on((x - sympy.Rational(1, 3)) ** 2, {x: (0, 1)}) is Verdict.UNDECIDED


def test_a_symbol_without_a_range_is_refused() -> None:
    with pytest.raises(BadInput, match="no range was given"):
        positive_on(x + y, {x: (0, 1)})


def test_two_arithmetics_that_exclude_each_other_are_a_contradiction(monkeypatch: pytest.MonkeyPatch) -> None:
    from theory import verdict

    original = verdict._interval
    monkeypatch.setattr(verdict, "_interval", lambda expression, at: original(expression, at) + 5)
    with pytest.raises(Contradiction):
        positive_on(1 + x, {x: (0, 1)})


def test_an_enclosure_over_a_range_holds_every_value() -> None:
    from fractions import Fraction

    lower, upper = enclosure(sympy.exp(x) * sympy.sin(x), 96, {x: (Fraction(0), Fraction(2))})
    values = [float(sympy.exp(t) * sympy.sin(t)) for t in (0, 0.5, 1, 1.5, 2)]
    assert lower <= min(values)
    assert upper >= max(values)
