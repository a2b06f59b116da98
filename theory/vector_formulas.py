"""Sample sizes for random subset sums of normally scaled normal vectors by the formulas of statements, and the number needed at least."""

from fractions import Fraction
from itertools import count
from typing import Any

import sympy

import theory.statements.vectors  # noqa: F401
from theory.errors import OutOfRange
from theory.statement import find_statement
from theory.subset_sum import Number
from theory.verdict import Verdict, ceiling, decide_at_most, exact

FINEST = Fraction(1, 4)


def checked(dimension: int, epsilon: Number, delta: Number) -> tuple[Fraction, Fraction]:
    """ε and δ as fractions; raises `OutOfRange` for a dimension, an accuracy or a probability outside its domain."""
    eps, failure = exact(epsilon), exact(delta)
    if isinstance(dimension, bool) or not isinstance(dimension, int) or dimension < 1:
        raise OutOfRange(f"dimension = {dimension!r}; vectors have a positive number of coordinates.")
    if not 0 < eps < 1:
        raise OutOfRange(f"epsilon = {epsilon}; an accuracy 0 < ε < 1 was expected.")
    if not 0 < failure < 1:
        raise OutOfRange(f"delta = {delta}; a probability 0 < δ < 1 was expected.")
    return Fraction(str(eps)), Fraction(str(failure))


def _side(dimension: int, k: int, statement: str) -> tuple[sympy.Expr, sympy.Expr]:
    """What the hypothesis of companion.A3 or companion.A3_root has on the left, and the constant on its right."""
    d, half = sympy.Integer(dimension), sympy.Rational(k, 2)
    if statement == "A3":
        return half * (sympy.log(4 * d) - 1), sympy.Rational(91, 100)
    return half * (sympy.log(2 + 2 * sympy.sqrt(d)) - sympy.Rational(1, 16)), sympy.Rational(11, 10)


def least_subset(dimension: int, epsilon: Number, statement: str = "A3") -> int:
    """The least k that satisfies the hypotheses of companion.A3 or companion.A3_root: k ≥ max(40, 4d), and enough k-subsets."""
    eps, _ = checked(dimension, epsilon, "1/2")
    if eps > FINEST:
        raise OutOfRange(f"epsilon = {epsilon}; companion.{statement} is stated for 0 < ε ≤ 1/4.")

    def enough(k: int) -> bool:
        left, constant = _side(dimension, k, statement)
        wanted = dimension * sympy.log(sympy.sqrt(2 * sympy.pi * k) / (2 * exact(eps))) + constant
        return decide_at_most(wanted, left) is Verdict.PROVED

    return next(k for k in count(max(40, 4 * dimension)) if enough(k))


def batch(dimension: int, k: int, statement: str) -> int:
    """The vectors of one batch by companion.A3 or companion.A3_root, rounded up."""
    formula = find_statement(f"companion.{statement}").formula
    assert formula is not None
    return ceiling(at(formula, {"d": dimension, "k": k}))


def at(formula: sympy.Expr, values: dict[str, Any]) -> sympy.Expr:
    """A formula with the values of its symbols."""
    return formula.subs({symbol: values[str(symbol)] for symbol in formula.free_symbols})


def in_batches(formula: sympy.Expr, dimension: int, k: int, statement: str, halves: int) -> int:
    """A formula for so many halves of batches of companion.A3 or companion.A3_root, batches and their vectors rounded up."""
    unit = find_statement(f"companion.{statement}").formula
    assert unit is not None
    batches = ceiling(formula / (halves * at(unit, {"d": dimension, "k": k})))
    return halves * batch(dimension, k, statement) * batches


FORMULAS: dict[str, tuple[str, Fraction, int]] = {
    "A3'": ("A3", Fraction(2, 3), 1),
    "A3_all": ("A3", Fraction(1, 2), 2),
    "A3_root_all": ("A3_root", Fraction(1, 2), 2),
}
"""For each statement on all targets: the one it amplifies, the share of ε that each sum may have, and the halves that are added."""


def closed_form(name: str, dimension: int, epsilon: Number, delta: Number) -> int:
    """Vectors by the formula of a statement of `FORMULAS`, for [-1, 1]^d within ε: A3 or A3_root at 2ε/3 or ε/2, batches rounded up."""
    eps, _ = checked(dimension, epsilon, delta)
    statement, share, halves = FORMULAS[name]
    inner = eps * share
    k = least_subset(dimension, inner, statement)
    formula = find_statement(f"companion.{name}").formula
    assert formula is not None
    values = {"d": dimension, "k": k, "epsilon": exact(inner), "delta": exact(delta), "R": sympy.sqrt(dimension)}
    return in_batches(at(formula, values), dimension, k, statement, halves)


def needed_vectors(dimension: int, epsilon: Number, delta: Number) -> int:
    """Vectors needed at least to hit z = (1, ..., 1), and so for all of [-1, 1]^d (companion.vector_counting)."""
    checked(dimension, epsilon, delta)
    formula = find_statement("companion.vector_counting").formula
    assert formula is not None
    values = {"d": dimension, "epsilon": exact(epsilon), "delta": exact(delta)}
    return max(1, ceiling(at(formula, values)))


def fields_needed(samples: int, channels_in: int, delta: Number) -> int:
    """⌈2N + a + √(4aN + a²)⌉ hidden fields per input channel, a = ln(4 n_in/δ): N of each sign (companion.structured_layer)."""
    a = sympy.log(4 * channels_in / exact(delta))
    return ceiling(2 * samples + a + sympy.sqrt(4 * a * samples + a**2))
