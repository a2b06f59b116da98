"""Balls of integers for a target's values and for the ticket's difference to them, and the operations without weights on them."""

from dataclasses import dataclass

import numpy as np

from numerics.feedforward.operations import Activation, Add, AveragePool, Flatten, MaxPool, Operation, Pair
from numerics.feedforward.pointwise import Pointwise


@dataclass(frozen=True, eq=False)
class Balls:
    """Objects `[batch, channels, height, width]`: the target's values `center` ± `radius`, the ticket's differ by `shift` ± `spread`."""

    center: np.ndarray
    radius: np.ndarray
    shift: np.ndarray
    spread: np.ndarray

    def arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """The four."""
        return self.center, self.radius, self.shift, self.spread


def padded(values: np.ndarray, padding: Pair, outside: int) -> np.ndarray:
    """The maps with `outside` around them."""
    batch, channels, height, width = values.shape
    result = np.full((batch, channels, height + 2 * padding[0], width + 2 * padding[1]), outside, dtype=object)
    result[:, :, padding[0] : padding[0] + height, padding[1] : padding[1] + width] = values
    return result


def middle(low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Center and radius of [low, high], rounded outwards."""
    center = low + high >> 1
    return center, high - center


def fixed(operation: Operation, read: list[Balls], bits: int, phi: Pointwise) -> Balls:
    """The operations without weights."""
    x = read[0]
    if isinstance(operation, Add):
        return Balls(*(a + b for a, b in zip(x.arrays(), read[1].arrays(), strict=True)))
    if isinstance(operation, Flatten):
        return Balls(*(values.reshape(len(values), -1, 1, 1) for values in x.arrays()))
    if isinstance(operation, Activation):
        return _relu(x) if phi.name == "relu" else _activated(x, bits, phi)
    if isinstance(operation, AveragePool):
        return _average(operation, x)
    assert isinstance(operation, MaxPool)
    return _maximum(operation, x, bits)


def _relu(x: Balls) -> Balls:
    """max(x, 0); its difference lies between 0 and that of x, and between those of the ends of the intervals."""
    low, high = x.center - x.radius, x.center + x.radius
    less, more = x.shift - x.spread, x.shift + x.spread
    low2, high2 = low + less, high + more
    center, radius = middle(np.maximum(low, 0), np.maximum(high, 0))
    active, silent = (low >= 0) & (low2 >= 0), (high <= 0) & (high2 <= 0)
    least = np.maximum(np.minimum(less, 0), np.maximum(low2, 0) - np.maximum(high, 0))
    most = np.minimum(np.maximum(more, 0), np.maximum(high2, 0) - np.maximum(low, 0))
    shift, spread = middle(least, most)
    shift, spread = np.where(active, x.shift, np.where(silent, 0, shift)), np.where(active, x.spread, np.where(silent, 0, spread))
    return Balls(center, radius, shift, spread)


def _activated(x: Balls, bits: int, phi: Pointwise) -> Balls:
    """φ of the balls; its difference is a slope between the two networks' values times theirs, and lies between the ends of the intervals."""

    def one(c: int, r: int, d: int, s: int) -> tuple[int, int, int, int]:
        low, high, less, more = c - r, c + r, d - s, d + s
        low2, high2 = low + less, high + more
        (down, up), (down2, up2) = phi.values(low, high, bits), phi.values(low2, high2, bits)
        slopes = phi.slopes(min(low, low2), max(high, high2), bits)
        products = [slope * change for slope in slopes for change in (less, more)]
        least, most = max(min(products) >> bits, down2 - up), min(-(-max(products) >> bits), up2 - down)
        center, shift = down + up >> 1, least + most >> 1
        return center, up - center, shift, most - shift

    return Balls(*(np.asarray(part, dtype=object) for part in np.frompyfunc(one, 4, 4)(*x.arrays())))


def _average(operation: AveragePool, x: Balls) -> Balls:
    """The means of the windows; centers are rounded down, radii up and one more."""
    count = operation.kernel[0] * operation.kernel[1]
    c, r, d, s = (_windows(values, operation.kernel, operation.stride).sum(axis=-1) for values in x.arrays())
    return Balls(c // count, -(-r // count) + 1, d // count, -(-s // count) + 1)


def _maximum(operation: MaxPool, x: Balls, bits: int) -> Balls:
    """The largest of each window; its difference lies between those of the entries that can be the largest in either network."""
    least = -(1 << (bits + 1000))
    low, high = x.center - x.radius, x.center + x.radius
    less, more = x.shift - x.spread, x.shift + x.spread

    def windows(values: np.ndarray, outside: int) -> np.ndarray:
        return _windows(padded(values, operation.padding, outside), operation.kernel, operation.stride)

    lows, highs, lows2, highs2 = (windows(values, least) for values in (low, high, low + less, high + more))
    low_most, low2_most = lows.max(axis=-1), lows2.max(axis=-1)
    down = np.where(highs >= low_most[..., None], windows(less, 0), -least).min(axis=-1)
    up = np.where(highs2 >= low2_most[..., None], windows(more, 0), least).max(axis=-1)
    center, radius = middle(low_most, highs.max(axis=-1))
    return Balls(center, radius, *middle(down, up))


def _windows(values: np.ndarray, kernel: Pair, stride: Pair) -> np.ndarray:
    views = np.lib.stride_tricks.sliding_window_view(values, kernel, axis=(2, 3))[:, :, :: stride[0], :: stride[1]]
    return views.reshape(*views.shape[:4], -1)
