"""otsuka2025 with constants: one block of attention and dense layers, and several blocks."""

import sympy

from theory.derivation import Step, composed, derive
from theory.positivity import identical
from theory.ranges import positive_on
from theory.verdict import Verdict, decide_at_most

alpha, H, eps, B, P, K, e, x, r = sympy.symbols("alpha H epsilon B P K e x r", positive=True)


def dense_error(share: int) -> Verdict:
    """ε/2 + ε'(Hα + ε/2) = ε at ε' = ε/(`share`Hα + ε)."""
    return identical(eps / 2 + eps / (share * H * alpha + eps) * (H * alpha + eps / 2), eps)


derive(
    "otsuka2025.block_explicit",
    composed(
        "attention",
        "each head's output is W_VO times a mean of tokens: H heads have norm ≤ Hα, the ticket's ≤ Hα + ε/2",
        "triangle inequality",
        "otsuka2025.theorem3",
    ),
    composed(
        "dense",
        "layers with ‖W‖ ≤ 1 and ReLU do not enlarge the error ε/2; their tickets err by ε' times the norm",
        "substitution",
        "ferbach2023.corollary_mlp",
        "companion.A5_relative",
    ),
    Step("sum", "ε/2 + ε'(Hα + ε/2) = ε", "algebra", "all H, α, ε", lambda: dense_error(2), lambda: dense_error(1)),
    composed("conclusion", "the block is within ε", "triangle inequality", "attention", "dense", "sum"),
    module=__name__,
)


def doubled(bound: sympy.Expr) -> Verdict:
    """eˣ - 1 ≤ 2x on [0, 1]: convex, 0 at 0, and e - 1 ≤ `bound` at 1."""
    return positive_on(sympy.diff(sympy.exp(x), x, 2), {x: (0, 1)}) & decide_at_most(sympy.exp(1) - 1, bound)


def amplified(factor: int) -> Verdict:
    """H r(α·2·4αe + e) = H r(`factor`α² + 1)e, r = √d₁."""
    return identical(H * r * (alpha * 2 * 4 * alpha * e + e), H * r * (factor * alpha**2 + 1) * e)


def summand(depth: sympy.Expr) -> Verdict:
    """ε_b·P = ε/B at ε_b = ε/(`depth`·P), P the product of the later factors."""
    return identical(eps / (depth * P) * P, eps / B)


derive(
    "otsuka2025.blocks_explicit",
    Step(
        "doubled", "eˣ - 1 ≤ 2x on [0, 1]", "balls", "0 ≤ x ≤ 1", lambda: doubled(sympy.Integer(2)), lambda: doubled(sympy.Rational(17, 10))
    ),
    Step(
        "amplified",
        "so a block enlarges an error e, 4βe ≤ 1, by at most H√d₁(8β² + 1)",
        "algebra",
        "all H, β, d₁",
        lambda: amplified(8),
        lambda: amplified(4),
    ),
    composed(
        "recursion",
        "e_{b+1} ≤ ε_b + H√d₁(8β_b² + 1)e_b",
        "triangle inequality",
        "otsuka2025.lemma12",
        "otsuka2025.block_explicit",
        "doubled",
        "amplified",
    ),
    Step("summand", "each of the B summands is ε/B", "algebra", "all parameters", lambda: summand(B), lambda: summand(B / 2)),
    composed("conclusion", "they add up to ε", "induction", "recursion", "summand"),
    module=__name__,
)
