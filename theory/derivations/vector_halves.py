"""From each target to all targets: what two halves of the samples reach adds up."""

import sympy

from theory.derivation import Step, composed, derive
from theory.derivations.vector_sizes import tenth
from theory.linear import implies
from theory.positivity import identical, nonnegative
from theory.verdict import Verdict

d, x, y, eps, delta, rho, R, L = sympy.symbols("d x y epsilon delta rho R L", positive=True)


def inside(share: sympy.Expr) -> Verdict:
    """‖a‖ ≤ ‖z‖/2 + (ρ - `share`·R) ≤ ρ for ‖z‖ ≤ R."""
    size = sympy.symbols("size")
    return implies([R - size, size], rho - (size / 2 + rho - share * R))


def both(share: sympy.Expr) -> Verdict:
    """|C| - m₁ - m₂ > 0 if m₁, m₂ < `share`·|C|."""
    first, second, whole = sympy.symbols("m1 m2 C")
    slack = sympy.Rational(1, 1000)
    return implies([first, second, share * whole - first - slack, share * whole - second - slack], whole - first - second, strictly=True)


def doubled(factor: int) -> Verdict:
    """‖Σ₁ + Σ₂ - z‖ ≤ ‖Σ₁ - a‖ + ‖Σ₂ - (z-a)‖ ≤ `factor`·ε."""
    first, second = sympy.symbols("e1 e2")
    return implies([eps - first, eps - second], factor * eps - first - second)


def markov(count: int) -> Verdict:
    """2·|B_ρ|(1-q)ʳ/(|C|/2) = `count`·(|B_ρ|/|C|)(1-q)ʳ, and |B_ρ|/|C| = (2ρ/(2ρ-R))^d as (ρ/(ρ-R/2)) = 2ρ/(2ρ-R)."""
    return identical(2 * x * y / (x / 2), count * y) & identical(rho / (rho - R / 2), 2 * rho / (2 * rho - R))


derive(
    "companion.halves",
    composed(
        "missed", "A₁ is what the first r batches reach within ε: each x with ‖x‖₂ ≤ ρ is missed with probability ≤ (1-q)ʳ", "conditioning"
    ),
    composed("missed volume", "E|B_ρ∖A₁| ≤ (1-q)ʳ|B_ρ|, and the same for the second half's A₂", "Fubini", "missed"),
    Step(
        "inside",
        "the ball C of radius ρ - R/2 around z/2 lies in B_ρ",
        "linear",
        "‖z‖ ≤ R",
        lambda: inside(sympy.Rational(1, 2)),
        lambda: inside(sympy.Rational(1, 4)),
    ),
    composed("reflection", "a ↦ z - a maps C to itself and keeps volumes", "measure", "inside"),
    Step(
        "both",
        "if C∖A₁ and C∖A₂ are each less than half of C, some a ∈ A₁ ∩ C has z - a ∈ A₂",
        "linear",
        "all volumes",
        lambda: both(sympy.Rational(1, 2)),
        lambda: both(sympy.Integer(1)),
    ),
    Step("sums", "two errors of at most ε add up to 2ε", "linear", "all errors", lambda: doubled(2), lambda: doubled(1)),
    composed(
        "all z", "then z is within 2ε of a sum over both halves, every z at once", "triangle inequality", "reflection", "both", "sums"
    ),
    Step(
        "failure",
        "2·(1-q)ʳ|B_ρ|/(|C|/2) = 4(2ρ/(2ρ-R))^d(1-q)ʳ",
        "algebra",
        "0 < R < 2ρ",
        lambda: markov(4),
        lambda: markov(2),
    ),
    composed("conclusion", "P(some z fails) ≤ 4(2ρ/(2ρ-R))^d(1-q)ʳ", "Markov", "missed volume", "all z", "failure"),
    module=__name__,
)


def halves_size(rate: int) -> Verdict:
    """ln 4 + dL - r/10 = ln δ at r = `rate`·(ln(4/δ) + dL), L = ln(2√k/(2√k-R))."""
    return identical(sympy.log(4) + d * L - rate * (sympy.log(4 / delta) + d * L) / 10, sympy.log(delta))


def cost(square: int) -> Verdict:
    """y + `square`·y² + ln(1-y) has a derivative ≥ 0 on [0, 1/2] and vanishes at 0; y + y² ≤ 3y/2 there."""
    rising = nonnegative(sympy.together(1 + 2 * square * y - 1 / (1 - y)), {y: (0, sympy.Rational(1, 2))})
    return rising & nonnegative(sympy.Rational(3, 2) * y - y - square * y**2, {y: (0, sympy.Rational(1, 2))})


for _statement, _used, _batch in (
    ("companion.A3_all", "companion.A3", "8dk"),
    ("companion.A3_root_all", "companion.A3_root", "⌈8(1+√d)k⌉"),
):
    derive(
        _statement,
        Step("rate", "ln(9/10) ≤ -1/10", "balls", "one number", lambda: tenth(sympy.Rational(1, 10)), lambda: tenth(sympy.Rational(1, 9))),
        Step(
            "size",
            "4(2√k/(2√k-R))^d e^{-r/10} = δ at r = 10(ln(4/δ) + d ln(2√k/(2√k-R)))",
            "algebra",
            "all δ, d, R < 2√k",
            lambda: halves_size(10),
            lambda: halves_size(9),
        ),
        Step(
            "cost",
            "ln(2√k/(2√k-R)) = -ln(1-y) ≤ y + y² ≤ 3y/2 at y = R/(2√k), that is 3R/(4√k)",
            "algebra",
            "0 ≤ y ≤ 1/2",
            lambda: cost(1),
            lambda: cost(0),
        ),
        composed("exactly", "each half gives a sum of exactly k vectors, so 2k in all", "counting", _used),
        composed(
            "conclusion",
            f"q = 1/10, ρ = √k, batches of {_batch}",
            "substitution",
            _used,
            "companion.halves",
            "rate",
            "size",
            "cost",
            "exactly",
        ),
        module=__name__,
    )
