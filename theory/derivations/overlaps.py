"""Steps that proofs about k-subsets of n vectors share: the overlap I of two random ones, moments of sums of squares, volumes.

Throughout p = k/n, g(m) = E(χ²_m)^{-d/2}, X_j = χ²_j/(χ²_j + χ²_{k-j}) and L_j = E(1-X_j)^{-d/2}.
"""

import sympy

from theory.derivation import Step, composed
from theory.linear import implies
from theory.positivity import identical, nonnegative
from theory.verdict import Verdict, decide_at_most

d, k, n, i, m, s, t, u, v, x = sympy.symbols("d k n i m s t u v x", positive=True)
eps = sympy.symbols("epsilon", positive=True)


def overlap_factor(sign: int) -> Verdict:
    """k(n-i) - n(k-i) = `sign`·i(n-k)."""
    return identical(k * (n - i) - n * (k - i), sign * i * (n - k))


def below_identity(slope: int) -> Verdict:
    """x - ln(1 + `slope`·x) has a derivative ≥ 0 on x ≥ 0 and vanishes at 0."""
    return nonnegative(sympy.together(1 - slope / (1 + slope * x)), {x: (0, sympy.oo)})


def half_powers(base: sympy.Expr, share: sympy.Expr) -> Verdict:
    """2^k·(1/`share`)^{k/2} = `base`^{-k/2}, in logarithms."""
    return identical(k * sympy.log(2) - k / 2 * sympy.log(share), -k / 2 * sympy.log(base))


def shift(bound: sympy.Expr) -> Verdict:
    """(1 + εu)²·k/(k-2) ≤ `bound` for u = √(d/k) ≤ 1/2, ε ≤ 1/4, k ≥ 40: with t = 1/k, `bound`·(1-2t) - (1+εu)² ≥ 0."""
    ranges = {eps: (0, sympy.Rational(1, 4)), u: (0, sympy.Rational(1, 2)), t: (0, sympy.Rational(1, 40))}
    return nonnegative(bound * (1 - 2 * t) - (1 + eps * u) ** 2, ranges)


def inverse_moments(factor: sympy.Expr) -> Verdict:
    """2v·(ln v^{m/2-1-d/2}e^{-v/2})' = `factor` - v: integrated, g(m-2)/g(m) = (m-2)/`factor`."""
    return identical(2 * v * sympy.diff((m / 2 - 1 - d / 2) * sympy.log(v) - v / 2, v), factor - v)


def room(share: sympy.Expr) -> Verdict:
    """k - 2t - d ≥ `share`·k for 2t ≤ k/2 + 1, 4d ≤ k, k ≥ 40."""
    return implies([k / 2 + 1 - 2 * t, k - 4 * d, k - 40, d, t], k - 2 * t - d - share * k)


def mean_factor(mean: sympy.Expr) -> Verdict:
    """Σ_{i<d}(k+2i)/d = `mean`, for all d: by Σ i = d(d-1)/2."""
    return identical(sympy.summation(k + 2 * i, (i, 0, d - 1)) / d, mean)


def small_share(share: sympy.Expr) -> Verdict:
    """d²/(2k) ≤ `share`·k for d ≤ k/4: with d = sk, s²/2 ≤ `share`."""
    return nonnegative(share - s**2 / 2, {s: (0, sympy.Rational(1, 4))})


def half_range(slope: sympy.Expr) -> Verdict:
    """`slope`·x² + ln(1-x²) has a derivative ≥ 0 on [0, 1/2] and vanishes at 0."""
    return nonnegative(sympy.together(2 * slope * x - 2 * x / (1 - x**2)), {x: (0, sympy.Rational(1, 2))})


OVERLAP_FACTOR = Step(
    "overlap factor", "(k-i)/(n-i) ≤ k/n", "algebra", "0 ≤ i ≤ k ≤ n", lambda: overlap_factor(1), lambda: overlap_factor(-1)
)
LOGARITHM = Step("logarithm", "ln(1+x) ≤ x", "algebra", "x ≥ 0", lambda: below_identity(1), lambda: below_identity(2))
FACTORIAL_MOMENTS = composed("factorial moments", "E C(I, i) = C(k, i)·Π_{h<i}(k-h)/(n-h) ≤ C(k, i)pⁱ", "counting", "overlap factor")
GENERATING_FUNCTION = composed(
    "generating function",
    "E yᴵ = Σ E C(I, i)(y-1)ⁱ ≤ (1 + p(y-1))^k ≤ exp(kp(y-1)) for y ≥ 1",
    "transitivity",
    "factorial moments",
    "logarithm",
)
OVERLAPS = (OVERLAP_FACTOR, FACTORIAL_MOMENTS, LOGARITHM, GENERATING_FUNCTION)

