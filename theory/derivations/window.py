"""The window lemma: t ↦ M(t)/t² does not increase, M(t) the measure of the cut pairs within t, because cuts are subadditive in the shift."""

from fractions import Fraction
from itertools import product

import sympy

from theory.derivation import Step, composed, derive, every
from theory.linear import implies
from theory.positivity import identical
from theory.subset_sum import window_ratio
from theory.verdict import Verdict

x, u, t, c, M = sympy.symbols("x u t c M", positive=True)


def triangle(both: int) -> Verdict:
    """1[a ≠ c] ≤ 1[a ≠ b] + `both`·1[b ≠ c] in all 8 colourings."""
    return every(product((0, 1), repeat=3), lambda k: (k[0] != k[2]) <= (k[0] != k[1]) + both * (k[1] != k[2]))


def ranges(length: int) -> Verdict:
    """For -1 ≤ x ≤ 1-t, 0 ≤ u ≤ t: x is a start for the shift u, that is -1 ≤ x ≤ `length`-u, and x+u one for the shift t-u."""
    given = [x + 1, 1 - t - x, u, t - u]
    verdict = Verdict.PROVED
    for start, shift in ((x, u), (x + u, t - u)):
        verdict &= implies(given, start + 1) & implies(given, length - shift - start)
    return verdict


def quotient(power: int) -> Verdict:
    """(M/t²)' = c/t² - 2M/t³ = (tc - 2M)/t^`power` for M' = c."""
    return identical(c * t**-2 - 2 * M * t**-3, (t * c - 2 * M) / t**power)


def half_interval(share: int) -> Verdict:
    """A = [-1, 0]: μ = ∫₀ˢ (s - y) dy = s²/`share`, and |A||Aᶜ| = 1."""
    s, y = sympy.symbols("s y", positive=True)
    return identical(sympy.integrate(s - y, (y, 0, s)), s**2 / share)


def used_values(factor: int) -> Verdict:
    """`theory.subset_sum.window_ratio` returns s²/2."""
    return every((Fraction(p, q) for q in range(1, 30) for p in range(1, q + 1)), lambda s: factor * window_ratio(s) == s**2)


derive(
    "companion.window",
    Step("triangle", "if x and x+t differ in colour, so do x and x+u, or x+u and x+t", "enumeration", "all 8 colourings",
         lambda: triangle(1), lambda: triangle(0)),
    Step("ranges", "with x and x+t in [-1, 1], x+u lies there too", "linear", "-1 ≤ x ≤ 1-t, 0 ≤ u ≤ t",
         lambda: ranges(1), lambda: ranges(0)),
    composed("subadditive", "c(t) = |{x: x, x+t ∈ [-1, 1], different colours}| has c(t) ≤ c(u) + c(t-u)", "measure", "triangle", "ranges"),
    composed("mean", "over u ∈ [0, t]: t·c(t) ≤ 2M(t), M(t) = ∫₀ᵗ c = μ{cut pairs within t}", "Fubini", "subadditive"),
    Step("quotient", "(M/t²)' = (t·c - 2M)/t³", "algebra", "all t > 0", lambda: quotient(3), lambda: quotient(2)),
    composed("falling", "M(t)/t² does not increase, so M(s) ≥ s² M(1) for s ≤ 1", "monotonicity", "mean", "quotient"),
    composed("lower bound", "M(1) ≥ |A||Aᶜ|/2, so φ(s) ≥ s²/2", "transitivity", "companion.cut", "falling"),
    Step("half-interval", "the half-interval has the ratio s²/2", "algebra", "0 < s ≤ 1", lambda: half_interval(2), lambda: half_interval(3)),
    Step("values", "the program uses these values", "enumeration", "s = p/q, q < 30", lambda: used_values(2), lambda: used_values(3)),
    composed("conclusion", "the window lemma", "cases", "lower bound", "half-interval", "values"),
    module=__name__,
)  # fmt: skip
