"""Deterministic training of small equivariant networks."""

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from numerics.graphs import GraphArchitecture
from numerics.layer import LayerShape
from numerics.network import AffineLayer, Architecture, digest
from numerics.store import write_bytes
from numerics.ticket import FORMAT


def train(
    architecture: Architecture,
    inputs: np.ndarray,
    labels: np.ndarray,
    *,
    seed: int,
    epochs: int,
    rate: float,
    decay: float,
    batch: int,
) -> tuple[AffineLayer, ...]:
    """Cross-entropy with AdamW and a cosine schedule, in float32 on one thread; the layers as float64 arrays.

    `inputs` `[N, channels, dim]`, `labels` `[N]`. Reproducible from the seed on one machine and torch build; elsewhere the last bits may
    differ, which is why a certificate carries its target's numbers.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        generator = torch.Generator().manual_seed(seed)
        parameters: list[torch.Tensor] = []
        scales: list[torch.Tensor] = []
        operators = [_operators(shape) for shape in architecture.layers]
        for shape in architecture.layers:
            scales.append(torch.from_numpy(np.sqrt(2 / (shape.domain.channels * shape.coefficient_shape[2])) / _sizes(shape)).float())
            parameters += [
                torch.randn(shape.coefficient_shape, generator=generator).requires_grad_(),
                # A mixture's layer stands for more symmetry than acts on the grid: its invariant vectors share one bias.
                torch.zeros((shape.bias_shape[0], 1 if shape.mixture else shape.bias_shape[1])).requires_grad_(),
            ]
        x, y = torch.from_numpy(inputs.astype(np.float32)), torch.from_numpy(labels.astype(np.int64))
        optimiser = torch.optim.AdamW(parameters, lr=rate, weight_decay=decay)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, epochs)
        for _ in range(epochs):
            for chosen in torch.randperm(len(x), generator=generator).split(batch):
                optimiser.zero_grad()
                torch.nn.functional.cross_entropy(_forward(architecture, operators, parameters, scales, x[chosen]), y[chosen]).backward()
                optimiser.step()
            schedule.step()
    finally:
        torch.set_num_threads(threads)
    coefficients = [(raw * scale).detach().numpy().astype(np.float64) for raw, scale in zip(parameters[::2], scales, strict=True)]
    biases = [np.broadcast_to(b.detach().numpy(), s.bias_shape) for b, s in zip(parameters[1::2], architecture.layers, strict=True)]
    return tuple(AffineLayer(c, b.astype(np.float64)) for c, b in zip(coefficients, biases, strict=True))


def _operators(shape: LayerShape) -> torch.Tensor:
    """The operators `[|B|, dim W, dim V]`; of a mixture the coefficients of the indicators `[|B|, labels]`."""
    return torch.from_numpy(shape.basis.dense() if shape.mixture is None else shape.mixture.values).float()


def _sizes(shape: LayerShape) -> np.ndarray:
    """What each operator makes of its input: with scales of one over it all contribute alike and a layer keeps the size of its input.

    Row sums for indicators; for a mixture, whose operators have signs, the root of the mean over the rows of their squared lengths.
    """
    owners, rows = shape.basis.labels, shape.codomain.representation.dimension
    assert owners is not None
    counts = np.bincount(owners[owners >= 0])
    return counts / rows if shape.mixture is None else np.sqrt(shape.mixture.values**2 @ counts / rows)


def _forward(
    architecture: Architecture,
    operators: Sequence[torch.Tensor],
    parameters: Sequence[torch.Tensor],
    scales: Sequence[torch.Tensor],
    x: torch.Tensor,
) -> torch.Tensor:
    for i, shape in enumerate(architecture.layers):
        weights = parameters[2 * i] * scales[i]
        if shape.mixture is not None:
            assert shape.basis.labels is not None
            q, p, _ = weights.shape
            spread = torch.nn.functional.pad(weights @ operators[i], (0, 1))
            matrix = spread[:, :, torch.from_numpy(shape.basis.labels)].transpose(1, 2).flatten(2).flatten(0, 1)
            x = (x.flatten(1) @ matrix.T).reshape(len(x), q, -1)
            x = _biased(x, shape, parameters[2 * i + 1])
            x = torch.relu(x) if i + 1 < architecture.depth else x
            continue
        (q, p, k), (_, w, v), b = weights.shape, operators[i].shape, len(x)
        # The layer's matrix is built first where that takes fewer multiplications than applying each operator to each input.
        if q * p * k * w * v + b * q * w * p * v < b * p * k * w * (v + q):
            matrix = (weights.flatten(0, 1) @ operators[i].flatten(1)).reshape(q, p, w, v).transpose(1, 2).reshape(q * w, p * v)
            x = (x.flatten(1) @ matrix.T).reshape(b, q, w)
        else:
            moved = torch.einsum("kwv,bpv->bwpk", operators[i], x)
            x = (moved.flatten(2) @ weights.flatten(1).T).transpose(1, 2)
        x = _biased(x, shape, parameters[2 * i + 1])
        if i + 1 < architecture.depth:
            x = torch.relu(x)
    return x.flatten(1)


def _biased(x: torch.Tensor, shape: LayerShape, bias: torch.Tensor) -> torch.Tensor:
    assert shape.invariants.labels is not None
    return x + bias.expand(shape.bias_shape)[:, torch.from_numpy(shape.invariants.labels[:, 0])]


def balanced(layers: Sequence[AffineLayer]) -> tuple[AffineLayer, ...]:
    """The same function with coefficients of about equal size in all layers: ReLU is positively homogeneous, and powers of two are exact."""
    logarithms = np.log2([np.abs(layer.coefficients).max() for layer in layers])
    drift = np.cumsum(logarithms.mean() - logarithms)[:-1]
    scales = 2.0 ** np.concatenate([[0], np.rint(drift), [0]])
    return tuple(
        AffineLayer(layer.coefficients * (after / before), layer.bias * after)
        for layer, before, after in zip(layers, scales, scales[1:], strict=False)
    )


def cached(path: Path, recipe: dict[str, object], architecture: Architecture | GraphArchitecture, training) -> tuple[AffineLayer, ...]:
    """The layers that `training()` returns, kept in a safetensors file and read from there as long as the recipe stays the same."""
    mark = digest({"recipe": recipe, "architecture": architecture.description(), "format": FORMAT})
    try:
        with safe_open(path, framework="numpy") as file:
            if file.metadata()["recipe"] == mark:
                shapes = range(architecture.depth)
                return tuple(AffineLayer(file.get_tensor(f"{i}.coefficients"), file.get_tensor(f"{i}.bias")) for i in shapes)
    except (FileNotFoundError, SafetensorError, KeyError, TypeError):
        pass
    layers = training()
    tensors = {f"{i}.{name}": getattr(layer, name) for i, layer in enumerate(layers) for name in ("coefficients", "bias")}
    write_bytes(path, save(tensors, metadata={"recipe": mark}))
    return layers


def radius_of(inputs: np.ndarray) -> Fraction:
    """A rational R, a multiple of 2⁻²⁰, with ‖x‖₂ ≤ R for every input `[N, channels, dim]`, exactly."""
    rows = inputs.reshape(len(inputs), -1)
    rough = np.square(rows).sum(axis=1)
    # Rounding errors of a sum of d squares stay below d·2⁻⁵² of it: only rows this close to the largest can be the largest.
    longest = rows[rough >= rough.max() * (1 - rows.shape[1] * 2.0**-50)]
    squares = [sum((Fraction(float(value)) ** 2 for value in row[row != 0]), Fraction(0)) for row in longest]
    scaled = max(squares) * 4**20
    root = isqrt(-(-scaled.numerator // scaled.denominator))
    return Fraction(root + 1, 2**20)
