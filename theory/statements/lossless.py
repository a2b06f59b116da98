"""Ours: tickets without any error, for targets on a grid (A2 for products), and when float32 computes them exactly."""

import sympy

from theory.source import Source
from theory.statement import Statement, state

_R, _kappa, _n, _C, _B, _N, _M = sympy.symbols("R kappa n C B N M", positive=True)
_SOURCE = "companion"

SPECTRAL_GROWTH = state(
    Statement(
        id="companion.spectral_growth",
        title="Exact subset sums of integers, by a spectral gap",
        text=(
            "X_1, ..., X_n independent with one symmetric law on the integers; L the Laplacian of the graph on {-R, ..., R} whose edge y, z has "
            "the weight P(X = z - y). If L ⪰ κ(I - J/(2R+1)), J all ones, then every integer in {-R, ..., R} is a subset sum, except with "
            "probability at most 4R²(1 - κ/2)ⁿ. If each sample is usable with probability 1/2 alone, κ/2 stands in place of κ."
        ),
        source=Source(_SOURCE, "A2, for general laws"),
        known="derived here",
        hypotheses=("R ≥ 1", "0 ≤ κ ≤ 1"),
        formula=4 * _R**2 * (1 - _kappa / 2) ** _n,
        uses=("companion.potential",),
    )
)

GRID_PRODUCTS = state(
    Statement(
        id="companion.grid_products",
        title="Products on a grid have a spectral gap",
        text=(
            "For b = 1, ..., 4, u uniform on {1, ..., 2^b} and v on {±1, ..., ±2^b}, the product u·v satisfies L ⪰ (31/100)(I - J/(2R+1)) "
            "on {-R, ..., R} with R = 4^b/2."
        ),
        source=Source(_SOURCE, "beside kumar2025.E4_repaired"),
        known="derived here",
        hypotheses=("1 ≤ b ≤ 4",),
        formula=sympy.Rational(31, 100),
    )
)

LOSSLESS = state(
    Statement(
        id="companion.lossless",
        title="Tickets that compute the very same function",
        text=(
            "Weights uniform on ±2^-b, ..., ±1; N random hidden channels per input channel and M constant ones. Except with probability "
            "4R²·[2C(1-κ/4)^N + B(1-κ/4)^M], κ = 31/100, R = 4^b/2, every target whose C coefficients and B biases are multiples t·4^-b "
            "with |t| ≤ R has a ticket that computes the same function, all targets at once. For b = 4 these are all targets of 8 bits."
        ),
        source=Source(_SOURCE, "A2 and A4; kumar2025, Theorem 1, with a repaired product step"),
        known="derived here",
        hypotheses=("1 ≤ b ≤ 4", "σ(cx) = cσ(x) for c ≥ 0 and σ(x) - σ(-x) = x, as for ReLU"),
        formula=4 * _R**2 * (2 * _C * (1 - _kappa / 4) ** _N + _B * (1 - _kappa / 4) ** _M),
        uses=("companion.spectral_growth", "companion.grid_products", "companion.A4"),
    )
)

FLOAT32_EXACT = state(
    Statement(
        id="companion.float32_exact",
        title="Sums on a grid are exact in float32, in any order",
        text=(
            "Numbers that are multiples of one power of two q ≥ 2^-100, whose absolute values add up to at most 2^24·q: added in float32 in any "
            "order and any grouping, they give their exact sum. Products whose exact values are such numbers may be fused or not."
        ),
        source=Source(_SOURCE, "float32"),
        known="derived here",
        hypotheses=("an addition or multiplication returns the exact result wherever that is a float32 (IEEE 754, no reduced precision)",),
        formula=sympy.Integer(2) ** 24,
    )
)
