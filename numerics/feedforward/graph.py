"""A feedforward target: a graph of a few exact operations on feature maps [channels, height, width], and its numbers."""

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from jaxtyping import Float32

from numerics.errors import BadTarget

Shape = tuple[int, int, int]
Pair = tuple[int, int]


class Operation(ABC):
    """A node of the graph; node 0 is the input, node i + 1 the result of operation i, and an operation reads earlier nodes only."""

    @property
    @abstractmethod
    def sources(self) -> tuple[int, ...]:
        """The nodes that it reads."""

    @abstractmethod
    def output_shape(self, *shapes: Shape) -> Shape:
        """The shape of its result; raises `BadTarget` if it does not fit these inputs."""

    @abstractmethod
    def description(self) -> dict[str, object]:
        """The operation as plain data."""


@dataclass(frozen=True)
class Affine(Operation):
    """A convolution with bias and zero padding; a dense layer is one with kernel 1×1 on a flattened map."""

    source: int
    channels: int
    kernel: Pair = (1, 1)
    stride: Pair = (1, 1)
    padding: Pair = (0, 0)
    groups: int = 1

    @property
    def sources(self) -> tuple[int, ...]:
        """The one node that it reads."""
        return (self.source,)

    def output_shape(self, *shapes: Shape) -> Shape:
        """`[channels, (H + 2·padding - kernel) / stride + 1, ...]`."""
        (n, *sizes) = shapes[0]
        if self.groups < 1 or n % self.groups or self.channels % self.groups or self.channels < 1:
            raise BadTarget(
                f"a convolution of {n} to {self.channels} channels in {self.groups} groups; both must be multiples of the groups."
            )
        return (self.channels, *_windows(sizes, self.kernel, self.stride, self.padding, "a convolution"))

    def description(self) -> dict[str, object]:
        """Kind, source and the five numbers."""
        return {
            "kind": "affine",
            "source": self.source,
            "channels": self.channels,
            "kernel": list(self.kernel),
            "stride": list(self.stride),
            "padding": list(self.padding),
            "groups": self.groups,
        }


@dataclass(frozen=True)
class Activation(Operation):
    """The network's activation, pointwise."""

    source: int

    @property
    def sources(self) -> tuple[int, ...]:
        """The one node that it reads."""
        return (self.source,)

    def output_shape(self, *shapes: Shape) -> Shape:
        """The shape stays."""
        return shapes[0]

    def description(self) -> dict[str, object]:
        """Kind and source."""
        return {"kind": "activation", "source": self.source}


@dataclass(frozen=True)
class Flatten(Operation):
    """A map [C, H, W] as [C·H·W, 1, 1], row by row."""

    source: int

    @property
    def sources(self) -> tuple[int, ...]:
        """The one node that it reads."""
        return (self.source,)

    def output_shape(self, *shapes: Shape) -> Shape:
        """All entries become channels."""
        c, h, w = shapes[0]
        return (c * h * w, 1, 1)

    def description(self) -> dict[str, object]:
        """Kind and source."""
        return {"kind": "flatten", "source": self.source}


@dataclass(frozen=True)
class MaxPool(Operation):
    """The largest entry of each window; places outside the map do not count."""

    source: int
    kernel: Pair
    stride: Pair
    padding: Pair = (0, 0)

    @property
    def sources(self) -> tuple[int, ...]:
        """The one node that it reads."""
        return (self.source,)

    def output_shape(self, *shapes: Shape) -> Shape:
        """As of a convolution; every window must meet the map."""
        if 2 * self.padding[0] > self.kernel[0] or 2 * self.padding[1] > self.kernel[1]:
            raise BadTarget(f"a maximum over {self.kernel} with padding {self.padding}: at most half the window was expected.")
        (n, *sizes) = shapes[0]
        return (n, *_windows(sizes, self.kernel, self.stride, self.padding, "a maximum"))

    def description(self) -> dict[str, object]:
        """Kind, source, window."""
        return {
            "kind": "max_pool",
            "source": self.source,
            "kernel": list(self.kernel),
            "stride": list(self.stride),
            "padding": list(self.padding),
        }


@dataclass(frozen=True)
class AveragePool(Operation):
    """The mean of each window, exactly; over the whole map it is the global mean."""

    source: int
    kernel: Pair
    stride: Pair

    @property
    def sources(self) -> tuple[int, ...]:
        """The one node that it reads."""
        return (self.source,)

    def output_shape(self, *shapes: Shape) -> Shape:
        """As of a convolution without padding."""
        (n, *sizes) = shapes[0]
        return (n, *_windows(sizes, self.kernel, self.stride, (0, 0), "a mean"))

    def description(self) -> dict[str, object]:
        """Kind, source, window."""
        return {"kind": "average_pool", "source": self.source, "kernel": list(self.kernel), "stride": list(self.stride)}


