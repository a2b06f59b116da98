"""Subset sums of fixed size with constants: natale2024's Theorem 2, and all targets by halves."""

import sympy

from theory.derivation import Step, composed, derive
from theory.linear import implies
from theory.positivity import identical
from theory.verdict import Verdict, decide_at_most

k, n, m, i, eps, low, high, s, t = sympy.symbols("k n m i epsilon c_l c_u s t", positive=True)


def inside(share: sympy.Expr) -> Verdict:
    """[z-ε, z+ε] ∩ [-w, w] is at least `share`·ε long for |z| ≤ w, ε ≤ 1 ≤ w: each upper end minus each lower end."""
    z, w = sympy.symbols("z w")
    given = [w - z, w + z, w - 1, 1 - eps, eps]
    verdict = Verdict.PROVED
    for top in (w, z + eps):
        for bottom in (-w, z - eps):
            verdict &= implies(given, top - bottom - share * eps)
    return verdict


def ratio(factor: int) -> Verdict:
    """(2εc_u)²/(√k√(k-j)) over (εc_l)²/k is `factor`·(c_u/c_l)²·√k/√(k-j); s = √k, t = √(k-j)."""
    return identical((2 * eps * high) ** 2 / (s * t) / ((eps * low) ** 2 / s**2), factor * (high / low) ** 2 * s / t)


def absorption(shift: int) -> Verdict:
    """C(m, i)/(i+1) = C(m+1, i+1)/(m+`shift`): the ratio C(m+1, i+1)/C(m, i) is (m+1)/(i+1)."""
    return identical(1 / (i + 1), ((m + 1) / (i + 1)) / (m + shift))


def vandermonde(bound: int) -> Verdict:
    """C(n+1, k+1)/((n-k+1)C(n, k)) = (n+1)/((k+1)(n-k+1)); 2k times it is at most `bound` for n ≥ 2k: with n = 2k + s, k = 1 + t."""
    value = 2 * k * (n + 1) / ((k + 1) * (n - k + 1))
    numerator, denominator = sympy.fraction(sympy.together((bound - value).subs(n, 2 * k + s).subs(k, 1 + t)))
    signs = [sympy.Poly(sympy.expand(part), s, t).coeffs() for part in (numerator, denominator)]
    if all(c >= 0 for part in signs for c in part):
        return Verdict.PROVED
    return Verdict.REFUTED if bound - value.subs({n: 10**6, k: 5 * 10**5}) < 0 else Verdict.UNDECIDED


def stirling(margin: sympy.Expr) -> Verdict:
    """exp(1/(12k) + 1/(12(n-k))) ≤ `margin`·√(8/(2π)) in the extreme cases {k, n-k} = {1, 3}, {2, 2}; the exponent falls in both."""
    worst = max(sympy.Rational(1, 12) * (1 + sympy.Rational(1, 3)), sympy.Rational(1, 12))
    return decide_at_most(sympy.exp(worst), margin * sympy.sqrt(4 / sympy.pi))


def small_binomials(factor: int) -> Verdict:
    """C(n, k) ≥ `factor`·2^{nH}√(n/(8k(n-k))) for (n, k) = (2, 1) and (3, 1), squared: 2^{2nH} = n^{2n}/(k^{2k}(n-k)^{2(n-k)})."""
    verdict = Verdict.PROVED
    for total, chosen in ((2, 1), (3, 1)):
        rest = total - chosen
        power = sympy.Rational(total ** (2 * total), chosen ** (2 * chosen) * rest ** (2 * rest))
        bound = factor**2 * power * sympy.Rational(total, 8 * chosen * rest)
        verdict &= decide_at_most(bound, sympy.binomial(total, chosen) ** 2)
    return verdict


def diagonal(factor: sympy.Expr) -> Verdict:
    """√k/(εc_l) over (k/ε)/√(8k) is `factor`/c_l; s = √k, and √(8k) = √8·s."""
    return identical(s / (eps * low) / ((s**2 / eps) / (sympy.sqrt(8) * s)), factor / low)


derive(
    "natale2024.theorem2",
    Step(
        "inside",
        "[z-ε, z+ε] ∩ [-√k, √k] is at least ε long",
        "linear",
        "|z| ≤ √k, ε ≤ 1 ≤ √k",
        lambda: inside(sympy.Integer(1)),
        lambda: inside(sympy.Integer(2)),
    ),
    composed("first moment", "a k-subset hits with probability between εc_l/√k and 2εc_u/√k", "measure", "inside"),
    composed(
        "two subsets",
        "at overlap j < k both hit with probability ≤ 2εc_u/√k·2εc_u/√(k-j): k-j samples of the second are fresh",
        "conditioning",
    ),
    Step("ratio", "so R_j ≤ 4(c_u/c_l)²√(k/(k-j))", "algebra", "all parameters", lambda: ratio(4), lambda: ratio(2)),
    Step("absorption", "C(m, i)/(i+1) = C(m+1, i+1)/(m+1)", "algebra", "all m, i", lambda: absorption(1), lambda: absorption(2)),
    Step(
        "Vandermonde",
        "K = k - I is hypergeometric: E 1/(K+1) ≤ C(n+1, k+1)/((n-k+1)C(n, k)), and 2k times it is at most 4",
        "algebra",
        "1 ≤ k ≤ n/2",
        lambda: vandermonde(4),
        lambda: vandermonde(3),
    ),
    composed(
        "mean root",
        "E √(k/K) over K ≥ 1 is at most √(E k/K) ≤ √(2k E 1/(K+1)) ≤ 2",
        "convexity",
        "absorption",
        "Vandermonde",
    ),
    composed("off the diagonal", "Σ_{j<k} P(I = j) R_j ≤ 8(c_u/c_l)²", "tower", "first moment", "two subsets", "ratio", "mean root"),
    Step(
        "Stirling",
        "e^{1/(12k) + 1/(12(n-k))} ≤ √(8/(2π)) unless n ≤ 3",
        "balls",
        "k, n-k ≥ 1, n ≥ 4",
        lambda: stirling(sympy.Integer(1)),
        lambda: stirling(sympy.Rational(9, 10)),
    ),
    Step("small n", "n = 2, 3 by hand", "balls", "(n, k) = (2, 1), (3, 1)", lambda: small_binomials(1), lambda: small_binomials(2)),
    composed("binomial", "C(n, k) ≥ 2^{nH₂(k/n)}√(n/(8k(n-k))) ≥ (k/ε)/√(8k)", "Stirling", "Stirling", "small n"),
    Step(
        "diagonal",
        "P(I = k)R_k ≤ √k/(εc_l C(n, k)) ≤ √8/c_l",
        "algebra",
        "all parameters",
        lambda: diagonal(sympy.sqrt(8)),
        lambda: diagonal(sympy.Integer(2)),
    ),
    composed("conclusion", "P ≥ 1/(8(c_u/c_l)² + √8/c_l)", "second moment", "off the diagonal", "binomial", "diagonal"),
    module=__name__,
)


def halves_factor(value: int) -> Verdict:
    """4·(2ρ/(2ρ-R))^1 at R = ρ is `value`."""
    return identical(4 * 2 * s / (2 * s - s), value)


derive(
    "natale2024.explicit_all",
    Step("factor", "4·2ρ/(2ρ-R) = 8 at R = ρ = √k, d = 1", "algebra", "all k", lambda: halves_factor(8), lambda: halves_factor(4)),
    composed("sizes", "each half gives a sum of exactly k samples, so 2k in all", "counting"),
    composed("conclusion", "the halves of one dimension", "substitution", "natale2024.theorem2", "companion.halves", "factor", "sizes"),
    module=__name__,
)
