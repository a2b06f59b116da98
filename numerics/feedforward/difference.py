"""The difference of ticket and target around given inputs: both networks' values and their difference as balls of integers, entry by entry.

Units are 2^-`bits`. A value is c ± ρ and contains the target's for every input within `radius` of the given one in the sup norm; d ± D
contains the ticket's minus the target's. An affine layer sends d to W∗d plus its own error at the ticket's input: errors are not
multiplied by norms but by the weights themselves, with their signs, and all roundings go outwards.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from flint import fmpz_mat

from numerics.feedforward.balls import Balls, fixed, middle, padded
from numerics.feedforward.errors import ExactLayer, powers
from numerics.feedforward.graph import FeedforwardTarget, Graph
from numerics.feedforward.operations import Activation, Affine, Pair, Shape
from numerics.feedforward.pointwise import pointwise
from theory.errors import OutOfRange

BITS = 128
ENTRIES = 1 << 21  # of the widest matrix of a batch


def steps_of(graph: Graph) -> int:
    """What one stated input costs whoever re-checks a certificate, about, in elementary steps; a curved activation's series have many terms."""
    total, curved = 0, pointwise(graph.nonlinearity).terms
    for operation, after in zip(graph.operations, graph.shapes[1:], strict=True):
        channels, *_ = graph.shapes[operation.sources[0]]
        size, before = int(np.prod(after)), int(np.prod(graph.shapes[operation.sources[0]]))
        if isinstance(operation, Affine):
            total += 8 * (channels // operation.groups * int(np.prod(operation.kernel)) * size + before)
        elif isinstance(operation, Activation):
            total += 4 * BITS * (BITS * curved if curved else 2) * size
        else:
            total += 8 * size * int(np.prod(getattr(operation, "kernel", 1)))
    return total


@dataclass(frozen=True, eq=False)
class Differences:
    """For each input, objects `[batch, outputs]` of rationals: |ticket - target| ≤ `bound`, and target and ticket within [low, high]."""

    bound: np.ndarray
    target: tuple[np.ndarray, np.ndarray]
    ticket: tuple[np.ndarray, np.ndarray]

    @property
    def largest(self) -> Fraction:
        """The largest bound."""
        return Fraction(self.bound.max())

    def same_prediction(self) -> np.ndarray:
        """For which inputs one output exceeds all others throughout, in the target and in the ticket, the same one in both."""
        wins = [self._winner(*pair) for pair in (self.target, self.ticket)]
        return (wins[0] == wins[1]) & (wins[0] >= 0)

    def _winner(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        found = []
        for lows, highs in zip(low, high, strict=True):
            best = int(np.argmax(lows))
            found.append(best if all(lows[best] > other for k, other in enumerate(highs) if k != best) else -1)
        return np.array(found)


class MatrixLayer:
    """The matrices of an affine layer, one set a group, built once for all batches."""

    def __init__(self, operation: Affine, layer: ExactLayer) -> None:
        self.operation, self.layer = operation, layer

    @cached_property
    def groups(self) -> list[tuple[fmpz_mat, ...]]:
        """W, |W|, P - W, Q + W and the absolute values of the last two, `[m / groups, n / groups · taps]`."""
        size = self.operation.channels // self.operation.groups
        result = []
        for g in range(self.operation.groups):
            rows = slice(g * size, (g + 1) * size)
            w, plus, minus = (part[rows].reshape(size, -1) for part in (self.layer.weights, self.layer.plus, self.layer.minus))
            result.append(tuple(fmpz_mat(part.tolist()) for part in (w, np.abs(w), plus, minus, np.abs(plus), np.abs(minus))))
        return result


def differences(
    target: FeedforwardTarget,
    layers: Sequence[ExactLayer],
    inputs: np.ndarray,
    radius: Fraction,
    bits: int = BITS,
    network: Graph | None = None,
) -> Differences:
    """Bounds for every input within `radius` (in the sup norm) of the given ones `[batch, C, H, W]`, exact float32 or float64 numbers.

    They are those of the target's graph, or of `network`, that graph with copies.
    """
    if radius < 0 or inputs.shape[1:] != target.graph.shape:
        raise OutOfRange(
            f"inputs of shape {inputs.shape[1:]} with radius {radius}; {target.graph.shape} and no negative radius were expected."
        )
    graph = network or target.graph
    matrices = [MatrixLayer(*pair) for pair in zip(graph.affine, layers, strict=True)]
    parts = [_propagated(graph, matrices, chunk, radius, bits) for chunk in _batches(graph, inputs)]
    c, r, d, s = (np.concatenate([np.asarray(part.arrays()[i]) for part in parts]) for i in range(4))
    c, r, d, s = (values.reshape(len(values), -1) for values in (c, r, d, s))
    low, high = c - r, c + r

    def unit(values: np.ndarray) -> np.ndarray:
        return np.asarray(np.frompyfunc(lambda value: Fraction(int(value), 1 << bits), 1, 1)(values))

    return Differences(unit(np.abs(d) + s), (unit(low), unit(high)), (unit(low + d - s), unit(high + d + s)))


def _batches(graph: Graph, inputs: np.ndarray) -> Iterator[np.ndarray]:
    widest = max(
        int(np.prod(graph.weight_shape(i)[1:])) * affine.groups * shape[1] * shape[2]
        for i, affine in enumerate(graph.affine)
        for shape in [affine.output_shape(graph.shapes[affine.source])]
    )
    step = max(1, ENTRIES // widest)
    for start in range(0, len(inputs), step):
        yield inputs[start : start + step]


def _propagated(graph: Graph, matrices: list[MatrixLayer], inputs: np.ndarray, radius: Fraction, bits: int) -> Balls:
    center = np.asarray(np.frompyfunc(lambda x: _integer(float(x), bits), 1, 1)(inputs))
    exact = all((1 << bits) % float(x).as_integer_ratio()[1] == 0 for x in np.unique(inputs))
    zero = np.zeros(inputs.shape, object)
    wide = -((-radius.numerator << bits) // radius.denominator) + (0 if exact else 1)
    nodes, position, phi = [Balls(center, zero + wide, zero, zero)], 0, pointwise(graph.nonlinearity)
    for operation in graph.operations:
        read = [nodes[source] for source in operation.sources]
        if isinstance(operation, Affine):
            nodes.append(_affine(matrices[position], read[0], bits))
            position += 1
        else:
            nodes.append(fixed(operation, read, bits, phi))
    return nodes[-1]


def _integer(value: float, bits: int) -> int:
    numerator, denominator = value.as_integer_ratio()
    return (numerator << bits) // denominator


def _affine(matrix: MatrixLayer, x: Balls, bits: int) -> Balls:
    operation, layer = matrix.operation, matrix.layer
    batch, channels, height, width = x.center.shape
    _, rows, columns = operation.output_shape((channels, height, width))
    size = channels // operation.groups
    places = _places((size, height, width), operation.kernel, operation.stride, operation.padding)
    low, high = x.center + x.shift - x.radius - x.spread, x.center + x.shift + x.radius + x.spread
    size_x = np.maximum(np.abs(low), np.abs(high))
    positive, negative = middle(np.maximum(low, 0), np.maximum(high, 0)), middle(np.maximum(-high, 0), np.maximum(-low, 0))
    results: list[list[np.ndarray]] = [[], [], [], []]
    for g, (w, size_w, plus, minus, size_plus, size_minus) in enumerate(matrix.groups):

        def gathered(values: np.ndarray, g: int = g) -> np.ndarray:
            around = padded(values[:, g * size : (g + 1) * size], operation.padding, 0)
            return around.reshape(batch, -1)[:, places].transpose(1, 0, 2).reshape(len(places), -1)

        both = _product(w, np.concatenate([gathered(x.center), gathered(x.shift)], axis=1))
        spreads = _product(size_w, np.concatenate([gathered(x.radius), gathered(x.spread)], axis=1))
        half = both.shape[1] // 2
        own = _product(plus, gathered(positive[0]))
        own_spread = _product(size_plus, gathered(positive[1]))
        if any(part.any() for part in negative):
            own = own + _product(minus, gathered(negative[0]))
            own_spread = own_spread + _product(size_minus, gathered(negative[1]))
        own_rows = operation.channels // operation.groups
        rows_here = slice(g * own_rows, (g + 1) * own_rows)
        bias, bias_error, bias_spread = (part[rows_here, None] * (1 << bits) for part in (layer.bias, layer.bias_error, layer.bias_spread))
        bent = sum(
            -(
                -_product(fmpz_mat(part.factor[rows_here].reshape(own_rows, -1).tolist()), gathered(powers(size_x, part.order, bits)))
                >> part.shift
            )
            for part in layer.remainders
        )
        results[0].append((both[:, :half] + bias) // layer.unit)
        results[1].append(-(-spreads[:, :half] // layer.unit) + 1)
        results[2].append((both[:, half:] + own + bias_error) // layer.unit)
        results[3].append(-(-(spreads[:, half:] + own_spread + bias_spread) // layer.unit) + 1 + bent)
    shaped = [np.concatenate(parts).reshape(operation.channels, batch, rows, columns).transpose(1, 0, 2, 3) for parts in results]
    return Balls(*shaped)


def _product(matrix: fmpz_mat, columns: np.ndarray) -> np.ndarray:
    entries = (matrix * fmpz_mat(columns.shape[0], columns.shape[1], columns.ravel().tolist())).entries()
    result = np.empty(len(entries), dtype=object)
    result[:] = [int(entry) for entry in entries]
    return result.reshape(matrix.nrows(), columns.shape[1])


def _places(shape: Shape, kernel: Pair, stride: Pair, padding: Pair) -> np.ndarray:
    """Where the entries of each window lie in one padded, flattened map of all channels of a group, `[n · taps, windows]`."""
    n, height, width = shape
    high, wide = height + 2 * padding[0], width + 2 * padding[1]
    rows = np.arange(0, high - kernel[0] + 1, stride[0])[:, None] * wide + np.arange(0, wide - kernel[1] + 1, stride[1])
    taps = np.arange(kernel[0])[:, None] * wide + np.arange(kernel[1])
    return (np.arange(n)[:, None, None] * high * wide + taps.ravel()[None, :, None]).reshape(-1, 1) + rows.ravel()
