"""Run a target or a ticket on inputs, in float64, on any torch device."""

import numpy as np
import scipy.sparse
import torch
from jaxtyping import Float64

from numerics.graphs import GraphBatch, GraphLayer
from numerics.layer import AffineShape, LayerShape
from numerics.network import Target
from numerics.operators import OperatorLayer
from numerics.ticket import Ticket

Inputs = Float64[np.ndarray, "batch p v"] | GraphBatch
Outputs = Float64[np.ndarray, "batch q w"]
Layer = tuple[AffineShape, tuple[np.ndarray, np.ndarray] | None, np.ndarray, np.ndarray]
CHUNK = 64


def run_target(target: Target, inputs: Inputs, device: str = "cpu") -> Outputs:
    """The target's outputs `[batch, channels, dim]` for inputs `[batch, channels, dim]`; for graphs see `_run`."""
    layers: list[Layer] = [
        (shape, None, layer.coefficients, layer.bias) for shape, layer in zip(target.architecture.layers, target.layers, strict=True)
    ]
    return _run(layers, inputs, device)


def run_ticket(ticket: Ticket, inputs: Inputs, device: str = "cpu") -> Outputs:
    """The pruned network's outputs, computed channel by channel as the network that it is: two masked random layers per target layer."""
    network = ticket.network
    layers: list[Layer] = []
    for i, (mask, shape) in enumerate(zip(ticket.masks, network.architecture.layers, strict=True)):
        first = ticket.first(i) / network.magnitude
        coefficients = ticket.second(i).transpose(1, 0, 2) / network.magnitude
        constant = np.maximum(np.where(mask.constant_first, network.constant_first(i), 0), 0) / network.magnitude
        bias = np.tensordot(constant, network.constant_second(i) * mask.constant_second / network.magnitude, axes=(0, 0))
        layers.append((shape, (first, ticket.reads(i)), coefficients, bias))
    return _run(layers, inputs, device)


def _run(layers: list[Layer], inputs: Inputs, device: str) -> Outputs:
    """Apply layers (shape, weights of the first random layer with what they read or None, coefficients, bias) to `CHUNK` inputs at a time.

    A batch of graphs is one signal on all its vertices; its outputs are `[graphs or vertices, channels, 1]`.
    """
    chunks = [inputs] if isinstance(inputs, GraphBatch) else [inputs[i : i + CHUNK] for i in range(0, len(inputs), CHUNK)]
    outputs = []
    for chunk in chunks:
        x = torch.from_numpy(chunk.features[None] if isinstance(chunk, GraphBatch) else chunk).to(device)
        for i, (shape, first, coefficients, bias) in enumerate(layers):
            if first is not None:
                weights, reads = (torch.from_numpy(part).to(device) for part in first)
                x = ACTIVATIONS[shape.nonlinearity](weights[:, None] * x[:, reads])
            operators, offset = _operators(shape, chunk), _offset(shape, bias)
            x = affine(x, operators, coefficients, offset)
            x = ACTIVATIONS[shape.nonlinearity](x) if i + 1 < len(layers) else x
        outputs.append(x.permute(2, 1, 0).cpu().numpy() if isinstance(chunk, GraphBatch) else x.cpu().numpy())
    return np.concatenate(outputs)


def _operators(shape: AffineShape, chunk: np.ndarray | GraphBatch) -> scipy.sparse.coo_array:
    """All operators side by side, `[dim W, |B| · dim V]`."""
    if isinstance(shape, LayerShape | OperatorLayer):
        return shape.operators
    assert isinstance(shape, GraphLayer)
    assert isinstance(chunk, GraphBatch)
    if shape.kind == "mean":
        return scipy.sparse.coo_array(chunk.averaging)
    if shape.kind == "dense":
        return scipy.sparse.coo_array(scipy.sparse.eye_array(len(chunk)))
    return scipy.sparse.coo_array(scipy.sparse.hstack([scipy.sparse.eye_array(len(chunk.graph_of)), chunk.propagation]))


def _offset(shape: AffineShape, bias: np.ndarray) -> np.ndarray:
    if isinstance(shape, OperatorLayer):
        return np.zeros((len(bias), 1))
    return shape.offset(bias) if isinstance(shape, LayerShape) else bias


def _projected(x: torch.Tensor) -> torch.Tensor:
    """Each vector (s, y) of the last axis projected onto the cone ‖y‖ ≤ s: itself, 0, or ((s + ‖y‖)/2)·(1, y/‖y‖)."""
    s, norm = x[..., :1], x[..., 1:].norm(dim=-1, keepdim=True)
    factor = torch.where(norm <= s, 1.0, torch.where(norm <= -s, 0.0, (s + norm) / (2 * norm)))
    return torch.cat([torch.where(norm <= s, s, factor * norm), factor * x[..., 1:]], dim=-1)


ACTIVATIONS = {"relu": torch.relu, "cone_relu": _projected}


def affine(x: torch.Tensor, operators: scipy.sparse.coo_array, coefficients: np.ndarray, offset: np.ndarray) -> torch.Tensor:
    """Σ_k b_k applied per channel, weighted by `coefficients` `[q, p, k]`, plus the offset."""
    places = torch.from_numpy(np.stack(operators.coords).astype(np.int64))
    table = torch.sparse_coo_tensor(places, torch.from_numpy(operators.data), operators.shape, check_invariants=True).to(x.device)
    weights = torch.from_numpy(np.ascontiguousarray(coefficients)).to(x.device)
    mixed = torch.einsum("qpk,bpv->kvbq", weights, x).flatten(2).flatten(0, 1)
    moved = torch.sparse.mm(table, mixed).reshape(-1, len(x), coefficients.shape[0])
    return moved.permute(1, 2, 0) + torch.from_numpy(offset).to(x.device)
