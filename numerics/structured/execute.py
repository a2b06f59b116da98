"""Run structured targets, tickets with their masks, and compacted networks, in float64."""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float64

from numerics.execute import affine
from numerics.structured.compact import CompactLayer
from numerics.structured.network import BlockedLayer, StructuredTarget
from numerics.structured.ticket import StructuredTicket
from theory.normal_grid import GRID_BITS

CHUNK = 64
UNIT = 2.0**-GRID_BITS
Hidden = tuple[np.ndarray, np.ndarray] | None
Step = tuple[BlockedLayer, Hidden, np.ndarray, np.ndarray]


def run_target(target: StructuredTarget, inputs: Float64[np.ndarray, "batch p v"]) -> Float64[np.ndarray, "batch q w"]:
    """The target's outputs."""
    return run(
        [(rule, None, layer.coefficients, layer.bias) for rule, layer in zip(target.architecture.layers, target.layers, strict=True)],
        inputs,
    )


def run_compact(layers: Sequence[CompactLayer], inputs: Float64[np.ndarray, "batch p v"]) -> Float64[np.ndarray, "batch q w"]:
    """The compacted network's outputs."""
    return run(compact_steps(layers), inputs)


def run_masked(ticket: StructuredTicket, inputs: Float64[np.ndarray, "batch p v"]) -> Float64[np.ndarray, "batch q w"]:
    """The ticket's outputs with every channel computed and the removed ones multiplied by zero."""
    return run(masked_steps(ticket), inputs)


def compact_steps(layers: Sequence[CompactLayer]) -> list[Step]:
    """What `run` applies of a compacted network."""
    return [(layer.rule, (layer.source, layer.first * UNIT), layer.second * UNIT, layer.bias * UNIT**2) for layer in layers]


def masked_steps(ticket: StructuredTicket) -> list[Step]:
    """What `run` applies of a ticket, all channels in place."""
    steps: list[Step] = []
    for i, (rule, mask) in enumerate(zip(ticket.network.architecture.layers, ticket.masks, strict=True)):
        m, _, k = rule.shape.coefficient_shape
        width = ticket.network.widths[i]
        second = np.zeros((m, len(rule.blocks), width, k))
        for b, block in enumerate(rule.blocks):
            second[list(block.outputs), b] = (ticket.network.second(i, b) * mask.hidden[b][:, None, None]).transpose(1, 0, 2) * UNIT
        source = np.repeat([block.channel for block in rule.blocks], width)
        bias = np.zeros(rule.shape.bias_shape)
        constant = np.maximum(np.where(mask.constant, ticket.network.constant_first(i), 0), 0) * UNIT
        for c, group in enumerate(rule.bias_blocks):
            bias[list(group)] += np.tensordot(constant[c], ticket.network.constant_second(i, c) * UNIT, axes=(0, 0))
        first = np.where(mask.hidden, ticket.network.first(i), 0).ravel() * UNIT
        steps.append((rule, (source, first), second.reshape(m, -1, k), bias))
    return steps


def run(steps: Sequence[Step], inputs: Float64[np.ndarray, "batch p v"]) -> Float64[np.ndarray, "batch q w"]:
    """Apply layers (rule, hidden channels or none, coefficients, bias) with ReLU between them, to `CHUNK` inputs at a time."""
    outputs = []
    for start in range(0, len(inputs), CHUNK):
        x = torch.from_numpy(np.ascontiguousarray(inputs[start : start + CHUNK]))
        for i, (rule, hidden, coefficients, bias) in enumerate(steps):
            x = x.reshape(len(x), rule.shape.domain.channels, rule.shape.domain.representation.dimension)
            if hidden is not None:
                source, first = hidden
                x = torch.relu(torch.from_numpy(first)[None, :, None] * x[:, torch.from_numpy(source)])
            x = affine(x, rule.shape.operators, coefficients, rule.shape.offset(bias))
            x = torch.relu(x) if i + 1 < len(steps) else x
        outputs.append(x.numpy())
    return np.concatenate(outputs)
