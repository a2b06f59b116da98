"""Statements of burkholz2022b, natale2024 and fischer2021."""

from fractions import Fraction
from math import comb, factorial

import sympy

from theory.derivation import Step, composed, derive, every
from theory.linear import implies
from theory.positivity import identical
from theory.verdict import Verdict, decide_at_most, enclosure

a, b, d, e, w, x, y, s, t, L = sympy.symbols("a b d e w x y s t L", positive=True)
alpha, H, eps, k, n, D, p, delta = sympy.symbols("alpha H epsilon k n D p delta", positive=True)
up, down = sympy.symbols("m_p m_m", real=True)
ONE = sympy.Integer(1)

derive(
    "burkholz2022b.activation",
    Step(
        "both signs",
        "φ̂(x) - φ̂(-x) = (m₊ + m₋)x, for x ≥ 0 and for x = -y < 0",
        "algebra",
        "all m₊, m₋, d, x",
        lambda: identical((up * x + d) - (down * -x + d), (up + down) * x) & identical((down * -y + d) - (up * y + d), (up + down) * -y),
        lambda: identical((up * x + d) - (down * -x + d), (up - down) * x),
    ),
    composed("conclusion", "the identity", "cases", "both signs"),
    module=__name__,
)


def copies(factor: sympy.Expr) -> Verdict:
    """w₁(x+e₁) + w₂(x+e₂) + b' - (Wx + b) = w₁e₁ + w₂e₂ + `factor`·x + (b' - b), for two copies; more copies add terms alike."""
    w1, w2, e1, e2, target, bias, new = sympy.symbols("w1 w2 e1 e2 W b bn")
    return identical(
        w1 * (x + e1) + w2 * (x + e2) + new - (target * x + bias),
        w1 * e1 + w2 * e2 + factor.subs({a: w1 + w2, b: target}) * x + (new - bias),
    )


derive(
    "burkholz2022b.E1_repaired",
    Step(
        "terms", "the error before φ is Σ w e + (Σ w - W)x + (b' - b)", "algebra", "all reals", lambda: copies(a - b), lambda: copies(b - a)
    ),
    composed("bound", "|Σ w e| ≤ K e, |(Σ w - W)x| ≤ ε|x|, |b' - b| ≤ ε", "triangle inequality", "terms"),
    composed("conclusion", "T times their sum; K ≤ ρ n as |w| ≤ 1", "induction", "bound"),
    module=__name__,
)

derive(
    "burkholz2022b.E2_repaired",
    Step(
        "range",
        "|b - t| ≤ 1 + s for |b| ≤ 1, |t| ≤ s",
        "linear",
        "all reals",
        lambda: implies([1 - x, 1 + x, s - y, s + y], 1 + s - (x - y)) & implies([1 - x, 1 + x, s - y, s + y], 1 + s + (x - y)),
        lambda: implies([1 - x, 1 + x, s - y, s + y], s - (x - y)),
    ),
    composed("conclusion", "A1′ with targets in [-R, R]", "substitution", "companion.A1'", "range"),
    module=__name__,
)


def union_of(events: int, count: int) -> Verdict:
    """ln(`events`·Q·(8/ε²)cⁿ) = ln δ at n = [2 ln(1/ε) + ln(`count`·Q/δ)]/-ln c."""
    Q, c = sympy.symbols("Q c", positive=True)
    size = (2 * sympy.log(1 / eps) + sympy.log(count * Q / delta)) / -sympy.log(c)
    return identical(sympy.log(events * Q * 8 / eps**2) + size * sympy.log(c), sympy.log(delta))


