"""The source: for each affine layer of a target two random layers, fixed by the key before any mask is chosen."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from jaxtyping import Int64

from numerics.feedforward.forms import Exponents, carried_exponents, form_of
from numerics.feedforward.graph import FeedforwardTarget, Graph
from numerics.feedforward.laws import Law, drawn, kept, require_law
from numerics.feedforward.moves import require_perturbation
from numerics.feedforward.pointwise import pointwise
from numerics.feedforward.scales import LARGEST_SCALE, LEAST_SCALE, exponent_for, input_sizes
from numerics.random_weights import CONSTANT_FIRST, CONSTANT_SECOND, FIRST, MAGNITUDE, SECOND, Key
from theory.errors import OutOfRange

FLAT = {(2, False): 24, (3, False): 12, (2, True): 15, (3, True): 10}
"""By the order of φ - φ̂ at 0, and whether φ(0) ≠ 0: how many binary digits smaller than 1 the largest product of u and x is."""
SUMMANDS = 16
"""About how many products a subset sum keeps."""
COARSE = 64
MOST_COPIES = 64
FINER = 14
"""Binary digits between the two scales of constant channels: fewer than what an exact sum over some 18 of them gains."""


@dataclass(frozen=True)
class FeedforwardSource:
    """Two random layers for each affine layer of a graph; all weights are fixed by key, sizes and scales.

    The first is a 1×1 convolution that gives every input channel p its own N = `width` hidden channels (p, j), with weights u, and M =
    `constants` channels more that have a bias β and nothing else. It pads its input as the target's layer does, so that at the border the
    hidden channels are φ(0), as they are wherever the input is 0. After the activation φ, the target's, the second layer applies the target's
    kernel shape, stride and groups to the hidden channels (p, j), with weights v, and a 1×1 convolution to the constant ones: their part is
    the same at the border as inside. `scales` has four exponents a layer: u is uniform on the grid of [-2^t, 2^t], t so low that φ is nearly
    a line on each side of 0; v on that of [-2^s, 2^s], its part on the first half of the constant channels, and on the rest, likewise on
    scales of their own, the second no larger; β on that of [-1, 1]. `law` may say otherwise than uniform. `graph` is that of the target's form.
    """

    graph: Graph
    key: Key
    width: int
    constants: int
    scales: tuple[tuple[int, int, int, int], ...]
    copies: int = 0
    """0 for two random layers for each of the target; else, of every later layer but the first, one random layer on so many copies."""
    carried: Exponents | None = None
    """None where every layer has random biases; else those of all but the first are zero, and a constant is carried (`with_constants`)."""
    law: Law = "uniform"
    density: Fraction = Fraction(1)
    """Each weight is there with this probability, independently, decided by the key; biases are."""
    perturbation: Fraction = Fraction(0)
    """How far a ticket may move each kept v, in units of the scale that it was drawn on (xiong2023); u and β stay."""

    def __post_init__(self) -> None:
        if isinstance(self.copies, bool) or not isinstance(self.copies, int) or not 0 <= self.copies <= MOST_COPIES or self.copies == 1:
            raise OutOfRange(f"copies = {self.copies!r}: 0, or 2 to {MOST_COPIES} copies of each neuron, were expected.")
        _ = self.network
        require_law(self.law, self.density)
        require_perturbation(self.perturbation)
        if self.law == "looks_linear" and (self.width % 2 or self.constants % 2 or self.copies):
            raise OutOfRange(
                f"law looks_linear, width {self.width}, constants {self.constants}, copies {self.copies}: even numbers of channels, which come "
                "in pairs of opposite sign, and no copies were expected."
            )
        for name, value in (("width", self.width), ("constants", self.constants)):
            if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 4096:
                raise OutOfRange(f"{name} = {value!r}: between 1 and 4096 hidden channels were expected.")
        if len(self.scales) != len(self.graph.affine):
            raise OutOfRange(f"{len(self.scales)} quadruples of scales for {len(self.graph.affine)} affine layers.")
        if any(not 0 <= four[2] - four[3] <= FINER for four in self.scales):
            raise OutOfRange(
                f"scales {self.scales}: the last exponent of each was expected to be at most {FINER} below the third, not above it."
            )
        if any(four[0] for layer, four in enumerate(self.scales) if self.direct(layer)):
            raise OutOfRange(f"scales {self.scales}: a layer on copies has no first random layer; its first exponent is 0.")
        if any(four[2] or four[3] for layer, four in enumerate(self.scales) if not self.constants_of(layer)):
            raise OutOfRange(f"scales {self.scales}: a layer whose biases are all zero has no scales for them; the last two are 0.")
        if any(not LEAST_SCALE <= scale <= LARGEST_SCALE for four in self.scales for scale in four):
            raise OutOfRange(
                f"scales {self.scales}: exponents from {LEAST_SCALE} to {LARGEST_SCALE} were expected; rescale the target's layers."
            )

    @cached_property
    def network(self) -> Graph:
        """The graph of the ticket: the target's, with the copies."""
        return self.graph.copied(self.copies) if self.copies else self.graph

    def direct(self, layer: int) -> bool:
        """Whether the layer is one random layer on copies, with no hidden channels of its own but the constant ones."""
        return self.copies > 0 and layer > 0

    def hidden(self, layer: int) -> int:
        """Hidden channels for each input channel; those of a direct layer are the inputs themselves."""
        return 1 if self.direct(layer) else self.width

    def input_channels(self, layer: int) -> int:
        """The channels that the layer reads."""
        return self.network.weight_shape(layer)[1] * self.network.affine[layer].groups

    def first(self, layer: int) -> Int64[np.ndarray, "p j"]:
        """u in units of 2^(t - 23), `[channels in, N]`; ones for a direct layer."""
        n = self.input_channels(layer)
        if self.direct(layer):
            return np.full((n, 1), MAGNITUDE, dtype=np.int64)
        return self._thinned(layer, FIRST, 0, self._paired(layer, FIRST, 0, (n, self.width, 1))).reshape(n, self.width)

    def second(self, layer: int, start: int, stop: int) -> Int64[np.ndarray, "p j q k"]:
        """v of the hidden channels of input channels `start` to `stop`, in units of 2^(s - 23), `[p, N, channels out of the group, taps]`."""
        m, _, kh, kw = self.network.weight_shape(layer)
        outputs, taps = m // self.network.affine[layer].groups, kh * kw
        shape = (stop - start, self.hidden(layer), outputs * taps)
        values = self._thinned(layer, SECOND, start * shape[1] * shape[2], self._paired(layer, SECOND, start, shape))
        return values.reshape(*shape[:2], outputs, taps)

    def constant_first(self, layer: int) -> Int64[np.ndarray, " j"]:
        """β in units of 2⁻²³, `[M]`."""
        return self._paired(layer, CONSTANT_FIRST, 0, (1, self.constants_of(layer), 1)).ravel()

    def constant_second(self, layer: int) -> Int64[np.ndarray, "j q"]:
        """v of the constant channels, in units of 2^(s - 23), s the second of their scales, `[M, channels out]`."""
        m = self.network.affine[layer].channels
        count = self.constants_of(layer)
        values = self._thinned(layer, CONSTANT_SECOND, 0, self._paired(layer, CONSTANT_SECOND, 0, (1, count, m))).reshape(count, m)
        return self.on_constant_scales(layer, values)

    def on_constant_scales(self, layer: int, values: Int64[np.ndarray, "j q"]) -> Int64[np.ndarray, "j q"]:
        """Numbers of the constant channels, each in units of its own scale, all in units of the second."""
        result, half = values.copy(), self.constants_of(layer) // 2
        result[:half] <<= self.scales[layer][2] - self.scales[layer][3]
        return result

    def _paired(self, layer: int, tensor: int, start: int, shape: tuple[int, int, int]) -> Int64[np.ndarray, "p j r"]:
        """Weights `[p, j, r]` of channels from `start` on; where the law looks linear, channel 2i + 1 has the opposite numbers of 2i."""
        p, j, r = shape
        linear = self.law == "looks_linear"
        j = j // 2 if linear else j
        values = drawn(self.law, self.key, layer, tensor, start * j * r, p * j * r).reshape(p, j, r)
        return np.stack([values, -values], axis=2).reshape(shape) if linear else values

    def _thinned(self, layer: int, tensor: int, start: int, values: np.ndarray) -> np.ndarray:
        if self.density == 1:
            return values
        return np.where(kept(self.density, self.key, layer, tensor, start, values.size).reshape(values.shape), values, 0)

    def constants_of(self, layer: int) -> int:
        """The constant channels of a layer; none where its biases are zero."""
        return 0 if layer and self.carried is not None else self.constants

    @property
    def raw_parameters(self) -> int:
        """All random weights of the network."""
        total = 0
        for i, affine in enumerate(self.network.affine):
            m, _, kh, kw = self.network.weight_shape(i)
            own = not self.direct(i)
            total += self.input_channels(i) * self.hidden(i) * (own + m // affine.groups * kh * kw) + self.constants_of(i) * (1 + m)
        return total

    @property
    def says(self) -> str:
        """What is particular about its weights, in words; nothing for the usual source."""
        words = {"uniform": "", "normal": "normal weights", "looks_linear": "weights in pairs of opposite sign (looks linear)"}
        parts = [words[self.law]]
        parts += [f"each weight there with probability {self.density}"] if self.density != 1 else []
        parts += [f"each kept weight moved by at most {self.perturbation} of its scale"] if self.perturbation else []
        parts += ["no biases behind the first layer: constants carried"] if self.carried is not None else []
        return "; ".join(part for part in parts if part)

    def description(self) -> dict[str, object]:
        """All that it takes to regenerate the weights, with the graph, as plain data."""
        return {
            "carried": None if self.carried is None else list(self.carried),
            "constants": self.constants,
            "copies": self.copies,
            "density": f"{self.density.numerator}/{self.density.denominator}",
            "grid_bits": 23,
            "key": str(self.key.seed),
            "law": self.law,
            "perturbation": f"{self.perturbation.numerator}/{self.perturbation.denominator}",
            "scales": [list(four) for four in self.scales],
            "width": self.width,
        }


def source_for(
    target: FeedforwardTarget,
    key: Key,
    width: int,
    constants: int | None = None,
    copies: int = 0,
    *,
    zero_biases: bool = False,
    law: Law = "uniform",
    density: Fraction = Fraction(1),
    perturbation: Fraction = Fraction(0),
) -> FeedforwardSource:
    """The source of a target: for each layer the least scales that reach it, and u as small as its activation and its inputs want it.

    2^t is 1 where φ is made of two lines; else at most 2^-`FLAT` over the largest input, `FLAT` larger where φ(0) = 0 and no constants are
    left to be cancelled. 2^s·2^t·M is at least twice the largest weight, M what φ carries of a product; the constants' first scale reaches
    the bias and, four times, the root of the sum of squares of the constants φ(0)·v that a sum is expected to leave; where there are any,
    the second is 2^-`FINER` of it, for what the first half of the channels leaves.
    """
    carried = carried_exponents(target.graph) if zero_biases else None
    target = form_of(target, copies, carried)
    phi = pointwise(target.graph.nonlinearity)
    curved = bool(phi.remainders) and phi.remainders[-1][0] > 1
    sizes = input_sizes(target) if curved else (1.0,) * len(target.layers)
    constant = float(Fraction(phi.value_at(0, COARSE)[1], 1 << COARSE))
    scales = []
    for i, (layer, size) in enumerate(zip(target.layers, sizes, strict=True)):
        first, direct = 0, copies > 0 and i > 0
        if curved and not direct:
            first = max(-FLAT[phi.remainders[-1][0], constant != 0] - max(0, exponent_for(np.float64(size)) - 1), LEAST_SCALE)
        second = exponent_for(layer.weights / (1.0 if direct else float(phi.carrier))) - first
        left = (0 if direct else 1) * np.full(1, 4 * constant * 2.0**second * np.sqrt(SUMMANDS * np.prod(target.graph.weight_shape(i)[1:])))
        bias = layer.bias.astype(np.float64)
        third = 0 if i and zero_biases else exponent_for(np.concatenate([bias, left]))
        scales.append((first, second, third, third - FINER if constant and not direct else third))
    constants = width if constants is None else constants
    return FeedforwardSource(target.graph, key, width, constants, tuple(scales), copies, carried, law, density, perturbation)
