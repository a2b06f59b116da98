"""The weighted second moment of k-subsets of normally scaled normal vectors, and what is needed at least.

The count of good k-subsets S is weighted by V_S^{d/2}, V_S the sum of the squared scales: then no ratio of Gamma functions is left in the
second moment, only the correlation of two sums.
"""

from typing import Any

import sympy

from theory.derivation import Step, composed, derive
from theory.positivity import identical
from theory.ranges import positive_on
from theory.verdict import Verdict, decide_at_most

a, b, c, s, t, x, y, v, w = sympy.symbols("a b c s t x y v w", positive=True)
d, k, m, r, alpha, beta, eps = sympy.symbols("d k m r alpha beta epsilon", positive=True)


def determinant(sign: int) -> Verdict:
    """(c+a)(c+b) - c² = ab + c(a+b) = (c+a)(c+b)(1 - `sign`·xy), x = c/(c+a), y = c/(c+b)."""
    det: Any = sympy.Matrix([[c + a, c], [c, c + b]]).det()
    correlated = (c + a) * (c + b) * (1 - sign * (c / (c + a)) * (c / (c + b)))
    return identical(det, a * b + c * (a + b)) & identical(det, correlated)


def density(middle: int) -> Verdict:
    """The quadratic form of the inverse covariance, times the determinant, is `middle`·c(x-y)² + b x² + a y²: a sum of squares."""
    covariance = sympy.Matrix([[c + a, c], [c, c + b]])
    point: Any = sympy.Matrix([x, y])
    form = (point.T * covariance.adjugate() * point)[0, 0]
    return identical(form, middle * c * (x - y) ** 2 + b * x**2 + a * y**2)


def halved_square(factor: int) -> Verdict:
    """(s² + t²)/2 - `factor`·st = (s - t)²/2."""
    return identical((s**2 + t**2) / 2 - factor * s * t, (s - t) ** 2 / 2)


def series(shift: int) -> Verdict:
    """f = Σ (α)_r/r! tʳ solves (1-t)f' = αf as (1-t)^{-α} does: (r+1)c_{r+1} - r c_r = α c_r for c_{r+1} = c_r(α+r)/(r+`shift`)."""
    following = (alpha + r) / (r + shift)
    solution = identical((1 - t) * sympy.diff(-alpha * sympy.log(1 - t), t), alpha)
    return solution & identical((r + 1) * following - r, alpha)


def beta_moments(denominator: sympy.Expr) -> Verdict:
    """x(1-x)·(ln x^{α+s}(1-x)^β)' = (α+s) - `denominator`·x: integrated, E X^{s+1} = E X^s (α+s)/`denominator`."""
    logarithm = (alpha + s) * sympy.log(x) + beta * sympy.log(1 - x)
    return identical(x * (1 - x) * sympy.diff(logarithm, x), (alpha + s) - denominator * x)


def chi_square_moments(factor: sympy.Expr) -> Verdict:
    """2v·(ln v^{m/2+s}e^{-v/2})' = `factor` - v: integrated, E V^{s+1} = `factor`·E V^s for V of law χ²_m, if m/2 + s > 0."""
    return identical(2 * v * sympy.diff((m / 2 + s) * sympy.log(v) - v / 2, v), factor - v)


def volumes(constant: sympy.Expr) -> Verdict:
    """(2ε)^d(2π)^{-d/2} over ((2ε)^d(2π)^{-d/2})² is (`constant`/ε²)^{d/2}, in logarithms."""
    one = d * sympy.log(2 * eps) - d / 2 * sympy.log(2 * sympy.pi)
    return identical(one - 2 * one, d / 2 * sympy.log(constant / eps**2))


