"""Natale, Ferrè, Giambartolomei, Giroire, Mallmann-Trenn: On the Sparsity of the Strong Lottery Ticket Hypothesis."""

import sympy

from theory.source import Source
from theory.statement import Statement, state

_k, _n, _d, _eps, _gamma = sympy.symbols("k n d epsilon gamma", positive=True)
_SOURCE = "natale2024"
_CONSTANT = "text read; its constant c_amp is not explicit, so there is nothing to compute against; explicit_all stands beside it"


def _entropy(x: sympy.Expr) -> sympy.Expr:
    return -(x * sympy.log(x) + (1 - x) * sympy.log(1 - x)) / sympy.log(2)


SUM_BOUNDED = state(
    Statement(
        id="natale2024.sum_bounded",
        title="Sum-bounded densities",
        text=(
            "The sum of k uniform samples on [-1, 1] has a density between c_l/√k on [-√k, √k] and c_u/√k everywhere; c_l = 0.154 and "
            "c_u = 1/√2 serve for k ≤ 30."
        ),
        source=Source(_SOURCE, "Definition and Lemma 1"),
        known="text seen",
        hypotheses=("1 ≤ k ≤ 30 in the computed constants",),
    )
)

THEOREM2 = state(
    Statement(
        id="natale2024.theorem2",
        title="Subset sums of fixed size",
        text=(
            "For 1 ≤ k ≤ n/2 and n ≥ c_hyp log₂(k/ε)/H₂(k/n), each z in [-√k, √k] is with probability ≥ c_thm within ε of a sum of k samples. "
            "Here with constants: c_hyp = 1 and c_thm = 1/(8c_u²/c_l² + √8/c_l)."
        ),
        source=Source(_SOURCE, "Theorem 2"),
        known="text seen",
        hypotheses=("0 < ε < 1", "a sum-bounded law"),
        formula=sympy.log(_k / _eps) / sympy.log(2) / _entropy(_k / _n),
        uses_to_state=("natale2024.sum_bounded",),
    )
)

EXPLICIT_ALL = state(
    Statement(
        id="natale2024.explicit_all",
        title="Subset sums of fixed size, all targets, by halves",
        text=(
            "If n samples suffice for Theorem 2, 2rn samples reach every z in [-√k, √k] within 2ε at once by sums of exactly 2k samples, "
            "except with probability 8(1 - c_thm)ʳ: log(k/ε)·log(1/δ) in place of log²(k/ε)."
        ),
        source=Source("companion", "natale2024, with two halves"),
        known="derived here",
        hypotheses=("as Theorem 2", "r a positive integer"),
        formula=8 * (1 - sympy.Symbol("c_thm", positive=True)) ** sympy.Symbol("r", positive=True),
        uses=("natale2024.theorem2", "companion.halves"),
    )
)

COROLLARY1 = state(
    Statement(
        id="natale2024.corollary1",
        title="Subset sums of fixed size, all targets",
        text="n ≥ c_amp log₂²(k/ε)/H₂(k/n) samples with a uniform part serve all z in [-√k, √k] at once, except with probability ε.",
        source=Source(_SOURCE, "Corollary 1"),
        known="text seen",
        hypotheses=("as Theorem 2", "the proof needs α < p, where the text has α ≠ p"),
        formula=(sympy.log(_k / _eps) / sympy.log(2)) ** 2 / _entropy(_k / _n),
        uses_to_state=("natale2024.theorem2",),
        replaced_by="natale2024.explicit_all",
        unchecked=_CONSTANT,
    )
)

COROLLARY2 = state(
    Statement(
        id="natale2024.corollary2",
        title="Subset sums of fixed size, explicit in k",
        text="If k ≥ 2c_amp(log₂²k + 2 log₂k log₂(1/ε)) then n ≥ 2c_amp log₂²(1/ε)/H₂(k/n) suffices.",
        source=Source(_SOURCE, "Corollary 2"),
        known="text seen",
        hypotheses=("as Corollary 1",),
        uses_to_state=("natale2024.corollary1",),
        replaced_by="natale2024.explicit_all",
        unchecked=_CONSTANT,
    )
)

