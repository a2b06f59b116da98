"""Ours: how many samples suffice and how many are needed, as tightly as can be proved (programmes, early growth, the converse)."""

from theory.source import Source
from theory.statement import Statement, state

_SOURCE = "companion"

POLLARD = state(
    Statement(
        id="companion.pollard",
        title="Translates of a set are spread",
        text=(
            "For A, B ⊂ Z/p, p prime, r(x) the number of pairs of A × B with sum x and 1 ≤ t ≤ min(|A|, |B|): "
            "Σ_x min(r(x), t) ≥ t·min(p, |A| + |B| - t) (Pollard's theorem, proved here). So for measurable A on a circle of length 2 and "
            "γ ≤ min(|A|, |Aᶜ|), ∫ min(|(A+x)∖A|, γ) dx ≥ γ(2 - γ). An arc attains it."
        ),
        source=Source(_SOURCE, "sample sizes, spread of the growth"),
        known="derived here",
        hypotheses=("A measurable",),
    )
)

SPREAD = state(
    Statement(
        id="companion.spread",
        title="The growth with one sample is spread",
        text=(
            "Let D be the growth of the covered fraction v with a sample uniform on [-s, s]. For every c ≤ min(v, 1-v), with s = 1 or "
            "s ≤ 2/3, E min(D, c) ≥ ½c(1 - c/s) if 2c ≤ s and ≥ s/8 if 2c ≥ s. An end interval A attains it. For 2/3 ≤ s ≤ 1 it is at least "
            "2/(3s) times the bound of 2/3, and at least s times that of 1. The cut lemma is c = min(v, 1-v), s = 1."
        ),
        source=Source(_SOURCE, "sample sizes, spread of the growth"),
        known="derived here",
        hypotheses=("A measurable",),
        uses=("companion.pollard",),
    )
)

CONVEX_MAJORANTS = state(
    Statement(
        id="companion.convex_majorants",
        title="Sample sizes from the spread of the growth",
        text=(
            "If V does not increase, 0 ≤ D ≤ e and E min(D, c) ≥ K(c) for c ≤ e, then E V(v + D) ≤ p(e) + Σ Δ_k(c_k - K(c_k)) for every convex "
            "p ≥ V(v + ·) on [0, e] that does not increase and is linear but for kinks at c_k, where its slope grows by Δ_k "
            "(at e by minus the last slope)."
        ),
        source=Source(_SOURCE, "sample sizes, spread of the growth"),
        known="derived here",
        hypotheses=("samples independent, of one law",),
        uses=("companion.spread",),
    )
)

TWO_SIDED_HOLES = state(
    Statement(
        id="companion.two_sided_holes",
        title="Holes on either side are filled by samples of either sign",
        text=(
            "Let a and b be the lengths of what is uncovered in [0, 1] and in [-1, 0], and M' = m, m(t) = P(X ≤ t | X > 0). Given X > 0, what "
            "is left of a has mean at most M(a+b) - M(b), and b does not grow; given X < 0 the same with a and b exchanged. So with V₀ = 1 if "
            "a ≥ e₁ or b ≥ e₁, else 0, and V_{k+1}(a, b) = ½ sup{E V_k(a', b): 0 ≤ a' ≤ a, E a' ≤ M(a+b) - M(b)} + the same in b, k more "
            "samples fail with probability at most V_k(a, b)."
        ),
        source=Source(_SOURCE, "sample sizes, last phase"),
        known="derived here",
        hypotheses=("X has a density that is even and does not increase on (0, ∞)", "|X| ≤ 1", "e₁ ≤ 1"),
    )
)

INTEGER_PROGRAMME = state(
    Statement(
        id="companion.integer_programme",
        title="Sample sizes by dynamic programming",
        text=(
            "Let V₀(v) = 1 for v < 1 - e₁/2 and 0 from there on, and V_{k+1}(v) = sup{E V_k(v + D): 0 ≤ D ≤ min(v, 1-v), "
            "E D ≥ κ v(1-v)}. Then some "
            "target in [-1, 1] has no subset sum of n samples within e₀ + e₁ with probability at most V_n(e₀). Step functions on a grid, "
            "rounded upwards, bound V_n in integers; so do at each step the least of these and of the two bounds below. A better mean gain "
            "may stand in place of κ v(1-v), and for samples usable with probability p alone V_{k+1} is (1-p)V_k + p times what is stated."
        ),
        source=Source(_SOURCE, "sample sizes"),
        known="derived here",
        hypotheses=("as A1′", "e₀, e₁ > 0, e₀ + e₁ = τ ≤ 1"),
        uses=("companion.convex_majorants", "companion.two_sided_holes", "companion.gain_product"),
        uses_to_state=("companion.A1'",),
    )
)

EARLY_GROWTH = state(
    Statement(
        id="companion.early_growth",
        title="Early growth under changing weights",
        text=(
            "For weights w_0, ..., w_T ≥ 0 on [-1, 1] and P_t = ∫ w_t over the covered set A_t, E[P_{t+1}^{-s} | past] ≤ "
            "P_t^{-s}(r_t + o_t) with r_t = sup_y w_t(y)^s E(w_{t+1}(y) + w_{t+1}(y+X))^{-s} and "
            "o_t = P(X ∈ A_t - y)·sup_y w_t(y)^s(w_{t+1}(y)^{-s} - (w_{t+1}(y) + max w_{t+1})^{-s}); |A_t| ≤ 2ᵗ|A_0|. "
            "Where X has a density of at most d outside a set of probability μ, o_t P_t^{-s} may be μ·sup·P_t^{-s} + d c_t P_t^{1-s}, "
            "c_t = sup_{y,z} w_t(y)^s(w_{t+1}(y)^{-s} - (w_{t+1}(y) + w_{t+1}(z))^{-s})/w_t(z). "
            "With w_T = 1/2, P_T is the covered fraction, and E V(P_T) is at most the concave envelope of "
            "V in P^{-s}, or, where E P_T^{-s} ≤ m_s for several s, in Σ θ_s P^{-s}/m_s, taken at Σ θ_s, for any θ_s ≥ 0."
        ),
        source=Source(_SOURCE, "sample sizes"),
        known="derived here",
        hypotheses=("samples independent, of one law", "s = 1, 2 or 3"),
        uses_to_state=("companion.integer_programme",),
    )
)

GAIN_PRODUCT = state(
    Statement(
        id="companion.gain_product",
        title="Products grow small sets and fill small holes",
        text=(
            "For samples of density (R/2)ln(1/(R|x|)) on [-1/R, 1/R] the mean gain is at least ½(v - ∫_v^{2v} m), m(t) = P(|X| ≤ t), which is "
            "½(v - Rv²(9/4 - 2 ln 2 + (3/2)ln(1/(Rv)))), and at least the same with 1-v for v, both where 2Rv ≤ 1."
        ),
        source=Source(_SOURCE, "sample sizes"),
        known="derived here",
        hypotheses=("R a positive integer",),
    )
)

CONVERSE = state(
    Statement(
        id="companion.converse",
        title="Samples needed at least",
        text=(
            "With n samples uniform on [-1, 1], -1 is out of reach with probability at least a = 2⁻ⁿ Σⱼ C(n,j)(1-τ)ʲ/j!, either of ±1 with "
            "probability at least 2a - 2ⁿ/n!; and all of [-1, 1] is covered with probability at most τ·E#{S: |Σ_S X| ≤ 1+τ}."
        ),
        source=Source(_SOURCE, "sample sizes"),
        known="derived here",
        hypotheses=("X_1, ..., X_n independent, uniform on [-1, 1]", "0 < τ < 1"),
    )
)
