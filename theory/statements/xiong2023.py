"""Xiong, Liao, Kyrillidis: Strong Lottery Ticket Hypothesis with ε-perturbation."""

import sympy

from theory.source import Source
from theory.statement import Statement, state

_tau, _delta, _e = sympy.symbols("tau delta e", positive=True)

THEOREM = state(
    Statement(
        id="xiong2023.theorem",
        title="Perturbed weights need less overparametrization",
        text="If each random weight may move by ε, the overparametrization needed falls by a factor O(1/(1+ε)).",
        source=Source("xiong2023", "main theorem"),
        known="text seen",
        hypotheses=("abstract only",),
        replaced_by="xiong2023.explicit",
        unchecked="of the paper only the abstract was read; what is proved here is how many samples suffice at every e",
    )
)

MONOTONE = state(
    Statement(
        id="xiong2023.monotone",
        title="Perturbation never hurts",
        text="With A_{t+1} = A_t ∪ (A_t + X + [-e, e]) the covered set contains that of e = 0, so A1's bound holds for every e ≥ 0.",
        source=Source("companion", "xiong2023"),
        known="derived here",
        hypotheses=("e ≥ 0",),
        uses=("companion.A1",),
    )
)

EXPLICIT = state(
    Statement(
        id="xiong2023.explicit",
        title="Samples that may move, with constants",
        text=(
            "Let X_i be uniform on [-1, 1], e ≥ 0, τ' = τ + e < 1 and 0 ≤ k ≤ n. Except with probability (8/τ'²)(3/4)^(n-k) + τ'^k every z of "
            "[-1, 1] is within τ of a sum of X_i + δ_i over a subset, |δ_i| ≤ e; one δ_i other than 0 is enough. Hence "
            "n - k ≥ [2 ln(1/τ') + ln(16/δ)]/ln(4/3) and k ≥ ln(2/δ)/ln(1/τ') suffice for 1 - δ, whatever τ is."
        ),
        source=Source("companion", "xiong2023"),
        known="derived here",
        hypotheses=("e ≥ 0", "0 < τ", "τ + e < 1"),
        formula=(2 * sympy.log(1 / (_tau + _e)) + sympy.log(16 / _delta)) / sympy.log(sympy.Rational(4, 3))
        + sympy.log(2 / _delta) / sympy.log(1 / (_tau + _e)),
        uses=("companion.A1",),
    )
)
