"""What companion.structured_layer and its neighbours say, on small instances, each beside a fault that the check sees."""

from dataclasses import replace
from fractions import Fraction
from math import comb, exp, log

import numpy as np
import pytest
from scipy.special import gammaln
from sympy import Rational

from checks.evidence import Recorder
from checks.exact_network import random_input
from checks.exact_structured import exact_compact, exact_masked, same_function
from checks.structured_examples import ARCHITECTURES, random_structured_target, structured_ticket
from checks.test_structured import random_masks
from numerics.structured.certify import certify
from numerics.structured.compact import CompactLayer, compacted, ticket_size
from numerics.structured.success import vectors
from numerics.structured.ticket import ChannelMask, StructuredTicket
from numerics.subset_sum import solve_vector_subset_sums
from theory.normal_grid import GRID_BITS
from theory.statement import find_statement
from theory.vector_formulas import fields_needed


def alone(name: str, seed: int, number: int) -> StructuredTicket:
    """The first layer's block `number` as random masks leave it, no other block and no constant channel."""
    ticket = random_masks(name, seed)
    hidden = np.zeros_like(ticket.masks[0].hidden)
    hidden[number] = ticket.masks[0].hidden[number]
    return StructuredTicket(ticket.network, (ChannelMask(hidden, np.zeros_like(ticket.masks[0].constant)), *ticket.masks[1:]))


def connected(layer: CompactLayer, seed: int) -> set[tuple[int, int]]:
    """The pairs (output channel, input channel) where the layer's output changes with the input, by evaluating it exactly."""
    space = layer.rule.shape.domain
    x = random_input((space.channels, space.representation.dimension), seed)
    before, found = exact_compact([layer], x), set()
    for channel in range(space.channels):
        for sign in (1, -1):
            moved = x.copy()
            moved[channel] = -sign * x[channel] * 2
            after = exact_compact([layer], moved)
            found |= {(q, channel) for q in range(len(after)) if (after[q] != before[q]).any()}
    return found


@pytest.mark.statement("companion.structured_layer")
@pytest.mark.parametrize("name", list(ARCHITECTURES))
def test_a_block_connects_its_input_channel_to_its_outputs_and_nothing_else(name: str, evidence: Recorder) -> None:
    """The function itself is asked, not the masks: which outputs of the layer change with which input channel."""
    tried, seen = 0, False
    for seed in range(6):
        rule = ARCHITECTURES[name]().layers[0]
        for number, block in enumerate(rule.blocks):
            layer = compacted(alone(name, seed, number))[0]
            allowed = {(q, block.channel) for q in block.outputs}
            found = connected(layer, seed)
            assert found <= allowed
            assert len(layer.source) == 0 or found == allowed
            tried += 1
            if rule.shape.domain.channels > 1 and len(layer.source):
                wrong = replace(layer, source=(layer.source + 1) % rule.shape.domain.channels)
                seen = seen or not connected(wrong, seed) <= allowed
    assert seen or ARCHITECTURES[name]().layers[0].shape.domain.channels == 1, "a hidden channel that reads the wrong input would pass"
    evidence.instances(f"{tried} blocks of {name}, each alone: exactly its outputs depend on exactly its input channel")


@pytest.mark.statement("companion.structured_layer")
@pytest.mark.parametrize("name", list(ARCHITECTURES))
def test_the_network_without_the_removed_channels_is_the_masked_network(name: str, evidence: Recorder) -> None:
    seen = False
    for seed in range(8):
        ticket = random_masks(name, seed)
        space = ticket.network.architecture.layers[0].shape.domain
        x = random_input((space.channels, space.representation.dimension), seed)
        layers, wanted = compacted(ticket), exact_masked(ticket, x)
        assert (exact_compact(layers, x) == wanted).all()
        assert same_function(ticket, layers)
        first = layers[0]
        wrong = replace(first, source=first.source[1:], first=first.first[1:], second=first.second[:, 1:])
        faults = [
            wrong,
            replace(first, bias=first.bias + 1),
            replace(first, first=2 * first.first),
            replace(first, second=first.second + 1),
        ]
        assert not any(same_function(ticket, (fault, *layers[1:])) for fault in faults if len(first.source))
        seen = seen or bool((exact_compact((wrong, *layers[1:]), x) != wanted).any())
    assert seen, "a compaction that loses a channel would pass"
    evidence.instances(f"8 tickets of {name} with random masks, in rationals")


