"""Random subset sums: the cut lemmas by enumeration, A2 exactly for small parameters, A1 and A1′ by trials."""

from fractions import Fraction
from itertools import combinations_with_replacement
from math import factorial, prod

import numpy as np
import pytest

from checks.covering import covers
from checks.evidence import Recorder
from numerics.random_weights import MAGNITUDE, Key, grid_weights
from theory.subset_sum import (
    discrete_failure_probability,
    grid_sample_size,
    product,
    sample_size,
    signed_product,
    uniform,
    window_ratio,
)
from theory.verdict import Verdict, ceiling, decide_at_most
from theory.verdict import exact as exact_number

ENUMERATED_DENOMINATOR = 6


@pytest.mark.statement("companion.window")
@pytest.mark.parametrize("q", range(1, ENUMERATED_DENOMINATOR + 1))
def test_window_lemma_for_every_two_colouring(q: int, evidence: Recorder) -> None:
    """Of 4q points u_0 < w_0 < u_1 < ... (u_i = u_0 + i/q, w_i = w_0 + i/q), pairs u-w at odd index distance ≤ 2p - 1 are within p/q."""
    points = 4 * q
    colourings = np.arange(1 << (points - 1), dtype=np.uint32)
    cut = {}
    for distance in range(1, points, 2):
        inside = np.uint32((1 << (points - distance)) - 1)
        cut[distance] = np.bitwise_count((colourings ^ (colourings >> np.uint32(distance))) & inside).astype(np.int32)
    everything = sum(cut.values())
    close = np.zeros_like(everything)
    for p in range(1, q + 1):
        close = close + cut[2 * p - 1]
        slack = 2 * q * q * close - p * p * everything
        assert slack[1:].min() == 0, f"φ({p}/{q}) ≥ (p/q)²/2 fails, or no colouring with both colours attains it"
        assert 2 * window_ratio(Fraction(p, q)) == Fraction(p, q) ** 2
        evidence.instances(f"φ({p}/{q}) = ({p}/{q})²/2 over all {len(colourings)} colourings")


@pytest.mark.statement("companion.window")
def test_window_lemma_with_a_larger_constant_is_false() -> None:
    """A half-interval at s = 1: of 200 × 200 cells, the pairs y < 0 ≤ z that reach z - y ≤ 1 are half, up to the diagonal: φ(1) < 0.505."""
    cells = 200
    within = sum(y + z <= cells + 1 for y in range(1, cells + 1) for z in range(1, cells + 1))
    assert window_ratio(Fraction(1)) <= Fraction(within, cells**2) < Fraction(505, 1000)


@pytest.mark.statement("companion.discrete_cut")
@pytest.mark.parametrize("magnitude", range(1, 9))
def test_discrete_cut_lemma_for_every_subset(magnitude: int, evidence: Recorder) -> None:
    points = 2 * magnitude + 1
    sets = np.arange(1 << points, dtype=np.uint32)
    cut = np.zeros((points, len(sets)), dtype=np.int32)
    for distance in range(1, points):
        inside = np.uint32((1 << (points - distance)) - 1)
        cut[distance] = np.bitwise_count((sets ^ (sets >> np.uint32(distance))) & inside)
    slack = 2 * cut[: magnitude + 1].sum(axis=0) - cut.sum(axis=0)
    assert slack.min() >= 0
    tight = bool((slack[1:-1] == 0).any())
    evidence.instances(f"M = {magnitude}: all {len(sets)} subsets", {"equality attained": tight})


def exact_failure_probability(magnitude: int, samples: int) -> Fraction:
    """P(some integer in {-M..M} is no subset sum), over all draws from {±1..±M}, by multisets with their multinomial weights."""
    values = [v for v in range(-magnitude, magnitude + 1) if v]
    offset = samples * magnitude
    window = ((1 << (2 * magnitude + 1)) - 1) << (offset - magnitude)
    failures = 0
    for draw in combinations_with_replacement(values, samples):
        reachable = 1 << offset
        for v in draw:
            reachable |= reachable << v if v > 0 else reachable >> -v
        if reachable & window != window:
            failures += factorial(samples) // prod(factorial(draw.count(v)) for v in set(draw))
    return Fraction(failures, len(values) ** samples)


