"""Xiong, Liao, Kyrillidis: Strong Lottery Ticket Hypothesis with ε-perturbation."""

from theory.source import Source
from theory.statement import Statement, state

THEOREM = state(
    Statement(
        id="xiong2023.theorem",
        title="Perturbed weights need less overparametrization",
        text="If each random weight may move by ε, the overparametrization needed falls by a factor O(1/(1+ε)).",
        source=Source("xiong2023", "main theorem"),
        known="text seen",
        hypotheses=("abstract only",),
        replaced_by="xiong2023.monotone",
        unchecked="of the paper only the abstract was read; what is proved here is that perturbation never hurts",
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
