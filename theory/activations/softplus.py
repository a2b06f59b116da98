"""The smooth rectifier."""

from dataclasses import dataclass

import sympy

from theory.activation import Activation
from theory.instantiation import register
from theory.source import Source


@register
@dataclass(frozen=True)
class Softplus(Activation):
    """ln(1 + eˣ), of slope 1/2 and value ln 2 at 0."""

    source = Source("burkholz2022b", "assumption on φ")
    m_plus = m_minus = sympy.Rational(1, 2)
    d = sympy.log(2)
    lipschitz_constant = 1

    def formula(self, x: sympy.Symbol) -> sympy.Expr:
        """By exponential and logarithm."""
        return sympy.log(1 + sympy.exp(x))

    def accurate_radius(self, epsilon: sympy.Symbol) -> sympy.Expr:
        """|ln(1 + eˣ) - ln 2 - x/2| ≤ x²/8."""
        return sympy.sqrt(8 * epsilon)
