"""The scaled exponential linear unit."""

from dataclasses import dataclass

import sympy

from theory.activation import Activation
from theory.instantiation import register
from theory.source import Source

SCALE = sympy.Rational("1.0507009873554804934193349852946")
ALPHA = sympy.Rational("1.6732632423543772848170429916717")


@register
@dataclass(frozen=True)
class Selu(Activation):
    """λx for x ≥ 0 and λα(eˣ - 1) for x < 0, λ and α the published decimals."""

    source = Source("burkholz2022b", "assumption on φ")
    m_plus = SCALE
    m_minus = SCALE * ALPHA
    lipschitz_constant = SCALE * ALPHA

    def formula(self, x: sympy.Symbol) -> sympy.Expr:
        """A line and an exponential."""
        return SCALE * sympy.Piecewise((x, x >= 0), (ALPHA * (sympy.exp(x) - 1), True))

    def accurate_radius(self, epsilon: sympy.Symbol) -> sympy.Expr:
        """|λα(eˣ - 1 - x)| ≤ λαx²/2 for x < 0."""
        return sympy.sqrt(2 * epsilon / (SCALE * ALPHA))
