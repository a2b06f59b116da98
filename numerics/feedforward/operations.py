"""The operations of a feedforward target on feature maps [channels, height, width], each exact."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

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


def _windows(sizes: list[int], kernel: Pair, stride: Pair, padding: Pair, what: str) -> Pair:
    if min(kernel) < 1 or min(stride) < 1 or min(padding) < 0:
        raise BadTarget(f"{what} with kernel {kernel}, stride {stride}, padding {padding}: positive numbers were expected.")
    height, width = ((size + 2 * p - k) // s + 1 for size, k, s, p in zip(sizes, kernel, stride, padding, strict=True))
    if height < 1 or width < 1:
        raise BadTarget(f"{what} with kernel {kernel} and padding {padding} on a map of {sizes[0]}×{sizes[1]}: it does not fit.")
    return height, width
