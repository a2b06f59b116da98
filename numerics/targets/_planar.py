"""Steerable convolutional classifiers of digits whose predictions do not change when the image is turned, or turned and reflected."""

from pathlib import Path

import numpy as np
from jaxtyping import Float64
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from numerics.execute import run_target
from numerics.layer import Space, Support, trivial
from numerics.network import Architecture, Target
from numerics.targets import Task, digits
from numerics.targets._training import balanced, cached, radius_of, train
from theory.instantiations.planar import Planar
from theory.intertwiner import orbit_labels
from theory.kernel import support_of

SIDE = 8


def steerable_architecture(fields: Planar, channels: int, features: int, classes: int = 10) -> Architecture:
    """Two layers of zero-padded filters to `channels` regular fields, a layer to `features` invariants, and a logit for each class."""
    size = fields.fibre("regular")
    image = Space(fields.field_representation("trivial"), 1, fields.field_sharing("trivial"))
    regular = Space(fields.field_representation("regular"), channels, fields.field_sharing("regular"))
    point = trivial(regular.representation.group)
    nowhere = ((-1,),) * len(regular.sharing)

    def support(domain: Space, codomain: Space, sizes: tuple[int, int], reach: int) -> Support:
        sharing = list(zip(domain.sharing, codomain.sharing, strict=True))
        labels = orbit_labels(domain.representation, codomain.representation, sharing)
        into, out = sizes
        return support_of(labels, domain.representation.dimension, lambda y, x: fields.near(y // out, x // into, reach), "the filter at")

    inner = support(regular, regular, (size, size), 0)
    supports = (
        (support(image, regular, (1, size), fields.k // 2), support(image, image, (1, 1), 0)),
        (support(regular, regular, (size, size), fields.k // 2), inner),
        (None, inner),
        (None, None),
    )
    return Architecture((image, regular, regular, Space(point, features, nowhere), Space(point, classes, nowhere)), supports)


def turned(images: Float64[np.ndarray, "N 64"], *, flips: bool, seed: int) -> Float64[np.ndarray, "N 64"]:
    """Each 8 × 8 image turned by a random multiple of 90° and, with `flips`, reflected or not: exact permutations of its pixels."""
    generator = np.random.default_rng(seed)
    turns, mirrored = generator.integers(4, size=len(images)), generator.integers(2, size=len(images)) * flips
    result = []
    for image, turn, mirror in zip(images.reshape(-1, SIDE, SIDE), turns, mirrored, strict=True):
        result.append(np.rot90(image[::-1] if mirror else image, turn).ravel())
    return np.array(result)


def planar_task(cache: Path, name: str, *, flips: bool, channels: int, recipe: dict[str, object]) -> Task:
    """The classifier, trained on upright digits, and the test third of the digits, each turned (and reflected) at random with seed 0."""
    images, labels = load_digits(return_X_y=True)
    split = train_test_split(images / 16.0, labels, test_size=1 / 3, random_state=0, stratify=labels)
    train_x, test_x, train_y, test_y = map(np.asarray, split)
    test_x = turned(test_x, flips=flips, seed=0)
    architecture = steerable_architecture(Planar(SIDE, 3, flips, "regular", "zero"), channels, 32)
    layers = cached(
        cache / f"{name}.safetensors",
        recipe,
        architecture,
        lambda: balanced(train(architecture, train_x[:, None], train_y, **recipe)),  # pyright: ignore[reportArgumentType]
    )
    dense = digits.build(cache)
    upright = run_target(dense.target, test_x[:, :, None]).reshape(len(test_x), -1).argmax(axis=1)
    group = "D_4" if flips else "C_4"
    return Task(
        Target(name, architecture, layers, radius_of(images / 16.0), nonnegative=True),
        np.ascontiguousarray(test_x[:, None]),
        test_y,
        f"steerable CNN with {channels} regular {group} fields on turned{' and reflected' if flips else ''} digits of scikit-learn",
        ("the dense classifier 64-64-10 trained on the same upright digits", float((upright == test_y).mean())),
    )
