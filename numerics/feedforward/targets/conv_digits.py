"""A convolutional ReLU classifier with max pooling, 8 and 16 channels, of scikit-learn's 8×8 digits."""

from pathlib import Path

from torch import nn

from numerics.feedforward.targets._modules import digits_classifier
from numerics.feedforward.task import FeedforwardTask


def network() -> nn.Module:
    """Two convolutions, each with ReLU and a maximum over 2×2, and a dense layer."""
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(64, 10),
    )


def build(cache: Path) -> FeedforwardTask:
    """The classifier and its test set."""
    return digits_classifier("conv_digits", network, "convolutional 8-16-10 with max pooling on scikit-learn's digits", cache)
