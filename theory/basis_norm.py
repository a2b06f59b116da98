"""|||B|||, the largest operator norm of Σ α_k b_k over |α_k| ≤ 1, bracketed by closed forms."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import sympy

from theory.exact_matrix import ExactMatrix
from theory.intertwiner import intertwiners
from theory.number_field import Number
from theory.representation import PermutationRepresentation, Representation
from theory.verdict import Verdict, decide_at_most


def norm_bounds(
    domain: Representation, codomain: Representation, operators: Sequence[ExactMatrix] | None = None
) -> tuple[sympy.Expr, sympy.Expr]:
    """Exact numbers lower ≤ |||B||| ≤ upper for these operators V → W, or for the basis that `intertwiners` computes.

    For orbits of permutation representations both are √(dim V · dim W): the indicators are non-negative and sum to the all-ones matrix.
    Otherwise √(largest row sum · largest column sum) of Σ |b_k| above, and below, for A = Σ b_k, the larger of ‖A‖_F/√min(dim V, dim W)
    and ‖A·1‖/‖1‖.
    """
    d, e = domain.dimension, codomain.dimension
    if operators is None:
        if isinstance(domain, PermutationRepresentation) and isinstance(codomain, PermutationRepresentation):
            size = sympy.sqrt(d * e)
            return size, size
        operators = intertwiners(domain, codomain)
    sums: dict[tuple[int, int], Any] = {}
    rows: list[Any] = [0] * e
    columns: list[Any] = [0] * d
    constant: list[Any] = [0] * e
    for matrix in operators:
        for y, row in enumerate(matrix.entries):
            for x, value in row:
                sums[y, x] = sums.get((y, x), 0) + value
                size = _absolute(value)
                rows[y], columns[x], constant[y] = rows[y] + size, columns[x] + size, constant[y] + value
    frobenius = _rational(sum(value * value for value in sums.values())) / min(d, e)
    stretched = _rational(sum(value * value for value in constant)) / d
    lower = stretched if decide_at_most(frobenius, stretched) is Verdict.PROVED else frobenius
    return sympy.sqrt(lower), sympy.sqrt(_largest(rows) * _largest(columns))


def _rational(value: Any) -> sympy.Expr:
    return sympy.Rational(value.numerator, value.denominator) if isinstance(value, int | Fraction) else sympy.sympify(value)


def _absolute(value: Number) -> Any:
    if isinstance(value, sympy.Expr):
        return -value if value.is_negative else value
    return abs(value)


def _largest(values: list[Any]) -> sympy.Expr:
    """The largest of exact non-negative numbers; floating point chooses, so that near ties may be resolved upwards by adding 2⁻⁴⁰."""
    if all(not isinstance(value, sympy.Expr) for value in values):
        return sympy.sympify(max(values))
    best = max(values, key=float)
    return sympy.sympify(best) + (0 if all(value == best for value in values) else sympy.Rational(1, 2**40))
