"""Small feedforward targets and tickets that tests build, break and rebuild."""

from fractions import Fraction

import numpy as np

from numerics.feedforward import (
    Activation,
    Add,
    Affine,
    AveragePool,
    FeedforwardCertificate,
    FeedforwardTarget,
    FeedforwardTicket,
    Flatten,
    Graph,
    MaxPool,
    Operation,
    certify_feedforward,
    prune_feedforward,
    source_for,
)
from numerics.feedforward.graph import LayerNumbers
from numerics.feedforward.operations import Shape
from numerics.random_weights import Key

EVERYTHING = (
    Affine(0, 4, (3, 3), (1, 1), (1, 1)),
    Activation(1),
    Affine(2, 4, (3, 3), (1, 1), (1, 1), 2),
    Add(3, 2),
    Activation(4),
    MaxPool(5, (3, 3), (2, 2), (1, 1)),
    Affine(6, 4, (1, 1), (2, 2), (1, 1)),
    AveragePool(7, (2, 2), (1, 1)),
    Flatten(8),
    Affine(9, 3),
)
"""Padding, groups, a skip connection, pooling with padding, a stride with padding wider than the kernel, a mean, a dense layer."""


def random_feedforward(
    shape: Shape, operations: tuple[Operation, ...], seed: int = 0, size: float = 0.3, activation: str = "relu"
) -> FeedforwardTarget:
    """A target with normal weights and biases, inputs in [-1, 1]."""
    generator = np.random.Generator(np.random.Philox(seed))
    graph = Graph(shape, operations, activation)
    layers = []
    for i in range(len(graph.affine)):
        weights = generator.normal(size=graph.weight_shape(i)) * size
        layers.append(LayerNumbers(weights.astype(np.float32), (generator.normal(size=weights.shape[0]) * 0.2).astype(np.float32)))
    return FeedforwardTarget("small", graph, tuple(layers), Fraction(-1), Fraction(1))


def ticket_of(target: FeedforwardTarget, key: int = 0, width: int = 30, samples: int = 14) -> FeedforwardTicket:
    """Its ticket."""
    return prune_feedforward(target, source_for(target, Key(key), width), samples=samples)


def inputs_of(target: FeedforwardTarget, count: int, seed: int = 1) -> np.ndarray:
    """Inputs on a grid in the box."""
    generator = np.random.Generator(np.random.Philox(seed))
    return (generator.integers(-256, 257, (count, *target.graph.shape)) / 256).astype(np.float32)


def tiny_certificate(key: int = 0) -> FeedforwardCertificate:
    """A certificate of a convolution with padding, ReLU and a dense layer on 2×2 pixels, small enough to change its every bit."""
    target = random_feedforward((1, 2, 2), (Affine(0, 1, (2, 2), (1, 1), (1, 1)), Activation(1), Flatten(2), Affine(3, 2)), seed=3)
    return certify_feedforward(target, ticket_of(target, key, 6, 6), "10", inputs_of(target, 3), Fraction(1, 64))
