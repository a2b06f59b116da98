"""Equivariant networks: the target, and the random overparametrized network of two layers for each of its layers."""

import hashlib
import json
import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from jaxtyping import Float64, Int64

from numerics.errors import BadTarget
from numerics.graphs import GraphArchitecture
from numerics.layer import LayerShape, Space, Support
from numerics.mixture import Mixture
from numerics.operators import OperatorArchitecture
from numerics.random_weights import (
    CONSTANT_FIRST,
    CONSTANT_SECOND,
    FIRST,
    GRID_BITS,
    SECOND,
    Key,
    grid_weights,
    grid_weights_at,
    require_grid,
)
from theory.errors import OutOfRange
from theory.group import Group


@dataclass(frozen=True)
class Architecture:
    """The shape of a target: a group, the feature spaces between its affine layers, pointwise ReLU after every layer but the last.

    `supports` may restrict a layer's operators, and those of its first random layer, to some labels: (support, first support) a layer.
    `mixtures` may make fixed combinations of a layer's indicators its operators.
    """

    spaces: tuple[Space, ...]
    supports: tuple[tuple[Support, Support], ...] = ()
    mixtures: tuple[Mixture | None, ...] = ()

    def __post_init__(self) -> None:
        if len(self.spaces) < 2:
            raise OutOfRange(f"an architecture of {len(self.spaces)} spaces; input and output make two.")
        for space in self.spaces[1:]:
            self.spaces[0].representation._matching(space.representation)
            if len(space.sharing) != len(self.spaces[0].sharing):
                raise OutOfRange(
                    f"spaces with {len(self.spaces[0].sharing)} and {len(space.sharing)} partial symmetries; the same number in every space "
                    "was expected."
                )
        if not self.supports:
            object.__setattr__(self, "supports", ((None, None),) * self.depth)
        if not self.mixtures:
            object.__setattr__(self, "mixtures", (None,) * self.depth)
        if len(self.mixtures) != self.depth:
            raise OutOfRange(f"{len(self.mixtures)} mixtures for {self.depth} layers; one each was expected, or none at all.")
        if len(self.supports) != self.depth:
            raise OutOfRange(f"{len(self.supports)} pairs of supports for {self.depth} layers; one each was expected, or none at all.")

    @property
    def group(self) -> Group:
        """The group that acts on every space."""
        return self.spaces[0].representation.group

    @property
    def depth(self) -> int:
        """The number l of affine layers."""
        return len(self.spaces) - 1

    @cached_property
    def layers(self) -> tuple["LayerShape", ...]:
        """The shape of each affine layer."""
        pairs = zip(self.spaces, self.spaces[1:], self.supports, self.mixtures, strict=False)
        return tuple(LayerShape(domain, codomain, *supports, mixture) for domain, codomain, supports, mixture in pairs)

    def description(self) -> dict[str, object]:
        """The architecture as plain data: each space's channels and the images of the generators and partial symmetries on it.

        The group is the one that acts on all the spaces together through these images.
        """
        spaces = [
            {
                "channels": space.channels,
                "images": [list(g) for g in space.representation.images],
                "sharing": [list(images) for images in space.sharing],
            }
            for space in self.spaces
        ]
        supports = [
            {name: None if kept is None else list(kept) for name, kept in zip(("second", "first"), pair, strict=True)}
            | ({} if mixture is None else {"mixture": mixture.description()})
            for pair, mixture in zip(self.supports, self.mixtures, strict=True)
        ]
        return {"nonlinearity": "relu", "spaces": spaces, "supports": supports}


AnyArchitecture = Architecture | GraphArchitecture | OperatorArchitecture


@dataclass(frozen=True, eq=False)
class AffineLayer:
    """The numbers of an affine layer: `coefficients` `[channels out, channels in, |B|]`, `bias` `[channels out, invariants]`."""

    coefficients: Float64[np.ndarray, "q p k"]
    bias: Float64[np.ndarray, "q b"]


