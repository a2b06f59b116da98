"""Tickets of convolutional and residual networks: what they compute, what is certified, and that the bounds are true and tight."""

import dataclasses
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional

from checks.recheck.document import Budget
from checks.recheck.feedforward_graph import first_source, point_work, read_graph
from numerics.errors import BadTarget, NoSubset
from numerics.feedforward import (
    Activation,
    Add,
    Affine,
    AveragePool,
    FeedforwardTarget,
    FeedforwardTicket,
    Flatten,
    Graph,
    LayerNumbers,
    MaxPool,
    Operation,
    certify_feedforward,
    prune_feedforward,
    source_for,
)
from numerics.feedforward.blocks import by_input
from numerics.feedforward.bounds import whole_network
from numerics.feedforward.build import stated_inputs
from numerics.feedforward.certificate import EVERY_INPUT, STATED_INPUTS, require
from numerics.feedforward.difference import differences, steps_of
from numerics.feedforward.errors import exact_layer
from numerics.feedforward.execute import run_sums, run_target, run_ticket
from numerics.random_weights import Key
from numerics.workers import Workers
from tests.small_feedforward import EVERYTHING, inputs_of, random_feedforward, ticket_of
from theory.errors import OutOfRange


@pytest.fixture(scope="module")
def target() -> FeedforwardTarget:
    return random_feedforward((2, 6, 6), EVERYTHING)


@pytest.fixture(scope="module")
def ticket(target: FeedforwardTarget) -> FeedforwardTicket:
    return ticket_of(target)


def layers_of(target: FeedforwardTarget, ticket: FeedforwardTicket) -> tuple:
    return tuple(exact_layer(target, ticket, i) for i in range(len(target.layers)))


def test_the_graph_computes_what_torch_computes(target: FeedforwardTarget) -> None:
    x = inputs_of(target, 3)
    w = [(torch.from_numpy(layer.weights).double(), torch.from_numpy(layer.bias).double()) for layer in target.layers]
    first = torch.relu(functional.conv2d(torch.from_numpy(x).double(), *w[0], padding=1))
    second = torch.relu(functional.conv2d(first, *w[1], padding=1, groups=2) + first)
    third = functional.conv2d(functional.max_pool2d(second, 3, 2, 1), *w[2], stride=2, padding=1)
    last = functional.avg_pool2d(third, 2, 1).flatten(1) @ w[3][0][:, :, 0, 0].T + w[3][1]
    np.testing.assert_allclose(run_target(target, x), last.numpy(), atol=1e-13)


def test_the_masked_random_network_computes_its_subset_sums_and_stays_within_its_bounds(
    target: FeedforwardTarget, ticket: FeedforwardTicket
) -> None:
    x = inputs_of(target, 40)
    outputs = run_ticket(ticket, x)
    np.testing.assert_allclose(outputs, run_sums(ticket, x), atol=1e-12)
    largest = np.abs(outputs - run_target(target, x)).max()
    assert 0 < largest <= float(whole_network(target, layers_of(target, ticket)).error)


def test_a_layer_alone_errs_at_most_by_gain_and_offset_at_the_border_as_inside() -> None:
    """And on the zero input by its bias's error everywhere: no bias is lost at the border, even where a window sees padding alone."""
    for operation in (Affine(0, 3, (3, 3), (1, 1), (1, 1)), Affine(0, 3, (1, 1), (1, 1), (2, 2)), Affine(0, 2, (3, 3), (2, 2), (2, 2), 2)):
        target = random_feedforward((2, 5, 5), (operation,), size=0.5)
        ticket = ticket_of(target, samples=10)
        layer = exact_layer(target, ticket, 0)
        shape = target.graph.shapes[-1]
        zero = run_ticket(ticket, np.zeros((1, 2, 5, 5), np.float32)) - run_target(target, np.zeros((1, 2, 5, 5), np.float32))
        expected = np.array([float(Fraction(int(e), layer.unit)) for e in layer.bias_error])
        np.testing.assert_allclose(zero.reshape(shape), np.broadcast_to(expected[:, None, None], shape), atol=1e-15)
        x = inputs_of(target, 50)
        errors = np.abs(run_ticket(ticket, x) - run_target(target, x)).max(axis=1)
        bounds = float(layer.gain) * np.abs(x).max(axis=(1, 2, 3)) + float(layer.offset)
        assert (errors <= bounds * (1 + 1e-9)).all()
        assert (errors > bounds / 20).any()


