"""Convolutional networks in integers: signals over a power of two, every sum within 64 bits."""

from dataclasses import dataclass

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch.nn import functional

from theory.errors import OutOfRange

MOST = 1 << 53


@dataclass(frozen=True, eq=False)
class Signal:
    """`values`·2^-`bits`, int64 `[batch, channels, height, width]`.

    `largest` is, of what a convolution made, the largest sum of absolute values of all that an output added up, in units of 2^-bits.
    """

    values: np.ndarray
    bits: int
    largest: float = 0.0


def enlarged(bits: int) -> np.ndarray:
    """scikit-learn's digits as MNIST lays out its own: 20×20 pixels, by cubic interpolation, in the middle of 28×28.

    Rounded to multiples of 2^-bits in [0, 1], in these units, int64 `[1797, 1, 28, 28]`.
    """
    pixels = torch.from_numpy(load_digits(return_X_y=True)[0].reshape(-1, 1, 8, 8) / 16)
    images = functional.pad(functional.interpolate(pixels, size=(20, 20), mode="bicubic", align_corners=False), (4, 4, 4, 4))
    return np.rint(np.ldexp(images.clamp(0, 1).numpy(), bits)).astype(np.int64)


def convolved(signal: Signal, weights: np.ndarray, bits: int) -> Signal:
    """With kernels `[m, n, taps]` of odd square size, zero-padded; float64 adds integers below 2^53 exactly, and larger are refused."""
    m, n, taps = weights.shape
    side = int(np.sqrt(taps))
    kernel, values = (torch.from_numpy(part.astype(np.float64)) for part in (weights.reshape(m, n, side, side), signal.values))
    largest = functional.conv2d(values.abs(), kernel.abs(), padding=side // 2).max()
    if largest > MOST or np.abs(signal.values).max(initial=0) > MOST:
        raise OutOfRange(f"sums of up to {float(largest):.3g} units; at most 2^53 are computed exactly here.")
    return Signal(functional.conv2d(values, kernel, padding=side // 2).numpy().astype(np.int64), signal.bits + bits, float(largest))


def biased(signal: Signal, offset: np.ndarray, bits: int) -> Signal:
    """Plus offset·2^-bits, `[m]`, on channel by channel."""
    return Signal(signal.values + (offset << (signal.bits - bits))[:, None, None], signal.bits, signal.largest)


def positive(signal: Signal) -> Signal:
    """ReLU."""
    return Signal(np.maximum(signal.values, 0), signal.bits)


def pooled(signal: Signal) -> Signal:
    """The largest of each 2×2 pixels."""
    batch, channels, height, width = signal.values.shape
    return Signal(signal.values.reshape(batch, channels, height // 2, 2, width // 2, 2).max(axis=(3, 5)), signal.bits)


def flattened(signal: Signal) -> Signal:
    """One pixel with a channel for every number."""
    return Signal(signal.values.reshape(len(signal.values), -1, 1, 1), signal.bits)
