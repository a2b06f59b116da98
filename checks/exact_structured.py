"""Structured targets, tickets with their masks, and compacted networks, evaluated exactly."""

from collections.abc import Sequence

import numpy as np

from checks.exact_network import Dyadic, affine, dyadic, relu, weights_as_integers
from numerics.structured.compact import CompactLayer
from numerics.structured.network import BlockedLayer, StructuredTarget
from numerics.structured.ticket import StructuredTicket
from theory.normal_grid import GRID_BITS


def exact_target(target: StructuredTarget, x: np.ndarray) -> np.ndarray:
    """The target's output `[channels, dim]` on an input of dyadic Fractions `[channels, dim]`."""
    signal = dyadic(x)
    for i, (numbers, rule) in enumerate(zip(target.layers, target.architecture.layers, strict=True)):
        signal = affine(rule.shape, dyadic(numbers.coefficients), dyadic(numbers.bias), arranged(rule, signal))
        signal = activated(signal, last=i + 1 == target.architecture.depth)
    return signal.fractions()


def exact_masked(ticket: StructuredTicket, x: np.ndarray) -> np.ndarray:
    """The random network with its masked weights set to zero, every hidden channel computed, the constant channels too."""
    network, signal = ticket.network, dyadic(x)
    for i, (mask, rule) in enumerate(zip(ticket.masks, network.architecture.layers, strict=True)):
        m, b = rule.shape.bias_shape
        signal = arranged(rule, signal)
        u = weights_as_integers(np.where(mask.hidden, network.first(i), 0))
        hidden, second = [], []
        for number, block in enumerate(rule.blocks):
            hidden.append(relu(u[number][:, None] * signal.integers[block.channel][None, :]))
            values = np.zeros((m, network.widths[i], len(rule.shape.basis)), dtype=np.int64)
            values[list(block.outputs)] = (network.second(i, number) * mask.hidden[number][:, None, None]).transpose(1, 0, 2)
            second.append(values)
        bias = weights_as_integers(np.zeros((m, b), dtype=np.int64))
        for number, group in enumerate(rule.bias_blocks):
            constant = relu(weights_as_integers(np.where(mask.constant[number], network.constant_first(i)[number], 0)))
            bias[list(group)] += np.tensordot(constant, weights_as_integers(network.constant_second(i, number)), axes=(0, 0))
        coefficients = Dyadic(weights_as_integers(np.concatenate(second, axis=1)), GRID_BITS)
        signal = affine(rule.shape, coefficients, Dyadic(bias, 2 * GRID_BITS), Dyadic(np.concatenate(hidden), signal.bits + GRID_BITS))
        signal = activated(signal, last=i + 1 == network.architecture.depth)
    return signal.fractions()


def exact_compact(layers: Sequence[CompactLayer], x: np.ndarray) -> np.ndarray:
    """The compacted network."""
    signal = dyadic(x)
    for i, layer in enumerate(layers):
        signal = arranged(layer.rule, signal)
        hidden = relu(weights_as_integers(layer.first)[:, None] * signal.integers[layer.source])
        coefficients = Dyadic(weights_as_integers(layer.second), GRID_BITS)
        bias = Dyadic(weights_as_integers(layer.bias), 2 * GRID_BITS)
        signal = affine(layer.rule.shape, coefficients, bias, Dyadic(hidden, signal.bits + GRID_BITS))
        signal = activated(signal, last=i + 1 == len(layers))
    return signal.fractions()


def arranged(rule: BlockedLayer, signal: Dyadic) -> Dyadic:
    """The numbers of a signal as the channels and points that a layer takes."""
    return Dyadic(signal.integers.reshape(rule.shape.domain.channels, -1), signal.bits)


def activated(signal: Dyadic, *, last: bool) -> Dyadic:
    """ReLU, but after the last layer."""
    return signal if last else Dyadic(relu(signal.integers), signal.bits)


def same_function(ticket: StructuredTicket, layers: Sequence[CompactLayer]) -> bool:
    """Whether the layers hold exactly the kept channels with their weights, and the constant channels' sum: then they are the ticket's function.

    A removed channel has weights 0 in the masked network and adds exactly 0, so this decides equality of outputs for every input at once.
    """
    network = ticket.network
    for i, (mask, rule, small) in enumerate(zip(ticket.masks, network.architecture.layers, layers, strict=True)):
        u, start = network.first(i), 0
        for number, block in enumerate(rule.blocks):
            kept = np.flatnonzero(mask.hidden[number])
            part, start = slice(start, start + len(kept)), start + len(kept)
            values = small.second[:, part].transpose(1, 0, 2).copy()
            same = (small.source[part] == block.channel).all() and np.array_equal(small.first[part], u[number, kept])
            if not same or not np.array_equal(values[:, list(block.outputs)], network.second(i, number)[kept]):
                return False
            values[:, list(block.outputs)] = 0
            if values.any():
                return False
        bias = np.zeros(rule.shape.bias_shape, dtype=object)
        for number, group in enumerate(rule.bias_blocks):
            constant = relu(weights_as_integers(np.where(mask.constant[number], network.constant_first(i)[number], 0)))
            bias[list(group)] += np.tensordot(constant, weights_as_integers(network.constant_second(i, number)), axes=(0, 0))
        if start != len(small.source) or (bias != small.bias).any():
            return False
    return True
