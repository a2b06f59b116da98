"""Activations: every true claim is proved on the whole line, every false one refuted at a point; enclosures hold every value and are tight."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import pytest
import sympy

import theory.activation
from checks.evidence import require_proved
from theory import Activation, Source, verdict
from theory.activation import ACTIVATIONS
from theory.activation_claims import DEVIATION, EPSILON, LIPSCHITZ, radius_form
from theory.errors import BadInput, Contradiction, DeviationTooLarge, LipschitzTooSmall, NotLocallyLinear, Refuted, Undecided, UnknownName
from theory.instantiation import activation, register
from theory.real_function import X
from theory.verdict import Verdict

EXCLUDED = ("absolute_value", "square")
USABLE = sorted(set(ACTIVATIONS) - set(EXCLUDED))
REQUIRED = {
    "relu", "leaky_relu", "elu", "selu", "tanh", "sigmoid", "softplus", "gelu", "silu", "erf", "hard_tanh",
}  # fmt: skip


@pytest.fixture(autouse=True)
def registry() -> Iterator[None]:
    """What a test registers is forgotten after it."""
    before = dict(ACTIVATIONS)
    yield
    ACTIVATIONS.clear()
    ACTIVATIONS.update(before)


def declared(formula: sympy.Expr, radius: sympy.Expr, m_plus: object = 1, m_minus: object = 1, d: object = 0, T: object = 1) -> Activation:
    """An activation made of its parts."""
    body = {
        "source": Source("mine"), "m_plus": m_plus, "m_minus": m_minus, "d": d, "lipschitz_constant": T,
        "formula": lambda self, x: formula.subs(X, x), "accurate_radius": lambda self, epsilon: radius.subs(EPSILON, epsilon),
    }  # fmt: skip
    return dataclass(frozen=True)(type("Mine", (Activation,), body))()


TANH, CUBE_ROOT = sympy.tanh(X), sympy.root(3 * EPSILON, 3)


def test_the_listing_holds_what_it_should() -> None:
    assert set(USABLE) >= REQUIRED


@pytest.mark.parametrize("name", USABLE)
def test_every_claim_of_every_activation_is_proved(name: str) -> None:
    verdicts = activation(name).verify()
    assert set(verdicts.values()) == {Verdict.PROVED}
    assert {LIPSCHITZ, DEVIATION} < set(verdicts)


@pytest.mark.parametrize("text", ["leaky_relu(alpha=0.2)", "leaky_relu(alpha=0)", "elu(alpha='1/2')", "elu(alpha=2)"])
def test_parameters_change_slopes_and_the_claims_still_hold(text: str) -> None:
    assert set(activation(text).verify().values()) == {Verdict.PROVED}


def test_the_absolute_value_and_the_square_are_excluded_for_different_reasons() -> None:
    with pytest.raises(NotLocallyLinear, match=r"1 \+ -1 = 0 .*tells x from -x"):
        activation("absolute_value").verify()
    with pytest.raises(NotLocallyLinear, match="no linear piece"):
        activation("square").verify()


def decimal(number: sympy.Expr) -> Fraction:
    """A real number to 50 digits by SymPy's own evaluation."""
    return Fraction(str(sympy.N(number, 50)))


def value(function: Activation, x: Fraction) -> Fraction:
    """φ(x) to 50 digits."""
    return decimal(function.formula(X).subs(X, sympy.Rational(x.numerator, x.denominator)))


