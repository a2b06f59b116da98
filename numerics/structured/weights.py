"""Normal weights on the grid of `theory.normal_grid`, read by position from the same Philox streams as all random weights."""

from functools import cache

import numpy as np
from jaxtyping import Int64, UInt64

from numerics.philox import words_at
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
    return _from_words(stream_words(key, layer, tensor, start, count))


def normal_weights_at(key: Key, layer: int, tensor: int, positions: Int64[np.ndarray, " n"]) -> Int64[np.ndarray, " n"]:
    """The weights at these positions of a tensor, in any order, without producing those between them."""
    return _from_words(words_at(key.seed, layer, tensor, positions))


def _from_words(words: UInt64[np.ndarray, " n"]) -> Int64[np.ndarray, " n"]:
    magnitude = np.searchsorted(_table(), (words & np.uint64((1 << WORD_BITS) - 1)).astype(np.int64), side="right")
    return np.where(words >> np.uint64(WORD_BITS), -magnitude, magnitude).astype(np.int64)
