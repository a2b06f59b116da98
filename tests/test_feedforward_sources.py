"""Sources of other kinds: no biases behind the first layer, weights in pairs or normal, weights that are not there; groups on copies."""

import dataclasses
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from checks.recheck import Refused, check
from numerics.errors import BadTarget
from numerics.feedforward import FeedforwardCertificate, FeedforwardTarget, certify_feedforward, prune_feedforward, source_for
from numerics.feedforward.execute import run_target, run_ticket
from numerics.feedforward.forms import carried_exponents, constant_values, form_of, with_constants, without_groups
from numerics.feedforward.laws import require_law
from numerics.feedforward.load import read_ticket
from numerics.feedforward.operations import Activation, Add, Affine, AveragePool, Flatten, MaxPool
from numerics.random_weights import Key
from numerics.structured.weights import normal_weights
from tests.small_feedforward import EVERYTHING, inputs_of, random_feedforward
from tests.test_feedforward_recheck import alterations, forge
from tests.test_recheck import changed, copy, leaves, refuses
from theory.errors import OutOfRange

RESIDUAL = (*EVERYTHING[:6], Affine(6, 4, (3, 3), (2, 2), (1, 1)), AveragePool(7, (2, 2), (1, 1)), Flatten(8), Affine(9, 3))
DEEP = (
    Affine(0, 2, (3, 3), (1, 1), (1, 1)),
    Activation(1),
    Affine(2, 2, (3, 3), (1, 1), (1, 1)),
    Add(3, 2),
    Activation(4),
    Affine(5, 2, (1, 1)),
    Add(6, 5),
    Flatten(7),
    Affine(8, 2),
)
DENSE = (Affine(0, 3), Activation(1), Affine(2, 2))
SOURCES: tuple[tuple[int, dict[str, Any]], ...] = (
    (40, {"zero_biases": True}),
    (40, {"law": "normal"}),
    (40, {"law": "looks_linear"}),
    (160, {"density": Fraction(1, 2)}),
    (60, {"copies": 16}),
    (60, {"copies": 16, "zero_biases": True}),
    (40, {"perturbation": Fraction(1, 1000)}),
    (60, {"copies": 16, "perturbation": Fraction(1, 1000)}),
)


@pytest.mark.parametrize(("width", "options"), SOURCES, ids=lambda value: "-".join(value) if isinstance(value, dict) else "")
def test_a_ticket_of_every_source_stays_within_its_bounds_and_is_accepted(width: int, options: dict[str, Any]) -> None:
    """Groups, a skip connection, pooling with padding, a stride; run as the network that it is."""
    target = random_feedforward((2, 6, 6), RESIDUAL)
    ticket = prune_feedforward(target, source_for(target, Key(0), width, **options), samples=14)
    x = inputs_of(target, 10)
    certificate = certify_feedforward(target, ticket, "1000000", x[:1], Fraction(0))
    check(copy(certificate.data))
    errors = np.abs(run_ticket(ticket, x) - run_target(target, x))
    assert 1e-7 < errors.max() <= float(certificate.network.error)
    bounds = certificate.points.bound.astype(float)
    assert (errors[:1] <= bounds + 1e-9).all()
    assert (bounds <= (2 if "copies" in options else 1) * errors[:1] + 1e-9).all()  # copies: where the largest of a window changes
    again, reread = read_ticket(certificate.data)
    assert reread.source == ticket.source
    assert certify_feedforward(again, reread, "1000000", x[:1], Fraction(0)).data == certificate.data


def test_the_form_of_a_target_computes_what_the_target_computes() -> None:
    for operations in (RESIDUAL, DEEP):
        target = random_feedforward((2, 6, 6), operations)
        x, wanted = inputs_of(target, 4), run_target(target, inputs_of(target, 4))
        exponents = carried_exponents(target.graph)
        form = form_of(target, 0, exponents)
        assert all(not layer.bias.any() for layer in form.layers[1:])
        assert all(affine.groups == 1 for affine in form.graph.affine)
        np.testing.assert_allclose(run_target(form, x), wanted, atol=1e-12)
        np.testing.assert_allclose(run_target(without_groups(target), x), wanted, atol=1e-12)


