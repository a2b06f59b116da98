"""The error function."""

from dataclasses import dataclass

import sympy

from theory.activation import Activation
from theory.instantiation import register
from theory.source import Source


@register
@dataclass(frozen=True)
class Erf(Activation):
    """erf x, odd, of slope 2/√π at 0."""

    source = Source("burkholz2022b", "assumption on φ")
    m_plus = m_minus = 2 / sympy.sqrt(sympy.pi)
    d = 0
    lipschitz_constant = 2 / sympy.sqrt(sympy.pi)

    def formula(self, x: sympy.Symbol) -> sympy.Expr:
        """As it stands."""
        return sympy.erf(x)

    def accurate_radius(self, epsilon: sympy.Symbol) -> sympy.Expr:
        """|erf x - 2x/√π| ≤ 2|x|³/(3√π)."""
        return sympy.root(3 * sympy.sqrt(sympy.pi) * epsilon / 2, 3)
