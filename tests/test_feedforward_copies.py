"""The construction of depth L + 1: copies of neurons, sums over them, how their errors are amplified."""

import dataclasses
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from checks.recheck import Refused, check
from numerics.errors import BadTarget
from numerics.feedforward import (
    FeedforwardCertificate,
    FeedforwardTarget,
    FeedforwardTicket,
    certify_feedforward,
    prune_feedforward,
    source_for,
)
from numerics.feedforward.errors import exact_layer
from numerics.feedforward.execute import run_target, run_ticket
from numerics.feedforward.load import read_ticket
from numerics.feedforward.operations import Activation, Add, Affine, Flatten, MaxPool
from numerics.random_weights import Key
from tests.small_feedforward import inputs_of, random_feedforward
from tests.test_feedforward_recheck import alterations, forge
from tests.test_recheck import changed, copy, leaves, refuses
from theory.errors import OutOfRange

BLOCK = (
    Affine(0, 2, (3, 3), (1, 1), (1, 1)),
    Activation(1),
    Affine(2, 2, (3, 3), (1, 1), (1, 1)),
    Add(3, 2),
    Activation(4),
    MaxPool(5, (3, 3), (2, 2), (1, 1)),
    Flatten(6),
    Affine(7, 3),
)
DENSE = (Affine(0, 4), Activation(1), Affine(2, 3))


def ticket_on_copies(target: FeedforwardTarget, copies: int = 20, width: int = 64, samples: int = 20) -> FeedforwardTicket:
    return prune_feedforward(target, source_for(target, Key(0), width, copies=copies), samples=samples)


@pytest.mark.parametrize("activation", ["gelu", "leaky_relu", "relu", "sigmoid", "silu", "tanh"])
def test_a_ticket_of_depth_one_more_stays_within_its_bounds_and_is_accepted(activation: str) -> None:
    """Run as the network that it is: convolutions with padding, a skip connection between copies, pooling, a dense layer."""
    target = random_feedforward((1, 3, 3), BLOCK, activation=activation)
    ticket = ticket_on_copies(target)
    x = inputs_of(target, 20)
    certificate = certify_feedforward(target, ticket, "1000", x[:1], Fraction(0))
    check(copy(certificate.data))
    errors = np.abs(run_ticket(ticket, x) - run_target(target, x))
    assert 1e-7 < errors.max() <= float(certificate.network.error)
    assert (errors[:1] <= certificate.points.bound.astype(float) + 1e-9).all()
    np.testing.assert_allclose(errors[:1].max(axis=1), certificate.points.bound.astype(float).max(axis=1), rtol=0.2, atol=1e-4)


def test_a_target_on_copies_computes_what_the_target_computes() -> None:
    """The weights that the certificate compares with, in exact integers: over the copies of an input they add up to the target's."""
    target = random_feedforward((3, 1, 1), DENSE)
    ticket = ticket_on_copies(target, copies=6)
    first, second = (exact_layer(target, ticket, i) for i in range(2))
    own = [exact_layer(target, prune_feedforward(target, source_for(target, Key(0), 30), samples=8), i) for i in range(2)]
    assert first.weights.shape == (24, 3, 1)
    for copied in range(6):
        assert (first.weights[4 * copied : 4 * copied + 4] * own[0].unit == own[0].weights * first.unit).all()
    assert second.weights.shape == (3, 24, 1)
    assert (second.weights.reshape(3, 6, 4, 1).sum(axis=1) * own[1].unit == own[1].weights * second.unit).all()
    kept = second.weights + second.plus
    mask = ticket.masks[1].second[:, 0, :, 0].T
    assert ((kept[:, :, 0] != 0) == mask).all()


def test_the_smallest_subset_sums_amplify_errors_less_than_the_best_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """E1: errors of copies are multiplied by Σ|v|, which exceeds |W|."""
    from numerics.subset_sum import solve_subset_sums

    target = random_feedforward((3, 1, 1), DENSE)

    def amplification() -> float:
        layer = exact_layer(target, ticket_on_copies(target), 1)
        return float(Fraction(int(np.abs(layer.weights + layer.plus).sum()), layer.unit))

    smallest = amplification()
    monkeypatch.setattr("numerics.feedforward.blocks.solve_subset_sums", lambda x, w, **_: solve_subset_sums(x, w, objective="best"))
    assert float(np.abs(target.layers[1].weights).sum()) < smallest < 0.8 * amplification()


def tiny(key: int = 0) -> FeedforwardCertificate:
    target = random_feedforward((1, 2, 1), (Flatten(0), Affine(1, 1), Activation(2), Affine(3, 2)), seed=3)
    ticket = prune_feedforward(target, source_for(target, Key(key), 4, copies=2), samples=4)
    return certify_feedforward(target, ticket, "10", inputs_of(target, 2), Fraction(1, 64))


