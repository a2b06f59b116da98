"""Gadhikar, Mukherjee, Burkholz: Why Random Pruning Is All We Need to Start Sparse."""

import sympy

from theory.source import Source
from theory.statement import Statement, state

_p, _tau, _delta = sympy.symbols("p tau delta", positive=True)

E5 = state(
    Statement(
        id="gadhikar2023.E5",
        title="E5 (gap): a constant that does not depend on the density",
        text=(
            "There is C such that for every density 0 < p < 1, n ≥ C log(1/min(δ, ε))/log(1/(1-p)) thinned uniform samples have subset sums "
            "within ε of every target, except with probability δ."
        ),
        source=Source("gadhikar2023", "subset sums in random sparse sources"),
        known="recalled",
        hypotheses=("M_i ~ Ber(p), X_i uniform on [-1, 1]",),
        repaired_by="gadhikar2023.E5_repaired",
    )
)

E5_REPAIRED = state(
    Statement(
        id="gadhikar2023.E5_repaired",
        title="Thinned samples with constants",
        text="For all 0 < p ≤ 1, n ≥ [2 ln(1/τ) + ln(8/δ)]/(-ln(1 - p/4)) thinned uniform samples reach all of [-1, 1] within τ.",
        source=Source("companion", "gadhikar2023"),
        known="derived here",
        hypotheses=("0 < p ≤ 1",),
        formula=(2 * sympy.log(1 / _tau) + sympy.log(8 / _delta)) / -sympy.log(1 - _p / 4),
        uses=("companion.A1'", "companion.kappa_mixture"),
    )
)

THEOREM = state(
    Statement(
        id="gadhikar2023.theorem",
        title="Tickets in randomly thinned networks",
        text="Widths larger by 1/log(1/(1-p_l)) let a source thinned with densities p_l contain strong tickets.",
        source=Source("gadhikar2023", "strong lottery ticket theorem"),
        known="recalled",
        hypotheses=("weights uniform, thinned independently",),
        uses_to_state=("gadhikar2023.E5",),
        replaced_by="gadhikar2023.E5_repaired",
        unchecked="published text only recalled; it rests on E5",
    )
)

LOWER = state(
    Statement(
        id="gadhikar2023.lower_bound",
        title="Width needed for one path",
        text=(
            "If q weights must each keep at least one of `width` candidates, each present with probability p, with probability ≥ 1-δ, then "
            "width ≥ log(1/(1-(1-δ)^{1/q}))/log(1/(1-p))."
        ),
        source=Source("gadhikar2023", "lower bound for a univariate target"),
        known="recalled",
        hypotheses=("0 < p < 1", "independent candidates"),
    )
)
