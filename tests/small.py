"""A small ticket that tests build, break and rebuild."""

from checks.strategies import over, random_target
from numerics.certify import Certificate, certify
from numerics.network import Target, random_network
from numerics.prune import prune
from numerics.random_weights import Key
from numerics.ticket import Ticket
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
