"""Exact sparse matrices over the rationals or a real number field, with python-flint doing the arithmetic."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import sympy
from flint import fmpq, fmpq_mat

from theory.common_field import common_field
from theory.errors import NotAlgebraic, NotAMatrix
from theory.number_field import Coordinates, Number, NumberField, plain

Entry = int | str | Fraction | sympy.Expr
Rows = tuple[tuple[sympy.Expr, ...], ...]


@dataclass(frozen=True)
class ExactMatrix:
    """A matrix `[len(entries), columns]`: `entries[i]` lists the pairs (j, value) of row i whose value is not written 0, j increasing."""

    entries: tuple[tuple[tuple[int, Number], ...], ...]
    columns: int

    @staticmethod
    def of(rows: Sequence[Sequence[Number]], columns: int | None = None) -> "ExactMatrix":
        """From dense rows."""
        sparse = tuple(tuple((j, plain(x)) for j, x in enumerate(row) if x != 0) for row in rows)
        return ExactMatrix(sparse, len(rows[0]) if columns is None else columns)

    @staticmethod
    def permutation(images: Sequence[int], signs: Sequence[int] | None = None) -> "ExactMatrix":
        """The matrix that sends basis vector i to ±1 times basis vector images[i]."""
        entries: list[Any] = [()] * len(images)
        for source, target in enumerate(images):
            entries[target] = ((source, 1 if signs is None else signs[source]),)
        return ExactMatrix(tuple(entries), len(images))

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.entries), self.columns

    def numbers(self) -> Iterable[Number]:
        """The values of the listed entries."""
        return (value for row in self.entries for _, value in row)

    @cached_property
    def rows(self) -> Rows:
        """The dense rows as SymPy numbers."""
        dense = []
        for row in self.entries:
            values: list[sympy.Expr] = [sympy.Integer(0)] * self.columns
            for j, value in row:
                values[j] = sympy.Rational(value.numerator, value.denominator) if isinstance(value, int | Fraction) else value
            dense.append(tuple(values))
        return tuple(dense)

    def transpose(self) -> "ExactMatrix":
        """Rows and columns exchanged."""
        columns: list[list[tuple[int, Number]]] = [[] for _ in range(self.columns)]
        for i, row in enumerate(self.entries):
            for j, value in row:
                columns[j].append((i, value))
        return ExactMatrix(tuple(map(tuple, columns)), len(self.entries))

    def signs_of_permutation(self) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
        """(images, signs) if the matrix permutes the basis vectors up to sign, else None."""
        columns = self.transpose().entries
        if any(len(column) != 1 or column[0][1] not in (1, -1) for column in columns):
            return None
        images = tuple(column[0][0] for column in columns)
        return (images, tuple(int(column[0][1]) for column in columns)) if len(set(images)) == len(self.entries) == len(images) else None  # pyright: ignore[reportArgumentType]


def identity_matrix(size: int) -> ExactMatrix:
    """The identity."""
    return ExactMatrix.permutation(range(size))


def direct_sum(a: ExactMatrix, b: ExactMatrix) -> ExactMatrix:
    """The block diagonal matrix."""
    lower = tuple(tuple((a.columns + j, value) for j, value in row) for row in b.entries)
    return ExactMatrix(a.entries + lower, a.columns + b.columns)


def kronecker(a: ExactMatrix, b: ExactMatrix) -> ExactMatrix:
    """The tensor product, index i·dim + j."""
    rows = tuple(
        tuple((i * b.columns + j, plain(_times(x, y))) for i, x in upper for j, y in lower) for upper in a.entries for lower in b.entries
    )
    return ExactMatrix(rows, a.columns * b.columns)


def _times(x: Number, y: Number) -> Number:
    product: Any = x * y
    return product.expand() if isinstance(x, sympy.Expr) and isinstance(y, sympy.Expr) else product


def kronecker_sum(a: ExactMatrix, b: ExactMatrix) -> ExactMatrix:
    """a ⊗ 1 + 1 ⊗ b: how a Lie algebra acts on a tensor product."""
    rows, size = [], b.columns
    for i, upper in enumerate(a.entries):
        for j, lower in enumerate(b.entries):
            row: dict[int, Any] = {}
            for k, x in upper:
                row[k * size + j] = x
            for k, y in lower:
                row[i * size + k] = row.get(i * size + k, 0) + y
            rows.append(tuple((k, plain(x)) for k, x in sorted(row.items()) if x != 0))
    return ExactMatrix(tuple(rows), a.columns * size)


def combination(coefficients: Sequence[Number], matrices: Sequence[ExactMatrix]) -> ExactMatrix:
    """Σ c_i A_i for at least one matrix."""
    rows: list[dict[int, Any]] = [{} for _ in matrices[0].entries]
    for c, matrix in zip(coefficients, matrices, strict=True):
        for total, row in zip(rows, matrix.entries, strict=True):
            for j, value in row if c != 0 else ():
                total[j] = total.get(j, 0) + _times(c, value)
    return ExactMatrix(tuple(tuple((j, plain(x)) for j, x in sorted(row.items()) if x != 0) for row in rows), matrices[0].columns)


class Blocks:
    """Matrices over one number field as rational ones, which flint multiplies and inverts: an entry becomes its matrix of multiplication."""

    def __init__(self, matrices: Iterable[ExactMatrix], field: NumberField | None = None) -> None:
        self.field: NumberField = field or common_field(number for matrix in matrices for number in matrix.numbers())
        self._cache: dict[Number, list[list[fmpq]]] = {}

    def block(self, number: Number) -> list[list[fmpq]]:
        """The matrix of multiplication by a number in the basis 1, θ, θ², ..."""
        if number not in self._cache:
            column, columns, modulus = list(self.field.coordinates(number)), [], self.field.modulus
            for _ in range(self.field.degree):
                columns.append(column)
                top = column[-1]
                column = [low - top * c for low, c in zip([Fraction(0), *column[:-1]], modulus[:-1], strict=True)]
            self._cache[number] = [[fmpq(c[i].numerator, c[i].denominator) for c in columns] for i in range(self.field.degree)]
        return self._cache[number]

    def matrix(self, matrix: ExactMatrix) -> fmpq_mat:
        """The block matrix."""
        m = self.field.degree
        result = fmpq_mat(len(matrix.entries) * m, matrix.columns * m)
        for i, row in enumerate(matrix.entries):
            for j, value in row:
                block = self.block(value)
                for a in range(m):
                    for b in range(m):
                        if block[a][b] != 0:
                            result[i * m + a, j * m + b] = block[a][b]
        return result

    def exact(self, matrix: fmpq_mat) -> ExactMatrix:
        """The matrix whose block matrix this is."""
        m, rows = self.field.degree, []
        for i in range(matrix.nrows() // m):
            row = []
            for j in range(matrix.ncols() // m):
                coordinates = [matrix[i * m + a, j * m] for a in range(m)]
                if any(c != 0 for c in coordinates):
                    row.append((j, self.field.number([Fraction(int(c.p), int(c.q)) for c in coordinates])))
            rows.append(tuple(row))
        return ExactMatrix(tuple(rows), matrix.ncols() // m)


def inverse(matrix: ExactMatrix) -> ExactMatrix:
    """The inverse; raises `NotAMatrix` for a singular matrix."""
    blocks = Blocks([matrix])
    try:
        return blocks.exact(blocks.matrix(matrix).inv())
    except ZeroDivisionError:
        raise NotAMatrix("a singular matrix has no inverse.") from None


def product(*matrices: ExactMatrix) -> ExactMatrix:
    """The product of at least one matrix, from left to right."""
    blocks = Blocks(matrices)
    total = blocks.matrix(matrices[0])
    for matrix in matrices[1:]:
        total = total * blocks.matrix(matrix)
    return blocks.exact(total)


def is_singular(matrix: ExactMatrix) -> bool:
    """Whether the determinant is 0; not known to be, for numbers that are not seen to be algebraic."""
    if matrix.signs_of_permutation() is not None:
        return False
    try:
        return Blocks([matrix]).matrix(matrix).det() == 0
    except NotAlgebraic:
        return False


def canonical(matrix: ExactMatrix) -> ExactMatrix:
    """Equal matrices over one field become equal values, whatever the form of their numbers; others are left as they are."""
    try:
        field = common_field(matrix.numbers())
    except NotAlgebraic:
        return matrix
    rows = (((j, field.number(field.coordinates(value))) for j, value in row) for row in matrix.entries)
    return ExactMatrix(tuple(tuple((j, value) for j, value in row if value != 0) for row in rows), matrix.columns)


def coordinates(matrix: ExactMatrix, field: NumberField) -> list[dict[int, Coordinates]]:
    """The non-zero entries of each row in powers of θ."""
    known = {value: field.coordinates(value) for value in set(matrix.numbers())}
    return [{j: known[value] for j, value in row if any(known[value])} for row in matrix.entries]


def exact_matrix(rows: Sequence[Sequence[Entry]], where: str) -> ExactMatrix:
    """A matrix from what a user writes; raises `NotAMatrix` unless the entries are exact and real and the matrix is square."""
    return ExactMatrix.of(exact_rows(rows, where))


def exact_rows(rows: Sequence[Sequence[Entry]], where: str) -> Rows:
    """The rows `[d, d]` as SymPy numbers; raises `NotAMatrix` unless they form an exact real square matrix."""
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
