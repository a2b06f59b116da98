"""Ours: structured pruning of equivariant networks, whole hidden feature fields removed and nothing else."""

import sympy

from theory.source import Source
from theory.statement import Statement, state

_N, _a, _D, _epsilon, _k, _n_in = sympy.symbols("N a D epsilon k n_in", positive=True)
_SOURCE = "companion"

LAYER = state(
    Statement(
        id="companion.structured_layer",
        title="Structured tickets for one equivariant layer",
        text=(
            "Source: hidden fields (p, j), h_pj = σ(u_pj x_p), outputs Σ v_pjqk b_k h_pj; u, v standard normal. A field is kept or removed "
            "as a whole, so each carries one vector u_pj·(v_pjqk)_{q,k} of ℝ^D, D = n_out|B|. If N vectors of this law reach every "
            "‖λ‖₂ ≤ R within η = ε/(2 n_in|||B|||) except with probability δ/(4 n_in) (companion.A3_all, companion.A3_root_all), then "
            "⌈2N + a + √(4aN + a²)⌉ hidden fields per input channel, a = ln(4 n_in/δ), contain, except with probability δ, for all targets "
            "λ_pqk with ‖(λ_pqk)_{q,k}‖₂ ≤ R at once a set of fields whose block is within ε·max_p‖x_p‖ of the target layer and equivariant."
        ),
        source=Source(_SOURCE, "structured pruning"),
        known="derived here",
        hypotheses=(
            "σ(cx) = cσ(x) for c ≥ 0, σ(x) - σ(-x) = x, ‖σ(x)‖ ≤ ‖x‖ (as A4)",
            "σ commutes with the group, the b_k are intertwiners",
            "first layer: the identity's coefficient and one input channel per field, a fixed block mask",
            "|λ| ≤ 1 gives R = √D",
        ),
        formula=2 * _N + _a + sympy.sqrt(4 * _a * _N + _a**2),
        uses=("companion.A3_all", "companion.A3_root_all", "companion.A4"),
    )
)

NETWORK = state(
    Statement(
        id="companion.structured_network",
        title="Structured tickets for equivariant networks",
        text=(
            "With the fields of companion.structured_layer at ε/(2l) and δ/l in each of l blocks, except with probability δ every target "
            "network of l layers with |||f_i||| ≤ 1 and ‖λ_p‖₂ ≤ R has a structured ticket within ε on the unit ball, exactly equivariant."
        ),
        source=Source(_SOURCE, "structured pruning"),
        known="derived here",
        hypotheses=("as companion.structured_layer", "|||f_i||| ≤ 1", "σ 1-Lipschitz", "0 < ε ≤ 1"),
        uses=("companion.structured_layer", "companion.A5_relative"),
    )
)

COUNTING = state(
    Statement(
        id="companion.structured_counting",
        title="Hidden fields needed at least",
        text=(
            "If each layer of norm at most 1 has a structured ticket within ε with probability at least 1/2, the source has at least "
            "D·log₂(1/(2ε)) - 1 hidden fields, D = n_in n_out|B|: a removed field takes its 1 + n_out|B| weights along, so N fields "
            "allow 2^N prunings, not 2^{N(1 + n_out|B|)}."
        ),
        source=Source(_SOURCE, "structured pruning, A6"),
        known="derived here",
        hypotheses=("0 < ε < 1/2", "as companion.A6"),
        formula=_D * sympy.log(1 / (2 * _epsilon)) / sympy.log(2) - 1,
        uses=("companion.A6",),
    )
)

FIXED = state(
    Statement(
        id="companion.structured_fixed",
        title="Structured tickets of a size known in advance",
        text=(
            "In companion.structured_layer with the vectors of companion.A3_all or companion.A3_root_all, exactly 2k fields of each sign can be "
            "kept for every input channel: every target of the class has, in one and the same random layer, a structured ticket of exactly "
            "4k n_in hidden fields and 4k n_in(1 + n_out|B|) weights."
        ),
        source=Source(_SOURCE, "structured pruning, fixed size"),
        known="derived here",
        hypotheses=("as companion.structured_layer", "k the size of the subsets of companion.A3_all or companion.A3_root_all"),
        formula=4 * _k * _n_in * (1 + _D),
        uses=("companion.structured_layer", "companion.A3_all", "companion.A3_root_all"),
    )
)

COUNTING_FIXED = state(
    Statement(
        id="companion.structured_counting_fixed",
        title="Hidden fields needed at least for tickets of a size known in advance",
        text=(
            "As companion.structured_counting for tickets that keep exactly m of N fields: log₂ C(N, m) ≥ D log₂(1/(2ε)) - 1, "
            "D = n_in n_out|B|, and C(N, m) ≤ (eN/m)^m."
        ),
        source=Source(_SOURCE, "structured pruning, A6, fixed size"),
        known="derived here",
        hypotheses=("0 < ε < 1/2", "1 ≤ m ≤ N", "as companion.A6"),
        formula=_D * sympy.log(1 / (2 * _epsilon)) / sympy.log(2) - 1,
        uses=("natale2024.sparse_counting",),
    )
)
