"""Our own toolbox: self-contained theorems with explicit constants."""

import sympy

from theory.source import Source
from theory.statement import Statement, state

_n, _M = sympy.symbols("n M", positive=True, integer=True)
_tau, _kappa, _epsilon, _D, _Theta, _delta = sympy.symbols("tau kappa epsilon D Theta delta", positive=True)
_SOURCE = "companion"

A1 = state(
    Statement(
        id="companion.A1",
        title="Random subset sums, all targets at once",
        text="Of n samples uniform on [-1, 1], every z in [-1, 1] is within τ of a subset sum, except with probability at most (8/τ²)(3/4)ⁿ.",
        source=Source(_SOURCE, "A1"),
        known="derived here",
        hypotheses=("X_1, ..., X_n independent, uniform on [-1, 1]", "0 < τ ≤ 1"),
        formula=8 / _tau**2 * sympy.Rational(3, 4) ** _n,
    )
)

A1_PRIME = state(
    Statement(
        id="companion.A1'",
        title="Random subset sums, general law",
        text=(
            "If the covered fraction v of [-1, 1] grows in mean by at least κ·v(1-v) with a sample, the failure probability is at most "
            "(8/τ²)(1 - κ/2)ⁿ; with targets in [-R, R], (8R²/τ²)(1 - κ/2)ⁿ. For products of two uniforms κ ≥ 0.2126."
        ),
        source=Source(_SOURCE, "A1′"),
        known="derived here",
        hypotheses=("samples independent, of one law", "E[v'] ≥ v + κ v(1-v) given the past", "0 < τ ≤ R"),
        formula=8 / _tau**2 * (1 - _kappa / 2) ** _n,
        uses=("companion.window", "companion.A1"),
    )
)

WINDOW = state(
    Statement(
        id="companion.window",
        title="Window lemma",
        text=(
            "For measurable A ⊂ [-1, 1] and φ(s) the least ratio μ{y ∈ A, z ∉ A, |z-y| ≤ s} / (|A||Aᶜ|): φ(1/m) ≥ 1/(2m²) for all m, and "
            "φ(p/q) = (p/q)²/2 for all p/q ≤ 1 with q ≤ 6."
        ),
        source=Source(_SOURCE, "A1′, window lemma"),
        known="derived here",
        hypotheses=("0 < s ≤ 1",),
    )
)

A2 = state(
    Statement(
        id="companion.A2",
        title="Exact discrete random subset sums",
        text="Of n integers uniform on {-M, ..., M} (zero in or out), "
        "every integer in {-M, ..., M} is a subset sum, except with probability at most 4M²(3/4)ⁿ.",
        source=Source(_SOURCE, "A2"),
        known="derived here",
        hypotheses=("X_1, ..., X_n independent, uniform on {-M, ..., M} or on it without 0", "M ≥ 1"),
        formula=4 * _M**2 * sympy.Rational(3, 4) ** _n,
        uses=("companion.discrete_cut",),
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
    )
)

A4 = state(
    Statement(
        id="companion.A4",
        title="Two layers for one",
        text=(
            "If for every coefficient λ the channels with positive first weight carry a subset sum within η of λ and those with negative first "
            "weight one within η of -λ, the masked two-layer block differs from the target layer by at most η|||B|||·√(2 n_in n_out)·‖x‖₂."
        ),
        source=Source(_SOURCE, "A4"),
        known="derived here",
        hypotheses=("σ(cx) = cσ(x) for c ≥ 0", "σ(x) - σ(-x) = x", "‖σ(x)‖² + ‖σ(-x)‖² ≤ ‖x‖², as for ReLU"),
    )
)

A5 = state(
    Statement(
        id="companion.A5",
        title="Errors compose",
        text=(
            "If layer i of the ticket differs from layer i of the target by at most ε_i‖x‖ + β_i, "
            "then e_i = ‖A_i‖e_{i-1} + ε_i(ρ_{i-1} + e_{i-1}) + β_i "
            "bounds the difference after i layers on ‖x‖ ≤ R, with ρ_i = ‖A_i‖ρ_{i-1} + ‖b_i‖ and ρ_0 = R, e_0 = 0."
        ),
        source=Source(_SOURCE, "A5"),
        known="derived here",
        hypotheses=("σ 1-Lipschitz with σ(0) = 0",),
    )
)

A6 = state(
    Statement(
        id="companion.A6",
        title="Parameter counting",
        text=(
            "If each linear map in the unit ball of a D-dimensional normed space is within ε of some pruning of a random network with "
            "probability at least 1/2, the network has at least D·log₂(1/(2ε)) - 1 parameters."
        ),
        source=Source(_SOURCE, "A6"),
        known="derived here",
        hypotheses=("0 < ε < 1/2",),
        formula=_D * sympy.log(1 / (2 * _epsilon)) / sympy.log(2) - 1,
    )
)

EQUIVARIANT_PRUNING = state(
    Statement(
        id="companion.equivariant_pruning",
        title="Pruning coefficients preserves equivariance",
        text="A network whose layers are combinations of intertwiners stays equivariant under every mask on the coefficients; "
        "masks on raw weights break it.",
        source=Source("ferbach2023", "the idea of the paper"),
        known="text seen",
        hypotheses=("σ commutes with the group",),
    )
)
