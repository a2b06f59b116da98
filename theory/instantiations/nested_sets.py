"""Sets of sets: the wreath product of two symmetric groups."""

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
class NestedSets(GroupInstantiation):
    """m sets of n elements each: S_n permutes the elements inside each set on its own, S_m the sets; S_n ≀ S_m."""

    n: int = 3
    m: int = 3
    source = Source("ferbach2023", "general framework: a wreath product of two symmetric groups")

    def __post_init__(self) -> None:
        if self.n < 1 or self.m < 1:
            raise OutOfRange(f"NestedSets(n={self.n}, m={self.m}): at least one set of at least one element was expected.")

    @property
    def size_formula(self) -> sympy.Expr:
        """The same element, another one of the same set, one of another set."""
        return sympy.Min(parameter("n"), 2) + sympy.Min(parameter("m"), 2) - 1

    @property
    def norm_formula(self) -> sympy.Expr:
        """The norm of the all-ones matrix."""
        return parameter("n") * parameter("m")

    def group(self) -> PermutationGroup:
        """A transposition and a cycle inside the first set, a transposition and a cycle of the sets."""
        n, total = self.n, self.n * self.m
        points = range(total)
        inner_swap = [{0: 1, 1: 0}.get(x, x) if n > 1 else x for x in points]
        inner_cycle = [(x + 1) % n if x < n else x for x in points]
        outer_swap = [(x + n if x < n else x - n if x < 2 * n else x) if self.m > 1 else x for x in points]
        outer_cycle = [(x + n) % total for x in points]
        return PermutationGroup([inner_swap, inner_cycle, outer_swap, outer_cycle], names=("t", "c", "u", "d"))

    def representation(self) -> Representation:
        """Permutation of all elements."""
        return self.group().natural()
