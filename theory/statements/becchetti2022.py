"""Becchetti, da Cunha, Clementi, d'Amore, Lesfari, Natale, Trevisan: On the Multidimensional Random Subset Sum Problem."""

from theory.source import Source
from theory.statement import Statement, state

THEOREM = state(
    Statement(
        id="becchetti2022.theorem",
        title="Random subset sums in many dimensions",
        text="For n = O(d³ log(1/ε)(log(1/ε) + log d)) standard normal samples in ℝ^d, w.h.p. all of [-1, 1]^d is within 2ε of subset sums.",
        source=Source("becchetti2022", "main theorem"),
        known="recalled",
        hypotheses=("X_i ~ N(0, I_d)",),
        replaced_by="companion.A3'",
        unchecked="published text only recalled; companion.A3' gives the same order, with constants, for vectors that share their scale",
    )
)
