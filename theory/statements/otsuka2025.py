"""Otsuka and others: The Strong Lottery Ticket Hypothesis for Multi-Head Attention Mechanisms."""

import sympy

from theory.source import Source
from theory.statement import Statement, state

_eps, _e, _alpha, _H = sympy.symbols("epsilon e alpha H", positive=True)
_SOURCE = "otsuka2025"
_CONSTANT = "text read; it rests on Lemma 7's constant C, which is not explicit there; the explicit form stands beside it"

LEMMA7 = state(
    Statement(
        id="otsuka2025.lemma7",
        title="Two linear layers for one",
        text=(
            "For n ≥ d₁C log(d₁d₂/ε) random hidden units, masks give each W in [-1, 1]^{d₂×d₁} entrywise within ε/(d₁d₂). Explicit: "
            "n/d₁ ≥ [2 ln(1/τ) + ln(8 d₁d₂/δ)]/-ln(1 - κ/2), κ = 1/4; without ReLU no sign is lost."
        ),
        source=Source(_SOURCE, "Lemma 7"),
        known="text seen",
        hypotheses=("weights uniform on [-1, 1]",),
        uses=("companion.A1'", "companion.kappa_product"),
    )
)

LEMMA8 = state(
    Statement(
        id="otsuka2025.lemma8",
        title="Softmax attention is stable",
        text=(
            "If logits move by at most e, each output of softmax attention over tokens of norm ≤ α moves by at most "
            "α(e^{2e} - 1), and by at most "
            "4αe for e ≤ 1/2, for any number of tokens. (Published with a further factor √d₁, which is not needed.)"
        ),
        source=Source(_SOURCE, "Lemma 8"),
        known="text seen",
        hypotheses=("‖x_i‖ ≤ α",),
        formula=_alpha * (sympy.exp(2 * _e) - 1),
    )
)

THEOREM3 = state(
    Statement(
        id="otsuka2025.theorem3",
        title="Tickets in multi-head attention",
        text=(
            "n_K ≥ d₁C log(8Hα³d₁^{3/2}/ε) and n_V ≥ d₁C log(2Hαd₁√d₂/ε) suffice for max_i ‖Attn_S - Attn_T‖ ≤ ε with probability ≥ 1-ε."
        ),
        source=Source(_SOURCE, "Theorem 3"),
        known="text seen",
        hypotheses=("‖x_i‖ ≤ α, α ≥ max(√d₁, √d₂)", "‖W‖ ≤ 1 per head", "the printed probability per head does not match Lemma 7"),
        uses=("otsuka2025.lemma7", "otsuka2025.lemma8"),
    )
)

THEOREM11 = state(
    Statement(
        id="otsuka2025.theorem11",
        title="One transformer block",
        text="n_MHA ≥ d₁C log(32α³Hd₁^{3/2}/ε) and n_FC ≥ d₁C log(24αLHd₁^{5/2}/ε) suffice for a block without normalisation.",
        source=Source(_SOURCE, "Theorem 11"),
        known="text seen",
        hypotheses=("α ≥ 1, as exp(αε/2) - 1 needs",),
        uses_to_state=("otsuka2025.theorem3", "pensia2020.theorem1"),
        replaced_by="otsuka2025.block_explicit",
        unchecked=_CONSTANT,
    )
)

LEMMA12 = state(
    Statement(
        id="otsuka2025.lemma12",
        title="Attention is locally Lipschitz",
        text="If tokens of norm ≤ α move by at most e, the output of H heads moves by at most H√d₁(α(e^{4αe} - 1) + e).",
        source=Source(_SOURCE, "Lemmas 12 and 13"),
        known="text seen",
        hypotheses=("‖W_QK‖, ‖W_VO‖ ≤ 1 per head", "all tokens of norm ≤ α, before and after"),
        uses=("otsuka2025.lemma8",),
    )
)

THEOREM14 = state(
    Statement(
        id="otsuka2025.theorem14",
        title="Several transformer blocks",
        text="With β_b = α(4H√d₁)^{b-1} the widths of Theorem 11 suffice for B blocks, log arguments multiplied by Π 16H√d₁β_j²/ε.",
        source=Source(_SOURCE, "Theorem 14"),
        known="text seen",
        hypotheses=("as Theorem 11",),
        uses_to_state=("otsuka2025.theorem11", "otsuka2025.lemma12"),
        replaced_by="otsuka2025.blocks_explicit",
        unchecked=_CONSTANT,
    )
)

BLOCK_EXPLICIT = state(
    Statement(
        id="otsuka2025.block_explicit",
        title="One block: attention, then dense layers, with constants",
        text=(
            "If the attention part is within ε/2 (Theorem 3) and the dense ReLU layers with ‖W‖ ≤ 1 have tickets of relative accuracy "
            "ε' = ε/(2Hα + ε) (Theorem 1 of ferbach2023 for the trivial group), the block without skips is within ε for tokens of norm ≤ α."
        ),
        source=Source("companion", "otsuka2025, one block"),
        known="derived here",
        hypotheses=("‖W_VO‖ ≤ 1 per head, ‖W‖ ≤ 1 per dense layer", "0 < ε ≤ 1"),
        formula=_eps / (2 * _H * _alpha + _eps),
        uses=("otsuka2025.theorem3", "ferbach2023.corollary_mlp", "companion.A5_relative"),
    )
)

BLOCKS_EXPLICIT = state(
    Statement(
        id="otsuka2025.blocks_explicit",
        title="Several blocks with constants",
        text=(
            "If block b is within ε_b and tokens before block b, of ticket and target, have norm ≤ β_b with 4β_b e_b ≤ 1, the errors obey "
            "e_{b+1} ≤ ε_b + H√d₁(8β_b² + 1)e_b; with ε_b = ε/(B Π_{j>b} H√d₁(8β_j² + 1)), B blocks are within ε."
        ),
        source=Source("companion", "otsuka2025, several blocks"),
        known="derived here",
        hypotheses=("as otsuka2025.lemma12", "dense layers 1-Lipschitz"),
        uses=("otsuka2025.lemma12", "otsuka2025.block_explicit"),
    )
)
