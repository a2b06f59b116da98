"""The logistic function."""

from dataclasses import dataclass

import sympy

from theory.activation import Activation
from theory.instantiation import register
from theory.source import Source


@register
@dataclass(frozen=True)
class Sigmoid(Activation):
    """1/(1 + e⁻ˣ), of slope 1/4 and value 1/2 at 0."""

    source = Source("burkholz2022b", "assumption on φ")
    m_plus = m_minus = sympy.Rational(1, 4)
    d = sympy.Rational(1, 2)
    lipschitz_constant = sympy.Rational(1, 4)

    def formula(self, x: sympy.Symbol) -> sympy.Expr:
        """By the hyperbolic tangent: 1/(1 + e⁻ˣ) = (1 + tanh(x/2))/2."""
        return (1 + sympy.tanh(x / 2)) / 2

    def accurate_radius(self, epsilon: sympy.Symbol) -> sympy.Expr:
        """|1/(1 + e⁻ˣ) - 1/2 - x/4| ≤ |x|³/48."""
        return sympy.root(48 * epsilon, 3)
