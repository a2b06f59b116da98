"""Subset sums of a layer: for every target a best subset of the products that can carry it."""

import numpy as np
from jaxtyping import Bool, Int64

from numerics.random_weights import GRID_BITS
from numerics.subset_sum import solve_subset_sums

PRODUCT_BITS = 2 * GRID_BITS
MOST_SAMPLES = 36
NEAR = 1 << (PRODUCT_BITS - 2)
"""One quarter: what an exact sum over some two dozen products reaches with room to spare."""


def solve_chunk(
    first: Int64[np.ndarray, "p j"],
    second: Int64[np.ndarray, "p j q k"],
    targets: Int64[np.ndarray, "p q k"],
    samples: int,
    device: str = "cpu",
    *,
    splits: bool = True,
) -> Bool[np.ndarray, "p j q k"]:
    """The mask of the second-layer weights: for every target λ a best subset for +λ over u > 0 and one for -λ over u < 0.

    Where the activation does not split the signs of x, one best subset for λ over all channels.

    The first `samples` channels of a sign give the exact best subset; a target beyond `NEAR` is first brought nearer by the other channels, in
    order, each taken if it does not overshoot. Where more than 2^(8 - samples) is left, all channels of the sign are searched, up to
    `MOST_SAMPLES`: among the weights that are there, none is drawn again. A target 0 keeps nothing.
    """
    mask = np.zeros(second.shape, dtype=bool)
    wanted = np.argwhere(targets)
    for sign in ((1, -1) if splits else (0,)) if len(wanted) else ():
        usable = sign * first > 0 if sign else np.ones(first.shape, dtype=bool)
        # Channels of the right sign come first, in their order; where there are fewer than `samples`, the rest of a row is zero.
        order = np.argsort(~usable, axis=1, kind="stable")
        p, q, k = wanted.T
        ordered = np.take_along_axis(first, order, axis=1)
        u = np.where(np.take_along_axis(usable, order, axis=1), np.abs(ordered) if sign else ordered, 0)
        products = u[p] * second[p[:, None], order[p], q[:, None], k[:, None]]
        goal = (sign or 1) * targets[p, q, k]
        chosen, residual = solve_rows(products, goal, samples, device)
        late = np.flatnonzero(np.abs(residual) > 1 << max(0, PRODUCT_BITS + 8 - samples))
        if len(late) and samples < products.shape[1]:
            again, left = solve_rows(products[late], goal[late], min(MOST_SAMPLES, products.shape[1]), device)
            better = np.abs(left) < np.abs(residual[late])
            chosen[late[better]] = again[better]
        mask[p[:, None], order[p], q[:, None], k[:, None]] |= chosen
    return mask


def solve_rows(
    products: Int64[np.ndarray, "b n"], goal: Int64[np.ndarray, " b"], samples: int, device: str = "cpu"
) -> tuple[Bool[np.ndarray, "b n"], Int64[np.ndarray, " b"]]:
    """For each row a best subset of its first `samples` products other than 0, for what the later ones, each taken greedily, leave of a far
    goal; and the residuals.
    """
    order = np.argsort(products == 0, axis=1, kind="stable")
    ordered = np.take_along_axis(products, order, axis=1)
    chosen, remainder = np.zeros(products.shape, dtype=bool), goal.copy()
    far = np.flatnonzero(np.abs(goal) > NEAR)
    for j in range(samples, products.shape[1]):
        product, left = ordered[far, j], remainder[far]
        taken = (product != 0) & (np.abs(left) > NEAR) & (np.sign(product) == np.sign(left)) & (np.abs(product) <= np.abs(left))
        chosen[far, j] = taken
        remainder[far] = left - np.where(taken, product, 0)
    residuals = -remainder
    counts = np.count_nonzero(ordered[:, :samples], axis=1)
    for count in np.unique(counts[counts > 0]):
        rows = np.flatnonzero(counts == count)
        part = np.ascontiguousarray(ordered[rows, :count])
        found = solve_subset_sums(part, remainder[rows], objective="best", device=device, threads=1)
        chosen[rows[:, None], np.arange(count)] = found.masks
        residuals[rows] = found.residuals
    result = np.zeros_like(chosen)
    np.put_along_axis(result, order, chosen, axis=1)
    return result, residuals
