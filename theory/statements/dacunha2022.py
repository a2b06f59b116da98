"""da Cunha, Natale, Viennot: Proving the Strong Lottery Ticket Hypothesis for Convolutional Neural Networks."""

from theory.source import Source
from theory.statement import Statement, find_statement, state
from theory.statements import ferbach2023  # noqa: F401

YOUNG = state(
    Statement(
        id="dacunha2022.young",
        title="Young's inequality for convolutions",
        text="‖K * X‖_∞ ≤ ‖K‖₁‖X‖_∞, so entries of K off by at most η change K * X by at most η d² c ‖X‖_∞.",
        source=Source("dacunha2022", "proof of the theorem"),
        known="recalled",
        hypotheses=("K in ℝ^{d×d×c}",),
    )
)

THEOREM = state(
    Statement(
        id="dacunha2022.theorem",
        title="Strong lottery tickets for convolutional networks",
        text=(
            "With n_i ≥ C log(c_{i-1} c_i d_i² l/min(ε, δ)) random 1 × 1 and d_i × d_i filters per channel, except with probability δ every "
            "target network with ‖K‖₁ ≤ 1 has a ticket within ε on ‖X‖_∞ ≤ 1. Explicit: ferbach2023.theorem1 with |B| = |||B||| = d²."
        ),
        source=Source("dacunha2022", "Theorem 1"),
        known="recalled",
        hypotheses=("‖K^{(i)}‖₁ ≤ 1", "weights uniform on [-1, 1]"),
        formula=find_statement("ferbach2023.corollary_cnn").formula,
        uses=("ferbach2023.corollary_cnn", "dacunha2022.young"),
    )
)
