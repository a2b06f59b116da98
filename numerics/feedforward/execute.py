"""Run a feedforward target or its ticket on inputs, in float64."""

from collections.abc import Callable

import numpy as np
import torch
from torch.nn import functional

from numerics.errors import BadTarget
from numerics.feedforward.constants import CONSTANT_BITS
from numerics.feedforward.graph import FeedforwardTarget, Graph
from numerics.feedforward.operations import Activation, Add, Affine, AveragePool, Flatten, MaxPool, Operation
from numerics.feedforward.pointwise import pointwise
from numerics.feedforward.solve import PRODUCT_BITS
from numerics.feedforward.ticket import FeedforwardTicket
from numerics.random_weights import GRID_BITS

Layer = Callable[[torch.Tensor, Affine], torch.Tensor]
CHUNK = 32


def run_target(target: FeedforwardTarget, inputs: np.ndarray) -> np.ndarray:
    """The target's outputs `[batch, outputs]` for inputs `[batch, C, H, W]`."""

    def layer(i: int) -> Layer:
        weights, bias = (torch.from_numpy(part.astype(np.float64)) for part in (target.layers[i].weights, target.layers[i].bias))
        return lambda x, operation: _convolve(x, weights, bias, operation)

    return _run(target.graph, [layer(i) for i in range(len(target.layers))], inputs)


def run_ticket(ticket: FeedforwardTicket, inputs: np.ndarray) -> np.ndarray:
    """The pruned network's outputs, computed channel by channel as the network that it is: two masked random layers per layer."""
    phi = pointwise(ticket.source.graph.nonlinearity)

    def layer(i: int) -> Layer:
        source, mask = ticket.source, ticket.masks[i]
        first, scale, _, bias_scale = source.scales[i]
        m, n, kh, kw = source.network.weight_shape(i)
        groups = source.graph.affine[i].groups
        u = torch.from_numpy(np.ldexp(np.where(mask.second.any(axis=(2, 3)), source.first(i), 0).astype(np.float64), first - GRID_BITS))
        v = mask.weights(source, i, 0, groups * n).astype(np.float64)
        v = np.ldexp(v, scale - GRID_BITS).reshape(groups, n * source.hidden(i), m // groups, kh, kw).transpose(0, 2, 1, 3, 4)
        second = torch.from_numpy(np.ascontiguousarray(v)).reshape(m, n * source.hidden(i), kh, kw)
        beta = phi.run(torch.from_numpy(np.ldexp(source.constant_first(i).astype(np.float64), -GRID_BITS))).numpy()
        constant = mask.constant_weights(source, i).astype(np.float64)
        bias = torch.from_numpy(beta @ np.ldexp(constant, bias_scale - GRID_BITS))

        def apply(x: torch.Tensor, operation: Affine) -> torch.Tensor:
            rows, columns = operation.padding
            padded = functional.pad(x, (columns, columns, rows, rows))
            hidden = padded if source.direct(i) else phi.run(u[None, :, :, None, None] * padded[:, :, None]).flatten(1, 2)
            return functional.conv2d(hidden, second, bias, operation.stride, 0, 1, operation.groups)

        return apply

    return _run(ticket.source.network, [layer(i) for i in range(len(ticket.masks))], inputs)


def run_sums(ticket: FeedforwardTicket, inputs: np.ndarray) -> np.ndarray:
    """The same outputs, faster for ReLU: each pair of random layers as P∗σ(x) + Q∗σ(-x) + b' with the subset sums that its masks choose."""
    if ticket.source.copies or ticket.source.graph.nonlinearity != "relu":
        return run_ticket(ticket, inputs)

    def layer(i: int) -> Layer:
        plus, minus = ticket.sums(i)
        constants = ticket.constants(i)[0] >> CONSTANT_BITS - GRID_BITS
        _, scale, _, bias_scale = ticket.source.scales[i]
        m, n, kh, kw = ticket.source.graph.weight_shape(i)
        groups = ticket.source.graph.affine[i].groups
        parts = []
        for sums in (plus, minus):
            ordered = sums.reshape(groups, n, m // groups, kh * kw).transpose(0, 2, 1, 3).reshape(m, n, kh, kw)
            parts.append(torch.from_numpy(np.ldexp(ordered.astype(np.float64), scale - PRODUCT_BITS)))
        bias = torch.from_numpy(np.ldexp(constants.astype(np.float64), bias_scale - PRODUCT_BITS))
        zero = torch.zeros_like(bias)
        return lambda x, operation: (
            _convolve(torch.relu(x), parts[0], bias, operation) + _convolve(torch.relu(-x), parts[1], zero, operation)
        )

    return _run(ticket.source.graph, [layer(i) for i in range(len(ticket.masks))], inputs)


def _convolve(x: torch.Tensor, weights: torch.Tensor, bias: torch.Tensor, operation: Affine) -> torch.Tensor:
    return functional.conv2d(x, weights, bias, operation.stride, operation.padding, 1, operation.groups)


def _run(graph: Graph, layers: list[Layer], inputs: np.ndarray) -> np.ndarray:
    outputs, run = [], pointwise(graph.nonlinearity).run
    for start in range(0, len(inputs), CHUNK):
        nodes, remaining = [torch.from_numpy(inputs[start : start + CHUNK].astype(np.float64))], iter(layers)
        for operation in graph.operations:
            read = [nodes[source] for source in operation.sources]
            nodes.append(next(remaining)(read[0], operation) if isinstance(operation, Affine) else _fixed(operation, read, run))
        outputs.append(nodes[-1].flatten(1).numpy())
    return np.concatenate(outputs)


def _fixed(operation: Operation, read: list[torch.Tensor], run: Callable[[torch.Tensor], torch.Tensor]) -> torch.Tensor:
    x = read[0]
    match operation:
        case Activation():
            return run(x)
        case Add():
            return x + read[1]
        case Flatten():
            return x.flatten(1)[:, :, None, None]
        case MaxPool():
            return functional.max_pool2d(x, operation.kernel, operation.stride, operation.padding)
        case AveragePool():
            return functional.avg_pool2d(x, operation.kernel, operation.stride)
    raise BadTarget(f"{operation}: it has no weights of its own, and no rule here says how to compute it; add one beside the others.")
