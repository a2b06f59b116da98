"""The mixing constants κ of the laws: by how much one sample grows the covered fraction of [-1, 1]."""

from fractions import Fraction

import sympy

from theory.derivation import Step, composed, derive
from theory.positivity import identical, nonnegative
from theory.subset_sum import normal, product
from theory.verdict import Verdict, decide_at_most

v, p, s, x, k = sympy.symbols("v p s x k", positive=True)
R = sympy.symbols("R", positive=True)


def drift(density: sympy.Expr, ratio: sympy.Expr) -> sympy.Expr:
    """½·density·ratio·|A||Aᶜ| with |A| = 2v and |Aᶜ| = 2(1-v): the mean gain if the density is constant up to the window's reach."""
    return density * ratio * (2 * v) * (2 * (1 - v)) / 2


def product_at_least(value: Fraction) -> Verdict:
    """The computed κ of products is at least `value`."""
    return decide_at_most(sympy.Rational(value.numerator, value.denominator), product().kappa)


def logarithm(numerator: sympy.Expr) -> Verdict:
    """ln(1+x) - `numerator`/(1+x) has a derivative ≥ 0 on x ≥ 0 and vanishes at 0."""
    f = sympy.log(1 + x) - numerator / (1 + x)
    return nonnegative(sympy.together(sympy.expand(f.diff(x))), {x: (0, sympy.oo)}) & identical(numerator.subs(x, 0), 0)


def telescope(factor: int) -> Verdict:
    """1/(2k³) ≥ 1/(`factor`k²) - 1/(`factor`(k+1)²) for k ≥ 1."""
    return nonnegative(sympy.together(1 / (2 * k**3) - 1 / (factor * k**2) + 1 / (factor * (k + 1) ** 2)), {k: (1, sympy.oo)})


derive(
    "companion.kappa_uniform",
    Step(
        "first drift",
        "R = 1: ½·½·½|A||Aᶜ| = ½ v(1-v)",
        "algebra",
        "all v",
        lambda: identical(drift(sympy.Rational(1, 2), sympy.Rational(1, 2)), v * (1 - v) / 2),
        lambda: identical(drift(sympy.Rational(1, 2), sympy.Rational(1, 2)), v * (1 - v)),
    ),
    Step(
        "drift",
        "density R/2 on [-1/R, 1/R]: ½·(R/2)·φ(1/R)·|A||Aᶜ| = v(1-v)/(2R)",
        "algebra",
        "all v, R > 0",
        lambda: identical(drift(R / 2, 1 / (2 * R**2)), v * (1 - v) / (2 * R)),
        lambda: identical(drift(R / 2, 1 / (2 * R**2)), v * (1 - v) / 2),
    ),
    composed("mean gain", "E v' - v = ½ ∫_{Aᶜ} P(z-X ∈ A) dz", "Fubini", "first drift", "drift"),
    composed("conclusion", "κ = 1/(2R)", "substitution", "companion.cut", "companion.window", "mean gain"),
    module=__name__,
)

derive(
    "companion.kappa_mixture",
    Step(
        "mixture",
        "p(v + ½v(1-v)) + (1-p)v = v + (p/2)v(1-v)",
        "algebra",
        "all p, v",
        lambda: identical(p * (v + v * (1 - v) / 2) + (1 - p) * v, v + p / 2 * v * (1 - v)),
        lambda: identical(p * (v + v * (1 - v) / 2) + (1 - p) * v, v + p * v * (1 - v)),
    ),
    composed("other part", "v' ≥ v whatever the sample, as the covered set only grows", "measure", "mixture"),
    composed("conclusion", "κ = p/2", "conditioning", "companion.kappa_uniform", "other part"),
    module=__name__,
)

derive(
    "companion.kappa_normal",
    Step(
        "decreasing",
        "(e^{-x²/2})' = -x·e^{-x²/2} ≤ 0: on [-1, 1] the density is at least its value at 1",
        "algebra",
        "all x",
        lambda: identical(sympy.simplify(sympy.diff(sympy.exp(-(x**2) / 2), x) / sympy.exp(-(x**2) / 2)), -x),
        lambda: identical(sympy.simplify(sympy.diff(sympy.exp(-(x**2) / 2), x) / sympy.exp(-(x**2) / 2)), x),
    ),
    Step(
        "value",
        "0.2419 ≤ e^{-1/2}/√(2π) ≤ 1/2",
        "balls",
        "one number",
        lambda: decide_at_most(sympy.Rational(2419, 10_000), normal().kappa) & decide_at_most(normal().kappa, sympy.Rational(1, 2)),
        lambda: decide_at_most(sympy.Rational(2420, 10_000), normal().kappa),
    ),
    composed(
        "part", "the law has the uniform law on [-1, 1] as a part of weight p = 2e^{-1/2}/√(2π) ≤ 1", "monotonicity", "decreasing", "value"
    ),
    composed("conclusion", "κ = p/2", "substitution", "companion.kappa_mixture", "part"),
    module=__name__,
)

derive(
    "companion.kappa_product",
    composed("conditioning", "given u = s the sample is uniform on [-s, s]", "conditioning"),
    Step(
        "drift",
        "given u = s: ½·(1/(2s))·φ(s)·|A||Aᶜ| = (φ(s)/s) v(1-v)",
        "algebra",
        "all v, s > 0, any value φ(s) = x",
        lambda: identical(drift(1 / (2 * s), x), x / s * v * (1 - v)),
        lambda: identical(drift(1 / (2 * s), x), x * v * (1 - v)),
    ),
    composed("integral", "κ = ∫₀¹ φ(s)/s ds", "tower", "conditioning", "drift", "companion.window"),
    composed("lower sum", "φ does not decrease, so on [a, b] the integral is at least φ(a) ln(b/a)", "monotonicity", "integral"),
    Step("logarithm", "ln(1+x) ≥ x/(1+x)", "algebra", "all x ≥ 0", lambda: logarithm(x), lambda: logarithm(2 * x)),
    Step("telescope", "1/(2k³) ≥ 1/(4k²) - 1/(4(k+1)²)", "algebra", "all k ≥ 1", lambda: telescope(4), lambda: telescope(1)),
    composed(
        "rest", "∫ φ(s)/s over s < 1/M is at least Σ_{m≥M} 1/(2(m+1)³) ≥ 1/(4(M+1)²)", "induction", "lower sum", "logarithm", "telescope"
    ),
    Step(
        "value",
        "the sum of logarithms over p/q, q ≤ 6, and 1/m, m ≤ 40, and the rest is at least 0.2126",
        "balls",
        "one number",
        lambda: product_at_least(Fraction(2126, 10_000)),
        lambda: product_at_least(Fraction(2127, 10_000)),
    ),
    composed(
        "conclusion",
        "κ ≥ 0.2126; half of it if u has the right sign with probability ½",
        "substitution",
        "rest",
        "value",
        "companion.kappa_mixture",
    ),
    module=__name__,
)