@pytest.mark.statement("companion.structured_layer")
@pytest.mark.parametrize("samples", [1, 2, 5, 20, 100])
@pytest.mark.parametrize("delta", ["1/2", "1/100", "1/1000000"])
def test_so_many_fields_hold_enough_of_each_sign(samples: int, delta: str, evidence: Recorder) -> None:
    """P(fewer than N of x signs are +) ≤ δ/(4 n_in) exactly, n_in = 1; with 2N fields it is false."""

    def short_of(fields: int) -> Fraction:
        return Fraction(sum(comb(fields, i) for i in range(samples)), 2**fields)

    fields = fields_needed(samples, 1, delta)
    assert short_of(fields) <= Fraction(delta) / 4
    assert short_of(2 * samples) > Fraction(delta) / 4
    evidence.instances(f"N = {samples}, δ = {delta}: {fields} fields", {"P": f"{float(short_of(fields)):.2g}"})


@pytest.mark.statement("companion.structured_counting")
@pytest.mark.parametrize(("dimension", "epsilon"), [(1, Fraction(1, 32)), (2, Fraction(1, 16)), (4, Fraction(1, 8))])
def test_fewer_fields_than_counted_miss_most_targets(dimension: int, epsilon: Fraction, evidence: Recorder) -> None:
    """Fields of one sign, targets uniform in [-1, 1]^D: with fewer fields than the bound most are missed, with four times as many few are."""
    formula = find_statement("companion.structured_counting").formula
    assert formula is not None
    bound = dimension * log(1 / (2 * float(epsilon))) / log(2) - 1
    values = {"D": dimension, "epsilon": Rational(str(epsilon))}
    assert abs(float(formula.subs({symbol: values[str(symbol)] for symbol in formula.free_symbols})) - bound) < 1e-9
    generator, tolerance = np.random.default_rng(0), int(epsilon * 2 ** (2 * GRID_BITS))

    def missed(fields: int, trials: int = 200) -> int:
        targets = np.rint(generator.uniform(-1, 1, (trials, dimension)) * 2.0 ** (2 * GRID_BITS)).astype(np.int64)
        samples = np.stack([vectors(dimension, 1000 + trial, fields) for trial in range(trials)])
        residuals = solve_vector_subset_sums(samples, targets).residuals
        return int((np.abs(residuals).max(axis=1) > tolerance).sum())

    fewer = int(np.ceil(bound)) - 1
    evidence.trials(f"D = {dimension}, ε = {epsilon}: {fewer} fields miss a target", missed(fewer), 200, Fraction(1, 2))
    assert missed(4 * fewer + 6) < 100


def first_of_each_sign(ticket: StructuredTicket, layer: int, kept: int) -> np.ndarray:
    """A mask of the first `kept` channels of each sign in every block."""
    signs = np.sign(ticket.network.first(layer))
    return np.any([(signs == sign) & (np.cumsum(signs == sign, axis=1) <= kept) for sign in (1, -1)], axis=0)


