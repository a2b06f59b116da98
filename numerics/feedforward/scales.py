"""The sizes that choose a source's scales: of the inputs of each affine layer, and of a layer's weights."""

import numpy as np
import torch

from numerics.feedforward.graph import FeedforwardTarget
from numerics.feedforward.operations import Activation, Add, Affine, Flatten
from numerics.feedforward.pointwise import pointwise

LARGEST_SCALE = 64
LEAST_SCALE = -64


def input_sizes(target: FeedforwardTarget) -> tuple[float, ...]:
    """About the largest absolute value of each affine layer's input, for inputs of the box, by floating-point ranges: it chooses scales only."""
    low, high = float(target.low), float(target.high)
    nodes, sizes = [(np.full(target.graph.shape[0], low), np.full(target.graph.shape[0], high))], []
    for operation in target.graph.operations:
        x = nodes[operation.sources[0]]
        match operation:
            case Affine():
                sizes.append(max(float(np.abs(x[0]).max()), float(np.abs(x[1]).max())))
                numbers = target.layers[len(sizes) - 1]
                w = numbers.weights.astype(np.float64)
                up, down = w.clip(min=0).sum(axis=(2, 3)), (-w).clip(min=0).sum(axis=(2, 3))
                ends = [np.minimum(x[0], 0), np.maximum(x[1], 0)] if max(operation.padding) else list(x)
                rows = np.arange(len(w)) // (len(w) // operation.groups)
                lo, hi = (end.reshape(operation.groups, -1)[rows] for end in ends)
                nodes.append(((up * lo - down * hi).sum(axis=1) + numbers.bias, (up * hi - down * lo).sum(axis=1) + numbers.bias))
            case Activation():
                run = pointwise(target.graph.nonlinearity).run
                a, b = (run(torch.from_numpy(end)).numpy() for end in x)
                nodes.append((np.minimum(np.minimum(a, b), -1.0), np.maximum(np.maximum(a, b), 0)))  # gelu and silu fall to -0.28
            case Add():
                other = nodes[operation.second]
                nodes.append((x[0] + other[0], x[1] + other[1]))
            case Flatten():
                _, height, width = target.graph.shapes[operation.source]
                nodes.append((np.repeat(x[0], height * width), np.repeat(x[1], height * width)))
            case _:
                nodes.append(x)
    return tuple(sizes)


def exponent_for(values: np.ndarray | np.float64) -> int:
    """The least s ≥ `LEAST_SCALE` with 2·|values| ≤ 2^s, so that sums of a few products reach every value."""
    largest = float(np.abs(values).max(initial=0.0))
    if largest == 0:
        return 0
    mantissa, exponent = np.frexp(largest)
    return max(int(exponent) + 1 - int(mantissa == 0.5), LEAST_SCALE)
