"""Statements of kumar2025 and otsuka2025, and what is true beside warning W3."""

from fractions import Fraction

import sympy

from theory.derivation import Step, composed, derive, every
from theory.linear import implies
from theory.positivity import identical, nonnegative
from theory.ranges import positive_on
from theory.verdict import Verdict, decide_at_most

a, b, d, e, w, x, y, s, t, L = sympy.symbols("a b d e w x y s t L", positive=True)
alpha, H, eps, k, n, D, p, delta = sympy.symbols("alpha H epsilon k n D p delta", positive=True)
up, down = sympy.symbols("m_p m_m", real=True)
ONE = sympy.Integer(1)


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
        "convolution",
        "the least probability of |m| ≤ K²/2, times their number, is at least 0.27",
        "enumeration",
        "K = 4, 8, ..., 128",
        lambda: uniform_part(Fraction(27, 100)),
        lambda: uniform_part(Fraction(28, 100)),
    ),
    composed("conclusion", "a mixture with the uniform law", "definition", "convolution"),
    module=__name__,
)

derive(
    "kumar2025.theorem3",
    composed("count", "p·(2/δ + 1)^{d²} ≤ E #{maps represented} ≤ 2^Θ", "counting"),
    Step(
        "logarithm",
        "log₂(p·g^{d²}) = d² log₂ g + log₂ p, g = 2/δ + 1",
        "algebra",
        "all p, g, d",
        lambda: identical(sympy.log(p * a ** (d**2)), d**2 * sympy.log(a) + sympy.log(p)),
        lambda: identical(sympy.log(p * a ** (d**2)), d * sympy.log(a) + sympy.log(p)),
    ),
    composed("conclusion", "the lower bound", "monotonicity", "count", "logarithm"),
    module=__name__,
)


def lemma7_size(events: int) -> Verdict:
    """ln(`events`·d₁d₂·(8/τ²)cⁿ) = ln δ at n = [2 ln(1/τ) + ln(8 d₁d₂/δ)]/-ln c; d₁d₂ as one symbol."""
    c = sympy.symbols("c", positive=True)
    size = (2 * sympy.log(1 / t) + sympy.log(8 * D / delta)) / -sympy.log(c)
    return identical(sympy.log(events * D * 8 / t**2) + size * sympy.log(c), sympy.log(delta))


derive(
    "otsuka2025.lemma7",
    composed(
        "block mask",
        "entry (i, j) is a subset sum of n/d₁ products; given |u|, u·v is uniform on [-|u|, |u|], so no sign is lost",
        "conditioning",
    ),
    Step(
        "size",
        "d₁d₂ events of failure probability (8/τ²)(1-κ/2)ⁿ",
        "algebra",
        "all parameters",
        lambda: lemma7_size(1),
        lambda: lemma7_size(2),
    ),
    composed("conclusion", "all entries at once", "union bound", "companion.A1'", "companion.kappa_product", "block mask", "size"),
    module=__name__,
)

derive(
    "otsuka2025.lemma8",
    Step(
        "ratio",
        "logits moved by at most e change a weight by a factor between e^{-2e} and e^{2e}: the numerator by e, the denominator by e",
        "linear",
        "all |x|, |y| ≤ e",
        lambda: implies([e - x, e + x, e - y, e + y], 2 * e - (x - y)),
        lambda: implies([e - x, e + x, e - y, e + y], e - (x - y)),
    ),
    composed("weights", "Σ|p'_k - p_k| ≤ Σ p_k(e^{2e} - 1) = e^{2e} - 1, and tokens have norm ≤ α", "triangle inequality", "ratio"),
    Step(
        "convex",
        "(e^{2e})'' > 0",
        "balls",
        "0 ≤ e ≤ ½",
        lambda: positive_on(sympy.diff(sympy.exp(2 * e), e, 2), {e: (0, "1/2")}),
        lambda: positive_on(-sympy.diff(sympy.exp(2 * e), e, 2), {e: (0, "1/2")}),
    ),
    Step(
        "end",
        "e^{2e} - 1 ≤ 4e at e = ½: exp(1) - 1 ≤ 2",
        "balls",
        "one number",
        lambda: decide_at_most(sympy.exp(1) - 1, sympy.Integer(2)),
        lambda: decide_at_most(sympy.exp(1) - 1, sympy.Rational(17, 10)),
    ),
    composed("chord", "e^{2e} - 1 ≤ 4e on [0, ½]", "convexity", "convex", "end"),
    composed("conclusion", "both bounds", "transitivity", "weights", "chord"),
    module=__name__,
)


def heads(power: sympy.Expr) -> Verdict:
    """4α√d·(α²d·τ) = ε/(2H) at τ = ε/(8Hα³d^`power`), and d√d₂α·τ' = ε/(2H) at τ' = ε/(2Hαd√d₂)."""
    d2 = sympy.symbols("d2", positive=True)
    root = sympy.symbols("r", positive=True)  # √d₁
    logits = 4 * alpha * root * alpha**2 * root**2 * eps / (8 * H * alpha**3 * root ** (2 * power))
    values = root**2 * d2 * alpha * eps / (2 * H * alpha * root**2 * d2)
    return identical(logits, eps / (2 * H)) & identical(values, eps / (2 * H))


derive(
    "otsuka2025.theorem3",
    Step(
        "constants",
        "both parts contribute ε/(2H) per head",
        "algebra",
        "all parameters",
        lambda: heads(sympy.Rational(3, 2)),
        lambda: heads(ONE),
    ),
    composed("logits", "an entrywise error τ in W_QK moves logits by at most α²d₁τ", "Cauchy-Schwarz", "otsuka2025.lemma7", "constants"),
    composed("attention", "Lemma 8, with or without the factor √d₁", "substitution", "otsuka2025.lemma8", "logits"),
    composed("conclusion", "H heads, ε in all", "triangle inequality", "attention"),
    module=__name__,
)

derive(
    "otsuka2025.lemma12",
    Step(
        "logits",
        "|x'Wy' - xWy| ≤ |x'W(y'-y)| + |(x'-x)Wy| ≤ 2αe, so the exponent is 2·2αe",
        "algebra",
        "all α, e",
        lambda: identical(2 * (alpha * e + e * alpha), 4 * alpha * e),
        lambda: identical(2 * (alpha * e + e * alpha), 2 * alpha * e),
    ),
    composed("one head", "α(e^{4αe} - 1) from the weights, e from the tokens", "triangle inequality", "otsuka2025.lemma8", "logits"),
    composed("conclusion", "H heads; √d₁ ≥ 1 only weakens the bound", "triangle inequality", "one head"),
    module=__name__,
)

derive(
    "companion.W3_repaired",
    Step(
        "one entry",
        "‖M e_j‖² - M_ij² is a sum of squares: rest² ≥ 0",
        "algebra",
        "all reals",
        lambda: nonnegative(sympy.expand((x**2 + s**2) - x**2), {s: (-sympy.oo, sympy.oo)}),
        lambda: nonnegative(sympy.expand(s**2 - 1), {s: (-sympy.oo, sympy.oo)}),
    ),
    composed(
        "conclusion",
        "|λ_k| is an entry of M, and |M_ij| ≤ ‖M e_j‖ ≤ ‖M‖; in the sup norm a row sum is at least each of its entries",
        "definition",
        "one entry",
    ),
    module=__name__,
)
