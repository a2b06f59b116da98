"""Exact matrices over the rationals or an algebraic number field, on SymPy's `DomainMatrix`."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import sympy
from sympy.polys.constructor import construct_domain
from sympy.polys.matrices import DomainMatrix

from theory.errors import NotAMatrix

Entry = int | str | Fraction | sympy.Expr
Rows = tuple[tuple[sympy.Expr, ...], ...]


def exact_rows(rows: Sequence[Sequence[Entry]], where: str) -> Rows:
    """The rows `[d, d]` as SymPy numbers; raises `NotAMatrix` unless they form an exact real invertible square matrix."""
    entries = tuple(tuple(_entry(entry, where) for entry in row) for row in rows)
    if not entries or any(len(row) != len(entries) for row in entries):
        raise NotAMatrix(f"{where}: {[len(row) for row in entries]} entries per row; a square matrix was expected.")
    return entries


def _entry(entry: Entry, where: str) -> sympy.Expr:
    try:
        number: Any = sympy.Rational(entry.numerator, entry.denominator) if isinstance(entry, Fraction) else sympy.sympify(entry)
    except sympy.SympifyError as error:
        raise NotAMatrix(f"{where}: the entry {entry!r} is not a number; write an int, a Fraction, or a SymPy number.") from error
    if isinstance(entry, bool | float | complex) or (isinstance(number, sympy.Expr) and number.atoms(sympy.Float)):
        raise NotAMatrix(f"{where}: the entry {entry!r} is not exact; write an int, a Fraction, or a SymPy number such as sqrt(2)/2.")
    if not (isinstance(number, sympy.Expr) and number.is_number and number.is_real and number.is_finite):
        raise NotAMatrix(f"{where}: the entry {entry!r} is not a real number.")
    return number


def domain_matrices(matrices: Sequence[Rows]) -> tuple[DomainMatrix, ...]:
    """Several matrices over one exact field: the rationals where possible, else the number field their entries generate."""
    flat = [entry for rows in matrices for row in rows for entry in row]
    field, elements = construct_domain(flat, field=True, extension=True)
    result, position = [], 0
    for rows in matrices:
        d = len(rows)
        block = [elements[position + i * d : position + (i + 1) * d] for i in range(d)]
        result.append(DomainMatrix(block, (d, d), field))
        position += d * d
    return tuple(result)


def null_space(constraints: DomainMatrix) -> DomainMatrix:
    """A basis of {v : constraints · v = 0}, one vector a row, in reduced row echelon form (hence canonical)."""
    return constraints.to_field().nullspace().to_field().rref()[0]


def permutation_rows(images: Sequence[int]) -> Rows:
    """The 0/1 matrix P with P[images[i], i] = 1."""
    d = len(images)
    columns = {(target, source) for source, target in enumerate(images)}
    return tuple(tuple(sympy.Integer(int((i, j) in columns)) for j in range(d)) for i in range(d))