FALSE_RADII = {
    "tanh, twice the radius": (TANH, 2 * CUBE_ROOT, 1, 1, 0, 1),
    "tanh, one percent too large": (TANH, sympy.Rational(101, 100) * CUBE_ROOT, 1, 1, 0, 1),
    "tanh, square root": (TANH, sympy.sqrt(EPSILON) * 2, 1, 1, 0, 1),
    "tanh, everywhere": (TANH, sympy.oo, 1, 1, 0, 1),
    "tanh, exact on a small interval": (TANH, sympy.Rational(1, 10**9), 1, 1, 0, 1),
    "hard tanh, one percent too far": (sympy.Max(-1, sympy.Min(1, X)), sympy.Rational(101, 100), 1, 1, 0, 1),
    "softplus, a cube root": (sympy.log(1 + sympy.exp(X)), sympy.root(EPSILON, 3), *[sympy.Rational(1, 2)] * 2, sympy.log(2), 1),
    "elu, one percent too large": (
        sympy.Piecewise((X, X >= 0), (sympy.exp(X) - 1, True)), sympy.Rational(101, 100) * sympy.sqrt(2 * EPSILON), 1, 1, 0, 1,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FALSE_RADII)
def test_a_radius_that_is_too_large_is_refuted_at_a_point_where_it_fails(name: str) -> None:
    function = declared(*FALSE_RADII[name])
    with pytest.raises(DeviationTooLarge) as raised:
        function.verify()
    x = Fraction(str(raised.value).split("at x = ")[1].split(" ")[0])
    plus, minus = function.exact_slopes
    difference = abs(value(function, x) - decimal((plus if x > 0 else minus) * sympy.Rational(x) + sympy.sympify(function.d)))
    factor, order = radius_form(function)
    assert difference > (decimal((abs(sympy.Rational(x)) / factor) ** order) if order else 0)
    assert order or abs(sympy.Rational(x)) <= factor


@pytest.mark.parametrize(
    ("part", "wrong", "message"),
    [
        ({"m_plus": sympy.Rational(1, 2)}, NotLocallyLinear, "m_plus = 1/2; the slope of φ at 0\\+ is 1"),
        ({"m_minus": "0.999"}, NotLocallyLinear, "m_minus = 999/1000; the slope of φ at 0- is 1"),
        ({"d": "1e-9"}, NotLocallyLinear, "φ\\(0\\) = 0"),
        ({"T": "0.999"}, LipschitzTooSmall, "the slope of φ is at least 1"),
        ({"radius": 2 * EPSILON}, NotLocallyLinear, "does not tend to 0"),
        ({"radius": 1 + EPSILON}, BadInput, "epsilon\\^\\(1/k\\)"),
        ({"radius": -CUBE_ROOT}, BadInput, "with c > 0"),
        ({"radius": EPSILON ** sympy.Rational(2, 5)}, BadInput, "an integer k"),
    ],
)
def test_each_false_claim_has_its_own_message(part: dict, wrong: type[ValueError], message: str) -> None:
    with pytest.raises(wrong, match=message) as raised:
        declared(**{"formula": TANH, "radius": CUBE_ROOT} | part).verify()
    assert "\n" not in str(raised.value)
    assert isinstance(raised.value, Refuted) or wrong is BadInput


def test_lipschitz_constants_fail_at_interior_points_at_negative_slopes_and_far_away() -> None:
    gelu = activation("gelu").formula(X)
    half, square = sympy.Rational(1, 2), sympy.sqrt(sympy.sqrt(2 * sympy.pi) * EPSILON)
    with pytest.raises(LipschitzTooSmall, match=r"at least 1\.12"):
        declared(gelu, square, half, half, 0, "1.1289").verify()
    with pytest.raises(LipschitzTooSmall, match="at most -"):
        declared(-TANH, CUBE_ROOT, -1, -1, 0, "0.9").verify()
    with pytest.raises(LipschitzTooSmall, match="x = "):
        declared(X + X**2 / 10**6, sympy.sqrt(10**6 * EPSILON), 1, 1, 0, "1.00001").verify()
    with pytest.raises(LipschitzTooSmall, match="jumps at x = 1"):
        declared(sympy.Piecewise((X, X < 1), (X + 1, True)), sympy.Integer(1)).verify()


def test_an_undecided_claim_is_not_passed_over_by_its_check() -> None:
    require_proved("relu", {LIPSCHITZ: Verdict.PROVED, DEVIATION: Verdict.PROVED})
    for other in (Verdict.UNDECIDED, Verdict.REFUTED):
        with pytest.raises(Undecided, match="relu: not proved are"):
            require_proved("relu", {LIPSCHITZ: Verdict.PROVED, DEVIATION: other})


def test_what_balls_cannot_settle_stays_undecided() -> None:
    """The slope of GELU reaches its supremum Φ(√2) + √2 φ(√2) inside the line: the exact constant is true, and no ball shows it."""
    half = sympy.Rational(1, 2)
    steepest = (1 + sympy.erf(1)) / 2 + sympy.exp(-1) / sympy.sqrt(sympy.pi)
    verdicts = declared(activation("gelu").formula(X), sympy.sqrt(sympy.sqrt(2 * sympy.pi) * EPSILON), half, half, 0, steepest).verify()
    assert verdicts[LIPSCHITZ] is Verdict.UNDECIDED
    assert verdicts["φ′(0±) = m±"] is Verdict.PROVED


TINY, STEP = Fraction(1, 10**45), Fraction(1, 10**12)
POINTS = [Fraction(n, 7) for n in (-60, -21, -8, -3, -1, 0, 1, 2, 5, 9, 30, 61)]


@pytest.mark.parametrize("name", USABLE)
def test_enclosures_hold_every_value_and_are_tight(name: str) -> None:
    function = activation(name)
    for low, high in zip(POINTS[::2], POINTS[3::2], strict=False):
        values = [value(function, low + (high - low) * Fraction(i, 12)) for i in range(13)]
        lower, upper = function.enclosure(low, high)
        assert lower <= min(values) + TINY
        assert upper >= max(values) - TINY
        assert upper - lower <= (max(values) - min(values)) * Fraction(5, 4) + Fraction(1, 1000)
        nearby = [low + (high - low) * Fraction(i, 12) for i in range(13)]
        steps = [value(function, x + (STEP if x < high else -STEP)) - at for x, at in zip(nearby, values, strict=True)]
        steepest = max(map(abs, steps)) / STEP
        assert steepest - STEP <= function.lipschitz(low, high) <= steepest * Fraction(27, 20) + Fraction(1, 100)


@pytest.mark.parametrize("name", USABLE)
@pytest.mark.parametrize("radius", [Fraction(1, 10**4), Fraction(1, 9), Fraction(1), Fraction(5)])
def test_the_deviation_bound_holds_and_is_within_one_percent(name: str, radius: Fraction) -> None:
    function = activation(name)
    (plus, minus), offset = function.slopes, function.offset
    points = [radius * Fraction(i, 16) for i in range(-16, 17)]
    seen = max(abs(value(function, x) - (plus if x > 0 else minus) * x - offset) for x in points)
    bound = function.deviation(radius)
    assert seen <= bound + TINY
    assert bound <= seen * Fraction(101, 100) + Fraction(1, 2**70)


def test_irrational_slopes_are_rounded_and_the_rounding_is_in_the_deviation() -> None:
    erf = activation("erf")
    assert all(0 < 2 / sympy.sqrt(sympy.pi) - sympy.Rational(slope) < sympy.Rational(2, 2**80) for slope in erf.slopes)
    assert activation("softplus").offset < sympy.log(2)
    assert activation("softplus").deviation(Fraction(0)) > 0
    assert activation("gelu").slopes == (Fraction(1, 2), Fraction(1, 2))
    assert activation("sigmoid").offset == Fraction(1, 2)


@pytest.mark.parametrize("name", ["tanh", "silu", "hard_tanh"])
def test_the_certified_radius_is_at_least_nearly_the_declared_one(name: str) -> None:
    function, epsilon = activation(name), Fraction(1, 1000)
    radius = function.certified_radius(epsilon)
    assert function.deviation(radius) <= epsilon < function.deviation(radius * Fraction(102, 100))
    assert float(radius) >= 0.99 * float(function.accurate_radius(EPSILON).subs(EPSILON, sympy.Rational(1, 1000)))


def test_enclosures_do_not_rest_on_the_claims() -> None:
    wrong = declared(TANH, sympy.oo, 1, 1, 0, "1/100")
    assert wrong.lipschitz(Fraction(0), Fraction(1)) >= 1
    assert wrong.deviation(Fraction(1)) > Fraction(1, 5)
    with pytest.raises(BadInput, match="declared d is wrong"):
        declared(TANH, CUBE_ROOT, 1, 1, "1/10").certified_radius(Fraction(1, 100))


def test_bad_arguments_are_named() -> None:
    tanh = activation("tanh")
    with pytest.raises(BadInput, match="is empty"):
        tanh.enclosure(Fraction(1), Fraction(0))
    with pytest.raises(BadInput, match="r ≥ 0"):
        tanh.deviation(Fraction(-1))
    with pytest.raises(BadInput, match="ε′ > 0"):
        tanh.certified_radius(Fraction(0))
    with pytest.raises(UnknownName, match="no activation is called 'mish'"):
        activation("mish")
    with pytest.raises(BadInput, match="0 ≤ α ≤ 1"):
        activation("leaky_relu(alpha=2)")


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        (sympy.Piecewise((X, X > 0)), "not defined on the whole real line"),
        (sympy.Max(X, sympy.sqrt(2)), "no rational number"),
        (sympy.Symbol("y") * X, "depends on \\['y'\\]"),
    ],
)
def test_formulas_that_are_no_function_of_the_line_are_refused(formula: sympy.Expr, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        declared(formula, CUBE_ROOT).verify()


def test_two_arithmetics_that_exclude_each_other_are_a_contradiction(monkeypatch: pytest.MonkeyPatch) -> None:
    original = verdict._interval
    monkeypatch.setattr(verdict, "_interval", lambda expression, at: original(expression, at) + 1)
    with pytest.raises(Contradiction):
        declared(sympy.tanh(X / 3) * 3, sympy.sqrt(EPSILON)).verify()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"m_plus": 1, "m_minus": 1}, "declares no source, lipschitz_constant"),
        ({"m_plus": 1, "m_minus": 1, "lipschitz_constant": 1, "source": "mine"}, 'Source\\("mine"\\)'),
    ],
)
def test_an_incomplete_declaration_is_refused_at_registration(body: dict, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        register(dataclass(frozen=True)(type("Incomplete", (Activation,), body)))
    with pytest.raises(BadInput, match="frozen"):
        register(type("Bare", (Activation,), body))
    assert not {"incomplete", "bare"} & set(theory.activation.ACTIVATIONS)
