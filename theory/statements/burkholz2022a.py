"""Burkholz: Convolutional and Residual Networks Provably Contain Lottery Tickets."""

from theory.source import Source
from theory.statement import Statement, state

_RECALLED = "published text only recalled; its constants are not explicit, so nothing can be computed against it"

CONVOLUTIONAL = state(
    Statement(
        id="burkholz2022a.convolutional",
        title="Convolutional networks of depth L+1",
        text=(
            "A random convolutional network of depth L+1 whose channels exceed the target's by a factor C·log(1/min{ε_l, δ/ρ}) contains, except "
            "with probability δ, a ticket within ε of a target of depth L: one subset sum per output channel, input channel and tap."
        ),
        source=Source("burkholz2022a", "main theorem"),
        known="recalled",
        hypotheses=("the activation is locally linear on each side of 0 (burkholz2022b.activation)", "|W|, |b| ≤ 1"),
        replaced_by="burkholz2022a.explicit",
        unchecked=_RECALLED,
    )
)

RESIDUAL = state(
    Statement(
        id="burkholz2022a.residual",
        title="Residual networks",
        text=(
            "The same for y = φ(W*x + M*x_skip + b): the skip convolution M is one more set of targets, and ρ copies of "
            "the skip's source feed ρ "
            "copies of the output."
        ),
        source=Source("burkholz2022a", "residual theorem"),
        known="recalled",
        hypotheses=("as the convolutional theorem",),
        uses_to_state=("burkholz2022a.convolutional",),
        replaced_by="burkholz2022a.residual_explicit",
        unchecked=_RECALLED,
    )
)

EXPLICIT = state(
    Statement(
        id="burkholz2022a.explicit",
        title="Convolutional networks of depth L+1 with constants",
        text=(
            "With the numbers of burkholz2022b.explicit as channels, Q counting one subset sum per output channel, input channel, tap and bias, "
            "all copies succeed except with probability δ, and e_l = T(ε_l(1 + d²c B_{l-1}) + K_l e_{l-1}) bounds their errors on every "
            "pixel, B the largest |x|, K_l the largest Σ|w| over the input channels, taps and copies of one output channel."
        ),
        source=Source("companion", "burkholz2022a, with constants"),
        known="derived here",
        hypotheses=("d × d filters, c input channels", "φ T-Lipschitz", "as burkholz2022b.explicit"),
        uses=("burkholz2022b.explicit",),
    )
)

RESIDUAL_EXPLICIT = state(
    Statement(
        id="burkholz2022a.residual_explicit",
        title="Residual networks with constants",
        text=(
            "For y = φ(W*x + M*s + b) the skip filters M are further targets: e = T(ε(1 + d²c B + d'²c' B_s) + K e_x + K_s e_s), and the same "
            "sample sizes with Q counting the taps of M too."
        ),
        source=Source("companion", "burkholz2022a, with constants"),
        known="derived here",
        hypotheses=("as burkholz2022a.explicit", "d' × d' skip filters, c' skip channels"),
        uses=("burkholz2022a.explicit",),
    )
)
