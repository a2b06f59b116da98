"""Bases of general matrices: exact operators, and rigorous brackets of their norm."""

from collections.abc import Iterable
from fractions import Fraction
from itertools import product

import numpy as np
import sympy

from numerics.operator_norm import spectral_norm_bounds, sqrt_up
from theory.exact_matrix import ExactMatrix
from theory.intertwiner import intertwiners
from theory.number_field import Number
from theory.representation import Representation
from theory.verdict import enclosure

SIGN_ENUMERATION_LIMIT = 12
ROUNDING_BITS = 100
Operators = tuple[tuple[tuple[Number, ...], ...], ...]


def exact_operators(domain: Representation, codomain: Representation) -> Operators:
    """A complete basis of Hom_G(V, W), dense; entries are Fractions where they are rational, else SymPy numbers."""
    return dense_operators(intertwiners(domain, codomain))


def dense_operators(matrices: Iterable[ExactMatrix]) -> Operators:
    """The same for given operators."""
    operators = []
    for matrix in matrices:
        rows: list[list[Number]] = [[Fraction(0)] * matrix.columns for _ in matrix.entries]
        for y, row in enumerate(matrix.entries):
            for x, value in row:
                rows[y][x] = Fraction(value) if isinstance(value, int) else value
        operators.append(tuple(map(tuple, rows)))
    return tuple(operators)


def norm_bounds(operators: Operators) -> tuple[Fraction, Fraction]:
    """Rationals lower ≤ |||B||| ≤ upper, the largest operator norm of Σ α_k b_k over |α_k| ≤ 1.

    The maximum of a convex function over a cube sits at a sign vector: all of them up to K = 12, beyond that the Frobenius norm of
    Σ|b_k| above and one sign vector below. Irrational entries are rounded to multiples of 2⁻¹⁰⁰, and the bounds widened accordingly.
    """
    if not operators:
        return Fraction(0), Fraction(0)
    matrices = [np.array([[_rounded(entry) for entry in row] for row in matrix], dtype=object) for matrix in operators]
    rational = all(isinstance(entry, int | Fraction) for matrix in operators for row in matrix for entry in row)
    slack = Fraction(0) if rational else Fraction(len(operators) * matrices[0].size, 1 << ROUNDING_BITS)
    if len(operators) <= SIGN_ENUMERATION_LIMIT:
        signs = [(1, *rest) for rest in product((1, -1), repeat=len(operators) - 1)]
        brackets = [spectral_norm_bounds(np.sum([s * b for s, b in zip(sign, matrices, strict=True)], axis=0)) for sign in signs]
        lower, upper = max(low for low, _ in brackets), max(high for _, high in brackets)
    else:
        lower, _ = spectral_norm_bounds(np.sum(matrices, axis=0))
        absolute = np.sum([np.abs(b) for b in matrices], axis=0)
        upper = sqrt_up(sum((entry * entry for entry in absolute.flat), Fraction(0)))
    return max(Fraction(0), lower - slack), upper + slack


def _rounded(entry: Number) -> Fraction:
    """A rational within 2⁻¹⁰⁰ of an entry; itself if it is rational."""
    if not isinstance(entry, sympy.Expr):
        return Fraction(entry)
    bits = 2 * ROUNDING_BITS
    while True:
        lower, upper = enclosure(entry, bits)
        if (upper - lower) * (1 << ROUNDING_BITS + 2) <= 1:
            return Fraction(round(lower * (1 << ROUNDING_BITS + 2)), 1 << ROUNDING_BITS + 2)
        bits *= 2
