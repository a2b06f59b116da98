"""The whole network for every input of its box: ranges of the target and errors of the ticket, channel by channel, in integers.

Units are 2⁻⁶⁴; ranges and errors are rounded outwards. The bound multiplies absolute row sums from layer to layer (companion.A5), so that
of a deep network it may be larger than the range of the output: then it says nothing, and says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from numerics.feedforward.errors import ExactLayer, powers
from numerics.feedforward.graph import FeedforwardTarget, Graph
from numerics.feedforward.operations import Activation, Add, Affine, Flatten, Operation
from numerics.feedforward.pointwise import Pointwise, pointwise

BITS = 64


@dataclass(frozen=True, eq=False)
class Range:
    """Objects `[channels]` in units of 2⁻⁶⁴: each entry of the target lies in [low, high], the ticket's differs by at most `error`."""

    low: np.ndarray
    high: np.ndarray
    error: np.ndarray


@dataclass(frozen=True)
class WholeNetwork:
    """What holds for every input of the box: `error` ≥ sup ‖ticket(x) - target(x)‖∞, `extent` the largest length of an output's range.

    `layers` are, for each affine layer, a bound on its own error at every input that the target's layers before it can give, and the largest
    absolute value of such an input.
    """

    error: Fraction
    extent: Fraction
    layers: tuple[tuple[Fraction, Fraction], ...]

    @property
    def says_nothing(self) -> bool:
        """Whether the bound is no less than what the range of the target's outputs alone allows to be different."""
        return self.error >= self.extent


def whole_network(target: FeedforwardTarget, layers: Sequence[ExactLayer], network: Graph | None = None) -> WholeNetwork:
    """Propagate ranges and errors through the target's graph, or through `network`, that graph with copies."""
    graph, phi = network or target.graph, pointwise(target.graph.nonlinearity)
    channels = graph.shape[0]
    box = (_constant(channels, _down(target.low)), _constant(channels, -_down(-target.high)), _constant(channels, 0))
    nodes, alone = [Range(*box)], []
    for operation in graph.operations:
        read = [nodes[source] for source in operation.sources]
        if isinstance(operation, Affine):
            layer = layers[len(alone)]
            result, local = _affine(operation, layer, read[0])
            reach = max(int(np.abs(read[0].low).max()), int(np.abs(read[0].high).max()))
            alone.append((Fraction(local, 1 << BITS), Fraction(reach, 1 << BITS)))
        else:
            result = _fixed(operation, read, graph.shapes[operation.sources[0]], phi)
        nodes.append(result)
    last = nodes[-1]
    return WholeNetwork(Fraction(int(last.error.max()), 1 << BITS), Fraction(int((last.high - last.low).max()), 1 << BITS), tuple(alone))


def _affine(operation: Affine, layer: ExactLayer, x: Range) -> tuple[Range, int]:
    """The result's range, and the largest error of the layer alone on the range of its input."""
    low, high = x.low, x.high
    if max(operation.padding):
        low, high = np.minimum(low, 0), np.maximum(high, 0)
    plus, minus = np.abs(layer.plus), np.abs(layer.minus)
    up, down = layer.ranged.clip(min=0).sum(axis=2), (-layer.ranged).clip(min=0).sum(axis=2)
    spread = np.abs(layer.weights).sum(axis=2)
    m, n = spread.shape
    one = up.shape[1]
    size = m // operation.groups
    lows, highs, errors, local = [], [], [], 0
    for q in range(m):
        part = slice(q // size * n, (q // size + 1) * n)
        lo, hi, e = low[part], high[part], x.error[part]
        offset, offset_error = int(layer.bias[q]) << BITS, abs(int(layer.bias_error[q])) + int(layer.bias_spread[q]) << BITS
        lows.append((int((up[q] * lo[:one] - down[q] * hi[:one]).sum()) + offset) // layer.unit)
        highs.append(-(-(int((up[q] * hi[:one] - down[q] * lo[:one]).sum()) + offset) // layer.unit))
        positive, negative = np.maximum(hi + e, 0), np.maximum(e - lo, 0)
        own = int(np.maximum(plus[q] * positive[:, None], minus[q] * negative[:, None]).sum()) + offset_error
        errors.append(-(-(int((spread[q] * e).sum()) + own) // layer.unit) + _bent(layer, q, np.maximum(np.abs(lo - e), np.abs(hi + e))))
        alone = np.maximum(plus[q] * np.maximum(hi, 0)[:, None], minus[q] * np.maximum(-lo, 0)[:, None])
        bent = _bent(layer, q, np.maximum(np.abs(lo), np.abs(hi)))
        local = max(local, -(-(int(alone.sum()) + offset_error) // layer.unit) + bent)
    return Range(_objects(lows), _objects(highs), _objects(errors)), local


def _bent(layer: ExactLayer, q: int, sizes: np.ndarray) -> int:
    """What φ adds to its lines in output q, for inputs of these sizes by channel."""
    found = 0
    for part in layer.remainders:
        total = int((part.factor[q].sum(axis=1) * powers(sizes, part.order, BITS)).sum())
        found += -(-total >> part.shift)
    return found


def _activated(x: Range, phi: Pointwise) -> Range:
    """φ of a range; the errors grow by its largest slope on what the ticket's values can be."""
    ends = [phi.values(int(low), int(high), BITS) for low, high in zip(x.low, x.high, strict=True)]
    errors = []
    for low, high, error in zip(x.low, x.high, x.error, strict=True):
        least, most = phi.slopes(int(low - error), int(high + error), BITS)
        errors.append(-(-max(-least, most) * int(error) >> BITS))
    return Range(_objects([low for low, _ in ends]), _objects([high for _, high in ends]), _objects(errors))


def _fixed(operation: Operation, read: list[Range], shape: tuple[int, int, int], phi: Pointwise) -> Range:
    """The operations without weights; `shape` is that of the node read."""
    x = read[0]
    if isinstance(operation, Activation):
        return _activated(x, phi)
    if isinstance(operation, Add):
        return Range(x.low + read[1].low, x.high + read[1].high, x.error + read[1].error)
    if isinstance(operation, Flatten):
        times = shape[1] * shape[2]
        return Range(*(np.repeat(values, times) for values in (x.low, x.high, x.error)))
    return x


def _down(value: Fraction) -> int:
    return (value.numerator << BITS) // value.denominator


def _objects(values: list[int]) -> np.ndarray:
    result = np.empty(len(values), dtype=object)
    result[:] = values
    return result


def _constant(count: int, value: int) -> np.ndarray:
    return _objects([value] * count)
