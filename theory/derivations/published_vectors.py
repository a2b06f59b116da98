"""dacunha2023's theorem on normally scaled normal vectors, from A3: its constant is 40."""

import sympy

from theory.derivation import Step, composed, derive
from theory.positivity import nonnegative
from theory.verdict import Verdict, decide_at_most

s, y = sympy.symbols("s y", positive=True)


def tangent_above(slope: int) -> Verdict:
    """s - ln(1 + `slope`·s) grows from 0 on s ≥ 0, and -y - ln(1-y) grows from 0 on 0 ≤ y ≤ 9/10."""
    right = nonnegative(sympy.together(1 - slope / (1 + slope * s)), {s: (0, sympy.oo)})
    return right & nonnegative(sympy.together(-1 + 1 / (1 - y)), {y: (0, sympy.Rational(9, 10))})


def published_size(constant: int) -> Verdict:
    """With k ≥ `constant`·d³L², L ≥ ln 4, d ≥ 1: (½ln(4/e) - 1/160)k ≥ d(½(ln(160π) - 1) - ln 2 + (3/2)L) + 0.91.

    As 0.91 ≤ 0.91 d and constants are at most L/ln 4 times themselves, it is enough that the left is ≥ a·d·L with a the right's.
    """
    four = sympy.log(4)
    left = (sympy.log(4) - 1) / 2 - sympy.Rational(1, 160)
    constants = (sympy.log(160 * sympy.pi) - 1) / 2 - sympy.log(2) + sympy.Rational(91, 100)
    return decide_at_most(constants / four + sympy.Rational(3, 2), left * constant * four) & decide_at_most(sympy.Integer(0), constants)


def published_bounds(constant: int) -> Verdict:
    """`constant`·d³·ln²4 ≥ 40, 8d for d ≥ 1, so n ≥ k² ≥ 8dk."""
    square = sympy.log(4) ** 2
    return decide_at_most(sympy.Integer(40), constant * square) & decide_at_most(sympy.Integer(8), constant * square)


derive(
    "dacunha2023.mrss",
    Step("tangent", "ln k ≤ k/(80d) + ln(80d) - 1", "algebra", "all k, d: ln(1+s) ≤ s", lambda: tangent_above(1), lambda: tangent_above(2)),
    composed("logarithms", "L = ln(d/ε) ≥ ln(1/ε), ln d, ln 4; d ln √(2πk) ≤ k/160 + (d/2)(ln(160π) - 1 + L)", "monotonicity", "tangent"),
    Step(
        "size", "k ≥ 40 d³L² satisfies A3's hypothesis", "balls", "d ≥ 1, L ≥ ln 4", lambda: published_size(40), lambda: published_size(10)
    ),
    Step("bounds", "k ≥ 40, 8d and n ≥ k² ≥ 8dk", "balls", "d ≥ 1, L ≥ ln 4", lambda: published_bounds(40), lambda: published_bounds(10)),
    composed("norms", "‖z‖₂ ≤ ‖z‖₁ ≤ √k", "triangle inequality"),
    composed("conclusion", "A3 with C = 40", "substitution", "companion.A3", "logarithms", "size", "bounds", "norms"),
    module=__name__,
)
