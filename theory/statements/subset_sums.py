"""Ours: random subset sums in one dimension with explicit constants (A1, A1′, A2, the laws)."""

import sympy

from theory.source import Source
from theory.statement import Statement, state

_n, _M, _R = sympy.symbols("n M R", positive=True, integer=True)
_tau, _kappa, _p = sympy.symbols("tau kappa p", positive=True)
_SOURCE = "companion"

CUT = state(
    Statement(
        id="companion.cut",
        title="Cut lemma",
        text="For measurable A ⊂ [-1, 1], μ{(y, z): y ∈ A, z ∉ A, |z-y| ≤ 1} ≥ |A||Aᶜ|/2. A half-interval attains it.",
        source=Source(_SOURCE, "A1, step 3"),
        known="derived here",
        hypotheses=("A measurable",),
    )
)

POTENTIAL = state(
    Statement(
        id="companion.potential",
        title="The potential contracts",
        text=(
            "If the covered fraction v' after one more sample satisfies v ≤ v' ≤ min(1, 2v) and E[v' | past] ≥ v + κ v(1-v), the potential "
            "ψ(v) = (1-v)/v satisfies E[ψ(v') | past] ≤ (1 - κ/2) ψ(v)."
        ),
        source=Source(_SOURCE, "A1, steps 4 and 5"),
        known="derived here",
        hypotheses=("0 < v ≤ 1", "0 ≤ κ ≤ 1"),
        formula=1 - _kappa / 2,
    )
)

A1 = state(
    Statement(
        id="companion.A1",
        title="Random subset sums, all targets at once",
        text="Of n samples uniform on [-1, 1], every z in [-1, 1] is within τ of a subset sum, except with probability at most (8/τ²)(3/4)ⁿ.",
        source=Source(_SOURCE, "A1"),
        known="derived here",
        hypotheses=("X_1, ..., X_n independent, uniform on [-1, 1]", "0 < τ ≤ 1"),
        formula=8 / _tau**2 * sympy.Rational(3, 4) ** _n,
        uses=("companion.A1'", "companion.kappa_uniform"),
    )
)

A1_PRIME = state(
    Statement(
        id="companion.A1'",
        title="Random subset sums, general law",
        text=(
            "If the covered fraction v of [-1, 1] grows in mean by at least κ·v(1-v) with a sample, the failure probability is at most "
            "(8/τ²)(1 - κ/2)ⁿ; with targets in [-R, R], (8R²/τ²)(1 - κ/2)ⁿ."
        ),
        source=Source(_SOURCE, "A1′"),
        known="derived here",
        hypotheses=("samples independent; their laws may differ", "E[v'] ≥ v + κ v(1-v) given the past, 0 ≤ κ ≤ 1", "0 < τ ≤ R"),
        formula=8 * _R**2 / _tau**2 * (1 - _kappa / 2) ** _n,
        uses=("companion.potential",),
    )
)

WINDOW = state(
    Statement(
        id="companion.window",
        title="Window lemma",
        text=(
            "For measurable A ⊂ [-1, 1] and φ(s) the least ratio μ{y ∈ A, z ∉ A, |z-y| ≤ s} / (|A||Aᶜ|): φ(s) = s²/2 for all 0 < s ≤ 1. "
            "A half-interval attains it."
        ),
        source=Source(_SOURCE, "A1′, window lemma"),
        known="derived here",
        hypotheses=("0 < s ≤ 1", "A measurable"),
        uses=("companion.cut",),
    )
)

KAPPA_UNIFORM = state(
    Statement(
        id="companion.kappa_uniform",
        title="Uniform samples grow the covered set",
        text="Samples uniform on [-1/R, 1/R], R a positive integer, have κ = 1/(2R); R = 1 is the law of A1.",
        source=Source(_SOURCE, "A1′, table"),
        known="derived here",
        hypotheses=("R a positive integer",),
        formula=1 / (2 * _R),
        uses=("companion.cut", "companion.window"),
    )
)

