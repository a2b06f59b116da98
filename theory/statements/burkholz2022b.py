"""Burkholz: Most Activation Functions Can Win the Lottery Without Excessive Depth."""

import sympy

from theory.source import Source
from theory.statement import Statement, state

_Q, _delta, _eps = sympy.symbols("Q delta epsilon", positive=True)

ACTIVATION = state(
    Statement(
        id="burkholz2022b.activation",
        title="Assumption on the activation",
        text=(
            "For each ε' > 0 there is a(ε') > 0 with |φ(x) - φ̂(x)| ≤ ε' on [-a, a], φ̂(x) = m₊x + d for x ≥ 0 and m₋x + d for x < 0, "
            "m₊ + m₋ ≠ 0 and ε'/a(ε') → 0. Then φ̂(x) - φ̂(-x) = (m₊ + m₋)x."
        ),
        source=Source("burkholz2022b", "assumption on φ"),
        known="recalled",
        hypotheses=("a definition, and the identity that it is made for",),
    )
)

DEPTH = state(
    Statement(
        id="burkholz2022b.theorem",
        title="Depth L+1 is enough",
        text=(
            "With n_{l+1} ≥ C·n_l·log(1/min{ε_{l+1}, δ/ρ}), ρ counting the subset sum problems, a random network of depth L+1 contains, except "
            "with probability δ, a ticket within ε of a target of depth L."
        ),
        source=Source("burkholz2022b", "main theorem"),
        known="recalled",
        hypotheses=("φ as in the assumption", "|W|, |b| ≤ 1"),
        uses_to_state=("burkholz2022b.activation",),
        replaced_by="burkholz2022b.explicit",
        unchecked="published text only recalled, constants not explicit; the explicit form stands beside it",
    )
)

E1 = state(
    Statement(
        id="burkholz2022b.E1",
        title="E1 (gap): errors of copies are weighted by the target alone",
        text=(
            "In the L+1 construction, if every subset sum is within ε_l of its target, the errors e of the copies of a neuron reach the next "
            "layer with a factor of at most |W_kj| + ε_l. (The recalled form of the propagation lemma.)"
        ),
        source=Source("burkholz2022b", "error propagation"),
        known="recalled",
        hypotheses=("copies of a neuron are different approximations of it",),
        repaired_by="burkholz2022b.E1_repaired",
    )
)

E1_REPAIRED = state(
    Statement(
        id="burkholz2022b.E1_repaired",
        title="Errors of copies are weighted by the chosen weights",
        text=(
            "e_l = T(ε_l(1 + B_{l-1}) + K_l e_{l-1}) with K_l = max_k Σ_j Σ_{m ∈ S_kj} |w_kjm| ≤ ρ n_{l-1} bounds the error of every copy after "
            "layer l; B is the largest Σ|x^{(l)}|."
        ),
        source=Source("companion", "burkholz2022b, corrected recursion"),
        known="derived here",
        hypotheses=("φ T-Lipschitz", "subset sums within ε_l of weights and bias"),
    )
)

E2 = state(
    Statement(
        id="burkholz2022b.E2",
        title="E2 (gap): constants of the activation fit into the bias",
        text="If φ(0) = d ≠ 0, the constant d·Σ_S w is compensated by a bias subset sum whose target stays in [-1, 1].",
        source=Source("burkholz2022b", "biases"),
        known="recalled",
        hypotheses=("targets |W|, |b| ≤ 1, samples in [-1, 1]",),
        repaired_by="burkholz2022b.E2_repaired",
    )
)

E2_REPAIRED = state(
    Statement(
        id="burkholz2022b.E2_repaired",
        title="The bias needs a wider range",
        text="The compensated bias lies in [-R, R] with R = 1 + |d| Σ_S |w|; A1′ with reach ⌈R⌉ gives its sample size.",
        source=Source("companion", "burkholz2022b, biases"),
        known="derived here",
        hypotheses=("|b| ≤ 1",),
        uses=("companion.A1'",),
    )
)

EXPLICIT = state(
    Statement(
        id="burkholz2022b.explicit",
        title="The L+1 construction for ReLU with constants",
        text=(
            "With Q subset sums in all: N₀ ≥ [2 ln(1/ε₁) + ln(16Q/δ)]/-ln(1 - κ/2) first-layer channels per input, κ = 1/8, and "
            "ρ ≥ [2 ln(1/ε_l) + ln(8Q/δ)]/ln(4/3) copies make all subset sums succeed for all targets at once, except with probability δ; "
            "the errors follow E1_repaired."
        ),
        source=Source("companion", "burkholz2022b, explicit version"),
        known="derived here",
        hypotheses=("ReLU", "|W|, |b| ≤ 1", "weights uniform on [-1, 1], first layer as in ferbach2023.lemma1"),
        formula=(2 * sympy.log(1 / _eps) + sympy.log(8 * _Q / _delta)) / sympy.log(sympy.Rational(4, 3)),
        uses=("companion.A1", "companion.A1'", "companion.kappa_product", "burkholz2022b.E1_repaired"),
    )
)

SIGN_SPLIT = state(
    Statement(
        id="burkholz2022b.sign_split",
        title="Two layers for one weight, any activation of the assumption",
        text=(
            "If Σ_{S+} v u over u > 0 and Σ_{S-} v u over u < 0 are within η of W/(m₊ + m₋), Σ v φ̂(u x) differs from W x + d Σ v by at most "
            "(|m₊| + |m₋|)η|x|, and Σ v φ(u x) from that by at most ε' Σ|v| while |u x| ≤ a(ε'). Where m₊ = m₋ one sum for both signs serves."
        ),
        source=Source("companion", "burkholz2022b, first layer"),
        known="derived here",
        hypotheses=("φ as in burkholz2022b.activation",),
        uses=("burkholz2022b.activation",),
    )
)

ACCURACIES = state(
    Statement(
        id="burkholz2022b.accuracies",
        title="Accuracies of the layers for a given error",
        text=(
            "With ε_l = ε/(L T^{L-l+1}(1 + B_{l-1}) Π_{k>l} K_k) the recursion of E1_repaired ends at e_L ≤ ε. With ρ copies K_k ≤ ρ n_{k-1}, "
            "which adds Σ_{k>l} ln(ρ n_{k-1}) to ln(1/ε_l)."
        ),
        source=Source("companion", "burkholz2022b, error recursion"),
        known="derived here",
        hypotheses=("as E1_repaired", "e_0 = 0"),
        uses=("burkholz2022b.E1_repaired",),
    )
)
