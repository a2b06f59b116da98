"""Targets and tickets on a grid, run in integers and in float32; and how large the sums of an inference get.

Inputs are multiples of 2^-e. A signal is kept as integers over one power of two, and beside it, for each output of each layer, the sum
of the absolute values of all that is added: where that stays within 2^24 units, float32 is exact in any order (companion.float32_exact).
"""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float64, Int64

from numerics.errors import BadTarget
from numerics.layer import LayerShape
from numerics.network import Target, on_points
from numerics.ticket import Ticket
from theory.errors import OutOfRange

FLOAT32_UNITS, INTEGER_UNITS = 1 << 24, 1 << 53
ORDERS = ("matrix product", "forwards", "backwards", "shuffled")


@dataclass(frozen=True, eq=False)
class ExactRun:
    """Outputs `integers`·2^-`bits`, `[batch, channels, dim]`, and for each layer the largest sum of absolute values, in its units."""

    integers: Int64[np.ndarray, "batch q w"]
    bits: int
    largest_sums: tuple[int, ...]

    @property
    def float32_is_exact(self) -> bool:
        """Whether float32 provably computes the same numbers in any order of summation."""
        return max(self.largest_sums) <= FLOAT32_UNITS


@dataclass(frozen=True, eq=False)
class _Layer:
    """Integers over 2^-bits: first weights and the channels that they read, both `[n·N]`, or None; the second layer's matrix, the bias vector.

    `channels` are those of its inputs; the layers of a target take one long vector.
    """

    first: tuple[np.ndarray, np.ndarray] | None
    channels: int
    first_bits: int
    matrix: np.ndarray
    matrix_bits: int
    offset: np.ndarray
    offset_bits: int


def target_layers(target: Target, grid_bits: int) -> list[_Layer]:
    """The layers of a target on the grid 4^-b; raises `BadTarget` for one that is not."""
    bits, result = 2 * grid_bits, []
    for i, (layer, shape) in enumerate(zip(target.layers, target.on_points.layers, strict=True)):
        coefficients, bias = np.ldexp(layer.coefficients, bits), np.ldexp(layer.bias, bits)
        if (coefficients != np.rint(coefficients)).any() or (bias != np.rint(bias)).any():
            raise BadTarget(f"target {target.name}, layer {i}: its numbers are no multiples of 2^-{bits}; round it with `quantised`.")
        result.append(_Layer(None, 1, 0, _integers(shape.matrix(coefficients)), bits, _integers(shape.offset(bias)).ravel(), bits))
    return result


def ticket_layers(ticket: Ticket) -> list[_Layer]:
    """The masked random layers, two for each layer of the target."""
    network, result = ticket.network, []
    for i, (mask, shape) in enumerate(zip(ticket.masks, on_points(network.architecture).layers, strict=True)):
        first = (ticket.first(i), ticket.reads(i))
        matrix = shape.matrix(ticket.second(i).transpose(1, 0, 2).astype(np.float64))
        constant = np.maximum(np.where(mask.constant_first, network.constant_first(i), 0), 0)
        bias = np.tensordot(constant, network.constant_second(i) * mask.constant_second, axes=(0, 0))
        offset = _integers(_offset(shape, bias)).ravel()
        result.append(
            _Layer(first, shape.domain.channels, network.grid_bits, _integers(matrix), network.grid_bits, offset, network.product_bits)
        )
    return result


def _offset(shape: LayerShape, bias: np.ndarray) -> np.ndarray:
    return shape.offset(bias.astype(np.float64))


def _integers(values: np.ndarray) -> np.ndarray:
    return np.rint(values).astype(np.int64)