KAPPA_MIXTURE = state(
    Statement(
        id="companion.kappa_mixture",
        title="Mixtures with a uniform part",
        text=(
            "Samples that are uniform on [-1, 1] with probability at least p, whatever they are otherwise, have κ = p/2; so do uniform samples "
            "of which each is kept with probability p (sources thinned at random)."
        ),
        source=Source(_SOURCE, "A1′, table"),
        known="derived here",
        hypotheses=("0 < p ≤ 1",),
        formula=_p / 2,
        uses=("companion.kappa_uniform",),
    )
)

KAPPA_SYMMETRIC = state(
    Statement(
        id="companion.kappa_symmetric",
        title="Symmetric samples whose density falls",
        text=(
            "Samples with a symmetric density that does not increase with |x| have κ = E[|X|; |X| ≤ 1]; if |X| ≤ 1, a half-interval attains it."
        ),
        source=Source(_SOURCE, "A1′, by the window lemma"),
        known="derived here",
        hypotheses=("X has a density that is even and does not increase on (0, ∞)",),
        uses=("companion.window",),
    )
)

KAPPA_NORMAL = state(
    Statement(
        id="companion.kappa_normal",
        title="Normal samples",
        text="Standard normal samples have κ = √(2/π)(1 - e^{-1/2}) ≥ 0.3139. (As a mixture with a uniform part: 0.2419.)",
        source=Source(_SOURCE, "A1′, table"),
        known="derived here",
        hypotheses=("X_i standard normal",),
        formula=sympy.sqrt(2 / sympy.pi) * (1 - sympy.exp(-sympy.Rational(1, 2))),
        uses=("companion.kappa_symmetric",),
    )
)

KAPPA_PRODUCT = state(
    Statement(
        id="companion.kappa_product",
        title="Products of two uniform weights",
        text=(
            "Samples u·v, u uniform on [0, 1] and v on [-1, 1], have κ = 1/4 (1/(4R) for targets in [-R, R]); with u uniform on [-1, 1] and "
            "only those of one sign usable, half of it. A half-interval attains it."
        ),
        source=Source(_SOURCE, "A1′, table"),
        known="derived here",
        hypotheses=("u and v independent",),
        formula=sympy.Rational(1, 4),
        uses=("companion.kappa_symmetric", "companion.kappa_mixture"),
    )
)

A2 = state(
    Statement(
        id="companion.A2",
        title="Exact discrete random subset sums",
        text="Of n integers uniform on {-M, ..., M}, every integer in {-M, ..., M} is a subset sum, except with probability at most 4M²(3/4)ⁿ.",
        source=Source(_SOURCE, "A2"),
        known="derived here",
        hypotheses=("X_1, ..., X_n independent, uniform on {-M, ..., M} or on it without 0", "M ≥ 1"),
        formula=4 * _M**2 * sympy.Rational(3, 4) ** _n,
        uses=("companion.discrete_cut", "companion.potential"),
    )
)

DISCRETE_CUT = state(
    Statement(
        id="companion.discrete_cut",
        title="Discrete cut lemma",
        text="For A ⊂ {-M, ..., M}, at least half of the pairs y ∈ A, z ∉ A are at distance at most M.",
        source=Source(_SOURCE, "A2, step 3"),
        known="derived here",
        hypotheses=("M ≥ 1",),
        formal="SymmetricCut.symmetric_cut",
    )
)

A2_UNIFORM = state(
    Statement(
        id="companion.A2_zero_included",
        title="Exact discrete random subset sums, as Coq proves them",
        text="Of n integers uniform on {-M, ..., M}, zero included, every integer in {-M, ..., M} is a subset sum, except with "
        "probability at most 4M²(3/4)ⁿ.",
        source=Source(_SOURCE, "A2"),
        known="derived here",
        hypotheses=("X_1, ..., X_n independent, uniform on {-M, ..., M}", "M ≥ 1"),
        formula=4 * _M**2 * sympy.Rational(3, 4) ** _n,
        uses=("companion.A2",),
        formal="ExactSubsetSum.exact_subset_sum",
    )
)
