"""Subset sums of fixed size with constants: natale2024's Theorem 2, all targets by halves, normal vectors, and dacunha2023's theorem on them."""

import sympy

from theory.derivation import Step, composed, derive
from theory.derivations.vector_sizes import below_identity, half_powers, overlap_factor, tail_exponent
from theory.linear import implies
from theory.positivity import identical, nonnegative
from theory.statement import find_statement
from theory.verdict import Verdict, decide_at_most

k, n, m, i, j, eps, low, high, s, t, x, y, d, L, delta = sympy.symbols("k n m i j epsilon c_l c_u s t x y d L delta", positive=True)
HALF = sympy.Rational(1, 2)


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


def correlated(sign: int) -> Verdict:
    """k² - j² = k²(1 - `sign`·(j/k)²): the determinant for unit scales."""
    return identical(k**2 - j**2, k**2 * (1 - sign * (j / k) ** 2))


def half_range(slope: sympy.Expr) -> Verdict:
    """`slope`·x² + ln(1-x²) has a derivative ≥ 0 on [0, 1/2] and vanishes at 0."""
    return nonnegative(sympy.together(2 * slope * x - 2 * x / (1 - x**2)), {x: (0, HALF)})


def plain_constant(bound: sympy.Expr) -> Verdict:
    """e^{81/64}(exp((1/8)(1/3)·12(e^{1/12}-1)) + e^{-5}) ≤ `bound`."""
    near = sympy.exp(sympy.Rational(1, 24) * 12 * (sympy.exp(sympy.Rational(1, 12)) - 1))
    return decide_at_most(sympy.exp(sympy.Rational(81, 64)) * (near + sympy.exp(-5)), bound)


def plain_shift(bound: sympy.Expr) -> Verdict:
    """(1 + εu)² ≤ `bound` for ε ≤ 1/4, u = √(d/k) ≤ 1/2."""
    return nonnegative(bound - (1 + eps * y) ** 2, {eps: (0, sympy.Rational(1, 4)), y: (0, HALF)})


def quarter_size(share: sympy.Expr) -> Verdict:
    """ln(4) + d ln(4/3) + r ln(3/4) = ln δ at r = (ln(4/δ) + d ln(4/3))/ln(4/3), times `share`."""
    size = share * (sympy.log(4 / delta) + d * L) / L
    return identical(sympy.log(4) + d * L - size * L, sympy.log(delta))


def stated_size(factor: int) -> Verdict:
    """The formula is `factor`·dk·(ln(4/δ) + d ln(4/3))/ln(4/3)."""
    formula = find_statement("becchetti2022.explicit").formula
    assert formula is not None
    third = sympy.log(sympy.Rational(4, 3))
    return identical(formula.subs(third, L), (factor * d * k * (sympy.log(4 / delta) + d * third) / third).subs(third, L))


derive(
    "becchetti2022.explicit",
    Step(
        "correlation",
        "two sums of overlap j have the determinant k²(1 - (j/k)²)",
        "algebra",
        "all j < k",
        lambda: correlated(1),
        lambda: correlated(-1),
    ),
    composed(
        "moments",
        "as companion.vector_hitting with V = k: Q = e^{u²/k}(Σ P(I = j)(1-(j/k)²)^{-d/2} + P(I > k/2)(√(2πk)/(2ε))^d)",
        "second moment",
        "correlation",
    ),
    Step(
        "half range",
        "-ln(1-x²) ≤ (4/3)x² ≤ (2/3)x on [0, 1/2]",
        "algebra",
        "0 ≤ x ≤ 1/2",
        lambda: half_range(sympy.Rational(4, 3)),
        lambda: half_range(sympy.Rational(11, 10)),
    ),
    Step("overlap factor", "(k-i)/(n-i) ≤ k/n", "algebra", "0 ≤ i ≤ k ≤ n", lambda: overlap_factor(1), lambda: overlap_factor(-1)),
    Step("logarithm", "ln(1+x) ≤ x", "algebra", "x ≥ 0", lambda: below_identity(1), lambda: below_identity(2)),
    composed(
        "near",
        "Σ_{j≤k/2} ≤ E e^{θI} ≤ exp(kp(e^θ-1)), θ = d/(3k) ≤ 1/12, p ≤ 1/(8d), e^θ-1 ≤ 12(e^{1/12}-1)θ",
        "convexity",
        "half range",
        "overlap factor",
        "logarithm",
    ),
    Step(
        "half powers",
        "P(I > k/2) ≤ 2^k p^{k/2} ≤ (2d)^{-k/2}",
        "algebra",
        "all k, d",
        lambda: half_powers(2 * d),
        lambda: half_powers(4 * d),
    ),
    Step(
        "tail",
        "times (√(2πk)/(2ε))^d it is at most e^{-5}",
        "balls",
        "k ≥ 40",
        lambda: tail_exponent(sympy.Integer(-5)),
        lambda: tail_exponent(sympy.Integer(-6)),
    ),
    Step(
        "shift",
        "(√k + ε√d)²/k ≤ 81/64",
        "algebra",
        "ε ≤ 1/4, 4d ≤ k",
        lambda: plain_shift(sympy.Rational(81, 64)),
        lambda: plain_shift(sympy.Rational(5, 4)),
    ),
    Step(
        "constant", "Q ≤ 4", "balls", "one number", lambda: plain_constant(sympy.Integer(4)), lambda: plain_constant(sympy.Rational(7, 2))
    ),
    composed("one target", "P ≥ 1/4", "transitivity", "moments", "near", "half powers", "tail", "shift", "constant"),
    composed("radius", "‖z‖₂ ≤ √d ≤ √k/2 = ρ/2 gives 2ρ/(2ρ-R) ≤ 4/3", "monotonicity"),
    Step(
        "size",
        "4(4/3)^d(3/4)^r = δ at the stated r; L = ln(4/3)",
        "algebra",
        "all d, δ",
        lambda: quarter_size(sympy.Integer(1)),
        lambda: quarter_size(HALF),
    ),
    Step("formula", "2r batches of 8dk", "algebra", "all parameters", lambda: stated_size(16), lambda: stated_size(8)),
    composed("conclusion", "both halves", "substitution", "companion.halves", "one target", "radius", "size", "formula"),
    module=__name__,
)
