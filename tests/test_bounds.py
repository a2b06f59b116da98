"""Lemma 1, Theorem 1 and Theorem 2 with constants: every integer width again in 60 digits, every formula evaluated."""

from fractions import Fraction
from itertools import pairwise

import mpmath
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from theory.bounds import (
    Bound,
    Layer,
    coefficient_tolerance,
    effective_parameters,
    grid_width,
    lemma1_width,
    raw_parameters,
    theorem1_width,
    theorem2_parameters,
)
from theory.errors import OutOfRange
from theory.subset_sum import signed_product, uniform
from theory.verdict import exact

SETS = Layer(channels_in=1, channels_out=1, basis_size=2, basis_norm=5)
ACCURACIES = st.fractions(Fraction(1, 10**6), Fraction(1, 3), max_denominator=10**6)
LAYERS = st.tuples(st.integers(1, 20), st.integers(1, 20), st.integers(1, 60), st.integers(1, 60))


def width_in_60_digits(shape: tuple[int, int, int, int], epsilon: Fraction, delta: Fraction, depth: int = 0, norm: str = "max") -> int:
    """⌈[2 ln(amplification·|||B|||/ε) + ln(16 n_i n_{i+1}|B|/δ)] / -ln(1 - κ/2)⌉ with ε/(2l), δ/l where a depth is given."""
    n_in, n_out, size, basis_norm = shape
    with mpmath.workdps(60):
        eps, fail = mpmath.mpf(epsilon.numerator) / epsilon.denominator, mpmath.mpf(delta.numerator) / delta.denominator
        if depth:
            eps, fail = eps / (2 * depth), fail / depth
        amplification = 2 * n_in if norm == "max" else mpmath.sqrt(2 * n_in * n_out)
        numerator = 2 * mpmath.log(amplification * basis_norm / eps) + mpmath.log(16 * n_in * n_out * size / fail)
        return int(mpmath.ceil(numerator / -mpmath.log(mpmath.mpf(15) / 16)))


@settings(deadline=None, derandomize=True, max_examples=50)
@given(LAYERS, ACCURACIES, ACCURACIES, st.integers(1, 30), st.sampled_from(["max", "euclidean"]))
def test_the_widths_of_lemma_1_and_theorem_1_are_the_formula_in_60_digits(
    shape: tuple[int, int, int, int], epsilon: Fraction, delta: Fraction, depth: int, norm: str
) -> None:
    layer = Layer(*shape)
    assert lemma1_width(layer, epsilon, delta, norm).value == width_in_60_digits(shape, epsilon, delta, 0, norm)
    assert theorem1_width(layer, depth, epsilon, delta, norm).value == width_in_60_digits(shape, epsilon, delta, depth, norm)


@pytest.mark.parametrize(
    ("layer", "epsilon", "delta", "width"),
    [(SETS, "0.01", "0.01", 340), (Layer(1, 1, 1, 1), "0.01", "0.01", 279), (Layer(1, 1, 1, 1), "0.001", "0.001", 386)],
)
def test_widths_computed_by_hand(layer: Layer, epsilon: str, delta: str, width: int) -> None:
    """15.49·(2 ln(2|||B|||/ε) + ln(16|B|/δ)), e.g. 15.49·(2 ln 1000 + ln 3200) = 339.1."""
    assert lemma1_width(layer, epsilon, delta).value == width
    shape = (layer.channels_in, layer.channels_out, layer.basis_size, int(str(layer.basis_norm)))
    assert width_in_60_digits(shape, Fraction(epsilon), Fraction(delta)) == width


@settings(deadline=None, derandomize=True, max_examples=40)
@given(LAYERS, ACCURACIES)
def test_the_lower_bound_is_the_packing_bound_in_60_digits(shape: tuple[int, int, int, int], epsilon: Fraction) -> None:
    n_in, n_out, size, _ = shape
    with mpmath.workdps(60):
        needed = n_in * n_out * size * mpmath.log(mpmath.mpf(epsilon.denominator) / (2 * epsilon.numerator), 2) - 1
        value = theorem2_parameters(Layer(*shape), epsilon).value
        assert value == int(mpmath.ceil(needed)) or abs(needed - mpmath.nint(needed)) < mpmath.mpf(10) ** -40


