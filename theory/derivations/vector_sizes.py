"""A3 and A3′ by a net: explicit sample sizes for normally scaled normal vectors."""

import sympy

from theory.derivation import Step, composed, derive
from theory.linear import implies
from theory.positivity import identical, nonnegative
from theory.verdict import Verdict, decide_at_most

d, k, n, i, j, m, s, t, u, v, x, y = sympy.symbols("d k n i j m s t u v x y", positive=True)
eps, delta, theta, rho, R, L = sympy.symbols("epsilon delta theta rho R L", positive=True)
HUNDRED = sympy.Integer(100)


def shift(bound: sympy.Expr) -> Verdict:
    """(1 + εu)²·k/(k-2) ≤ `bound` for u = √(d/k) ≤ 1/2, ε ≤ 1/4, k ≥ 40: with t = 1/k, `bound`·(1-2t) - (1+εu)² ≥ 0."""
    ranges = {eps: (0, sympy.Rational(1, 4)), u: (0, sympy.Rational(1, 2)), t: (0, sympy.Rational(1, 40))}
    return nonnegative(bound * (1 - 2 * t) - (1 + eps * u) ** 2, ranges)


def overlap_factor(sign: int) -> Verdict:
    """k(n-i) - n(k-i) = `sign`·i(n-k)."""
    return identical(k * (n - i) - n * (k - i), sign * i * (n - k))


def below_identity(slope: int) -> Verdict:
    """x - ln(1 + `slope`·x) has a derivative ≥ 0 on x ≥ 0 and vanishes at 0."""
    return nonnegative(sympy.together(1 - slope / (1 + slope * x)), {x: (0, sympy.oo)})


def inverse_moments(factor: sympy.Expr) -> Verdict:
    """2v·(ln v^{m/2-1-d/2}e^{-v/2})' = `factor` - v: integrated, g(m-2)/g(m) = (m-2)/`factor` for g(m) = E(χ²_m)^{-d/2}."""
    return identical(2 * v * sympy.diff((m / 2 - 1 - d / 2) * sympy.log(v) - v / 2, v), factor - v)


def room(share: sympy.Expr) -> Verdict:
    """k - 2t - d ≥ `share`·k for 2t ≤ k/2 + 1, 4d ≤ k, k ≥ 40."""
    return implies([k / 2 + 1 - 2 * t, k - 4 * d, k - 40, d, t], k - 2 * t - d - share * k)


def chord(slope: sympy.Expr) -> Verdict:
    """(9/5)(e^{5/9} - 1) ≤ `slope`: e^θ - 1 is convex, so it lies below this chord on [0, 5/9]."""
    return decide_at_most(sympy.Rational(9, 5) * (sympy.exp(sympy.Rational(5, 9)) - 1), slope)


def overlap_sum(bound: sympy.Expr) -> Verdict:
    """exp(5/9 + (1/8)(20/9)(67/50)) ≤ `bound`."""
    exponent = sympy.Rational(5, 9) + sympy.Rational(1, 8) * sympy.Rational(20, 9) * sympy.Rational(67, 50)
    return decide_at_most(sympy.exp(exponent), bound)


def mean_factor(mean: sympy.Expr) -> Verdict:
    """Σ_{i<d}(k+2i)/d = `mean`, for all d: by Σ i = d(d-1)/2."""
    return identical(sympy.summation(k + 2 * i, (i, 0, d - 1)) / d, mean)


def half_powers(base: sympy.Expr) -> Verdict:
    """2^k(1/(8d))^{k/2} = `base`^{-k/2}, in logarithms."""
    return identical(k * sympy.log(2) - k / 2 * sympy.log(8 * d), -k / 2 * sympy.log(base))


def tail_exponent(rest: sympy.Expr) -> Verdict:
    """-(k/2)ln(2d) + (k/2)(ln(4d) - 1) = k(ln 2 - 1)/2 and, with d²/(2k) ≤ k/32 and -0.91, at most `rest` for k ≥ 40."""
    logarithms = identical(-k / 2 * sympy.log(2 * d) + k / 2 * (sympy.log(4 * d) - 1), k * (sympy.log(2) - 1) / 2)
    slope = (sympy.log(2) - 1) / 2 + sympy.Rational(1, 32)
    falling = decide_at_most(slope, sympy.Integer(0))
    return logarithms & falling & decide_at_most(40 * slope - sympy.Rational(91, 100), rest)


