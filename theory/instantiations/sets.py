"""The symmetric group on the elements of a set: Deep Sets."""

from dataclasses import dataclass

import sympy

from theory.closed_form import parameter
from theory.errors import OutOfRange
from theory.group import PermutationGroup
from theory.instantiation import GroupInstantiation, register
from theory.representation import Representation
from theory.source import Source


@register
@dataclass(frozen=True)
class Sets(GroupInstantiation):
    """S_n permuting n elements: the maps α·1 + β·(sum over the others)."""

    n: int = 5
    source = Source("ferbach2023", "corollary for permutation-equivariant networks, order 1 to order 1")

    def __post_init__(self) -> None:
        if self.n < 1:
            raise OutOfRange(f"Sets(n={self.n}): a set needs n ≥ 1 elements.")

    @property
    def size_formula(self) -> sympy.Expr:
        """Bell(2) = 2, and 1 for a single element."""
        return sympy.Min(parameter("n"), 2)

    @property
    def norm_formula(self) -> sympy.Expr:
        """The norm of the all-ones matrix."""
        return parameter("n")

    def group(self) -> PermutationGroup:
        """A transposition and an n-cycle."""
        n = self.n
        swap = [1, 0, *range(2, n)] if n > 1 else [0]
        return PermutationGroup([swap, [*range(1, n), 0]], names=("t", "c"))

    def representation(self) -> Representation:
        """Permutation of the elements."""
        return self.group().natural()