SHIFT = Step(
    "shift",
    "(√k + ε√d)²/(k-2) ≤ 4/3",
    "algebra",
    "0 ≤ ε ≤ 1/4, k ≥ max(40, 4d)",
    lambda: shift(sympy.Rational(4, 3)),
    lambda: shift(sympy.Rational(5, 4)),
)
INVERSE_MOMENTS = Step(
    "inverse moments",
    "L_j = g(k-j)/g(k), as 1-X_j is independent of χ²_k; g(m-2)/g(m) = (m-2)/(m-2-d)",
    "algebra",
    "all m > d + 2",
    lambda: inverse_moments(m - 2 - d),
    lambda: inverse_moments(m - d),
)
EVEN_OVERLAPS = composed("even overlaps", "L_{2i} = Π_{t=1}^{i} (1 + d/(k-2t-d))", "induction", "inverse moments")
ROOM = Step(
    "room",
    "k - 2t - d ≥ 9k/40",
    "linear",
    "2t ≤ k/2 + 1, k ≥ max(40, 4d)",
    lambda: room(sympy.Rational(9, 40)),
    lambda: room(sympy.Rational(1, 4)),
)
LARGER_OVERLAP = composed("larger overlap", "L_j ≤ L_{j+1}: one square moves from the rest to the overlap", "monotonicity")
NEAR_RATIOS = composed(
    "ratios",
    "L_j ≤ exp((20/9)(d/k)(j+1)) for j ≤ k/2: at most (j+1)/2 factors",
    "cases",
    "larger overlap",
    "even overlaps",
    "room",
    "logarithm",
)
RATIOS = (INVERSE_MOMENTS, EVEN_OVERLAPS, ROOM, LARGER_OVERLAP, NEAR_RATIOS)

MEAN_FACTOR = Step(
    "mean factor",
    "(E V^{d/2})² ≤ E V^d = Π_{i<d}(k+2i) ≤ (k+d-1)^d, the mean of the factors",
    "algebra",
    "all k, d",
    lambda: mean_factor(k + d - 1),
    lambda: mean_factor(k + d),
)
SHARE = Step(
    "share",
    "d²/(2k) ≤ k/32",
    "algebra",
    "0 < d ≤ k/4",
    lambda: small_share(sympy.Rational(1, 32)),
    lambda: small_share(sympy.Rational(1, 40)),
)
VOLUME = composed(
    "volume", "G ≤ (√(2πk)/(2ε))^d·(1+d/k)^{d/2} ≤ (√(2πk)/(2ε))^d·e^{k/32}", "convexity", "mean factor", "logarithm", "share"
)
VOLUMES = (MEAN_FACTOR, SHARE, VOLUME)

HALF_RANGE = Step(
    "half range",
    "-ln(1-x²) ≤ (4/3)x² on [0, 1/2]",
    "algebra",
    "0 ≤ x ≤ 1/2",
    lambda: half_range(sympy.Rational(4, 3)),
    lambda: half_range(sympy.Rational(11, 10)),
)


def half_powers_step(share: sympy.Expr, base: sympy.Expr, wrong: sympy.Expr, claim: str) -> Step:
    """P(I > k/2) ≤ E C(I, ⌊k/2⌋+1) ≤ 2^k p^{k/2} ≤ `base`^{-k/2} for p ≤ 1/`share`."""
    return Step("half powers", claim, "algebra", "all k, d", lambda: half_powers(base, share), lambda: half_powers(wrong, share))


def tail_exponent(rest: sympy.Expr) -> Verdict:
    """-(k/2)ln(2d) + (k/2)(ln(4d) - 1) = k(ln 2 - 1)/2 and, with d²/(2k) ≤ k/32 and -0.91, at most `rest` for k ≥ 40."""
    logarithms = identical(-k / 2 * sympy.log(2 * d) + k / 2 * (sympy.log(4 * d) - 1), k * (sympy.log(2) - 1) / 2)
    slope = (sympy.log(2) - 1) / 2 + sympy.Rational(1, 32)
    falling = decide_at_most(slope, sympy.Integer(0))
    return logarithms & falling & decide_at_most(40 * slope - sympy.Rational(91, 100), rest)


EIGHTH_POWERS = half_powers_step(8 * d, 2 * d, 4 * d, "P(I > k/2) ≤ E C(I, ⌊k/2⌋+1) ≤ 2^k p^{k/2} ≤ (2d)^{-k/2} for p ≤ 1/(8d)")
TAIL = Step(
    "tail",
    "the hypothesis makes ln(P(I > k/2)·(√(2πk)/(2ε))^d e^{k/32}) at most k(ln 2 - 1)/2 - 0.91 + k/32 ≤ -5",
    "balls",
    "k ≥ 40",
    lambda: tail_exponent(sympy.Integer(-5)),
    lambda: tail_exponent(sympy.Integer(-6)),
)
