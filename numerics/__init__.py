"""Arrays: equivariant bases, random networks, subset sums, masks, tickets, certificates."""

from numerics.basis import Basis, equivariant_basis
from numerics.certify import Certificate, certify
from numerics.network import random_network
from numerics.prune import prune
from numerics.random_weights import Key
from numerics.subset_sum import solve_subset_sums
from numerics.ticket import Ticket

__all__ = [
    "Basis",
    "Certificate",
    "Key",
    "Ticket",
    "certify",
    "equivariant_basis",
    "prune",
    "random_network",
    "solve_subset_sums",
]
