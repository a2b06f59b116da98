"""A3 as it is proved without weights: the constant 23, kept beside the better one."""

import sympy

from theory.derivation import Step, composed, derive
from theory.derivations.overlaps import EIGHTH_POWERS, EVEN_OVERLAPS, INVERSE_MOMENTS, OVERLAPS, ROOM
from theory.derivations.vectors import determinant
from theory.linear import implies
from theory.positivity import identical, nonnegative
from theory.verdict import Verdict, decide_at_most

a, b, c, d, k, v, u = sympy.symbols("a b c d k v u", positive=True)
eps = sympy.symbols("epsilon", positive=True)
RATIONAL = sympy.Rational


def at_least_product(factor: int) -> Verdict:
    """c(a+b) + ab - `factor`·ab ≥ 0: for `factor` = 1 a sum of products of positive numbers, each a square of a variable."""
    squares = {a: a**2, b: b**2, c: c**2}
    rest = sympy.expand((c * (a + b) + a * b - factor * a * b).subs(squares, simultaneous=True))
    coefficients = sympy.Poly(rest, a, b, c).coeffs()
    return Verdict.PROVED if all(value >= 0 for value in coefficients) else Verdict.REFUTED


def tilted(degrees: sympy.Expr) -> Verdict:
    """The density of χ²_k times v^{-d/2} is that of χ²_m, m = `degrees`, up to a constant: the logarithmic derivatives agree."""
    first, second = ((n / 2 - 1) * sympy.log(v) - v / 2 for n in (k, degrees))
    return identical(sympy.diff(first - d / 2 * sympy.log(v), v), sympy.diff(second, v))


def unweighted_shift(bound: sympy.Expr) -> Verdict:
    """(1 + εu)²/(3/4 - 2t) ≤ `bound` for u = √(d/k) ≤ 1/2, ε ≤ 1/4, t = 1/k ≤ 1/40, as k - d - 2 ≥ 3k/4 - 2."""
    t = sympy.symbols("t")
    ranges = {eps: (0, RATIONAL(1, 4)), u: (0, RATIONAL(1, 2)), t: (0, RATIONAL(1, 40))}
    return nonnegative(bound * (RATIONAL(3, 4) - 2 * t) - (1 + eps * u) ** 2, ranges)


def half_room(parts: int) -> Verdict:
    """k - 2t - d ≥ k/`parts` for 2t ≤ k/2, 4d ≤ k."""
    t = sympy.symbols("t")
    return implies([k / 2 - 2 * t, k - 4 * d, d, t], k - 2 * t - d - k / parts)


def exponents(last: sympy.Expr) -> Verdict:
    """In units of d/k: an even j has 4j ≤ 5j, an odd one 4(j-1) + `last` ≤ 5j."""
    j = sympy.symbols("j")
    return implies([j], 5 * j - 4 * j) & implies([j - 1], 5 * j - 4 * (j - 1) - last)


def growth(bound: sympy.Expr) -> Verdict:
    """(1/(8y))(e^{5y} - 1) at y = 1/4 is at most `bound`."""
    return decide_at_most((sympy.exp(RATIONAL(5, 4)) - 1) / 2, bound)


def hypothesis(share: sympy.Expr, half: sympy.Expr) -> Verdict:
    """-(k/2) ln(2d) + (k/2)(ln(4d) - `share`) = (k/2)(ln 2 - `share`) ≤ 0, and 1.81/2 ≤ `half`."""
    difference = -k / 2 * sympy.log(2 * d) + k / 2 * (sympy.log(4 * d) - share)
    negative = identical(difference, k / 2 * (sympy.log(2) - share)) & decide_at_most(sympy.log(2), share)
    return negative & decide_at_most(RATIONAL(181, 200), half)


def total(bound: int) -> Verdict:
    """e^{1.81 + 1.25} + 1 ≤ `bound`."""
    return decide_at_most(sympy.exp(RATIONAL(306, 100)) + 1, sympy.Integer(bound))


