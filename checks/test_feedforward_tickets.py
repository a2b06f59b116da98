"""The constructions of Burkholz built for small networks: every copy's error in rationals, each activation, rescaled and thinned sources."""

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest

from checks.evidence import Recorder
from checks.recheck import check
from numerics.feedforward import (
    FeedforwardTarget,
    FeedforwardTicket,
    Graph,
    LayerNumbers,
    certify_feedforward,
    prune_feedforward,
    source_for,
)
from numerics.feedforward.errors import exact_layer
from numerics.feedforward.execute import run_target, run_ticket
from numerics.feedforward.operations import Activation, Add, Affine, Flatten, Operation
from numerics.random_weights import GRID_BITS, Key

DENSE = (Affine(0, 4), Activation(1), Affine(2, 3), Activation(3), Affine(4, 2))
BLOCK = (
    Affine(0, 2, (3, 3), (1, 1), (1, 1)),
    Activation(1),
    Affine(2, 2, (3, 3), (1, 1), (1, 1)),
    Add(3, 2),
    Activation(4),
    Flatten(5),
    Affine(6, 3),
)
NAMES = ("relu", "leaky_relu", "elu", "selu", "tanh", "sigmoid", "softplus", "gelu", "silu", "erf", "hard_tanh")
Numbers = list[Fraction]


def drawn(shape: tuple[int, int, int], operations: tuple[Operation, ...], activation: str = "relu") -> FeedforwardTarget:
    """A target with weights on the grid of 2⁻⁸, inputs in [-1, 1]."""
    generator, graph = np.random.Generator(np.random.Philox(11)), Graph(shape, operations, activation)

    def numbers(*size: int) -> np.ndarray:
        return (generator.integers(-160, 161, size) / 256).astype(np.float32)

    layers = tuple(LayerNumbers(numbers(*graph.weight_shape(i)), numbers(graph.weight_shape(i)[0])) for i in range(len(graph.affine)))
    return FeedforwardTarget("drawn", graph, layers, Fraction(-1), Fraction(1))


def grid_inputs(target: FeedforwardTarget, count: int) -> np.ndarray:
    generator = np.random.Generator(np.random.Philox(12))
    return (generator.integers(-16, 17, (count, *target.graph.shape)) / 16).astype(np.float32)


def relu(values: Numbers) -> Numbers:
    return [max(value, Fraction(0)) for value in values]


@pytest.mark.statement("burkholz2022b.E1_repaired", "burkholz2022a.explicit")
def test_the_recursion_bounds_the_error_of_every_copy(evidence: Recorder) -> None:
    """A dense target 3-4-3-2 on 8 copies: all values of all copies in rationals, e_l = ε_l(1 + B) + K e_{l-1} at each of 27 inputs."""
    target = drawn((3, 1, 1), DENSE)
    ticket = prune_feedforward(target, source_for(target, Key(0), 40, copies=8), samples=16)
    layers = [exact_layer(target, ticket, i) for i in range(3)]
    tight = Fraction(0)
    for entries in product((Fraction(-1), Fraction(1, 4), Fraction(1)), repeat=3):
        wanted, found, error = list(entries), list(entries), Fraction(0)
        for i, (numbers, layer) in enumerate(zip(target.layers, layers, strict=True)):
            weights = [[Fraction(float(w)) for w in row] for row in numbers.weights.reshape(len(numbers.bias), -1)]
            bias = [Fraction(float(b)) for b in numbers.bias]
            kept = [[Fraction(int(v), layer.unit) for v in row] for row in (layer.weights + layer.plus)[:, :, 0]]
            lower = [[Fraction(int(v), layer.unit) for v in row] for row in (layer.minus - layer.weights)[:, :, 0]]
            offsets = [Fraction(int(b) + int(e), layer.unit) for b, e in zip(layer.bias, layer.bias_error, strict=True)]
            size, negative = sum(map(abs, wanted)), relu([-value for value in found])
            before = [
                sum((w * x for w, x in zip(row, relu(found), strict=True)), Fraction(0))
                + (sum((w * x for w, x in zip(other, negative, strict=True)), Fraction(0)) if i == 0 else 0)
                + b
                for row, other, b in zip(kept, lower, offsets, strict=True)
            ]
            if i == 0:
                worst, factor = layer.worst, Fraction(0)
            else:
                copies = len(kept[0]) // len(weights[0])
                summed = [[sum(row[c * len(weights[0]) + j] for c in range(copies)) for j in range(len(weights[0]))] for row in kept]
                off = [
                    abs(s - w)
                    for row, q in zip(summed, range(len(kept)), strict=True)
                    for s, w in zip(row, weights[q % len(weights)], strict=True)
                ]
                worst, factor = max(*off, layer.offset), max(sum(map(abs, row)) for row in kept)
            error = worst * (1 + size) + factor * error
            wanted = [sum((w * x for w, x in zip(row, wanted, strict=True)), Fraction(0)) + b for row, b in zip(weights, bias, strict=True)]
            if i < 2:
                wanted, before = relu(wanted), relu(before)
            errors = [abs(value - wanted[q % len(wanted)]) for q, value in enumerate(before)]
            assert max(errors) <= error
            tight, found = max(tight, max(errors) / error), before
    assert tight > Fraction(1, 100)
    evidence.instances(
        f"dense 3-4-3-2 on 8 copies, 27 inputs, every copy of every layer; at most {float(tight):.2g} of the bound is reached"
    )