def test_the_maps_of_every_sum_carry_the_same_power_of_two() -> None:
    """1, then 1 + 1 = 2, then 2 + 2 = 4: with equal exponents the second sum would carry 3, of which a bias has no exact share."""
    graph = random_feedforward((2, 6, 6), DEEP).graph
    exponents = carried_exponents(graph)
    assert exponents == (0, 0, 1)
    assert constant_values(graph, exponents)[-2] == 4
    target = random_feedforward((2, 6, 6), DEEP)
    with pytest.raises(BadTarget, match="no float32 numbers"):
        form_of(target, 0, (0, 0, 0))


def test_a_source_that_looks_linear_is_linear_before_it_is_pruned() -> None:
    """Σ v·φ(ux) over all channels, in integers, is its value at 1 times x on both sides of 0."""
    target = random_feedforward((3, 1, 1), DENSE)
    source = source_for(target, Key(0), 8, law="looks_linear")
    u, v = source.first(0), source.second(0, 0, 3)[..., 0]
    at = {x: (np.maximum(u * x, 0)[:, :, None] * v).sum(axis=1) for x in (1, -1, 5, -5)}
    assert at[1].any()
    for x, value in at.items():
        assert (value == x * at[1]).all()
    assert (source.constant_first(0)[::2] == -source.constant_first(0)[1::2]).all()
    assert (source.second(0, 1, 2) == source.second(0, 0, 3)[1:2]).all()


def test_normal_weights_are_those_of_the_normal_grid_and_thinned_ones_are_there_with_the_density() -> None:
    target = random_feedforward((3, 1, 1), DENSE)
    normal = source_for(target, Key(5), 64, law="normal").first(0)
    assert (normal.ravel() == normal_weights(Key(5), 0, 0, 0, 192) << 11).all()
    full, thin = (source_for(target, Key(5), 4096, density=p) for p in (Fraction(1), Fraction(1, 5)))
    kept = thin.first(0) != 0
    assert abs(kept.mean() - 0.2) < 5 * (0.16 / kept.size) ** 0.5
    assert (thin.first(0) == np.where(kept, full.first(0), 0)).all()
    assert (thin.constant_first(0) == full.constant_first(0)).all()


def tiny(**options: Any) -> FeedforwardCertificate:
    target = random_feedforward((1, 1, 1), (Affine(0, 1), Activation(1), Affine(2, 2)), seed=3)
    ticket = prune_feedforward(target, source_for(target, Key(0), 4, **options), samples=4)
    return certify_feedforward(target, ticket, "10", inputs_of(target, 2), Fraction(1, 64))


@pytest.mark.parametrize(
    "options",
    [{"zero_biases": True, "density": Fraction(3, 4)}, {"law": "normal"}, {"law": "looks_linear"}, {"perturbation": Fraction(1, 64)}],
    ids=lambda options: "-".join(options),
)
def test_every_changed_number_text_and_bit_is_refused_and_a_forger_states_only_what_is_true(options: dict[str, Any]) -> None:
    data, accepted = tiny(**options).data, set()
    check(copy(data))
    for path, value in leaves(data):
        for other in alterations(path, value):
            assert refuses(changed(data, path, other)), f"{path}: {value} → {other} was accepted"
            if path[0] not in ("digests", "target", "points"):
                forged = forge(changed(data, path, other))
                if not refuses(forged):
                    accepted.add(path[0])
                    if path[0] != "epsilon":
                        target, ticket = read_ticket(forged)
                        assert certify_feedforward(target, ticket, "10", inputs_of(target, 2), Fraction(1, 64)).data == forged
    assert accepted <= {"name", "epsilon", "layers", "graph", "key"}


