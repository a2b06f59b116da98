"""Statements of burkholz2022b, natale2024, fischer2021, kumar2025, otsuka2025 and the warnings."""

from fractions import Fraction
from math import comb, factorial

import sympy

from theory.derivation import Step, composed, derive, every
from theory.linear import implies
from theory.positivity import identical, nonnegative
from theory.ranges import positive_on
from theory.verdict import Verdict, decide_at_most, enclosure

a, b, d, e, w, x, y, s, t, L = sympy.symbols("a b d e w x y s t L", positive=True)
alpha, H, eps, k, n, D, p, delta = sympy.symbols("alpha H epsilon k n D p delta", positive=True)
up, down = sympy.symbols("m_p m_m", real=True)
ONE = sympy.Integer(1)

derive(
    "burkholz2022b.activation",
    Step(
        "both signs", "φ̂(x) - φ̂(-x) = (m₊ + m₋)x, for x ≥ 0 and for x = -y < 0", "algebra", "all m₊, m₋, d, x",
        lambda: identical((up * x + d) - (down * -x + d), (up + down) * x) & identical((down * -y + d) - (up * y + d), (up + down) * -y),
        lambda: identical((up * x + d) - (down * -x + d), (up - down) * x),
    ),
    composed("conclusion", "the identity", "cases", "both signs"),
    module=__name__,
)  # fmt: skip


def copies(factor: sympy.Expr) -> Verdict:
    """w₁(x+e₁) + w₂(x+e₂) + b' - (Wx + b) = w₁e₁ + w₂e₂ + `factor`·x + (b' - b), for two copies; more copies add terms alike."""
    w1, w2, e1, e2, target, bias, new = sympy.symbols("w1 w2 e1 e2 W b bn")
    return identical(
        w1 * (x + e1) + w2 * (x + e2) + new - (target * x + bias),
        w1 * e1 + w2 * e2 + factor.subs({a: w1 + w2, b: target}) * x + (new - bias),
    )


derive(
    "burkholz2022b.E1_repaired",
    Step("terms", "the error before φ is Σ w e + (Σ w - W)x + (b' - b)", "algebra", "all reals", lambda: copies(a - b), lambda: copies(b - a)),
    composed("bound", "|Σ w e| ≤ K e, |(Σ w - W)x| ≤ ε|x|, |b' - b| ≤ ε", "triangle inequality", "terms"),
    composed("conclusion", "T times their sum; K ≤ ρ n as |w| ≤ 1", "induction", "bound"),
    module=__name__,
)  # fmt: skip

derive(
    "burkholz2022b.E2_repaired",
    Step(
        "range", "|b - t| ≤ 1 + s for |b| ≤ 1, |t| ≤ s", "linear", "all reals",
        lambda: implies([1 - x, 1 + x, s - y, s + y], 1 + s - (x - y)) & implies([1 - x, 1 + x, s - y, s + y], 1 + s + (x - y)),
        lambda: implies([1 - x, 1 + x, s - y, s + y], s - (x - y)),
    ),
    composed("conclusion", "A1′ with targets in [-R, R]", "substitution", "companion.A1'", "range"),
    module=__name__,
)  # fmt: skip


def union_of(events: int, count: int) -> Verdict:
    """ln(`events`·Q·(8/ε²)cⁿ) = ln δ at n = [2 ln(1/ε) + ln(`count`·Q/δ)]/-ln c."""
    Q, c = sympy.symbols("Q c", positive=True)
    size = (2 * sympy.log(1 / eps) + sympy.log(count * Q / delta)) / -sympy.log(c)
    return identical(sympy.log(events * Q * 8 / eps**2) + size * sympy.log(c), sympy.log(delta))


derive(
    "burkholz2022b.explicit",
    Step("later layers", "Q subset sums of ρ samples fail with probability ≤ δ", "algebra", "all Q, ε, δ", lambda: union_of(1, 8), lambda: union_of(2, 8)),
    Step("first layer", "2Q subset sums of N₀ products of one sign likewise", "algebra", "all Q, ε, δ", lambda: union_of(2, 16), lambda: union_of(2, 8)),
    composed("layers", "uniform samples in later layers, signed products in the first", "substitution", "companion.A1", "companion.A1'", "companion.kappa_product", "later layers", "first layer"),
    composed("conclusion", "all succeed, and the errors follow the recursion", "union bound", "layers", "burkholz2022b.E1_repaired"),
    module=__name__,
)  # fmt: skip


