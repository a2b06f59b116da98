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
        replaced_by="burkholz2022b.explicit",
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
        replaced_by="burkholz2022b.explicit",
        unchecked=_RECALLED,
    )
)
