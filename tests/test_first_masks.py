"""Strategies for first masks: whom hidden channels read, exactly checked, the same for any workers, refused where they say nothing."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from fractions import Fraction
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save

from checks.recheck import Refused, check
from checks.recheck.document import canonical, sha256
from numerics.certify import certify
from numerics.economy import LayerEconomy, economy
from numerics.errors import BadTarget, BadTicket
from numerics.execute import run_target, run_ticket
from numerics.network import random_network
from numerics.prune import prune
from numerics.random_weights import Key
from numerics.strategies import STRATEGIES, UNUSABLE, Reading, matched, misfits, tolerances
from numerics.targets import Task
from numerics.ticket import Ticket
from tests.small import small_exchanged_ticket, small_graph_target, small_target, small_ticket
from theory.errors import OutOfRange


def test_the_matching_is_the_cheapest_of_all() -> None:
    misfit = np.random.default_rng(0).uniform(0, 1, (6, 3))
    reads = matched(misfit, 2)
    assert np.bincount(reads).tolist() == [2, 2, 2]
    costs = [sum(misfit[h, slot // 2] for h, slot in enumerate(order)) for order in permutations(range(6))]
    assert misfit[np.arange(6), reads].sum() == pytest.approx(min(costs))


def test_a_large_matching_is_made_part_by_part_and_is_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("numerics.strategies.MATCHED_AT_ONCE", 4)
    reads = matched(np.random.default_rng(1).uniform(0, 1, (10, 5)), 2)
    assert np.bincount(reads).tolist() == [2] * 5


def test_weights_that_are_not_positive_do_not_fit_and_fitting_ones_have_the_size_of_the_coefficients() -> None:
    misfit = misfits(np.array([[-0.5, 0.5], [0.25, 1.0]]), np.array([0.25, 0.5]))
    assert misfit.tolist() == [[UNUSABLE, 0.0], [0.0, np.log(2.0)]]


@pytest.mark.parametrize("strategy", ["positive", "assigned", "exchanged"])
def test_every_sum_is_the_best_over_what_reads_the_input(strategy: str) -> None:
    """By brute force over the subsets of the positive weights of the hidden channels that read each input."""
    target, _ = small_exchanged_ticket()
    network = random_network(target.architecture, Key(1), 6)
    units = np.rint(target.layers[0].coefficients * 2.0**46).astype(np.int64)
    reads = Reading(strategy, network, 0, units, 0.05).solve()
    ticket = prune(target, network, strategy=strategy, tolerances=[0.05, 0.05])
    assert np.bincount(reads, minlength=3).tolist() == [6, 6, 6]
    errors = np.array([Fraction(text) for text in certify(target, ticket, 10).data["layers"][0]["residuals_plus"]]).reshape(units.shape)
    for p in range(3):
        hidden = np.flatnonzero(reads == p)
        u, v = network.first_read(0, hidden, p), network.second_of(0, hidden)
        kept = np.flatnonzero(u > 0)
        subsets = np.array([[index >> i & 1 for i in range(len(kept))] for index in range(1 << len(kept))])
        sums = np.tensordot(subsets, u[kept, None, None] * v[kept], axes=1)
        best = np.abs(sums - units[:, p]).min(axis=0)
        found = np.vectorize(lambda error: abs(error) * 2**46)(errors[:, p])
        assert (np.abs(found - best) <= 1).all(), "the certificate's residuals are to the float64 coefficients, rounded here to 2^-46"


def test_the_exchanged_layer_is_within_its_tolerance_where_the_assignment_is_not() -> None:
    target, _ = small_exchanged_ticket()
    network = random_network(target.architecture, Key(2), 12)

    def norm(strategy: str) -> float:
        ticket = prune(target, network, strategy=strategy, tolerances=[0.003, 0.003])
        return float(Fraction(certify(target, ticket, 10).data["layers"][0]["error_norm"]))

    assert norm("exchanged") <= 0.003 < norm("assigned")


def test_the_network_runs_as_certified_and_only_without_negative_entries() -> None:
    target, ticket = small_exchanged_ticket()
    bound = float(certify(target, ticket, 10).error_bound)
    x = np.abs(np.random.default_rng(0).normal(size=(200, 3, 3)))
    x /= np.linalg.norm(x.reshape(200, -1), axis=1)[:, None, None]
    assert np.linalg.norm((run_ticket(ticket, x) - run_target(target, x)).reshape(200, -1), axis=1).max() <= bound
    assert np.abs(run_ticket(ticket, -x) - run_ticket(ticket, 0 * x)).max() == 0, "nothing negative passes"


def test_the_ticket_is_the_same_for_any_workers_and_goes_on_from_what_is_stored(tmp_path: Path) -> None:
    target, ticket = small_exchanged_ticket()
    with ThreadPoolExecutor(2) as pool:
        again = prune(target, ticket.network, strategy="exchanged", tolerances=[0.05, 0.05], executor=pool, cache=tmp_path)
    assert again.digests() == ticket.digests()
    stored = sorted(tmp_path.glob("*.reads"))
    assert len(stored) == 2
    stored[0].write_bytes(stored[0].read_bytes()[:-1] + b"\7")
    damaged = prune(target, ticket.network, strategy="exchanged", tolerances=[0.05, 0.05], cache=tmp_path)
    assert damaged.digests() == ticket.digests(), "a damaged piece is made again"


def test_a_ticket_on_graphs_may_be_exchanged_too() -> None:
    target = replace(small_graph_target(), nonnegative=True)
    network = random_network(target.architecture, Key(0), 8)
    certificates = {s: certify(target, prune(target, network, strategy=s, tolerances=[0.1] * 4), 1000) for s in STRATEGIES}
    assert check(json.loads(canonical(certificates["exchanged"].data)))["error_bound"] == certificates["exchanged"].error_bound
    assert not certificates["proof"].nonnegative


def test_what_hidden_channels_read_is_stored_and_bounded(tmp_path: Path) -> None:
    _, ticket = small_exchanged_ticket()
    path = tmp_path / "ticket.safetensors"
    ticket.save(path)
    assert Ticket.load(path).digests() == ticket.digests()
    with safe_open(path, framework="numpy") as file:
        names, header = file.keys(), file.metadata()
        tensors = {name: file.get_tensor(name) for name in names}
    for wrong in (tensors["0.reads"] + 3, tensors["0.reads"][1:], tensors["0.reads"].astype(np.int32)):
        path.write_bytes(save({**tensors, "0.reads": np.ascontiguousarray(wrong)}, metadata=header))
        with pytest.raises(BadTicket, match="int64 from -1 to 2 were expected"):
            Ticket.load(path)


def forged(change) -> dict:
    """A certificate with a change, its digests made again."""
    document = json.loads(canonical(certify(*small_exchanged_ticket(), 10).data))
    change(document)
    digests = document["digests"]
    digests["masks"] = sha256([layer["masks"] for layer in document["layers"]])
    digests.pop("certificate")
    digests["certificate"] = sha256(document)
    return document


def unstated(document: dict) -> None:
    del document["inputs"]


def other_input(document: dict) -> None:
    reads = document["layers"][0]["masks"]["reads"]
    place = next(h for h, p in enumerate(reads) if p >= 0)
    reads[place] = (reads[place] + 1) % 3


def unused_reads(document: dict) -> None:
    reads = document["layers"][0]["masks"]["reads"]
    reads[reads.index(-1)] = 0


def both_signs(document: dict) -> None:
    document["inputs"] = "any"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (unstated, "stated to be nonnegative exactly if"),
        (other_input, "residual|never active"),
        (unused_reads, "exactly if some weight is kept"),
        (both_signs, "nonnegative was expected"),
    ],
)
def test_the_re_checker_refuses_other_readings(change, says: str) -> None:
    assert check(forged(lambda document: None))["says"].startswith("|ticket(x) - target(x)|")
    with pytest.raises(Refused, match=says):
        check(forged(change))


def test_a_channel_that_is_never_active_must_not_be_kept() -> None:
    def kept(document: dict) -> None:
        target, ticket = small_exchanged_ticket()
        first = ticket.network.first_read(0, np.arange(18), np.zeros(18, dtype=np.int64))
        hidden = next(h for h in np.flatnonzero(first < 0) if not ticket.masks[0].first.ravel()[h])
        ticket.masks[0].second.reshape(18, -1)[hidden, 0] = True
        ticket.masks[0].reads[hidden] = 0  # pyright: ignore[reportOptionalSubscript]
        document |= json.loads(canonical(certify(target, ticket, 10).data))

    with pytest.raises(Refused, match="never active"):
        check(forged(kept))


def test_strategies_are_refused_where_they_say_nothing() -> None:
    target, ticket = small_exchanged_ticket()
    network = ticket.network
    with pytest.raises(OutOfRange, match="choose proof, positive, assigned, exchanged"):
        prune(target, network, strategy="best")
    with pytest.raises(OutOfRange, match="may be negative"):
        prune(replace(target, nonnegative=False), network, strategy="assigned")
    with pytest.raises(OutOfRange, match="a positive tolerance for each of 2 layers"):
        prune(target, network, strategy="exchanged", tolerances=[0.1])
    with pytest.raises(OutOfRange, match="at most 26"):
        prune(target, random_network(target.architecture, Key(0), 27), strategy="exchanged", tolerances=[0.1, 0.1])
    with pytest.raises(BadTarget, match="may be negative"):
        certify(replace(target, nonnegative=False), ticket, 10)


def test_layers_within_their_tolerances_are_within_epsilon() -> None:
    """A target without biases: the composed bound of layer errors at their tolerances stays below ε, and above 0.8 of it."""
    target = small_target()
    wanted = tolerances(target, 1e-3)
    error, reach = 0.0, float(target.radius)
    for layer, shape, tolerance in zip(target.layers, target.on_points.layers, wanted, strict=True):
        norm = float(np.linalg.norm(shape.matrix(layer.coefficients), 2))
        error = norm * error + tolerance * (reach + error)
        reach = norm * reach + float(np.linalg.norm(shape.offset(layer.bias)))
    assert 0.8e-3 < error <= 1e-3


def test_economy_compares_with_the_counting_bound() -> None:
    layer = LayerEconomy(coefficients=100, effective=1000, choices=0.0, relative_error=2.0**-11)
    assert layer.bound == 999
    assert LayerEconomy(100, 1000, 0.0, 0.6).bound == 0
    target, ticket = small_exchanged_ticket()
    found = economy(certify(target, ticket, 10), ticket.network)
    assert found.effective == (18 * 7 + 6 * 3) + (12 * 2 + 6 * 2)
    assert found.ratio is not None
    assert found.ratio_with_choices is not None
    assert 1 < found.ratio < found.ratio_with_choices
    plain = economy(certify(small_target(), small_ticket(), 10), small_ticket().network)
    assert plain.ratio == plain.ratio_with_choices


def test_a_task_whose_inputs_contradict_its_target_is_refused() -> None:
    target = replace(small_target(), nonnegative=True)
    with pytest.raises(BadTarget, match=r"a test input has the entry -0\.5"):
        Task(target, np.array([[[0.5, -0.5, 0.0]]]), np.array([0]), "small")
