"""Lueker: Exponentially Small Bounds on the Expected Optimum of the Partition and Subset Sum Problems."""

from theory.source import Source
from theory.statement import Statement, state

COROLLARY_2_5 = state(
    Statement(
        id="lueker1998.corollary2_5",
        title="Random subset sums",
        text="For n ≥ C log(1/ε) samples uniform on [-1, 1], except with probability ε every z in [-1/2, 1/2] is within ε of a subset sum.",
        source=Source("lueker1998", "Corollary 2.5"),
        known="quoted",
        hypotheses=("C a universal constant, not explicit in the quotations",),
        uses=("companion.A1",),
    )
)

COROLLARY_3_3 = state(
    Statement(
        id="lueker1998.corollary3_3",
        title="Laws with a uniform part",
        text="The same for laws that are mixtures with a uniform part, by resampling.",
        source=Source("lueker1998", "Corollary 3.3"),
        known="quoted",
        hypotheses=("weight p > 0 on the uniform law on [-1, 1]",),
        uses=("companion.A1'", "companion.kappa_mixture"),
    )
)
