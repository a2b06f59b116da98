"""What an activation costs: the radius for every ε′, the extra layer, wide targets."""

import sympy

from theory.derivation import Step, composed, derive, every
from theory.positivity import identical, nonnegative
from theory.verdict import Verdict, decide_at_most

x, y, a, B, c, W, s, m, r1, g, v = sympy.symbols("x y a B c W s m r1 g v", positive=True)
plus, minus, d1, d2 = sympy.symbols("m_p m_m d1 d2", real=True)
tau, delta, R = sympy.symbols("tau delta R", positive=True)
ORDERS = range(2, 9)


def inverse(power: int) -> Verdict:
    """E(c y) = y^k at y = ε′^{1/k}, with the exponent k + `power`."""
    return every(ORDERS, lambda k: identical((c * y / c) ** (k + power), y**k) is Verdict.PROVED)


def outgrows(least: int) -> Verdict:
    """s^{k-1} ≥ `least` for s ≥ 1."""
    return every(ORDERS, lambda k: nonnegative(s ** (k - 1) - least, {s: (1, sympy.oo)}) is Verdict.PROVED)


def slack(shift: int) -> Verdict:
    """(r₁s/c)^k - (r₁^{k-1}/c^k) r₁s = (r₁^{k-1}/c^k) r₁s (s^{k-1} - 1 + `shift`)."""

    def holds(k: int) -> bool:
        steepness = r1 ** (k - 1) / c**k
        return identical((r1 * s / c) ** k - steepness * r1 * s, steepness * r1 * s * (s ** (k - 1) - 1 + shift)) is Verdict.PROVED

    return every(ORDERS, holds)


derive(
    "burkholz2022b.radius",
    Step("inverse", "E(a(ε′)) = ε′", "algebra", "k from 2 to 8, all c, ε′", lambda: inverse(0), lambda: inverse(1)),
    composed("far", "|φ(x) - φ̂(x)| ≤ (T + |m|)|x|, both being d at 0", "triangle inequality"),
    Step(
        "slack",
        "(r/c)^k - r₁^{k-1}r/c^k = (r₁^{k-1}/c^k) r (s^{k-1} - 1) at r = r₁s",
        "algebra",
        "k from 2 to 8, all c, r₁, s",
        lambda: slack(0),
        lambda: slack(1),
    ),
    Step("outgrows", "s^{k-1} ≥ 1 for s ≥ 1", "algebra", "k from 2 to 8, all s ≥ 1", lambda: outgrows(1), lambda: outgrows(2)),
    composed("all x", "(T + |m|)r ≤ r₁^{k-1}r/c^k ≤ E(r) for r ≥ r₁", "transitivity", "far", "slack", "outgrows"),
    composed("conclusion", "E increases, so E(|x|) ≤ E(a(ε′)) = ε′; ε′/a(ε′) = ε′^{1-1/k}/c", "monotonicity", "all x", "inverse"),
    module=__name__,
)


def carried(sign: int) -> Verdict:
    """Both signs of x, with P = W + δ₁ over u > 0 and N = -W + δ₂ over u < 0; M = m₊ + `sign`·m₋."""
    M = plus + sign * minus
    P, N = W + d1, -W + d2
    scale = B / (a * M) * (a / B)
    right = identical(scale * (plus * P * x - minus * N * x), W * x + x * (plus * d1 - minus * d2) / M)
    left = identical(scale * (-minus * P * y + plus * N * y), -W * y + y * (plus * d2 - minus * d1) / M)
    return right & left


derive(
    "burkholz2022b.extra_layer",
    composed(
        "halves", "φ̂(wx) - d is m₊wx or -m₋|w|x for x ≥ 0, and -m₋w|x| or m₊|w||x| for x < 0", "definition", "burkholz2022b.activation"
    ),
    Step(
        "carried",
        "the kept sums give W x + |x|(m₊δ - m₋δ′)/M, (δ, δ′) the two errors in one order or the other",
        "algebra",
        "all reals",
        lambda: carried(1),
        lambda: carried(-1),
    ),
    composed("weights", "so the weights' part is at most η(|m₊| + |m₋|)B/|M| per input", "triangle inequality", "halves", "carried"),
    Step(
        "affine",
        "for m₊ = m₋ = m: (B/(am))·m(a/B)x·(W + δ) = Wx + δx",
        "algebra",
        "all reals",
        lambda: identical(B / (a * m) * m * (a / B) * x * (W + d1), W * x + d1 * x),
        lambda: identical(B / (a * 2 * m) * m * (a / B) * x * (W + d1), W * x + d1 * x),
    ),
    Step(
        "activation",
        "a kept weight carries |v|B/(aM)·ε′ = |v| g B/M, at ε′ = g a",
        "algebra",
        "all reals",
        lambda: identical(v * B / (a * m) * (g * a), v * g * B / m),
        lambda: identical(v * B / (a * m) * g, v * g * B / m),
    ),
    composed("conclusion", "the sum of both parts", "triangle inequality", "weights", "affine", "activation"),
    module=__name__,
)


def moment(rate: int) -> Verdict:
    """E e^{-max(X, 0)} = 1/2 + (1 - e⁻¹)/2 ≤ e^{-1/`rate`}."""
    return decide_at_most(sympy.Rational(1, 2) + (1 - sympy.exp(-1)) / 2, sympy.exp(-sympy.Rational(1, rate)))


def batch(rate: int) -> Verdict:
    """R - n/5 = -ln(4/δ) at n = `rate`·(R + ln(4/δ))."""
    return identical(R - rate * (R + sympy.log(4 / delta)) / 5, -sympy.log(4 / delta))


def rest(share: int) -> Verdict:
    """ln((8/τ²)(3/4)ⁿ) = ln(δ/2) at n = [2 ln(1/τ) + ln(`share`/δ)]/ln(4/3)."""
    contraction = sympy.Symbol("q", positive=True)
    size = (2 * sympy.log(1 / tau) + sympy.log(share / delta)) / -sympy.log(contraction)
    return identical(sympy.log(8 / tau**2) + size * sympy.log(contraction), sympy.log(delta / 2))


derive(
    "burkholz2022b.wide_targets",
    composed("greedy", "adding positive samples while more than 1 is missing leaves something in [0, 1], if they sum to R", "induction"),
    Step("moment", "E e^{-max(X,0)} ≤ e^{-1/5}", "balls", "X uniform on [-1, 1]", lambda: moment(5), lambda: moment(4)),
    composed("few", "P(Σ max(X, 0) ≤ R) ≤ e^{R - n/5}", "Markov", "moment"),
    Step("batch", "that is δ/4 at n = 5(R + ln(4/δ))", "algebra", "all R, δ", lambda: batch(5), lambda: batch(4)),
    Step("rest", "(8/τ²)(3/4)ⁿ = δ/2 at the second number", "algebra", "all τ, δ", lambda: rest(16), lambda: rest(8)),
    composed("inner", "the rest reach [-1, 1] within τ, except with probability δ/2", "substitution", "companion.A1", "rest"),
    composed("conclusion", "both signs of the target, and the rest", "union bound", "greedy", "few", "batch", "inner"),
    module=__name__,
)