@pytest.mark.statement("companion.structured_fixed")
@pytest.mark.parametrize("name", list(ARCHITECTURES))
def test_all_targets_have_tickets_of_one_size_in_one_network(name: str, evidence: Recorder) -> None:
    """Exactly 6 channels of each sign in every block, whatever the target; of any size, the tickets differ in size. Which 6 matters."""
    targets = [random_structured_target(ARCHITECTURES[name](), seed) for seed in range(3)]
    ratios, sizes, free = [], set(), set()
    for target in targets:
        ticket = structured_ticket(target, width=36, constants=24, kept=6)
        for i, mask in enumerate(ticket.masks):
            signs = np.sign(ticket.network.first(i))
            assert all(((signs == sign) & mask.hidden).sum(axis=1).tolist() == [6] * len(signs) for sign in (1, -1))
        sizes.add(tuple(vars(ticket_size(ticket)).values()))
        free.add(tuple(vars(ticket_size(structured_ticket(target, width=36, constants=24))).values()))
        first = [ChannelMask(first_of_each_sign(ticket, i, 6), mask.constant) for i, mask in enumerate(ticket.masks)]
        unsought = certify(target, StructuredTicket(ticket.network, tuple(first)), "100").error_bound
        ratios.append(float(certify(target, ticket, "100").error_bound / unsought))
    assert len(sizes) == 1
    assert len(free) > 1
    assert max(ratios) < 1 / 4
    evidence.instances(
        f"3 targets over {name}: tickets of {sizes.pop()[0]} channels each",
        {"certified, over six channels not sought": f"{max(ratios):.2g}"},
    )


@pytest.mark.statement("companion.structured_counting_fixed")
@pytest.mark.parametrize(
    ("dimension", "epsilon", "fields", "kept"), [(1, Fraction(1, 32), 6, 1), (2, Fraction(1, 16), 8, 1), (4, Fraction(1, 8), 9, 2)]
)
def test_tickets_of_too_small_a_size_miss_most_targets(
    dimension: int, epsilon: Fraction, fields: int, kept: int, evidence: Recorder
) -> None:
    """Below log₂ C(N, m) = D log₂(1/(2ε)) - 1 most targets are missed, larger sets of more fields miss fewer."""
    bound = dimension * log(1 / (2 * float(epsilon))) / log(2) - 1
    assert log(comb(fields, kept)) / log(2) < bound
    generator, tolerance, trials = np.random.default_rng(0), int(epsilon * 2 ** (2 * GRID_BITS)), 200
    targets = np.rint(generator.uniform(-1, 1, (trials, dimension)) * 2.0 ** (2 * GRID_BITS)).astype(np.int64)
    samples = np.stack([vectors(dimension, 1000 + trial, fields) for trial in range(trials)])

    def missed(drawn: np.ndarray, objective: tuple[str, int]) -> int:
        residuals = solve_vector_subset_sums(drawn, targets, objective=objective).residuals
        return int((np.abs(residuals).max(axis=1) > tolerance).sum())

    evidence.trials(
        f"D = {dimension}, ε = {epsilon}: {kept} of {fields} fields miss a target", missed(samples, ("size", kept)), trials, Fraction(1, 2)
    )
    more = comb(4 * fields, 2 * kept + 2)
    assert log(more) / log(2) > bound
    wide = np.stack([vectors(dimension, 1000 + trial, 4 * fields) for trial in range(trials)])
    assert missed(wide, ("size", 2 * kept + 2)) < missed(samples, ("size", kept))


@pytest.mark.statement("companion.A3_unweighted")
@pytest.mark.parametrize("overlap", [0, 4, 15, 30])
def test_the_unweighted_second_moment_is_below_the_bound_of_its_proof(overlap: int) -> None:
    """R_j = E det^{-d/2}/(E V^{-d/2})² at d = 9, k = 60, z = 0 and ε → 0, by Monte Carlo: below e^{5jd/k}, not below e^{jd/(10k)}."""
    d, k, draws = 9, 60, 400_000
    generator = np.random.Generator(np.random.Philox(key=overlap))
    common = generator.chisquare(overlap, draws) if overlap else np.zeros(draws)
    first, second = (generator.chisquare(k - overlap, draws) for _ in range(2))
    single = np.exp(gammaln((k - d) / 2) - gammaln(k / 2) - d / 2 * log(2))
    values = ((common + first) * (common + second) - common**2) ** (-d / 2) / single**2
    ratio, error = float(values.mean()), float(values.std()) / draws**0.5
    assert 1 - 5 * error <= ratio <= exp(5 * overlap * d / k) + 5 * error
    if overlap >= 15:
        assert ratio - 5 * error > exp(overlap * d / (10 * k))
