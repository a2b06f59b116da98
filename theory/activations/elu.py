"""The exponential linear unit."""

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
class Elu(Activation):
    """x for x ≥ 0 and α(eˣ - 1) for x < 0, α > 0."""

    alpha: str | float | Fraction | int = 1
    source = Source("burkholz2022b", "assumption on φ")
    m_plus = 1

    def __post_init__(self) -> None:
        if not exact(self.alpha) > 0:
            raise OutOfRange(f"Elu(alpha={self.alpha}): α > 0 was expected.")

    @property
    def m_minus(self) -> sympy.Expr:  # pyright: ignore[reportIncompatibleVariableOverride]
        """α, the slope of α(eˣ - 1) at 0."""
        return exact(self.alpha)

    @property
    def lipschitz_constant(self) -> sympy.Expr:  # pyright: ignore[reportIncompatibleVariableOverride]
        """The larger of the two slopes at 0."""
        return sympy.Max(1, exact(self.alpha))

    def formula(self, x: sympy.Symbol) -> sympy.Expr:
        """A line and an exponential."""
        return sympy.Piecewise((x, x >= 0), (exact(self.alpha) * (sympy.exp(x) - 1), True))

    def accurate_radius(self, epsilon: sympy.Symbol) -> sympy.Expr:
        """|α(eˣ - 1 - x)| ≤ αx²/2 for x < 0."""
        return sympy.sqrt(2 * epsilon / exact(self.alpha))
