"""Deterministic training of message-passing networks."""

from fractions import Fraction
from math import isqrt

import numpy as np
import torch
from jaxtyping import Int64

from numerics.graphs import GraphArchitecture, GraphBatch
from numerics.network import AffineLayer


def train_on_graphs(
    architecture: GraphArchitecture,
    batch: GraphBatch,
    labels: Int64[np.ndarray, " N"],
    chosen: Int64[np.ndarray, " M"],
    *,
    seed: int,
    epochs: int,
    rate: float,
    decay: float,
) -> tuple[AffineLayer, ...]:
    """Cross-entropy on the `chosen` graphs (or vertices) with full-batch AdamW and a cosine schedule, on one thread, in float64."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        generator = torch.Generator().manual_seed(seed)
        parameters = []
        for shape in architecture.layers:
            scale = (2 / (shape.channels_in * shape.coefficient_shape[2])) ** 0.5
            weights = torch.randn(shape.coefficient_shape, generator=generator, dtype=torch.float64) * scale
            parameters += [weights.requires_grad_(), torch.zeros(shape.bias_shape, dtype=torch.float64).requires_grad_()]
        x, y = torch.from_numpy(batch.features.T.copy()), torch.from_numpy(labels)
        propagation, averaging = (_sparse(matrix) for matrix in (batch.propagation, batch.averaging))
        optimiser = torch.optim.AdamW(parameters, lr=rate, weight_decay=decay)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, epochs)
        for _ in range(epochs):
            optimiser.zero_grad()
            h = x
            for i, shape in enumerate(architecture.layers):
                weights, bias = parameters[2 * i], parameters[2 * i + 1]
                h = torch.sparse.mm(averaging, h) if shape.kind == "mean" else h
                result = h @ weights[:, :, 0].T + bias[:, 0]
                h = result + torch.sparse.mm(propagation, h @ weights[:, :, 1].T) if shape.kind == "propagate" else result
                h = torch.relu(h) if i + 1 < architecture.depth else h
            torch.nn.functional.cross_entropy(h[chosen], y[chosen]).backward()
            optimiser.step()
            schedule.step()
    finally:
        torch.set_num_threads(threads)
    numbers = [parameter.detach().numpy() for parameter in parameters]
    return tuple(AffineLayer(c, b) for c, b in zip(numbers[::2], numbers[1::2], strict=True))


def _sparse(matrix) -> torch.Tensor:
    entries = matrix.tocoo()
    places = torch.from_numpy(np.stack(entries.coords).astype(np.int64))
    return torch.sparse_coo_tensor(places, torch.from_numpy(entries.data), entries.shape, check_invariants=True)


def root_mean_square_of(batch: GraphBatch) -> Fraction:
    """A rational R, a multiple of 2⁻²⁰, that bounds the root mean square over the vertices of each graph's features, exactly."""
    largest = Fraction(0)
    for graph in range(len(batch)):
        columns = batch.features[:, batch.graph_of == graph]
        total = sum((Fraction(float(value)) ** 2 for value in columns[columns != 0]), Fraction(0))
        largest = max(largest, total / columns.shape[1])
    scaled = largest * 4**20
    return Fraction(isqrt(-(-scaled.numerator // scaled.denominator)) + 1, 2**20)