def run_integers(layers: list[_Layer], inputs: Float64[np.ndarray, "batch p v"], input_bits: int) -> ExactRun:
    """Run layers on inputs that are multiples of 2^-`input_bits`, in 64-bit integers; raises `OutOfRange` if sums may leave 2^53."""
    scaled = np.ldexp(inputs, input_bits)
    if (scaled != np.rint(scaled)).any():
        raise OutOfRange(f"inputs: some are no multiples of 2^-{input_bits}.")
    signal, bits, largest = _integers(scaled), input_bits, []
    for i, layer in enumerate(layers):
        if layer.first is not None:
            weights, reads = layer.first
            signal, bits = np.maximum(weights[:, None] * signal[:, reads], 0), bits + layer.first_bits
        flat = signal.reshape(len(signal), -1)
        bits += layer.matrix_bits
        offset = layer.offset << (bits - layer.offset_bits)
        sums = int(np.max(np.abs(flat).astype(np.float64) @ np.abs(layer.matrix).T.astype(np.float64) + np.abs(offset)))
        if max(sums, int(np.abs(flat).max(initial=0))) > INTEGER_UNITS:
            raise OutOfRange(f"layer {i}: sums of up to {sums:.3g} units; at most 2^53 are computed exactly here.")
        largest.append(max(sums, int(np.abs(flat).max(initial=0))))
        total = flat @ layer.matrix.T + offset
        signal = np.maximum(total, 0) if i + 1 < len(layers) else total
        signal = signal.reshape(len(signal), -1, 1)
        signal = signal if i + 1 == len(layers) else _channels(signal, layers[i + 1])
    return ExactRun(signal, bits, tuple(largest))


def _channels(signal: np.ndarray, following: _Layer) -> np.ndarray:
    """`[batch, channels, dim]` as the next layer wants it."""
    return signal.reshape(len(signal), following.channels, -1)


def run_float32(layers: list[_Layer], inputs: Float64[np.ndarray, "batch p v"], order: str) -> np.ndarray:
    """The same in float32, the sums taken in one of `ORDERS`; `[batch, outputs]` float32. No reduced precision is used on the CPU."""
    signal = torch.from_numpy(inputs).float()
    for i, layer in enumerate(layers):
        if layer.first is not None:
            weights, reads = layer.first
            signal = torch.relu(torch.from_numpy(np.ldexp(weights.astype(np.float32), -layer.first_bits))[:, None] * signal[:, reads])
        flat = signal.flatten(1)
        matrix = torch.from_numpy(np.ldexp(layer.matrix.astype(np.float32), -layer.matrix_bits))
        offset = torch.from_numpy(np.ldexp(layer.offset.astype(np.float32), -layer.offset_bits))
        total = _summed(flat, matrix, offset, order)
        signal = torch.relu(total) if i + 1 < len(layers) else total
        signal = signal[:, :, None] if i + 1 == len(layers) else torch.from_numpy(_channels(signal.numpy(), layers[i + 1]))
    return signal.flatten(1).numpy()


def _summed(flat: torch.Tensor, matrix: torch.Tensor, offset: torch.Tensor, order: str) -> torch.Tensor:
    """matrix·x + offset for each row x of `flat`, added in the given order."""
    if order == "matrix product":
        return flat @ matrix.T + offset
    places = np.arange(flat.shape[1])
    if order == "backwards":
        places = places[::-1]
    elif order == "shuffled":
        places = np.random.default_rng(0).permutation(places)
    total = offset.expand(len(flat), -1).clone()
    for place in places[np.asarray(matrix.any(dim=0))[places]].tolist():
        total = total + flat[:, place : place + 1] * matrix[None, :, place]
    return total


def grid_of(inputs: Float64[np.ndarray, "batch p v"]) -> int | None:
    """The least e ≤ 24 such that all inputs are multiples of 2^-e, if there is one."""
    return next((e for e in range(25) if (np.ldexp(inputs, e) == np.rint(np.ldexp(inputs, e))).all()), None)


def comparison(target: Target, ticket: Ticket, inputs: Float64[np.ndarray, "batch p v"]) -> str:
    """In words: whether target and ticket agree bit for bit in integers on these inputs, and whether float32 provably does so too."""
    bits, grid_bits = grid_of(inputs), ticket.network.grid_bits
    if bits is None:
        return "the inputs lie on no grid of 24 bits; nothing is said about float32"
    wanted, found = run_integers(target_layers(target, grid_bits), inputs, bits), run_integers(ticket_layers(ticket), inputs, bits)
    differing = int((wanted.integers != found.integers).any(axis=(1, 2)).sum()) if wanted.bits == found.bits else len(inputs)
    same = "equal bit for bit in integers" if not differing else f"{differing} outputs differ in integers"
    largest = np.log2(max(found.largest_sums))
    float32 = "exact in float32 too, in any order" if found.float32_is_exact else "more than float32 adds exactly in every order"
    return f"{same}; sums of at most 2^{largest:.1f} units, {float32}"
