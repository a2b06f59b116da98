"""Steerable convolutional classifiers of digits whose predictions do not change when the image is turned, or turned and reflected."""

from math import gcd, isqrt
from pathlib import Path

import numpy as np
from jaxtyping import Float64
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from numerics.datasets.images import averaged
from numerics.execute import run_target
from numerics.layer import LayerShape, Space, Support, trivial
from numerics.network import Architecture, Target
from numerics.targets import Task, digits
from numerics.targets._training import balanced, cached, radius_of, train
from theory.errors import OutOfRange
from theory.group import PermutationGroup
from theory.instantiations.planar import Planar
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
        labels = LayerShape(domain, codomain).basis.labels
        assert labels is not None
        into, out = sizes
        return support_of(
            labels.ravel().tolist(), domain.representation.dimension, lambda y, x: fields.near(y // out, x // into, reach), "the filter at"
        )

    inner = support(regular, regular, (size, size), 0)
    supports = (
        (support(image, regular, (1, size), fields.k // 2), support(image, image, (1, 1), 0)),
        (support(regular, regular, (size, size), fields.k // 2), inner),
        (None, inner),
        (None, None),
    )
    return Architecture((image, regular, regular, Space(point, features, nowhere), Space(point, classes, nowhere)), supports)


def enlarged(images: Float64[np.ndarray, "N 64"], side: int) -> Float64[np.ndarray, "N pixels"]:
    """Each 8 × 8 image with `side` × `side` pixels, side = 8·s/b: each pixel repeated s × s times, then means over b × b.

    For 12 × 12 pixels s = 3 and b = 2. Repetition and means over blocks that cover the image are the same from every side, and the sums
    are exact: enlarging commutes with quarter turns and reflections bit by bit. Raises `OutOfRange` for less than 8 pixels.
    """
    if side < SIDE:
        raise OutOfRange(f"side = {side} for images of {SIDE} × {SIDE} pixels; at least {SIDE} were expected.")
    times = side // gcd(side, SIDE)
    return averaged(images.reshape(-1, SIDE, SIDE).repeat(times, axis=1).repeat(times, axis=2), side).reshape(len(images), -1)


def turned(images: Float64[np.ndarray, "N pixels"], *, flips: bool, seed: int) -> Float64[np.ndarray, "N pixels"]:
    """Each square image turned by a random multiple of 90° and, with `flips`, reflected or not: exact permutations of its pixels."""
    generator, side = np.random.default_rng(seed), isqrt(images.shape[1])
    turns, mirrored = generator.integers(4, size=len(images)), generator.integers(2, size=len(images)) * flips
    result = []
    for image, turn, mirror in zip(images.reshape(-1, side, side), turns, mirrored, strict=True):
        result.append(np.rot90(image[::-1] if mirror else image, turn).ravel())
    return np.array(result)


def dense_target(cache: Path, side: int, images: Float64[np.ndarray, "N pixels"], labels: np.ndarray) -> Target:
    """A dense network `side`²-64-10, trained on these images as the classifier of the digits is; on 8 × 8 pixels it is that classifier."""
    if side == SIDE:
        return digits.build(cache).target
    point = trivial(PermutationGroup([], degree=1))
    architecture = Architecture((Space(point, side**2), Space(point, 64), Space(point, 10)))
    layers = cached(
        cache / f"dense_{side}.safetensors",
        digits.RECIPE,
        architecture,
        lambda: train(architecture, images[:, :, None], labels, **digits.RECIPE),  # pyright: ignore[reportArgumentType]
    )
    return Target(f"dense_{side}", architecture, layers, radius_of(images), nonnegative=True)


def planar_task(
    cache: Path, name: str, *, flips: bool, channels: int, recipe: dict[str, object], side: int = SIDE, kernel: int = 3
) -> Task:
    """The classifier, trained on upright digits, and the test third of the digits, each turned (and reflected) at random with seed 0.

    The digits are enlarged to `side` × `side` pixels; the filters have `kernel` × `kernel`. The baseline is a dense network trained alike.
    """
    images, labels = load_digits(return_X_y=True)
    split = train_test_split(images / 16.0, labels, test_size=1 / 3, random_state=0, stratify=labels)
    train_x, test_x, train_y, test_y = map(np.asarray, split)
    images, train_x, test_x = enlarged(images / 16.0, side), enlarged(train_x, side), turned(enlarged(test_x, side), flips=flips, seed=0)
    dense = dense_target(cache, side, train_x, train_y)
    architecture = steerable_architecture(Planar(side, kernel, flips, "regular", "zero"), channels, 32)
    layers = cached(
        cache / f"{name}.safetensors",
        recipe,
        architecture,
        lambda: balanced(train(architecture, train_x[:, None], train_y, **recipe)),  # pyright: ignore[reportArgumentType]
    )
    upright = run_target(dense, test_x[:, :, None]).reshape(len(test_x), -1).argmax(axis=1)
    group, size = "D_4" if flips else "C_4", "" if side == SIDE else f", enlarged to {side} × {side} pixels"
    return Task(
        Target(name, architecture, layers, radius_of(images), nonnegative=True),
        np.ascontiguousarray(test_x[:, None]),
        test_y,
        f"steerable CNN with {channels} regular {group} fields on turned{' and reflected' if flips else ''} digits of scikit-learn{size}",
        (f"the dense classifier {side**2}-64-10 trained on the same upright digits", float((upright == test_y).mean())),
    )
