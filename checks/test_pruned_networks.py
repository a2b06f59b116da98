"""Tickets of every instantiation: equivariant, as accurate as certified, and of a width between the bounds."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from checks.covering import covers
from checks.evidence import Recorder
from checks.exact_network import exact_target, exact_ticket, moved, random_input, squared_norm
from checks.recheck import recheck
from checks.strategies import linear_target, random_target
from numerics.certify import certify
from numerics.declared import hidden_architecture
from numerics.network import Target, random_network
from numerics.prune import prune
from numerics.random_weights import GRID_BITS, MAGNITUDE, Key
from theory.bounds import Layer, coefficient_tolerance, effective_parameters, grid_width, lemma1_width, theorem2_parameters
from theory.instantiation import GroupInstantiation
from theory.representation import PermutationRepresentation
from theory.verdict import enclosure

SAMPLES = 18
EPSILON, DELTA = Fraction(1, 4), Fraction(1, 10)
FINE = Fraction(1, 2**8)
TRIALS, FEWER_TRIALS, MANY_OPERATORS = 60, 30, 12


def points_of(declared: GroupInstantiation) -> PermutationRepresentation:
    """The hidden representation, if tickets can be built on it."""
    hidden = declared.hidden_representation()
    if not isinstance(hidden, PermutationRepresentation):
        pytest.skip(
            "deep tickets use pointwise ReLU, which commutes with permutation matrices only; this representation is given by other matrices"
        )
    return hidden


@pytest.mark.statement("companion.equivariant_pruning")
def test_pruned_network_is_exactly_equivariant(declared: GroupInstantiation, evidence: Recorder) -> None:
    hidden = points_of(declared)
    target = random_target(hidden_architecture(declared, (2, 3), 2), seed=1)
    ticket = prune(target, random_network(target.architecture, Key(1), 12), samples=6)
    x = random_input((target.on_points.spaces[0].channels, hidden.dimension), seed=2)
    for g, images in enumerate(hidden.images):
        output = target.on_points.spaces[-1].representation.images[g]
        assert (exact_ticket(ticket, moved(x, images)) == moved(exact_ticket(ticket, x), output)).all()
    evidence.instances(f"a ticket of depth {target.architecture.depth} over {declared!r}, every generator, in rationals")


@pytest.mark.statement("companion.raw_pruning")
def test_pruning_one_raw_weight_breaks_equivariance(declared: GroupInstantiation, evidence: Recorder) -> None:
    hidden = points_of(declared)
    target = linear_target(declared, seed=3)
    shape = target.on_points.layers[0]
    labels = shape.basis.labels
    assert labels is not None
    shared = [k for k in range(len(shape.basis)) if np.count_nonzero(labels == k) > 1]
    if not shared:
        pytest.skip("every operator has one entry, so raw weights are coefficients and no mask on them can break equivariance")
    matrix = shape.matrix(np.where(target.layers[0].coefficients == 0, 1.0, target.layers[0].coefficients))
    for k in shared:
        pruned = matrix.copy()
        y, x = np.argwhere(labels == k)[0]
        pruned[y, x] = 0.0
        permutations = [np.eye(hidden.dimension)[:, np.argsort(images)] for images in hidden.images]
        assert all((g @ matrix == matrix @ g).all() for g in permutations)
        assert any((g @ pruned != pruned @ g).any() for g in permutations)
    evidence.instances(f"one raw weight of each of {len(shared)} operators of {declared!r} set to zero")


@pytest.mark.statement("companion.A4", "companion.A5")
def test_certified_error_is_at_least_the_exact_error_at_sampled_inputs(
    declared: GroupInstantiation, evidence: Recorder, tmp_path: Path
) -> None:
    hidden = points_of(declared)
    largest = Fraction(0)
    for seed in range(3):
        target = random_target(hidden_architecture(declared, (2, 3), 2), seed)
        ticket = prune(target, random_network(target.architecture, Key(seed), 20), samples=8)
        certificate = certify(target, ticket, "100")
        certificate.save(tmp_path / "certificate.json")
        assert recheck(tmp_path / "certificate.json")["error_bound"] == certificate.error_bound
        for shape, layer in zip(target.on_points.layers, certificate.data["layers"], strict=True):
            eta = max(abs(Fraction(residual)) for kind in ("plus", "minus") for residual in layer[f"residuals_{kind}"])
            square = 2 * shape.domain.channels * shape.codomain.channels * len(labels_of(shape)) * len(labels_of(shape)[0]) * eta**2
            assert Fraction(layer["error_norm"]) ** 2 <= square
        for number in range(4):
            x = random_input((target.on_points.spaces[0].channels, hidden.dimension), seed=number, norm=target.radius)
            error = squared_norm(exact_ticket(ticket, x) - exact_target(target, x))
            assert error <= certificate.error_bound**2
            largest = max(largest, error / certificate.error_bound**2)
    evidence.instances(
        f"3 tickets over {declared!r}, 12 inputs, in rationals",
        {"largest sampled / certified": f"{float(largest) ** 0.5:.3g}"},
    )


def labels_of(shape):
    """The orbit labels of a layer's basis."""
    assert shape.basis.labels is not None
    return shape.basis.labels


