"""A depthwise separable classifier of digits: 3×3 filters on each of four subsampled images, a 1×1 convolution to 8 channels, a linear head."""

from pathlib import Path

import numpy as np

from numerics.layer import LayerShape
from numerics.structured.network import BlockedArchitecture, BlockedLayer, StructuredTarget, depthwise, grouped, output_groups
from numerics.structured.targets import StructuredTask
from numerics.structured.targets._training import digits_split, largest_norm, plain, rescaled, shifts, trained
from numerics.structured.targets.filters import convolution, near
from numerics.targets._training import radius_of

RECIPE = {"seed": 0, "epochs": 40, "rate": 0.02, "decay": 1.0, "batch": 64, "smoothing": 0.1}
SCALES = (2, 2)
SIDE, INPUTS, CHANNELS, CLASSES, GROUP = 4, 4, 8, 10, 5


def architecture() -> BlockedArchitecture:
    """4 channels of 4×4 → the same, depthwise (D = 9), → 8 channels (D = 8), 128 numbers → 10 logits in two groups of 5 (D = 5)."""
    images, features = plain(SIDE**2, INPUTS, shifts(SIDE, 1)), plain(SIDE**2, CHANNELS, shifts(SIDE, 1))
    first = convolution(images, images, near(SIDE, 1))
    second = convolution(images, features, near(SIDE, 0))
    head = LayerShape(plain(1, CHANNELS * SIDE**2), plain(1, CLASSES))
    return BlockedArchitecture(
        (
            BlockedLayer(first, depthwise(INPUTS), output_groups(INPUTS, INPUTS)),
            BlockedLayer(second, grouped(INPUTS, CHANNELS, CHANNELS), output_groups(CHANNELS, CHANNELS)),
            BlockedLayer(head, grouped(CHANNELS * SIDE**2, CLASSES, GROUP), output_groups(CLASSES, GROUP)),
        )
    )


def subsampled(images: np.ndarray) -> np.ndarray:
    """An image `[8, 8]` as four `[16]`: the pixels of each parity of row and column."""
    return np.ascontiguousarray(images.reshape(-1, SIDE, 2, SIDE, 2).transpose(0, 2, 4, 1, 3).reshape(-1, INPUTS, SIDE**2))


def build(cache: Path) -> StructuredTask:
    """The classifier (trained in seconds, or read from `cache`) and its test set."""
    shape = architecture()
    train_x, test_x, train_y, test_y = digits_split()
    layers = trained(cache / "structured_separable.safetensors", shape, subsampled(train_x), train_y, **RECIPE)
    target = StructuredTarget("structured_separable", shape, rescaled(layers, SCALES), largest_norm(radius_of))
    return StructuredTask(target, subsampled(test_x), test_y, "depthwise 3×3, 1×1 and a linear head on scikit-learn's digits, subsampled")
