"""Compaction: the dense network that is left when the removed channels are gone, with its sizes."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Int64
from safetensors.numpy import save

from numerics.network import canonical_json
from numerics.store import write_bytes
from numerics.structured.network import BlockedLayer, StructuredNetwork, StructuredTarget
from numerics.structured.ticket import StructuredTicket, channel_sums
from theory.normal_grid import GRID_BITS

FORMAT = "compact-network/1"


@dataclass(frozen=True, eq=False)
class CompactLayer:
    """The two layers that stay of a blocked layer.

    Hidden channel h is σ(first[h]·x_{source[h]}), both weights in units of 2⁻¹²; output q is Σ second[q, h, k] b_k of them plus `bias`
    `[m, invariants]`, in units of 2⁻²⁴: what the constant channels add up to. `parameters` counts the weights that are not masked.
    """

    rule: BlockedLayer
    source: Int64[np.ndarray, " h"]
    first: Int64[np.ndarray, " h"]
    second: Int64[np.ndarray, "q h k"]
    bias: Int64[np.ndarray, "q b"]
    parameters: int


def compacted(ticket: StructuredTicket) -> tuple[CompactLayer, ...]:
    """The ticket without its removed channels: the same function, exactly, since a removed channel adds nothing."""
    return tuple(_compact_layer(ticket, i) for i in range(len(ticket.masks)))


def _compact_layer(ticket: StructuredTicket, layer: int) -> CompactLayer:
    network, mask, rule = ticket.network, ticket.masks[layer], ticket.network.architecture.layers[layer]
    m, _, k = rule.shape.coefficient_shape
    u = network.first(layer)
    source, first, second, weights = [], [], [], 0
    for b, block in enumerate(rule.blocks):
        kept = np.flatnonzero(mask.hidden[b])
        values = np.zeros((m, len(kept), k), dtype=np.int64)
        values[list(block.outputs)] = network.second(layer, b)[kept].transpose(1, 0, 2)
        source.append(np.full(len(kept), block.channel, dtype=np.int64))
        first.append(u[b, kept])
        second.append(values)
        weights += len(kept) * (1 + rule.dimension(block))
    bias = channel_sums(ticket, layer)[2]
    return CompactLayer(rule, np.concatenate(source), np.concatenate(first), np.concatenate(second, axis=1), bias, weights + bias.size)


def export(ticket: StructuredTicket, path: Path) -> None:
    """Write the compacted network as a safetensors file: float32 arrays that hold the weights exactly, biases as float64.

    A weight is at most 10·2¹² units, so float32 has room for it; a bias is a sum of products on the grid of 2⁻²⁴.
    """
    tensors = {}
    for i, layer in enumerate(compacted(ticket)):
        tensors[f"{i}.source"] = layer.source.astype(np.int32)
        tensors[f"{i}.first"] = (layer.first / 2**GRID_BITS).astype(np.float32)
        tensors[f"{i}.second"] = np.ascontiguousarray(layer.second / 2**GRID_BITS).astype(np.float32)
        tensors[f"{i}.bias"] = layer.bias / 2 ** (2 * GRID_BITS)
    header = {"format": FORMAT, "architecture": ticket.network.architecture.description()}
    write_bytes(path, save(tensors, metadata={"network": canonical_json(header)}))


@dataclass(frozen=True)
class Size:
    """Hidden channels, parameters, and multiplications of one pass over one input."""

    channels: int
    parameters: int
    multiply_adds: int


def ticket_size(ticket: StructuredTicket) -> Size:
    """Of the compacted network, its biases counted as parameters."""
    channels = parameters = work = 0
    for layer, mask in zip(compacted(ticket), ticket.masks, strict=True):
        points, entries = layer.rule.shape.domain.representation.dimension, _entries(layer.rule)
        channels += len(layer.source)
        parameters += layer.parameters
        outputs = sum(int(row.sum()) * len(block.outputs) for row, block in zip(mask.hidden, layer.rule.blocks, strict=True))
        work += len(layer.source) * points + outputs * entries
    return Size(channels, parameters, work)


def network_size(network: StructuredNetwork) -> Size:
    """Of the random network before anything is masked, constant channels not counted among the channels."""
    channels = work = 0
    for rule, width in zip(network.architecture.layers, network.widths, strict=True):
        hidden = len(rule.blocks) * width
        m, n, _ = rule.shape.coefficient_shape
        labels = rule.shape.hidden_basis.labels
        assert labels is not None
        channels += hidden
        work += hidden * (n * int(np.count_nonzero(labels >= 0)) + m * _entries(rule))
    return Size(channels, network.raw_parameters, work)


def target_size(target: StructuredTarget) -> Size:
    """Of the target, its channels those between layers."""
    channels = parameters = work = 0
    for i, (rule, numbers) in enumerate(zip(target.architecture.layers, target.layers, strict=True)):
        pairs = int(np.count_nonzero(rule.reached))
        channels += rule.shape.codomain.channels if i + 1 < target.architecture.depth else 0
        parameters += pairs * len(rule.shape.basis) + numbers.bias.size
        work += pairs * _entries(rule)
    return Size(channels, parameters, work)


def _entries(rule: BlockedLayer) -> int:
    """The entries of all operators of a layer together."""
    labels = rule.shape.basis.labels
    assert labels is not None
    return int(np.count_nonzero(labels >= 0))
