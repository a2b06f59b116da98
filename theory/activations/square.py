"""The square: excluded, since it has no linear piece at 0."""

from dataclasses import dataclass

import sympy

from theory.activation import Activation
from theory.instantiation import register
from theory.source import Source


@register
@dataclass(frozen=True)
class Square(Activation):
    """x²: its slopes at 0 vanish; and it has no Lipschitz constant on the line (the one declared is that on [-1, 1])."""

    source = Source("burkholz2022b", "assumption on φ")
    m_plus = m_minus = 0
    lipschitz_constant = 2

    def formula(self, x: sympy.Symbol) -> sympy.Expr:
        """The square of x."""
        return x**2

    def accurate_radius(self, epsilon: sympy.Symbol) -> sympy.Expr:
        """|x² - 0| ≤ ε′."""
        return sympy.sqrt(epsilon)
