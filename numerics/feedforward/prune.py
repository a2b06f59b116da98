"""Masks of a feedforward ticket: an exact subset sum for every weight and sign, and for every bias."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Int64

from numerics.feedforward.constants import constant_values, solve_constants
from numerics.feedforward.forms import form_of
from numerics.feedforward.graph import FeedforwardTarget
from numerics.feedforward.pointwise import pointwise
from numerics.feedforward.solve import MOST_SAMPLES, PRODUCT_BITS, solve_chunk
from numerics.feedforward.source import FeedforwardSource
from numerics.network import digest
from numerics.random_weights import GRID_BITS
from numerics.store import write_bytes
from numerics.subset_sum import solve_subset_sums
from theory.errors import OutOfRange

MOST_CONSTANTS = 28
CLOSE, CLOSER, CLOSEST = 15, 2, 23
"""Binary digits to which the sums over copies meet their weights, relative to the scale of the layer: in the last one, how many more for each
layer that follows, whose sums amplify what is left, and at most."""
CHUNK = 1 << 22
"""How many second-layer weights are held at a time."""


@dataclass(frozen=True, eq=False)
class FeedforwardMask:
    """The masks of the two random layers of one affine layer: `second` `[channels in, N, channels out of the group, taps]`, `constant` `[M, m]`.

    Of the first layer the weights stay of those channels that the second one uses.
    """

    second: Bool[np.ndarray, "p j q k"]
    constant: Bool[np.ndarray, "c m"]

    def kept(self, *, direct: bool) -> int:
        """Random numbers that stay, in both layers; a direct layer has no weights u."""
        parts = (self.second, self.second.any(axis=(2, 3)) & (not direct), self.constant, self.constant.any(axis=1))
        return sum(int(np.count_nonzero(part)) for part in parts)


@dataclass(frozen=True, eq=False)
class FeedforwardTicket:
    """The pruned network: a source fixed by its key, and masks."""

    source: FeedforwardSource
    masks: tuple[FeedforwardMask, ...]

    @property
    def kept_parameters(self) -> int:
        """Random numbers that the masks keep."""
        return sum(mask.kept(direct=self.source.direct(i)) for i, mask in enumerate(self.masks))

    def sums(self, layer: int) -> tuple[Int64[np.ndarray, "p q k"], Int64[np.ndarray, "p q k"]]:
        """The subset sums that the masks choose, exactly, in units of 2^(t + s - 46): Σ v|u| over u > 0, and over u < 0."""
        source, mask = self.source, self.masks[layer]
        first = source.first(layer)
        plus, minus = [], []
        for start, stop in spans(mask.second.shape):
            chosen = np.where(mask.second[start:stop], source.second(layer, start, stop), 0)
            u = first[start:stop]
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
            sizes = np.abs(source.second(layer, start, stop)[inputs, channels, outputs, taps]).astype(object)
            np.add.at(result, (inputs + start, outputs, taps), sizes * powers[inputs + start, channels])
        return result

    def constants(self, layer: int) -> tuple[np.ndarray, np.ndarray]:
        """Bounds of Σ v·φ(β) over the chosen constant channels, in units of 2^(s - 23 - `CONSTANT_BITS`), objects `[m]`."""
        source, mask = self.source, self.masks[layer]
        chosen = np.where(mask.constant, source.constant_second(layer), 0).astype(object)
        low, high = constant_values(source, layer)
        return tuple(
            (np.maximum(chosen, 0) * a[:, None] + np.minimum(chosen, 0) * b[:, None]).sum(axis=0) for a, b in ((low, high), (high, low))
        )


def spans(shape: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    """Ranges of input channels that have at most `CHUNK` second-layer weights, or one channel."""
    step = max(1, CHUNK // int(np.prod(shape[1:])))
    for start in range(0, shape[0], step):
        yield start, min(start + step, shape[0])


def by_input(weights: np.ndarray, groups: int) -> np.ndarray:
    """`[m, n / groups, kh, kw]` as `[n, m / groups, taps]`: the targets of each input channel."""
    m, n, kh, kw = weights.shape
    return np.ascontiguousarray(weights.reshape(groups, m // groups, n, kh * kw).transpose(0, 2, 1, 3)).reshape(
        groups * n, m // groups, kh * kw
    )


def solve_layer(target: FeedforwardTarget, source: FeedforwardSource, layer: int, samples: int, workers: int) -> FeedforwardMask:
    """The masks of one layer."""
    if source.direct(layer):
        return solve_direct(target, source, layer, workers)
    numbers, (first_scale, scale, _, _) = target.layers[layer], source.scales[layer]
    phi = pointwise(source.graph.nonlinearity)
    weights = np.tile(numbers.weights, (source.network.affine[layer].channels // len(numbers.weights), 1, 1, 1))
    wanted = by_input(weights, source.graph.affine[layer].groups).astype(np.float64) / float(phi.carrier)
    targets = np.rint(np.ldexp(wanted, PRODUCT_BITS - first_scale - scale)).astype(np.int64)
    first = source.first(layer)
    shape = (len(targets), source.width, *targets.shape[1:])
    parts = [
        solve_chunk(first[start:stop], source.second(layer, start, stop), targets[start:stop], samples, workers, splits=phi.splits)
        for start, stop in spans(shape)
    ]
    second = np.concatenate(parts)
    return FeedforwardMask(second, solve_constants(target, source, layer, second, samples, workers))


def solve_direct(target: FeedforwardTarget, source: FeedforwardSource, layer: int, workers: int) -> FeedforwardMask:
    """The masks of a layer on copies: for every weight and copy of its output the smallest subset sum, over the copies of its input.

    Of the subsets within 2^-`CLOSE` of the layer's scale, or less in earlier layers, that with least Σ|v|, by which the errors of the copies
    are multiplied (E1).
    """
    close = min(CLOSEST, CLOSE + CLOSER * (len(target.layers) - 1 - layer))
    weights, scale = target.layers[layer].weights, source.scales[layer][1]
    m, n, kh, kw = weights.shape
    outputs = source.network.affine[layer].channels
    values = source.second(layer, 0, source.input_channels(layer)).reshape(source.copies, n, outputs, kh * kw)
    wanted = np.tile(by_input(weights, 1), (1, outputs // m, 1)).astype(np.float64)
    goal = np.rint(np.ldexp(wanted, GRID_BITS - scale)).astype(np.int64)
    j, q, k = np.nonzero(goal)
    rows = np.ascontiguousarray(values[:, j, q, k].T)
    mask = np.zeros(values.shape, dtype=bool)
    if len(j):
        found = solve_subset_sums(rows, goal[j, q, k], objective="smallest", tolerance=1 << GRID_BITS - close, threads=workers)
        mask[:, j, q, k] = found.masks.T & (rows.T != 0)
    second = mask.reshape(source.copies * n, 1, outputs, kh * kw)
    return FeedforwardMask(second, solve_constants(target, source, layer, second, min(source.copies, MOST_CONSTANTS), workers))


def prune_feedforward(
    target: FeedforwardTarget,
    source: FeedforwardSource,
    *,
    samples: int = 28,
    workers: int = 1,
    cache: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> FeedforwardTicket:
    """The ticket of a target in its source: masks by exact best subset sums of at most `samples` products.

    The masks are the same for any number of workers. With `cache`, finished layers are kept in that folder and an interrupted call goes on
    from them. `progress(done, total)` is called after each layer. Raises `OutOfRange`.
    """
    if not 1 <= samples <= MOST_SAMPLES or workers < 1:
        raise OutOfRange(
            f"samples = {samples}, workers = {workers}: 1 to {MOST_SAMPLES} samples a sum and at least one worker were expected."
        )
    target, masks = form_of(target, source.copies, source.carried), []
    for i in range(len(target.layers)):
        path = cache and cache / f"{_name(target, source, i, samples)}.mask"
        mask = _read(path, source, i) if path else None
        if mask is None:
            mask = solve_layer(target, source, i, samples, workers)
            if path:
                packed = np.packbits(np.concatenate([mask.second.ravel(), mask.constant.ravel()])).tobytes()
                write_bytes(path, hashlib.sha256(packed).digest() + packed)
        masks.append(mask)
        if progress is not None:
            progress(i + 1, len(target.layers))
    return FeedforwardTicket(source, tuple(masks))


def mask_shapes(source: FeedforwardSource, layer: int) -> tuple[tuple[int, int, int, int], tuple[int, int]]:
    """The shapes of the two masks of a layer."""
    m, _, kh, kw = source.network.weight_shape(layer)
    groups = source.graph.affine[layer].groups
    return (source.input_channels(layer), source.hidden(layer), m // groups, kh * kw), (source.constants_of(layer), m)


def _name(target: FeedforwardTarget, source: FeedforwardSource, layer: int, samples: int) -> str:
    numbers = target.layers[layer]
    return digest(
        {
            "format": "feedforward-mask/7",
            "source": source.description(),
            "layer": layer,
            "nonlinearity": source.graph.nonlinearity,
            "operation": source.graph.affine[layer].description(),
            "numbers": [hashlib.sha256(values.tobytes()).hexdigest() for values in (numbers.weights, numbers.bias)],
            "samples": samples,
        }
    )


def _read(path: Path, source: FeedforwardSource, layer: int) -> FeedforwardMask | None:
    """A stored mask, or None if there is none or its checksum does not match."""
    if not path.is_file():
        return None
    content = path.read_bytes()
    second, constant = mask_shapes(source, layer)
    sizes = int(np.prod(second)), int(np.prod(constant))
    packed = content[32:]
    if hashlib.sha256(packed).digest() != content[:32] or len(packed) != -(-sum(sizes) // 8):
        return None
    bits = np.unpackbits(np.frombuffer(packed, np.uint8), count=sum(sizes)).astype(bool)
    return FeedforwardMask(bits[: sizes[0]].reshape(second), bits[sizes[0] :].reshape(constant))
