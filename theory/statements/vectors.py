"""Ours: random subset sums of vectors that share their scale (A3, A3′), one target and all targets, upper and lower bounds."""

import sympy

from theory.source import Source
from theory.statement import Statement, state

_d, _k, _n, _r, _R, _rho, _q = sympy.symbols("d k n r R rho q", positive=True)
_epsilon, _delta, _Lambda, _near, _far = sympy.symbols("epsilon delta Lambda N F", positive=True)
_SOURCE = "companion"
_VECTORS = "Y_i = Z_i·(Z_i1, ..., Z_id), all standard normal and independent"

HITTING = state(
    Statement(
        id="companion.vector_hitting",
        title="The weighted second moment of k-subsets",
        text=(
            "For m < k - d and z with ‖z‖₂ ≤ ρ, with probability at least 1/Q some k of n vectors have a sum within ε of z in each coordinate: "
            "Q = e^{(ρ + ε√d)²/(k-2)}·(Σ_{j≤m} P(I = j) F_j + P(I > m)·G), I the overlap of two random k-subsets, "
            "F_j = Σ_r (d/2)_r/r!·Π_{i<2r}(j+2i)/(k+2i), G = (π/(2ε²))^{d/2}·E(χ²_k)^{d/2}."
        ),
        source=Source(_SOURCE, "A3, weights V^{d/2}"),
        known="derived here",
        hypotheses=(_VECTORS, "ε > 0", "3 ≤ k ≤ n", "0 ≤ m < k - d"),
        formula=sympy.exp((_rho + _epsilon * sympy.sqrt(_d)) ** 2 / (_k - 2)) * (_near + _far),
    )
)

A3 = state(
    Statement(
        id="companion.A3",
        title="Subset sums of normally scaled normal vectors, one target",
        text=(
            "Y_i = Z_i·(Z_i1, ..., Z_id), all standard normal and independent, n ≥ 8dk. For each fixed z with ‖z‖₂ ≤ √k, with probability "
            "at least 1/10 some k of the n vectors have a sum within ε of z in each coordinate."
        ),
        source=Source(_SOURCE, "A3"),
        known="derived here",
        hypotheses=("0 < ε ≤ 1/4", "k ≥ max(40, 4d)", "(k/2) ln(4d/e) ≥ d ln(√(2πk)/(2ε)) + 0.91", "n ≥ 8dk"),
        formula=8 * _d * _k,
        uses=("companion.vector_hitting",),
    )
)

A3_UNWEIGHTED = state(
    Statement(
        id="companion.A3_unweighted",
        title="Subset sums of normally scaled normal vectors, one target, without weights",
        text=(
            "As companion.A3, with probability at least 1/23: the plain second moment of the number of good k-subsets, by det ≥ ab and ratios "
            "of Gamma functions. The weights V^{d/2} of companion.vector_hitting make 1/10 of it."
        ),
        source=Source(_SOURCE, "A3"),
        known="derived here",
        hypotheses=("as companion.A3",),
        formula=8 * _d * _k,
    )
)

A3_ROOT = state(
    Statement(
        id="companion.A3_root",
        title="Subset sums of normally scaled normal vectors, one target, fewer vectors",
        text=(
            "n ≥ 8(1+√d)k. For each fixed z with ‖z‖₂ ≤ √k, with probability at least 1/10 some k of the n vectors have a sum within ε of z in "
            "each coordinate: O(d^{3/2} log(1/ε)/log d) vectors where companion.A3 has d². With an overlap of j, sums correlate as (j/k)²."
        ),
        source=Source(_SOURCE, "A3, improved"),
        known="derived here",
        hypotheses=("0 < ε ≤ 1/4", "k ≥ max(40, 4d)", "(k/2)(ln(2+2√d) - 1/16) ≥ d ln(√(2πk)/(2ε)) + 1.1", "n ≥ 8(1+√d)k"),
        formula=8 * (1 + sympy.sqrt(_d)) * _k,
        uses=("companion.vector_hitting",),
    )
)

A3_PRIME = state(
    Statement(
        id="companion.A3'",
        title="Subset sums of normally scaled normal vectors, all targets, by a net",
        text=(
            "With 8dk·⌈10(d ln(3/ε) + ln(1/δ))⌉ samples, every z in [-1, 1]^d is within 3ε/2 of a subset sum in each coordinate, except with "
            "probability δ."
        ),
        source=Source(_SOURCE, "A3′"),
        known="derived here",
        hypotheses=("as A3", "0 < δ < 1"),
        formula=80 * _d * _k * (_d * sympy.log(3 / _epsilon) + sympy.log(1 / _delta)),
        uses=("companion.A3",),
    )
)

