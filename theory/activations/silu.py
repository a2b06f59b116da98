"""The sigmoid linear unit, also called swish."""

from dataclasses import dataclass

import sympy

from theory.activation import Activation
from theory.instantiation import register
from theory.source import Source


@register
@dataclass(frozen=True)
class Silu(Activation):
    """x/(1 + e⁻ˣ); its slope is at most 1.09985, reached near 2.4."""

    source = Source("burkholz2022b", "assumption on φ")
    m_plus = m_minus = sympy.Rational(1, 2)
    d = 0
    lipschitz_constant = sympy.Rational("1.09985")

    def formula(self, x: sympy.Symbol) -> sympy.Expr:
        """By the hyperbolic tangent: 1/(1 + e⁻ˣ) = (1 + tanh(x/2))/2."""
        return x * (1 + sympy.tanh(x / 2)) / 2

    def accurate_radius(self, epsilon: sympy.Symbol) -> sympy.Expr:
        """|x/(1 + e⁻ˣ) - x/2| ≤ x²/4."""
        return 2 * sympy.sqrt(epsilon)
