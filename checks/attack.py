"""Search for an input on which a ticket and its target differ most: projected gradient ascent on the difference of the two networks."""

from dataclasses import dataclass

import numpy as np
import torch

from numerics.certify import ticket_sums
from numerics.graphs import GraphArchitecture, GraphLayer
from numerics.layer import AffineShape, LayerShape
from numerics.network import Target
from numerics.ticket import Ticket

STEPS, STARTS = 20, 8


@dataclass(frozen=True, eq=False)
class PairOfLayers:
    """The target's layer x ↦ Ax + c and the ticket's x ↦ Pσ(x) + Qσ(-x) + d, as dense matrices."""

    target: torch.Tensor
    offset: torch.Tensor
    plus: torch.Tensor
    minus: torch.Tensor
    other_offset: torch.Tensor


def pairs(target: Target, ticket: Ticket, propagation: np.ndarray | None = None) -> list[PairOfLayers]:
    """The layers of both networks; on graphs those for the graph with this normalized adjacency matrix."""
    unit, found = 2.0**-ticket.network.product_bits, []
    for i, (shape, layer) in enumerate(zip(target.architecture.layers, target.layers, strict=True)):
        plus, minus, bias = (values * unit for values in ticket_sums(ticket, i))
        matrices = [_matrix(shape, c, propagation) for c in (layer.coefficients, plus, minus)]
        offsets = [_offset(shape, b, propagation) for b in (layer.bias, bias)]
        found.append(PairOfLayers(matrices[0], offsets[0], matrices[1], matrices[2], offsets[1]))
    return found


def _matrix(shape: AffineShape, coefficients: np.ndarray, propagation: np.ndarray | None) -> torch.Tensor:
    if isinstance(shape, LayerShape):
        return torch.from_numpy(shape.matrix(coefficients))
    assert isinstance(shape, GraphLayer)
    assert propagation is not None
    n = len(propagation)
    operators = {"propagate": [np.eye(n), propagation], "mean": [np.full((1, n), 1 / n)], "dense": [np.eye(1)]}[shape.kind]
    return torch.from_numpy(sum(np.kron(coefficients[:, :, k], operator) for k, operator in enumerate(operators)))


def _offset(shape: AffineShape, bias: np.ndarray, propagation: np.ndarray | None) -> torch.Tensor:
    if isinstance(shape, LayerShape):
        return torch.from_numpy(shape.offset(bias).ravel())
    assert isinstance(shape, GraphLayer)
    assert propagation is not None
    return torch.from_numpy(np.repeat(bias[:, 0], len(propagation) if shape.kind == "propagate" else 1))


def difference(layers: list[PairOfLayers], x: torch.Tensor) -> torch.Tensor:
    """ticket(x) - target(x) for rows x, in float64."""
    wanted, found = x, x
    for i, layer in enumerate(layers):
        wanted = wanted @ layer.target.T + layer.offset
        found = torch.relu(found) @ layer.plus.T + torch.relu(-found) @ layer.minus.T + layer.other_offset
        if i + 1 < len(layers):
            wanted, found = torch.relu(wanted), torch.relu(found)
    return found - wanted


def largest_difference(target: Target, ticket: Ticket, seed: int = 0, propagation: np.ndarray | None = None) -> float:
    """The largest ‖ticket(x) - target(x)‖ found over ‖x‖ ≤ radius, in the norm of the certificate; a lower bound up to float64 rounding."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # the matrices are small
    try:
        return _ascend(pairs(target, ticket, propagation), target, seed, propagation)
    finally:
        torch.set_num_threads(threads)


def _ascend(layers: list[PairOfLayers], target: Target, seed: int, propagation: np.ndarray | None) -> float:
    inner = len(propagation) ** 0.5 if propagation is not None else 1.0
    whole = isinstance(target.architecture, GraphArchitecture) and target.architecture.kinds[-1] != "propagate"
    outer = 1.0 if whole else inner
    radius = float(target.radius) * inner * (1 - 2.0**-40)
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(STARTS, layers[0].target.shape[1], generator=generator, dtype=torch.float64)
    x = radius * x / x.norm(dim=1, keepdim=True)
    best = 0.0
    for step in range(STEPS):
        x.requires_grad_()
        sizes = difference(layers, x).norm(dim=1)
        best = max(best, float(sizes.detach().max()))
        (gradient,) = torch.autograd.grad(sizes.sum(), x)
        with torch.no_grad():
            moved = x + radius * 0.5 * 0.85**step * gradient / gradient.norm(dim=1, keepdim=True).clamp_min(1e-300)
            x = moved * torch.clamp(radius / moved.norm(dim=1, keepdim=True), max=1.0)
    return best / outer


def random_propagation(vertices: int, seed: int) -> np.ndarray:
    """D^{-1/2}AD^{-1/2} of a random graph, every vertex with a neighbour."""
    generator = np.random.default_rng(seed)
    adjacency = np.triu(generator.integers(0, 2, (vertices, vertices)), 1)
    adjacency[np.arange(vertices - 1), np.arange(1, vertices)] = 1
    adjacency = adjacency + adjacency.T
    scale = 1 / np.sqrt(adjacency.sum(axis=1))
    return scale[:, None] * adjacency * scale[None, :]
