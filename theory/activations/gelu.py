"""The Gaussian error linear unit."""

from dataclasses import dataclass

import sympy

from theory.activation import Activation
from theory.instantiation import register
from theory.source import Source


@register
@dataclass(frozen=True)
class Gelu(Activation):
    """x·P(Z ≤ x), Z standard normal; its slope is at most 1.12905, reached near √2."""

    source = Source("burkholz2022b", "assumption on φ")
    m_plus = m_minus = sympy.Rational(1, 2)
    d = 0
    lipschitz_constant = sympy.Rational("1.12905")

    def formula(self, x: sympy.Symbol) -> sympy.Expr:
        """By the error function."""
        return x * (1 + sympy.erf(x / sympy.sqrt(2))) / 2

    def accurate_radius(self, epsilon: sympy.Symbol) -> sympy.Expr:
        """|φ(x) - x/2| ≤ x²/√(2π)."""
        return sympy.sqrt(sympy.sqrt(2 * sympy.pi) * epsilon)