@dataclass(frozen=True)
class Add(Operation):
    """The sum of two maps: where a skip connection ends."""

    first: int
    second: int

    @property
    def sources(self) -> tuple[int, ...]:
        """The two nodes."""
        return (self.first, self.second)

    def output_shape(self, *shapes: Shape) -> Shape:
        """Both have the same shape, and the sum has it too."""
        if shapes[0] != shapes[1]:
            raise BadTarget(
                f"a sum of maps of shapes {shapes[0]} and {shapes[1]}; equal shapes were expected. Project the skip connection."
            )
        return shapes[0]

    def description(self) -> dict[str, object]:
        """Kind and sources."""
        return {"kind": "add", "first": self.first, "second": self.second}


@dataclass(frozen=True)
class Graph:
    """Operations on an input of shape [C, H, W]; the last node is the output. Raises `BadTarget` unless everything fits."""

    shape: Shape
    operations: tuple[Operation, ...]
    nonlinearity: str = "relu"

    def __post_init__(self) -> None:
        if self.nonlinearity != "relu":
            raise BadTarget(f"the activation {self.nonlinearity!r}: tickets of feedforward networks are built for relu.")
        if len(self.shape) != 3 or min(self.shape) < 1:
            raise BadTarget(f"inputs of shape {self.shape}: [channels, height, width], positive, were expected.")
        if not any(isinstance(operation, Affine) for operation in self.operations):
            raise BadTarget("a network without an affine layer; there is nothing to prune.")
        for i, operation in enumerate(self.operations):
            if any(not 0 <= source <= i for source in operation.sources):
                raise BadTarget(f"operation {i}, {operation}: it reads a node that comes later; nodes 0 to {i} were expected.")
        _ = self.shapes

    @cached_property
    def shapes(self) -> tuple[Shape, ...]:
        """The shape of every node."""
        shapes = [self.shape]
        for i, operation in enumerate(self.operations):
            try:
                shapes.append(operation.output_shape(*(shapes[source] for source in operation.sources)))
            except BadTarget as error:
                raise BadTarget(f"operation {i}: {error}") from error
        return tuple(shapes)

    @cached_property
    def affine(self) -> tuple[Affine, ...]:
        """The affine layers, in order."""
        return tuple(operation for operation in self.operations if isinstance(operation, Affine))

    def weight_shape(self, layer: int) -> tuple[int, int, int, int]:
        """`[channels out, channels in of a group, kernel height, kernel width]` of an affine layer."""
        affine = self.affine[layer]
        return (affine.channels, self.shapes[affine.source][0] // affine.groups, *affine.kernel)

    def description(self) -> dict[str, object]:
        """The graph as plain data."""
        return {
            "shape": list(self.shape),
            "nonlinearity": self.nonlinearity,
            "operations": [operation.description() for operation in self.operations],
        }


@dataclass(frozen=True, eq=False)
class LayerNumbers:
    """The numbers of an affine layer: `weights` `[m, n / groups, kh, kw]` and `bias` `[m]`; zeros where it has none."""

    weights: Float32[np.ndarray, "m n kh kw"]
    bias: Float32[np.ndarray, " b"]


@dataclass(frozen=True, eq=False)
class FeedforwardTarget:
    """A trained network, exactly: its float32 numbers are the rationals that they are; its inputs have entries in [`low`, `high`].

    Raises `BadTarget` for wrong shapes, NaN and infinities.
    """

    name: str
    graph: Graph
    layers: tuple[LayerNumbers, ...]
    low: Fraction
    high: Fraction

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}", self.name):
            raise BadTarget(f"a target called {self.name!r}: up to 64 letters, digits, dots, dashes and underscores were expected.")
        if not self.low <= self.high:
            raise BadTarget(f"target {self.name}: inputs between {self.low} and {self.high}; an interval was expected.")
        if len(self.layers) != len(self.graph.affine):
            raise BadTarget(f"target {self.name}: numbers of {len(self.layers)} layers for {len(self.graph.affine)} affine operations.")
        for i, numbers in enumerate(self.layers):
            shape = self.graph.weight_shape(i)
            for part, values, expected in (("weights", numbers.weights, shape), ("bias", numbers.bias, shape[:1])):
                if values.shape != expected:
                    raise BadTarget(f"target {self.name}, layer {i}, {part}: shape {values.shape}; the graph has {expected}.")
                if not np.isfinite(values).all():
                    where = tuple(int(index) for index in np.argwhere(~np.isfinite(values))[0])
                    raise BadTarget(
                        f"target {self.name}, layer {i}, {part} {where}: the value is {values[where]}; finite numbers were expected. "
                        "Train the target again, or repair the file it came from."
                    )

    @property
    def parameters(self) -> int:
        """The numbers of all affine layers."""
        return sum(layer.weights.size + layer.bias.size for layer in self.layers)


def _windows(sizes: list[int], kernel: Pair, stride: Pair, padding: Pair, what: str) -> Pair:
    if min(kernel) < 1 or min(stride) < 1 or min(padding) < 0:
        raise BadTarget(f"{what} with kernel {kernel}, stride {stride}, padding {padding}: positive numbers were expected.")
    height, width = ((size + 2 * p - k) // s + 1 for size, k, s, p in zip(sizes, kernel, stride, padding, strict=True))
    if height < 1 or width < 1:
        raise BadTarget(f"{what} with kernel {kernel} and padding {padding} on a map of {sizes[0]}×{sizes[1]}: it does not fit.")
    return height, width