@pytest.mark.statement("companion.A2")
@pytest.mark.parametrize(("magnitude", "most"), [(1, 24), (2, 16), (3, 14)])
def test_discrete_bound_holds_for_the_exact_probability(magnitude: int, most: int, evidence: Recorder) -> None:
    probability, bound = Fraction(1), discrete_failure_probability(magnitude, 0)
    first = next(n for n in range(1, most + 1) if discrete_failure_probability(magnitude, n) < 1)
    for samples in range(first, most + 1):
        probability = exact_failure_probability(magnitude, samples)
        bound = discrete_failure_probability(magnitude, samples)
        assert decide_at_most(exact_number(probability), bound) is Verdict.PROVED
    evidence.instances(
        f"M = {magnitude}, n = {first}..{most}, where the bound is below 1: every draw",
        {"exact at the last n": f"{float(probability):.3g}", "bound": f"{float(bound):.3g}"},
    )


@pytest.mark.statement("companion.A2")
def test_discrete_bound_with_a_smaller_base_is_false() -> None:
    """P(fail) ≥ P(all draws negative) = 2⁻ⁿ, so no bound c·(2/5)ⁿ can hold: at M = 1, n = 12 the exact value exceeds 4M²(2/5)ⁿ."""
    assert exact_failure_probability(1, 12) > 4 * Fraction(2, 5) ** 12


TRIALS = 60


@pytest.mark.statement("companion.A1")
def test_uniform_samples_cover_all_targets_as_often_as_stated(evidence: Recorder) -> None:
    """Over keys 0, 1, ...: failures are counted, no key is skipped."""
    tolerance, delta = Fraction(1, 10), Fraction(1, 10)
    n = ceiling(sample_size(uniform(), tolerance, delta))
    successes = 0
    for key in range(TRIALS):
        successes += covers(grid_weights(Key(key), 0, 1, 0, n), MAGNITUDE, tolerance)
    evidence.trials(f"uniform on the grid, τ = {tolerance}, n = {n}, keys 0 to {TRIALS - 1}", successes, TRIALS, 1 - delta)


@pytest.mark.statement("companion.A1'")
def test_products_cover_all_targets_as_often_as_stated(evidence: Recorder) -> None:
    tolerance, delta = Fraction(1, 10), Fraction(1, 10)
    n = grid_sample_size(signed_product(), tolerance, delta, 23)
    successes = 0
    for key in range(TRIALS):
        u, v = (grid_weights(Key(key), 0, tensor, 0, n) for tensor in (0, 1))
        successes += covers((u * v)[u > 0], MAGNITUDE**2, tolerance)
    evidence.trials(
        f"products with u > 0 on the grid, τ = {tolerance}, n = {n}, keys 0 to {TRIALS - 1}",
        successes,
        TRIALS,
        1 - delta,
    )


@pytest.mark.statement("companion.window")
@pytest.mark.parametrize("points", range(4, 17))
def test_cuts_of_every_colouring_are_subadditive_in_the_shift(points: int, evidence: Recorder) -> None:
    """c_d, the pairs at index distance d of different colours: c_d ≤ c_e + c_{d-e} for all 2-colourings of a path, the heart of the proof."""
    colourings = np.arange(1 << (points - 1), dtype=np.uint32)
    cut = {}
    for distance in range(1, points):
        inside = np.uint32((1 << (points - distance)) - 1)
        cut[distance] = np.bitwise_count((colourings ^ (colourings >> np.uint32(distance))) & inside).astype(np.int32)
    for d in range(2, points):
        for e in range(1, d):
            assert (cut[d] <= cut[e] + cut[d - e]).all()
    assert not (cut[2] <= cut[1]).all()  # one summand is not enough
    evidence.instances(f"all {len(colourings)} colourings of a path of {points} points, all shifts")


@pytest.mark.statement("companion.kappa_product", "companion.kappa_symmetric")
def test_a_half_interval_grows_by_no_more_than_the_mixing_constant() -> None:
    """v = 1/2, A = [-1, 0]: the mean gain is ½∫₀¹ t·½ln(1/t) dt = 1/16 = κ/4, so κ = 1/4 cannot be improved."""
    cells = 20_000
    t = (np.arange(cells) + 0.5) / cells
    gain = 0.5 * float(np.mean(t * 0.5 * np.log(1 / t)))
    assert abs(gain - float(product().kappa) / 4) < 1e-6


@pytest.mark.statement("companion.A1")
def test_too_few_samples_fail() -> None:
    """With n = 3 samples at τ = 1/10 at most 8 sums cover at most 1.6 of the length 2."""
    assert not any(covers(grid_weights(Key(key), 0, 1, 0, 3), MAGNITUDE, Fraction(1, 10)) for key in range(TRIALS))
