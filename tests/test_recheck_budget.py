"""What the re-checker may spend leaves room for targets on images, and none for layers that would take hours."""

import pytest

from checks.recheck.document import Budget, Refused
from checks.recheck.layers import read_layers
from numerics.network import Architecture
from numerics.targets._planar import steerable_architecture
from theory.instantiations.planar import Planar

CERTIFICATE_BITS = 128
"""Of a coefficient's numerator and its unit together: what each product of a Gram matrix is charged for, in words of 64."""


def spend_on(architecture: Architecture) -> int:
    """What reading the layers and both norms of each take."""
    budget = Budget()
    for layer in read_layers(architecture.description(), budget):
        budget.spend(layer.gram_work * (CERTIFICATE_BITS // 64), "norms")
    return Budget().left - budget.left


def test_a_steerable_network_on_images_takes_less_than_half_of_the_budget() -> None:
    """That of `turned_digits`: its filters are small, so that most rows of a layer have few points in common."""
    assert spend_on(steerable_architecture(Planar(8, 3, False, "regular", "zero"), 4, 32)) < Budget().left // 2


def test_dense_filters_of_a_hundred_channels_take_more_than_there_is() -> None:
    with pytest.raises(Refused, match="re-checking would take more than 4294967296 elementary steps"):
        spend_on(steerable_architecture(Planar(8, 7, False, "regular", "zero"), 100, 32))
