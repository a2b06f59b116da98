"""Networks whose hidden channels come in blocks: what each block sees and feeds, the target, the random network."""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Int64

from numerics.errors import BadTarget
from numerics.layer import LayerShape, Space
from numerics.network import AffineLayer, rational
from numerics.random_weights import Key
from numerics.structured.weights import CONSTANT_FIRST, CONSTANT_SECOND, FIRST, SECOND, normal_weights, normal_weights_at
from theory.errors import OutOfRange


@dataclass(frozen=True)
class Block:
    """Hidden channels that see one input channel and feed these output channels."""

    channel: int
    outputs: tuple[int, ...]


def depthwise(channels: int) -> tuple[Block, ...]:
    """Each channel feeds its own output alone, as in a depthwise convolution."""
    return tuple(Block(p, (p,)) for p in range(channels))


def grouped(channels: int, outputs: int, size: int) -> tuple[Block, ...]:
    """Each channel feeds every output, `size` of them by one block; with `size` = `outputs` a block is a whole input channel."""
    return tuple(Block(p, group) for p in range(channels) for group in output_groups(outputs, size))


def output_groups(outputs: int, size: int) -> tuple[tuple[int, ...], ...]:
    """0, ..., outputs - 1 in consecutive groups of `size`, the last perhaps smaller."""
    return tuple(tuple(range(start, min(start + size, outputs))) for start in range(0, outputs, size))


@dataclass(frozen=True)
class BlockedLayer:
    """An affine layer with the blocks of the two random layers that stand for it.

    The hidden channels (β, j) of block β see one input channel and feed some outputs; the constant channels (γ, j) feed the biases of the
    outputs `bias_blocks[γ]`. Everything else is masked, whatever the target. Raises `OutOfRange` for blocks outside the layer.
    """

    shape: LayerShape
    blocks: tuple[Block, ...]
    bias_blocks: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        m, n, _ = self.shape.coefficient_shape
        groups = [(0, group) for group in self.bias_blocks] + [(block.channel, block.outputs) for block in self.blocks]
        for channel, outputs in groups:
            if (
                not 0 <= channel < n
                or not outputs
                or any(a >= b for a, b in zip(outputs, (*outputs[1:], m), strict=True))
                or outputs[0] < 0
            ):
                raise OutOfRange(
                    f"a block from input channel {channel} to the outputs {outputs} of a layer of {n} input and {m} output channels: "
                    "existing channels, the outputs increasing, were expected."
                )

    def dimension(self, block: Block) -> int:
        """D: the length of the vectors of a block, one coordinate for each output and operator."""
        return len(block.outputs) * len(self.shape.basis)

    def description(self) -> dict[str, object]:
        """The layer as plain data."""
        return {
            "bias_blocks": [list(group) for group in self.bias_blocks],
            "blocks": [{"channel": block.channel, "outputs": list(block.outputs)} for block in self.blocks],
            "codomain": _described(self.shape.codomain),
            "domain": _described(self.shape.domain),
            "supports": {
                "first": None if self.shape.first_support is None else list(self.shape.first_support),
                "second": None if self.shape.support is None else list(self.shape.support),
            },
        }

    @property
    def reached(self) -> Bool[np.ndarray, "q p"]:
        """Which pairs of channels some block connects."""
        m, n, _ = self.shape.coefficient_shape
        result = np.zeros((m, n), dtype=bool)
        for block in self.blocks:
            result[list(block.outputs), block.channel] = True
        return result


@dataclass(frozen=True)
class BlockedArchitecture:
    """Blocked layers one after the other, pointwise ReLU after all but the last.

    A layer may read the numbers of the layer before in another arrangement of channels and points ([c, d] as [c·d, 1]: flattening), if
    there are as many and each generator moves them alike. Raises `OutOfRange` otherwise.
    """

    layers: tuple[BlockedLayer, ...]

    def __post_init__(self) -> None:
        for i, (before, after) in enumerate(zip(self.layers, self.layers[1:], strict=False)):
            if flat_images(before.shape.codomain) != flat_images(after.shape.domain):
                raise OutOfRange(
                    f"layer {i} gives {before.shape.codomain.dimension} numbers and layer {i + 1} takes {after.shape.domain.dimension}; "
                    "equally many, moved alike by every generator, were expected."
                )

    @property
    def depth(self) -> int:
        """The number of affine layers."""
        return len(self.layers)

    def description(self) -> dict[str, object]:
        """The architecture as plain data."""
        return {
            "nonlinearity": "relu",
            "layers": [layer.description() for layer in self.layers],
        }


def flat_images(space: Space) -> tuple[tuple[int, ...], ...]:
    """Where each generator moves the numbers of a signal, written channel after channel."""
    d = space.representation.dimension
    return tuple(tuple(p * d + i for p in range(space.channels) for i in images) for images in space.representation.images)


def _described(space: Space) -> dict[str, object]:
    return {
        "channels": space.channels,
        "images": [list(g) for g in space.representation.images],
        "sharing": [list(images) for images in space.sharing],
    }


