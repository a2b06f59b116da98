"""Classifiers of scikit-learn's 8×8 digits with each activation: dense 64-64-10, and convolutional 8-16-10 with pooled means."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from torch import nn

from numerics.feedforward.targets._modules import digits_classifier
from numerics.feedforward.task import FeedforwardTask

MODULES: dict[str, type[nn.Module]] = {
    "elu": nn.ELU,
    "gelu": nn.GELU,
    "hard_tanh": nn.Hardtanh,
    "leaky_relu": nn.LeakyReLU,
    "relu": nn.ReLU,
    "selu": nn.SELU,
    "sigmoid": nn.Sigmoid,
    "silu": nn.SiLU,
    "softplus": nn.Softplus,
    "tanh": nn.Tanh,
}


def dense(activation: str) -> nn.Module:
    """Two dense layers."""
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 64), MODULES[activation](), nn.Linear(64, 10))


def convolutional(activation: str) -> nn.Module:
    """Two convolutions, each with the activation and a mean over 2×2, and a dense layer."""
    phi = MODULES[activation]
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1),
        phi(),
        nn.AvgPool2d(2),
        nn.Conv2d(8, 16, 3, padding=1),
        phi(),
        nn.AvgPool2d(2),
        nn.Flatten(),
        nn.Linear(64, 10),
    )


def build(name: str, make: Callable[[str], nn.Module], activation: str, says: str, cache: Path) -> FeedforwardTask:
    """The classifier and its test set."""
    return digits_classifier(name, lambda: make(activation), f"{says}, {activation}, on scikit-learn's digits", cache)


KINDS = {"digits": (dense, "dense 64-64-10"), "conv_digits": (convolutional, "convolutional 8-16-10 with pooled means")}
BUILDS: dict[str, Callable[[Path], FeedforwardTask]] = {
    f"{activation}_{kind}": partial(build, f"{activation}_{kind}", make, activation, says)
    for kind, (make, says) in KINDS.items()
    for activation in MODULES
}
"""By name, such as `tanh_digits` and `gelu_conv_digits`."""
