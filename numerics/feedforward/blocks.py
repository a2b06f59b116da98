"""The subset sums of one layer in blocks that can be solved anywhere: each is a picklable description of its own."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int64

from numerics.blocks import device_here
from numerics.feedforward.graph import FeedforwardTarget
from numerics.feedforward.moves import farthest, moves_for, moves_of_products
from numerics.feedforward.pointwise import pointwise
from numerics.feedforward.solve import PRODUCT_BITS, solve_chunk
from numerics.feedforward.source import FeedforwardSource
from numerics.feedforward.ticket import mask_shapes, spans
from numerics.random_weights import GRID_BITS
from numerics.subset_sum import solve_subset_sums

CLOSE, CLOSER, CLOSEST = 15, 2, 23
"""Binary digits to which the sums over copies meet their weights, relative to the scale of the layer: in the last one, how many more for each
layer that follows, whose sums amplify what is left, and at most."""
BLOCK, ROWS = 1 << 20, 1 << 12
"""Second-layer weights of a block, and sums over copies of one."""


@dataclass(frozen=True, eq=False)
class Block:
    """The sums of a layer's input channels from `start` to `stop`; on copies, the sums so numbered of all whose goal is not 0."""

    source: FeedforwardSource
    layer: int
    start: int
    stop: int
    goals: Int64[np.ndarray, "..."]
    samples: int

    def solve(self, device: str = "cpu") -> np.ndarray:
        """Which weights are kept: `[p, N, q, taps]`, or `[sums, copies]` on copies."""
        source, device = self.source, device_here(device)
        if source.direct(self.layer):
            rows = _over_copies(source, self.layer, self.start, self.stop, self.goals)
            wanted = self.goals[self.goals != 0][self.start : self.stop]
            close = min(CLOSEST, CLOSE + CLOSER * (len(source.graph.affine) - 1 - self.layer))
            tolerance = 1 << GRID_BITS - close
            found = solve_subset_sums(rows, wanted, objective="smallest", tolerance=tolerance, device=device, threads=1)
            return found.masks & (rows != 0)
        first, second = source.first(self.layer)[self.start : self.stop], source.second(self.layer, self.start, self.stop)
        splits = pointwise(source.graph.nonlinearity).splits
        return solve_chunk(first, second, self.goals[self.start : self.stop], self.samples, device, splits=splits)


def _over_copies(source: FeedforwardSource, layer: int, start: int, stop: int, goals: np.ndarray) -> Int64[np.ndarray, "b c"]:
    values = source.second(layer, 0, source.input_channels(layer)).reshape(source.copies, *goals.shape)
    j, q, k = (part[start:stop] for part in np.nonzero(goals))
    return np.ascontiguousarray(values[:, j, q, k].T)


def goals_of(target: FeedforwardTarget, source: FeedforwardSource, layer: int) -> Int64[np.ndarray, "p q k"]:
    """What each sum is to meet: `[channels in, channels out of the group, taps]`, on copies of one copy of the inputs."""
    weights, (first, scale, _, _) = target.layers[layer].weights, source.scales[layer]
    wanted = np.tile(weights, (source.network.affine[layer].channels // len(weights), 1, 1, 1))
    units = by_input(wanted, source.graph.affine[layer].groups).astype(np.float64)
    if source.direct(layer):
        return np.rint(np.ldexp(units, GRID_BITS - scale)).astype(np.int64)
    return np.rint(np.ldexp(units / float(pointwise(source.graph.nonlinearity).carrier), PRODUCT_BITS - first - scale)).astype(np.int64)


def by_input(weights: np.ndarray, groups: int) -> np.ndarray:
    """`[m, n / groups, kh, kw]` as `[n, m / groups, taps]`: the targets of each input channel."""
    m, n, kh, kw = weights.shape
    return np.ascontiguousarray(weights.reshape(groups, m // groups, n, kh * kw).transpose(0, 2, 1, 3)).reshape(
        groups * n, m // groups, kh * kw
    )


def blocks_of(source: FeedforwardSource, layer: int, goals: np.ndarray, samples: int) -> list[Block]:
    """The blocks of a layer, the same for any number of workers."""
    if source.direct(layer):
        count = int(np.count_nonzero(goals))
        return [Block(source, layer, start, min(start + ROWS, count), goals, samples) for start in range(0, count, ROWS)]
    return [Block(source, layer, start, stop, goals, samples) for start, stop in spans(mask_shapes(source, layer)[0], BLOCK)]


def assembled(source: FeedforwardSource, layer: int, goals: np.ndarray, parts: list[np.ndarray]) -> np.ndarray:
    """The mask `[p, N, q, taps]` of a layer out of those of its blocks."""
    if not source.direct(layer):
        return np.concatenate(parts)
    mask = np.zeros((source.copies, *goals.shape), dtype=bool)
    if parts:
        mask[(slice(None), *np.nonzero(goals))] = np.concatenate(parts).T
    return mask.reshape(mask_shapes(source, layer)[0])


def moves_of(source: FeedforwardSource, layer: int, goals: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """The moves of the kept weights of a layer, int32 like its mask."""
    most = farthest(source.perturbation)
    if source.direct(layer):
        n, outputs, taps = goals.shape
        shape = (source.copies, n, outputs * taps)
        values = source.second(layer, 0, source.input_channels(layer)).reshape(shape)
        chosen = mask.reshape(shape)
        left = goals.reshape(n, -1) - np.where(chosen, values, 0).sum(axis=0)
        moves = moves_for(np.ones((n, source.copies), dtype=np.int64), chosen.transpose(1, 0, 2), left, most)
        return moves.transpose(1, 0, 2).reshape(mask.shape).astype(np.int32)
    first, splits = source.first(layer), pointwise(source.graph.nonlinearity).splits
    parts = [
        moves_of_products(first[a:b], source.second(layer, a, b), mask[a:b], goals[a:b], most, splits=splits).astype(np.int32)
        for a, b in spans(mask.shape)
    ]
    return np.concatenate(parts)
