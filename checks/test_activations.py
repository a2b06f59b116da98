"""Activations and the constructions that rest on them: claims proved, extra layers built in rationals, thinned and perturbed samples."""

import random
from fractions import Fraction
from itertools import pairwise, product
from math import comb
from typing import Any

import numpy as np
import pytest
import sympy

from checks.evidence import Recorder, require_proved
from theory.activation import Activation
from theory.activation_claims import radius_form
from theory.errors import NotLocallyLinear
from theory.statement import find_statement
from theory.subset_sum import failure_probability, mixture, sample_size, uniform
from theory.verdict import Verdict, ceiling, decide_at_most, exact

Layer = tuple[tuple[tuple[Fraction, ...], ...], tuple[Fraction, ...]]


def verdicts_or_skip(activation: Activation) -> dict[str, Verdict]:
    """The verdicts on all claims; an activation that is excluded, as m₊ + m₋ = 0, is skipped with the reason."""
    if activation.slope_sum == 0:
        with pytest.raises(NotLocallyLinear) as refused:
            activation.verify()
        pytest.skip(str(refused.value))
    return activation.verify()


@pytest.mark.statement("burkholz2022b.activation", "burkholz2022b.radius")
def test_every_claim_of_the_activation_is_proved_on_the_whole_line(activation: Activation, evidence: Recorder) -> None:
    verdicts = verdicts_or_skip(activation)
    require_proved(repr(activation), verdicts)
    factor, order = radius_form(activation)
    evidence.instances(
        f"{activation!r}: a(ε′) = {factor}{f'·ε′^(1/{order})' if order else ''}, for every ε′ > 0", {"claims": len(verdicts)}
    )


@pytest.mark.statement("burkholz2022b.extra_layer")
def test_an_extra_layer_carries_a_weight_within_the_bound(activation: Activation, evidence: Recorder) -> None:
    """φ itself, enclosed in rationals, on nine inputs of [-1, 1]: four weights u, four v, subset sums that are off by η on purpose."""
    if activation.slope_sum == 0:
        pytest.skip(f"{activation!r} is excluded")
    radius, weight, eta = Fraction(1, 64), Fraction(1, 3), Fraction(1, 50)
    (plus, minus), offset = activation.slopes, activation.offset
    first = (Fraction(1, 2), Fraction(-3, 4), Fraction(1), Fraction(-1, 8))
    upper = [(weight + eta) / sum(u for u in first if u > 0)] * 4
    lower = [(weight + eta) / sum(u for u in first if u < 0)] * 4
    second = [upper[i] if u > 0 else lower[i] for i, u in enumerate(first)]
    assert all(abs(v) <= 1 for v in second)
    carrier = plus + minus
    kept = sum(map(abs, second), Fraction(0))
    allowed = eta * (abs(plus) + abs(minus)) / abs(carrier) + kept * activation.deviation(radius) / radius / abs(carrier)
    worst = width = Fraction(0)
    for x in (Fraction(n, 4) for n in range(-4, 5)):
        low = high = Fraction(0)
        for u, v in zip(first, second, strict=True):
            scale = v / (radius * carrier)
            ends = sorted(scale * (end - offset) for end in activation.enclosure(radius * u * x, radius * u * x))
            low, high = low + ends[0], high + ends[1]
        worst, width = max(worst, abs(low - weight * x), abs(high - weight * x)), max(width, high - low)
    assert width < Fraction(1, 2**40)
    assert 0 < worst <= allowed + width
    evidence.instances(f"{activation!r}: W = 1/3, a = 1/64, error {float(worst):.3g} ≤ {float(allowed):.3g}")


def forward(layers: tuple[Layer, ...], x: tuple[Fraction, ...], slope: Fraction) -> tuple[Fraction, ...]:
    """A network of LeakyReLU of this slope, in rationals."""
    for weights, biases in layers:
        before = [sum((w * v for w, v in zip(row, x, strict=True)), bias) for row, bias in zip(weights, biases, strict=True)]
        x = tuple(max(value, slope * value) for value in before)
    return x


