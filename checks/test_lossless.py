"""Tickets without error: exact over every instantiation, at the stated width as often as stated, and impossible below another."""

from fractions import Fraction

import numpy as np
import pytest

from checks.evidence import Recorder
from checks.exact_network import exact_target, exact_ticket, random_input
from checks.strategies import random_target
from checks.test_pruned_networks import points_of
from numerics.certify import certify
from numerics.declared import hidden_architecture
from numerics.network import random_network
from numerics.prune import prune
from numerics.quantise import quantised
from numerics.random_weights import FIRST, SECOND, Key, grid_weights
from theory.grid_products import lossless_failure, lossless_width, product_counts, reach, spectral_gap
from theory.instantiation import GroupInstantiation
from theory.verdict import Verdict, decide_at_most, exact

TRIALS, DELTA = 60, Fraction(1, 10)


@pytest.mark.statement("companion.lossless")
def test_a_lossless_ticket_computes_the_same_function(declared: GroupInstantiation, evidence: Recorder) -> None:
    hidden = points_of(declared)
    target = quantised(random_target(hidden_architecture(declared, (1, 2), 2), seed=7), grid_bits=3).target
    ticket = prune(target, random_network(target.architecture, Key(7), 128, grid_bits=3), samples=14, objective="smallest")
    assert certify(target, ticket, 1).lossless
    for number in range(2):
        x = random_input((target.on_points.spaces[0].channels, hidden.dimension), seed=number)
        assert (exact_ticket(ticket, x) == exact_target(target, x)).all()
    evidence.instances(f"a target of 6 bits over {declared!r}, 2 inputs, in rationals")


def reaches_everything(samples: np.ndarray, largest: int) -> bool:
    """Whether every integer in {-R..R} is a sum of some of the samples, partial sums staying within them."""
    window, reached = (1 << (2 * largest + 1)) - 1, 1 << largest
    for sample in samples.tolist():
        reached |= (reached << sample if sample >= 0 else reached >> -sample) & window
    return reached == window


@pytest.mark.statement("companion.lossless", "companion.spectral_growth")
@pytest.mark.parametrize("bits", [1, 2, 3, 4])
def test_at_the_stated_width_all_targets_are_hit_as_often_as_stated(bits: int, evidence: Recorder) -> None:
    """Over keys 0, 1, ...: both signs of one coefficient; failures are counted, no key is skipped."""
    width = lossless_width(bits, 1, 0, DELTA)
    assert decide_at_most(lossless_failure(bits, 1, 0, width, width), exact(DELTA)) is Verdict.PROVED
    assert decide_at_most(lossless_failure(bits, 1, 0, width - 1, width), exact(DELTA)) is Verdict.REFUTED
    successes = 0
    for key in range(TRIALS):
        u, v = (grid_weights(Key(key), 0, tensor, 0, width, bits) for tensor in (FIRST, SECOND))
        successes += all(reaches_everything(np.abs(u)[sign * u > 0] * v[sign * u > 0], reach(bits)) for sign in (1, -1))
    evidence.trials(f"b = {bits}, width {width}, all targets |t| ≤ {reach(bits)}, keys 0 to {TRIALS - 1}", successes, TRIALS, 1 - DELTA)


@pytest.mark.statement("companion.spectral_growth")
def test_a_few_channels_do_not_reach_every_target() -> None:
    """An odd number needs a sample that is odd: with N channels none is with probability (7/8)^N, so the statement is no trifle."""
    assert not all(
        reaches_everything(grid_weights(Key(key), 0, 0, 0, 6, 4) * grid_weights(Key(key), 0, 1, 0, 6, 4), reach(4)) for key in range(TRIALS)
    )
    assert not reaches_everything(np.array([2, -2, 4, -4, 8, -8]), 2)
    assert reaches_everything(np.array([2, -2, 1]), 2)


@pytest.mark.statement("companion.grid_products")
@pytest.mark.parametrize("bits", [1, 2, 3, 4])
def test_the_spectral_gap_agrees_with_floating_point(bits: int, evidence: Recorder) -> None:
    counts = np.array(product_counts(bits), dtype=np.float64)
    size, middle = 2 * reach(bits) + 1, len(counts) // 2
    weights = counts[middle + np.subtract.outer(np.arange(size), np.arange(size))] / counts.sum()
    np.fill_diagonal(weights, 0)
    gap = float(np.linalg.eigvalsh(np.diag(weights.sum(axis=1)) - weights)[1])
    if bits < 4:
        below, above = Fraction(int(gap * 1000), 1000), Fraction(int(gap * 1000) + 1, 1000)
        assert spectral_gap(product_counts(bits), reach(bits), below) is Verdict.PROVED
        assert spectral_gap(product_counts(bits), reach(bits), above) is Verdict.REFUTED
    assert gap > 0.31
    evidence.instances(f"b = {bits}", {"second eigenvalue": f"{gap:.4f}"})
