"""By how much each kept weight is moved, so that its subset sum comes nearer to what it is to meet (xiong2023)."""

from fractions import Fraction

import numpy as np
from jaxtyping import Bool, Int64

from numerics.random_weights import GRID_BITS
from theory.errors import OutOfRange


def require_perturbation(perturbation: Fraction) -> None:
    """Raise `OutOfRange` unless 0 ≤ e ≤ 1."""
    if not isinstance(perturbation, Fraction) or not 0 <= perturbation <= 1:
        raise OutOfRange(
            f"perturbation {perturbation}: a rational 0 ≤ e ≤ 1 was expected, the share of its layer's scale that a kept weight may move by."
        )


def farthest(perturbation: Fraction) -> int:
    """⌊e·2²³⌋: by how many units of the grid of its scale a weight may move."""
    return int(perturbation * (1 << GRID_BITS))


def moves_for(
    factors: Int64[np.ndarray, "r n"], mask: Bool[np.ndarray, "r n t"], left: Int64[np.ndarray, "r t"], most: int
) -> Int64[np.ndarray, "r n t"]:
    """Integers δ, |δ| ≤ `most`, for the kept weights: Σ factor·δ is to be what is `left` of each sum.

    The largest factors come first, each with the nearest integer, so that little is left to the small ones, which are the finest; after
    every step |left| is at most what it was: a sum is never farther from its goal than without moves (xiong2023.monotone).
    """
    moves, left, rows = np.zeros(mask.shape, dtype=np.int64), left.copy(), np.arange(len(factors))
    order = np.argsort(-np.abs(factors), axis=1, kind="stable")
    for channel in order.T:
        factor = factors[rows, channel][:, None]
        size = np.maximum(np.abs(factor), 1)
        nearest = np.sign(factor) * np.sign(left) * ((2 * np.abs(left) + size) // (2 * size))
        step = np.where(mask[rows, channel], np.clip(nearest, -most, most), 0)
        moves[rows, channel] = step
        left -= factor * step
    return moves


def moves_of_products(
    first: Int64[np.ndarray, "p j"],
    second: Int64[np.ndarray, "p j q k"],
    mask: Bool[np.ndarray, "p j q k"],
    goals: Int64[np.ndarray, "p q k"],
    most: int,
    *,
    splits: bool,
) -> Int64[np.ndarray, "p j q k"]:
    """Moves of the chosen v: towards +λ for Σ v|u| over u > 0 and -λ over u < 0, or λ for Σ vu where the activation does not split signs."""
    p, j, q, k = mask.shape
    moves = np.zeros((p, j, q * k), dtype=np.int64)
    for sign in (1, -1) if splits else (0,):
        usable = sign * first > 0 if sign else first != 0
        factors = np.where(usable, np.abs(first) if sign else first, 0)
        chosen = (mask & usable[:, :, None, None]).reshape(p, j, q * k)
        found = np.einsum("pj,pjt->pt", factors, np.where(chosen, second.reshape(p, j, q * k), 0))
        moves += moves_for(factors, chosen, (sign or 1) * goals.reshape(p, q * k) - found, most)
    return moves.reshape(mask.shape)
