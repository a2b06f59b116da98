"""Becchetti, da Cunha, Clementi, d'Amore, Lesfari, Natale, Trevisan: On the Multidimensional Random Subset Sum Problem."""

import sympy

from theory.source import Source
from theory.statement import Statement, state

_d, _k, _delta = sympy.symbols("d k delta", positive=True)

THEOREM = state(
    Statement(
        id="becchetti2022.theorem",
        title="Random subset sums in many dimensions",
        text="For n = O(d³ log(1/ε)(log(1/ε) + log d)) standard normal samples in ℝ^d, w.h.p. all of [-1, 1]^d is within 2ε of subset sums.",
        source=Source("becchetti2022", "main theorem"),
        known="recalled",
        hypotheses=("X_i ~ N(0, I_d)",),
        replaced_by="becchetti2022.explicit",
        unchecked="published text only recalled; the explicit form needs fewer samples, d² log(1/ε) log(1/δ)",
    )
)

EXPLICIT = state(
    Statement(
        id="becchetti2022.explicit",
        title="Random subset sums of normal vectors with constants",
        text=(
            "For each z with ‖z‖₂ ≤ √k, with probability at least 1/4 some k of n ≥ 8dk vectors have a sum within ε of z in each coordinate; "
            "16dkr vectors, r = ⌈ln(4(4/3)^d/δ)/ln(4/3)⌉, serve all of [-1, 1]^d within 2ε at once, except with probability δ."
        ),
        source=Source("companion", "becchetti2022, with constants"),
        known="derived here",
        hypotheses=("X_i ~ N(0, I_d), independent", "d, k, ε as in companion.A3"),
        formula=16 * _d * _k * (sympy.log(4 / _delta) + _d * sympy.log(sympy.Rational(4, 3))) / sympy.log(sympy.Rational(4, 3)),
        uses=("companion.halves",),
    )
)
