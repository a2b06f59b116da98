"""The random network of a structured ticket in full, every weight of both layers under an explicit 0/1 mask: blocked masks block."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.evidence import Recorder
from checks.exact_network import Dyadic, affine, dyadic, random_input, relu, weights_as_integers
from checks.exact_structured import activated, arranged, exact_compact, exact_masked
from checks.structured_examples import ARCHITECTURES
from checks.test_structured import random_masks
from numerics.layer import LayerShape
from numerics.structured.compact import compacted
from numerics.structured.ticket import StructuredTicket
from numerics.structured.weights import FIRST, SECOND, normal_weights
from theory.normal_grid import GRID_BITS

NAMES = list(ARCHITECTURES)


@dataclass(frozen=True, eq=False)
class Whole:
    """A layer's random weights before any mask, first `[h, p, κ]` and second `[q, h, k]`, and the masks of both, 1 where a weight stays."""

    first: np.ndarray
    second: np.ndarray
    first_mask: np.ndarray
    second_mask: np.ndarray


def whole_layer(ticket: StructuredTicket, i: int) -> Whole:
    """The weights as the stream gives them, in order; the blocked mask written out: the identity, from the block's input channel, alone."""
    network, rule, mask = ticket.network, ticket.network.architecture.layers[i], ticket.masks[i]
    (m, n, k), size = rule.shape.coefficient_shape, rule.shape.hidden_size
    channels = len(rule.blocks) * network.widths[i]
    first = normal_weights(network.key, i, FIRST, 0, channels * n * size).reshape(channels, n, size)
    second = normal_weights(network.key, i, SECOND, 0, channels * m * k).reshape(channels, m, k).transpose(1, 0, 2)
    first_mask, second_mask = np.zeros_like(first), np.zeros_like(second)
    for h in range(channels):
        number, place = divmod(h, network.widths[i])
        if mask.hidden[number, place]:
            first_mask[h, rule.blocks[number].channel, rule.shape.identity] = 1
            second_mask[list(rule.blocks[number].outputs), h] = 1
    return Whole(first, second, first_mask, second_mask)


def hidden_and_output(ticket: StructuredTicket, i: int, layer: Whole, signal: Dyadic) -> tuple[np.ndarray, Dyadic]:
    """The hidden channels and the output of one layer in full, its constant channels included."""
    network, rule = ticket.network, ticket.network.architecture.layers[i]
    space = rule.shape.domain
    inner = LayerShape(space, space, rule.shape.first_support)
    assert len(inner.basis) == rule.shape.hidden_size
    signal = arranged(rule, signal)
    nothing = dyadic(np.zeros((len(layer.first), len(inner.invariants))))
    hidden = affine(inner, Dyadic(weights_as_integers(layer.first * layer.first_mask), GRID_BITS), nothing, signal)
    bias = weights_as_integers(np.zeros(rule.shape.bias_shape, dtype=np.int64))
    for number, group in enumerate(rule.bias_blocks):
        kept = np.where(ticket.masks[i].constant[number], network.constant_first(i)[number], 0)
        constant = relu(weights_as_integers(kept))
        bias[list(group)] += np.tensordot(constant, weights_as_integers(network.constant_second(i, number)), axes=(0, 0))
    second = Dyadic(weights_as_integers(layer.second * layer.second_mask), GRID_BITS)
    after = Dyadic(relu(hidden.integers), hidden.bits)
    return hidden.integers, affine(rule.shape, second, Dyadic(bias, 2 * GRID_BITS), after)


def whole_network(ticket: StructuredTicket, layers: list[Whole], x: np.ndarray) -> np.ndarray:
    """The output of the network in full, `[channels, dim]` in Fractions."""
    signal = dyadic(x)
    for i, layer in enumerate(layers):
        signal = activated(hidden_and_output(ticket, i, layer, signal)[1], last=i + 1 == len(layers))
    return signal.fractions()


def input_of(ticket: StructuredTicket, seed: int) -> np.ndarray:
    space = ticket.network.architecture.layers[0].shape.domain
    return random_input((space.channels, space.representation.dimension), seed)


@settings(deadline=None, derandomize=True, max_examples=20)
@given(st.sampled_from(NAMES), st.integers(0, 2**20))
def test_masked_compacted_and_full_networks_are_one_function(name: str, seed: int) -> None:
    """The masks of a ticket are those of the whole random network written out, and nothing is lost by leaving the zeros away."""
    ticket = random_masks(name, seed)
    x = input_of(ticket, seed)
    full = whole_network(ticket, [whole_layer(ticket, i) for i in range(len(ticket.masks))], x)
    assert (full == exact_masked(ticket, x)).all()
    assert (full == exact_compact(compacted(ticket), x)).all()


@settings(deadline=None, derandomize=True, max_examples=20)
@given(st.sampled_from(NAMES), st.integers(0, 2**20))
def test_a_hidden_channel_under_a_blocked_mask_is_a_multiple_of_its_input_channel(name: str, seed: int) -> None:
    """Hidden channel h is u·x_p, p its block's channel: the other input channels and the other operators are closed off, weight by weight."""
    ticket = random_masks(name, seed)
    rule, layer = ticket.network.architecture.layers[0], whole_layer(ticket, 0)
    signal = dyadic(input_of(ticket, seed))
    hidden, _ = hidden_and_output(ticket, 0, layer, signal)
    for h, kept in enumerate(ticket.masks[0].hidden.ravel()):
        block = rule.blocks[h // ticket.network.widths[0]]
        u = int(layer.first[h, block.channel, rule.shape.identity])
        assert hidden[h].tolist() == [kept * u * value for value in signal.integers[block.channel]]


@pytest.mark.statement("companion.structured_layer")
@pytest.mark.parametrize("name", NAMES)
def test_opening_any_one_weight_that_the_blocked_mask_closes_is_seen(name: str, evidence: Recorder) -> None:
    """Each closed first-layer weight of a kept channel in turn: some output changes, unless the channel stays inactive; most are seen."""
    ticket = random_masks(name, 1)
    inputs = [input_of(ticket, seed) for seed in range(3)]
    layers = [whole_layer(ticket, i) for i in range(len(ticket.masks))]
    wanted = [exact_masked(ticket, x) for x in inputs]
    assert all((whole_network(ticket, layers, x) == y).all() for x, y in zip(inputs, wanted, strict=True))
    first, seen = layers[0], 0
    kept = np.flatnonzero(first.first_mask.any(axis=(1, 2)))
    closed = [(h, p, k) for h in kept for p, k in np.argwhere(first.first_mask[h] == 0)]
    assert closed
    for place in closed:
        opened = first.first_mask.copy()
        opened[place] = 1
        faulty = [Whole(first.first, first.second, opened, first.second_mask), *layers[1:]]
        seen += any((whole_network(ticket, faulty, x) != y).any() for x, y in zip(inputs, wanted, strict=True))
    assert seen > 3 / 4 * len(closed)
    evidence.instances(
        f"{name}: the network in full under explicit blocked masks is the ticket; {seen} of {len(closed)} opened weights seen"
    )
