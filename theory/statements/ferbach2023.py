"""Ferbach, Tsirigotis, Gidel, Bose: A General Framework for Proving the Equivariant Strong Lottery Ticket Hypothesis."""

import sympy

from theory.bounds import Layer, lemma1_width, theorem1_width, theorem2_parameters
from theory.source import Source
from theory.statement import Statement, state

_LAYER = Layer(channels_in=1, channels_out=1, basis_size=1, basis_norm=1)
_WIDTH = theorem1_width(_LAYER, 1, "1/2", "1/2").formula
_SIZE, _NORM, _N_IN, _N_OUT = sympy.symbols("|B| |||B||| n_i n_{i+1}", positive=True)
_side, _H, _n, _order, _A = sympy.symbols("k |H| n r ||A||", positive=True)

LEMMA1 = state(
    Statement(
        id="ferbach2023.lemma1",
        title="Approximation of a layer",
        text=(
            "A random block of two equivariant layers with N hidden channels per input channel contains, except with probability δ, a masked "
            "block within ε, on the unit ball, of every target layer with |λ| ≤ R; R = 1 in the paper. Published: "
            "N = C·log(n_i n_{i+1} max(|B|, |||B|||)/min(ε, δ)); here with constants, for the norm of the largest channel (in the Euclidean "
            "norm over channels √(2 n_i n_{i+1}) stands for 2 n_i)."
        ),
        source=Source("ferbach2023", "Lemma 1"),
        known="recalled",
        hypotheses=(
            "the identity is one element of B_{i→i}",
            "coefficients of both random layers independent, uniform on [-1, 1]",
            "|λ| ≤ R, R a positive integer",
            "σ as companion.A4 asks, as ReLU is on permutation representations",
            "ε > 0, 0 < δ < 1",
        ),
        formula=lemma1_width(_LAYER, "1/2", "1/2").formula,
        uses=("companion.A1'", "companion.kappa_product", "companion.A4"),
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
        hypotheses=("as Lemma 1, with R = 1", "|||f_i||| ≤ 1", "σ 1-Lipschitz with σ(0) = 0", "0 < ε ≤ 1"),
        formula=_WIDTH,
        uses=("ferbach2023.lemma1", "companion.A5_relative"),
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


def _corollary(name: str, title: str, text: str, size: sympy.Expr | int, norm: sympy.Expr | int, *hypotheses: str) -> Statement:
    return state(
        Statement(
            id=f"ferbach2023.corollary_{name}",
            title=title,
            text=text,
            source=Source("ferbach2023", "corollaries"),
            known="recalled",
            hypotheses=("as Theorem 1", *hypotheses),
            formula=_WIDTH.subs({_SIZE: size, _NORM: norm}, simultaneous=True),
            uses=("ferbach2023.theorem1",),
        )
    )


COROLLARY_MLP = _corollary(
    "mlp", "Dense networks", "Theorem 1 for the trivial group: |B| = |||B||| = 1, which recovers the theorem of pensia2020.", 1, 1, "V = ℝ"
)
COROLLARY_CNN = _corollary(
    "cnn",
    "Convolutions",
    "Theorem 1 for k × k filters: |B| = k², |||B||| = k² (attained by the filter of ones), first layer 1 × 1, which recovers dacunha2022.",
    _side**2,
    _side**2,
    "circular padding, or the largest entry as norm",
)
COROLLARY_STEERABLE = _corollary(
    "steerable",
    "E(2)-steerable convolutions with regular fields",
    "Theorem 1 for filters of side k and a finite group H of point symmetries of the grid acting on regular fields: |B| "
    "= k²|H|, |||B||| ≤ k²|H|.",
    _side**2 * _H,
    _side**2 * _H,
    "the basis of products of shifts and right translations, in which the identity is one element (W2)",
)
COROLLARY_PERMUTATION = _corollary(
    "permutation",
    "Networks equivariant under permutations",
    "Theorem 1 for a transitive group of permutations of n points with r orbits on pairs: |B| = r and |||B||| ≤ n, so "
    "the width grows like ln n.",
    _order,
    _n,
    "the group transitive, so that the identity is one orbit",
)
COROLLARY_MESSAGE_PASSING = _corollary(
    "message_passing",
    "Message passing",
    "Theorem 1 for layers W₁x + W₂Ax on the nodes of a graph, A fixed: |B| = 2 and |||B||| ≤ 1 + ‖A‖. The basis need not come from a group.",
    2,
    1 + _A,
    "A a fixed linear map of node signals",
)
