"""The rectifier."""

from dataclasses import dataclass

import sympy

from theory.activation import Activation
from theory.instantiation import register
from theory.source import Source


@register
@dataclass(frozen=True)
class Relu(Activation):
    """max(x, 0): equal to its own φ̂."""

    source = Source("burkholz2022b", "assumption on φ")
    m_plus, m_minus = 1, 0
    lipschitz_constant = 1

    def formula(self, x: sympy.Symbol) -> sympy.Expr:
        """The larger of x and 0."""
        return sympy.Max(x, 0)

    def accurate_radius(self, epsilon: sympy.Symbol) -> sympy.Expr:  # noqa: ARG002
        """Everywhere."""
        return sympy.oo
