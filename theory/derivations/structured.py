"""Structured pruning of equivariant networks: one vector a hidden field, positive and negative fields, A4, A5 and A6."""

import sympy

from theory.derivation import Step, composed, derive
from theory.positivity import identical, nonnegative
from theory.statement import find_statement
from theory.verdict import Verdict

a, s, x, t, i, delta, n_in = sympy.symbols("a s x t i delta n_i", positive=True)
N, D, eps, depth, w = sympy.symbols("N D epsilon l w", positive=True)


def even_terms(factor: int) -> Verdict:
    """(2i+1)(2i+2) ≥ `factor`·(i+1): so 1/(2i)! ≤ 1/(2ⁱi!) by induction, that is cosh t ≤ e^{t²/2} term by term."""
    return nonnegative((2 * i + 1) * (2 * i + 2) - factor * (i + 1), {i: (0, sympy.oo)})


def exponent(factor: int) -> Verdict:
    """-t·b + x t²/2 at t = b/x is -b²/(`factor`x): the exponent of P(Σ signs ≥ b) for x signs."""
    b = sympy.symbols("b")
    return identical((-t * b + x * t**2 / 2).subs(t, b / x), -(b**2) / (factor * x))


def enough_fields(weight: int) -> Verdict:
    """(x - 2N)² = `weight`·a·x at x = 2N + a + s, s² = 4aN + a²: then (x-2N)²/(2x) = a."""
    sizes = (s**2 - a**2) / (4 * a)
    fields = 2 * sizes + a + s
    return identical((fields - 2 * sizes) ** 2, weight * a * fields)


def events(share: int) -> Verdict:
    """2n_in·δ/(`share`n_in) for the vectors and as much for the signs is δ."""
    return identical(2 * (2 * n_in * delta / (share * n_in)), delta)


def amplification(factor: int) -> Verdict:
    """`factor`·n_in·η·w = ε at η = ε/(2 n_in w), w = |||B|||."""
    return identical(factor * n_in * (eps / (2 * n_in * w)) * w, eps)


derive(
    "companion.structured_layer",
    composed("block mask", "each hidden field (p, j) sees input channel p alone, through the identity", "definition"),
    composed(
        "vectors",
        "given the signs of u, the vectors |u_pj|(v_pjqk)_{q,k} are independent, normally scaled normal in ℝ^D; keeping a field adds it",
        "conditioning",
        "block mask",
    ),
    Step(
        "cosh",
        "cosh t ≤ e^{t²/2}, term by term",
        "algebra",
        "all i ≥ 0",
        lambda: even_terms(2),
        lambda: even_terms(4),
    ),
    Step(
        "exponent",
        "e^{-tb}(cosh t)ˣ ≤ e^{-b²/(2x)} at t = b/x",
        "algebra",
        "all b, x > 0",
        lambda: exponent(2),
        lambda: exponent(1),
    ),
    Step(
        "fields",
        "x = 2N + a + √(4aN + a²) solves (x-2N)²/(2x) = a, and larger x have more",
        "algebra",
        "all N, a > 0",
        lambda: enough_fields(2),
        lambda: enough_fields(1),
    ),
    composed(
        "signs",
        "of so many fields fewer than N have u > 0 with probability at most e^{-a} = δ/(4 n_in)",
        "Markov",
        "cosh",
        "exponent",
        "fields",
    ),
    Step("events", "4 n_in events of δ/(4 n_in) each", "algebra", "all n_in, δ", lambda: events(4), lambda: events(2)),
    composed(
        "subsets",
        "except with probability δ: for each p and all λ at once the positive fields have a subset within η of λ_p, the negative of -λ_p",
        "union bound",
        "companion.A3_all",
        "companion.A3_root_all",
        "vectors",
        "signs",
        "events",
    ),
    Step(
        "amplification",
        "2 n_in·η·|||B||| = ε",
        "algebra",
        "all n_in, ε, |||B|||",
        lambda: amplification(2),
        lambda: amplification(1),
    ),
    composed("error", "the block is within ε·max_p‖x_p‖ of the layer", "substitution", "companion.A4", "subsets", "amplification"),
    composed("equivariance", "sums, compositions of intertwiners and σ commute with the group, whatever fields are left", "definition"),
    composed("conclusion", "one set of fields per target, and exact equivariance", "cases", "error", "equivariance"),
    module=__name__,
)


def shares(factor: int) -> Verdict:
    """l layers of δ/l each, and (ε/(2l))·l = ε/`factor`."""
    return identical(depth * (delta / depth), delta) & identical(depth * (eps / (2 * depth)), eps / factor)


derive(
    "companion.structured_network",
    Step("shares", "l blocks of δ/l and ε/(2l) each", "algebra", "all l, ε, δ", lambda: shares(2), lambda: shares(1)),
    composed(
        "all layers",
        "except with probability δ every layer has its block within ε/(2l)",
        "union bound",
        "companion.structured_layer",
        "shares",
    ),
    composed("conclusion", "the networks differ by at most ε on the unit ball", "substitution", "companion.A5_relative", "all layers"),
    module=__name__,
)


def same_bound(factor: int) -> Verdict:
    """A6's bound at D is the stated number of fields, `factor` = 1."""
    counted, stated = find_statement("companion.A6").formula, find_statement("companion.structured_counting").formula
    assert counted is not None
    assert stated is not None
    return identical(counted.subs(D, factor * D), stated)


derive(
    "companion.structured_counting",
    composed("prunings", "a pruning is a set of kept fields: at most 2^N of them, N the number of fields", "counting"),
    Step("bound", "A6 with N fields in place of Θ parameters", "algebra", "all D, ε", lambda: same_bound(1), lambda: same_bound(2)),
    composed("conclusion", "N ≥ D log₂(1/(2ε)) - 1", "substitution", "companion.A6", "prunings", "bound"),
    module=__name__,
)
