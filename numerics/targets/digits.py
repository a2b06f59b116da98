"""A dense ReLU classifier, 64-64-10 with biases, of scikit-learn's 8×8 handwritten digits."""

from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from numerics.layer import Space, trivial
from numerics.network import Architecture, Target
from numerics.targets import Task
from numerics.targets._training import cached, radius_of, train
from theory.group import PermutationGroup

RECIPE = {"seed": 0, "epochs": 40, "rate": 0.05, "decay": 0.1, "batch": 64}


def build(cache: Path) -> Task:
    """The classifier (trained in seconds, or read from `cache`) and its test set: a third of the 1797 images, split stratified with seed 0."""
    images, labels = load_digits(return_X_y=True)
    images = images.reshape(-1, 64, 1) / 16.0
    train_x, test_x, train_y, test_y = train_test_split(images, labels, test_size=1 / 3, random_state=0, stratify=labels)
    scalar = trivial(PermutationGroup([], degree=1))
    architecture = Architecture((Space(scalar, 64), Space(scalar, 64), Space(scalar, 10)))
    layers = cached(
        cache / "digits.safetensors", RECIPE, architecture, lambda: train(architecture, train_x, train_y, **RECIPE)  # pyright: ignore[reportArgumentType]
    )  # fmt: skip
    target = Target("digits", architecture, layers, radius_of(images), nonnegative=True)
    return Task(target, np.ascontiguousarray(test_x), np.asarray(test_y), "dense 64-64-10 on scikit-learn's digits")
