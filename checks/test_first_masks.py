"""Other first masks: exact on inputs without negative entries, as often as stated, never worse by an exchange, and above the counting bound."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import ceil, log

import numpy as np
import pytest

from checks.evidence import Recorder
from checks.exact_network import dyadic, exact_target, exact_ticket, moved, squared_norm
from checks.strategies import over, random_target
from checks.test_pruned_networks import points_of
from numerics.certify import certify
from numerics.declared import hidden_architecture
from numerics.exchange import Columns, exchange
from numerics.layer import trivial
from numerics.network import Target, random_network
from numerics.prune import prune
from numerics.random_weights import SECOND, Key, grid_weights
from numerics.strategies import misfits, squared_sizes
from theory.group import PermutationGroup
from theory.instantiation import GroupInstantiation

TRIALS, DELTA, ETA, LARGEST = 60, Fraction(1, 10), Fraction(1, 8), Fraction(1, 2)


def positive_input(shape: tuple[int, int], seed: int) -> np.ndarray:
    """A dyadic input `[channels, dim]` of Fractions without negative entries, ‖x‖₂ ≤ 1."""
    values = np.abs(np.random.default_rng(seed).standard_normal(shape))
    return dyadic(np.floor(values / np.linalg.norm(values) * (1 - 1e-6) * 2**20) / 2**20).fractions()


def difference(target: Target, ticket, x: np.ndarray) -> Fraction:
    """‖ticket(x) - target(x)‖₂²."""
    return squared_norm(exact_ticket(ticket, x) - exact_target(target, x))


@pytest.mark.statement("companion.nonnegative_inputs", "companion.exchanges")
@pytest.mark.parametrize("strategy", ["positive", "assigned", "exchanged"])
def test_a_ticket_of_positive_weights_is_as_accurate_as_certified_and_equivariant(
    declared: GroupInstantiation, strategy: str, evidence: Recorder
) -> None:
    hidden = points_of(declared)
    target = replace(random_target(hidden_architecture(declared, (2, 3), 2), seed=4), nonnegative=True)
    tolerances = [0.05] * target.architecture.depth
    ticket = prune(target, random_network(target.architecture, Key(4), 10), samples=10, strategy=strategy, tolerances=tolerances)
    certificate = certify(target, ticket, "100")
    assert certificate.nonnegative
    shape = (target.on_points.spaces[0].channels, hidden.dimension)
    for number in range(3):
        x = positive_input(shape, number)
        assert difference(target, ticket, x) <= certificate.error_bound**2
        for g, images in enumerate(hidden.images):
            output = target.on_points.spaces[-1].representation.images[g]
            assert (exact_ticket(ticket, moved(x, images)) == moved(exact_ticket(ticket, x), output)).all()
    evidence.instances(
        f"{strategy}: a ticket over {declared!r}, 3 inputs, in rationals", {"certified": f"{float(certificate.error_bound):.3g}"}
    )


@pytest.mark.statement("companion.nonnegative_inputs")
def test_a_negative_input_is_not_covered(evidence: Recorder) -> None:
    """The first layer passes nothing of it, so the claim must be, and is, of inputs without negative entries alone."""
    point = PermutationGroup([], degree=1)
    target = replace(random_target(over(trivial(point), (1, 1)), seed=0), nonnegative=True)
    certificate = certify(target, ticket := prune(target, random_network(target.architecture, Key(0), 40), strategy="positive"), "1")
    x = dyadic(np.array([[-0.75]])).fractions()
    assert difference(target, ticket, -x) <= certificate.error_bound**2 < difference(target, ticket, x)
    evidence.instances("x = -3/4 lies outside, 3/4 within the certified bound")


def uncovered(weights: np.ndarray, numbers: np.ndarray, largest: Fraction, eta: Fraction) -> bool:
    """Whether some target in [-largest, largest] may have no subset sum within η, by a reachability bitmap of rounded samples.

    Each sample u·v is rounded to a grid of η/(2N): a sum of roundings is off by at most η/4, and neighbouring reached points η·3/2 apart
    leave no target further than 3η/4 from one. So this may say yes where the truth is no, never the other way.
    """
    step = float(eta) / (2 * len(weights))
    samples = np.rint(weights * numbers / step).astype(np.int64).tolist()
    middle = ceil(3 / step)
    window, reached = (1 << (2 * middle + 1)) - 1, 1 << middle
    for sample in samples:
        reached |= (reached << sample if sample >= 0 else reached >> -sample) & window
    places = [i - middle for i, bit in enumerate(reversed(bin(reached)[2:])) if bit == "1"]
    edge = float(largest) / step
    inside = [-edge, *(place for place in places if abs(place) <= edge), edge]
    gap = float(eta) * 1.5 / step
    return any(after - before > (gap if i and i + 2 < len(inside) else gap / 2) for i, (before, after) in enumerate(pairwise(inside)))


def samples_for(coefficients: int) -> int:
    """The least N with D(8r²/η²)(7/8)^N ≤ δ."""
    return ceil(log(float(DELTA * ETA**2 / (8 * LARGEST**2 * coefficients))) / log(7 / 8))


@pytest.mark.statement("companion.assigned_weights")
def test_assigned_channels_reach_all_targets_as_often_as_stated(evidence: Recorder) -> None:
    """Over keys 0, 1, ...: weights in [r/2, r] from a rule that sees the first layer alone, one coefficient; failures are counted."""
    count = samples_for(1)
    successes = 0
    for key in range(TRIALS):
        weights = np.random.default_rng(key).uniform(float(LARGEST) / 2, float(LARGEST), count)
        numbers = grid_weights(Key(key), 0, SECOND, 0, count) / 2.0**23
        successes += not uncovered(weights, numbers, LARGEST, ETA)
    evidence.trials(f"N = {count}, all |λ| ≤ {LARGEST} within {ETA}, keys 0 to {TRIALS - 1}", successes, TRIALS, 1 - DELTA)


@pytest.mark.statement("companion.assigned_weights")
def test_with_a_twentieth_of_the_channels_targets_are_missed() -> None:
    few = samples_for(1) // 20
    draws = [np.random.default_rng(key) for key in range(20)]
    assert sum(uncovered(draw.uniform(0.25, 0.5, few), draw.uniform(-1, 1, few), LARGEST, ETA) for draw in draws) > 15


@pytest.mark.statement("companion.exchanges")
def test_exchanges_never_raise_the_cost_and_the_cost_bounds_the_norm(declared: GroupInstantiation, evidence: Recorder) -> None:
    points_of(declared)
    architecture = hidden_architecture(declared, (3, 2))
    network, shape = random_network(architecture, Key(6), 8), architecture.layers[0]
    m, n, k = shape.coefficient_shape
    goals = np.rint(np.random.default_rng(6).uniform(-1, 1, (n, m * k)) * 2.0**45).astype(np.int64)
    hidden = np.arange(n * 8)
    first = network.first_read(0, np.repeat(hidden[:, None], n, axis=1), np.arange(n)[None, :])
    second = network.second_of(0, hidden).reshape(len(hidden), m * k)
    columns = Columns(np.maximum(first, 0), second, goals, np.tile(squared_sizes(shape), m), 2.0**-46, "cpu")
    state = columns.state(hidden.reshape(n, 8))
    before = state.cost.sum()
    exchange(columns, state, misfits(first / 2.0**23, np.ones(n)), allowed=0.0)
    assert state.cost.sum() <= before
    assert sorted(state.members.ravel()) == hidden.tolist()
    again = columns.state(state.members)
    assert (again.residuals == state.residuals).all(), "what the search keeps is what the members give"
    norm = shape.norm([state.residuals.reshape(n, m, k).transpose(1, 0, 2).astype(object)], 46)
    assert float(norm) <= state.cost.sum() ** 0.5 * (1 + 1e-9)
    evidence.instances(f"a layer over {declared!r}", {"cost after / before": f"{state.cost.sum() / before:.3g}"})


def reached(network: list[list[Fraction]], numbers: list[Fraction], epsilon: Fraction) -> int:
    """How many of the targets (λ_1, λ_2) on the grid of step 2ε + 2ε/100 in [-1, 1]² are within ε of a pruning, in the largest entry.

    Hidden channel h has the first-layer weights network[h] from two inputs and one second-layer weight; all 4^H prunings are enumerated.
    """
    step = 2 * epsilon * Fraction(101, 100)
    sums = {(Fraction(0), Fraction(0))}
    for (u1, u2), v in zip(network, numbers, strict=True):
        sums |= {(x + u1 * v, y) for x, y in sums} | {(x, y + u2 * v) for x, y in sums}
    most = int(1 / step)
    places = {
        tuple(round(entry / step) for entry in point) for point in sums if all(abs(e - round(e / step) * step) <= epsilon for e in point)
    }
    return sum(max(map(abs, place)) <= most for place in places)


@pytest.mark.statement("companion.choice_counting")
def test_networks_below_the_counting_bound_miss_most_targets_and_larger_ones_do_not(evidence: Recorder) -> None:
    """D = 2, m|B| = 1, n = 2, ε = 1/8: H(1 + log₂ 2) ≥ 2·2 - 1 = 3. One hidden channel reaches few targets, seven half of them in the mean."""
    epsilon, networks = Fraction(1, 8), 10
    targets = (2 * int(1 / (2 * epsilon * Fraction(101, 100))) + 1) ** 2
    fractions: dict[int, list[Fraction]] = {1: [], 7: []}
    for hidden, found in fractions.items():
        for key in range(networks):
            draw = np.random.default_rng(key)
            first = [[Fraction(float(w)) for w in row] for row in draw.uniform(0, 1, (hidden, 2))]
            second = [Fraction(float(w)) for w in draw.uniform(-1, 1, hidden)]
            found.append(Fraction(reached(first, second, epsilon), targets))
    assert max(fractions[1]) < Fraction(1, 2) <= sum(fractions[7], Fraction(0)) / networks
    evidence.instances("D = 2, 10 networks of 1 and 10 of 7 hidden channels", {"reached at most with 1": f"{float(max(fractions[1])):.3g}"})
