"""becchetti2022 with constants: subset sums of vectors of independent normal coordinates."""

import sympy

from theory.derivation import Step, composed, derive
from theory.derivations.overlaps import EIGHTH_POWERS, HALF_RANGE, OVERLAPS, TAIL
from theory.positivity import identical, nonnegative
from theory.statement import find_statement
from theory.verdict import Verdict, decide_at_most

k, j, eps, y, d, L, delta = sympy.symbols("k j epsilon y d L delta", positive=True)
HALF = sympy.Rational(1, 2)


def correlated(sign: int) -> Verdict:
    """k² - j² = k²(1 - `sign`·(j/k)²): the determinant for unit scales."""
    return identical(k**2 - j**2, k**2 * (1 - sign * (j / k) ** 2))


def plain_constant(bound: sympy.Expr) -> Verdict:
    """e^{81/64}(exp((1/8)(1/3)·12(e^{1/12}-1)) + e^{-5}) ≤ `bound`."""
    near = sympy.exp(sympy.Rational(1, 24) * 12 * (sympy.exp(sympy.Rational(1, 12)) - 1))
    return decide_at_most(sympy.exp(sympy.Rational(81, 64)) * (near + sympy.exp(-5)), bound)


def plain_shift(bound: sympy.Expr) -> Verdict:
    """(1 + εu)² ≤ `bound` for ε ≤ 1/4, u = √(d/k) ≤ 1/2."""
    return nonnegative(bound - (1 + eps * y) ** 2, {eps: (0, sympy.Rational(1, 4)), y: (0, HALF)})


def quarter_size(share: sympy.Expr) -> Verdict:
    """ln(4) + d ln(4/3) + r ln(3/4) = ln δ at r = (ln(4/δ) + d ln(4/3))/ln(4/3), times `share`."""
    size = share * (sympy.log(4 / delta) + d * L) / L
    return identical(sympy.log(4) + d * L - size * L, sympy.log(delta))


def stated_size(factor: int) -> Verdict:
    """The formula is `factor`·dk·(ln(4/δ) + d ln(4/3))/ln(4/3)."""
    formula = find_statement("becchetti2022.explicit").formula
    assert formula is not None
    third = sympy.log(sympy.Rational(4, 3))
    return identical(formula.subs(third, L), (factor * d * k * (sympy.log(4 / delta) + d * third) / third).subs(third, L))


derive(
    "becchetti2022.explicit",
    Step(
        "correlation",
        "two sums of overlap j have the determinant k²(1 - (j/k)²)",
        "algebra",
        "all j < k",
        lambda: correlated(1),
        lambda: correlated(-1),
    ),
    composed(
        "moments",
        "as companion.vector_hitting with V = k: Q = e^{u²/k}(Σ P(I = j)(1-(j/k)²)^{-d/2} + P(I > k/2)(√(2πk)/(2ε))^d)",
        "second moment",
        "correlation",
    ),
    HALF_RANGE,
    *OVERLAPS,
    composed(
        "near",
        "(4/3)x² ≤ (2/3)x: Σ_{j≤k/2} ≤ E e^{θI} ≤ exp(kp(e^θ-1)), θ = d/(3k) ≤ 1/12, p ≤ 1/(8d), e^θ-1 ≤ 12(e^{1/12}-1)θ",
        "convexity",
        "half range",
        "generating function",
    ),
    EIGHTH_POWERS,
    TAIL,
    Step(
        "shift",
        "(√k + ε√d)²/k ≤ 81/64",
        "algebra",
        "ε ≤ 1/4, 4d ≤ k",
        lambda: plain_shift(sympy.Rational(81, 64)),
        lambda: plain_shift(sympy.Rational(5, 4)),
    ),
    Step(
        "constant", "Q ≤ 4", "balls", "one number", lambda: plain_constant(sympy.Integer(4)), lambda: plain_constant(sympy.Rational(7, 2))
    ),
    composed("one target", "P ≥ 1/4", "transitivity", "moments", "near", "half powers", "tail", "shift", "constant"),
    composed("radius", "‖z‖₂ ≤ √d ≤ √k/2 = ρ/2 gives 2ρ/(2ρ-R) ≤ 4/3", "monotonicity"),
    Step(
        "size",
        "4(4/3)^d(3/4)^r = δ at the stated r; L = ln(4/3)",
        "algebra",
        "all d, δ",
        lambda: quarter_size(sympy.Integer(1)),
        lambda: quarter_size(HALF),
    ),
    Step("formula", "2r batches of 8dk", "algebra", "all parameters", lambda: stated_size(16), lambda: stated_size(8)),
    composed("conclusion", "both halves", "substitution", "companion.halves", "one target", "radius", "size", "formula"),
    module=__name__,
)
