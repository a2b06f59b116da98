"""Tensors over n elements: permutation-equivariant networks of any order, k-order graph networks."""

from dataclasses import dataclass

import sympy

from theory.bases import partition_basis
from theory.closed_form import one_of, parameter, partition_row_sum, partitions_of
from theory.errors import OutOfRange
from theory.exact_matrix import ExactMatrix
from theory.group import PermutationGroup
from theory.instantiation import GroupInstantiation, register
from theory.instantiations.sets import Sets
from theory.representation import Representation
from theory.source import Source

BASES = ("orbits", "partitions")


@register
@dataclass(frozen=True)
class Tensors(GroupInstantiation):
    """S_n on tensors with `order` indices: graphs with n vertices are tensors of order 2.

    The operators V^k → V^l are the partitions of k + l indices into at most n classes of equal ones. In the basis of orbits indices in
    different classes differ; for order ≥ 2 the identity is then a sum of operators (warning W2). In the basis of partitions they may be
    equal, and the identity is an operator.
    """

    n: int = 4
    order: int = 2
    basis: str = one_of(*BASES)
    source = Source("ferbach2023", "corollary for permutation-equivariant networks, order k to order l")

    def __post_init__(self) -> None:
        if self.basis not in BASES:
            raise OutOfRange(f"Tensors(basis={self.basis!r}): choose 'orbits' or 'partitions'.")
        if self.n < 1 or self.order < 1:
            raise OutOfRange(f"Tensors(n={self.n}, order={self.order}): n ≥ 1 elements and order ≥ 1 were expected.")

    @property
    def size_formula(self) -> sympy.Expr:
        """The partitions of 2k indices."""
        return partitions_of(2 * parameter("order"), parameter("n"))

    @property
    def norm_formula(self) -> sympy.Expr:
        """n^{(k+l)/2}, the norm of the all-ones matrix; for partitions the largest row sum of the sum of all, a bound for every n."""
        order, n = parameter("order"), parameter("n")
        return n**order if self.basis == "orbits" else partition_row_sum(order, n)

    def basis_operators(self) -> tuple[ExactMatrix, ...] | None:
        """An operator for each partition, if that basis is chosen."""
        return partition_basis(self.n, self.order, self.order) if self.basis == "partitions" else None

    def group(self) -> PermutationGroup:
        """S_n."""
        return Sets(self.n).group()

    def representation(self) -> Representation:
        """The tensor power of the permutation of the elements."""
        return self.group().natural() ** self.order
