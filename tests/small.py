"""A small ticket that tests build, break and rebuild."""

from dataclasses import replace
from fractions import Fraction

import numpy as np

from checks.strategies import over, random_target
from numerics.certify import Certificate, certify
from numerics.graphs import GraphArchitecture
from numerics.layer import Space, trivial
from numerics.mixture import Mixture
from numerics.network import AffineLayer, Architecture, Target, random_network
from numerics.prune import prune
from numerics.random_weights import Key
from numerics.ticket import Ticket
from theory.group import PermutationGroup
from theory.instantiations.translation import Translation
from theory.representation import PermutationRepresentation


def small_target() -> Target:
    """Two layers over the shifts of three positions: one channel in, two hidden, one invariant output."""
    ring = Translation(3).representation()
    assert isinstance(ring, PermutationRepresentation)
    return random_target(over(ring, (1, 2, 1)), seed=0)


def small_ticket(key: int = 0) -> Ticket:
    """Its ticket at width 8."""
    target = small_target()
    return prune(target, random_network(target.architecture, Key(key), 8), samples=6)


def small_certificate(key: int = 0) -> Certificate:
    """The ticket's certificate."""
    return certify(small_target(), small_ticket(key), "10")


def small_filter_certificate() -> Certificate:
    """A zero-padded filter of 3 pixels on a row of 3, symmetric under reflection, to one invariant output: sharing, supports, two orbits."""
    group = PermutationGroup([[2, 1, 0]])
    row = group.natural()
    assert isinstance(row, PermutationRepresentation)
    spaces = (Space(row, 1, ((1, 2, -1),)), Space(row, 1, ((1, 2, -1),)), Space(trivial(group), 1, ((-1,),)))
    target = random_target(Architecture(spaces, (((0, 1), (0,)), (None, (0,)))), seed=1)
    return certify(target, prune(target, random_network(target.architecture, Key(0), 5), samples=5), "10")


def small_mixture_certificate() -> Certificate:
    """The same row, with two operators that are combinations of the filter's orbits: signs, halves, and an orbit that neither has whole."""
    group = PermutationGroup([[2, 1, 0]])
    row = group.natural()
    assert isinstance(row, PermutationRepresentation)
    spaces = (Space(row, 1, ((1, 2, -1),)), Space(row, 1, ((1, 2, -1),)), Space(trivial(group), 1, ((-1,),)))
    supports = ((None, (0,)), (None, (0,)))
    target = random_target(Architecture(spaces, supports, (Mixture(1, ((2, 1, -1), (0, -3, 2))), None)), seed=2)
    return certify(target, prune(target, random_network(target.architecture, Key(0), 5), samples=5), "10")


def small_exchanged_ticket() -> tuple[Target, Ticket]:
    """Three channels in, two out, over the shifts of three positions; inputs without negative entries, hidden channels exchanged."""
    ring = Translation(3).representation()
    assert isinstance(ring, PermutationRepresentation)
    target = replace(random_target(over(ring, (3, 2, 1)), seed=3), nonnegative=True)
    network = random_network(target.architecture, Key(0), 6)
    return target, prune(target, network, strategy="exchanged", tolerances=[0.05, 0.05])


def small_exchanged_certificate() -> Certificate:
    """The same with two channels in, one out, and fewer hidden ones."""
    ring = Translation(3).representation()
    assert isinstance(ring, PermutationRepresentation)
    target = replace(random_target(over(ring, (2, 1, 1)), seed=3), nonnegative=True)
    network = random_network(target.architecture, Key(0), 4)
    return certify(target, prune(target, network, strategy="exchanged", tolerances=[0.05, 0.05]), "10")


def small_graph_target() -> Target:
    """Two layers that propagate, a mean, and a dense layer, with coefficients and biases uniform in [-1, 1]."""
    architecture = GraphArchitecture(("propagate", "propagate", "mean", "dense"), (1, 2, 1, 1, 1))
    generator = np.random.default_rng(0)
    layers = []
    for shape in architecture.layers:
        numbers = [np.rint(generator.uniform(-1, 1, size) * 2**20) / 2**20 for size in (shape.coefficient_shape, shape.bias_shape)]
        layers.append(AffineLayer(*numbers))
    return Target("graphs", architecture, tuple(layers), Fraction(1))


def small_graph_ticket(width: int = 5) -> Ticket:
    """Its ticket."""
    target = small_graph_target()
    return prune(target, random_network(target.architecture, Key(0), width), samples=5)


def small_graph_certificate() -> Certificate:
    """The ticket's certificate."""
    return certify(small_graph_target(), small_graph_ticket(), "100")
