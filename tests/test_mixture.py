"""Operators that are fixed combinations of a layer's indicators: matrices, norms, tickets, and what is refused."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from checks.exact_network import exact_target, exact_ticket, moved, random_input
from checks.kernel import term
from checks.recheck import Refused, check
from checks.strategies import random_target
from numerics.certify import certify
from numerics.execute import run_target, run_ticket
from numerics.layer import LayerShape, Space
from numerics.mixture import Mixture
from numerics.network import Architecture, Target, random_network
from numerics.prune import prune
from numerics.random_weights import Key
from numerics.steerable import SteerablePlane, architecture_of, pooling_layer, steerable_layer
from numerics.ticket import Ticket
from tests.small import small_mixture_certificate
from theory.errors import OutOfRange
from theory.group import PermutationGroup
from theory.representation import PermutationRepresentation


def ring_layer(mixture: Mixture | None) -> LayerShape:
    """Two channels to one over the shifts of three points."""
    ring = PermutationGroup([[1, 2, 0]]).natural()
    assert isinstance(ring, PermutationRepresentation)
    return LayerShape(Space(ring, 2), Space(ring, 1), mixture=mixture)


MIXED = Mixture(2, ((1, -2, 0), (5, 5, 5), (0, 0, 3), (7, 1, -1)))


def test_the_operators_are_the_stated_combinations() -> None:
    layer, plain = ring_layer(MIXED), ring_layer(None)
    expected = np.tensordot(np.array(MIXED.rows) / 4, plain.dense_operators(), axes=(1, 0))
    np.testing.assert_array_equal(layer.dense_operators(), expected)
    assert layer.coefficient_shape == (1, 2, 4)
    np.testing.assert_array_equal(layer.operators.toarray().reshape(3, 4, 3).transpose(1, 0, 2), expected)
    coefficients = np.array([[[1.0, 2.0, -1.0, 0.5], [0.0, 1.0, 3.0, -2.0]]])
    np.testing.assert_array_equal(layer.matrix(coefficients), np.einsum("qpk,kwv->qwpv", coefficients, expected).reshape(3, 6))


def test_the_norm_bounds_the_mixed_matrix_closely() -> None:
    layer = ring_layer(MIXED)
    integers = np.random.default_rng(0).integers(-1000, 1000, (1, 2, 4)).astype(object)
    true = float(np.linalg.norm(layer.matrix(integers.astype(float) / 2**10), 2))
    assert true * (1 - 1e-12) <= float(layer.norm([integers], 10)) <= true * 1.01


def test_a_mixture_that_does_not_fit_or_is_zero_is_an_error() -> None:
    with pytest.raises(OutOfRange, match="a mixture of 2 indicators for a layer that has 3"):
        ring_layer(Mixture(0, ((1, 2),)))
    with pytest.raises(OutOfRange, match="rows of one length"):
        Mixture(0, ((1, 2), (1,)))
    with pytest.raises(OutOfRange, match="an operator that is zero"):
        Mixture(0, ((1, 2), (0, 0)))
    ring = ring_layer(None)
    with pytest.raises(OutOfRange, match="2 mixtures for 1 layers"):
        Architecture((ring.domain, ring.codomain), mixtures=(None, None))


def octant_target() -> Target:
    """Image to one C_8 field to two invariants on 2 × 2 pixels."""
    plane = SteerablePlane(2, 8)
    image, regular = plane.space(False, 1), plane.space(True, 1)
    point = Space(PermutationRepresentation(regular.representation.group, ((0,),)), 2, ((-1,), (-1,)))
    return random_target(
        architecture_of((steerable_layer(plane, image, regular), pooling_layer(plane, regular, point, ((0.0, 0), (1.0, 1)), 1.0))), seed=0
    )


def test_a_ticket_in_steerable_kernels_is_certified_rechecked_and_exact_under_quarter_turns(tmp_path: Path) -> None:
    target = octant_target()
    ticket = prune(target, random_network(target.architecture, Key(0), 40), samples=16)
    certificate = certify(target, ticket, "1")
    assert certificate.holds
    assert check(certificate.data)["error_bound"] == certificate.error_bound
    x = random_input((1, 4), 0)
    wanted, found = exact_target(target, x), exact_ticket(ticket, x)
    length = sum(Fraction(entry) ** 2 for entry in x.ravel())
    squared = sum(Fraction(entry) ** 2 for entry in (wanted - found).ravel())
    assert squared <= (certificate.error_bound / certificate.radius) ** 2 * max(length, certificate.radius**2)
    (quarter,) = target.on_points.spaces[0].representation.images
    assert (exact_ticket(ticket, moved(x, quarter)) == found).all()
    batch = np.array([x.astype(float)])
    np.testing.assert_allclose(run_target(target, batch)[0], wanted.astype(float), atol=1e-12)
    np.testing.assert_allclose(run_ticket(ticket, batch)[0], found.astype(float), atol=1e-12)
    ticket.save(tmp_path / "t.safetensors")
    assert Ticket.load(tmp_path / "t.safetensors").digests() == ticket.digests()


def test_an_architecture_without_mixtures_is_described_as_before() -> None:
    ring = ring_layer(None)
    assert "mixture" not in str(Architecture((ring.domain, ring.codomain)).description())


def test_the_kernel_leaves_mixtures_to_the_rechecker() -> None:
    with pytest.raises(Refused, match=r"use checks\.recheck for combinations of them"):
        term(small_mixture_certificate().data)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("rows", [], "between 1 and 4096 operators"),
        ("rows", [[1, 2]], "3 coefficients for each operator"),
        ("rows", [[1, 2, True]], "an integer from"),
        ("bits", 31, "an integer from 0 to 30"),
    ],
)
def test_a_malformed_mixture_ends_with_code_2(name: str, value: object, reason: str) -> None:
    document = small_mixture_certificate().data
    document["architecture"]["supports"][0]["mixture"][name] = value
    with pytest.raises(Refused, match=reason) as refusal:
        check(document)
    assert refusal.value.code == 2
