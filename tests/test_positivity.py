"""Identities by normal form; signs of polynomials by Sturm's theorem and Bernstein coefficients."""

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from theory.errors import BadInput
from theory.positivity import identical, nonnegative
from theory.verdict import Verdict

x, y = sympy.symbols("x y", positive=True)
EVERYWHERE = (-sympy.oo, sympy.oo)


def test_rational_identities_hold_or_fail_by_their_coefficients() -> None:
    assert identical((x + y) ** 2 / x, x + 2 * y + y**2 / x) is Verdict.PROVED
    assert identical((x + y) ** 2 / x, x + y + y**2 / x) is Verdict.REFUTED
    assert identical(x, x + sympy.Rational(1, 10**40)) is Verdict.REFUTED


def test_logarithms_of_symbols_and_numbers_are_symbols_of_their_own() -> None:
    assert identical(sympy.log(12 * x**2 / y), 2 * sympy.log(2) + sympy.log(3) + 2 * sympy.log(x) - sympy.log(y)) is Verdict.PROVED
    assert identical(sympy.log(12 * x), sympy.log(11) + sympy.log(x)) is Verdict.REFUTED


@pytest.mark.parametrize("expression", [sympy.log(1 + x), sympy.sin(x), sympy.exp(x)])
def test_functions_without_a_normal_form_are_refused(expression: sympy.Expr) -> None:
    with pytest.raises(BadInput):
        identical(expression, x)


@pytest.mark.parametrize(
    ("polynomial", "ends", "verdict"),
    [
        (x**2 - 2 * x + 1, EVERYWHERE, Verdict.PROVED),
        (x**2 - 2 * x + sympy.Rational(999, 1000), EVERYWHERE, Verdict.REFUTED),
        (x**3, (-1, 1), Verdict.REFUTED),
        (x**3, (0, sympy.oo), Verdict.PROVED),
        (x * (1 - x), (0, 1), Verdict.PROVED),
        (-((x - 1) ** 2), (0, 2), Verdict.REFUTED),
        (x**2 - 2, (sympy.Rational(3, 2), 2), Verdict.PROVED),
        (x**2 - 2, (sympy.Rational(7, 5), 2), Verdict.REFUTED),
        (sympy.Integer(0) * x, (0, 1), Verdict.PROVED),
        (1 / (1 + x**2) - sympy.Rational(1, 2), (0, 1), Verdict.PROVED),
        (1 / (1 + x**2) - sympy.Rational(1, 2), (0, 2), Verdict.REFUTED),
    ],
)
def test_sturm_decides_one_variable(polynomial: sympy.Expr, ends: tuple, verdict: Verdict) -> None:
    assert nonnegative(polynomial, {x: ends}) is verdict


def test_bernstein_decides_boxes_and_says_when_it_cannot() -> None:
    box = {x: (0, 1), y: (0, 1)}
    assert nonnegative(x + y - 2 * x * y, box) is Verdict.PROVED
    assert nonnegative(x * y - sympy.Rational(1, 100), box) is Verdict.REFUTED
    assert nonnegative((x - y) ** 2 + sympy.Rational(1, 50), box) is Verdict.PROVED
    assert nonnegative((x - y) ** 2 - sympy.Rational(1, 50), box) is Verdict.REFUTED
    assert nonnegative((x - sympy.Rational(1, 3)) ** 2 + (y - sympy.Rational(1, 3)) ** 2, box) is Verdict.UNDECIDED


def test_a_denominator_that_changes_sign_leaves_it_undecided_and_a_missing_range_is_refused() -> None:
    assert nonnegative(1 / (x - 1), {x: (0, 2)}) is Verdict.UNDECIDED
    with pytest.raises(BadInput):
        nonnegative(x + y, {x: (0, 1)})


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.lists(st.integers(-4, 4), min_size=1, max_size=5), st.integers(-3, 1))
def test_sturm_agrees_with_the_values_on_a_fine_grid(coefficients: list[int], low: int) -> None:
    polynomial = sympy.Poly(coefficients, x)
    values = [float(sympy.Rational(str(polynomial.eval(sympy.Rational(k, 16))))) for k in range(16 * low, 16 * (low + 2) + 1)]
    verdict = nonnegative(polynomial.as_expr(), {x: (low, low + 2)})
    assert verdict is not Verdict.UNDECIDED
    if verdict is Verdict.PROVED:
        assert min(values) >= 0
    else:
        assert min(values) < 0.25
