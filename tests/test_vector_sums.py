"""Sample sizes of vectors: the bound against a direct sum, its monotonicity, closed forms, lower bounds, filters, commands."""

from fractions import Fraction
from itertools import product
from math import comb
from typing import Any

import mpmath
import pytest

from theory.errors import OutOfRange
from theory.statement import find_statement
from theory.structured import StructuredLayer, computed, filters, needed_filters, published, stated
from theory.vector_formulas import batch, closed_form, fields_needed, least_subset, needed_vectors
from theory.vector_sums import hitting, proved_vectors


def direct(d: int, k: int, n: int, epsilon: Fraction, radius_squared: int) -> Any:
    """Q by exact binomials and numerical integration of E(1-X²)^{-d/2} under the Beta density."""

    def near(j: int) -> Any:
        if j == 0:
            return mpmath.mpf(1)
        alpha, beta = mpmath.mpf(j) / 2, mpmath.mpf(k - j) / 2
        integral = mpmath.quad(lambda x: x ** (alpha - 1) * (1 - x) ** (beta - 1) * (1 - x * x) ** (-mpmath.mpf(d) / 2), [0, 0.5, 1])
        return integral / mpmath.beta(alpha, beta)

    far = (mpmath.pi / (2 * mpmath.mpf(epsilon.numerator) ** 2) * epsilon.denominator**2) ** (mpmath.mpf(d) / 2)
    far *= mpmath.mpf(2) ** (mpmath.mpf(d) / 2) * mpmath.gamma(mpmath.mpf(k + d) / 2) / mpmath.gamma(mpmath.mpf(k) / 2)
    total = mpmath.mpf(0)
    for j in range(k + 1):
        chance = mpmath.mpf(comb(k, j) * comb(n - k, k - j)) / comb(n, k)
        total += chance * (min(near(j), far) if k - j > d else far)
    shift = (mpmath.sqrt(radius_squared) + mpmath.mpf(epsilon.numerator) / epsilon.denominator * mpmath.sqrt(d)) ** 2 / (k - 2)
    return mpmath.exp(shift) * total


@pytest.mark.parametrize(
    ("d", "k", "n", "epsilon"), [(1, 8, 24, Fraction(1, 10)), (2, 15, 46, Fraction(1, 10)), (5, 30, 140, Fraction(1, 20))]
)
def test_the_bound_is_the_stated_sum_or_at_most_two_percent_above_it(d: int, k: int, n: int, epsilon: Fraction) -> None:
    bound, value = hitting(d, k, n, epsilon, d), direct(d, k, n, epsilon, d)
    assert value * (1 - mpmath.mpf(10) ** -9) <= mpmath.mpf(bound.numerator) / bound.denominator <= mpmath.mpf("1.02") * value


def test_more_vectors_and_nearer_targets_are_easier_and_much_finer_boxes_are_harder() -> None:
    base = hitting(4, 25, 100, Fraction(1, 10), 4)
    assert 1 < hitting(4, 25, 150, Fraction(1, 10), 4) < base
    assert hitting(4, 25, 100, Fraction(1, 10), 1) < base
    assert base < hitting(4, 25, 60, Fraction(1, 10), 4)
    assert base < hitting(4, 25, 100, Fraction(1, 1000), 4)


@pytest.mark.parametrize("d", [1, 2, 5, 9])
def test_computed_sizes_lie_between_the_lower_bound_and_the_closed_forms(d: int) -> None:
    for epsilon in ("1/10", "1/100"):
        every, one = proved_vectors(d, epsilon, "1/100"), proved_vectors(d, epsilon, "1/100", all_targets=False)
        assert needed_vectors(d, epsilon, "1/100") < one.samples < every.samples
        assert every.samples < min(closed_form(name, d, epsilon, "1/100") for name in ("A3'", "A3_all", "A3_root_all"))
        assert every.failure <= Fraction(1, 100)
        assert one.failure <= Fraction(1, 100)
        assert every.samples == 2 * every.batches * every.batch
        assert proved_vectors(d, epsilon, "1/100", reach_squared=1).samples <= every.samples


