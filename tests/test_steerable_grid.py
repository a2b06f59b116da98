"""Steerable kernels on pixels: their number, what is exact on the grid, and that the turn by 45 degrees is not."""

import numpy as np
import pytest
from flint import fmpz_mat

from benchmarks.grid_error import measure
from numerics.steerable import RINGS, SteerablePlane, steerable_layer, waves
from theory.errors import OutOfRange
from theory.steerable import kernel_characters, plane_group, regular_kernel_dimension

PLANES = [SteerablePlane(5, 8), SteerablePlane(5, 4, True), SteerablePlane(5, 6), SteerablePlane(5, 5), SteerablePlane(5, 3, True)]


@pytest.mark.parametrize("plane", PLANES, ids=repr)
def test_the_group_of_the_fibre_is_associative_and_has_inverses(plane: SteerablePlane) -> None:
    elements = range(plane.fibre)
    assert all(plane.product(g, plane.inverse(g)) == 0 == plane.product(plane.inverse(g), g) for g in elements)
    assert all(
        plane.product(plane.product(g, h), k) == plane.product(g, plane.product(h, k)) for g in elements for h in elements for k in elements
    )


@pytest.mark.parametrize("plane", PLANES[:2], ids=repr)
def test_the_sampled_kernels_are_as_many_as_the_characters_count_and_independent(plane: SteerablePlane) -> None:
    group = plane_group(plane.n, plane.flips)
    point, regular = group.trivial(), group.regular()
    image, field = plane.space(False, 1), plane.space(True, 1)
    for domain, representation in ((image, point), (field, regular)):
        layer = steerable_layer(plane, domain, field)
        assert layer.mixture is not None
        counted = sum(kernel_characters(representation, regular, plane.n, cutoff, plane.flips) for _, cutoff in RINGS)
        assert len(layer.mixture) == counted
        assert fmpz_mat([list(row) for row in layer.mixture.rows]).rank() == counted
    assert counted == sum(regular_kernel_dimension(plane.n, cutoff, plane.flips) for _, cutoff in RINGS)


@pytest.mark.parametrize(("n", "flips", "exact"), [(8, False, 4), (4, True, 4), (6, False, 2), (5, False, 1), (3, True, 1)])
def test_every_kernel_commutes_exactly_with_what_acts_on_the_grid(n: int, flips: bool, exact: int) -> None:
    plane = SteerablePlane(4, n, flips)
    assert plane.exact_turns == exact
    image, field = plane.space(False, 1), plane.space(True, 1)
    operators = steerable_layer(plane, image, field).dense_operators()
    assert len(operators) == len(list(waves()))
    for before, after in zip(image.representation.images, field.representation.images, strict=True):
        assert (operators[:, list(after)][:, :, list(before)] == operators).all()


def test_the_values_obey_the_steerability_constraint_up_to_rounding() -> None:
    plane = SteerablePlane(5, 4, True)
    field = plane.space(True, 1)
    layer = steerable_layer(plane, field, field)
    operators = layer.dense_operators()
    for images in field.representation.images:
        assert (operators[:, list(images)][:, :, list(images)] == operators).all()
    labels = layer.basis.labels
    assert labels is not None
    assert len(np.unique(labels)) == 25 * 8 + 1  # every pixel and element, and nothing


def test_turns_by_45_degrees_are_not_exact_on_the_grid_but_better_than_without_steering() -> None:
    found = measure()
    steerable, quarter = (found[f"{name}, 45 degrees"]["median"] for name in ("steerable", "quarter"))  # pyright: ignore[reportIndexIssue]
    assert 1e-3 < steerable < 0.1 < 1 < quarter
    assert found["steerable, 90 degrees"]["largest"] < 1e-13  # pyright: ignore[reportIndexIssue]


def test_kernels_into_trivial_fields_are_refused() -> None:
    plane = SteerablePlane(3, 8)
    with pytest.raises(OutOfRange, match="the codomain is a trivial one"):
        steerable_layer(plane, plane.space(True, 1), plane.space(False, 1))
    with pytest.raises(OutOfRange, match="at least one pixel"):
        SteerablePlane(0, 8)