def drawn(widths: tuple[int, ...], seed: int) -> tuple[Layer, ...]:
    generator = random.Random(seed)

    def number() -> Fraction:
        return Fraction(generator.randint(-64, 64), 64)

    return tuple(
        (tuple(tuple(number() for _ in range(n)) for _ in range(m)), tuple(number() for _ in range(m))) for n, m in pairwise(widths)
    )


def scaled(layers: tuple[Layer, ...], scales: tuple[Fraction, ...], *, cumulative: bool = True) -> tuple[Layer, ...]:
    """Weights of layer l times σ_l, biases times σ_1···σ_l (or σ_l alone)."""
    result, total = [], Fraction(1)
    for (weights, biases), scale in zip(layers, scales, strict=True):
        total *= scale
        factor = total if cumulative else scale
        result.append((tuple(tuple(scale * w for w in row) for row in weights), tuple(factor * b for b in biases)))
    return tuple(result)


@pytest.mark.statement("fischer2021.homogeneity")
@pytest.mark.parametrize("slope", [Fraction(0), Fraction(1, 100)])
def test_scaled_weights_and_biases_scale_the_output_exactly(slope: Fraction, evidence: Recorder) -> None:
    scales = (Fraction(2, 3), Fraction(5), Fraction(1, 7))
    factor = scales[0] * scales[1] * scales[2]
    careless = 0
    for seed in range(20):
        layers = drawn((3, 4, 4, 2), seed)
        for x in product((Fraction(-1), Fraction(1, 3)), repeat=3):
            true = forward(layers, x, slope)
            assert forward(scaled(layers, scales), x, slope) == tuple(factor * value for value in true)
            careless += forward(scaled(layers, scales, cumulative=False), x, slope) != tuple(factor * value for value in true)
    assert careless > 0
    evidence.instances(f"20 networks 3-4-4-2 with biases, slope {slope} below 0, 8 inputs each, in rationals")


ONE = 2**23


def covers(drawn_samples: np.ndarray, tolerance: Fraction, spread: Fraction = Fraction(0)) -> bool:
    """Whether every target of [-1, 1] is within `tolerance` of a subset sum, each kept sample free to move by `spread`; exact integers."""
    low = high = np.zeros(1, dtype=np.int64)
    free, slack = int(spread * ONE), int(tolerance * ONE)
    for x in drawn_samples:
        low, high = np.concatenate([low, low + x - free]), np.concatenate([high, high + x + free])
    order = np.argsort(low, kind="stable")
    low, reached = low[order] - slack, np.maximum.accumulate(high[order] + slack)
    inside = reached >= -ONE
    if not inside.any() or low[0] > -ONE:
        return False
    gaps = (low[1:] > reached[:-1]) & (reached[:-1] < ONE) & (low[1:] > -ONE)
    return not gaps.any() and bool(reached[-1] >= ONE)


def samples(generator: random.Random, count: int) -> np.ndarray:
    """Integers k of samples k·2⁻²³, uniform."""
    return np.array([generator.randint(-ONE, ONE) for _ in range(count)], dtype=np.int64)


@pytest.mark.statement("gadhikar2023.E5_repaired")
@pytest.mark.parametrize("density", [Fraction(1, 2), Fraction(9, 10), Fraction(1)])
def test_thinned_samples_reach_every_target(density: Fraction, evidence: Recorder) -> None:
    """At the stated n no trial may fail more often than δ; τ is coarse, so that all 2ᵏ sums can be listed."""
    tolerance, delta = Fraction(9, 10), Fraction(1, 2)
    count = ceiling(sample_size(mixture(exact(density)), tolerance, delta))
    assert decide_at_most(failure_probability(mixture(exact(density)), count, tolerance), exact(delta)) is Verdict.PROVED
    generator = random.Random(f"thinned {density}")
    trials, held = 200, 0
    for _ in range(trials):
        kept = np.array([x for x in samples(generator, count) if Fraction(generator.randrange(2**20), 2**20) < density][:14])
        held += covers(kept, tolerance)
    evidence.trials(f"p = {density}, τ = 9/10, δ = 1/2, n = {count}, at most 14 of the kept used", held, trials, 1 - delta)


