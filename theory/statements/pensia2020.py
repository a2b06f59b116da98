"""Pensia, Rajput, Nagle, Vishwakarma, Papailiopoulos: Optimal Lottery Tickets via SubsetSum."""

import sympy

from theory.source import Source
from theory.statement import Statement, find_statement, state
from theory.statements import ferbach2023  # noqa: F401

_eps, _d = sympy.symbols("epsilon d", positive=True)
_MLP = find_statement("ferbach2023.corollary_mlp").formula
_LAYER = find_statement("ferbach2023.lemma1").formula

PRODUCT = state(
    Statement(
        id="pensia2020.product",
        title="Products contain a uniform part",
        text=(
            "For X uniform on [0, 1] and Y on [-1, 1], the law of XY has the density ½ln(1/|x|) and contains the uniform "
            "law on [-1/2, 1/2] with "
            "weight "
            "(ln 2)/2."
        ),
        source=Source("pensia2020", "lemma on products"),
        known="quoted",
        hypotheses=("X and Y independent",),
        formula=sympy.log(2) / 2,
    )
)


def _special(name: str, title: str, text: str, place: str, inputs: object, outputs: object) -> Statement:
    N_IN, N_OUT, SIZE, NORM = sympy.symbols("n_i n_{i+1} |B| |||B|||", positive=True)
    assert _LAYER is not None
    return state(
        Statement(
            id=f"pensia2020.{name}",
            title=title,
            text=text,
            source=Source("pensia2020", place),
            known="quoted",
            hypotheses=("weights uniform on [-1, 1]", "|w| ≤ 1"),
            formula=_LAYER.subs({N_IN: inputs, N_OUT: outputs, SIZE: 1, NORM: 1}, simultaneous=True),
            uses=("ferbach2023.lemma1",),
        )
    )


_in, _out = sympy.symbols("d_0 d_1", positive=True)
LEMMA1 = _special("lemma1", "One weight", "A ReLU block of hidden width C log(1/ε) contains any x ↦ wx, |w| ≤ 1.", "Lemma 1", 1, 1)
LEMMA2 = _special(
    "lemma2", "One neuron", "Width C d log(d/ε) contains any x ↦ ⟨w, x⟩, |w_i| ≤ 1, in the largest-entry norm.", "Lemma 2", _in, 1
)
LEMMA3 = _special(
    "lemma3", "One layer", "Width C d₀ log(d₀ d₁/ε) contains any x ↦ Wx, |W_ij| ≤ 1; block-diagonal first mask.", "Lemma 3", _in, _out
)

THEOREM1 = state(
    Statement(
        id="pensia2020.theorem1",
        title="Logarithmic overparametrization suffices",
        text=(
            "A random ReLU network of depth 2l and widths C d_{i-1} log(d_{i-1} d_i l/min(ε, δ)) contains, except with probability δ, a ticket "
            "within ε of every network with ‖W_i‖ ≤ 1. Explicit: ferbach2023.theorem1 for the trivial group."
        ),
        source=Source("pensia2020", "Theorem 1"),
        known="quoted",
        hypotheses=("weights uniform on [-1, 1]", "‖W_i‖ ≤ 1, so |w| ≤ 1"),
        formula=_MLP,
        uses=("ferbach2023.corollary_mlp",),
    )
)

THEOREM2 = state(
    Statement(
        id="pensia2020.theorem2",
        title="Logarithmic overparametrization is needed",
        text="If every ‖W‖ ≤ 1, W in ℝ^{d×d}, has a ticket within ε with probability ≥ 1/2, there are at least d² log₂(1/(2ε)) - 1 parameters.",
        source=Source("pensia2020", "Theorem 2"),
        known="quoted",
        hypotheses=("0 < ε < 1/2",),
        formula=_d**2 * sympy.log(1 / (2 * _eps)) / sympy.log(2) - 1,
        uses=("ferbach2023.theorem2",),
    )
)
