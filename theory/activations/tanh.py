"""The hyperbolic tangent."""

from dataclasses import dataclass

import sympy

from theory.activation import Activation
from theory.instantiation import register
from theory.source import Source


@register
@dataclass(frozen=True)
class Tanh(Activation):
    """tanh x, odd, of slope 1 at 0."""

    source = Source("burkholz2022b", "assumption on φ")
    m_plus = m_minus = 1
    d = 0
    lipschitz_constant = 1

    def formula(self, x: sympy.Symbol) -> sympy.Expr:
        """As it stands."""
        return sympy.tanh(x)

    def accurate_radius(self, epsilon: sympy.Symbol) -> sympy.Expr:
        """|tanh x - x| ≤ |x|³/3."""
        return sympy.root(3 * epsilon, 3)
