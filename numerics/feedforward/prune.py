"""Masks of a feedforward ticket: an exact subset sum for every weight and sign, and for every bias."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Int64

from numerics.feedforward.graph import FeedforwardTarget
from numerics.feedforward.source import FeedforwardSource
from numerics.network import digest
from numerics.random_weights import GRID_BITS
from numerics.store import write_bytes
from numerics.subset_sum import solve_subset_sums
from theory.errors import OutOfRange

PRODUCT_BITS = 2 * GRID_BITS
MOST_SAMPLES = 36
NEAR = 1 << (PRODUCT_BITS - 2)
"""One quarter: what an exact sum over some two dozen products reaches with room to spare."""
CHUNK = 1 << 22
"""How many second-layer weights are held at a time."""


@dataclass(frozen=True, eq=False)
class FeedforwardMask:
    """The masks of the two random layers of one affine layer: `second` `[channels in, N, channels out of the group, taps]`, `constant` `[M, m]`.

    Of the first layer the weights stay of those channels that the second one uses.
    """

    second: Bool[np.ndarray, "p j q k"]
    constant: Bool[np.ndarray, "c m"]

    @property
    def kept(self) -> int:
        """Random numbers that stay, in both layers."""
        parts = (self.second, self.second.any(axis=(2, 3)), self.constant, self.constant.any(axis=1))
        return sum(int(np.count_nonzero(part)) for part in parts)


@dataclass(frozen=True, eq=False)
class FeedforwardTicket:
    """The pruned network: a source fixed by its key, and masks."""

    source: FeedforwardSource
    masks: tuple[FeedforwardMask, ...]

    @property
    def kept_parameters(self) -> int:
        """Random numbers that the masks keep."""
        return sum(mask.kept for mask in self.masks)

    def sums(self, layer: int) -> tuple[Int64[np.ndarray, "p q k"], Int64[np.ndarray, "p q k"], Int64[np.ndarray, " m"]]:
        """The subset sums that the masks choose, exactly, in units of 2^(s - 46): P over u > 0, Q (with |u|) over u < 0, and the biases."""
        source, mask = self.source, self.masks[layer]
        first = source.first(layer)
        plus, minus = [], []
        for start, stop in spans(mask.second.shape):
            chosen = np.where(mask.second[start:stop], source.second(layer, start, stop), 0)
            u = first[start:stop]
            plus.append(np.einsum("pj,pjqk->pqk", np.maximum(u, 0), chosen))
            minus.append(np.einsum("pj,pjqk->pqk", np.maximum(-u, 0), chosen))
        beta = np.maximum(source.constant_first(layer), 0)
        bias = np.einsum("j,jq->q", beta, np.where(mask.constant, source.constant_second(layer), 0))
        return np.concatenate(plus), np.concatenate(minus), bias


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


def solve_chunk(
    first: Int64[np.ndarray, "p j"], second: Int64[np.ndarray, "p j q k"], targets: Int64[np.ndarray, "p q k"], samples: int, workers: int
) -> Bool[np.ndarray, "p j q k"]:
    """The mask of the second-layer weights: for every target λ a best subset for +λ over u > 0 and one for -λ over u < 0.

    The first `samples` channels of a sign give the exact best subset; a target beyond `NEAR` is first brought nearer by the other channels, in
    order, each taken if it does not overshoot. Where more than 2^(8 - samples) is left, all channels of the sign are searched, up to
    `MOST_SAMPLES`: among the weights that are there, none is drawn again. A target 0 keeps nothing.
    """
    mask = np.zeros(second.shape, dtype=bool)
    wanted = np.argwhere(targets)
    for sign in (1, -1) if len(wanted) else ():
        usable = sign * first > 0
        # Channels of the right sign come first, in their order; where there are fewer than `samples`, the rest of a row is zero.
        order = np.argsort(~usable, axis=1, kind="stable")
        p, q, k = wanted.T
        u = np.where(np.take_along_axis(usable, order, axis=1), np.abs(np.take_along_axis(first, order, axis=1)), 0)
        products = u[p] * second[p[:, None], order[p], q[:, None], k[:, None]]
        goal = sign * targets[p, q, k]
        chosen, residual = solve_rows(products, goal, samples, workers)
        late = np.flatnonzero(np.abs(residual) > 1 << max(0, PRODUCT_BITS + 8 - samples))
        if len(late) and samples < products.shape[1]:
            again, left = solve_rows(products[late], goal[late], min(MOST_SAMPLES, products.shape[1]), workers)
            better = np.abs(left) < np.abs(residual[late])
            chosen[late[better]] = again[better]
        mask[p[:, None], order[p], q[:, None], k[:, None]] |= chosen
    return mask


def solve_rows(
    products: Int64[np.ndarray, "b n"], goal: Int64[np.ndarray, " b"], samples: int, workers: int
) -> tuple[Bool[np.ndarray, "b n"], Int64[np.ndarray, " b"]]:
    """For each row a best subset of its first `samples` products for what the later ones, each taken greedily, leave of a far goal."""
    chosen, remainder = np.zeros(products.shape, dtype=bool), goal.copy()
    far = np.flatnonzero(np.abs(goal) > NEAR)
    for j in range(samples, products.shape[1]):
        product, left = products[far, j], remainder[far]
        taken = (np.abs(left) > NEAR) & (np.sign(product) == np.sign(left)) & (np.abs(product) <= np.abs(left))
        chosen[far, j] = taken
        remainder[far] = left - np.where(taken, product, 0)
    rows = np.ascontiguousarray(products[:, :samples])
    found = solve_subset_sums(rows, remainder, objective="best", threads=workers)
    chosen[:, :samples] = found.masks & (rows != 0)
    return chosen, found.residuals


def solve_layer(target: FeedforwardTarget, source: FeedforwardSource, layer: int, samples: int, workers: int) -> FeedforwardMask:
    """The masks of one layer."""
    numbers, (scale, bias_scale) = target.layers[layer], source.scales[layer]
    wanted = by_input(numbers.weights, source.graph.affine[layer].groups)
    targets = np.rint(np.ldexp(wanted.astype(np.float64), PRODUCT_BITS - scale)).astype(np.int64)
    first = source.first(layer)
    shape = (len(targets), source.width, *targets.shape[1:])
    second = [
        solve_chunk(first[start:stop], source.second(layer, start, stop), targets[start:stop], samples, workers)
        for start, stop in spans(shape)
    ]
    bias = np.rint(np.ldexp(numbers.bias.astype(np.float64), PRODUCT_BITS - bias_scale)).astype(np.int64)
    beta = np.flatnonzero(source.constant_first(layer) > 0)[:samples]
    rows = (source.constant_first(layer)[beta, None] * source.constant_second(layer)[beta]).T
    constant = np.zeros((source.constants, len(bias)), dtype=bool)
    if len(beta):
        found = solve_subset_sums(np.ascontiguousarray(rows), bias, objective="best", threads=workers).masks
        constant[beta] = (found & (bias != 0)[:, None]).T
    return FeedforwardMask(np.concatenate(second), constant)


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
    masks = []
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
    m, _, kh, kw = source.graph.weight_shape(layer)
    groups = source.graph.affine[layer].groups
    return (source.input_channels(layer), source.width, m // groups, kh * kw), (source.constants, m)


def _name(target: FeedforwardTarget, source: FeedforwardSource, layer: int, samples: int) -> str:
    numbers = target.layers[layer]
    return digest(
        {
            "format": "feedforward-mask/3",
            "source": source.description(),
            "layer": layer,
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