def layer_of(declared: GroupInstantiation) -> Layer:
    """The bounds' view of one channel to one channel."""
    points_of(declared)
    shape = hidden_architecture(declared, (1, 1)).layers[0]
    assert len(shape.basis) == declared.true_basis_size()
    return Layer(1, 1, len(shape.basis), declared.basis_norm_bounds()[1], len(shape.hidden_basis))


def built_error(target: Target, width: int) -> Fraction:
    """The certified layer error of the ticket of key 0 at this width."""
    ticket = prune(target, random_network(target.architecture, Key(0), width), samples=SAMPLES)
    return Fraction(certify(target, ticket, FINE).data["layers"][0]["error_norm"])


def test_bounds_are_ordered_lower_built_upper(declared: GroupInstantiation) -> None:
    layer = layer_of(declared)
    target = linear_target(declared, seed=4)
    upper = lemma1_width(layer, FINE, DELTA, "euclidean").value
    width = next(width for width in range(1, upper + 1) if built_error(target, width) <= FINE)
    lower, built = theorem2_parameters(layer, FINE).value, effective_parameters(layer, width)
    assert effective_parameters(layer, 1) < lower, "a single hidden channel would satisfy the lower bound: the check could not fail"
    assert lower <= built <= effective_parameters(layer, upper)


@pytest.mark.statement("ferbach2023.lemma1")
def test_success_frequency_at_the_width_of_lemma_1_is_at_least_1_minus_delta(declared: GroupInstantiation, evidence: Recorder) -> None:
    """Over keys 0, 1, ...: all targets |λ| ≤ 1 succeed at once if each coefficient's samples of either sign reach [-1, 1]."""
    layer = layer_of(declared)
    width = grid_width(layer, EPSILON, DELTA, GRID_BITS, "euclidean")
    tolerance = enclosure(coefficient_tolerance(layer, EPSILON, "euclidean"))[0]
    architecture = linear_target(declared, seed=5).architecture
    successes, trials = 0, TRIALS if layer.basis_size <= MANY_OPERATORS else FEWER_TRIALS
    for key in range(trials):
        network = random_network(architecture, Key(key), width)
        u, v = network.first(0)[0], network.second(0, 0)
        products = np.abs(u)[:, None] * v[:, 0, :]
        successes += all(
            covers(np.ascontiguousarray(products[sign * u > 0, k]), MAGNITUDE**2, tolerance)
            for k in range(products.shape[1])
            for sign in (1, -1)
        )
    evidence.trials(f"{declared!r}, ε = {EPSILON}, width {width}, all targets, keys 0 to {trials - 1}", successes, trials, 1 - DELTA)


def test_certificate_of_every_instantiation_is_refused_with_one_mask_bit_flipped(declared: GroupInstantiation, tmp_path: Path) -> None:
    from checks.recheck import Refused

    points_of(declared)
    target = random_target(hidden_architecture(declared, (2, 3), 2), seed=6)
    certificate = certify(target, prune(target, random_network(target.architecture, Key(6), 12), samples=6), "100")
    data = json.loads(json.dumps(certificate.data))
    count, _, mask = data["layers"][0]["masks"]["second"].partition(":")
    data["layers"][0]["masks"]["second"] = f"{count}:{int(mask[0], 16) ^ 8:x}{mask[1:]}"
    path = tmp_path / "certificate.json"
    path.write_text(json.dumps(data, sort_keys=True, separators=(",", ":")) + "\n", encoding="ascii")
    with pytest.raises(Refused):
        recheck(path)
