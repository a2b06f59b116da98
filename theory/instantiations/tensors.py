"""Tensors over n elements: permutation-equivariant networks of any order, k-order graph networks."""

from dataclasses import dataclass

import sympy
from sympy.functions.combinatorial.numbers import stirling

from theory.errors import OutOfRange
from theory.group import PermutationGroup
from theory.instantiation import GroupInstantiation, register
from theory.instantiations.sets import Sets
from theory.representation import Representation
from theory.source import Source


@register
@dataclass(frozen=True)
class Tensors(GroupInstantiation):
    """S_n on tensors with `order` indices: graphs with n vertices are tensors of order 2.

    The operators V^k → V^l are the partitions of k + l indices into at most n classes of equal ones.
    """

    n: int = 4
    order: int = 2
    source = Source("ferbach2023", "corollary for permutation-equivariant networks, order k to order l")

    def __post_init__(self) -> None:
        if self.n < 1 or self.order < 1:
            raise OutOfRange(f"Tensors(n={self.n}, order={self.order}): n ≥ 1 elements and order ≥ 1 were expected.")

    @staticmethod
    def operators(n: int, indices: int) -> int:
        """Σ_{j ≤ n} S(k + l, j), the Bell number of k + l where n ≥ k + l."""
        return sum(int(stirling(indices, j)) for j in range(1, min(n, indices) + 1))

    @property
    def basis_size(self) -> int:
        """The partitions of 2k indices."""
        return self.operators(self.n, 2 * self.order)

    @property
    def basis_norm(self) -> sympy.Expr:
        """n^{(k+l)/2}, the norm of the all-ones matrix."""
        return sympy.Integer(self.n) ** self.order

    def group(self) -> PermutationGroup:
        """S_n."""
        return Sets(self.n).group()

    def representation(self) -> Representation:
        """The tensor power of the permutation of the elements."""
        return self.group().natural() ** self.order