def sum_density(point: sympy.Expr, count: int) -> sympy.Expr:
    """The density at `point` of the sum of `count` ≥ 2 uniform samples on [-1, 1]: half of Irwin-Hall's at (point + count)/2."""
    shifted = (point + count) / 2
    below = range(int(enclosure(shifted, 128)[0]) + 1) if shifted != 0 else range(1)
    total = sum((-1) ** j * comb(count, j) * (shifted - j) ** (count - 1) for j in below)
    return total / (2 * factorial(count - 1))


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
    Step("lower", "√k·f_k(√k) ≥ 0.154", "balls", "1 ≤ k ≤ 30", lambda: lower_constant(Fraction(154, 1000)), lambda: lower_constant(Fraction(157, 1000))),
    Step("upper", "k·f_k(0)² ≤ ½, attained at k = 2", "enumeration", "1 ≤ k ≤ 30", lambda: upper_constant(Fraction(1, 2)), lambda: upper_constant(Fraction(49, 100))),
    composed("unimodal", "sums of symmetric unimodal laws are unimodal: f_k falls on [0, ∞)", "convexity", "lower", "upper"),
    composed("conclusion", "c_l/√k ≤ f_k on [-√k, √k], f_k ≤ c_u/√k", "monotonicity", "unimodal"),
    module=__name__,
)  # fmt: skip

derive(
    "natale2024.squares",
    Step(
        "square", "(a + L)² = a² + 2aL + L²", "algebra", "all reals",
        lambda: identical((a + L) ** 2, a**2 + 2 * a * L + L**2), lambda: identical((a + L) ** 2, a**2 + a * L + L**2),
    ),
    composed("conclusion", "with a = log₂ k, L = log₂(1/ε)", "substitution", "square"),
    module=__name__,
)  # fmt: skip

derive(
    "natale2024.theorem4_repaired",
    composed("kernel", "a linear map from n to fewer copies has x ≠ 0 with Ux = 0 = U(-x): one output z for both", "rank"),
    Step(
        "separation", "‖z-x‖ < 1 and ‖z+x‖ < 1 contradict ‖(z+x) - (z-x)‖ = 2‖x‖ = 2", "linear", "all norms",
        lambda: implies([a, b, a + b - 2, 1 - a - s], b - 1 - s), lambda: implies([a, b, a + b - 2], b - 1),
    ),
    composed("conclusion", "one of the two errors is at least 1", "triangle inequality", "kernel", "separation"),
    module=__name__,
)  # fmt: skip


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
)  # fmt: skip


def radius(half: sympy.Rational) -> Verdict:
    """D(½K + L - 1) - 1 - D(½K + `half`·L) ≥ 0 for D = 1+s ≥ 1 and L = 4+2t ≥ 4, K any: it has no K left."""
    K = sympy.symbols("K")
    slack = sympy.expand((1 + s) * (K / 2 + L - 1) - 1 - (1 + s) * (K / 2 + half * L)).subs(L, 4 + 2 * t)
    slack = sympy.expand(slack)
    coefficients = sympy.Poly(slack, s, t).coeffs()
    return Verdict.PROVED if not slack.has(K) and all(c >= 0 for c in coefficients) else Verdict.REFUTED


derive(
    "natale2024.theorem5",
    Step(
        "logarithms", "d² log₂(√k/(2ε)) - 1 ≥ (d²/2) log₂(k/ε) once log₂(1/ε) ≥ 4: non-negative coefficients in d²-1 and log₂(1/ε)-4", "algebra",
        "ε ≤ 1/16, d ≥ 1, all k", lambda: radius(sympy.Rational(1, 2)), lambda: radius(sympy.Rational(9, 10)),
    ),
    composed("ball", "the ball ‖W‖ ≤ √k holds (√k/(2ε))^{d²} maps 2ε apart", "measure", "natale2024.sparse_counting"),
    composed("conclusion", "n H₂(k/n) ≥ (d²/2) log₂(k/ε)", "transitivity", "ball", "logarithms"),
    module=__name__,
)  # fmt: skip