def stays_within(target: FeedforwardTarget, ticket: FeedforwardTicket) -> tuple[float, float]:
    """Run the masked network, have its certificate re-checked; the largest error seen and the bound for every input."""
    x = grid_inputs(target, 20)
    certificate = certify_feedforward(target, ticket, "1000", x[:1])
    check(certificate.data)
    largest = float(np.abs(run_ticket(ticket, x) - run_target(target, x)).max())
    bound = float(certificate.network.error)
    assert 0 < largest <= bound
    return largest, bound


@pytest.mark.statement("burkholz2022b.sign_split", "burkholz2022a.residual_explicit")
@pytest.mark.parametrize("copies", [0, 16])
@pytest.mark.parametrize("name", NAMES)
def test_a_residual_network_of_each_activation_has_a_ticket_within_its_bound(name: str, copies: int, evidence: Recorder) -> None:
    target = drawn((1, 3, 3), BLOCK, name)
    ticket = prune_feedforward(target, source_for(target, Key(0), 48, copies=copies), samples=16)
    largest, bound = stays_within(target, ticket)
    depth = "L + 1 on 16 copies" if copies else "2L"
    evidence.instances(f"{name}, {depth}: error at most {bound:.3g} for every input of [-1, 1]⁹, largest seen {largest:.3g}, re-checked")


def as_layers(target: FeedforwardTarget, ticket: FeedforwardTicket) -> list[tuple[list[Numbers], Numbers]]:
    """The masked network of a dense target: weights and biases of its 2L random layers, in rationals."""
    source, result = ticket.source, []
    for i, mask in enumerate(ticket.masks):
        t, s, _, fine = source.scales[i]
        u, v = source.first(i), np.where(mask.second, source.second(i, 0, source.input_channels(i)), 0)
        n, width = u.shape
        beta, w = source.constant_first(i), np.where(mask.constant, source.constant_second(i), 0)

        def unit(value: Any, scale: int) -> Fraction:
            return Fraction(int(value)) * Fraction(2) ** (scale - GRID_BITS)

        first = [[unit(u[p, j], t) if p == q else Fraction(0) for q in range(n)] for p in range(n) for j in range(width)]
        result.append((first + [[Fraction(0)] * n for _ in beta], [Fraction(0)] * len(first) + [unit(b, 0) for b in beta]))
        rows = range(target.graph.affine[i].channels)
        second = [
            [unit(v[p, j, q, 0], s) for p in range(n) for j in range(width)] + [unit(w[c, q], fine) for c in range(len(beta))] for q in rows
        ]
        result.append((second, [Fraction(0)] * len(rows)))
    return result


def outputs(layers: list[tuple[list[Numbers], Numbers]], x: Numbers) -> Numbers:
    for k, (weights, biases) in enumerate(layers):
        x = [sum((w * value for w, value in zip(row, x, strict=True) if w), b) for row, b in zip(weights, biases, strict=True)]
        x = x if k == len(layers) - 1 else relu(x)
    return x


