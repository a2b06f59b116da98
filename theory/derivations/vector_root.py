"""A3 with √d in place of d: what an overlap costs grows with its square, so batches of 8(1+√d)k vectors suffice."""

import sympy

from theory.derivation import Step, composed, derive
from theory.derivations.overlaps import HALF_RANGE, OVERLAPS, RATIOS, SHIFT, VOLUMES, half_powers_step
from theory.derivations.vectors import beta_moments, series
from theory.linear import implies
from theory.positivity import identical, nonnegative
from theory.verdict import Verdict, decide_at_most

k, s, w, alpha, beta = sympy.symbols("k s w alpha beta", positive=True)
RATIONAL = sympy.Rational


def square_share(share: int) -> Verdict:
    """`share`·p² d ≤ 1 at p = 1/(8(1+√d)), s = √d: 64(1+s)² - `share`·s² ≥ 0 for s ≥ 0."""
    return nonnegative(64 * (1 + s) ** 2 - share * s**2, {s: (0, sympy.oo)})


def least_share(share: int) -> Verdict:
    """8(1+s) ≥ `share` for s ≥ 1."""
    return implies([s - 1], 8 * (1 + s) - share)


def steep(rate: sympy.Expr) -> Verdict:
    """(2/3)·d·x ≤ `rate`·k at d = k/4, x = 1/2, where it is largest; and 1/4 - `rate` = 1/6 at `rate` = 1/12."""
    return decide_at_most(RATIONAL(2, 3) * RATIONAL(1, 4) * RATIONAL(1, 2), rate) & identical(RATIONAL(1, 4) - rate, RATIONAL(1, 6))


def middle(part: sympy.Expr) -> Verdict:
    """kp(√2 - 1) - (k/6)(5p/2) ≤ 0: √2 - 1 ≤ `part`."""
    return decide_at_most(sympy.sqrt(2) - 1, part)


def upper_exponent(u: sympy.Expr, rest: sympy.Expr) -> Verdict:
    """-(1-u)/8 - (u/2) ln(3/2) + (√2 e^{20u/9} - 1)/16 ≤ `rest`."""
    value = -(1 - u) / 8 - u / 2 * sympy.log(RATIONAL(3, 2)) + (sympy.sqrt(2) * sympy.exp(20 * u / 9) - 1) / 16
    return decide_at_most(value, rest)


def upper_ends(rest: sympy.Expr) -> Verdict:
    """The exponent, convex in u = d/k, at u = 0 and u = 1/4."""
    return upper_exponent(sympy.Integer(0), rest) & upper_exponent(RATIONAL(1, 4), rest)


def far_exponent(margin: sympy.Expr) -> Verdict:
    """-(k/2)l + w + k/32 = -`margin` if (k/2)(l - 1/16) = w + 11/10: l = ln(2+2√d), w = d ln(√(2πk)/(2ε))."""
    log_base, wanted = sympy.symbols("l w")
    hypothesis = sympy.solve(k / 2 * (log_base - RATIONAL(1, 16)) - wanted - RATIONAL(11, 10), wanted)[0]
    return identical(-k / 2 * log_base + hypothesis + k / 32, -margin)


def root_constant(bound: int) -> Verdict:
    """e^{4/3}(e^{25/384} + 1 + e^{5/9 - 40/19} + e^{-11/10}) ≤ `bound`."""
    near = sympy.exp(RATIONAL(25, 384)) + 1 + sympy.exp(RATIONAL(5, 9) - RATIONAL(40, 19))
    return decide_at_most(sympy.exp(RATIONAL(4, 3)) * (near + sympy.exp(-RATIONAL(11, 10))), sympy.Integer(bound))


