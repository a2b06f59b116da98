"""The absolute value: excluded, since φ̂(x) = φ̂(-x)."""

from dataclasses import dataclass

import sympy

from theory.activation import Activation
from theory.instantiation import register
from theory.source import Source


@register
@dataclass(frozen=True)
class AbsoluteValue(Activation):
    """|x|: its slopes 1 and -1 at 0 cancel, so that no sum of |wx| tells x from -x."""

    source = Source("burkholz2022b", "assumption on φ")
    m_plus, m_minus = 1, -1
    lipschitz_constant = 1

    def formula(self, x: sympy.Symbol) -> sympy.Expr:
        """The size of x."""
        return sympy.Abs(x)

    def accurate_radius(self, epsilon: sympy.Symbol) -> sympy.Expr:  # noqa: ARG002
        """Everywhere."""
        return sympy.oo
