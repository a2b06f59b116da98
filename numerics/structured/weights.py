"""Normal weights on the grid of `theory.normal_grid`, read by position from the same Philox streams as all random weights."""

from functools import cache

import numpy as np
from jaxtyping import Int64

from numerics.random_weights import Key, stream_words
from theory.normal_grid import GRID_BITS, WORD_BITS, thresholds

FIRST, SECOND, CONSTANT_FIRST, CONSTANT_SECOND = range(4, 8)
"""The tensors of a layer, numbered after those of the uniform weights: no word serves two laws."""
PRODUCT_BITS = 2 * GRID_BITS


@cache
def _table() -> Int64[np.ndarray, " k"]:
    return np.array(thresholds(), dtype=np.int64)


def normal_weights(key: Key, layer: int, tensor: int, start: int, count: int) -> Int64[np.ndarray, " count"]:
    """`count` consecutive weights of a tensor, from position `start` on, in units of 2⁻¹²."""
    words = stream_words(key, layer, tensor, start, count)
    magnitude = np.searchsorted(_table(), (words & np.uint64((1 << WORD_BITS) - 1)).astype(np.int64), side="right")
    return np.where(words >> np.uint64(WORD_BITS), -magnitude, magnitude).astype(np.int64)
