"""A convolutional classifier of digits: a 3×3 filter from one channel to one, 2×2 filters of stride 2 to two channels, a linear head."""

from pathlib import Path

import numpy as np

from numerics.layer import LayerShape, Space, Support
from numerics.structured.network import BlockedArchitecture, BlockedLayer, StructuredTarget, grouped, output_groups
from numerics.structured.targets import StructuredTask
from numerics.structured.targets._training import digits_split, largest_norm, plain, rescaled, shifts, trained
from numerics.targets._training import radius_of
from theory.intertwiner import orbit_labels
from theory.kernel import Inside, support_of

RECIPE = {"seed": 0, "epochs": 60, "rate": 0.02, "decay": 1.0, "batch": 64, "smoothing": 0.1}
SCALES = (2, 2)
SIDE, CHANNELS, CLASSES, GROUP = 8, 2, 10, 5


def filter_support(domain: Space, codomain: Space, inside: Inside) -> Support:
    """The operators between two images that a filter with this predicate (output point, input point) keeps."""
    labels = orbit_labels(domain.representation, codomain.representation, list(zip(domain.sharing, codomain.sharing, strict=True)))
    return support_of(labels, domain.representation.dimension, inside, "the filter at")


def near(side: int, reach: int) -> Inside:
    """Whether two pixels of a square image are at most `reach` apart in each direction."""
    return lambda y, x: abs(y // side - x // side) <= reach and abs(y % side - x % side) <= reach


def convolution(domain: Space, codomain: Space, inside: Inside) -> LayerShape:
    """A layer of filters; the first random layer is a 1×1 filter."""
    return LayerShape(domain, codomain, filter_support(domain, codomain, inside), filter_support(domain, domain, lambda y, x: y == x))


def architecture() -> BlockedArchitecture:
    """8×8 → 8×8 (D = 9), 8×8 → 2 channels of 4×4 (D = 8), 32 numbers → 10 logits in two groups of 5 (D = 5)."""
    half = SIDE // 2
    image, coarse = plain(SIDE**2, 1, shifts(SIDE, 1)), plain(SIDE**2, 1, shifts(SIDE, 2))
    cells = plain(half**2, CHANNELS, shifts(half, 1))
    first = convolution(image, image, near(SIDE, 1))
    second = convolution(coarse, cells, lambda y, x: (y // half, y % half) == (x // SIDE // 2, x % SIDE // 2))
    head = LayerShape(plain(1, CHANNELS * half**2), plain(1, CLASSES))
    return BlockedArchitecture(
        (
            BlockedLayer(first, grouped(1, 1, 1), output_groups(1, 1)),
            BlockedLayer(second, grouped(1, CHANNELS, CHANNELS), output_groups(CHANNELS, CHANNELS)),
            BlockedLayer(head, grouped(CHANNELS * half**2, CLASSES, GROUP), output_groups(CLASSES, GROUP)),
        )
    )


def build(cache: Path) -> StructuredTask:
    """The classifier (trained in seconds, or read from `cache`) and its test set."""
    shape = architecture()
    train_x, test_x, train_y, test_y = digits_split()
    layers = trained(cache / "structured_filters.safetensors", shape, train_x.reshape(-1, 1, SIDE**2), train_y, **RECIPE)
    target = StructuredTarget("structured_filters", shape, rescaled(layers, SCALES), largest_norm(radius_of))
    inputs = np.ascontiguousarray(test_x.reshape(-1, 1, SIDE**2))
    return StructuredTask(target, inputs, test_y, "a 3×3 filter, two 2×2 filters of stride 2 and a linear head on scikit-learn's digits")
