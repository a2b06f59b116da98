"""A Deep Sets classifier of digits seen as sets of bright pixels (x, y, intensity): S_n-equivariant layers, then a sum over the set."""

from pathlib import Path

import numpy as np
from jaxtyping import Float64
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from numerics.layer import Space, trivial
from numerics.network import Architecture, Target
from numerics.targets import Task
from numerics.targets._training import cached, radius_of, train
from theory.instantiations.sets import Sets
from theory.representation import PermutationRepresentation

ELEMENTS = 28
RECIPE = {"seed": 0, "epochs": 400, "rate": 0.02, "decay": 0.02, "batch": 64}


def bright_pixels(images: Float64[np.ndarray, "N 64"], count: int = ELEMENTS) -> Float64[np.ndarray, "N 3 count"]:
    """The `count` brightest pixels of each 8×8 image as a set: position x, y in [-1, 1] and intensity in [0, 1]; ties by pixel number."""
    order = np.argsort(-images, axis=1, kind="stable")[:, :count]
    row, column = np.divmod(order, 8)
    return np.stack([column / 3.5 - 1, row / 3.5 - 1, np.take_along_axis(images, order, axis=1)], axis=1)


def build(cache: Path) -> Task:
    """The classifier (trained in seconds, or read from `cache`) and its test set: a third of the 1797 digits, split stratified with seed 0."""
    images, labels = load_digits(return_X_y=True)
    sets = bright_pixels(images / 16.0)
    train_x, test_x, train_y, test_y = train_test_split(sets, labels, test_size=1 / 3, random_state=0, stratify=labels)
    elements = Sets(ELEMENTS).representation()
    assert isinstance(elements, PermutationRepresentation)
    scalar = trivial(elements.group)
    architecture = Architecture((Space(elements, 3), Space(elements, 48), Space(elements, 48), Space(scalar, 32), Space(scalar, 10)))
    layers = cached(
        cache / "sets.safetensors", RECIPE, architecture, lambda: train(architecture, train_x, train_y, **RECIPE)  # pyright: ignore[reportArgumentType]
    )  # fmt: skip
    target = Target("sets", architecture, layers, radius_of(sets))
    return Task(
        target,
        np.ascontiguousarray(test_x),
        np.asarray(test_y),
        f"Deep Sets on the {ELEMENTS} brightest pixels of scikit-learn's digits",
    )
