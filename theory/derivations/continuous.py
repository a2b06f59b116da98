"""A1 and A1′: the covered set grows, its potential contracts, Markov's inequality, and small holes are bridged."""

import sympy

from theory.derivation import Step, composed, derive
from theory.linear import implies
from theory.positivity import identical, nonnegative
from theory.verdict import Verdict

tau, epsilon, kappa, y, x, s, z = sympy.symbols("tau epsilon kappa y x s z", real=True)
R, n = sympy.symbols("R n", positive=True)


def translation(shift: sympy.Expr) -> Verdict:
    """(y + X) - (s + `shift`) = y - s: adding a sample to a point and to its sum keeps their distance."""
    return identical((y + x) - (s + shift), y - s)


def start(half_width: sympy.Expr) -> Verdict:
    """(2/ε) ψ(`half_width`) ≤ 8/τ² for τ = 2ε, where (-ε, ε) covers the fraction ε of [-1, 1]."""
    slack = 8 / (2 * epsilon) ** 2 - (2 / epsilon) * (1 - half_width) / half_width
    return nonnegative(sympy.cancel(slack * epsilon**2), {epsilon: (0, 1)})


def tail(threshold: sympy.Expr) -> Verdict:
    """For 1-v = t ≥ `threshold`, ψ(v) = t/(1-t) ≥ ε/2, that is t - (1-t)ε/2 ≥ 0; t runs over threshold + [0, 1]."""
    t = threshold + s
    return nonnegative(t - (1 - t) * epsilon / 2, {epsilon: (0, 1), s: (0, 1)})


def neighbourhood(length: sympy.Expr) -> Verdict:
    """min(1, z+ε) - max(-1, z-ε) ≥ `length`: each upper end is that far above each lower end."""
    given = [z + 1, 1 - z, epsilon, 1 - epsilon]
    verdict = Verdict.PROVED
    for top in (sympy.Integer(1), z + epsilon):
        for bottom in (sympy.Integer(-1), z - epsilon):
            verdict &= implies(given, top - bottom - length)
    return verdict


def scaling(power: int) -> Verdict:
    """8/(τ/R)² = 8 R^`power`/τ²."""
    return identical(8 / (tau / R) ** 2, 8 * R**power / tau**2)


derive(
    "companion.A1'",
    Step(
        "translation",
        "a sample added to a point and to its subset sum leaves their distance unchanged",
        "algebra",
        "all reals",
        lambda: translation(x),
        lambda: translation(2 * x),
    ),
    composed(
        "invariant",
        "A₀ = (-ε, ε), A_{t+1} = A_t ∪ ((A_t + X_{t+1}) ∩ [-1, 1]): each y ∈ A_t is within ε of a sum of some of X_1..X_t",
        "induction",
        "translation",
    ),
    composed("doubling", "v_t = |A_t|/2 satisfies v_t ≤ v_{t+1} ≤ min(1, 2 v_t)", "measure", "invariant"),
    composed("contraction", "E ψ(v_n) ≤ (1 - κ/2)ⁿ ψ(ε), by the potential lemma n times", "tower", "companion.potential", "doubling"),
    Step(
        "tail",
        "1-v ≥ ε/2 implies ψ(v) ≥ ε/2",
        "algebra",
        "0 < v ≤ 1, 0 ≤ ε ≤ 1",
        lambda: tail(epsilon / 2),
        lambda: tail(epsilon / 4),
    ),
    Step(
        "start",
        "(2/ε) ψ(ε) ≤ 2/ε² = 8/τ² for τ = 2ε",
        "algebra",
        "0 < ε ≤ 1",
        lambda: start(epsilon),
        lambda: start(epsilon / 4),
    ),
    composed("failure", "P(1 - v_n ≥ ε/2) ≤ (8/τ²)(1 - κ/2)ⁿ", "Markov", "contraction", "tail", "start"),
    Step(
        "neighbourhood",
        "[z-ε, z+ε] ∩ [-1, 1] is at least ε long",
        "linear",
        "|z| ≤ 1, 0 ≤ ε ≤ 1",
        lambda: neighbourhood(epsilon),
        lambda: neighbourhood(2 * epsilon),
    ),
    composed(
        "bridging",
        "if less than the length ε is uncovered, each z has a covered y within ε, hence a subset sum within 2ε = τ",
        "triangle inequality",
        "neighbourhood",
        "invariant",
    ),
    Step("scaling", "8/(τ/R)² = 8R²/τ²", "algebra", "R, τ > 0", lambda: scaling(2), lambda: scaling(1)),
    composed("conclusion", "P(some z in [-R, R] fails) ≤ (8R²/τ²)(1 - κ/2)ⁿ", "substitution", "failure", "bridging", "scaling"),
    module=__name__,
)


def uniform_case(drift: sympy.Expr) -> Verdict:
    """A1 is A1′ at R = 1 and κ = `drift`: one formula."""
    return identical((8 * R**2 / tau**2).subs(R, 1) * (1 - drift / 2), 8 / tau**2 * sympy.Rational(3, 4))


derive(
    "companion.A1",
    Step(
        "substitution",
        "8R²/τ² · (1 - κ/2) at R = 1, κ = 1/2 is 8/τ² · 3/4",
        "algebra",
        "τ > 0",
        lambda: uniform_case(sympy.Rational(1, 2)),
        lambda: uniform_case(sympy.Rational(1, 3)),
    ),
    composed("conclusion", "P(fail) ≤ (8/τ²)(3/4)ⁿ", "substitution", "companion.A1'", "companion.kappa_uniform", "substitution"),
    module=__name__,
)
