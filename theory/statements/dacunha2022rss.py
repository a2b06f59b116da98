"""da Cunha, d'Amore, Giroire, Lesfari, Natale, Viennot: Revisiting the Random Subset Sum Problem."""

from theory.source import Source
from theory.statement import Statement, state

DRIFT = state(
    Statement(
        id="dacunha2022rss.drift",
        title="Growth of the covered fraction",
        text="The covered fraction v of [-1, 1] satisfies E v' ≥ v(1 + (1-v)/4).",
        source=Source("dacunha2022rss", "proof of Theorem 1"),
        known="recalled",
        hypotheses=("samples uniform on [-1, 1]",),
        uses=("companion.kappa_uniform",),
    )
)

THEOREM1 = state(
    Statement(
        id="dacunha2022rss.theorem1",
        title="Random subset sums, with a tail",
        text=(
            "There are C and κ with P(all z in [-1/2, 1/2] are within 2ε of a subset sum) ≥ 1 - 2 exp(-(n - C log(1/ε))²/(κn)) for "
            "n ≥ C log(1/ε). A1 gives 1 - 2(3/4)ⁿ/ε², which has the same form."
        ),
        source=Source("dacunha2022rss", "Theorem 1"),
        known="recalled",
        hypotheses=("samples uniform on [-1, 1]", "C, κ universal, not explicit here"),
        uses=("companion.A1",),
    )
)