derive(
    "companion.A3_unweighted",
    Step(
        "determinant",
        "given the scales two sums have covariance (c+a, c; c, c+b) in each coordinate, of determinant ab + c(a+b)",
        "algebra",
        "all a, b, c > 0",
        lambda: determinant(1),
        lambda: determinant(-1),
    ),
    Step("at least", "ab + c(a+b) ≥ ab", "algebra", "all a, b, c ≥ 0", lambda: at_least_product(1), lambda: at_least_product(2)),
    composed(
        "pairs",
        "P(S and S' hit) ≤ (2ε)^{2d}(2π)^{-d} E(ab)^{-d/2} = (2ε)^{2d}(2π)^{-d} g(k-j)², a and b independent of law χ²_{k-j}",
        "conditioning",
        "determinant",
        "at least",
    ),
    Step(
        "tilt",
        "the density of χ²_k times v^{-d/2}/g(k) is that of χ²_{k-d}",
        "algebra",
        "all k > d",
        lambda: tilted(k - d),
        lambda: tilted(k + d),
    ),
    INVERSE_MOMENTS,
    composed(
        "first moment",
        "P(S hits) ≥ (2ε)^d(2π)^{-d/2} g(k) E e^{-w/(2V)}, V of law χ²_{k-d}; E 1/V = 1/(k-d-2), so ≥ (2ε)^d(2π)^{-d/2} g(k) e^{-w/(2(k-d-2))}, "
        "w = Σ(|z_c|+ε)² ≤ (√k + ε√d)²",
        "convexity",
        "tilt",
        "inverse moments",
    ),
    Step(
        "shift",
        "w/(k-d-2) ≤ 1.81",
        "algebra",
        "0 ≤ ε ≤ 1/4, k ≥ max(40, 4d)",
        lambda: unweighted_shift(RATIONAL(181, 100)),
        lambda: unweighted_shift(RATIONAL(9, 5)),
    ),
    Step("room of even", "k - 2t - d ≥ k/4", "linear", "2t ≤ k/2, 4d ≤ k", lambda: half_room(4), lambda: half_room(3)),
    ROOM,
    EVEN_OVERLAPS,
    composed(
        "between",
        "L_j² ≤ L_{j-1}L_{j+1}: L_j is a constant times ∫ x^{(k-j-d)/2-1}(1-x)^{d/2-1} dx",
        "Cauchy-Schwarz",
        "inverse moments",
    ),
    Step(
        "exponents",
        "4j ≤ 5j, and 4(j-1) + 40/9 ≤ 5j for j ≥ 1",
        "linear",
        "all j ≥ 0",
        lambda: exponents(RATIONAL(40, 9)),
        lambda: exponents(sympy.Integer(6)),
    ),
    *OVERLAPS,
    composed(
        "ratios",
        "(g(k-j)/g(k))² = L_j² ≤ e^{5jd/k} for j ≤ k/2: j/2 factors of at most 1 + 4d/k, one of them 1 + (40/9)d/k for odd j",
        "cases",
        "even overlaps",
        "between",
        "room of even",
        "room",
        "exponents",
        "logarithm",
    ),
    Step(
        "growth",
        "E e^{5dI/k} ≤ exp((k/(8d))(e^{5d/k} - 1)), largest at d/k = 1/4: (1/2)(e^{5/4} - 1) ≤ 1.25",
        "balls",
        "one number; (eˣ-1)/x grows",
        lambda: growth(RATIONAL(125, 100)),
        lambda: growth(RATIONAL(124, 100)),
    ),
    composed(
        "near sum",
        "Σ_{j≤k/2} P(I = j) P(S and S' hit)/P(S hits)² ≤ e^{1.81} E e^{5dI/k} ≤ e^{3.06}",
        "tower",
        "pairs",
        "first moment",
        "shift",
        "ratios",
        "generating function",
        "growth",
    ),
    EIGHTH_POWERS,
    Step(
        "hypothesis",
        "(2d)^{-k/2} ≤ (4d/e)^{-k/2}, and 1.81/2 ≤ 0.91",
        "balls",
        "all d, k",
        lambda: hypothesis(sympy.Integer(1), RATIONAL(91, 100)),
        lambda: hypothesis(RATIONAL(1, 2), RATIONAL(91, 100)),
    ),
    composed("inverse mean", "g(k) ≥ k^{-d/2}", "convexity", "tilt"),
    composed(
        "far",
        "beyond k/2 they add at most P(I > k/2)/P(S hits) ≤ (4d/e)^{-k/2}(√(2πk)/(2ε))^d e^{0.91} ≤ 1",
        "transitivity",
        "half powers",
        "hypothesis",
        "inverse mean",
        "first moment",
        "factorial moments",
    ),
    Step("total", "e^{3.06} + 1 ≤ 23", "balls", "one number", lambda: total(23), lambda: total(22)),
    composed("conclusion", "P(some S hits) ≥ 1/23", "second moment", "near sum", "far", "total"),
    module=__name__,
)
