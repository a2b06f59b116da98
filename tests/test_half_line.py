"""Functions that are ≥ 0 on whole intervals and half lines, touching 0 at ends; false claims are refuted at a point, tails never guessed."""

from fractions import Fraction

import pytest
import sympy

from theory import half_line
from theory.errors import BadInput
from theory.half_line import nonnegative_between, nonnegative_tail
from theory.real_function import X, largest_size, outward, pieces, supremum, value_bounds
from theory.verdict import Verdict

ZERO, ONE = Fraction(0), Fraction(1)
GAUSS = sympy.exp(-(X**2) / 2)

TRUE = [
    (X - sympy.tanh(X), ZERO, None),
    (sympy.exp(X) - 1 - X, None, ZERO),
    (1 - sympy.cos(X), ZERO, ONE),
    (1 - X**2, -ONE, ONE),
    (1 - sympy.erf(X), ZERO, None),
    (sympy.Rational(1, 2) - X * GAUSS * sympy.Rational(4, 5), ZERO, None),
    (X / (1 + X) ** 2, ZERO, None),
    (sympy.Integer(0), ZERO, None),
]
FALSE = [
    (sympy.tanh(X) - X * sympy.Rational(99, 100), ZERO, None),
    (sympy.Rational(48, 100) - X * GAUSS * sympy.Rational(4, 5), ZERO, None),
    (sympy.exp(X) - 1 - X * sympy.Rational(99, 100), None, ZERO),
    (sympy.Rational(99, 100) - X**2, -ONE, ONE),
    (1000 - X**2, ZERO, None),
    (-X, ZERO, ONE),
    (sympy.Integer(-1), ZERO, None),
]


@pytest.mark.parametrize(("formula", "low", "high"), TRUE)
def test_true_inequalities_are_proved_though_they_touch_zero(formula: sympy.Expr, low: Fraction | None, high: Fraction | None) -> None:
    assert nonnegative_between(formula, low, high) == (Verdict.PROVED, None)


@pytest.mark.parametrize(("formula", "low", "high"), FALSE)
def test_false_inequalities_are_refuted_at_a_point_of_the_interval(
    formula: sympy.Expr, low: Fraction | None, high: Fraction | None
) -> None:
    verdict, point = nonnegative_between(formula, low, high)
    assert verdict is Verdict.REFUTED
    assert point is not None
    assert low is None or low <= point
    assert high is None or point <= high
    assert value_bounds(formula, point)[1] < 0


def test_a_zero_inside_and_a_tail_without_a_bound_stay_undecided() -> None:
    assert nonnegative_between((X - sympy.Rational(1, 3)) ** 2 * (1 + X), ZERO, ONE)[0] is not Verdict.REFUTED
    assert nonnegative_between(2 + sympy.sin(X), ZERO, None)[0] is Verdict.UNDECIDED


@pytest.mark.parametrize(
    ("formula", "start", "seen"),
    [
        (1 - X * sympy.exp(-X), 2, True),
        (sympy.exp(-X) - X * sympy.exp(-2 * X), 2, True),
        (X * sympy.exp(-X) - sympy.Rational(1, 10**9), 2, False),
        (1 - X**3 * sympy.exp(-X), 2, False),
        (1 - X**3 * sympy.exp(-X), 8, True),
        (1 - sympy.erf(X) - sympy.Rational(1, 10**9), 2, False),
        (sympy.tanh(X / 3) - sympy.Rational(1, 2), 4, True),
        (-X + sympy.exp(-X), 2, False),
        (sympy.exp(X) - 10, 4, True),
        (sympy.log(X), 2, False),
    ],
)
def test_a_tail_is_seen_only_where_it_is_true(formula: sympy.Expr, start: int, seen: bool) -> None:
    assert nonnegative_tail(formula, Fraction(start)) is seen


def test_a_tail_bound_that_is_too_small_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the decay e^{-x} replaced by e^{-2x} the false tail 1/10 - e^{-x} ≥ 0 from x = 2 is accepted: the rate matters."""
    false = sympy.Rational(1, 10) - sympy.exp(-X)
    assert not nonnegative_tail(false, Fraction(2))
    original = half_line._in_decaying_symbols

    def faster(formula: sympy.Expr):
        changed, decays = original(formula)
        return changed, {symbol: (2 * rate, degree) for symbol, (rate, degree) in decays.items()}

    monkeypatch.setattr(half_line, "_in_decaying_symbols", faster)
    assert nonnegative_tail(false, Fraction(2))


def test_suprema_are_upper_bounds_within_a_thousandth() -> None:
    assert 1 <= supremum(sympy.sin(X), ZERO, Fraction(3)) <= Fraction(1001, 1000)
    assert supremum(X**2, -ONE, Fraction(2)) == 4
    assert largest_size(sympy.sin(X) - 1, Fraction(-3), ONE) >= 2
    with pytest.raises(BadInput, match="no finite"):
        supremum(1 / X, ZERO, ONE)


def test_rounding_goes_outward() -> None:
    for value in (Fraction(1, 3), Fraction(-2, 7), Fraction(10**30, 7), Fraction(1, 7 * 10**30)):
        assert outward(value, up=False) < value < outward(value, up=True)
        assert outward(value, up=True) - outward(value, up=False) <= abs(value) / 2**60
    assert outward(Fraction(3, 4), up=True) == Fraction(3, 4)


def test_pieces_cover_the_line_and_are_cut_at_zero() -> None:
    found = pieces(sympy.Max(-1, sympy.Min(1, X)))
    assert [(piece.low, piece.high) for piece in found] == [(None, -1), (-1, 0), (0, 1), (1, None)]
    assert pieces(0.25 * X)[0].formula == X / 4
