"""The layers that `near_limit` measures, each alone."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path

import numpy as np

from numerics.certify import certify
from numerics.layer import Space, trivial
from numerics.network import AffineLayer, Architecture, Target, random_network
from numerics.prune import prune
from numerics.random_weights import Key
from numerics.targets import built_in
from theory.group import PermutationGroup
from theory.representation import PermutationRepresentation

KERNEL = 5
FIRST = ("digits.0", "lenet5.conv1")
"""The first layers of their networks."""
NEXT = {
    "digits.0": "digits.1",
    "lenet5.conv1": "lenet5.conv2",
    "lenet5.conv2": "lenet5.fc1",
    "lenet5.fc1": "lenet5.fc2",
    "lenet5.fc2": "lenet5.fc3",
}
"""Which layer reads what another gives."""


@dataclass(frozen=True)
class Layer:
    """A layer alone, with the norm ‖A‖R + ‖b‖ that its error is relative to."""

    name: str
    target: Target
    size: float


def alone(name: str, architecture: Architecture, coefficients: np.ndarray, bias: np.ndarray, radius: Fraction) -> Layer:
    """One affine layer as a target."""
    shape = architecture.layers[0]
    layer = AffineLayer(np.ascontiguousarray(coefficients, dtype=np.float64), np.ascontiguousarray(bias, dtype=np.float64))
    target = Target(name, architecture, (layer,), radius, nonnegative=True)
    ticket = prune(target, random_network(architecture, Key(0), 1, 1), samples=1)
    found = certify(target, ticket, 1).data["layers"][0]
    assert shape.coefficient_shape == layer.coefficients.shape
    return Layer(name, target, float(Fraction(found["norm"]) * radius + Fraction(found["bias_norm"])))


def dense(name: str, weight: np.ndarray, bias: np.ndarray, radius: Fraction) -> Layer:
    """A dense layer, `weight` `[m, n]`."""
    point = trivial(PermutationGroup([], degree=1))
    architecture = Architecture((Space(point, weight.shape[1]), Space(point, weight.shape[0])))
    return alone(name, architecture, weight[:, :, None], bias[:, None], radius)


def convolution(name: str, weight: np.ndarray, bias: np.ndarray, side: int, radius: Fraction) -> Layer:
    """A circular convolution on side × side pixels, `weight` `[m, n, 5, 5]`, on the shifts of the torus."""
    index = np.arange(side * side).reshape(side, side)
    torus = PermutationGroup([np.roll(index, -1, axis).ravel().tolist() for axis in (0, 1)])
    pixels = torus.natural()
    assert isinstance(pixels, PermutationRepresentation)
    m, n = weight.shape[:2]
    every = Architecture((Space(pixels, n), Space(pixels, m))).layers[0].basis.labels
    assert every is not None
    reach = np.arange(KERNEL) - KERNEL // 2
    places = [int(every[0, (y % side) * side + x % side]) for y in reach for x in reach]
    kept = tuple(sorted(places))
    order = [places.index(label) for label in kept]
    architecture = Architecture((Space(pixels, n), Space(pixels, m)), ((kept, None),))
    return alone(name, architecture, weight.reshape(m, n, KERNEL**2)[:, :, order], bias[:, None], radius)


def layers(published: Path | None, cache: Path, wanted: Sequence[str] | None = None) -> Iterator[Layer]:
    """The layers to measure, from the last of each network to its first; all unless some are `wanted`."""
    makers: dict[str, Callable[[str], Layer]] = {}
    task = built_in()["digits"](cache)
    for i, layer in reversed(list(enumerate(task.target.layers))):
        makers[f"digits.{i}"] = partial(dense, weight=layer.coefficients[:, :, 0], bias=layer.bias[:, 0], radius=task.target.radius)
    if published is not None:
        stored = np.load(published / "cnnslth_lenet5_MNIST_target.npz")
        numbers = {name: np.asarray(stored[name], dtype=np.float64) for name in stored.files}
        radius = Fraction(10)
        for name in ("fc3", "fc2", "fc1"):
            makers[f"lenet5.{name}"] = partial(dense, weight=numbers[f"{name}.weight"], bias=numbers[f"{name}.bias"], radius=radius)
        for name, side in (("conv2", 14), ("conv1", 28)):
            makers[f"lenet5.{name}"] = partial(
                convolution, weight=numbers[f"{name}.weight"], bias=numbers[f"{name}.bias"], side=side, radius=radius
            )
    for name, made in makers.items():
        if not wanted or name in wanted:
            yield made(name)