@pytest.mark.statement("gadhikar2023.lower_bound")
def test_one_candidate_fewer_than_the_width_needed_is_too_few(evidence: Recorder) -> None:
    """P(all q weights keep a candidate) = (1 - (1-p)^w)^q, by counting; it first reaches 1 - δ at the stated width."""
    cases = 0
    for p, q, delta in product((Fraction(1, 5), Fraction(1, 2), Fraction(9, 10)), (1, 3, 10), (Fraction(1, 10), Fraction(1, 100))):
        root = sympy.Rational(1, q)
        stated = ceiling(sympy.log(1 / (1 - (1 - exact(delta)) ** root)) / sympy.log(1 / (1 - exact(p))))

        def chance(width: int, p: Fraction = p, q: int = q) -> Fraction:
            none = sum((comb(width, k) * p**k * (1 - p) ** (width - k) for k in range(1)), Fraction(0))
            return (1 - none) ** q

        assert chance(stated) >= 1 - delta
        assert stated == 1 or chance(stated - 1) < 1 - delta
        cases += 1
    evidence.instances(f"{cases} cases of p, q and δ, in rationals")


@pytest.mark.statement("xiong2023.monotone")
def test_perturbed_samples_cover_whatever_fixed_ones_cover(evidence: Recorder) -> None:
    generator = random.Random("perturbed")
    fixed = moved = 0
    for _ in range(300):
        drawn_samples = samples(generator, 7)
        alone, spread = covers(drawn_samples, Fraction(1, 20)), covers(drawn_samples, Fraction(1, 20), Fraction(1, 40))
        assert spread or not alone
        fixed, moved = fixed + alone, moved + spread
    assert fixed < moved
    evidence.instances(f"300 draws of 7 samples at τ = 1/20: covered {fixed} times as drawn, {moved} times with e = 1/40, never lost")


@pytest.mark.statement("xiong2023.explicit")
def test_samples_that_may_move_reach_every_target_however_small_the_tolerance(evidence: Recorder) -> None:
    """At the stated n no more trials fail than δ; e is coarse, so that all 2ⁿ sums can be listed. Without moves nearly all fail."""
    tolerance, spread, delta, trials = Fraction(1, 1 << 19), Fraction(1, 2), Fraction(1, 2), 24
    formula = find_statement("xiong2023.explicit").formula
    assert formula is not None
    chosen = {"tau": tolerance, "e": spread, "delta": delta}
    values: dict[Any, Any] = {symbol: exact(chosen[str(symbol)]) for symbol in formula.free_symbols}
    parts: tuple[Any, ...] = formula.args
    count = sum(ceiling(part.xreplace(values)) for part in parts)
    assert 16 <= count <= 20
    generator = random.Random("free")
    moved = still = 0
    for _ in range(trials):
        drawn_samples = samples(generator, count)
        moved += covers(drawn_samples, tolerance, spread)
        still += covers(drawn_samples, tolerance)
    assert moved >= (1 - delta) * trials
    assert still < moved / 2
    evidence.instances(f"n = {count}, e = 1/2, τ = 2⁻¹⁹: {moved} of {trials} draws reach every target, {still} without moves; δ = 1/2")


@pytest.mark.statement("burkholz2022b.wide_targets")
def test_wide_targets_are_met_greedily_and_then_exactly(evidence: Recorder) -> None:
    """The greedy batch leaves each target in [-1, 1]; the rest is A1, at a size where all sums can be listed."""
    generator = random.Random("wide")
    reach, delta, trials, held = 12, Fraction(1, 20), 200, 0
    one = Fraction(1, ONE)
    first = ceiling(5 * (reach + sympy.log(4 / exact(delta))))
    for _ in range(trials):
        batch = [int(x) * one for x in samples(generator, first)]
        enough = min(sum(x for x in batch if x > 0), -sum(x for x in batch if x < 0)) >= reach
        held += enough
        for target in (Fraction(reach), Fraction(-reach), Fraction(37, 8)):
            missing, sign = abs(target), 1 if target > 0 else -1
            for x in batch:
                if missing > 1 and sign * x > 0:
                    missing -= sign * x
            assert missing >= 0
            assert missing <= 1 or not enough
    evidence.trials(f"R = {reach}, {first} samples, both signs sum to R", held, trials, 1 - delta / 2)
    assert ceiling(5 * (reach + sympy.log(4 / exact(delta)))) < ceiling(sample_size(uniform(reach), 1, delta / 2))