derive(
    "companion.vector_hitting",
    Step(
        "determinant",
        "given the scales two sums have covariance (c+a, c; c, c+b) in each coordinate: its determinant is (c+a)(c+b)(1 - xy)",
        "algebra",
        "all a, b, c > 0",
        lambda: determinant(1),
        lambda: determinant(-1),
    ),
    Step(
        "density",
        "their density is at most 1/(2π√det): the exponent is minus a sum of squares",
        "algebra",
        "all a, b, c > 0, all x, y",
        lambda: density(1),
        lambda: density(-1),
    ),
    composed(
        "pairs",
        "E(VV')^{d/2}1[S and S' hit] ≤ (2ε)^{2d}(2π)^{-d} E(1 - xy)^{-d/2}: given the scales the d coordinates are independent",
        "conditioning",
        "determinant",
        "density",
    ),
    Step("halved square", "st ≤ (s² + t²)/2", "algebra", "all reals", lambda: halved_square(1), lambda: halved_square(-1)),
    Step(
        "series",
        "(1-t)^{-α} = Σ (α)_r/r! tʳ",
        "algebra",
        "0 ≤ t < 1, α > 0, all r",
        lambda: series(1),
        lambda: series(2),
    ),
    Step(
        "beta moments",
        "X = χ²_j/(χ²_j + χ²_{k-j}) has the density x^{j/2-1}(1-x)^{(k-j)/2-1}, so E X^{s+1} = E X^s (j+2s)/(k+2s)",
        "algebra",
        "all α, β > 0, s ≥ 0",
        lambda: beta_moments(alpha + beta + s),
        lambda: beta_moments(alpha + beta),
    ),
    composed(
        "near",
        "E(1 - xy)^{-d/2} ≤ Σ_r (d/2)_r/r! E X^{2r} = F_j, as xʳyʳ ≤ (x^{2r} + y^{2r})/2 and x, y have X's law; it is finite for j < k - d",
        "tower",
        "pairs",
        "halved square",
        "series",
        "beta moments",
    ),
    Step(
        "chi-square moments",
        "E V^{s+1} = (m+2s) E V^s for χ²_m; at s = -1, E 1/V = 1/(m-2)",
        "algebra",
        "all m > 0, m/2 + s > 0",
        lambda: chi_square_moments(m + 2 * s),
        lambda: chi_square_moments(m + s),
    ),
    composed("box", "Σ(|z_c| + ε)² ≤ (‖z‖₂ + ε√d)²", "triangle inequality"),
    composed(
        "first moment",
        "E V^{d/2}1[S hits] ≥ (2ε)^d(2π)^{-d/2} E e^{-u²/(2V)} ≥ (2ε)^d(2π)^{-d/2} e^{-u²/(2(k-2))}, u = ρ + ε√d (Jensen)",
        "convexity",
        "chi-square moments",
        "box",
    ),
    Step(
        "volumes",
        "(2ε)^d(2π)^{-d/2} over its square is (π/(2ε²))^{d/2}",
        "algebra",
        "all ε, d > 0",
        lambda: volumes(sympy.pi / 2),
        lambda: volumes(sympy.pi),
    ),
    composed(
        "far",
        "E(VV')^{d/2}1[S and S' hit] ≤ E V^d 1[S hits] ≤ (2ε)^d(2π)^{-d/2} E V^{d/2}, whatever the overlap",
        "tower",
        "halved square",
        "volumes",
    ),
    composed("overlaps", "two of all pairs of k-subsets share j indices with the hypergeometric probability P(I = j)", "counting"),
    composed("conclusion", "P(some S hits) ≥ (E Σ)²/E Σ² ≥ 1/Q", "second moment", "near", "far", "first moment", "overlaps"),
    module=__name__,
)


def peak(at: sympy.Expr) -> Verdict:
    """(ln(v^{-1/2}e^{-w²/(2v)}))' = (`at` - v)/(2v²): it rises up to `at` and falls beyond."""
    return identical(sympy.diff(-sympy.log(v) / 2 - w**2 / (2 * v), v), (at - v) / (2 * v**2))


def per_coordinate(constant: sympy.Expr) -> Verdict:
    """2ε·(2πw²)^{-1/2}e^{-1/2} = `constant`·ε/w, squared."""
    return identical((2 * eps) ** 2 / (2 * sympy.pi * w**2 * x), constant * eps**2 / (w**2 * x))


def below_one(factor: sympy.Expr) -> Verdict:
    """`factor`·ε/(1-ε) < 1 for ε ≤ 1/2, so that the bound says something."""
    return positive_on(1 - factor * eps / (1 - eps), {eps: (0, "1/2")})


derive(
    "companion.vector_counting",
    Step(
        "peak",
        "over all variances v the normal density at a distance ≥ w from 0 is largest at v = w²",
        "algebra",
        "all v, w > 0",
        lambda: peak(w**2),
        lambda: peak(w),
    ),
    Step(
        "one coordinate",
        "2ε·(2πe)^{-1/2}/w = ε√(2/(πe))/w, squared; x stands for e",
        "algebra",
        "all ε, w > 0",
        lambda: per_coordinate(2 / sympy.pi),
        lambda: per_coordinate(1 / sympy.pi),
    ),
    composed(
        "one subset",
        "a non-empty sum comes within ε of (1, ..., 1) with probability at most (ε√(2/(πe))/(1-ε))^d; the empty one is 1 > ε away",
        "conditioning",
        "peak",
        "one coordinate",
    ),
    Step(
        "below one",
        "√(2/(πe))·ε/(1-ε) < 1 for ε ≤ 1/2: √(2/(πe)) ≤ 0.49",
        "balls",
        "0 ≤ ε ≤ 1/2",
        lambda: below_one(sympy.Rational(49, 100)) & decide_at_most(sympy.sqrt(2 / (sympy.pi * sympy.E)), sympy.Rational(49, 100)),
        lambda: below_one(sympy.Integer(2)),
    ),
    composed("one target", "1-δ ≤ Σ_S P(S hits) ≤ 2ⁿ(ε√(2/(πe))/(1-ε))^d", "union bound", "one subset", "below one"),
    composed("all targets", "2ⁿ boxes of volume (2ε)^d must cover the volume 2^d", "measure"),
    composed("conclusion", "both bounds", "cases", "one target", "all targets"),
    module=__name__,
)
