"""A3 and A3′ by a net: explicit sample sizes for normally scaled normal vectors."""

import sympy

from theory.derivation import Step, composed, derive
from theory.derivations.overlaps import EIGHTH_POWERS, OVERLAPS, RATIOS, SHIFT, TAIL, VOLUMES
from theory.positivity import identical, nonnegative
from theory.verdict import Verdict, decide_at_most

d = sympy.symbols("d", positive=True)
eps, delta = sympy.symbols("epsilon delta", positive=True)


def chord(slope: sympy.Expr) -> Verdict:
    """(9/5)(e^{5/9} - 1) ≤ `slope`: e^θ - 1 is convex, so it lies below this chord on [0, 5/9]."""
    return decide_at_most(sympy.Rational(9, 5) * (sympy.exp(sympy.Rational(5, 9)) - 1), slope)


def overlap_sum(bound: sympy.Expr) -> Verdict:
    """exp(5/9 + (1/8)(20/9)(67/50)) ≤ `bound`."""
    exponent = sympy.Rational(5, 9) + sympy.Rational(1, 8) * sympy.Rational(20, 9) * sympy.Rational(67, 50)
    return decide_at_most(sympy.exp(exponent), bound)


def constant(bound: int) -> Verdict:
    """e^{4/3}(2.54 + e^{-5}) ≤ `bound`."""
    return decide_at_most(sympy.exp(sympy.Rational(4, 3)) * (sympy.Rational(254, 100) + sympy.exp(-5)), sympy.Integer(bound))


derive(
    "companion.A3",
    SHIFT,
    *OVERLAPS,
    *RATIOS,
    composed("near", "F_j ≤ E(1-X_j)^{-d/2} = L_j, as (1-x²)^{-d/2} ≤ (1-x)^{-d/2}", "monotonicity", "companion.vector_hitting"),
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
    composed(
        "near sum",
        "Σ_{j≤k/2} P(I = j) F_j ≤ E e^{θ(I+1)} ≤ 2.54",
        "tower",
        "generating function",
        "near",
        "ratios",
        "chord",
        "overlap sum",
    ),
    EIGHTH_POWERS,
    *VOLUMES,
    TAIL,
    composed("far", "P(I > k/2)·G ≤ e^{-5}", "transitivity", "factorial moments", "half powers", "volume", "tail"),
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