@pytest.mark.statement("fischer2021.homogeneity", "fischer2021.explicit")
def test_a_ticket_of_rescaled_weights_and_biases_is_the_ticket_up_to_the_known_factor(evidence: Recorder) -> None:
    """Weights of the k-th random layer times σ_k, biases times σ_1···σ_k, as the usual initialisations have them: in rationals."""
    target = drawn((3, 1, 1), DENSE)
    ticket = prune_feedforward(target, source_for(target, Key(0), 40), samples=16)
    layers, sigmas = as_layers(target, ticket), [Fraction(k + 2, 3 * k + 1) for k in range(6)]
    scaled, total = [], Fraction(1)
    for (weights, biases), sigma in zip(layers, sigmas, strict=True):
        total *= sigma
        scaled.append(([[sigma * w for w in row] for row in weights], [total * b for b in biases]))
    largest = 0.0
    for x in grid_inputs(target, 6):
        entries = [Fraction(float(value)) for value in x.ravel()]
        plain = outputs(layers, entries)
        assert outputs(scaled, entries) == [total * value for value in plain]
        wanted = run_target(target, x[None])[0]
        largest = max(largest, max(abs(float(a) - b) for a, b in zip(plain, wanted, strict=True)))
    assert 0 < largest <= float(certify_feedforward(target, ticket, "1000", grid_inputs(target, 1)).network.error)
    evidence.instances(f"dense 3-4-3-2 in 6 random layers with biases, factor {total}, 6 inputs in rationals, ticket off by {largest:.2g}")


@pytest.mark.statement("xiong2023.monotone")
@pytest.mark.parametrize(("name", "copies"), [("relu", 0), ("gelu", 0), ("sigmoid", 0), ("relu", 12)])
def test_a_ticket_whose_weights_may_move_is_nearer_to_its_target(name: str, copies: int, evidence: Recorder) -> None:
    """Few samples and the same masks of hidden channels, with and without moves of at most 1/100: every sum is as near or nearer."""
    target = drawn((1, 3, 3), BLOCK, name)
    still, free = (source_for(target, Key(0), 48, copies=copies, perturbation=e) for e in (Fraction(0), Fraction(1, 100)))
    fixed, moved = (prune_feedforward(target, source, samples=12) for source in (still, free))
    for i, (a, b) in enumerate(zip(fixed.masks, moved.masks, strict=True)):
        assert (a.second == b.second).all()
        assert b.moves is not None
        assert b.constant_moves is not None
        assert max(np.abs(b.moves).max(), np.abs(b.constant_moves).max()) <= (1 << GRID_BITS) // 100
        assert not b.moves[~b.second].any()
        before, after = exact_layer(target, fixed, i), exact_layer(target, moved, i)
        if not free.direct(i):
            assert (np.abs(after.plus) <= np.abs(before.plus)).all()
            assert (np.abs(after.minus) <= np.abs(before.minus)).all()
    _, without = stays_within(target, fixed)
    largest, bound = stays_within(target, moved)
    assert bound < without / (2 if copies else 1000)
    evidence.instances(
        f"{name}, {copies} copies, moves of at most 1/100: bound {bound:.2g} in place of {without:.2g}, seen {largest:.2g}, re-checked"
    )


@pytest.mark.statement("gadhikar2023.E5_repaired")
@pytest.mark.parametrize("density", [Fraction(1, 2), Fraction(9, 10)])
def test_thinned_networks_contain_tickets_that_use_weights_that_are_there(density: Fraction, evidence: Recorder) -> None:
    target = drawn((1, 3, 3), BLOCK)
    full, thin = (source_for(target, Key(0), 160, density=p) for p in (Fraction(1), density))
    ticket = prune_feedforward(target, thin, samples=16)
    for i, mask in enumerate(ticket.masks):
        v = thin.second(i, 0, thin.input_channels(i))
        assert (v[mask.second] != 0).all()
        assert ((v == full.second(i, 0, thin.input_channels(i))) | (v == 0)).all()
        share = float((v != 0).mean())
        assert abs(share - float(density)) < 5 * (float(density * (1 - density)) / v.size) ** 0.5
    largest, bound = stays_within(target, ticket)
    evidence.instances(f"p = {density}: residual network, error at most {bound:.3g}, largest seen {largest:.3g}, re-checked")
