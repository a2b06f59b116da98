"""da Cunha, d'Amore, Natale: Polynomially Over-Parameterized CNNs Contain Structured Strong Winning Lottery Tickets."""

import sympy

from theory.source import Source
from theory.statement import Statement, state

_D, _k, _d, _eps, _delta, _l, _c = sympy.symbols("D k d epsilon delta l c_in", positive=True)

NSN = state(
    Statement(
        id="dacunha2023.nsn",
        title="Normally scaled normal vectors",
        text=(
            "Y in ℝ^d with Y_i = Z·Z_i, Z and Z_1, ..., Z_d independent standard normal. Given Z, the coordinates are independent; without it "
            "they are uncorrelated, E Y_i² = 1, and dependent, E Y_1²Y_2² = 3."
        ),
        source=Source("dacunha2023", "Definition"),
        known="recalled",
        hypotheses=("a definition, and its first moments",),
    )
)

MRSS = state(
    Statement(
        id="dacunha2023.mrss",
        title="Multidimensional random subset sums of these vectors",
        text=(
            "For 0 < ε ≤ 1/4, k ≥ C d³ log²(d/ε) and n ≥ k², each z with ‖z‖₁ ≤ √k is with constant probability within "
            "ε, in each coordinate, of "
            "a sum of exactly k of n vectors. (Derived here with C = 40, the natural logarithm and probability 1/10.)"
        ),
        source=Source("dacunha2023", "theorem on NSN vectors"),
        known="recalled",
        hypotheses=("0 < ε ≤ 1/4",),
        uses=("companion.A3",),
        uses_to_state=("dacunha2023.nsn",),
    )
)

THEOREM = state(
    Statement(
        id="dacunha2023.theorem",
        title="Structured strong lottery tickets",
        text=(
            "With n_i ≥ C d_i¹³ c_i⁶ log³(d_i² c_i c_{i-1} l/ε) filters per channel, blocks masked and whole filters removed, except with "
            "probability ε every target with ‖K^{(i)}‖₁ ≤ 1 has a ticket within ε. (d¹² looks natural; 13 is unverified.)"
        ),
        source=Source("dacunha2023", "main theorem"),
        known="recalled",
        hypotheses=("weights standard normal", "‖K^{(i)}‖₁ ≤ 1"),
        uses_to_state=("dacunha2023.mrss",),
        replaced_by="dacunha2023.explicit_root",
        unchecked="published text only recalled, one exponent unverified",
    )
)

EXPLICIT = state(
    Statement(
        id="dacunha2023.explicit",
        title="Structured tickets with a smaller exponent, by a net",
        text=(
            "With D = d²c_out, ε' = ε/(3 l d² c_in) and δ' = δ/(2 l c_in), the samples of A3′ per input channel and sign suffice: "
            "O(D³ log²) filters, that is d⁶c³ in place of d¹³c⁶."
        ),
        source=Source("companion", "dacunha2023, with A3′"),
        known="derived here",
        hypotheses=("as the published theorem", "k as in companion.A3 at ε'", "so many channels of each sign (companion.structured_layer)"),
        formula=80 * _D * _k * (_D * sympy.log(9 * _l * _d**2 * _c / _eps) + sympy.log(2 * _l * _c / _delta)),
        uses=("companion.A3'", "companion.A5_relative", "dacunha2022.young"),
    )
)

EXPLICIT_HALVES = state(
    Statement(
        id="dacunha2023.explicit_halves",
        title="Structured tickets with a smaller exponent, by halves",
        text=(
            "With D = d²c_out, ε' = ε/(4 l d² c_in) and δ' = δ/(2 l c_in), the samples of companion.A3_all at R = 1 per input channel and sign "
            "suffice: O(D² log(1/ε')(log(1/δ') + √D)) filters, at most d⁵c^{5/2} in place of d¹³c⁶."
        ),
        source=Source("companion", "dacunha2023, with two halves"),
        known="derived here",
        hypotheses=("as the published theorem", "k as in companion.A3 at ε'", "so many channels of each sign (companion.structured_layer)"),
        formula=160 * _D * _k * (sympy.log(8 * _l * _c / _delta) + _D * sympy.log(2 * sympy.sqrt(_k) / (2 * sympy.sqrt(_k) - 1))),
        uses=("companion.A3_all", "companion.A5_relative", "dacunha2022.young"),
    )
)

EXPLICIT_ROOT = state(
    Statement(
        id="dacunha2023.explicit_root",
        title="Structured tickets with a smaller exponent, by halves and smaller batches",
        text=(
            "With D, ε' and δ' as in dacunha2023.explicit_halves, the samples of companion.A3_root_all at R = 1 per input channel and sign "
            "suffice: O(D^{3/2} log(1/ε')(log(1/δ') + √D)) filters, at most d⁴c² in place of d¹³c⁶."
        ),
        source=Source("companion", "dacunha2023, with smaller batches"),
        known="derived here",
        hypotheses=(
            "as the published theorem",
            "k as in companion.A3_root at ε'",
            "so many channels of each sign (companion.structured_layer)",
        ),
        formula=(
            160
            * (1 + sympy.sqrt(_D))
            * _k
            * (sympy.log(8 * _l * _c / _delta) + _D * sympy.log(2 * sympy.sqrt(_k) / (2 * sympy.sqrt(_k) - 1)))
        ),
        uses=("companion.A3_root_all", "companion.A5_relative", "dacunha2022.young"),
    )
)

LOWER = state(
    Statement(
        id="dacunha2023.lower_bound",
        title="Filters needed at least",
        text=(
            "If every kernel of norm at most 1 has a structured ticket within ε with probability at least 1/2, the hidden filters number at "
            "least c_in·D·log₂(1/(2ε)) - 1 in all, D = d²c_out: a removed filter takes its 1 + D weights along."
        ),
        source=Source("companion", "dacunha2023, lower bound"),
        known="derived here",
        hypotheses=("0 < ε < 1/2",),
        formula=_c * _D * sympy.log(1 / (2 * _eps)) / sympy.log(2) - 1,
        uses=("companion.structured_counting",),
    )
)