def test_every_sum_is_that_of_its_mask_and_near_its_target(target: FeedforwardTarget, ticket: FeedforwardTicket) -> None:
    source = ticket.source
    for i, numbers in enumerate(target.layers):
        u, mask = source.first(i).astype(object), ticket.masks[i].second
        v = source.second(i, 0, len(u)).astype(object)
        plus, minus = ticket.sums(i)
        assert ((np.where(u > 0, u, 0)[:, :, None, None] * v * mask).sum(axis=1) == plus).all()
        assert ((np.where(u < 0, -u, 0)[:, :, None, None] * v * mask).sum(axis=1) == minus).all()
        wanted = np.ldexp(by_input(numbers.weights, source.graph.affine[i].groups).astype(float), 46 - source.scales[i][1])
        assert np.abs(plus - wanted).max() < 0.05 * 2.0**46
        assert np.abs(minus + wanted).max() < 0.05 * 2.0**46


def test_masks_do_not_depend_on_workers_chunks_or_interruption(
    target: FeedforwardTarget, ticket: FeedforwardTicket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def same(other: FeedforwardTicket) -> bool:
        pairs = zip(ticket.masks, other.masks, strict=True)
        return all((a.second == b.second).all() and (a.constant == b.constant).all() for a, b in pairs)

    assert same(prune_feedforward(target, ticket.source, samples=14, workers=2, cache=tmp_path))
    monkeypatch.setattr("numerics.feedforward.blocks.solve_chunk", lambda *_, **__: pytest.fail("solved again"))
    assert same(prune_feedforward(target, ticket.source, samples=14, cache=tmp_path))
    next(tmp_path.iterdir()).write_bytes(b"damaged")
    with pytest.raises(pytest.fail.Exception, match="solved again"):
        prune_feedforward(target, ticket.source, samples=14, cache=tmp_path)
    monkeypatch.undo()
    monkeypatch.setattr("numerics.feedforward.blocks.BLOCK", 1)
    assert same(prune_feedforward(target, ticket.source, samples=14))


def test_a_build_interrupted_with_threads_and_ended_with_processes_gives_the_same_certificate(
    target: FeedforwardTarget, ticket: FeedforwardTicket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In blocks of one input channel: Ctrl-C after three of them, the rest by a process; and on copies with moves, by a process alone."""
    monkeypatch.setattr("numerics.feedforward.blocks.BLOCK", 1)
    finished: list[int] = []

    def stop(done: int, total: int) -> None:
        finished.append(done)
        if done == 3:
            raise KeyboardInterrupt
        assert total > 6

    with pytest.raises(KeyboardInterrupt), Workers(2).open() as threads:
        prune_feedforward(target, ticket.source, samples=14, executor=threads, cache=tmp_path, progress=stop)
    assert len(list(tmp_path.iterdir())) == 3
    on_copies = source_for(target, Key(0), 30, copies=8, perturbation=Fraction(1, 1000))
    again: list[int] = []
    with Workers(1, processes=True).open() as processes:
        resumed = prune_feedforward(
            target, ticket.source, samples=14, executor=processes, cache=tmp_path, progress=lambda done, _: again.append(done)
        )
        other = prune_feedforward(target, on_copies, samples=10, executor=processes)
    assert finished == [0, 1, 2, 3]
    assert again[0] == 3
    x = inputs_of(target, 1)
    for found, plain in ((resumed, ticket), (other, prune_feedforward(target, on_copies, samples=10))):
        assert certify_feedforward(target, found, "10", x).data == certify_feedforward(target, plain, "10", x).data


def test_near_an_input_the_difference_is_bounded_and_at_it_the_bound_is_the_difference(
    target: FeedforwardTarget, ticket: FeedforwardTicket
) -> None:
    x, layers = inputs_of(target, 4), layers_of(target, ticket)
    at = differences(target, layers, x, Fraction(0))
    exact = np.abs(run_ticket(ticket, x) - run_target(target, x))
    np.testing.assert_allclose(at.bound.astype(float), exact, atol=1e-12)
    radius = 2.0**-6
    near = differences(target, layers, x, Fraction(1, 64))
    generator = np.random.Generator(np.random.Philox(5))
    for _ in range(50):
        moved = x + (generator.integers(-8, 9, x.shape) * radius / 8).astype(np.float32)
        wanted, found = run_target(target, moved), run_ticket(ticket, moved)
        assert (np.abs(found - wanted) <= near.bound.astype(float)).all()
        assert (wanted >= near.target[0].astype(float)).all()
        assert (wanted <= near.target[1].astype(float)).all()
        assert (found >= near.ticket[0].astype(float)).all()
        assert (found <= near.ticket[1].astype(float)).all()
    assert (near.bound >= at.bound).all()


def test_a_prediction_is_called_the_same_only_where_both_networks_agree_throughout(
    target: FeedforwardTarget, ticket: FeedforwardTicket
) -> None:
    x, layers = inputs_of(target, 30), layers_of(target, ticket)
    same = differences(target, layers, x, Fraction(0)).same_prediction()
    np.testing.assert_array_equal(same, run_target(target, x).argmax(axis=1) == run_ticket(ticket, x).argmax(axis=1))
    assert same.any()
    assert not differences(target, layers, x[:3], Fraction(1)).same_prediction().any()


def test_the_bound_for_every_input_of_a_deep_network_says_nothing_and_says_so() -> None:
    deep: tuple[Operation, ...] = ()
    for i in range(0, 40, 2):
        deep += (Affine(i, 6), Activation(i + 1))
    target = random_feedforward((6, 1, 1), (*deep, Affine(40, 2)), size=0.4)
    ticket = ticket_of(target, samples=8)
    x = inputs_of(target, 5)
    certificate = certify_feedforward(target, ticket, "1/10", x)
    shallow = random_feedforward((6, 1, 1), (Affine(0, 6),), size=0.4)
    assert not certify_feedforward(shallow, ticket_of(shallow), "1/10", inputs_of(shallow, 1)).network.says_nothing
    assert certificate.network.says_nothing == (certificate.network.error >= certificate.network.extent)
    assert certificate.claim == STATED_INPUTS
    assert certificate.network.error > 100 * certificate.error_bound > 0


def test_the_certificate_rests_on_every_input_where_it_can_and_a_build_without_ticket_is_an_outcome(
    target: FeedforwardTarget, ticket: FeedforwardTicket
) -> None:
    x = inputs_of(target, 2)
    loose, tight = (certify_feedforward(target, ticket, epsilon, x) for epsilon in ("100", "1/1000000"))
    assert (loose.claim, tight.claim) == (EVERY_INPUT, STATED_INPUTS)
    assert loose.error_bound == loose.network.error
    require(loose)
    with pytest.raises(NoSubset, match="largest error of a coefficient"):
        require(tight)


def test_a_bound_that_says_nothing_is_called_so_where_no_ticket_is_certified() -> None:
    """The bound for every input as large as the range of the outputs."""
    target = random_feedforward((2, 1, 1), (Affine(0, 3), Activation(1), Affine(2, 2)))
    made = certify_feedforward(target, ticket_of(target), "1/1000000", inputs_of(target, 1))
    empty = dataclasses.replace(made, network=dataclasses.replace(made.network, error=made.network.extent))
    with pytest.raises(NoSubset, match=r"\(the outputs range over .*: it says nothing\)"):
        require(empty)
    with pytest.raises(NoSubset) as refused:
        require(made)
    assert "nothing" not in str(refused.value)


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_no_more_inputs_are_stated_than_the_re_checker_takes(activation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    target = random_feedforward((2, 6, 6), EVERYTHING, activation=activation)
    source = source_for(target, Key(0), 8)
    operations, shapes = read_graph(target.graph.description(), Budget())
    each = sum(
        point_work(operation, shapes[first_source(operation)], shapes[i + 1], 128, activation != "relu")
        for i, operation in enumerate(operations)
    )
    assert steps_of(target.graph) == each
    monkeypatch.setattr("numerics.feedforward.build.MOST_STEPS", 5 * each + 1)
    assert [stated_inputs(source, points) for points in (None, 1, 5)] == [5, 1, 5]
    with pytest.raises(OutOfRange, match=r"points 6: .* 5 are re-checked at most"):
        stated_inputs(source, 6)
    monkeypatch.setattr("numerics.feedforward.build.MOST_STEPS", each - 1)
    with pytest.raises(OutOfRange, match="0 are re-checked at most"):
        stated_inputs(source, None)


def test_zero_weights_keep_nothing_and_are_exact() -> None:
    target = random_feedforward((2, 3, 3), (Affine(0, 2, (3, 3), (1, 1), (1, 1)),))
    none = LayerNumbers(np.zeros_like(target.layers[0].weights), np.zeros_like(target.layers[0].bias))
    empty = dataclasses.replace(target, layers=(none,))
    ticket = ticket_of(empty)
    assert ticket.kept_parameters == 0
    assert exact_layer(empty, ticket, 0).worst == 0


@pytest.mark.parametrize(
    ("shape", "operations", "message"),
    [
        ((2, 4, 4), (Affine(0, 3, (3, 3)), Add(0, 1)), "Project the skip"),
        ((2, 4, 4), (Affine(0, 3, (5, 5)),), "does not fit"),
        ((3, 4, 4), (Affine(0, 4, groups=2),), "multiples of the groups"),
        ((2, 4, 4), (Affine(1, 3),), "comes later"),
        ((2, 4, 4), (Activation(0),), "nothing to prune"),
        ((2, 4, 4), (MaxPool(0, (2, 2), (2, 2), (2, 2)), Affine(1, 1)), "half the window"),
        ((2, 4, 0), (Affine(0, 1),), "channels, height, width"),
        ((2, 4, 4), (AveragePool(0, (0, 2), (1, 1)), Affine(1, 1)), "positive numbers"),
    ],
)
def test_graphs_that_make_no_sense_are_refused_with_the_reason(shape: tuple, operations: tuple, message: str) -> None:
    with pytest.raises(BadTarget, match=message):
        Graph(shape, operations)


def test_activations_without_a_construction_and_numbers_that_are_none_are_refused(target: FeedforwardTarget) -> None:
    with pytest.raises(BadTarget, match="certified for elu"):
        Graph((2, 4, 4), (Affine(0, 1),), "abs")
    broken = target.layers[2].weights.copy()
    broken[1, 0, 0, 0] = np.nan
    numbers = (*target.layers[:2], LayerNumbers(broken, target.layers[2].bias), target.layers[3])
    with pytest.raises(BadTarget, match=r"layer 2, weights \(1, 0, 0, 0\): the value is nan"):
        dataclasses.replace(target, layers=numbers)
    with pytest.raises(BadTarget, match=r"shape \(3,\); the graph has \(4,\)"):
        dataclasses.replace(target, layers=(LayerNumbers(target.layers[0].weights, np.zeros(3, np.float32)), *target.layers[1:]))
    other, ticket = random_feedforward((2, 6, 6), (*EVERYTHING[:1], Flatten(1), Affine(2, 2))), ticket_of(target, samples=2)
    with pytest.raises(BadTarget, match="another graph"):
        certify_feedforward(other, ticket, "1", inputs_of(other, 1))


def test_stated_inputs_outside_the_box_and_senseless_sizes_are_refused(target: FeedforwardTarget, ticket: FeedforwardTicket) -> None:
    for inputs in (inputs_of(target, 1) + np.float32(2), inputs_of(target, 1)[:0], inputs_of(target, 1).astype(np.float64)):
        with pytest.raises(OutOfRange):
            certify_feedforward(target, ticket, "1", inputs)
    for change in ({"width": 0}, {"constants": True}, {"scales": ()}, {"scales": ((0, 200, 0, 0),) * 4}):
        with pytest.raises(OutOfRange):
            dataclasses.replace(ticket.source, **change)
    for samples, workers in ((0, 1), (99, 1), (14, 0)):
        with pytest.raises(OutOfRange):
            prune_feedforward(target, ticket.source, samples=samples, workers=workers)


def test_the_scale_of_a_layer_reaches_its_weights_whatever_their_size() -> None:
    for size in (1e-6, 1.0, 300.0):
        target = random_feedforward((2, 3, 3), (Affine(0, 2, (3, 3)),), size=size)
        source = source_for(target, Key(0), 60)
        largest = np.abs(target.layers[0].weights).max()
        assert 2 * largest <= 2.0 ** source.scales[0][1] < 4 * largest
        layer = exact_layer(target, prune_feedforward(target, source, samples=22), 0)
        assert float(max(np.abs(layer.plus).max(), np.abs(layer.minus).max())) / layer.unit < 0.01 * largest
