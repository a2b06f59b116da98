"""Enclosures contain the number and shrink; verdicts have three values and are decided exactly."""

import math
from fractions import Fraction

import mpmath
import pytest
import sympy
from flint import arb
from hypothesis import given, settings
from hypothesis import strategies as st

from theory import verdict
from theory.errors import BadInput, Contradiction
from theory.verdict import Verdict, ball, ceiling, decide_at_most, decide_equal, enclosure, exact, interval

PROVED, REFUTED, UNDECIDED = Verdict.PROVED, Verdict.REFUTED, Verdict.UNDECIDED
S = sympy.Integer

positive = st.one_of(
    st.fractions(Fraction(1, 50), 50, max_denominator=60).map(lambda q: sympy.Rational(q.numerator, q.denominator)),
    st.sampled_from([sympy.pi, sympy.E, sympy.sqrt(2), sympy.log(2)]),
)


def combine(inner: st.SearchStrategy[sympy.Expr]) -> st.SearchStrategy[sympy.Expr]:
    return st.one_of(
        st.tuples(inner, inner).map(lambda pair: pair[0] + pair[1]),
        st.tuples(inner, inner).map(lambda pair: pair[0] * pair[1]),
        st.tuples(inner, inner).map(lambda pair: pair[0] / pair[1]),
        st.tuples(inner, inner).map(lambda pair: sympy.Abs(pair[0] - pair[1]) + 1),
        inner.map(sympy.sqrt),
        inner.map(lambda x: x ** sympy.Rational(2, 3)),
        inner.map(lambda x: x**-2),
        inner.map(lambda x: sympy.log(1 + x)),
        inner.map(lambda x: sympy.exp(-x)),
        inner.map(lambda x: 2 + sympy.cos(x)),
        inner.map(lambda x: 2 + sympy.sin(x)),
    )


expressions = st.recursive(positive, combine, max_leaves=5)


def high_precision(expression: sympy.Expr) -> Fraction:
    """The value to 400 digits by SymPy's own evaluation, which shares no code path with the two enclosures."""
    with mpmath.workdps(420):
        number = sympy.N(expression, 400)
        return Fraction(int(number.p), int(number.q)) if isinstance(number, sympy.Rational) else Fraction(str(number))


@settings(deadline=None, derandomize=True, max_examples=80)
@given(expressions)
def test_an_enclosure_contains_the_number_and_shrinks_with_precision(expression: sympy.Expr) -> None:
    value = high_precision(expression)
    slack = abs(value) / 10**380
    widths = []
    for bits in (64, 128, 256):
        lower, upper = enclosure(expression, bits)
        assert lower - slack <= value <= upper + slack
        widths.append(upper - lower)
        assert upper - lower <= abs(value) * Fraction(1, 2 ** (bits - 30))
    assert widths[0] >= widths[1] >= widths[2]


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.fractions(-10, 10, max_denominator=1000), st.sampled_from([sympy.pi, sympy.sqrt(3), sympy.exp(1), sympy.log(7)]))
def test_an_order_between_a_rational_and_an_irrational_is_always_decided(q: Fraction, irrational: sympy.Expr) -> None:
    rational, value = exact(q), high_precision(irrational)
    assert decide_at_most(rational, irrational) is (PROVED if q < value else REFUTED)
    assert decide_at_most(irrational, rational) is (PROVED if value < q else REFUTED)
    assert decide_equal(irrational, rational) is REFUTED


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (S(1), S(1), PROVED),
        (S(1), S(0), REFUTED),
        (sympy.log(4), 2 * sympy.log(2), PROVED),
        (2 * sympy.log(2), sympy.log(4), PROVED),
        (sympy.sqrt(5 + 2 * sympy.sqrt(6)), sympy.sqrt(2) + sympy.sqrt(3), PROVED),
        (sympy.pi, sympy.Rational(22, 7), PROVED),
        (sympy.Rational(22, 7), sympy.pi, REFUTED),
        (sympy.exp(sympy.pi * sympy.sqrt(163)), S(640320**3 + 744), PROVED),  # Ramanujan's constant, short of it by 7.5e-13
        (S(640320**3 + 744), sympy.exp(sympy.pi * sympy.sqrt(163)), REFUTED),
        (sympy.pi, sympy.pi + sympy.Rational(1, 10**500), PROVED),
        (sympy.pi + sympy.Rational(1, 10**500), sympy.pi, REFUTED),
    ],
)
def test_orders_of_closed_forms(left: sympy.Expr, right: sympy.Expr, expected: Verdict) -> None:
    assert decide_at_most(left, right) is expected


def test_what_2048_bits_cannot_separate_is_undecided_not_proved() -> None:
    tiny = sympy.exp(S(-5000))  # 2^-7213
    assert decide_at_most(sympy.pi + tiny, sympy.pi) is not PROVED
    assert decide_equal(sympy.pi + tiny, sympy.pi) is not PROVED


def test_equality_is_proved_by_exact_simplification_and_refuted_by_disjoint_enclosures() -> None:
    assert decide_equal(sympy.sqrt(8), 2 * sympy.sqrt(2)) is PROVED
    assert decide_equal(sympy.log(6), sympy.log(2) + sympy.log(3)) is PROVED
    assert decide_equal(sympy.exp(sympy.pi * sympy.sqrt(163)), S(640320**3 + 744)) is REFUTED


def test_no_verdict_has_a_truth_value() -> None:
    for value in Verdict:
        with pytest.raises(TypeError, match="three values"):
            bool(value)