derive(
    "fischer2021.homogeneity",
    Step(
        "layer", "(σw)(sx) + (σs)b = σs(wx + b), s the scale of the layer before", "algebra", "all reals",
        lambda: identical((a * w) * (s * x) + (a * s) * b, a * s * (w * x + b)), lambda: identical((a * w) * (s * x) + a * b, a * s * (w * x + b)),
    ),
    composed("conclusion", "φ carries the positive factor on", "induction", "layer"),
    module=__name__,
)  # fmt: skip

derive(
    "fischer2021.explicit",
    composed("constant input", "a bias is the weight of an input that is always 1; σ(u·1) = u for u > 0 and σ(-1) = 0", "definition"),
    Step(
        "count", "2(n+1)m events: one more input channel", "algebra", "all n, m",
        lambda: identical(2 * (n + 1) * k, 2 * n * k + 2 * k), lambda: identical(2 * (n + 1) * k, 2 * n * k + k),
    ),
    composed("scale", "biases drawn at their scale are uniform on [-1, 1] after dividing the known factor out", "substitution", "fischer2021.homogeneity"),
    composed("conclusion", "Lemma 1 at n_i + 1 channels; the largest channel of (x, 1) is 1 on the unit ball", "substitution", "ferbach2023.lemma1", "constant input", "count", "scale"),
    module=__name__,
)  # fmt: skip


def uniform_part(weight: Fraction) -> Verdict:
    """For K = 4, ..., 128 the law of Z + Z' puts at least `weight`/(2⌊K²/2⌋+1) on every |m| ≤ K²/2: exact convolution in one big integer."""

    def holds(bound: int) -> bool:
        reach = bound * bound
        counts = [0] * (2 * reach + 1)
        for first in range(1, bound + 1):
            for second in range(-bound, bound + 1):
                counts[first * second + reach] += 1
        bits = 64
        packed = sum(count << (bits * i) for i, count in enumerate(counts))
        square = packed * packed
        total = (bound * (2 * bound + 1)) ** 2
        middle, half = 2 * reach, reach // 2
        least = min((square >> (bits * (middle + m))) & ((1 << bits) - 1) for m in range(-half, half + 1))
        return least * (2 * half + 1) >= weight * total

    return every((4, 8, 16, 32, 64, 128), holds)


derive(
    "kumar2025.E4_repaired",
    Step(
        "convolution", "the least probability of |m| ≤ K²/2, times their number, is at least 0.27", "enumeration", "K = 4, 8, ..., 128",
        lambda: uniform_part(Fraction(27, 100)), lambda: uniform_part(Fraction(28, 100)),
    ),
    composed("conclusion", "a mixture with the uniform law", "definition", "convolution"),
    module=__name__,
)  # fmt: skip

derive(
    "kumar2025.theorem3",
    composed("count", "p·(2/δ + 1)^{d²} ≤ E #{maps represented} ≤ 2^Θ", "counting"),
    Step(
        "logarithm", "log₂(p·g^{d²}) = d² log₂ g + log₂ p, g = 2/δ + 1", "algebra", "all p, g, d",
        lambda: identical(sympy.log(p * a ** (d**2)), d**2 * sympy.log(a) + sympy.log(p)), lambda: identical(sympy.log(p * a ** (d**2)), d * sympy.log(a) + sympy.log(p)),
    ),
    composed("conclusion", "the lower bound", "monotonicity", "count", "logarithm"),
    module=__name__,
)  # fmt: skip


def lemma7_size(events: int) -> Verdict:
    """ln(`events`·d₁d₂·(8/τ²)cⁿ) = ln δ at n = [2 ln(1/τ) + ln(8 d₁d₂/δ)]/-ln c; d₁d₂ as one symbol."""
    c = sympy.symbols("c", positive=True)
    size = (2 * sympy.log(1 / t) + sympy.log(8 * D / delta)) / -sympy.log(c)
    return identical(sympy.log(events * D * 8 / t**2) + size * sympy.log(c), sympy.log(delta))


derive(
    "otsuka2025.lemma7",
    composed("block mask", "entry (i, j) is a subset sum of n/d₁ products; given |u|, u·v is uniform on [-|u|, |u|], so no sign is lost", "conditioning"),
    Step("size", "d₁d₂ events of failure probability (8/τ²)(1-κ/2)ⁿ", "algebra", "all parameters", lambda: lemma7_size(1), lambda: lemma7_size(2)),
    composed("conclusion", "all entries at once", "union bound", "companion.A1'", "companion.kappa_product", "block mask", "size"),
    module=__name__,
)  # fmt: skip

