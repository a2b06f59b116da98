"""The dihedral group on the vertices of a polygon: circular convolution with a symmetric filter."""

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
class Dihedral(GroupInstantiation):
    """D_n on the n vertices of a regular polygon: the intertwiners are the circular convolutions with even filters."""

    n: int = 6
    source = Source("ferbach2023", "corollary for subgroups of S_n")

    def __post_init__(self) -> None:
        if self.n < 3:
            raise OutOfRange(f"Dihedral(n={self.n}): a polygon needs n ≥ 3 vertices.")

    @property
    def size_formula(self) -> sympy.Expr:
        """One operator per distance between vertices."""
        return sympy.floor(parameter("n") / 2) + 1

    @property
    def norm_formula(self) -> sympy.Expr:
        """The norm of the all-ones matrix."""
        return parameter("n")

    def group(self) -> PermutationGroup:
        """The rotation by one vertex and a reflection."""
        n = self.n
        return PermutationGroup([[*range(1, n), 0], [-i % n for i in range(n)]], names=("r", "s"))

    def representation(self) -> Representation:
        """Permutation of the vertices."""
        return self.group().natural()