def test_every_changed_number_text_and_bit_of_a_certificate_with_copies_is_refused() -> None:
    data = tiny().data
    check(copy(data))
    for path, value in leaves(data):
        for other in alterations(path, value):
            assert refuses(changed(data, path, other)), f"{path}: {value} → {other} was accepted"


def test_a_forger_of_a_certificate_with_copies_can_state_only_what_is_true() -> None:
    data, accepted = tiny().data, set()
    for path, value in leaves(data):
        if path[0] in ("digests", "target", "points"):
            continue
        for other in alterations(path, value):
            forged = forge(changed(data, path, other))
            if not refuses(forged):
                accepted.add(path[0])
                if path[0] == "layers":
                    target, ticket = read_ticket(forged)
                    again = certify_feedforward(target, ticket, "10", inputs_of(target, 2), Fraction(1, 64))
                    assert again.data == forged
    assert accepted <= {"name", "epsilon", "layers", "graph", "key"}


def without_amplification(weights: np.ndarray, sums: np.ndarray, copies: int) -> np.ndarray:
    """As if the errors of the copies were multiplied by the target's weight alone: the factor that the recalled lemma has."""
    result = np.zeros_like(sums)
    result[:, : sums.shape[1] // copies] = weights
    return result


@pytest.mark.parametrize("fault", [without_amplification, lambda _, sums, __: sums])
def test_a_builder_that_forgets_what_copies_amplify_or_what_sums_miss_is_refused(fault: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    target = random_feedforward((3, 1, 1), DENSE)
    ticket, x = ticket_on_copies(target, copies=6, width=20, samples=8), inputs_of(target, 1)
    check(copy(certify_feedforward(target, ticket, "10", x).data))
    monkeypatch.setattr("numerics.feedforward.errors.shared", fault)
    with pytest.raises(Refused):
        check(copy(certify_feedforward(target, ticket, "10", x).data))


def test_graphs_that_have_no_copies_and_senseless_numbers_of_them_are_refused() -> None:
    skipped = random_feedforward((3, 1, 1), (Affine(0, 3), Activation(1), Add(2, 0), Affine(3, 2)))
    with pytest.raises(BadTarget, match="without"):
        source_for(skipped, Key(0), 8, copies=4)
    dense = random_feedforward((3, 1, 1), DENSE)
    source = source_for(dense, Key(0), 8, copies=4)
    wrong: Any
    for wrong in (-1, 1, 65, True):
        with pytest.raises(OutOfRange, match="copies"):
            dataclasses.replace(source, copies=wrong)
    beside = random_feedforward((3, 1, 1), (Affine(0, 4), Affine(1, 1), Activation(1)))
    with pytest.raises(BadTarget, match="does not lead to the output"):
        source_for(beside, Key(0), 8, copies=4)
    with pytest.raises(OutOfRange, match="its first exponent is 0"):
        dataclasses.replace(source, scales=(source.scales[0], (3, -2, 0, 0)))


def test_two_scales_of_a_layer_on_copies_that_cancel_in_the_certificate_are_refused() -> None:
    """There is no first random layer to scale: read as a ticket, the second scale alone would multiply the layer."""
    document = copy(tiny().data)
    scales = document["key"]["scales"][1]
    assert scales[0] == 0
    scales[0], scales[1] = 3, scales[1] - 3
    with pytest.raises(Refused, match="the first scale is 0"):
        check(forge(document))


def test_the_range_of_the_outputs_is_that_of_the_target_whatever_the_copies() -> None:
    target = random_feedforward((3, 1, 1), DENSE)
    ticket = ticket_on_copies(target, copies=6, width=20, samples=8)
    own = prune_feedforward(target, source_for(target, Key(0), 20), samples=8)
    found, plain = (certify_feedforward(target, pruned, "1000", inputs_of(target, 1)).network for pruned in (ticket, own))
    assert found.extent == pytest.approx(plain.extent, rel=1e-12)


def test_copies_and_curved_activations_are_charged_before_they_are_computed() -> None:
    """One copy is none; a small file of many activations, or of fine balls, is refused for the work that it asks for."""
    document = copy(tiny().data)
    document["key"]["copies"] = 1
    with pytest.raises(Refused, match="0 or 2 to 64"):
        check(forge(document))
    document = copy(tiny().data)
    document["graph"] |= {"shape": [1, 512, 512], "nonlinearity": "gelu"}
    operations = document["graph"]["operations"]
    flat = {"kind": "flatten", "source": 0}
    many = [{"kind": "activation", "source": i + 1} for i in range(40)]
    document["graph"]["operations"] = [flat, *many, operations[1] | {"source": 41}]
    with pytest.raises(Refused, match="would take more than"):
        check(forge(document))
