"""Random subset sums of normally scaled normal vectors: the second moment by Monte Carlo, hits and misses by trials, false improvements."""

from fractions import Fraction
from itertools import combinations
from math import comb

import numpy as np
import pytest
from scipy.special import gammaln

from checks.evidence import Recorder
from theory.vector_formulas import batch, least_subset, needed_vectors
from theory.vector_sums import hitting

DRAWS = 200_000


def correlation(d: int, k: int, j: int, terms: int = 400) -> float:
    """F_j of companion.vector_hitting by its series, in floating point."""
    term, total = 1.0, 0.0
    for r in range(terms):
        total += term
        term *= (d / 2 + r) / (r + 1) * (j + 4 * r) * (j + 4 * r + 2) / ((k + 4 * r) * (k + 4 * r + 2))
    return total


def mean_and_error(values: np.ndarray) -> tuple[float, float]:
    return float(values.mean()), float(values.std() / np.sqrt(len(values)))


def moments(d: int, k: int, j: int) -> tuple[tuple[float, float], tuple[float, float]]:
    """E(1-X²)^{-d/2} and E(1-xy)^{-d/2} by Monte Carlo, with their errors."""
    generator = np.random.Generator(np.random.Philox(key=[d, j]))
    common = generator.chisquare(j, DRAWS) if j else np.zeros(DRAWS)
    first, second = generator.chisquare(k - j, DRAWS), generator.chisquare(k - j, DRAWS)
    x, y = common / (common + first), common / (common + second)
    return mean_and_error((1 - x**2) ** (-d / 2)), mean_and_error((1 - x * y) ** (-d / 2))


@pytest.mark.statement("companion.vector_hitting", "companion.A3")
@pytest.mark.parametrize(("d", "k"), [(9, 60), (4, 40), (1, 40)])
@pytest.mark.parametrize("share", [0, 15, 4, 2])
def test_the_second_moment_agrees_with_monte_carlo_and_obeys_its_bounds(d: int, k: int, share: int) -> None:
    """E(1-X²)^{-d/2} is its series; E(1-xy)^{-d/2}, the second moment at overlap j, lies below; both below exp((20/9)(d/k)(j+1))."""
    j = k // share if share else 0
    series = correlation(d, k, j)
    (square, square_error), (moment, moment_error) = moments(d, k, j)
    assert abs(square - series) <= 5 * square_error + 1e-9
    assert moment <= series + 5 * moment_error
    assert series <= np.exp(20 / 9 * d / k * (j + 1))


@pytest.mark.parametrize(("d", "k", "j"), [(9, 60, 15), (9, 60, 30), (4, 40, 20)])
def test_a_wrong_series_and_a_bound_of_a_twentieth_of_its_exponent_are_seen_to_be_false(d: int, k: int, j: int) -> None:
    """The same Monte Carlo: overlaps off by two, a dimension off by one and too small an exponent are told apart from what is stated."""
    (square, error), (moment, moment_error) = moments(d, k, j)
    assert abs(square - correlation(d, k, j)) <= 5 * error
    for wrong in (correlation(d, k, j - 2), correlation(d, k, j + 2), correlation(d + 1, k, j), correlation(d, k, j, terms=2)):
        assert abs(square - wrong) > 5 * error
    assert moment - 5 * moment_error > np.exp(20 / 9 / 20 * d / k * (j + 1))


