"""What an activation costs: the extra layer with constants, for any φ as in Burkholz's assumption."""

import sympy

from theory.source import Source
from theory.statement import Statement, state

_R, _delta, _tau = sympy.symbols("R delta tau", positive=True)

RADIUS = state(
    Statement(
        id="burkholz2022b.radius",
        title="A radius for every ε′ at once",
        text=(
            "Let φ be T-Lipschitz with φ(0) = d, k ≥ 2, E(r) = (r/c)^k, |φ(x) - φ̂(x)| ≤ E(|x|) for |x| ≤ r₁, and (T + |m|)c^k ≤ r₁^{k-1}, "
            "|m| the larger of |m₊|, |m₋|. Then |φ - φ̂| ≤ ε′ on [-a, a], a(ε′) = c ε′^{1/k}, for every ε′ > 0, and g(ε′) = ε′^{1-1/k}/c → 0."
        ),
        source=Source("companion", "burkholz2022b, assumption on φ"),
        known="derived here",
        hypotheses=("k an integer from 2 to 8",),
    )
)

EXTRA_LAYER = state(
    Statement(
        id="burkholz2022b.extra_layer",
        title="The extra layer with constants",
        text=(
            "First weights (a/B)u, second weights B v/(a M), M = m₊ + m₋, |x_i| ≤ B; Σ v u over kept u > 0 within η of W_i, Σ v|u| over kept "
            "u < 0 within η of -W_i, K = Σ |v| over all that is kept, the constants d removed. Then the output is within "
            "nηB(|m₊| + |m₋|)/|M| + K g(ε′) B/|M| of Σ W_i x_i. If m₊ = m₋ = m, one sum over both signs of u serves, with m in place of M."
        ),
        source=Source("companion", "burkholz2022b, first layer"),
        known="derived here",
        hypotheses=("|φ - φ̂| ≤ ε′ on [-a, a]", "|u| ≤ 1"),
        uses=("burkholz2022b.activation",),
    )
)

WIDE_TARGETS = state(
    Statement(
        id="burkholz2022b.wide_targets",
        title="Wide targets cost R, not R log R",
        text=(
            "n ≥ 5(R + ln(4/δ)) + [2 ln(1/τ) + ln(16/δ)]/ln(4/3) samples uniform on [-1, 1] have subset sums within τ of every target "
            "in [-R, R], except with probability δ: the first 5(R + ln(4/δ)) bring each target into [-1, 1] greedily."
        ),
        source=Source("companion", "burkholz2022b, biases"),
        known="derived here",
        hypotheses=("R ≥ 1", "0 < τ ≤ 1", "0 < δ < 1"),
        formula=5 * (_R + sympy.log(4 / _delta)) + (2 * sympy.log(1 / _tau) + sympy.log(16 / _delta)) / sympy.log(sympy.Rational(4, 3)),
        uses=("companion.A1",),
    )
)
