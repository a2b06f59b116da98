"""Sample sizes of A1, A1′ and A2: the tables of the companion, and each formula again in 60 digits."""

from fractions import Fraction

import mpmath
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from theory.errors import OutOfRange
from theory.subset_sum import (
    Law,
    discrete_failure_probability,
    discrete_sample_size,
    failure_probability,
    grid_sample_size,
    meets,
    mixture,
    normal,
    product,
    sample_size,
    signed_product,
    uniform,
    window_ratio,
)
from theory.verdict import ceiling, exact

# The first table of the companion: uniform, normal, product of the right sign, from weaker mixing constants (0.2420 and 0.2126).
WIDTHS = {
    ("0.1", "0.01"): (39.2, 87.5, 100.5),
    ("0.01", "0.01"): (55.3, 123, 141),
    ("0.001", "0.001"): (79.3, 177, 203),
    ("1e-4", "1e-6"): (119, 266, 305),
}
RAW = {("0.1", "0.01"): 219, ("0.01", "0.01"): 304, ("0.001", "0.001"): 430, ("1e-4", "1e-6"): 641}


@pytest.mark.parametrize(("tolerance", "delta"), WIDTHS)
def test_the_first_table_of_sample_sizes_is_met_by_uniform_samples_and_improved_for_the_others(tolerance: str, delta: str) -> None:
    even, first_normal, first_product = WIDTHS[tolerance, delta]
    assert abs(float(sample_size(uniform(), tolerance, delta)) - even) <= (0.2 if even % 1 else 0.6)  # whole numbers are rounded
    assert 0.7 * first_normal < float(sample_size(normal(), tolerance, delta)) < 0.78 * first_normal
    assert 0.8 * first_product < float(sample_size(product(), tolerance, delta)) < 0.86 * first_product
    both_signs = sample_size(signed_product(), tolerance, exact(delta) / 2)
    assert 0.8 * RAW[tolerance, delta] < float(both_signs) < 0.86 * RAW[tolerance, delta]


@pytest.mark.parametrize(("tolerance", "delta"), WIDTHS)
def test_every_sample_size_is_the_formula_in_60_digits(tolerance: str, delta: str) -> None:
    with mpmath.workdps(60):
        kappas = {
            uniform(): mpmath.mpf(1) / 2,
            normal(): 2 * mpmath.quad(lambda x: x * mpmath.npdf(x), [0, 1]),
            product(): mpmath.quad(lambda x: -x * mpmath.log(x), [0, 1]),
            signed_product(): mpmath.mpf(1) / 8,
            mixture("1/3"): mpmath.mpf(1) / 6,
        }
        for law, kappa in kappas.items():
            n = (2 * mpmath.log(1 / mpmath.mpf(tolerance)) + mpmath.log(8 / mpmath.mpf(delta))) / -mpmath.log(1 - kappa / 2)
            expression = sample_size(law, tolerance, delta)
            assert abs(mpmath.mpf(sympy.N(expression, 70)) - n) < mpmath.mpf(10) ** -50
            assert ceiling(expression) == int(mpmath.ceil(n))


def test_the_constants_of_the_uniform_law_are_the_published_ones() -> None:
    base = sample_size(uniform(), 1, sympy.Rational(1, 2)) - sympy.log(2) / sympy.log(sympy.Rational(4, 3))
    assert float(base) == pytest.approx(7.229, abs=1e-3)
    assert float(sample_size(uniform(), "1/10", "1/2") - sample_size(uniform(), 1, "1/2")) == pytest.approx(6.952 * 2.302585, abs=2e-3)
    assert float(sample_size(uniform(), 1, "1/20") - sample_size(uniform(), 1, "1/2")) == pytest.approx(3.476 * 2.302585, abs=2e-3)


def test_the_constant_of_the_signed_product_is_15_49() -> None:
    assert float(-1 / sympy.log(signed_product().contraction)) == pytest.approx(15.49, abs=0.005)
    assert product().kappa == sympy.Rational(1, 4)
    assert float(normal().kappa) == pytest.approx(0.31394, abs=5e-6)


def test_no_proven_mixing_constant_exceeds_the_split_of_a_half_interval() -> None:
    """For A = [-1, 0] the mean growth is v(1-v)/2 (uniform), v(1-v)/(2R) and v(1-v)/(4R) for products; κ can be no larger."""
    for reach in (1, 2, 3, 5):
        assert uniform(reach).kappa == sympy.Rational(1, 2 * reach)
        split = sympy.Rational(1, 4 * reach)
        assert product(reach).kappa == split
        assert signed_product(reach).kappa == product(reach).kappa / 2