@pytest.mark.statement("companion.A3")
def test_ratios_of_gamma_functions_are_the_finite_products_of_the_proof() -> None:
    """g(k-2i)/g(k) = Π (k-2t)/(k-2t-d), g(m) = Γ((m-d)/2)/Γ(m/2) up to a constant."""
    for d, k in ((9, 60), (3, 41), (1, 40)):
        for i in range(1, (k - d) // 2):
            logarithm = gammaln((k - 2 * i - d) / 2) - gammaln((k - 2 * i) / 2) - gammaln((k - d) / 2) + gammaln(k / 2)
            assert np.isclose(np.exp(logarithm), np.prod([(k - 2 * t) / (k - 2 * t - d) for t in range(1, i + 1)]))


def vectors(generator: np.random.Generator, n: int, d: int) -> np.ndarray:
    return generator.standard_normal((n, 1)) * generator.standard_normal((n, d))


def hit(samples: np.ndarray, k: int, target: np.ndarray, epsilon: float) -> bool:
    subsets = np.array(list(combinations(range(len(samples)), k)))
    return bool((np.abs(samples[subsets].sum(axis=1) - target).max(axis=1) <= epsilon).any())


HITS = [(1, 4, 14, Fraction(1, 10), 1), (1, 5, 16, Fraction(1, 20), 1), (2, 6, 18, Fraction(1, 2), 1)]


@pytest.mark.statement("companion.vector_hitting")
@pytest.mark.parametrize(("d", "k", "n", "epsilon", "radius"), HITS)
def test_vectors_hit_at_least_as_often_as_the_second_moment_says(
    d: int, k: int, n: int, epsilon: Fraction, radius: int, evidence: Recorder
) -> None:
    """Every k-subset is tried; the target is the farthest one, (radius, 0, ...)."""
    bound = 1 / hitting(d, k, n, epsilon, radius**2)
    generator = np.random.Generator(np.random.Philox(7))
    target = np.array([float(radius)] + [0.0] * (d - 1))
    hits = sum(hit(vectors(generator, n, d), k, target, float(epsilon)) for _ in range(300))
    evidence.trials(f"d = {d}, k = {k} of n = {n}, ε = {epsilon}, ‖z‖ = {radius}", hits, 300, bound, {"bound": f"{float(bound):.3f}"})


@pytest.mark.statement("companion.A3", "companion.vector_hitting")
def test_the_bounds_with_far_fewer_vectors_than_stated_are_false() -> None:
    """With k of n = k + 1 vectors there are k + 1 sums: at ε = 1/10, d = 2 they rarely hit, far below A3's 1/10."""
    generator = np.random.Generator(np.random.Philox(11))
    hits = sum(hit(vectors(generator, 7, 2), 6, np.array([1.0, 0.0]), 0.1) for _ in range(2000))
    assert hits / 2000 < 1 / 20


@pytest.mark.statement("companion.A3_root")
@pytest.mark.parametrize("d", [1, 4, 9, 16])
@pytest.mark.parametrize("epsilon", ["1/4", "1/100", "1/10000"])
def test_batches_of_root_d_hit_as_often_as_stated(d: int, epsilon: str, evidence: Recorder) -> None:
    """Q ≤ 10 for the stated k and n, summed exactly over all overlaps; with an eighth of the vectors it is not."""
    k = least_subset(d, epsilon, "A3_root")
    n = batch(d, k, "A3_root")
    bound = hitting(d, k, n, Fraction(epsilon), k)
    assert bound <= 10
    assert d == 1 or hitting(d, k, max(2 * k, n // 8), Fraction(epsilon), k) > bound
    evidence.instances(f"d = {d}, ε = {epsilon}, k = {k} of n = {n}", {"Q": f"{float(bound):.3f}"})


@pytest.mark.statement("companion.A3_root")
@pytest.mark.parametrize(("d", "k"), [(1, 40), (4, 55), (9, 63), (100, 600)])
def test_the_three_parts_of_the_overlap_sum_obey_their_bounds(d: int, k: int) -> None:
    """X of an overlap, I ≤ k/2: E(1-X²)^{-d/2} where X ≤ 5p/2, up to 1/2, and beyond, by Monte Carlo; at d = 100, p = 1/2 they are too large."""

    def parts(n: int) -> list[tuple[float, float]]:
        generator = np.random.Generator(np.random.Philox(key=[d, n]))
        overlap = generator.hypergeometric(k, n - k, k, DRAWS)
        common, rest = generator.chisquare(np.maximum(overlap, 1)) * (overlap > 0), generator.chisquare(np.maximum(k - overlap, 1))
        x = np.where(overlap <= k / 2, common / (common + rest), 2.0)
        low, high = min(5 * k / (2 * n), 0.5), 1.0
        values = np.exp(np.minimum(-d / 2 * np.log1p(-(np.minimum(x, 1 - 1e-12) ** 2)), 100.0))
        edges = [(x <= low), (low < x) & (x <= 0.5), (x > 0.5) & (x <= high)]
        return [mean_and_error(values * inside) for inside in edges]

    limits = (np.exp(25 / 384), 1.0, np.exp(5 / 9 - 40 / 19))
    stated = parts(int(8 * (1 + d**0.5) * k) + 1)
    for (value, error), limit in zip(stated, limits, strict=True):
        assert value <= limit + 5 * error
    wrong = sum(value for value, _ in parts(2 * k))
    assert d < 100 or wrong > sum(limits)


@pytest.mark.statement("companion.vector_counting_fixed")
@pytest.mark.parametrize(("d", "n", "m", "epsilon"), [(1, 8, 1, Fraction(1, 20)), (2, 8, 2, Fraction(1, 10)), (3, 9, 2, Fraction(1, 5))])
def test_sums_of_few_of_many_vectors_miss_a_corner_as_often_as_counting_says(
    d: int, n: int, m: int, epsilon: Fraction, evidence: Recorder
) -> None:
    """C(n, m) sums are too few where 2ⁿ might be enough: the bound with 2ⁿ says less."""
    share = Fraction(484, 1000) * epsilon / (1 - epsilon)
    misses_at_least = 1 - comb(n, m) * share**d
    assert misses_at_least > max(Fraction(1, 2), 1 - 2**n * share**d)
    generator = np.random.Generator(np.random.Philox(17))
    target = np.ones(d)
    missed = sum(not hit(vectors(generator, n, d), m, target, float(epsilon)) for _ in range(2000))
    evidence.trials(f"d = {d}, {m} of n = {n}, ε = {epsilon}: (1, ..., 1) is missed", missed, 2000, misses_at_least)
    assert comb(n, m) <= (np.e * n / m) ** m


@pytest.mark.statement("companion.vector_counting")
@pytest.mark.parametrize(("d", "n", "epsilon"), [(1, 3, Fraction(1, 20)), (2, 4, Fraction(1, 10)), (3, 6, Fraction(1, 10))])
def test_few_vectors_miss_a_corner_as_often_as_counting_says(d: int, n: int, epsilon: Fraction, evidence: Recorder) -> None:
    share = Fraction(484, 1000) * epsilon / (1 - epsilon)
    misses_at_least = 1 - 2**n * share**d
    assert misses_at_least > 0
    generator = np.random.Generator(np.random.Philox(13))
    weights = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
    missed = 0
    for _ in range(2000):
        sums = weights @ vectors(generator, n, d)
        missed += bool((np.abs(sums - 1).max(axis=1) > float(epsilon)).all())
    evidence.trials(f"d = {d}, n = {n}, ε = {epsilon}: (1, ..., 1) is missed", missed, 2000, misses_at_least)
    assert needed_vectors(d, epsilon, "1/2") > n


@pytest.mark.statement("companion.halves")
@pytest.mark.parametrize("size", range(2, 11))
def test_two_halves_of_a_cyclic_group_that_miss_less_than_half_add_up_to_all_of_it(size: int, evidence: Recorder) -> None:
    """The heart of the proof on ℤ/size, every pair of sets; with exactly half missed it is false for even sizes."""
    full = (1 << size) - 1

    def sums(first: int, second: int) -> int:
        found = 0
        for a in range(size):
            if first >> a & 1:
                found |= (second << a | second >> (size - a)) & full
        return found

    large = [s for s in range(1 << size) if 2 * s.bit_count() > size]
    kept = large if size <= 8 else large[:: max(1, len(large) // 200)]
    assert all(sums(a, b) == full for a in kept for b in kept)
    if size % 2 == 0:
        even = sum(1 << a for a in range(0, size, 2))
        assert sums(even, even) != full
    if size <= 8:
        evidence.instances(f"ℤ/{size}: all {len(large)}² pairs of sets of more than half")
