"""The potential ψ(v) = (1-v)/v contracts by 1 - κ/2 in mean: the chord bound on both halves of (0, 1]."""

import sympy

from theory.derivation import Step, composed, derive
from theory.positivity import identical, nonnegative
from theory.verdict import Verdict

v, s, kappa = sympy.symbols("v s kappa", positive=True)
ONE, HALF = sympy.Integer(1), sympy.Rational(1, 2)


def psi(x: sympy.Expr) -> sympy.Expr:
    """(1-x)/x."""
    return (1 - x) / x


def chord_below(reach: sympy.Expr | int) -> Verdict:
    """ψ(v + d) ≤ ψ(v) - d/(2v²) for d = s·v, 0 ≤ s ≤ `reach`: after multiplying by v no v is left, so all v > 0 are covered."""
    slack = sympy.cancel((psi(v) - s * v / (2 * v**2) - psi(v + s * v)) * v)
    return nonnegative(slack, {s: (0, reach)}) if not slack.has(v) else Verdict.UNDECIDED


def chord_above(power: int) -> Verdict:
    """ψ(v + d) ≤ ψ(v)(1 - d/(1-v))^`power` for d = s(1-v), 0 ≤ s ≤ 1, 1/2 ≤ v ≤ 1."""
    slack = sympy.cancel((psi(v) * (1 - s) ** power - psi(v + s * (1 - v))) * v / (1 - v))
    return nonnegative(slack, {v: (HALF, 1), s: (0, 1)})


def mean_below(factor: sympy.Expr) -> Verdict:
    """ψ(v) - κ v(1-v)/(2v²) = `factor`·ψ(v)."""
    return identical(psi(v) - kappa * v * (1 - v) / (2 * v**2), factor * psi(v))


def mean_above(factor: sympy.Expr) -> Verdict:
    """1 - κ v(1-v)/(1-v) ≤ `factor` for 1/2 ≤ v ≤ 1, 0 ≤ κ ≤ 1."""
    return nonnegative(sympy.cancel(factor - (1 - kappa * v * (1 - v) / (1 - v))), {v: (HALF, 1), kappa: (0, 1)})


derive(
    "companion.potential",
    Step(
        "chord below",
        "ψ(v') ≤ ψ(v) - (v'-v)/(2v²) for v ≤ v' ≤ 2v",
        "algebra",
        "all v > 0, v ≤ v' ≤ 2v",
        lambda: chord_below(1),
        lambda: chord_below(2),
    ),
    Step(
        "mean below",
        "ψ(v) - κ v(1-v)/(2v²) = (1 - κ/2) ψ(v)",
        "algebra",
        "all v > 0, all κ",
        lambda: mean_below(1 - kappa / 2),
        lambda: mean_below(1 - kappa),
    ),
    composed("growth phase", "E ψ(v') ≤ (1 - κ/2) ψ(v) if v ≤ 1/2, as 2v ≤ 1", "tower", "chord below", "mean below"),
    Step(
        "chord above",
        "ψ(v') ≤ ψ(v)(1-v')/(1-v) for v ≤ v' ≤ 1",
        "algebra",
        "1/2 ≤ v ≤ v' ≤ 1",
        lambda: chord_above(1),
        lambda: chord_above(2),
    ),
    Step(
        "mean above",
        "1 - κ v ≤ 1 - κ/2",
        "algebra",
        "1/2 ≤ v ≤ 1, 0 ≤ κ ≤ 1",
        lambda: mean_above(1 - kappa / 2),
        lambda: mean_above(1 - kappa),
    ),
    composed("filling phase", "E ψ(v') ≤ (1 - κ/2) ψ(v) if v ≥ 1/2", "tower", "chord above", "mean above"),
    composed("conclusion", "E ψ(v') ≤ (1 - κ/2) ψ(v)", "cases", "growth phase", "filling phase"),
    module=__name__,
)
