"""The mixing constants κ of the laws: by how much one sample grows the covered fraction of [-1, 1]."""

import sympy

from theory.derivation import Step, composed, derive, every
from theory.positivity import identical
from theory.subset_sum import normal, product
from theory.verdict import Verdict, decide_at_most

v, p, s, x = sympy.symbols("v p s x", positive=True)
R = sympy.symbols("R", positive=True)


def drift(density: sympy.Expr, ratio: sympy.Expr) -> sympy.Expr:
    """½·density·ratio·|A||Aᶜ| with |A| = 2v and |Aᶜ| = 2(1-v): the mean gain if the density is constant up to the window's reach."""
    return density * ratio * (2 * v) * (2 * (1 - v)) / 2


def share_of_window(moment: sympy.Expr) -> Verdict:
    """For s ≤ 1, drift at density 1/(2s) and φ(s) = s²/2 is E|U|·v(1-v), U uniform on [-s, s], and E|U| = `moment`."""
    mean = sympy.integrate(x / s, (x, 0, s))
    return identical(drift(1 / (2 * s), s**2 / 2), mean * v * (1 - v)) & identical(mean, moment)


def beyond_window(moment: sympy.Expr) -> Verdict:
    """For s ≥ 1, drift at density 1/(2s) and φ(1) = 1/2 is E[|U|; |U| ≤ 1]·v(1-v), which is `moment`·v(1-v)."""
    mean = sympy.integrate(x / s, (x, 0, 1))
    return identical(drift(1 / (2 * s), sympy.Rational(1, 2)), mean * v * (1 - v)) & identical(mean, moment)


def normal_primitive(sign: int) -> Verdict:
    """(-e^{-x²/2})' = `sign`·x·e^{-x²/2}."""
    return identical(sympy.simplify(sympy.diff(-sympy.exp(-(x**2) / 2), x) / sympy.exp(-(x**2) / 2)), sign * x)


def product_primitive(value: sympy.Expr) -> Verdict:
    """(x²/4 - (x²/2) ln x)' = x ln(1/x), which is 0 at 0, and at 1 it is `value`: E|uv| = 2∫₀¹ x·½ln(1/x) dx."""
    integral = x**2 / 4 - x**2 / 2 * sympy.log(x)
    return identical(sympy.diff(integral, x), -x * sympy.log(x)) & identical(integral.subs(x, 1), value)


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
    "companion.kappa_symmetric",
    composed("layers", "a density that falls with |x| is a mixture of uniform laws on [-s, s]: the layers under its graph", "Fubini"),
    Step(
        "inside",
        "uniform on [-s, s], s ≤ 1: ½·(1/(2s))·(s²/2)·|A||Aᶜ| = (s/2) v(1-v) = E|U| v(1-v)",
        "algebra",
        "all v, 0 < s ≤ 1",
        lambda: share_of_window(s / 2),
        lambda: share_of_window(s),
    ),
    Step(
        "beyond",
        "uniform on [-s, s], s ≥ 1: ½·(1/(2s))·½·|A||Aᶜ| = v(1-v)/(2s) = E[|U|; |U| ≤ 1] v(1-v)",
        "algebra",
        "all v, s ≥ 1",
        lambda: beyond_window(1 / (2 * s)),
        lambda: beyond_window(1 / s),
    ),
    composed("gain", "given the layer, the mean gain is at least E[|U|; |U| ≤ 1] v(1-v)", "cases", "companion.window", "inside", "beyond"),
    composed("conclusion", "κ = E[|X|; |X| ≤ 1]", "tower", "layers", "gain"),
    module=__name__,
)

derive(
    "companion.kappa_normal",
    Step(
        "primitive",
        "(-e^{-x²/2})' = x e^{-x²/2}",
        "algebra",
        "all x",
        lambda: normal_primitive(1),
        lambda: normal_primitive(-1),
    ),
    composed("moment", "E[|X|; |X| ≤ 1] = 2∫₀¹ x e^{-x²/2} dx/√(2π) = √(2/π)(1 - e^{-1/2})", "definition", "primitive"),
    Step(
        "value",
        "0.3139 ≤ √(2/π)(1 - e^{-1/2}) ≤ 1/2",
        "balls",
        "one number",
        lambda: decide_at_most(sympy.Rational(3139, 10_000), normal().kappa) & decide_at_most(normal().kappa, sympy.Rational(1, 2)),
        lambda: decide_at_most(sympy.Rational(3140, 10_000), normal().kappa),
    ),
    composed(
        "conclusion", "κ = E[|X|; |X| ≤ 1]; the density falls with |x|", "substitution", "companion.kappa_symmetric", "moment", "value"
    ),
    module=__name__,
)

derive(
    "companion.kappa_product",
    composed("density", "given u = s the sample is uniform on [-s, s]: a mixture of such laws, of density ½ ln(1/|x|)", "conditioning"),
    Step(
        "moment",
        "E|uv| = ∫₀¹ x ln(1/x) dx = 1/4",
        "algebra",
        "0 < x ≤ 1",
        lambda: product_primitive(sympy.Rational(1, 4)),
        lambda: product_primitive(sympy.Rational(1, 2)),
    ),
    Step(
        "value",
        "the program's κ is 1/(4R): E[|X|/R; |X| ≤ 1] for targets in [-R, R]",
        "enumeration",
        "R = 1, ..., 50",
        lambda: every(range(1, 51), lambda r: 4 * r * product(r).kappa == 1),
        lambda: every(range(1, 51), lambda r: 2 * r * product(r).kappa == 1),
    ),
    composed("usable", "with u of the right sign with probability ½, half of it", "conditioning", "companion.kappa_mixture"),
    composed("conclusion", "κ = 1/4", "substitution", "companion.kappa_symmetric", "density", "moment", "value", "usable"),
    module=__name__,
)
