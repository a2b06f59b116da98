"""Careless readings of the framework that are false (W1 to W3), each beside what is true instead."""

from theory.source import Source
from theory.statement import Statement, state

W1 = state(
    Statement(
        id="companion.W1",
        title="W1 (false): pointwise ReLU suits every orthogonal representation",
        text="Pointwise ReLU commutes with every orthogonal representation.",
        source=Source("companion", "W1"),
        known="derived here",
        hypotheses=("ρ orthogonal",),
        repaired_by="companion.W1_repaired",
    )
)

W1_REPAIRED = state(
    Statement(
        id="companion.W1_repaired",
        title="Pointwise ReLU suits permutation representations",
        text="A real orthogonal matrix commutes with pointwise ReLU if and only if it is a permutation matrix.",
        source=Source("companion", "W1"),
        known="derived here",
        hypotheses=("ρ(g) orthogonal",),
    )
)

W2 = state(
    Statement(
        id="companion.W2",
        title="W2 (false): the identity is always one element of the orbit basis",
        text="For every permutation representation the identity is a single element of the orbit basis of its intertwiners.",
        source=Source("companion", "W2"),
        known="derived here",
        hypotheses=("a permutation representation",),
        repaired_by="companion.W2_repaired",
    )
)

W2_REPAIRED = state(
    Statement(
        id="companion.W2_repaired",
        title="When the identity is one element",
        text=(
            "The identity is the sum of as many orbit indicators as the group has orbits on the points; it is one element exactly if the group "
            "is transitive. Elsewhere another basis must hold it, or one bound is taken for each pair of orbits."
        ),
        source=Source("companion", "W2"),
        known="derived here",
        hypotheses=("a permutation representation",),
    )
)

W3 = state(
    Statement(
        id="companion.W3",
        title="W3 (false): maps of norm at most 1 have coefficients of size at most 1",
        text="|||Σ λ_k b_k||| ≤ 1 implies |λ_k| ≤ 1, for every basis.",
        source=Source("companion", "W3"),
        known="derived here",
        hypotheses=("b_1, ..., b_K linearly independent",),
        repaired_by="companion.W3_repaired",
    )
)

W3_REPAIRED = state(
    Statement(
        id="companion.W3_repaired",
        title="Orbit coefficients are bounded by the norm",
        text="For a basis of 0/1 matrices with disjoint supports |λ_k| ≤ ‖Σ λ_j b_j‖, in the Euclidean norm and in the largest-entry norm.",
        source=Source("companion", "W3"),
        known="derived here",
        hypotheses=("entries 0 and 1, disjoint supports, none zero",),
    )
)