def doubled(target: FeedforwardTarget, exponents: tuple[int, ...]) -> FeedforwardTarget:
    """A form whose constant is twice what its layers take it for: every later bias counts twice."""
    form = with_constants(target, exponents)
    first = dataclasses.replace(form.layers[0], bias=np.concatenate([form.layers[0].bias[:-1], 2 * form.layers[0].bias[-1:]]))
    return dataclasses.replace(form, layers=(first, *form.layers[1:]))


def everywhere(*where: Any) -> np.ndarray:
    return np.ones(where[-1], dtype=bool)


@pytest.mark.parametrize(
    ("place", "fault", "options"),
    [
        ("numerics.feedforward.forms.with_constants", doubled, {"zero_biases": True}),
        ("numerics.feedforward.source.kept", everywhere, {"density": Fraction(1, 2)}),
        ("numerics.feedforward.laws.NORMAL_BITS", 13, {"law": "normal"}),
        ("numerics.feedforward.forms.without_groups", lambda target: target, {"copies": 8}),
        ("numerics.feedforward.blocks.farthest", lambda _: 1 << 20, {"perturbation": Fraction(1, 1000)}),
        ("numerics.feedforward.constants.farthest", lambda _: 1 << 20, {"perturbation": Fraction(1, 100000)}),
        ("numerics.feedforward.certificate.MASKS", ("second", "constant", "constant_moves", "moves"), {"perturbation": Fraction(1, 1000)}),
    ],
)
def test_a_builder_with_a_fault_in_its_source_or_form_is_refused(
    place: str, fault: Any, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A constant taken for half of what it is, weights not there, of half the size, groups left, weights moved too far, or other ones."""
    operations = (Affine(0, 2), Activation(1), Affine(2, 2, groups=2), Activation(3), Affine(4, 2))
    target = random_feedforward((2, 1, 1), operations)

    def made() -> dict[str, Any]:
        ticket = prune_feedforward(target, source_for(target, Key(0), 16, **options), samples=10)
        return copy(certify_feedforward(target, ticket, "1000", inputs_of(target, 1)).data)

    check(made())
    monkeypatch.setattr(place, fault)
    with pytest.raises((Refused, BadTarget)):
        check(made())


def test_senseless_sources_and_targets_whose_biases_no_constant_reaches_are_refused() -> None:
    target = random_feedforward((3, 1, 1), DENSE)
    wrong: Any
    for wrong in (Fraction(0), Fraction(3, 2)):
        with pytest.raises(OutOfRange, match="density"):
            source_for(target, Key(0), 8, density=wrong)
    for wrong in (Fraction(-1, 8), Fraction(3, 2)):
        with pytest.raises(OutOfRange, match="perturbation"):
            source_for(target, Key(0), 8, perturbation=wrong)
    with pytest.raises(OutOfRange, match="law 'cauchy'"):
        require_law("cauchy", Fraction(1))
    for width, copies in ((7, 0), (8, 4)):
        with pytest.raises(OutOfRange, match="pairs of opposite sign"):
            source_for(target, Key(0), width, copies=copies, law="looks_linear")
    with pytest.raises(BadTarget, match="carried unchanged by relu"):
        source_for(random_feedforward((3, 1, 1), DENSE, activation="tanh"), Key(0), 8, zero_biases=True)
    wide = (Affine(0, 2), Activation(1), Affine(2, 2, (1, 1), (1, 1), (1, 1)), MaxPool(3, (2, 2), (2, 2)), Flatten(4), Affine(5, 2))
    with pytest.raises(BadTarget, match="outside the map"):
        source_for(random_feedforward((2, 4, 4), wide), Key(0), 8, zero_biases=True)
    skipped = random_feedforward((3, 1, 1), (Affine(0, 3), Activation(1), Add(2, 0), Affine(3, 2)))
    with pytest.raises(BadTarget, match="without"):
        source_for(skipped, Key(0), 8, zero_biases=True)