@dataclass(frozen=True, eq=False)
class StructuredTarget:
    """A trained network over a blocked architecture, exactly; `radius` bounds ‖x‖₂ over the inputs of interest.

    Raises `BadTarget` for wrong shapes, for numbers that are not finite, and for coefficients between channels that no block connects.
    """

    name: str
    architecture: BlockedArchitecture
    layers: tuple[AffineLayer, ...]
    radius: Fraction

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}", self.name) or self.radius <= 0:
            raise BadTarget(
                f"a target called {self.name!r} on a ball of radius {self.radius}: a plain name and a positive radius were expected."
            )
        if len(self.layers) != self.architecture.depth:
            raise BadTarget(f"target {self.name}: {len(self.layers)} layers of numbers; {self.architecture.depth} were expected.")
        for i, (numbers, layer) in enumerate(zip(self.layers, self.architecture.layers, strict=True)):
            expected = (layer.shape.coefficient_shape, layer.shape.bias_shape)
            if (numbers.coefficients.shape, numbers.bias.shape) != expected:
                raise BadTarget(
                    f"target {self.name}, layer {i}: shapes {numbers.coefficients.shape} and {numbers.bias.shape}; not {expected}."
                )
            if not (np.isfinite(numbers.coefficients).all() and np.isfinite(numbers.bias).all()):
                raise BadTarget(f"target {self.name}, layer {i}: NaN or infinity; finite numbers were expected. Train the target again.")
            if numbers.coefficients[~layer.reached].any():
                raise BadTarget(
                    f"target {self.name}, layer {i}: a coefficient between channels that no block connects is not zero; set it to 0, or "
                    "give the layer a block that connects them."
                )

    def description(self) -> dict[str, object]:
        """The exact numbers as plain data, rationals as text."""
        layers = [
            {"bias": [rational(x) for x in layer.bias.ravel()], "coefficients": [rational(x) for x in layer.coefficients.ravel()]}
            for layer in self.layers
        ]
        return {"layers": layers}


@dataclass(frozen=True)
class StructuredNetwork:
    """Two random layers for each layer of a target, all weights normal on the grid and fixed by the key.

    Layer i has `widths[i]` hidden channels in each block and `constants[i]` constant channels in each bias block. Before any mask the
    first layer connects every hidden channel to every input channel by every operator V → V, the second every hidden channel to every
    output by every operator V → W.
    """

    architecture: BlockedArchitecture
    key: Key
    widths: tuple[int, ...]
    constants: tuple[int, ...]

    def __post_init__(self) -> None:
        if (
            len(self.widths) != self.architecture.depth
            or len(self.constants) != self.architecture.depth
            or min(*self.widths, *self.constants) < 1
        ):
            raise OutOfRange(
                f"widths {self.widths}, constants {self.constants}: {self.architecture.depth} positive numbers each were expected."
            )

    def first(self, layer: int) -> Int64[np.ndarray, "b j"]:
        """u `[blocks, N]`: the weights of the first layer that the block mask leaves, from each hidden channel to its input channel."""
        rule = self.architecture.layers[layer]
        n, k, width = rule.shape.domain.channels, rule.shape.hidden_size, self.widths[layer]
        fields = np.arange(len(rule.blocks) * width).reshape(len(rule.blocks), width)
        channels = np.array([block.channel for block in rule.blocks])
        positions = (fields * n + channels[:, None]) * k + rule.shape.identity
        return normal_weights_at(self.key, layer, FIRST, positions.ravel()).reshape(positions.shape)

    def second(self, layer: int, block: int) -> Int64[np.ndarray, "j q k"]:
        """v `[N, outputs, |B|]`: the weights from the hidden channels of a block to its outputs."""
        rule = self.architecture.layers[layer]
        m, _, k = rule.shape.coefficient_shape
        count = self.widths[layer] * m * k
        every = normal_weights(self.key, layer, SECOND, block * count, count).reshape(-1, m, k)
        return every[:, list(rule.blocks[block].outputs)]

    def constant_first(self, layer: int) -> Int64[np.ndarray, "b j"]:
        """The first-layer weights of the constant channels, `[bias blocks, M]`."""
        count = self.constants[layer]
        groups = len(self.architecture.layers[layer].bias_blocks)
        return normal_weights(self.key, layer, CONSTANT_FIRST, 0, groups * count).reshape(groups, count)

    def constant_second(self, layer: int, group: int) -> Int64[np.ndarray, "j q b"]:
        """The weights from the constant channels of a bias block to its outputs, `[M, outputs, invariants]`."""
        rule = self.architecture.layers[layer]
        m, b = rule.shape.bias_shape
        count = self.constants[layer] * m * b
        every = normal_weights(self.key, layer, CONSTANT_SECOND, group * count, count).reshape(-1, m, b)
        return every[:, list(rule.bias_blocks[group])]

    @cached_property
    def raw_parameters(self) -> int:
        """All random weights of the network."""
        total = 0
        for rule, width, constants in zip(self.architecture.layers, self.widths, self.constants, strict=True):
            (m, n, k), b = rule.shape.coefficient_shape, rule.shape.bias_shape[1]
            total += len(rule.blocks) * width * (n * rule.shape.hidden_size + m * k) + len(rule.bias_blocks) * constants * (1 + m * b)
        return total
