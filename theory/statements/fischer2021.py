"""Fischer, Burkholz: Towards Strong Pruning for Lottery Tickets with Non-Zero Biases."""

from theory.source import Source
from theory.statement import Statement, state

HOMOGENEITY = state(
    Statement(
        id="fischer2021.homogeneity",
        title="Scaling weights and biases",
        text=(
            "If layer l's weights are scaled by σ_l and its biases by σ_1···σ_l, σ_l > 0, the output of a ReLU network is scaled by σ_1···σ_L."
        ),
        source=Source("fischer2021", "scaling lemma"),
        known="recalled",
        hypotheses=("φ(cx) = cφ(x) for c ≥ 0",),
    )
)

THEOREM = state(
    Statement(
        id="fischer2021.theorem",
        title="Tickets with non-zero biases",
        text=(
            "With widths ≥ C n_{l-1} log(1/min(ε_l, δ/N)) and biases drawn at their scale, a random network of depth 2L contains a ticket of a "
            "target with biases, up to the known factor Π 1/σ_l; a bias is a subset sum over hidden neurons pruned to their bias."
        ),
        source=Source("fischer2021", "main theorem"),
        known="recalled",
        hypotheses=("weights uniform on [-σ_l, σ_l] or normal",),
        uses_to_state=("fischer2021.homogeneity",),
        replaced_by="fischer2021.explicit",
        unchecked="published text only recalled; the explicit form stands beside it",
    )
)

EXPLICIT = state(
    Statement(
        id="fischer2021.explicit",
        title="Biases by subset sums, with constants",
        text=(
            "N hidden channels pruned to their bias, each bias uniform on [-1, 1] before ReLU, with outgoing weights "
            "uniform on [-1, 1]: the width "
            "of ferbach2023.lemma1 serves also for each bias |b| ≤ 1, with n_i + 1 in place of n_i."
        ),
        source=Source("companion", "fischer2021"),
        known="derived here",
        hypotheses=("as ferbach2023.lemma1",),
        uses=("ferbach2023.lemma1", "fischer2021.homogeneity"),
    )
)