def test_conjunction_is_refuted_by_either_and_proved_by_both() -> None:
    for left in Verdict:
        for right in Verdict:
            both = left & right
            assert both is right & left
            assert (both is REFUTED) == (REFUTED in (left, right))
            assert (both is PROVED) == (left is PROVED and right is PROVED)


@pytest.mark.parametrize("n", [-3, -1, 0, 1, 2, 10**40])
def test_the_ceiling_is_exact_at_integers_and_next_to_them(n: int) -> None:
    tiny = sympy.Rational(1, 10**300)
    assert ceiling(S(n)) == n
    assert ceiling(n + tiny) == n + 1
    assert ceiling(n - tiny) == n
    assert ceiling(n + sympy.sqrt(2) - 1) == n + 1
    assert ceiling(n + sympy.log(8) / sympy.log(2)) == n + 3
    assert ceiling(n + sympy.pi * tiny) == n + 1


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.fractions(-1000, 1000))
def test_the_ceiling_of_a_rational_is_the_ceiling(q: Fraction) -> None:
    assert ceiling(exact(q)) == math.ceil(q)


def test_the_ceiling_is_never_too_small_where_nothing_can_tell() -> None:
    assert ceiling(3 + sympy.exp(S(-5000))) >= 4 or sympy.simplify(sympy.exp(S(-5000))) == 0


@pytest.mark.parametrize("backend", ["_ball", "_interval"])
def test_two_enclosures_that_exclude_each_other_are_a_contradiction(monkeypatch: pytest.MonkeyPatch, backend: str) -> None:
    original = getattr(verdict, backend)
    monkeypatch.setattr(verdict, backend, lambda expression, at: original(expression, at) + 1)
    with pytest.raises(Contradiction, match="do not meet"):
        enclosure(sympy.log(2))
    with pytest.raises(Contradiction):
        ceiling(sympy.pi)
    with pytest.raises(Contradiction):
        decide_at_most(sympy.sqrt(2), sympy.sqrt(3))


def test_a_disagreement_in_the_fiftieth_digit_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    original = verdict._ball
    monkeypatch.setattr(verdict, "_ball", lambda expression, at: original(expression, at) + arb(1) / 10**50)
    lower, upper = enclosure(sympy.log(2), 64)
    assert lower < upper
    with pytest.raises(Contradiction):
        enclosure(sympy.log(2), 256)


def test_computing_leaves_the_precision_of_both_libraries_as_it_was() -> None:
    from flint import ctx

    before = (ctx.prec, mpmath.iv.prec)
    enclosure(sympy.pi, 777)
    with pytest.raises(BadInput):
        ball(sympy.Symbol("x"), 999)
    with pytest.raises(BadInput):
        interval(sympy.Symbol("x"), 999)
    assert (ctx.prec, mpmath.iv.prec) == before


@pytest.mark.parametrize(
    "expression", [sympy.Symbol("x"), sympy.gamma(sympy.Rational(1, 3)), sympy.Float(0.1), sympy.log(-2), sympy.oo, sympy.zoo, sympy.I]
)
def test_what_is_no_supported_real_number_is_refused(expression: sympy.Expr) -> None:
    with pytest.raises(BadInput):
        enclosure(expression)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (0.01, Fraction(1, 100)),
        ("0.01", Fraction(1, 100)),
        ("1e-2", Fraction(1, 100)),
        ("1/100", Fraction(1, 100)),
        (Fraction(1, 100), Fraction(1, 100)),
        (7, 7),
        (1e-7, Fraction(1, 10**7)),
        (-2.5, Fraction(-5, 2)),
    ],
)
def test_a_number_means_what_it_writes_down(written: int | str | float | Fraction, meant: Fraction | int) -> None:
    number = exact(written)
    assert isinstance(number, sympy.Rational)
    assert Fraction(int(number.p), int(number.q)) == meant


@pytest.mark.parametrize("written", [math.nan, math.inf, -math.inf, "abc", "", "1/0", "nan", "inf", "1,5"])
def test_what_writes_down_no_number_is_refused_with_the_value_and_examples(written: str | float) -> None:
    with pytest.raises(BadInput, match="no exact number") as refused:
        exact(written)
    assert repr(written) in str(refused.value)
    assert "1/100" in str(refused.value)


@pytest.mark.parametrize("function", [sympy.exp, sympy.tanh, sympy.erf, sympy.atan, lambda x: sympy.exp(x) ** sympy.Rational(3, 2)])
@pytest.mark.parametrize("power", [100, 110, 111, 112, 113, 130])
def test_both_arithmetics_hold_the_values_of_functions_near_zero(function, power: int) -> None:
    """mpmath's own interval for exp(2⁻¹¹¹) at 96 bits is [1, 1]; its enclosures are widened."""
    x = sympy.Symbol("x")
    point = Fraction(1, 2**power)
    lower, upper = enclosure(function(x), 96, {x: (point, point)})
    second = interval(function(x), 96, {x: (point, point)})
    low, high = (verdict._mpmath_rational(end) for end in second._mpi_)
    value = high_precision(function(sympy.Rational(1, 2**power)))
    assert low <= value <= high
    assert lower <= value <= upper


def test_increasing_functions_over_wide_ranges_are_enclosed_tightly() -> None:
    x = sympy.Symbol("x")
    for function, low, high in ((sympy.tanh, -1, 1), (sympy.erf, -1, 1), (sympy.atan, Fraction(-11, 7), Fraction(11, 7))):
        lower, upper = enclosure(function(x), 96, {x: (Fraction(-30), Fraction(40))})
        assert low - Fraction(1, 2**90) <= lower < low * Fraction(97, 100)
        assert high * Fraction(97, 100) < upper <= high + Fraction(1, 2**90)
