"""The identity, cut off."""

from dataclasses import dataclass

import sympy

from theory.activation import Activation
from theory.instantiation import register
from theory.source import Source


@register
@dataclass(frozen=True)
class HardTanh(Activation):
    """x on [-1, 1], constant outside; equal to φ̂ on [-1, 1]."""

    source = Source("burkholz2022b", "assumption on φ")
    m_plus = m_minus = 1
    d = 0
    lipschitz_constant = 1

    def formula(self, x: sympy.Symbol) -> sympy.Expr:
        """Three lines."""
        return sympy.Max(-1, sympy.Min(1, x))

    def accurate_radius(self, epsilon: sympy.Symbol) -> sympy.Expr:  # noqa: ARG002
        """Exact on [-1, 1]."""
        return sympy.Integer(1)
