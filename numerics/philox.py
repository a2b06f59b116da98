"""Single words of NumPy's Philox-4x64-10 stream by position (salmon2011), compiled: for weights that lie far apart."""

import inspect
from functools import cache
from typing import Any

import numpy as np
from jaxtyping import Int64, UInt64

MULTIPLIERS = (0xD2E7470EE14C6C93, 0xCA5A826395121157)
INCREMENTS = (0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B)
WORD = (1 << 64) - 1


def words_at(key: int, layer: int, tensor: int, positions: Int64[np.ndarray, " n"]) -> UInt64[np.ndarray, " n"]:
    """The 64-bit words number `positions` (from 0, any order) of tensor `tensor` of layer `layer` under a 128-bit key.

    They are those of `numpy.random.Philox` at the counter (position // 4, 0, tensor, layer), without producing the words between.
    """
    fixed = np.array([key & WORD, key >> 64, tensor, layer], dtype=np.uint64)
    return _compiled()(fixed, np.ascontiguousarray(positions, dtype=np.int64))


def _high_product(a: Any, b: Any) -> Any:
    """The high 64 bits of the 128-bit product."""
    low, half = np.uint64(0xFFFFFFFF), np.uint64(32)
    al, ah, bl, bh = a & low, a >> half, b & low, b >> half
    middle = ah * bl + (al * bl >> half)
    return ah * bh + (middle >> half) + (al * bh + (middle & low) >> half)


@cache
def _compiled() -> Any:
    from numba import njit

    high_product: Any = njit(inspect.unwrap(_high_product))
    m0, m1 = (np.uint64(m) for m in MULTIPLIERS)
    w0, w1 = (np.uint64(w) for w in INCREMENTS)

    def words(fixed: Any, positions: Any) -> Any:
        result = np.empty(len(positions), np.uint64)
        for i in range(len(positions)):
            c0, c1, c2, c3 = np.uint64(positions[i] >> 2), np.uint64(0), fixed[2], fixed[3]
            k0, k1 = fixed[0], fixed[1]
            for _ in range(10):
                h0, h1 = high_product(m0, c0), high_product(m1, c2)
                c0, c1, c2, c3 = h1 ^ c1 ^ k0, m1 * c2, h0 ^ c3 ^ k1, m0 * c0
                k0, k1 = k0 + w0, k1 + w1
            which = positions[i] & 3
            result[i] = c0 if which == 0 else c1 if which == 1 else c2 if which == 2 else c3
        return result

    return njit(cache=True, nogil=True)(inspect.unwrap(words))
