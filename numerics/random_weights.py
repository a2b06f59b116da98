"""The random weights: grid numbers of up to 24 bits read by position from NumPy's Philox generator.

A weight is k·2^-b with k uniform on {±1, ..., ±2^b}: bit b of a 64-bit word is the sign, bits 0 to b - 1 are |k| - 1. The number b of
grid bits, 1 to 23, belongs to the law of the network; it is 23 unless a coarser grid is asked for. The words of tensor
t of layer i are the stream of Philox-4x64-10 (salmon2011) under the key, with counter words (block, 0, t, i): word number p is word
p mod 4 of block ⌊p/4⌋. So every weight is fixed by (key, layer, tensor, position) alone and can be regenerated alone.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int64

from theory.errors import OutOfRange

GRID_BITS = 23
MAGNITUDE = 1 << GRID_BITS

FIRST, SECOND, CONSTANT_FIRST, CONSTANT_SECOND = range(4)
"""The tensors of a layer: u of the signal channels, v of the signal channels, u and v of the constant channels."""


@dataclass(frozen=True)
class Key:
    """The seed of a random network: an integer 0 ≤ seed < 2¹²⁸. With the widths it determines every random weight."""

    seed: int

    def __post_init__(self) -> None:
        if isinstance(self.seed, bool) or not isinstance(self.seed, int) or not 0 <= self.seed < 2**128:
            raise OutOfRange(f"key {self.seed!r}: an integer from 0 to 2¹²⁸ - 1 was expected.")


def grid_weights(key: Key, layer: int, tensor: int, start: int, count: int, grid_bits: int = GRID_BITS) -> Int64[np.ndarray, " count"]:
    """The integers k of `count` consecutive weights of a tensor, from position `start` on; the weights are k·2^-grid_bits."""
    require_grid(grid_bits)
    if start < 0 or count < 0:
        raise OutOfRange(f"weights {start} to {start + count} of layer {layer}: positions and counts are not negative.")
    block, offset = divmod(start, 4)
    # NumPy increments the 256-bit counter before it produces a block, so block b needs the counter b - 1.
    counter = (layer << 192 | tensor << 128 | block) - 1
    generator = np.random.Philox(key=key.seed, counter=counter % 2**256)
    words = generator.random_raw(offset + count)[offset:]
    largest = 1 << grid_bits
    magnitude = (words & np.uint64(largest - 1)).astype(np.int64) + 1
    return np.where(words & np.uint64(largest), -magnitude, magnitude)


def require_grid(grid_bits: int) -> None:
    """Raise `OutOfRange` unless 1 ≤ `grid_bits` ≤ 23."""
    if isinstance(grid_bits, bool) or not isinstance(grid_bits, int) or not 1 <= grid_bits <= GRID_BITS:
        raise OutOfRange(f"grid_bits = {grid_bits!r}: an integer from 1 to {GRID_BITS} was expected; weights are k·2^-grid_bits.")
