"""The source: for each affine layer of a target two random layers, fixed by the key before any mask is chosen."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int64

from numerics.feedforward.graph import FeedforwardTarget, Graph
from numerics.random_weights import CONSTANT_FIRST, CONSTANT_SECOND, FIRST, SECOND, Key, grid_weights
from theory.errors import OutOfRange

LARGEST_SCALE = 64
LEAST_SCALE = -64


@dataclass(frozen=True)
class FeedforwardSource:
    """Two random layers for each affine layer of a graph; all weights are fixed by key, sizes and scales.

    The first is a 1×1 convolution that gives every input channel p its own N = `width` hidden channels (p, j), with weights u, and M =
    `constants` channels more that have a bias β and nothing else. After the activation the second applies the target's kernel shape, stride,
    padding and groups to the hidden channels (p, j), with weights v, and a 1×1 convolution to the constant ones: their part is the same at
    the border as inside, because no tap of it ever reads the padding. `scales` has two exponents a layer: v is uniform on the grid of
    [-2^s, 2^s], its part on the constant channels likewise; u and β on that of [-1, 1].
    """

    graph: Graph
    key: Key
    width: int
    constants: int
    scales: tuple[tuple[int, int], ...]

    def __post_init__(self) -> None:
        for name, value in (("width", self.width), ("constants", self.constants)):
            if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 4096:
                raise OutOfRange(f"{name} = {value!r}: between 1 and 4096 hidden channels were expected.")
        if len(self.scales) != len(self.graph.affine):
            raise OutOfRange(f"{len(self.scales)} pairs of scales for {len(self.graph.affine)} affine layers.")
        if any(not LEAST_SCALE <= scale <= LARGEST_SCALE for pair in self.scales for scale in pair):
            raise OutOfRange(
                f"scales {self.scales}: exponents from {LEAST_SCALE} to {LARGEST_SCALE} were expected; rescale the target's layers."
            )

    def input_channels(self, layer: int) -> int:
        """The channels that the layer reads."""
        return self.graph.weight_shape(layer)[1] * self.graph.affine[layer].groups

    def first(self, layer: int) -> Int64[np.ndarray, "p j"]:
        """u in units of 2⁻²³, `[channels in, N]`."""
        n = self.input_channels(layer)
        return grid_weights(self.key, layer, FIRST, 0, n * self.width).reshape(n, self.width)

    def second(self, layer: int, start: int, stop: int) -> Int64[np.ndarray, "p j q k"]:
        """v of the hidden channels of input channels `start` to `stop`, in units of 2^(s - 23), `[p, N, channels out of the group, taps]`."""
        m, _, kh, kw = self.graph.weight_shape(layer)
        outputs, taps = m // self.graph.affine[layer].groups, kh * kw
        size = self.width * outputs * taps
        values = grid_weights(self.key, layer, SECOND, start * size, (stop - start) * size)
        return values.reshape(stop - start, self.width, outputs, taps)

    def constant_first(self, layer: int) -> Int64[np.ndarray, " j"]:
        """β in units of 2⁻²³, `[M]`."""
        return grid_weights(self.key, layer, CONSTANT_FIRST, 0, self.constants)

    def constant_second(self, layer: int) -> Int64[np.ndarray, "j q"]:
        """v of the constant channels, in units of 2^(s - 23), `[M, channels out]`."""
        m = self.graph.affine[layer].channels
        return grid_weights(self.key, layer, CONSTANT_SECOND, 0, self.constants * m).reshape(self.constants, m)

    @property
    def raw_parameters(self) -> int:
        """All random weights of the network."""
        total = 0
        for i, affine in enumerate(self.graph.affine):
            m, _, kh, kw = self.graph.weight_shape(i)
            total += self.input_channels(i) * self.width * (1 + m // affine.groups * kh * kw) + self.constants * (1 + m)
        return total

    def description(self) -> dict[str, object]:
        """All that it takes to regenerate the weights, with the graph, as plain data."""
        return {
            "constants": self.constants,
            "grid_bits": 23,
            "key": str(self.key.seed),
            "scales": [list(pair) for pair in self.scales],
            "width": self.width,
        }


def source_for(target: FeedforwardTarget, key: Key, width: int, constants: int | None = None) -> FeedforwardSource:
    """The source of a target: the least scales 2^s that are at least twice the largest weight, and the largest bias, of each layer."""
    scales = tuple((_exponent(layer.weights), _exponent(layer.bias)) for layer in target.layers)
    return FeedforwardSource(target.graph, key, width, width if constants is None else constants, scales)


def _exponent(values: np.ndarray) -> int:
    """The least s ≥ `LEAST_SCALE` with 2·|values| ≤ 2^s, so that sums of a few products reach every value."""
    largest = float(np.abs(values).max(initial=0.0))
    if largest == 0:
        return 0
    mantissa, exponent = np.frexp(largest)
    return max(int(exponent) + 1 - int(mantissa == 0.5), LEAST_SCALE)
