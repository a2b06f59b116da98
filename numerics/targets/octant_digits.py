"""A network steerable under C_8, trained on upright digits, that classifies digits turned by multiples of 45 degrees.

Its operators are steerable kernels sampled on 8 × 8 pixels. Quarter turns are exact; turns by 45 degrees are not, neither of the kernels
nor of the images: an image is enlarged fourfold by replication, turned with bilinear interpolation, and averaged over 4 × 4 pixels.
"""

from pathlib import Path

import numpy as np
import scipy.ndimage
from jaxtyping import Float64
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from numerics.execute import run_target
from numerics.layer import LayerShape, Space, trivial
from numerics.network import Architecture, Target
from numerics.steerable import SteerablePlane, architecture_of, pooling_layer, steerable_layer
from numerics.targets import Task, turned_digits
from numerics.targets._training import balanced, cached, radius_of, train

SIDE = 8
ENLARGED = 4
FIELDS = 2
POOLING = ((0.0, 0), (1.2, 3), (2.4, 3), (3.6, 3))
WIDTH = 0.8
RECIPE = {"seed": 0, "epochs": 30, "rate": 0.05, "decay": 0.1, "batch": 64}


def octants(images: Float64[np.ndarray, "N 64"], turns: np.ndarray) -> Float64[np.ndarray, "N 64"]:
    """Each image turned counterclockwise by 45 degrees times `turns`: multiples of 90 degrees exactly, the rest as said above."""
    result = []
    for image, turn in zip(images.reshape(-1, SIDE, SIDE), turns.tolist(), strict=True):
        if turn % 2:
            large = scipy.ndimage.rotate(np.kron(image, np.ones((ENLARGED, ENLARGED))), 45, reshape=False, order=1)
            image = large.reshape(SIDE, ENLARGED, SIDE, ENLARGED).mean(axis=(1, 3))
        result.append(np.rot90(image, turn // 2).ravel())
    return np.array(result)


def octant_architecture(side: int = SIDE, fields: int = FIELDS, features: int = 32, classes: int = 10) -> Architecture:
    """Two steerable layers to `fields` regular fields of C_8, pooling to `features` invariants, and a logit for each class."""
    plane = SteerablePlane(side, 8)
    image, regular = plane.space(False, 1), plane.space(True, fields)
    point = trivial(regular.representation.group)
    nowhere = ((-1,),) * len(regular.sharing)
    pooled, logits = Space(point, features, nowhere), Space(point, classes, nowhere)
    return architecture_of(
        (
            steerable_layer(plane, image, regular),
            steerable_layer(plane, regular, regular),
            pooling_layer(plane, regular, pooled, POOLING, WIDTH),
            LayerShape(pooled, logits),
        )
    )


def build(cache: Path) -> Task:
    """The classifier, trained in minutes (or read from `cache`), and the test third of the digits, each turned at random with seed 0."""
    images, labels = load_digits(return_X_y=True)
    split = train_test_split(images / 16.0, labels, test_size=1 / 3, random_state=0, stratify=labels)
    train_x, test_x, train_y, test_y = map(np.asarray, split)
    test_x = octants(test_x, np.random.default_rng(0).integers(8, size=len(test_x)))
    architecture = octant_architecture()
    layers = cached(
        cache / "octant_digits.safetensors",
        RECIPE,
        architecture,
        lambda: balanced(train(architecture, train_x[:, None], train_y, **RECIPE)),  # pyright: ignore[reportArgumentType]
    )
    quarter = run_target(turned_digits.build(cache).target, test_x[:, None]).reshape(len(test_x), -1).argmax(axis=1)
    return Task(
        Target("octant_digits", architecture, layers, radius_of(np.concatenate([images / 16.0, test_x])), nonnegative=True),
        np.ascontiguousarray(test_x[:, None]),
        test_y,
        f"steerable CNN with {FIELDS} regular C_8 fields on digits turned by multiples of 45 degrees",
        ("the classifier with 4 regular C_4 fields, trained on the same upright digits", float((quarter == test_y).mean())),
    )