def test_the_lower_bound_at_a_power_of_two_is_an_exact_integer() -> None:
    assert theorem2_parameters(Layer(2, 3, 5, 1), "1/16").value == 2 * 3 * 5 * 3 - 1
    assert theorem2_parameters(Layer(1, 1, 1, 1), "1/4").value == 0


def evaluate(bound: Bound, layer: Layer, epsilon: Fraction, delta: Fraction, depth: int) -> sympy.Expr:
    values = {
        "epsilon": exact(epsilon), "delta": exact(delta), "l": depth, "n_i": layer.channels_in, "n_{i+1}": layer.channels_out,
        "|B|": layer.basis_size, "|||B|||": exact(layer.basis_norm), "kappa": signed_product(layer.reach).kappa, "R": layer.reach,
    }  # fmt: skip
    symbols = {str(symbol): symbol for symbol in bound.formula.free_symbols}
    assert set(symbols) <= set(values)
    return bound.formula.subs({symbols[name]: values[name] for name in symbols})


@settings(deadline=None, derandomize=True, max_examples=25)
@given(LAYERS, ACCURACIES, ACCURACIES, st.integers(1, 30), st.integers(1, 3), st.sampled_from(["max", "euclidean"]))
def test_the_symbolic_formula_evaluates_to_the_number_beside_it(
    shape: tuple[int, int, int, int], epsilon: Fraction, delta: Fraction, depth: int, reach: int, norm: str
) -> None:
    layer = Layer(*shape, reach=reach)
    for bound in (
        lemma1_width(layer, epsilon, delta, norm),
        theorem1_width(layer, depth, epsilon, delta, norm),
        theorem2_parameters(layer, epsilon),
    ):
        difference = evaluate(bound, layer, epsilon, delta, depth) - bound.expression
        assert abs(sympy.N(difference, 40)) < sympy.Float("1e-30")
        assert bound.latex.startswith(bound.symbol + " = ")


@settings(deadline=None, derandomize=True, max_examples=25)
@given(LAYERS, ACCURACIES, ACCURACIES)
def test_the_width_grows_with_every_demand(shape: tuple[int, int, int, int], epsilon: Fraction, delta: Fraction) -> None:
    width = lemma1_width(Layer(*shape), epsilon, delta).value
    for i in range(4):
        larger = [value + (value if j == i else 0) for j, value in enumerate(shape)]
        assert lemma1_width(Layer(*larger), epsilon, delta).value > width
    assert lemma1_width(Layer(*shape), epsilon / 2, delta).value > width
    assert lemma1_width(Layer(*shape), epsilon, delta / 2).value > width
    assert lemma1_width(Layer(*shape, reach=2), epsilon, delta).value > width
    assert theorem1_width(Layer(*shape), 1, epsilon, delta).value > width
    assert lemma1_width(Layer(*shape), epsilon, delta, law=uniform()).value < width


def test_the_width_grows_like_the_logarithm_of_the_number_of_elements() -> None:
    widths = [lemma1_width(Layer(1, 1, 2, 2**k), "0.01", "0.01").expression for k in range(1, 8)]
    steps = {sympy.nsimplify(round(float(b - a), 9)) for a, b in pairwise(widths)}
    assert len(steps) == 1


def test_coefficients_within_the_tolerance_make_the_layer_accurate() -> None:
    layer = Layer(3, 2, 4, 7)
    assert coefficient_tolerance(layer, "0.01") * 2 * 3 * 7 == sympy.Rational(1, 100)
    assert coefficient_tolerance(layer, "0.01", "euclidean") * sympy.sqrt(12) * 7 == sympy.Rational(1, 100)