HALVES = state(
    Statement(
        id="companion.halves",
        title="From each target to all targets, by two halves",
        text=(
            "If each x in ℝ^d with ‖x‖₂ ≤ ρ is with probability at least q within ε of a subset sum of n samples, then 2rn samples reach every "
            "z with ‖z‖₂ ≤ R within 2ε at once, except with probability 4(2ρ/(2ρ-R))^d (1-q)^r: what two halves reach adds up."
        ),
        source=Source(_SOURCE, "A3, all targets"),
        known="derived here",
        hypotheses=("independent samples of one law in ℝ^d", "0 < R < 2ρ", "0 < q < 1", "r a positive integer", "any norm for ε"),
        formula=4 * (2 * _rho / (2 * _rho - _R)) ** _d * (1 - _q) ** _r,
    )
)

A3_ALL = state(
    Statement(
        id="companion.A3_all",
        title="Subset sums of normally scaled normal vectors, all targets, by halves",
        text=(
            "With 16dk·⌈10(ln(4/δ) + d ln(2√k/(2√k - R)))⌉ samples, every z with ‖z‖₂ ≤ R is within 2ε of a sum of exactly 2k of "
            "them in each coordinate, except with probability δ. R = √d serves [-1, 1]^d; the factor d ln(3/ε) of a net is gone."
        ),
        source=Source(_SOURCE, "A3, all targets"),
        known="derived here",
        hypotheses=("as A3", "0 < R ≤ √k", "0 < δ < 1"),
        formula=160 * _d * _k * (sympy.log(4 / _delta) + _d * sympy.log(2 * sympy.sqrt(_k) / (2 * sympy.sqrt(_k) - _R))),
        uses=("companion.A3", "companion.halves"),
    )
)

A3_ROOT_ALL = state(
    Statement(
        id="companion.A3_root_all",
        title="Subset sums of normally scaled normal vectors, all targets, fewer vectors",
        text=(
            "With 2⌈10(ln(4/δ) + d ln(2√k/(2√k - R)))⌉ batches of ⌈8(1+√d)k⌉ samples, every z with ‖z‖₂ ≤ R is within 2ε of a sum of exactly "
            "2k of them in each coordinate, except with probability δ. The last logarithm is at most 3R/(4√k), so R = 1 costs (3/8)√d at most."
        ),
        source=Source(_SOURCE, "A3, improved, all targets"),
        known="derived here",
        hypotheses=("as companion.A3_root", "0 < R ≤ √k", "0 < δ < 1"),
        formula=160 * (1 + sympy.sqrt(_d)) * _k * (sympy.log(4 / _delta) + _d * sympy.log(2 * sympy.sqrt(_k) / (2 * sympy.sqrt(_k) - _R))),
        uses=("companion.A3_root", "companion.halves"),
    )
)

COUNTING = state(
    Statement(
        id="companion.vector_counting",
        title="Vectors needed at least",
        text=(
            "If n normally scaled normal vectors have a subset sum within ε < 1 of z = (1, ..., 1) in each coordinate with probability at least "
            "1-δ, then 2ⁿ (ε√(2/(πe))/(1-ε))^d ≥ 1-δ; if they reach all of [-1, 1]^d, then 2ⁿ ≥ ε^{-d}."
        ),
        source=Source(_SOURCE, "A3, lower bound"),
        known="derived here",
        hypotheses=(_VECTORS, "0 < ε < 1", "0 ≤ δ < 1"),
        formula=(_d * sympy.log((1 - _epsilon) / _epsilon * sympy.sqrt(sympy.pi * sympy.E / 2)) + sympy.log(1 - _delta)) / sympy.log(2),
    )
)

COUNTING_FIXED = state(
    Statement(
        id="companion.vector_counting_fixed",
        title="Vectors needed at least, of which a given number is summed",
        text=(
            "As companion.vector_counting for sums of exactly m ≥ 1 of the n vectors, with C(n, m) in place of 2ⁿ: C(n, m) "
            "(ε√(2/(πe))/(1-ε))^d ≥ 1-δ for the one target, C(n, m) ≥ ε^{-d} for all of [-1, 1]^d; and C(n, m) ≤ (en/m)^m."
        ),
        source=Source(_SOURCE, "A3, lower bound, subsets of fixed size"),
        known="derived here",
        hypotheses=(_VECTORS, "0 < ε < 1", "0 ≤ δ < 1", "1 ≤ m ≤ n"),
        formula=(_d * sympy.log((1 - _epsilon) / _epsilon * sympy.sqrt(sympy.pi * sympy.E / 2)) + sympy.log(1 - _delta)) / sympy.log(2),
        uses=("companion.vector_counting",),
    )
)
