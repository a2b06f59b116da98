"""The random weights of a key, by position: Philox-4x64-10 written out again."""

from collections.abc import Iterable, Iterator

FINEST_GRID = 23


def philox(key: int, counter: int) -> tuple[int, int, int, int]:
    """One block of Philox-4x64-10 (Salmon et al. 2011): a 128-bit key and a 256-bit counter to four 64-bit words."""
    mask = (1 << 64) - 1
    k0, k1 = key & mask, key >> 64
    c0, c1, c2, c3 = (counter >> shift & mask for shift in (0, 64, 128, 192))
    for _ in range(10):
        high, low = divmod(0xD2E7470EE14C6C93 * c0, 1 << 64)
        high2, low2 = divmod(0xCA5A826395121157 * c2, 1 << 64)
        c0, c1, c2, c3 = high2 ^ c1 ^ k0, low2, high ^ c3 ^ k1, low
        k0, k1 = k0 + 0x9E3779B97F4A7C15 & mask, k1 + 0xBB67AE8584CAA73B & mask
    return c0, c1, c2, c3


def weight_of(word: int, grid_bits: int = FINEST_GRID) -> int:
    """The weight k, in units of 2^-b, of a 64-bit word: bit b the sign, the b lowest bits the magnitude minus one."""
    magnitude = (word & (1 << grid_bits) - 1) + 1
    return -magnitude if word >> grid_bits & 1 else magnitude


def weights(key: int, grid_bits: int, layer: int, tensor: int, positions: Iterable[int]) -> Iterator[int]:
    """The weights of a tensor at increasing positions."""
    block, words = -1, (0, 0, 0, 0)
    for position in positions:
        if position >> 2 != block:
            block = position >> 2
            words = philox(key, layer << 192 | tensor << 128 | block)
        yield weight_of(words[position & 3], grid_bits)


def present(key: int, layer: int, tensor: int, positions: Iterable[int], threshold: int) -> Iterator[bool]:
    """Whether the weights at increasing positions are there: those whose word, of a tensor four further, is below the threshold."""
    block, words = -1, (0, 0, 0, 0)
    for position in positions:
        if position >> 2 != block:
            block = position >> 2
            words = philox(key, layer << 192 | tensor + 4 << 128 | block)
        yield words[position & 3] < threshold
