"""The trivial group: dense networks, the case of pensia2020."""

from dataclasses import dataclass

import sympy

from theory.group import PermutationGroup
from theory.instantiation import GroupInstantiation, register
from theory.representation import Representation
from theory.source import Source


@register
@dataclass(frozen=True)
class Trivial(GroupInstantiation):
    """Dense layers: every feature is a scalar, and every linear map is equivariant."""

    source = Source("ferbach2023", "corollary for dense networks, which recovers pensia2020")

    @property
    def size_formula(self) -> sympy.Expr:
        """Multiplication by a number."""
        return sympy.Integer(1)

    @property
    def norm_formula(self) -> sympy.Expr:
        """|1| = 1."""
        return sympy.Integer(1)

    def group(self) -> PermutationGroup:
        """The group of one element."""
        return PermutationGroup([], degree=1)

    def representation(self) -> Representation:
        """Scalars."""
        return self.group().trivial()