@dataclass(frozen=True, eq=False)
class Target:
    """A trained network, exactly: its float64 coefficients are the rational numbers that they are.

    `radius` bounds ‖x‖₂ (on graphs: the root mean square over the vertices) over the inputs of interest, and `nonnegative` says that they
    have no negative entry. Raises `BadTarget` for wrong shapes, NaN and infinities.
    """

    name: str
    architecture: AnyArchitecture
    layers: tuple[AffineLayer, ...]
    radius: Fraction
    nonnegative: bool = False

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", self.name) or self.name.startswith("."):
            raise BadTarget(f"a target called {self.name!r}: up to 64 letters, digits, dots, dashes and underscores were expected.")
        if not isinstance(self.radius, Fraction):
            raise BadTarget(
                f"target {self.name}: radius {self.radius!r}; an exact Fraction was expected, such as Fraction(2) or radius_of(inputs)."
            )
        if self.nonnegative and self.architecture.layers[0].nonlinearity != "relu":
            raise BadTarget(
                f"target {self.name}: nonnegative=True speaks of inputs that relu passes unchanged, and the nonlinearity is "
                f"{self.architecture.layers[0].nonlinearity}, which changes some of them; leave nonnegative out."
            )
        if len(self.layers) != self.architecture.depth:
            raise BadTarget(
                f"target {self.name}: {len(self.layers)} layers of numbers for {self.architecture.depth} layers of the architecture."
            )
        for i, (layer, shape) in enumerate(zip(self.layers, self.architecture.layers, strict=True)):
            parts = (
                ("coefficients", layer.coefficients, shape.coefficient_shape),
                ("bias", layer.bias, shape.bias_shape),
            )
            for part, values, expected in parts:
                if values.shape != expected:
                    raise BadTarget(f"target {self.name}, layer {i}, {part}: shape {values.shape}; the architecture has {expected}.")
                if not np.isfinite(values).all():
                    where = tuple(int(index) for index in np.argwhere(~np.isfinite(values))[0])
                    raise BadTarget(
                        f"target {self.name}, layer {i}, {part} {where}: the value is {values[where]}; finite numbers were expected. "
                        "Train the target again, or repair the file it came from."
                    )
        if self.radius <= 0:
            raise BadTarget(f"target {self.name}: radius {self.radius}; a positive bound on ‖x‖ was expected.")

    @property
    def on_points(self) -> Architecture:
        """The architecture of a target on permuted points; raises `BadTarget` for any other."""
        return on_points(self.architecture)

    def description(self) -> dict[str, object]:
        """The exact numbers as plain data, rationals as text."""
        return {
            "layers": [
                {
                    "bias": [rational(x) for x in layer.bias.ravel()],
                    "coefficients": [rational(x) for x in layer.coefficients.ravel()],
                }
                for layer in self.layers
            ]
        }


def on_points(architecture: AnyArchitecture) -> Architecture:
    """The architecture, if its spaces are permuted points; raises `BadTarget` if it takes graphs or vectors of another representation."""
    if not isinstance(architecture, Architecture):
        raise BadTarget("this network takes graphs, or vectors of a representation by matrices; one on permuted points was expected.")
    return architecture


def random_network(
    architecture: AnyArchitecture, key: Key, width: int, constants: int | None = None, grid_bits: int = GRID_BITS
) -> "RandomNetwork":
    """The overparametrized random network with `width` hidden channels per input channel and `constants` for the biases of a layer.

    Its weights are uniform on the grid ±2^-b, ..., ±1 of `grid_bits` b.
    """
    return RandomNetwork(architecture, key, width, width if constants is None else constants, grid_bits)


