"""|||B|||, the largest operator norm of Σ α_k b_k over |α_k| ≤ 1, bracketed by closed forms."""

from typing import Any

import sympy

from theory.intertwiner import intertwiners
from theory.number_field import Number
from theory.representation import PermutationRepresentation, Representation


def norm_bounds(domain: Representation, codomain: Representation) -> tuple[sympy.Expr, sympy.Expr]:
    """Exact numbers lower ≤ |||B||| ≤ upper for the basis that `intertwiners` computes.

    For permutation representations both are √(dim V · dim W): the orbit indicators are non-negative and sum to the all-ones matrix. Otherwise
    ‖A‖_F/√min(dim V, dim W) for A = Σ b_k below, and √(largest row sum · largest column sum) of Σ |b_k| above.
    """
    d, e = domain.dimension, codomain.dimension
    if isinstance(domain, PermutationRepresentation) and isinstance(codomain, PermutationRepresentation):
        size = sympy.sqrt(d * e)
        return size, size
    sums: dict[tuple[int, int], Any] = {}
    rows: list[Any] = [0] * e
    columns: list[Any] = [0] * d
    for matrix in intertwiners(domain, codomain):
        for y, row in enumerate(matrix.entries):
            for x, value in row:
                sums[y, x] = sums.get((y, x), 0) + value
                size = _absolute(value)
                rows[y], columns[x] = rows[y] + size, columns[x] + size
    frobenius = sympy.sympify(sum(value * value for value in sums.values()))
    return sympy.sqrt(frobenius / min(d, e)), sympy.sqrt(_largest(rows) * _largest(columns))


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