derive(
    "burkholz2022b.explicit",
    Step(
        "later layers",
        "Q subset sums of ρ samples fail with probability ≤ δ",
        "algebra",
        "all Q, ε, δ",
        lambda: union_of(1, 8),
        lambda: union_of(2, 8),
    ),
    Step(
        "first layer",
        "2Q subset sums of N₀ products of one sign likewise",
        "algebra",
        "all Q, ε, δ",
        lambda: union_of(2, 16),
        lambda: union_of(2, 8),
    ),
    composed(
        "layers",
        "uniform samples in later layers, signed products in the first",
        "substitution",
        "companion.A1",
        "companion.A1'",
        "companion.kappa_product",
        "later layers",
        "first layer",
    ),
    composed("conclusion", "all succeed, and the errors follow the recursion", "union bound", "layers", "burkholz2022b.E1_repaired"),
    module=__name__,
)


def sum_density(point: sympy.Expr, count: int) -> sympy.Expr:
    """The density at `point` of the sum of `count` ≥ 2 uniform samples on [-1, 1]: half of Irwin-Hall's at (point + count)/2."""
    shifted = (point + count) / 2
    below = range(int(enclosure(shifted, 128)[0]) + 1) if shifted != 0 else range(1)
    total = sum((-1) ** j * comb(count, j) * (shifted - j) ** (count - 1) for j in below)
    return sympy.sympify(total) / (2 * factorial(count - 1))


def lower_constant(value: Fraction) -> Verdict:
    """√k·f_k(√k) ≥ `value` for 2 ≤ k ≤ 30, and 1/2 ≥ `value`."""
    number = sympy.Rational(value.numerator, value.denominator)
    verdict = decide_at_most(number, sympy.Rational(1, 2))
    for count in range(2, 31):
        root = sympy.sqrt(count)
        verdict &= decide_at_most(number, root * sum_density(root, count))
    return verdict


def upper_constant(square: Fraction) -> Verdict:
    """k·f_k(0)² ≤ `square` for 1 ≤ k ≤ 30, in rationals."""
    peaks = {1: Fraction(1, 2)} | {m: Fraction(str(sum_density(sympy.Integer(0), m))) for m in range(2, 31)}
    return every(peaks.items(), lambda item: item[0] * item[1] ** 2 <= square)


derive(
    "natale2024.sum_bounded",
    Step(
        "lower",
        "√k·f_k(√k) ≥ 0.154",
        "balls",
        "1 ≤ k ≤ 30",
        lambda: lower_constant(Fraction(154, 1000)),
        lambda: lower_constant(Fraction(157, 1000)),
    ),
    Step(
        "upper",
        "k·f_k(0)² ≤ ½, attained at k = 2",
        "enumeration",
        "1 ≤ k ≤ 30",
        lambda: upper_constant(Fraction(1, 2)),
        lambda: upper_constant(Fraction(49, 100)),
    ),
    composed("unimodal", "sums of symmetric unimodal laws are unimodal: f_k falls on [0, ∞)", "convexity", "lower", "upper"),
    composed("conclusion", "c_l/√k ≤ f_k on [-√k, √k], f_k ≤ c_u/√k", "monotonicity", "unimodal"),
    module=__name__,
)

derive(
    "natale2024.squares",
    Step(
        "square",
        "(a + L)² = a² + 2aL + L²",
        "algebra",
        "all reals",
        lambda: identical((a + L) ** 2, a**2 + 2 * a * L + L**2),
        lambda: identical((a + L) ** 2, a**2 + a * L + L**2),
    ),
    composed("conclusion", "with a = log₂ k, L = log₂(1/ε)", "substitution", "square"),
    module=__name__,
)

derive(
    "natale2024.theorem4_repaired",
    composed("kernel", "a linear map from n to fewer copies has x ≠ 0 with Ux = 0 = U(-x): one output z for both", "rank"),
    Step(
        "separation",
        "‖z-x‖ < 1 and ‖z+x‖ < 1 contradict ‖(z+x) - (z-x)‖ = 2‖x‖ = 2",
        "linear",
        "all norms",
        lambda: implies([a, b, a + b - 2, 1 - a - s], b - 1 - s),
        lambda: implies([a, b, a + b - 2], b - 1),
    ),
    composed("conclusion", "one of the two errors is at least 1", "triangle inequality", "kernel", "separation"),
    module=__name__,
)


