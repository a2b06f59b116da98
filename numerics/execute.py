"""Run a target or a ticket on inputs, in float64, on any torch device."""

import numpy as np
import torch
from jaxtyping import Float64

from numerics.layer import LayerShape
from numerics.network import Target
from numerics.random_weights import MAGNITUDE
from numerics.ticket import Ticket

Inputs = Float64[np.ndarray, "batch p v"]
Outputs = Float64[np.ndarray, "batch q w"]


def run_target(target: Target, inputs: Inputs, device: str = "cpu") -> Outputs:
    """The target's outputs `[batch, channels, dim]` for inputs `[batch, channels, dim]`."""
    x = torch.from_numpy(inputs).to(device)
    for i, (layer, shape) in enumerate(zip(target.layers, target.architecture.layers, strict=True)):
        x = _affine(x, shape, layer.coefficients, layer.bias)
        if i + 1 < target.architecture.depth:
            x = torch.relu(x)
    return x.cpu().numpy()


def run_ticket(ticket: Ticket, inputs: Inputs, device: str = "cpu") -> Outputs:
    """The pruned network's outputs, computed channel by channel as the network that it is: two masked random layers per target layer."""
    x = torch.from_numpy(inputs).to(device)
    network = ticket.network
    for i, (mask, shape) in enumerate(zip(ticket.masks, network.architecture.layers, strict=True)):
        u = torch.from_numpy(np.where(mask.first, network.first(i), 0) / MAGNITUDE).to(device)
        hidden = torch.relu(u[None, :, :, None] * x[:, :, None, :]).flatten(1, 2)
        v = np.stack([network.second(i, p) for p in range(shape.domain.channels)]) * mask.second / MAGNITUDE
        coefficients = v.transpose(2, 0, 1, 3).reshape(shape.codomain.channels, -1, len(shape.basis))
        constant = np.maximum(np.where(mask.constant_first, network.constant_first(i), 0), 0) / MAGNITUDE
        bias = np.tensordot(constant, network.constant_second(i) * mask.constant_second / MAGNITUDE, axes=(0, 0))
        x = _affine(hidden, shape, coefficients, bias)
        if i + 1 < network.architecture.depth:
            x = torch.relu(x)
    return x.cpu().numpy()


def _affine(x: torch.Tensor, shape: LayerShape, coefficients: np.ndarray, bias: np.ndarray) -> torch.Tensor:
    """Σ_k b_k applied per channel, weighted, plus the bias; `coefficients` `[q, p, k]` may have more channels than the shape's."""
    operators = shape.operators
    places = torch.from_numpy(np.stack(operators.coords).astype(np.int64))
    table = torch.sparse_coo_tensor(places, torch.from_numpy(operators.data), operators.shape, check_invariants=True).to(x.device)
    weights = torch.from_numpy(np.ascontiguousarray(coefficients)).to(x.device)
    offset = torch.from_numpy(shape.offset(bias)).to(x.device)
    mixed = torch.einsum("qpk,bpv->kvbq", weights, x).flatten(2).flatten(0, 1)
    moved = torch.sparse.mm(table, mixed).reshape(-1, len(x), coefficients.shape[0])
    return moved.permute(1, 2, 0) + offset