def small_share(share: sympy.Expr) -> Verdict:
    """d²/(2k) ≤ `share`·k for d ≤ k/4: with d = sk, s²/2 ≤ `share`."""
    return nonnegative(share - s**2 / 2, {s: (0, sympy.Rational(1, 4))})


def constant(bound: int) -> Verdict:
    """e^{4/3}(2.54 + e^{-5}) ≤ `bound`."""
    return decide_at_most(sympy.exp(sympy.Rational(4, 3)) * (sympy.Rational(254, 100) + sympy.exp(-5)), sympy.Integer(bound))


derive(
    "companion.A3",
    Step(
        "shift",
        "(√k + ε√d)²/(k-2) ≤ 4/3",
        "algebra",
        "0 ≤ ε ≤ 1/4, k ≥ max(40, 4d)",
        lambda: shift(sympy.Rational(4, 3)),
        lambda: shift(sympy.Rational(5, 4)),
    ),
    Step("overlap factor", "(k-i)/(n-i) ≤ k/n", "algebra", "0 ≤ i ≤ k ≤ n", lambda: overlap_factor(1), lambda: overlap_factor(-1)),
    composed("factorial moments", "E C(I, i) = C(k, i)·Π_{h<i}(k-h)/(n-h) ≤ C(k, i)pⁱ, p = k/n ≤ 1/(8d)", "counting", "overlap factor"),
    Step("logarithm", "ln(1+x) ≤ x", "algebra", "x ≥ 0", lambda: below_identity(1), lambda: below_identity(2)),
    composed(
        "generating function",
        "E e^{θI} = Σ E C(I, i)(e^θ-1)ⁱ ≤ (1 + p(e^θ-1))^k ≤ exp(kp(e^θ-1))",
        "transitivity",
        "factorial moments",
        "logarithm",
    ),
    composed(
        "larger overlap", "F_j ≤ E(1-X_j)^{-d/2} =: L_j, and L_j ≤ L_{j+1}: one square moves from the rest to the overlap", "monotonicity"
    ),
    Step(
        "inverse moments",
        "L_j = g(k-j)/g(k), g(m) = E(χ²_m)^{-d/2}, as 1-X_j is independent of χ²_k; g(m-2)/g(m) = (m-2)/(m-2-d)",
        "algebra",
        "all m > d + 2",
        lambda: inverse_moments(m - 2 - d),
        lambda: inverse_moments(m - d),
    ),
    composed("even overlaps", "L_{2i} = Π_{t=1}^{i} (1 + d/(k-2t-d))", "induction", "inverse moments"),
    Step(
        "room",
        "k - 2t - d ≥ 9k/40",
        "linear",
        "2t ≤ k/2 + 1, k ≥ max(40, 4d)",
        lambda: room(sympy.Rational(9, 40)),
        lambda: room(sympy.Rational(1, 4)),
    ),
    composed("near", "F_j ≤ exp((20/9)(d/k)(j+1)) for j ≤ k/2", "cases", "larger overlap", "even overlaps", "room", "logarithm"),
    Step(
        "chord",
        "e^θ - 1 ≤ 1.34 θ on [0, 5/9]",
        "balls",
        "one number; e^θ is convex",
        lambda: chord(sympy.Rational(67, 50)),
        lambda: chord(sympy.Rational(66, 50)),
    ),
    Step(
        "overlap sum",
        "with θ = (20/9)d/k ≤ 5/9 and kp ≤ k/(8d): e^{5/9 + 1.34·(20/9)/8} ≤ 2.54",
        "balls",
        "one number",
        lambda: overlap_sum(sympy.Rational(254, 100)),
        lambda: overlap_sum(sympy.Rational(252, 100)),
    ),
    composed("near sum", "Σ_{j≤k/2} P(I = j) F_j ≤ E e^{θ(I+1)} ≤ 2.54", "tower", "generating function", "near", "chord", "overlap sum"),
    Step(
        "half powers",
        "P(I > k/2) ≤ E C(I, ⌊k/2⌋+1) ≤ 2^k p^{k/2} ≤ (2d)^{-k/2}",
        "algebra",
        "all k, d",
        lambda: half_powers(2 * d),
        lambda: half_powers(4 * d),
    ),
    Step(
        "mean factor",
        "(E V^{d/2})² ≤ E V^d = Π_{i<d}(k+2i) ≤ (k+d-1)^d, the mean of the factors",
        "algebra",
        "all k, d",
        lambda: mean_factor(k + d - 1),
        lambda: mean_factor(k + d),
    ),
    composed("volume", "G ≤ (√(2πk)/(2ε))^d·(1+d/k)^{d/2} ≤ (√(2πk)/(2ε))^d·e^{d²/(2k)}", "convexity", "mean factor", "logarithm"),
    Step(
        "share",
        "d²/(2k) ≤ k/32",
        "algebra",
        "0 < d ≤ k/4",
        lambda: small_share(sympy.Rational(1, 32)),
        lambda: small_share(sympy.Rational(1, 40)),
    ),
    Step(
        "tail",
        "the hypothesis makes ln(P(I > k/2)·G) at most k(ln 2 - 1)/2 - 0.91 + k/32 ≤ -5",
        "balls",
        "k ≥ 40",
        lambda: tail_exponent(sympy.Integer(-5)),
        lambda: tail_exponent(sympy.Integer(-6)),
    ),
    composed("far", "P(I > k/2)·G ≤ e^{-5}", "transitivity", "factorial moments", "half powers", "volume", "share", "tail"),
    Step("constant", "e^{4/3}(2.54 + e^{-5}) ≤ 10", "balls", "one number", lambda: constant(10), lambda: constant(9)),
    composed(
        "conclusion",
        "Q ≤ 10 at m = ⌊k/2⌋ < k - d",
        "substitution",
        "companion.vector_hitting",
        "shift",
        "near sum",
        "far",
        "constant",
    ),
    module=__name__,
)