def entropy(sign: int) -> Verdict:
    """-ln(r^{rn}(1-r)^{(1-r)n}) = -n(r ln r + `sign`·(1-r) ln(1-r)); r and g = 1-r as symbols."""
    r, g = sympy.symbols("r g", positive=True)
    return identical(-sympy.log(r ** (r * n) * g ** (g * n)), -n * (r * sympy.log(r) + sign * g * sympy.log(g)))


derive(
    "natale2024.sparse_counting",
    composed("choices", "at most C(n, k) prunings keep k weights: A6's count with C(n, k) for 2^Θ", "counting", "companion.A6"),
    composed("binomial theorem", "1 = (r + (1-r))ⁿ ≥ C(n, k) r^k (1-r)^{n-k} at r = k/n", "definition"),
    Step("entropy", "-ln(r^k (1-r)^{n-k}) = n H(r) at k = rn", "algebra", "all n, r", lambda: entropy(1), lambda: entropy(-1)),
    composed("conclusion", "both bounds", "transitivity", "choices", "binomial theorem", "entropy"),
    module=__name__,
)


def radius(half: sympy.Expr) -> Verdict:
    """D(½K + L - 1) - 1 - D(½K + `half`·L) ≥ 0 for D = 1+s ≥ 1 and L = 4+2t ≥ 4, K any: it has no K left."""
    K = sympy.symbols("K")
    slack = sympy.expand((1 + s) * (K / 2 + L - 1) - 1 - (1 + s) * (K / 2 + half * L)).subs(L, 4 + 2 * t)
    slack = sympy.expand(slack)
    coefficients = sympy.Poly(slack, s, t).coeffs()
    return Verdict.PROVED if not slack.has(K) and all(c >= 0 for c in coefficients) else Verdict.REFUTED


derive(
    "natale2024.theorem5",
    Step(
        "logarithms",
        "d² log₂(√k/(2ε)) - 1 ≥ (d²/2) log₂(k/ε) once log₂(1/ε) ≥ 4: non-negative coefficients in d²-1 and log₂(1/ε)-4",
        "algebra",
        "ε ≤ 1/16, d ≥ 1, all k",
        lambda: radius(sympy.Rational(1, 2)),
        lambda: radius(sympy.Rational(9, 10)),
    ),
    composed("ball", "the ball ‖W‖ ≤ √k holds (√k/(2ε))^{d²} maps 2ε apart", "measure", "natale2024.sparse_counting"),
    composed("conclusion", "n H₂(k/n) ≥ (d²/2) log₂(k/ε)", "transitivity", "ball", "logarithms"),
    module=__name__,
)

derive(
    "fischer2021.homogeneity",
    Step(
        "layer",
        "(σw)(sx) + (σs)b = σs(wx + b), s the scale of the layer before",
        "algebra",
        "all reals",
        lambda: identical((a * w) * (s * x) + (a * s) * b, a * s * (w * x + b)),
        lambda: identical((a * w) * (s * x) + a * b, a * s * (w * x + b)),
    ),
    composed("conclusion", "φ carries the positive factor on", "induction", "layer"),
    module=__name__,
)

derive(
    "fischer2021.explicit",
    composed("constant input", "a bias is the weight of an input that is always 1; σ(u·1) = u for u > 0 and σ(-1) = 0", "definition"),
    Step(
        "count",
        "2(n+1)m events: one more input channel",
        "algebra",
        "all n, m",
        lambda: identical(2 * (n + 1) * k, 2 * n * k + 2 * k),
        lambda: identical(2 * (n + 1) * k, 2 * n * k + k),
    ),
    composed(
        "scale",
        "biases drawn at their scale are uniform on [-1, 1] after dividing the known factor out",
        "substitution",
        "fischer2021.homogeneity",
    ),
    composed(
        "conclusion",
        "Lemma 1 at n_i + 1 channels; the largest channel of (x, 1) is 1 on the unit ball",
        "substitution",
        "ferbach2023.lemma1",
        "constant input",
        "count",
        "scale",
    ),
    module=__name__,
)
