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
        formal="SymmetricCut.symmetric_cut",
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
        hypotheses=("0 < ε < 1/2", "finitely many draws, or a law that is approximated by such"),
        formal="LowerBound.lottery_lower_bound",
        formula=_D * sympy.log(1 / (2 * _epsilon)) / sympy.log(2) - 1,
    )
)

EQUIVARIANT_PRUNING = state(
    Statement(
        id="companion.equivariant_pruning",
        title="Pruning coefficients preserves equivariance",
        text="A network whose layers are combinations of intertwiners stays equivariant under every mask on the coefficients.",
        source=Source("ferbach2023", "the idea of the paper"),
        known="text seen",
        hypotheses=("σ commutes with the group",),
        formal="LotteryNetwork.pruned_network_equivariant",
    )
)

RAW_PRUNING = state(
    Statement(
        id="companion.raw_pruning",
        title="Pruning raw weights breaks equivariance",
        text="Setting one entry of a layer's matrix to zero breaks equivariance if the entry is non-zero and shares its orbit with another.",
        source=Source("ferbach2023", "the idea of the paper"),
        known="text seen",
        hypotheses=("permutation representations",),
    )
)

ORBIT_BASIS = state(
    Statement(
        id="companion.orbit_basis",
        title="The orbit basis is complete",
        text="The indicators of the orbits of pairs are a basis of the intertwiners between two permutation representations.",
        source=Source(_SOURCE, "orbit basis"),
        known="derived here",
        hypotheses=("a finite group",),
        formal="OrbitBasis.orbit_basis_span",
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
        uses=("companion.discrete_cut",),
        formal="ExactSubsetSum.exact_subset_sum",
    )
)

TICKETS_ON_THE_GRID = state(
    Statement(
        id="companion.tickets_on_the_grid",
        title="Equivariant strong lottery tickets for weights on a grid",
        text=(
            "Theorem 1 of ferbach2023 with explicit widths for weights k/M, k uniform on {±1, ..., ±M}, M = 2es: N_i ≥ 51·L_i hidden "
            "channels per input channel suffice for all targets at once, where 16·l·n_i·n_{i+1}·|B_i|·s² ≤ "
            "δ·2^{L_i}, 5·l·|||κ⊗B_i||| ≤ s·ε and e ≥ 24. "
            "The weights that the program draws have M = 2²³, that is e = 32 and s = 2¹⁷."
        ),
        source=Source(_SOURCE, "theory/formal/Main.v"),
        known="derived here",
        hypotheses=("no biases", "|||f_i||| ≤ 1 and |λ| ≤ 1", "σ positively homogeneous with σ(x) - σ(-x) = x", "0 < ε ≤ 1"),
        formal="Main.strong_lottery_ticket",
    )
)
