"""Ferbach, Tsirigotis, Gidel, Bose: A General Framework for Proving the Equivariant Strong Lottery Ticket Hypothesis."""

from theory.bounds import Layer, lemma1_width, theorem1_width, theorem2_parameters
from theory.source import Source
from theory.statement import Statement, state

_LAYER = Layer(channels_in=1, channels_out=1, basis_size=1, basis_norm=1)

LEMMA1 = state(
    Statement(
        id="ferbach2023.lemma1",
        title="Approximation of a layer",
        text=(
            "A random block of two equivariant layers with N hidden channels per input channel contains, except with probability δ, a masked "
            "block within ε of every target layer with |λ| ≤ 1. Published: "
            "N = C·log(n_i n_{i+1} max(|B|, |||B|||)/min(ε, δ)); here with constants."
        ),
        source=Source("ferbach2023", "Lemma 1"),
        known="recalled",
        hypotheses=(
            "the identity is one element of B_{i→i}",
            "coefficients of both random layers independent, uniform on [-1, 1]",
            "0 < δ < 1",
        ),
        formula=lemma1_width(_LAYER, "1/2", "1/2").formula,
        uses=("companion.A1'", "companion.A4"),
    )
)

THEOREM1 = state(
    Statement(
        id="ferbach2023.theorem1",
        title="Equivariant strong lottery tickets",
        text=(
            "A random equivariant network of 2l layers with these widths contains, except with probability δ, for every target network of l "
            "layers with |||f_i||| ≤ 1 and |λ| ≤ 1 a masked network within ε on the unit ball."
        ),
        source=Source("ferbach2023", "Theorem 1"),
        known="quoted",
        hypotheses=("as Lemma 1", "|||f_i||| ≤ 1", "0 < ε ≤ 1"),
        formula=theorem1_width(_LAYER, 1, "1/2", "1/2").formula,
        uses=("ferbach2023.lemma1", "companion.A5"),
    )
)

THEOREM2 = state(
    Statement(
        id="ferbach2023.theorem2",
        title="Lower bound",
        text=(
            "If each equivariant linear layer of norm at most 1 is within ε of some pruning with probability at least 1/2, the source has at "
            "least n_i n_{i+1}|B|·log₂(1/(2ε)) - 1 parameters."
        ),
        source=Source("ferbach2023", "Theorem 2"),
        known="recalled",
        hypotheses=("0 < ε < 1/2",),
        formula=theorem2_parameters(_LAYER, "1/4").formula,
        uses=("companion.A6",),
    )
)
