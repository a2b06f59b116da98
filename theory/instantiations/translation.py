"""The cyclic group on a ring of positions: circular convolution."""

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
class Translation(GroupInstantiation):
    """Z_n shifting n positions: the intertwiners are the circular convolutions with any filter of length n."""

    n: int = 6
    source = Source("ferbach2023", "corollary for convolutional networks")

    def __post_init__(self) -> None:
        if self.n < 1:
            raise OutOfRange(f"Translation(n={self.n}): a ring needs n ≥ 1 positions.")

    @property
    def size_formula(self) -> sympy.Expr:
        """One operator per shift."""
        return parameter("n")

    @property
    def norm_formula(self) -> sympy.Expr:
        """The norm of the all-ones matrix: the filter of ones on a constant signal."""
        return parameter("n")

    def group(self) -> PermutationGroup:
        """The shift by one position."""
        return PermutationGroup([[*range(1, self.n), 0]], names=("s",))

    def representation(self) -> Representation:
        """Shifts of the positions."""
        return self.group().natural()
