"""The real targets: trained here, deterministically, to honest accuracy."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from numerics.execute import run_target
from numerics.targets import built_in, find_task
from numerics.targets._training import radius_of
from numerics.targets.sets import bright_pixels
from theory.errors import UnknownName


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


def test_unknown_targets_are_named_with_those_that_exist(tmp_path: Path) -> None:
    assert set(built_in()) == {"atlas", "digits", "karate", "octant_digits", "planar_graphs", "reflected_digits", "sets", "turned_digits"}
    with pytest.raises(UnknownName, match="known are atlas, digits, karate, "):
        find_task("nosuch", tmp_path)