def net(points: int) -> Verdict:
    """2/ε + 1 ≤ `points`/ε for 0 < ε ≤ 1."""
    return nonnegative(points - 2 - eps, {eps: (0, 1)})


def tenth(rate: sympy.Expr) -> Verdict:
    """ln(9/10) ≤ -`rate`."""
    return decide_at_most(sympy.log(sympy.Rational(9, 10)), -rate)


def batches(rate: int) -> Verdict:
    """ln((3/ε)^d) - r/10 = ln δ at r = `rate`·(d ln(3/ε) + ln(1/δ))."""
    return identical(d * sympy.log(3 / eps) - rate * (d * sympy.log(3 / eps) + sympy.log(1 / delta)) / 10, sympy.log(delta))


derive(
    "companion.A3'",
    Step("net", "⌈2/ε⌉ ≤ 3/ε points a coordinate, neighbours at most ε apart", "algebra", "0 < ε ≤ 1", lambda: net(3), lambda: net(2)),
    composed("points", "[-1, 1]^d has a net of at most (3/ε)^d points within ε/2; ‖z‖₂ ≤ √d ≤ √k for all of them", "counting", "net"),
    Step("rate", "ln(9/10) ≤ -1/10", "balls", "one number", lambda: tenth(sympy.Rational(1, 10)), lambda: tenth(sympy.Rational(1, 9))),
    Step(
        "batches",
        "(3/ε)^d e^{-r/10} = δ at r = 10(d ln(3/ε) + ln(1/δ))",
        "algebra",
        "all ε, δ, d",
        lambda: batches(10),
        lambda: batches(9),
    ),
    composed("some batch", "r disjoint batches all miss a point with probability ≤ (9/10)ʳ", "substitution", "companion.A3", "rate"),
    composed("conclusion", "each point of the net is hit within ε, each z within 3ε/2", "union bound", "points", "some batch", "batches"),
    module=__name__,
)