derive(
    "companion.A3_root",
    SHIFT,
    *OVERLAPS,
    *RATIOS,
    Step("square share", "64 p² d ≤ 1 for p ≤ 1/(8(1+√d))", "algebra", "all d > 0", lambda: square_share(64), lambda: square_share(65)),
    Step("least share", "p ≤ 1/16", "linear", "√d ≥ 1", lambda: least_share(16), lambda: least_share(17)),
    HALF_RANGE,
    composed(
        "low",
        "where X_j ≤ 5p/2: (1-X²)^{-d/2} ≤ e^{(2/3)d(25/4)p²} ≤ e^{25/384}",
        "monotonicity",
        "companion.vector_hitting",
        "half range",
        "square share",
    ),
    Step(
        "beta moments",
        "E X_j^m = Π_{i<m}(j+2i)/(k+2i) ≤ k^{-m}Π_{i<m}(j+2i)",
        "algebra",
        "all α, β > 0, s ≥ 0",
        lambda: beta_moments(alpha + beta + s),
        lambda: beta_moments(alpha + beta),
    ),
    Step("series", "(1-t)^{-α} = Σ (α)_r/r! tʳ", "algebra", "0 ≤ t < 1, α > 0, all r", lambda: series(1), lambda: series(2)),
    composed(
        "exponential moment",
        "E e^{sX_j} ≤ Σ_m (s/k)^m/m! Π_{i<m}(j+2i) = (1-2s/k)^{-j/2}: 2^{j/2} at s = k/4",
        "tower",
        "beta moments",
        "series",
    ),
    Step(
        "steep",
        "(2/3)dX² ≤ kX/12 for X ≤ 1/2, and kX/12 ≤ kX/4 - (k/6)(5p/2) for X > 5p/2",
        "balls",
        "4d ≤ k",
        lambda: steep(RATIONAL(1, 12)),
        lambda: steep(RATIONAL(1, 13)),
    ),
    Step(
        "root of two",
        "√2 - 1 ≤ 5/12 = (1/6)(5/2)",
        "balls",
        "one number",
        lambda: middle(RATIONAL(5, 12)),
        lambda: middle(RATIONAL(2, 5)),
    ),
    composed(
        "middle",
        "where 5p/2 < X_j ≤ 1/2: Σ_j P(I = j) E(1-X²)^{-d/2} ≤ e^{-5kp/12} E 2^{I/2} ≤ exp(kp(√2 - 1 - 5/12)) ≤ 1",
        "tower",
        "half range",
        "steep",
        "exponential moment",
        "generating function",
        "root of two",
    ),
    composed(
        "tilt",
        "where X_j > 1/2, j ≤ k/2: E(1-X²)^{-d/2} ≤ (2/3)^{d/2} L_j P(X' > 1/2), X' of law Beta(j/2, (k-d-j)/2): "
        "its density is (1-x)^{-d/2}/L_j times that of X_j, and 1 + x ≥ 3/2",
        "measure",
        "inverse moments",
    ),
    composed("tilted tail", "P(X' > 1/2) ≤ e^{-(k-d)/8} 2^{j/2}: as above with k - d for k", "Markov", "exponential moment"),
    Step(
        "ends",
        "-(1-u)/8 - (u/2) ln(3/2) + (√2 e^{20u/9} - 1)/16, convex in u, is at most -1/19 at u = 0 and at u = 1/4",
        "balls",
        "two numbers",
        lambda: upper_ends(-RATIONAL(1, 19)),
        lambda: upper_ends(-RATIONAL(1, 18)),
    ),
    composed(
        "high",
        "Σ_{j≤k/2} of these is at most (2/3)^{d/2} e^{θ-(k-d)/8} E(√2 e^θ)ᴵ, θ = (20/9)d/k ≤ 5/9: at most e^{5/9-k/19} ≤ e^{5/9-40/19}",
        "convexity",
        "tilt",
        "tilted tail",
        "ratios",
        "generating function",
        "least share",
        "ends",
    ),
    half_powers_step(
        8 * w,
        2 * w,
        4 * w,
        "P(I > k/2) ≤ E C(I, ⌊k/2⌋+1) ≤ 2^k p^{k/2} ≤ (2w)^{-k/2}, w = 1 + √d",
    ),
    *VOLUMES,
    Step(
        "far exponent",
        "-(k/2) ln(2+2√d) + d ln(√(2πk)/(2ε)) + k/32 ≤ -1.1 by hypothesis",
        "algebra",
        "all k, d, ε",
        lambda: far_exponent(RATIONAL(11, 10)),
        lambda: far_exponent(sympy.Integer(2)),
    ),
    composed("far", "P(I > k/2)·G ≤ e^{-1.1}", "transitivity", "factorial moments", "half powers", "volume", "far exponent"),
    Step(
        "constant",
        "e^{4/3}(e^{25/384} + 1 + e^{5/9-40/19} + e^{-1.1}) ≤ 10",
        "balls",
        "one number",
        lambda: root_constant(10),
        lambda: root_constant(9),
    ),
    composed(
        "conclusion",
        "Q ≤ 10 at m = ⌊k/2⌋ < k - d",
        "substitution",
        "companion.vector_hitting",
        "shift",
        "low",
        "middle",
        "high",
        "far",
        "constant",
    ),
    module=__name__,
)
