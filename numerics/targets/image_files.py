"""A steerable convolutional classifier of the user's own images, such as rotated MNIST, read from AMAT or IDX files.

A file of the user's, run by `python -m numerics prune mine.py:build`:

    from numerics.targets.image_files import steerable_classifier

    def build(cache):
        folder = "data/mnist_rotation_new/mnist_all_rotation_normalized_float_"
        return steerable_classifier(cache, folder + "train_valid.amat", folder + "test.amat", training=2000, testing=1000)
"""

import hashlib
from pathlib import Path

import numpy as np

from numerics.datasets.images import averaged, read_images
from numerics.errors import BadData
from numerics.execute import run_target
from numerics.layer import Space, trivial
from numerics.network import AffineLayer, Architecture, Target
from numerics.targets import Task
from numerics.targets._planar import steerable_architecture
from numerics.targets._training import balanced, cached, radius_of, train
from theory.errors import OutOfRange
from theory.group import PermutationGroup
from theory.instantiations.planar import Planar

RECIPE = {"rate": 0.05, "decay": 0.1, "batch": 64}


def steerable_classifier(
    cache: Path,
    training_file: Path | str,
    testing_file: Path | str,
    *,
    name: str = "rotated_images",
    training: int | None = 2000,
    testing: int | None = 1000,
    side: int = 8,
    flips: bool = False,
    channels: int = 4,
    features: int = 32,
    classes: int = 10,
    pixel_range: tuple[float, float] = (0.0, 1.0),
    epochs: int = 15,
    seed: int = 0,
) -> Task:
    """A C_4-steerable (with `flips`, D_4-steerable) network with `channels` regular fields in two layers, trained and judged on two files.

    The first `training` and `testing` images are taken (None: all) and averaged to `side` × `side` pixels. The baseline is a dense network
    with 64 hidden units, trained alike. With the defaults, training takes a minute; it is repeated when data or settings change. Memory
    and time grow with the fourth power of `side`: a ticket for 14 × 14 pixels takes 6 GB. Raises `BadData`, `OutOfRange`.
    """
    (train_x, train_y), (test_x, test_y) = (
        _read(Path(path), side, classes, pixel_range, limit) for path, limit in ((training_file, training), (testing_file, testing))
    )
    if min(channels, features, epochs) < 1 or classes < 2:
        raise OutOfRange(
            f"channels = {channels}, features = {features}, epochs = {epochs}, classes = {classes}; positive numbers, and at least two "
            "classes, were expected."
        )
    architecture = steerable_architecture(Planar(side, 3, flips, "regular", "zero"), channels, features, classes)
    point = trivial(PermutationGroup([], degree=1))
    dense = Architecture(tuple(Space(point, size) for size in (side**2, 64, classes)))
    recipe = {**RECIPE, "epochs": epochs, "seed": seed}
    marked = {**recipe, "data": hashlib.sha256(train_x.tobytes() + train_y.tobytes()).hexdigest()}

    def trained(file: str, architecture: Architecture, inputs: np.ndarray) -> tuple[AffineLayer, ...]:
        path = cache / f"{file}.safetensors"
        return cached(path, marked, architecture, lambda: balanced(train(architecture, inputs, train_y, **recipe)))

    radius, nonnegative = radius_of(np.concatenate([train_x, test_x])), bool(min(train_x.min(), test_x.min()) >= 0)
    plain = Target(f"{name}.dense", dense, trained(f"{name}.dense", dense, train_x[:, :, None]), radius, nonnegative)
    answers = run_target(plain, test_x[:, :, None]).reshape(len(test_x), -1).argmax(axis=1)
    return Task(
        Target(name, architecture, trained(name, architecture, train_x[:, None]), radius, nonnegative),
        np.ascontiguousarray(test_x[:, None]),
        test_y,
        f"steerable CNN with {channels} regular {'D_4' if flips else 'C_4'} fields on the images of {Path(testing_file).name}, {side} × {side}",
        (f"the dense classifier {side**2}-64-{classes} trained on the same images", float((answers == test_y).mean())),
    )


def _read(path: Path, side: int, classes: int, pixel_range: tuple[float, float], limit: int | None) -> tuple[np.ndarray, np.ndarray]:
    """Averaged images `[N, side²]` and labels `[N]`."""
    images = read_images(path, classes=classes, pixel_range=pixel_range, limit=limit)
    _, height, width = images.pixels.shape
    if height != width:
        raise BadData(f"{path}: images of {height} × {width} pixels; square ones were expected, which quarter turns preserve. Crop them.")
    return averaged(images.pixels, side).reshape(len(images), -1), images.labels
