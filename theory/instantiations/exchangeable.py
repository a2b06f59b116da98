"""Matrices whose rows and columns may be permuted: the product S_n × S_m."""

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
class Exchangeable(GroupInstantiation):
    """S_n permuting the rows and S_m the columns of an n × m matrix: users and items, sets and features."""

    n: int = 3
    m: int = 4
    source = Source("ferbach2023", "general framework: a product of two symmetric groups")

    def __post_init__(self) -> None:
        if self.n < 1 or self.m < 1:
            raise OutOfRange(f"Exchangeable(n={self.n}, m={self.m}): at least one row and one column were expected.")

    @property
    def size_formula(self) -> sympy.Expr:
        """(same row or not) × (same column or not)."""
        return sympy.Min(parameter("n"), 2) * sympy.Min(parameter("m"), 2)

    @property
    def norm_formula(self) -> sympy.Expr:
        """The norm of the all-ones matrix."""
        return parameter("n") * parameter("m")

    def group(self) -> PermutationGroup:
        """A transposition and a cycle of the rows, and of the columns."""
        n, m = self.n, self.m
        points = [(i, j) for i in range(n) for j in range(m)]
        moves = (
            lambda i, j: (_swapped(i, n), j),
            lambda i, j: ((i + 1) % n, j),
            lambda i, j: (i, _swapped(j, m)),
            lambda i, j: (i, (j + 1) % m),
        )
        images = [[row * m + column for row, column in (move(*point) for point in points)] for move in moves]
        return PermutationGroup(images, names=("t", "c", "u", "d"))

    def representation(self) -> Representation:
        """Permutation of the entries."""
        return self.group().natural()


def _swapped(index: int, count: int) -> int:
    return 1 - index if index < 2 <= count else index