def test_a_mixture_of_weight_one_is_uniform_and_half_of_the_weight_half_the_constant() -> None:
    assert mixture(1).kappa == uniform().kappa
    assert mixture("1/2").kappa == uniform().kappa / 2


@settings(deadline=None, derandomize=True, max_examples=40)
@given(st.integers(1, 10**6), st.integers(1, 999), st.sampled_from([uniform(), product(), uniform(2), normal()]))
def test_the_sample_size_is_the_least_number_that_meets_the_failure_probability(tau: int, delta: int, law: Law) -> None:
    tolerance, failure = Fraction(tau, 10**6), Fraction(delta, 1000)
    n = ceiling(sample_size(law, tolerance, failure))
    assert meets(law, n, tolerance, failure)
    assert not meets(law, n - 1, tolerance, failure)


def test_the_window_ratio_is_half_a_square() -> None:
    for q in range(1, 7):
        for p in range(1, q + 1):
            assert window_ratio(Fraction(p, q)) == Fraction(p, q) ** 2 / 2
    for wrong in (0, Fraction(3, 2)):
        with pytest.raises(OutOfRange, match="0 < s ≤ 1 was expected"):
            window_ratio(Fraction(wrong))


def test_two_to_the_minus_m_signs_prove_the_smallest_discrete_case() -> None:
    """A2 with M = 1: samples from {-1, 0, 1}; all of {-1, 0, 1} are sums iff both signs occur. P(fail) = 2(2/3)ⁿ - (1/3)ⁿ."""
    for n in range(1, 30):
        failure = 2 * Fraction(2, 3) ** n - Fraction(1, 3) ** n
        bound = discrete_failure_probability(1, n)
        assert exact(failure) <= bound
        assert bound == 4 * sympy.Rational(3, 4) ** n


def test_exact_discrete_sums_need_55_samples_at_a_hundred_and_twenty_eight() -> None:
    assert ceiling(discrete_sample_size(128, "0.01")) == 55
    with mpmath.workdps(60):
        for magnitude in (1, 7, 2**23):
            n = mpmath.log(4 * mpmath.mpf(magnitude) ** 2 * 1000) / mpmath.log(mpmath.mpf(4) / 3)
            assert ceiling(discrete_sample_size(magnitude, "0.001")) == int(mpmath.ceil(n))
    assert (
        ceiling(discrete_sample_size(1, "0.004") - 0) == len([n for n in range(1, 100) if 4 * Fraction(3, 4) ** n > Fraction(4, 1000)]) + 1
    )


@pytest.mark.parametrize("bits", [23, 30, 60])
def test_the_grid_costs_samples_and_the_cost_vanishes_as_it_gets_finer(bits: int) -> None:
    continuum = ceiling(sample_size(signed_product(), "1e-3", "1e-3"))
    grid = grid_sample_size(signed_product(), "1e-3", "1e-3", bits)
    assert grid >= continuum
    left = exact("1e-3") - sympy.Rational(2 * grid, 2**bits)
    assert ceiling(sample_size(signed_product(), left, "1e-3")) <= grid
    if bits == 60:
        assert grid == continuum


def test_a_tolerance_as_fine_as_the_grid_is_out_of_range() -> None:
    with pytest.raises(OutOfRange, match="finer grid"):
        grid_sample_size(signed_product(), "1e-5", "1e-3", 23)


@pytest.mark.parametrize("tolerance", [0, -1, "1.0001", 2])
def test_a_tolerance_outside_its_domain_is_refused(tolerance: int | str) -> None:
    for call in (lambda: sample_size(uniform(), tolerance, "1/2"), lambda: failure_probability(uniform(), 3, tolerance)):
        with pytest.raises(OutOfRange, match=f"tolerance {tolerance}: 0 < τ ≤ 1 was expected"):
            call()


@pytest.mark.parametrize("delta", [0, 1, -1, "1.5"])
def test_a_probability_outside_its_domain_is_refused(delta: int | str) -> None:
    for call in (lambda: sample_size(uniform(), 1, delta), lambda: discrete_sample_size(3, delta)):
        with pytest.raises(OutOfRange, match=f"delta = {delta}: a probability 0 < delta < 1"):
            call()


@pytest.mark.parametrize("value", [0, -1, True])
def test_a_reach_or_magnitude_that_is_no_positive_integer_is_refused(value: int) -> None:
    for call in (uniform, product, signed_product, lambda m: discrete_sample_size(m, "1/2")):
        with pytest.raises(OutOfRange, match="positive integer"):
            call(value)


def test_a_wider_reach_is_the_same_as_a_finer_tolerance_on_narrower_samples() -> None:
    assert sample_size(uniform(3), "3/10", "1/7").equals((2 * sympy.log(10) + sympy.log(56)) / -sympy.log(1 - sympy.Rational(1, 12)))