derive(
    "otsuka2025.lemma8",
    Step(
        "ratio", "logits moved by at most e change a weight by a factor between e^{-2e} and e^{2e}: the numerator by e, the denominator by e", "linear",
        "all |x|, |y| ≤ e", lambda: implies([e - x, e + x, e - y, e + y], 2 * e - (x - y)), lambda: implies([e - x, e + x, e - y, e + y], e - (x - y)),
    ),
    composed("weights", "Σ|p'_k - p_k| ≤ Σ p_k(e^{2e} - 1) = e^{2e} - 1, and tokens have norm ≤ α", "triangle inequality", "ratio"),
    Step(
        "convex", "(e^{2e})'' > 0", "balls", "0 ≤ e ≤ ½",
        lambda: positive_on(sympy.diff(sympy.exp(2 * e), e, 2), {e: (0, "1/2")}), lambda: positive_on(-sympy.diff(sympy.exp(2 * e), e, 2), {e: (0, "1/2")}),
    ),
    Step(
        "end", "e^{2e} - 1 ≤ 4e at e = ½: exp(1) - 1 ≤ 2", "balls", "one number",
        lambda: decide_at_most(sympy.exp(1) - 1, sympy.Integer(2)), lambda: decide_at_most(sympy.exp(1) - 1, sympy.Rational(17, 10)),
    ),
    composed("chord", "e^{2e} - 1 ≤ 4e on [0, ½]", "convexity", "convex", "end"),
    composed("conclusion", "both bounds", "transitivity", "weights", "chord"),
    module=__name__,
)  # fmt: skip


def heads(power: sympy.Rational) -> Verdict:
    """4α√d·(α²d·τ) = ε/(2H) at τ = ε/(8Hα³d^`power`), and d√d₂α·τ' = ε/(2H) at τ' = ε/(2Hαd√d₂)."""
    d2 = sympy.symbols("d2", positive=True)
    root = sympy.symbols("r", positive=True)  # √d₁
    logits = 4 * alpha * root * alpha**2 * root**2 * eps / (8 * H * alpha**3 * root ** (2 * power))
    values = root**2 * d2 * alpha * eps / (2 * H * alpha * root**2 * d2)
    return identical(logits, eps / (2 * H)) & identical(values, eps / (2 * H))


derive(
    "otsuka2025.theorem3",
    Step("constants", "both parts contribute ε/(2H) per head", "algebra", "all parameters", lambda: heads(sympy.Rational(3, 2)), lambda: heads(ONE)),
    composed("logits", "an entrywise error τ in W_QK moves logits by at most α²d₁τ", "Cauchy-Schwarz", "otsuka2025.lemma7", "constants"),
    composed("attention", "Lemma 8, with or without the factor √d₁", "substitution", "otsuka2025.lemma8", "logits"),
    composed("conclusion", "H heads, ε in all", "triangle inequality", "attention"),
    module=__name__,
)  # fmt: skip

derive(
    "otsuka2025.lemma12",
    Step(
        "logits", "|x'Wy' - xWy| ≤ |x'W(y'-y)| + |(x'-x)Wy| ≤ 2αe, so the exponent is 2·2αe", "algebra", "all α, e",
        lambda: identical(2 * (alpha * e + e * alpha), 4 * alpha * e), lambda: identical(2 * (alpha * e + e * alpha), 2 * alpha * e),
    ),
    composed("one head", "α(e^{4αe} - 1) from the weights, e from the tokens", "triangle inequality", "otsuka2025.lemma8", "logits"),
    composed("conclusion", "H heads; √d₁ ≥ 1 only weakens the bound", "triangle inequality", "one head"),
    module=__name__,
)  # fmt: skip

derive(
    "companion.W3_repaired",
    Step(
        "one entry", "‖M e_j‖² - M_ij² is a sum of squares: rest² ≥ 0", "algebra", "all reals",
        lambda: nonnegative(sympy.expand((x**2 + s**2) - x**2), {s: (-sympy.oo, sympy.oo)}), lambda: nonnegative(sympy.expand(s**2 - 1), {s: (-sympy.oo, sympy.oo)}),
    ),
    composed("conclusion", "|λ_k| is an entry of M, and |M_ij| ≤ ‖M e_j‖ ≤ ‖M‖; in the sup norm a row sum is at least each of its entries", "definition", "one entry"),
    module=__name__,
)  # fmt: skip