def test_parameters_before_and_after_the_fixed_mask_count_coefficients() -> None:
    layer, width = Layer(3, 2, 4, 7, identity_basis_size=5), 11
    first = {(p, q, k) for p in range(3) for q in range(3 * width) for k in range(5)}
    kept = {(p, q, k) for p, q, k in first if k == 0 and q // width == p}
    second = {(q, r, k) for q in range(3 * width) for r in range(2) for k in range(4)}
    assert raw_parameters(layer, width) == len(first) + len(second)
    assert effective_parameters(layer, width) == len(kept) + len(second)


def test_the_width_on_the_grid_is_at_least_the_width_on_the_continuum() -> None:
    assert grid_width(SETS, "0.01", "0.01", 23) >= lemma1_width(SETS, "0.01", "0.01").value == 340
    assert grid_width(SETS, "0.01", "0.01", 60) == 340


@pytest.mark.parametrize("epsilon", [0, -1, "-0.1", 0.0])
def test_an_accuracy_that_is_not_positive_is_refused(epsilon: int | str | float) -> None:
    for call in (
        lambda: lemma1_width(SETS, epsilon, "1/2"), lambda: theorem1_width(SETS, 1, epsilon, "1/2"),
        lambda: theorem2_parameters(SETS, epsilon), lambda: grid_width(SETS, epsilon, "1/2", 23),
    ):  # fmt: skip
        with pytest.raises(OutOfRange, match="an accuracy ε > 0 was expected"):
            call()


@pytest.mark.parametrize("delta", [0, 1, -1, "1.5", 1.0])
def test_a_failure_probability_outside_zero_and_one_is_refused(delta: int | str | float) -> None:
    for call in (
        lambda: lemma1_width(SETS, "0.1", delta), lambda: theorem1_width(SETS, 1, "0.1", delta), lambda: grid_width(SETS, "0.1", delta, 23),
    ):  # fmt: skip
        with pytest.raises(OutOfRange, match="0 < δ < 1 was expected"):
            call()


def test_theorem_1_speaks_of_accuracies_up_to_one_and_theorem_2_below_one_half() -> None:
    with pytest.raises(OutOfRange, match="0 < ε ≤ 1"):
        theorem1_width(SETS, 1, "1.01", "0.1")
    assert theorem1_width(SETS, 1, 1, "0.1").value > 0
    with pytest.raises(OutOfRange, match="0 < ε < 1/2"):
        theorem2_parameters(SETS, "1/2")
    assert theorem2_parameters(SETS, "0.49").value >= -1


@pytest.mark.parametrize("name", ["channels_in", "channels_out", "basis_size", "identity_basis_size", "reach"])
@pytest.mark.parametrize("value", [0, -3, True])
def test_a_layer_without_channels_or_operators_is_refused_by_name_and_value(name: str, value: int) -> None:
    fields = {"channels_in": 1, "channels_out": 1, "basis_size": 1, "basis_norm": 1} | {name: value}
    with pytest.raises(OutOfRange, match=f"{name} = {value}; a positive integer was expected"):
        Layer(**fields)


@pytest.mark.parametrize("value", [0, -1, "-1/2"])
def test_a_norm_that_is_not_positive_is_refused(value: int | str) -> None:
    with pytest.raises(OutOfRange, match=f"basis_norm = {value}; a positive number"):
        Layer(1, 1, 1, value)


@pytest.mark.parametrize("depth", [0, -1, True])
def test_a_network_without_layers_is_refused(depth: int) -> None:
    with pytest.raises(OutOfRange, match=f"depth = {depth}"):
        theorem1_width(SETS, depth, "0.1", "0.1")


def test_an_unknown_norm_is_refused_with_the_known_ones() -> None:
    with pytest.raises(OutOfRange, match=r"norm = 'manhattan'; choose 'max'.*'euclidean'"):
        lemma1_width(SETS, "0.1", "0.1", "manhattan")
