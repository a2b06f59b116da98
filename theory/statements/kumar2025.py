"""Kumar, Natale: Quantization vs Pruning: Insights from the Strong Lottery Ticket Hypothesis."""

import sympy

from theory.source import Source
from theory.statement import Statement, state

_M, _n, _d, _delta, _p = sympy.symbols("M n d delta p", positive=True)

LEMMA4 = state(
    Statement(
        id="kumar2025.lemma4",
        title="Random subset sums of integers, below the phase transition",
        text="For X uniform on {1..M}, log₂(M)/n → κ < 1 and |t| = O(M), the target t is a subset sum with probability 1 - O(n^{-1/7}).",
        source=Source("kumar2025", "Lemma 4"),
        known="recalled",
        hypotheses=("asymptotic",),
        replaced_by="companion.A2",
        unchecked="an asymptotic statement with an implicit constant; A2 is explicit and exponentially small",
    )
)

E3 = state(
    Statement(
        id="kumar2025.E3",
        title="E3 (weak): the failure probability is below 1 at realistic sizes",
        text="At precision 2⁻¹⁶ the bound N_t·(log₂ 1/δ)^{-1/7} on the failure probability says something for networks of N_t ≥ 2 parameters.",
        source=Source("kumar2025", "Theorem 1"),
        known="recalled",
        hypotheses=("the constant in O(·) taken as 1",),
        repaired_by="companion.A2",
    )
)

E4 = state(
    Statement(
        id="kumar2025.E4",
        title="E4 (gap): products of quantised weights can be made uniform",
        text="Products of two integers from {-K..K}, after rejection, can be uniform on {-K²..K²}.",
        source=Source("kumar2025", "proof of Lemma 5"),
        known="recalled",
        hypotheses=("K ≥ 2; the version that was read, a later one may differ",),
        repaired_by="kumar2025.E4_repaired",
    )
)

E4_REPAIRED = state(
    Statement(
        id="kumar2025.E4_repaired",
        title="Sums of two products have a uniform part",
        text=(
            "For K = 4, 8, ..., 128, Z + Z' with Z = ab independent, a uniform on {1..K}, b on {-K..K}, contains the uniform law on |m| ≤ K²/2 "
            "with weight at least 0.27. (Then A2 holds with 1 - p/4 in place of 3/4 for pairs of hidden neurons.)"
        ),
        source=Source("companion", "kumar2025"),
        known="derived here",
        hypotheses=("K a power of two, 4 ≤ K ≤ 128",),
    )
)

LEMMA5 = state(
    Statement(
        id="kumar2025.lemma5",
        title="Exact representation of a quantised weight",
        text="n > C log₂(1/δ) hidden units represent every quantised weight exactly.",
        source=Source("kumar2025", "Lemma 5"),
        known="recalled",
        hypotheses=("δ_in² ≤ δ_t and δ_in² ≤ δ² ≤ δ_t",),
        uses_to_state=("kumar2025.E4",),
        replaced_by="kumar2025.E4_repaired",
        unchecked="formulas reconstructed; its proof rests on E4",
    )
)

THEOREM1 = state(
    Statement(
        id="kumar2025.theorem1",
        title="Quantised tickets, depth 2l",
        text="Hidden width C d_{i-1} log₂(1/δ) represents every δ-quantised target exactly, with probability ≥ 1 - N_t·O((log 1/δ)^{-1/7}).",
        source=Source("kumar2025", "Theorem 1"),
        known="recalled",
        hypotheses=("weights uniform on the grid",),
        uses_to_state=("kumar2025.lemma4", "kumar2025.lemma5"),
        replaced_by="companion.A2",
        unchecked="formulas reconstructed; rests on E3 and E4",
    )
)

THEOREM2 = state(
    Statement(
        id="kumar2025.theorem2",
        title="Quantised tickets, depth l+1",
        text="Depth l+1 suffices with a further factor log(1/δ) in the width.",
        source=Source("kumar2025", "Theorem 2"),
        known="recalled",
        hypotheses=("weights uniform on the grid",),
        uses_to_state=("kumar2025.lemma4",),
        replaced_by="companion.A2",
        unchecked="formulas reconstructed",
    )
)

THEOREM3 = state(
    Statement(
        id="kumar2025.theorem3",
        title="Quantised lower bound",
        text="Prunings that represent every δ-quantised d × d map with probability ≥ p need at least d² log₂(2/δ + 1) + log₂ p parameters.",
        source=Source("kumar2025", "Theorem 3"),
        known="recalled",
        hypotheses=("1/δ a positive integer",),
        formula=_d**2 * sympy.log(2 / _delta + 1) / sympy.log(2) + sympy.log(_p) / sympy.log(2),
    )
)
