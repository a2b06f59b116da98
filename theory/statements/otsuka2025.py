"""Otsuka and others: The Strong Lottery Ticket Hypothesis for Multi-Head Attention Mechanisms."""

import sympy

from theory.source import Source
from theory.statement import Statement, state

_tau, _delta, _e, _alpha, _d1, _H = sympy.symbols("tau delta e alpha d_1 H", positive=True)
_SOURCE = "otsuka2025"
_CONSTANT = "text read; it rests on Lemma 7's constant C, which is not explicit there, and adds no other probabilistic step"

LEMMA7 = state(
    Statement(
        id="otsuka2025.lemma7",
        title="Two linear layers for one",
        text=(
            "For n ≥ d₁C log(d₁d₂/ε) random hidden units, masks give each W in [-1, 1]^{d₂×d₁} entrywise within ε/(d₁d₂). Explicit: "
            "n/d₁ ≥ [2 ln(1/τ) + ln(8 d₁d₂/δ)]/-ln(1 - κ/2), κ ≥ 0.2126; without ReLU no sign is lost."
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
        unchecked=_CONSTANT,
    )
)
