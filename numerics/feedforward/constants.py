"""The constant channels of a source: what they carry, and which of them make up a bias."""

import numpy as np
from jaxtyping import Bool, Int32, Int64

from numerics.feedforward.graph import FeedforwardTarget
from numerics.feedforward.moves import farthest, moves_for
from numerics.feedforward.pointwise import pointwise
from numerics.feedforward.solve import PRODUCT_BITS, solve_rows
from numerics.feedforward.source import FeedforwardSource
from numerics.random_weights import GRID_BITS

CONSTANT_BITS = 128
"""Binary digits of the values φ(β) of constant channels."""
OUT_OF_REACH = 1 << (PRODUCT_BITS + 6)
"""More than any sum of 64 products; a sum that is farther is as far as this."""


def constant_values(source: FeedforwardSource, layer: int) -> tuple[np.ndarray, np.ndarray]:
    """φ(β) of the constant channels, rounded down and up in units of 2^-`CONSTANT_BITS`, objects `[M]`."""
    phi = pointwise(source.graph.nonlinearity)
    ends = [phi.value_at(int(k), GRID_BITS, CONSTANT_BITS) for k in source.constant_first(layer)]
    low, high = (np.array([end[side] for end in ends], dtype=object) for side in range(2))
    return low, high


def solve_constants(
    target: FeedforwardTarget, source: FeedforwardSource, layer: int, brought: Int64[np.ndarray, " m"], samples: int
) -> tuple[Bool[np.ndarray, "c m"], np.ndarray]:
    """The mask of the constant channels, and what is left in units of products on the last scale, objects `[m]`.

    For every output it is a best subset of v·φ(β) for its bias less φ(0) times `brought`, the sum of its weights v. Far ones are first brought
    nearer, as in `solve_chunk`; what the first channels do not meet is sought among the last. Where φ(0) ≠ 0 all are far: the first half of the
    channels brings them near, on its scale, and the rest meets what is left on theirs.
    """
    constants = source.constants_of(layer)
    if not constants:
        return np.zeros((0, source.network.affine[layer].channels), dtype=bool), np.zeros(
            source.network.affine[layer].channels, dtype=object
        )
    bias, (_, scale, coarse, fine) = target.layers[layer].bias, source.scales[layer]
    bias = np.tile(bias, source.network.affine[layer].channels // len(bias))
    at_zero = 0 if source.direct(layer) else pointwise(source.graph.nonlinearity).value_at(0, GRID_BITS, CONSTANT_BITS)[0]
    goal = np.rint(np.ldexp(bias.astype(np.float64), PRODUCT_BITS - fine)).astype(np.int64).astype(object)
    if at_zero:
        sums = brought.astype(object) * at_zero
        goal = goal - (sums << max(0, scale - fine) >> CONSTANT_BITS - GRID_BITS + max(0, fine - scale))
    value = constant_values(source, layer)[0]
    products = source.constant_second(layer).astype(object) * value[:, None] >> CONSTANT_BITS - GRID_BITS
    mask = np.zeros(products.shape, dtype=bool)
    half = constants // 2
    for part, finer in ((range(half), coarse - fine), (range(half, constants), 0)) if at_zero else ((range(constants), 0),):
        used = np.array([j for j in part if value[j] != 0], dtype=np.int64)
        if not len(used):
            continue
        rows = np.ascontiguousarray((products[used] >> finer).T.astype(np.int64))
        wanted = np.clip(goal >> finer, -OUT_OF_REACH, OUT_OF_REACH).astype(np.int64)
        found, left = solve_rows(rows, wanted, min(samples, len(used)))
        late = np.flatnonzero(np.abs(left) > 1 << max(0, PRODUCT_BITS + 8 - samples))
        if len(late) and len(used) > samples:  # too few products of the right sign: from the other end
            again, rest = solve_rows(np.ascontiguousarray(rows[late, ::-1]), wanted[late], samples)
            better = np.abs(rest) < np.abs(left[late])
            found[late[better]] = again[better, ::-1]
        mask[used] = (found & (goal != 0 if at_zero else bias != 0)[:, None]).T
        goal = goal - np.where(mask[used], products[used], 0).sum(axis=0)
    return mask, goal


def constant_moves(source: FeedforwardSource, layer: int, mask: Bool[np.ndarray, "c m"], left: np.ndarray) -> Int32[np.ndarray, "c m"]:
    """The moves of the kept weights of the constant channels, each on its own scale, for what is `left` of each bias."""
    value = (constant_values(source, layer)[0] >> CONSTANT_BITS - GRID_BITS).astype(np.int64)
    factors = source.on_constant_scales(layer, value[:, None])[:, 0]
    wanted = np.clip(left, -OUT_OF_REACH, OUT_OF_REACH).astype(np.int64)
    return moves_for(factors[None], mask[None], wanted[None], farthest(source.perturbation))[0].astype(np.int32)
