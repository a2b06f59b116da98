"""The leaky rectifier."""

from dataclasses import dataclass
from fractions import Fraction

import sympy

from theory.activation import Activation
from theory.errors import OutOfRange
from theory.instantiation import register
from theory.source import Source
from theory.verdict import exact


@register
@dataclass(frozen=True)
class LeakyRelu(Activation):
    """x for x ≥ 0 and αx for x < 0, 0 ≤ α ≤ 1; equal to its own φ̂."""

    alpha: str | float | Fraction | int = "1/100"
    source = Source("burkholz2022b", "assumption on φ")
    m_plus = 1
    lipschitz_constant = 1

    def __post_init__(self) -> None:
        if not 0 <= exact(self.alpha) <= 1:
            raise OutOfRange(f"LeakyRelu(alpha={self.alpha}): 0 ≤ α ≤ 1 was expected.")

    @property
    def m_minus(self) -> sympy.Expr:  # pyright: ignore[reportIncompatibleVariableOverride]
        """α."""
        return exact(self.alpha)

    def formula(self, x: sympy.Symbol) -> sympy.Expr:
        """Two lines."""
        return sympy.Piecewise((x, x >= 0), (exact(self.alpha) * x, True))

    def accurate_radius(self, epsilon: sympy.Symbol) -> sympy.Expr:  # noqa: ARG002
        """Everywhere."""
        return sympy.oo
