"""Square matrices over a number field for long products: integers in powers of θ over one denominator, multiplied by flint."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import gcd, lcm

from flint import fmpz_mat, fmpz_poly

from theory.exact_matrix import Blocks, ExactMatrix, coordinates, identity_matrix
from theory.number_field import Coordinates, NumberField


@dataclass(frozen=True)
class Reduction:
    """θ^(m + j) = Σ_i rows[j][i] θ^i / denominator for 0 ≤ j < m - 1, m the degree of the field."""

    field: NumberField

    @cached_property
    def powers(self) -> tuple[list[list[int]], int]:
        """(rows, denominator)."""
        m, modulus = self.field.degree, self.field.modulus
        power, found = [-c for c in modulus[:-1]], []
        for _ in range(m - 1):
            found.append(power)
            power = [low - power[-1] * c for low, c in zip([Fraction(0), *power[:-1]], modulus[:-1], strict=True)]
        denominator = lcm(*(c.denominator for row in found for c in row))
        return [[int(c * denominator) for c in row] for row in found], denominator


class FieldMatrix:
    """Σ parts[i] θ^i / denominator in lowest terms, so that equal matrices have equal parts; the product is exact."""

    def __init__(self, reduction: Reduction, parts: Sequence[fmpz_mat], denominator: int) -> None:
        common = denominator
        for part in parts:
            common = gcd(common, int(fmpz_poly(part.entries()).content())) if common > 1 else 1
        self.reduction, self.denominator = reduction, denominator // common
        self.parts = [part / common if common > 1 else part for part in parts]

    @staticmethod
    def of(matrix: ExactMatrix, reduction: Reduction) -> "FieldMatrix":
        """The same matrix."""
        return FieldMatrix.of_coordinates(coordinates(matrix, reduction.field), matrix.columns, reduction)

    @staticmethod
    def of_coordinates(rows: Sequence[dict[int, Coordinates]], columns: int, reduction: Reduction) -> "FieldMatrix":
        """From the non-zero entries of each row in powers of θ."""
        # Numbers are told apart by identity: few are distinct objects, and hashing fractions takes longer than looking them up.
        distinct = {id(number): number for row in rows for number in row.values()}
        denominator = lcm(*(c.denominator for number in distinct.values() for c in number))
        integers = {key: [int(c * denominator) for c in number] for key, number in distinct.items()}
        parts = [fmpz_mat(len(rows), columns) for _ in range(reduction.field.degree)]
        for y, row in enumerate(rows):
            for x, number in row.items():
                for part, c in zip(parts, integers[id(number)], strict=True):
                    if c:
                        part[y, x] = c
        return FieldMatrix(reduction, parts, denominator)

    def __mul__(self, other: "FieldMatrix") -> "FieldMatrix":
        m = len(self.parts)
        products = [fmpz_mat(self.parts[0].nrows(), other.parts[0].ncols()) for _ in range(2 * m - 1)]
        kept = [i for i, part in enumerate(other.parts) if not part.is_zero()]
        for i, part in enumerate(self.parts):
            if not part.is_zero():
                for j in kept:
                    products[i + j] += part * other.parts[j]
        rows, scale = self.reduction.powers
        parts = [scale * product for product in products[:m]]
        for row, product in zip(rows, products[m:], strict=True):
            for i, c in enumerate(row):
                if c:
                    parts[i] += c * product
        return FieldMatrix(self.reduction, parts, self.denominator * other.denominator * scale)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FieldMatrix) and self.denominator == other.denominator and self.parts == other.parts

    def __hash__(self) -> int:
        return hash((self.denominator, *(tuple(map(int, part.entries())) for part in self.parts)))

    def inverse(self, matrix: ExactMatrix) -> "FieldMatrix":
        """The inverse, `matrix` being this one; raises `ZeroDivisionError` if it is singular."""
        if self * self.transpose() == self.one:
            return self.transpose()
        blocks, m = Blocks([], self.reduction.field), len(self.parts)
        inverse = blocks.matrix(matrix).inv()
        denominator = lcm(*(int(c.q) for c in inverse.entries()))
        parts = [fmpz_mat(self.size, self.size) for _ in range(m)]
        for y in range(self.size):
            for x in range(self.size):
                for i, part in enumerate(parts):
                    c = inverse[y * m + i, x * m]
                    part[y, x] = int(c.p) * (denominator // int(c.q))
        return FieldMatrix(self.reduction, parts, denominator)

    @property
    def size(self) -> int:
        """Rows, and columns."""
        return self.parts[0].nrows()

    @property
    def one(self) -> "FieldMatrix":
        """The identity."""
        return FieldMatrix.of(identity_matrix(self.size), self.reduction)

    def transpose(self) -> "FieldMatrix":
        """Rows and columns exchanged."""
        return FieldMatrix(self.reduction, [part.transpose() for part in self.parts], self.denominator)

    def at(self, i: int, j: int) -> list[Fraction]:
        """Entry (i, j) in powers of θ."""
        return [Fraction(int(part[i, j]), self.denominator) for part in self.parts]

    @property
    def trace(self) -> list[Fraction]:
        """The trace in powers of θ."""
        return [Fraction(sum(int(part[i, i]) for i in range(part.nrows())), self.denominator) for part in self.parts]
