"""The real targets: trained here, deterministically, to honest accuracy."""

from fractions import Fraction
from math import isqrt
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

from numerics.execute import run_target
from numerics.network import AffineLayer, Target
from numerics.targets import built_in, find_task
from numerics.targets._planar import enlarged, steerable_architecture
from numerics.targets._training import radius_of
from numerics.targets.sets import bright_pixels
from theory.errors import OutOfRange, UnknownName
from theory.instantiations.planar import Planar


def accuracy(name: str, cache: Path) -> float:
    task = find_task(name, cache)
    outputs = run_target(task.target, task.inputs)
    return float((outputs.reshape(len(outputs), -1).argmax(axis=1) == task.labels).mean())


def test_the_digits_classifier_is_at_least_96_percent_accurate_and_reproducible(tmp_path: Path) -> None:
    assert accuracy("digits", tmp_path / "first") >= 0.96
    assert accuracy("digits", tmp_path / "second") >= 0.96
    assert (tmp_path / "first" / "digits.safetensors").read_bytes() == (tmp_path / "second" / "digits.safetensors").read_bytes()


def test_a_cached_target_is_read_and_not_trained_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = find_task("digits", tmp_path)
    monkeypatch.setattr("numerics.targets.digits.train", lambda *_, **__: pytest.fail("trained again"))
    second = find_task("digits", tmp_path)
    for a, b in zip(first.target.layers, second.target.layers, strict=True):
        np.testing.assert_array_equal(a.coefficients, b.coefficients)
    (tmp_path / "digits.safetensors").write_bytes(b"damaged")
    with pytest.raises(pytest.fail.Exception, match="trained again"):
        find_task("digits", tmp_path)


def test_the_radius_bounds_every_input_exactly() -> None:
    inputs = np.random.default_rng(0).uniform(-1, 1, (50, 3, 4))
    radius = radius_of(inputs)
    exact = [sum(Fraction(float(v)) ** 2 for v in row.ravel()) for row in inputs]
    assert max(exact) <= radius**2
    assert float(radius) <= float(np.linalg.norm(inputs.reshape(50, -1), axis=1).max()) + 2e-6


def test_bright_pixels_are_the_brightest_with_their_positions() -> None:
    images = np.zeros((1, 64))
    images[0, [9, 18, 63]] = [0.5, 1.0, 0.25]
    x, y, intensity = bright_pixels(images, 3)[0]
    assert intensity.tolist() == [1.0, 0.5, 0.25]
    assert ((x + 1) * 3.5).tolist() == [2, 1, 7]
    assert ((y + 1) * 3.5).tolist() == [2, 1, 7]


DIGITS = np.asarray(load_digits(return_X_y=True)[0])[:40] / 16.0


def seen_from_every_side(images: np.ndarray) -> list[np.ndarray]:
    """The images under the eight turns and reflections of the square."""
    side = isqrt(images.shape[1])
    squares = images.reshape(-1, side, side)
    turns = (np.rot90(flipped, turn, axes=(1, 2)) for flipped in (squares, squares[:, ::-1]) for turn in range(4))
    return [np.ascontiguousarray(turned).reshape(images.shape) for turned in turns]


@pytest.mark.parametrize("side", [8, 9, 12, 16])
def test_enlarging_commutes_bit_by_bit_with_every_turn_and_reflection(side: int) -> None:
    large = enlarged(DIGITS, side)
    for before, after in zip(seen_from_every_side(DIGITS), seen_from_every_side(large), strict=True):
        np.testing.assert_array_equal(enlarged(before, side), after)


def test_taking_the_nearest_pixel_to_the_upper_left_does_not_commute_with_turns() -> None:
    nearest = np.arange(12) * 8 // 12
    large = DIGITS.reshape(-1, 8, 8)[:, nearest][:, :, nearest].reshape(len(DIGITS), -1)
    turned = np.rot90(DIGITS.reshape(-1, 8, 8), axes=(1, 2))[:, nearest][:, :, nearest].reshape(len(DIGITS), -1)
    assert not (turned == seen_from_every_side(large)[1]).all()


def test_enlarging_to_12_pixels_averages_the_two_pixels_that_meet_and_keeps_the_mean_exactly() -> None:
    image = np.zeros((1, 64))
    image[0, 1] = 1.0
    large = enlarged(image, 12).reshape(12, 12)
    assert [large[0, 0], large[0, 1], large[0, 2], large[0, 3], large[1, 1], large[1, 2]] == [0, 0.5, 1, 0, 0.25, 0.5]
    assert [Fraction(x.sum()) / 144 for x in enlarged(DIGITS, 12)] == [Fraction(x.sum()) / 64 for x in DIGITS]
    with pytest.raises(OutOfRange, match="at least 8 were expected"):
        enlarged(image, 7)


def test_the_enlarged_network_answers_alike_under_every_turn_but_not_under_reflections() -> None:
    architecture = steerable_architecture(Planar(9, 3, False, "regular", "zero"), 1, 2)
    generator = np.random.default_rng(0)
    layers = [
        AffineLayer(generator.normal(size=shape.coefficient_shape), generator.normal(size=shape.bias_shape))
        for shape in architecture.layers
    ]
    target = Target("enlarged", architecture, tuple(layers), Fraction(10))
    outputs = [run_target(target, x[:, None]) for x in seen_from_every_side(enlarged(DIGITS[:3], 9))]
    scale = np.abs(outputs[0]).max()
    assert max(np.abs(output - outputs[0]).max() for output in outputs[:4]) < 1e-12 * scale
    assert min(np.abs(output - outputs[0]).max() for output in outputs[4:]) > 1e-3 * scale


def test_unknown_targets_are_named_with_those_that_exist(tmp_path: Path) -> None:
    steerable = {"enlarged_digits", "octant_digits", "reflected_digits", "turned_digits"}
    assert set(built_in()) == {"atlas", "digits", "karate", "planar_graphs", "sets"} | steerable
    with pytest.raises(UnknownName, match="known are atlas, digits, enlarged_digits, karate, "):
        find_task("nosuch", tmp_path)