def test_the_hypotheses_of_a3_hold_for_the_least_subset_and_fail_below_it() -> None:
    for statement, d, epsilon in product(("A3", "A3_root"), (1, 9, 20), ("1/10", "1/100", "1/1000000")):
        k = least_subset(d, epsilon, statement)
        assert k >= max(40, 4 * d)

        def holds(k: int, d: int = d, epsilon: Fraction = Fraction(epsilon), statement: str = statement) -> bool:
            wanted = d * mpmath.log(mpmath.sqrt(2 * mpmath.pi * k) / (2 * mpmath.mpf(epsilon.numerator) / epsilon.denominator))
            if statement == "A3":
                return bool(mpmath.mpf(k) / 2 * (mpmath.log(4 * d) - 1) >= wanted + mpmath.mpf("0.91"))
            return bool(mpmath.mpf(k) / 2 * (mpmath.log(2 + 2 * mpmath.sqrt(d)) - mpmath.mpf(1) / 16) >= wanted + mpmath.mpf("1.1"))

        assert holds(k)
        assert k == max(40, 4 * d) or not holds(k - 1)
        n = batch(d, k, statement)
        assert n == (8 * d * k if statement == "A3" else mpmath.ceil(8 * (1 + mpmath.sqrt(d)) * k))
        assert hitting(d, k, n, Fraction(epsilon), k) <= 10


@pytest.mark.parametrize("d", [25, 144])
def test_batches_of_root_d_are_several_times_smaller_for_many_coordinates(d: int) -> None:
    """8(1+√d)k against 8dk: each with its own k, which is larger for the smaller batches."""
    old, new = (batch(d, least_subset(d, "1/100", name), name) for name in ("A3", "A3_root"))
    assert new < old / (d**0.5 / 2)
    assert closed_form("A3_root_all", d, "1/10", "1/100") < closed_form("A3_all", d, "1/10", "1/100")
    assert batch(1, 40, "A3_root") > batch(1, 40, "A3"), "for one coordinate the older bound is the better one"


def test_halves_lose_no_factor_of_the_logarithm_of_the_accuracy() -> None:
    """Beyond k's growth with ln(1/ε), a net multiplies by it again and the halves do not."""
    fine, coarse = "1/1000000", "1/10"
    net = closed_form("A3'", 9, fine, "1/100") / closed_form("A3'", 9, coarse, "1/100")
    halves = closed_form("A3_all", 9, fine, "1/100") / closed_form("A3_all", 9, coarse, "1/100")
    assert halves <= least_subset(9, "1/2000000") / least_subset(9, "1/20") + 0.1
    assert halves < net / 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, "1/10", "1/100"), "dimension = 0"),
        ((2, "0", "1/100"), "epsilon = 0"),
        ((2, "2", "1/100"), "epsilon = 2"),
        ((2, "1/10", "1"), "delta = 1"),
    ],
)
def test_arguments_outside_their_domain_are_refused(arguments: tuple[int, str, str], message: str) -> None:
    with pytest.raises(OutOfRange, match=message):
        proved_vectors(*arguments)


def test_subsets_that_are_too_large_or_too_small_are_refused() -> None:
    for k, n in ((2, 40), (21, 40)):
        with pytest.raises(OutOfRange, match=f"subset = {k}"):
            hitting(1, k, n, Fraction(1, 10), 1)
    with pytest.raises(OutOfRange, match=r"ε ≤ 1/4"):
        least_subset(3, "1/2")


def test_filters_of_every_route_are_ordered_and_far_below_the_published_order() -> None:
    layer = StructuredLayer(3)
    found = filters(layer, "1/10", "1/100")
    assert found["needed"] < found["computed"] < found["explicit_halves"] < found["explicit"] < found["published"]
    assert found["needed"] == needed_filters(layer, "1/10") == 20  # 9 log₂ 5 - 1 = 19.9
    assert computed(layer, "1/10", "1/100") < stated(layer, "1/10", "1/100", "explicit_halves")
    assert found["computed"] < found["explicit_root"] < found["explicit"]
    wide = StructuredLayer(3, 16, 16)
    assert stated(wide, "1/100", "1/100", "explicit_root") < stated(wide, "1/100", "1/100", "explicit_halves") / 5
    assert float(published(layer, "1/10")) == pytest.approx(3**13 * float(mpmath.log(90)) ** 3)


def test_enough_filters_hold_so_many_of_each_sign() -> None:
    """Exact binomial tail: fewer than N of ⌈2N + a + √(4aN + a²)⌉ fair signs are positive with probability ≤ δ/4."""
    for size in (1, 5, 40):
        fields = fields_needed(size, 1, "1/100")
        tail = Fraction(sum(comb(fields, i) for i in range(size)), 2**fields)
        assert tail <= Fraction(1, 400)
        assert Fraction(sum(comb(2 * size, i) for i in range(size)), 2 ** (2 * size)) > Fraction(1, 400) or size > 40


def test_the_structured_statements_name_what_they_rest_on() -> None:
    assert find_statement("companion.structured_layer").uses == ("companion.A3_all", "companion.A3_root_all", "companion.A4")
    assert "companion.structured_layer" in find_statement("companion.structured_network").uses