SPLIT = state(
    Statement(
        id="natale2024.squares",
        title="The square of a sum of logarithms",
        text="(log₂k + log₂(1/ε))² = log₂²k + 2 log₂k log₂(1/ε) + log₂²(1/ε): what leads from Corollary 1 to Corollary 2.",
        source=Source(_SOURCE, "proof of Corollary 2"),
        known="text seen",
        hypotheses=("k ≥ 1", "0 < ε < 1"),
    )
)

THEOREM3 = state(
    Statement(
        id="natale2024.theorem3",
        title="Sparse tickets in dense networks",
        text=(
            "With 2d_{i-1}n*_i hidden neurons, n*_i = c_amp log₂²(2 l d_{i-1} d_i γ' n*_i/ε)/H₂(γ'), the ticket keeps a fraction ≤ γ of the "
            "weights, γ = γ' max_i max(d_i/d_{i-1}, d_{i-1}/d_i)."
        ),
        source=Source(_SOURCE, "Theorem 3"),
        known="text seen",
        hypotheses=("‖W_i‖ ≤ 1", "uniform weights; the uniform part on [-1/2, 1/2] halves the range, fine for k ≥ 4"),
        uses_to_state=("natale2024.corollary1",),
        replaced_by="natale2024.explicit_all",
        unchecked=_CONSTANT,
    )
)

THEOREM4 = state(
    Statement(
        id="natale2024.theorem4",
        title="W4 (false as printed): ñ hidden copies in all",
        text=(
            "An equivariant two-layer block with ñ = c_amp log₂²(2ln² max{|B|, ‖B‖}γñ/ε)/H₂(γ) hidden copies in all contains a ticket within ε "
            "of every layer from n to n copies, however large n."
        ),
        source=Source(_SOURCE, "Theorem 4"),
        known="text seen",
        hypotheses=("as Theorem 3",),
        repaired_by="natale2024.theorem4_repaired",
    )
)

THEOREM4_REPAIRED = state(
    Statement(
        id="natale2024.theorem4_repaired",
        title="Hidden copies are counted per input copy",
        text=(
            "With fewer hidden than input copies some x ≠ 0 is mapped as -x, so no block is within ε < 1 of the identity on the unit ball: the "
            "hidden copies number at least n. The multiplicity of Theorem 4 counts per input copy and sign, 2nñ in all, as in Theorem 3."
        ),
        source=Source("companion", "W4"),
        known="derived here",
        hypotheses=("first layer linear before σ", "0 < ε < 1"),
    )
)

THEOREM5 = state(
    Statement(
        id="natale2024.theorem5",
        title="Lower bound with sparsity",
        text="For ε ≤ 1/16, tickets of k weights for all ‖W‖ ≤ √k need n ≥ (d²/2) log₂(k/ε)/H₂(k/n) weights.",
        source=Source(_SOURCE, "Theorem 5"),
        known="text seen",
        hypotheses=("ε ≤ 1/16", "d ≥ 1"),
        formula=_d**2 / 2 * sympy.log(_k / _eps) / sympy.log(2) / _entropy(_k / _n),
        uses=("natale2024.sparse_counting",),
    )
)

SPARSE_COUNTING = state(
    Statement(
        id="natale2024.sparse_counting",
        title="Parameter counting with sparsity",
        text="If exactly k of n parameters are kept, C(n, k) replaces 2ⁿ: log₂C(n, k) ≥ D log₂(1/(2ε)) - 1, and C(n, k) ≤ 2^{n H₂(k/n)}.",
        source=Source("companion", "A6 with sparsity"),
        known="derived here",
        hypotheses=("as A6",),
        uses=("companion.A6",),
    )
)
