"""|||B|||, the largest operator norm of Σ α_k b_k over |α_k| ≤ 1, bracketed by closed forms."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import sympy
from flint import fmpq, fmpq_poly

from theory.common_field import common_field
from theory.exact_matrix import ExactMatrix
from theory.intertwiner import intertwiners
from theory.number_field import Number, rational
from theory.representation import PermutationRepresentation, Representation
from theory.verdict import Verdict, decide_at_most

MOST_ENTRIES = 10_000
"""Sums of more irrational entries than this are taken in their number field."""


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
    entries = [(y, x, value) for matrix in operators for y, row in enumerate(matrix.entries) for x, value in row]
    exact, product, number = _arithmetic({value for _, _, value in entries}, len(entries))
    known = {value: (exact(value), exact(_absolute(value))) for value in {value for _, _, value in entries}}
    zero = exact(0)
    sums: dict[tuple[int, int], Any] = {}
    rows: list[Any] = [zero] * e
    columns: list[Any] = [zero] * d
    constant: list[Any] = [zero] * e
    for y, x, value in entries:
        term, size = known[value]
        sums[y, x] = sums[y, x] + term if (y, x) in sums else term
        rows[y], columns[x], constant[y] = rows[y] + size, columns[x] + size, constant[y] + term
    frobenius = _rational(number(sum((product(value, value) for value in sums.values()), zero))) / min(d, e)
    stretched = _rational(number(sum((product(value, value) for value in constant), zero))) / d
    lower = stretched if decide_at_most(frobenius, stretched) is Verdict.PROVED else frobenius
    return sympy.sqrt(lower), sympy.sqrt(_largest(list(map(number, rows))) * _largest(list(map(number, columns))))


def _arithmetic(values: set[Number], entries: int) -> tuple[Callable[[Number], Any], Callable[[Any, Any], Any], Callable[[Any], Any]]:
    """How to take in a number, multiply two, and give one back: SymPy's numbers, or, where there are many, polynomials in θ modulo its own."""
    if entries <= MOST_ENTRIES or not any(isinstance(value, sympy.Expr) for value in values):
        return lambda value: value, lambda a, b: a * b, lambda value: value
    field = common_field(values)
    modulus = fmpq_poly([fmpq(c.numerator, c.denominator) for c in field.modulus])

    def taken(value: Number) -> fmpq_poly:
        return fmpq_poly([fmpq(c.numerator, c.denominator) for c in field.coordinates(value)])

    def given(value: fmpq_poly) -> Number:
        coordinates = [rational(c) for c in value.coeffs()]
        return field.number(coordinates + [Fraction(0)] * (field.degree - len(coordinates)))

    return taken, lambda a, b: a * b % modulus, given


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