@dataclass(frozen=True)
class RandomNetwork:
    """Two random layers for each layer V^n → W^m of a target; all weights are fixed by the key.

    The first maps V^n ⊕ ℝ to V^{nN} ⊕ ℝ^M, N = `width` and M = `constants`: hidden channel h = p·N + j has a coefficient for every input
    channel and every intertwiner V → V, the constant channels have a weight each on the constant input 1. After ReLU the second maps to
    W^m, with a coefficient for every hidden channel and intertwiner V → W, and for every constant channel and invariant vector of W.
    """

    architecture: AnyArchitecture
    key: Key
    width: int
    constants: int
    grid_bits: int = GRID_BITS

    def __post_init__(self) -> None:
        for name, value in (("width", self.width), ("constants", self.constants)):
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                raise OutOfRange(f"{name} = {value!r}: a random network needs at least one hidden channel per input channel.")
        require_grid(self.grid_bits)

    @property
    def magnitude(self) -> int:
        """2^b: a weight k stands for k/2^b."""
        return 1 << self.grid_bits

    @property
    def product_bits(self) -> int:
        """2b: products of two weights are multiples of 2^-2b."""
        return 2 * self.grid_bits

    def _drawn(self, layer: int, tensor: int, start: int, count: int) -> Int64[np.ndarray, " count"]:
        return grid_weights(self.key, layer, tensor, start, count, self.grid_bits)

    def hidden_channels(self, layer: int) -> int:
        """How many hidden channels a layer's signal has: n·N."""
        return self.architecture.layers[layer].coefficient_shape[1] * self.width

    def first(self, layer: int) -> Int64[np.ndarray, "p j"]:
        """u: the weights that the fixed first mask keeps, `[n, N]`: identity operator, input channel p to its own hidden channels (p, j)."""
        hidden = np.arange(self.hidden_channels(layer))
        return self.first_read(layer, hidden, hidden // self.width).reshape(-1, self.width)

    def first_of(self, layer: int, channel: int) -> Int64[np.ndarray, " j"]:
        """u of the hidden channels of one input channel, `[N]`."""
        return self.first_read(layer, channel * self.width + np.arange(self.width), channel)

    def first_read(
        self, layer: int, hidden: Int64[np.ndarray, "*#h"], channels: "Int64[np.ndarray, '*#h'] | int"
    ) -> Int64[np.ndarray, "..."]:
        """u: the weights of the identity operator from these input channels to these hidden channels, numbered 0 to n·N - 1."""
        shape = self.architecture.layers[layer]
        n, k = shape.coefficient_shape[1], shape.hidden_size
        positions = (hidden * n + channels) * k + shape.identity
        return grid_weights_at(self.key, layer, FIRST, positions.ravel(), self.grid_bits).reshape(positions.shape)

    def second_of(self, layer: int, hidden: Int64[np.ndarray, " h"]) -> Int64[np.ndarray, "h q k"]:
        """v: the second-layer weights of these hidden channels, `[h, m, |B|]`."""
        m, _, k = self.architecture.layers[layer].coefficient_shape
        if len(hidden) and (hidden == np.arange(hidden[0], hidden[0] + len(hidden))).all():
            return self._drawn(layer, SECOND, int(hidden[0]) * m * k, len(hidden) * m * k).reshape(len(hidden), m, k)
        positions = hidden[:, None] * (m * k) + np.arange(m * k)
        return grid_weights_at(self.key, layer, SECOND, positions.ravel(), self.grid_bits).reshape(len(hidden), m, k)

    def second(self, layer: int, channel: int) -> Int64[np.ndarray, "j q k"]:
        """v: the second-layer weights of the hidden channels of input channel p, `[N, m, |B|]`."""
        m, _, k = self.architecture.layers[layer].coefficient_shape
        count = self.width * m * k
        return self._drawn(layer, SECOND, channel * count, count).reshape(self.width, m, k)

    def constant_first(self, layer: int) -> Int64[np.ndarray, " j"]:
        """The first-layer weights of the constant channels, `[M]`."""
        return self._drawn(layer, CONSTANT_FIRST, 0, self.constants)

    def constant_second(self, layer: int) -> Int64[np.ndarray, "j q b"]:
        """The second-layer weights of the constant channels, `[M, m, invariants]`."""
        m, b = self.architecture.layers[layer].bias_shape
        return self._drawn(layer, CONSTANT_SECOND, 0, self.constants * m * b).reshape(self.constants, m, b)

    @property
    def raw_parameters(self) -> int:
        """All random weights of the network."""
        total = 0
        for shape in self.architecture.layers:
            (m, n, k), (_, b) = shape.coefficient_shape, shape.bias_shape
            total += n * self.width * (n * shape.hidden_size + m * k) + self.constants * (1 + m * b)
        return total


def rational(value: float) -> str:
    """A float64 as the exact rational that it is, "p/q" in lowest terms."""
    numerator, denominator = float(value).as_integer_ratio()
    return f"{numerator}/{denominator}"


def canonical_json(value: object) -> str:
    """The one JSON text of a value: sorted keys, no spaces, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def digest(value: object) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical_json(value).encode("ascii")).hexdigest()
