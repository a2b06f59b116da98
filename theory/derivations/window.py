"""The window lemma: blocks of length 1/m and a path argument for every m, all colourings for p/q with q ≤ 6."""

from fractions import Fraction

import sympy

from theory.bitslice import less, times, total, variables
from theory.derivation import Step, composed, derive, every
from theory.linear import implies
from theory.positivity import identical, nonnegative
from theory.subset_sum import ENUMERATED_DENOMINATOR, window_ratio
from theory.verdict import Verdict

u, w, h, m, t, alpha, beta = sympy.symbols("u w h m t alpha beta", positive=True)


def neighbours(reach: sympy.Expr) -> Verdict:
    """In the order u, w, u+h, w+h, ... with 0 ≤ u ≤ w ≤ h neighbours are at distance at most `reach`."""
    given = [u, w - u, h - w]
    return implies(given, reach - (w - u)) & implies(given, reach - (u + h - w)) & implies(given, w - u) & implies(given, u + h - w)


def prefix(bound: sympy.Expr) -> Verdict:
    """A prefix of 2t points cuts `bound` - 2(m-t)² of the pairs u_i, w_j, one of 2t+1 points `bound` - 2(t-m)(t-m+1)."""
    even = t * (2 * m - t) + t * (2 * m - t)
    odd = (t + 1) * (2 * m - t) + t * (2 * m - (t + 1))
    return identical(even, bound - 2 * (m - t) ** 2) & identical(odd, bound - 2 * (t - m) * (t - m + 1))


def all_pairs(share: sympy.Expr | int) -> Verdict:
    """a(2m-b) + b(2m-a) ≤ `share`·(2m)² for a = 2mα and b = 2mβ, 0 ≤ α, β ≤ 1."""
    return nonnegative(share - alpha * (1 - beta) - beta * (1 - alpha), {alpha: (0, 1), beta: (0, 1)})


def ratios(constant: sympy.Expr) -> Verdict:
    """One change: ≥ 1 of ≤ 2m²; two and more: ≥ 2 of ≤ 4m²: both at least 1/(`constant`·m²)."""
    return nonnegative((1 / (2 * m**2) - 1 / (constant * m**2)) * m**2, {}) & nonnegative(
        (2 / (4 * m**2) - 1 / (constant * m**2)) * m**2, {}
    )


def enumerated(p: int, q: int, excess: int) -> bool:
    """In every 2-colouring of the path of 4q points, (p² + `excess`)·#(cut pairs) ≤ 2q²·#(cut pairs at odd distance ≤ 2p-1).

    Pairs u_i, w_j are those at odd distance; by symmetry the last point keeps its colour.
    """
    points = 4 * q
    colours = [*variables(points - 1), 0]
    close = total(colours[i] ^ colours[i + d] for d in range(1, 2 * p, 2) for i in range(points - d))
    everything = total(colours[i] ^ colours[i + d] for d in range(1, points, 2) for i in range(points - d))
    return not less(times(close, 2 * q * q), times(everything, p * p + excess))


def enumeration(excess: int) -> Verdict:
    """All p ≤ q ≤ 6 in lowest terms; others repeat these."""
    reduced = [(p, q) for q in range(1, ENUMERATED_DENOMINATOR + 1) for p in range(1, q + 1) if Fraction(p, q).denominator == q]
    return every(reduced, lambda pair: enumerated(*pair, excess))


def half_interval(share: int) -> Verdict:
    """A = [-1, 0]: μ = ∫₀ˢ (s - x) dx = s²/`share`, and |A||Aᶜ| = 1."""
    s, x = sympy.symbols("s x", positive=True)
    return identical(sympy.integrate(s - x, (x, 0, s)), s**2 / share)


def used_values(factor: int) -> Verdict:
    """`theory.subset_sum.window_ratio` returns these values."""
    pairs = [Fraction(p, q) for q in range(1, ENUMERATED_DENOMINATOR + 1) for p in range(1, q + 1)]
    verdict = every(pairs, lambda s: factor * window_ratio(s) == s**2)
    return verdict & every(range(1, 200), lambda k: window_ratio(Fraction(1, k)) == Fraction(1, 2 * k * k))


derive(
    "companion.window",
    Step(
        "neighbours",
        "[-1, 1] is cut in 2m blocks of length h = 1/m; neighbours in u, w, u+h, w+h, ... are at distance ≤ h",
        "linear",
        "0 ≤ u ≤ w ≤ h, every h > 0",
        lambda: neighbours(h),
        lambda: neighbours(h / 2),
    ),
    composed("pairs", "each pair of points with different remainders modulo h is one u_i, w_j", "measure", "neighbours"),
    Step(
        "one change",
        "a colouring that changes once along the path is a prefix; it cuts 2m² - 2(m-t)² or 2m² - 2(t-m)(t-m+1) pairs",
        "algebra",
        "all m, t",
        lambda: prefix(2 * m**2),
        lambda: prefix(2 * m**2 - 1),
    ),
    composed(
        "at most 2m²", "squares and products of two consecutive integers are ≥ 0, so a prefix cuts at most 2m² pairs", "cases", "one change"
    ),
    Step(
        "more changes",
        "any colouring cuts at most 4m² pairs",
        "algebra",
        "all m, all 0 ≤ a, b ≤ 2m",
        lambda: all_pairs(1),
        lambda: all_pairs(sympy.Rational(3, 4)),
    ),
    Step(
        "ratio",
        "1/(2m²) and 2/(4m²) are at least 1/(2m²)",
        "algebra",
        "m > 0",
        lambda: ratios(sympy.Integer(2)),
        lambda: ratios(sympy.Rational(3, 2)),
    ),
    composed("unit fractions", "φ(1/m) ≥ 1/(2m²) for every m", "Fubini", "pairs", "at most 2m²", "more changes", "ratio"),
    Step(
        "enumeration",
        "φ(p/q) ≥ (p/q)²/2: blocks of length 1/q, u_i and w_j at odd distance ≤ 2p-1 are within p/q",
        "enumeration",
        "all p ≤ q ≤ 6, all 2^(4q-1) colourings",
        lambda: enumeration(0),
        lambda: enumeration(1),
    ),
    Step(
        "half-interval", "the half-interval has the ratio s²/2", "algebra", "0 < s ≤ 1", lambda: half_interval(2), lambda: half_interval(3)
    ),
    Step(
        "values", "the program uses these values", "enumeration", "p ≤ q ≤ 6; 1/m, m < 200", lambda: used_values(2), lambda: used_values(3)
    ),
    composed("conclusion", "the window lemma", "cases", "unit fractions", "enumeration", "half-interval", "values"),
    module=__name__,
)
