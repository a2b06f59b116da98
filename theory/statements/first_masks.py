"""Ours: other first masks than the proof's, for inputs without negative entries: fewer random weights for the same error."""

import sympy

from theory.source import Source
from theory.statement import Statement, state

_D, _N, _H, _m, _n, _B, _r, _eta, _epsilon = sympy.symbols("D N H m n B r eta epsilon", positive=True)
_SOURCE = "companion"

NONNEGATIVE_INPUTS = state(
    Statement(
        id="companion.nonnegative_inputs",
        title="Where no input is negative, positive weights do",
        text=(
            "On inputs without negative entries, let each hidden channel keep one positive weight u, from any one input channel. If for every "
            "coefficient λ_qpk the hidden channels that read p carry one subset sum within η of λ_qpk, the masked two-layer block differs from "
            "the target layer by at most η|||B|||·√(n_in n_out)·‖x‖₂, and by at most n_in η|||B|||·‖x‖ where the norm of a stack is that of its "
            "largest channel. Inputs of every layer but the first are such, and half of the sums of A4 are not needed."
        ),
        source=Source(_SOURCE, "A4, for half of the inputs"),
        known="derived here",
        hypotheses=("σ(x) = x and σ(-x) = 0 for x ≥ 0, as for ReLU", "the identity is among the hidden operators"),
        uses=("companion.A4",),
    )
)

ASSIGNED_WEIGHTS = state(
    Statement(
        id="companion.assigned_weights",
        title="Hidden channels assigned by their first-layer weights",
        text=(
            "Let a rule that looks at first-layer weights alone choose what each hidden channel reads, such that every input channel is read "
            "through N weights in [r/2, r], 0 < r ≤ 1. Second-layer weights uniform on [-1, 1]: except with probability at most "
            "D·(8r²/η²)(7/8)^N all D coefficients in [-r, r], whatever they are, have a subset sum within η. Small coefficients, with small r, "
            "need fewer samples for the same η. (The strategies of the program look at the target too, or at second-layer weights: of them "
            "this says nothing, their certificates do.)"
        ),
        source=Source(_SOURCE, "A1′, for given first-layer weights"),
        known="derived here",
        hypotheses=("0 < η ≤ r", "second-layer weights independent of the first layer"),
        formula=_D * 8 * _r**2 / _eta**2 * sympy.Rational(7, 8) ** _N,
        uses=("companion.A1'", "companion.kappa_symmetric", "companion.nonnegative_inputs"),
    )
)

EXCHANGES = state(
    Statement(
        id="companion.exchanges",
        title="Exchanging what two hidden channels read",
        text=(
            "If two hidden channels exchange the inputs that they read, each input is read by as many as before, and only the coefficients of "
            "two inputs change. The norm of the layer's error is at most √(Σ_qpk ‖b_k‖²_F e_qpk²), e the residuals and b_k operators with "
            "disjoint supports: a search that keeps an exchange only if this sum falls never raises this bound (the norm itself may rise)."
        ),
        source=Source(_SOURCE, "the search of numerics/exchange.py"),
        known="derived here",
        hypotheses=("every sum is the best of all subsets, before and after",),
    )
)

CHOICE_COUNTING = state(
    Statement(
        id="companion.choice_counting",
        title="Counting, when the first mask is chosen too",
        text=(
            "Two layers with H hidden channels, each keeping one of n first-layer weights and any of its m|B| second-layer weights: if each "
            "target in the unit ball of a D-dimensional normed space is within ε of some pruning with probability at least 1/2, then "
            "H·(m|B| + log₂ n) ≥ D·log₂(1/(2ε)) - 1."
        ),
        source=Source(_SOURCE, "A6"),
        known="derived here",
        hypotheses=("0 < ε < 1/2", "finitely many draws, or a law that is approximated by such"),
        formula=(_D * sympy.log(1 / (2 * _epsilon)) / sympy.log(2) - 1) / (_m * _B + sympy.log(_n) / sympy.log(2)),
        uses=("companion.A6",),
    )
)
