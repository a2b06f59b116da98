"""The laws of a feedforward source's weights: uniform, normal, in pairs of opposite sign; and which weights are there at all."""

from fractions import Fraction
from typing import Literal, get_args

import numpy as np
from jaxtyping import Bool, Int64

from numerics.random_weights import GRID_BITS, Key, grid_weights, stream_words
from numerics.structured.weights import normal_weights
from theory.errors import OutOfRange
from theory.normal_grid import GRID_BITS as NORMAL_BITS

Law = Literal["uniform", "normal", "looks_linear"]
PRESENCE = 4
"""Added to the number of a tensor: the tensor of the words that decide which of its weights are there."""
WORD = 1 << 64


def require_law(law: str, density: Fraction) -> None:
    """Raise `OutOfRange` for an unknown law, or a density that is not in (0, 1]."""
    if law not in get_args(Law):
        raise OutOfRange(f"law {law!r}: one of {', '.join(get_args(Law))} was expected.")
    if not isinstance(density, Fraction) or not 0 < density <= 1:
        raise OutOfRange(f"density {density}: a rational 0 < p ≤ 1 was expected.")


def drawn(law: Law, key: Key, layer: int, tensor: int, start: int, count: int) -> Int64[np.ndarray, " count"]:
    """`count` weights in units of 2⁻²³: uniform on the grid of [-1, 1], or standard normal rounded to the grid of 2⁻¹²."""
    if law == "normal":
        return normal_weights(key, layer, tensor, start, count) << GRID_BITS - NORMAL_BITS
    return grid_weights(key, layer, tensor, start, count)


def kept(density: Fraction, key: Key, layer: int, tensor: int, start: int, count: int) -> Bool[np.ndarray, " count"]:
    """Which of the weights are there: those whose word is below ⌈density·2⁶⁴⌉, of `stream_words` of a tensor of their own."""
    threshold = threshold_of(density)
    return stream_words(key, layer, tensor + PRESENCE, start, count) <= np.uint64(threshold - 1)


def threshold_of(density: Fraction) -> int:
    """⌈density·2⁶⁴⌉: so many of the 2⁶⁴ words keep a weight."""
    return -(-density.numerator * WORD // density.denominator)
