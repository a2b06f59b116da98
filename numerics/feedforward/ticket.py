"""The pruned network: a source, the masks of its layers, and by how much kept weights are moved."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Int32, Int64

from numerics.feedforward.constants import constant_values
from numerics.feedforward.source import FeedforwardSource
from theory import display

CHUNK = 1 << 22
"""How many second-layer weights are held at a time."""


@dataclass(frozen=True, eq=False)
class FeedforwardMask:
    """The masks of the two random layers of one affine layer: `second` `[channels in, N, channels out of the group, taps]`, `constant` `[M, m]`.

    Of the first layer the weights stay of those channels that the second one uses. Where weights may move, `moves` and `constant_moves`, of the
    same shapes, say by how many units of the grid each kept one does.
    """

    second: Bool[np.ndarray, "p j q k"]
    constant: Bool[np.ndarray, "c m"]
    moves: Int32[np.ndarray, "p j q k"] | None = None
    constant_moves: Int32[np.ndarray, "c m"] | None = None

    def kept(self, *, direct: bool) -> int:
        """Random numbers that stay, in both layers; a direct layer has no weights u."""
        parts = (self.second, self.second.any(axis=(2, 3)) & (not direct), self.constant, self.constant.any(axis=1))
        return sum(int(np.count_nonzero(part)) for part in parts)

    @property
    def moved(self) -> int:
        """How many of them are moved."""
        return sum(int(np.count_nonzero(part)) for part in (self.moves, self.constant_moves) if part is not None)

    def weights(self, source: FeedforwardSource, layer: int, start: int, stop: int) -> Int64[np.ndarray, "p j q k"]:
        """v of the kept weights of input channels `start` to `stop`, moved, and 0 elsewhere; units as in `FeedforwardSource.second`."""
        values = source.second(layer, start, stop)
        if self.moves is not None:
            values = values + self.moves[start:stop]
        return np.where(self.second[start:stop], values, 0)

    def constant_weights(self, source: FeedforwardSource, layer: int) -> Int64[np.ndarray, "c m"]:
        """The same of the constant channels; units as in `FeedforwardSource.constant_second`."""
        values = source.constant_second(layer)
        if self.constant_moves is not None:
            values = values + source.on_constant_scales(layer, self.constant_moves.astype(np.int64))
        return np.where(self.constant, values, 0)

    def brought(self, source: FeedforwardSource, layer: int) -> Int64[np.ndarray, " m"]:
        """Σ v over all signal channels of each output, in units of 2^(s - 23): what φ(0) is multiplied by."""
        parts = [self.weights(source, layer, p, p + 1)[0].sum(axis=(0, 2)) for p in range(len(self.second))]
        total, groups = np.array(parts), source.graph.affine[layer].groups
        return total.reshape(groups, len(total) // groups, -1).sum(axis=1).ravel()


@dataclass(frozen=True, eq=False)
class FeedforwardTicket:
    """The pruned network: a source fixed by its key, and masks."""

    source: FeedforwardSource
    masks: tuple[FeedforwardMask, ...]

    def __repr__(self) -> str:
        source = self.source
        copies = f", {source.copies} copies" if source.copies else ""
        return (
            f"<FeedforwardTicket of key {source.key.seed}, width {source.width}{copies}, {len(self.masks)} layers: "
            f"{self.kept_parameters:,} of {source.raw_parameters:,} random weights kept>"
        )

    def _repr_html_(self) -> str:
        """A table for notebooks: key, width, construction, what is special about the source, weights kept layer by layer."""
        source = self.source
        rows: dict[str, object] = {
            "key": source.key.seed,
            "width": source.width,
            "construction": f"L + 1 random layers, {source.copies} copies of each neuron" if source.copies else "2L random layers",
            "random source": source.says or "uniform weights and biases",
            "weights kept": f"{self.kept_parameters:,} of {source.raw_parameters:,} random ones",
        }
        if self.moved_parameters:
            rows["weights moved"] = f"{self.moved_parameters:,} of those kept"
        rows |= {f"kept in layer {i}": f"{mask.kept(direct=source.direct(i)):,}" for i, mask in enumerate(self.masks)}
        return display.facts("Feedforward ticket", rows)

    @property
    def kept_parameters(self) -> int:
        """Random numbers that the masks keep."""
        return sum(mask.kept(direct=self.source.direct(i)) for i, mask in enumerate(self.masks))

    @property
    def moved_parameters(self) -> int:
        """Those of them that are moved."""
        return sum(mask.moved for mask in self.masks)

    def sums(self, layer: int) -> tuple[Int64[np.ndarray, "p q k"], Int64[np.ndarray, "p q k"]]:
        """The subset sums that the masks choose, exactly, in units of 2^(t + s - 46): Σ v|u| over u > 0, and over u < 0."""
        source, mask = self.source, self.masks[layer]
        first = source.first(layer)
        plus, minus = [], []
        for start, stop in spans(mask.second.shape):
            chosen, u = mask.weights(source, layer, start, stop), first[start:stop]
            plus.append(np.einsum("pj,pjqk->pqk", np.maximum(u, 0), chosen))
            minus.append(np.einsum("pj,pjqk->pqk", np.maximum(-u, 0), chosen))
        return np.concatenate(plus), np.concatenate(minus)

    def power_sums(self, layer: int, order: int) -> np.ndarray:
        """Σ |v||u|^order over the chosen channels, in units of 2^(s - 23 + order·(t - 23)), objects `[p, q, k]`."""
        source, mask = self.source, self.masks[layer]
        p, _, q, k = mask.second.shape
        result = np.zeros((p, q, k), dtype=object)
        powers = np.abs(source.first(layer)).astype(object) ** order
        for start, stop in spans(mask.second.shape):
            inputs, channels, outputs, taps = np.nonzero(mask.second[start:stop])
            sizes = np.abs(mask.weights(source, layer, start, stop)[inputs, channels, outputs, taps]).astype(object)
            np.add.at(result, (inputs + start, outputs, taps), sizes * powers[inputs + start, channels])
        return result

    def constants(self, layer: int) -> tuple[np.ndarray, np.ndarray]:
        """Bounds of Σ v·φ(β) over the chosen constant channels, in units of 2^(s - 23 - `CONSTANT_BITS`), objects `[m]`."""
        chosen = self.masks[layer].constant_weights(self.source, layer).astype(object)
        low, high = constant_values(self.source, layer)
        return tuple(
            (np.maximum(chosen, 0) * a[:, None] + np.minimum(chosen, 0) * b[:, None]).sum(axis=0) for a, b in ((low, high), (high, low))
        )


def spans(shape: tuple[int, ...], most: int = CHUNK) -> Iterator[tuple[int, int]]:
    """Ranges of input channels that have at most `most` second-layer weights, or one channel."""
    step = max(1, most // int(np.prod(shape[1:])))
    for start in range(0, shape[0], step):
        yield start, min(start + step, shape[0])


def mask_shapes(source: FeedforwardSource, layer: int) -> tuple[tuple[int, int, int, int], tuple[int, int]]:
    """The shapes of the two masks of a layer."""
    m, _, kh, kw = source.network.weight_shape(layer)
    groups = source.graph.affine[layer].groups
    return (source.input_channels(layer), source.hidden(layer), m // groups, kh * kw), (source.constants_of(layer), m)
