"""A feedforward target: a graph of a few exact operations on feature maps [channels, height, width], and its numbers."""

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np
from jaxtyping import Float32

from numerics.errors import BadTarget
from numerics.feedforward.operations import Affine, Operation, Shape
from numerics.feedforward.pointwise import pointwise


@dataclass(frozen=True)
class Graph:
    """Operations on an input of shape [C, H, W]; the last node is the output. All its activations are the one that `nonlinearity` names.

    Raises `BadTarget` unless everything fits.
    """

    shape: Shape
    operations: tuple[Operation, ...]
    nonlinearity: str = "relu"

    def __post_init__(self) -> None:
        pointwise(self.nonlinearity)
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

    def copied(self, copies: int) -> "Graph":
        """The graph with `copies` of each hidden channel, [copy, channel]; only the first affine layer reads the input, only the last returns.

        Raises `BadTarget` for any other, and for groups, which the form of a target on copies does not have.
        """
        numbers, operations, layers = [1], [], 0
        for operation in self.operations:
            read = {numbers[source] for source in operation.sources}
            if isinstance(operation, Affine):
                last = layers == len(self.affine) - 1
                if operation.groups != 1 or read != {copies if layers else 1} or (layers == 0) != (operation.source == 0 or read == {1}):
                    raise BadTarget(
                        f"{operation}: with copies of hidden channels, the first affine layer alone reads the input, and no layer has groups. "
                        "Leave --copies out."
                    )
                operation, read = replace(operation, channels=operation.channels * (1 if last else copies)), {1 if last else copies}
                layers += 1
            if len(read) != 1:
                raise BadTarget(f"{operation}: it adds a map with copies to one without. Leave --copies out.")
            operations.append(operation)
            numbers.append(read.pop())
        if numbers[-1] != 1:
            raise BadTarget("the last affine layer does not lead to the output; with copies it must. Leave --copies out.")
        return Graph(self.shape, tuple(operations), self.nonlinearity)

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
