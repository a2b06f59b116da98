"""Canonical upper bounds of operator norms in integers."""

from fractions import Fraction
from math import isqrt

Matrix = list[list[int]]


def integer_root_up(value: int) -> int:
    """The least integer that is at least √value."""
    root = isqrt(value)
    return root if root * root == value else root + 1


def root_up(value: Fraction) -> Fraction:
    """The least multiple of 2⁻⁶⁴ that is at least √value."""
    return Fraction(integer_root_up(-((-value.numerator << 128) // value.denominator)), 1 << 64)


def up(value: Fraction) -> Fraction:
    """The least multiple of 2⁻⁶⁴ that is at least `value`."""
    return Fraction(-((-value.numerator << 64) // value.denominator), 1 << 64)


def add_product(total: Matrix, left: Matrix, right_rows: Matrix, times: int) -> None:
    """total += times · left · rightᵀ, with `right_rows` the rows of right."""
    for row, target in zip(left, total, strict=True):
        for j, other in enumerate(right_rows):
            target[j] += times * sum(map(int.__mul__, row, other))


def zeros(n: int) -> Matrix:
    """An n × n matrix of zeros."""
    return [[0] * n for _ in range(n)]


def first_pairs(table: list[list[int]]) -> list[tuple[int, int]]:
    """The first pair of each orbit, row by row."""
    found: dict[int, tuple[int, int]] = {}
    for y, row in enumerate(table):
        for z, label in enumerate(row):
            found.setdefault(label, (y, z))
    return [found[label] for label in sorted(found)]


def operator_norm(parts: list[list[Matrix]], labels: list[list[int]], pairs: list[list[int]], scale_bits: int, squarings: int) -> Fraction:
    """The canonical upper bound of ‖[A_1 A_2 ...]‖, A_i = 2^-scale_bits Σ_k parts[i][k] ⊗ (indicator of label k).

    G = Σ A_i A_iᵀ is squared `squarings` times (eight, fewer where that would take long), its entries rounded down to 64 bits before each
    squaring; ‖G‖ ≤ (‖G²‖ rounded)^{1/2} plus the size of the matrix for what rounding lost. The last one is bounded by its Frobenius norm
    or by the largest sum over a row of blocks of the Frobenius norms of the blocks, whichever is less.
    """
    n = len(parts[0][0])
    gram = []
    for y, z in first_pairs(pairs):
        block = zeros(n)
        counts: dict[tuple[int, int], int] = {}
        for k, m in zip(labels[y], labels[z], strict=True):
            if k >= 0 and m >= 0:
                counts[k, m] = counts.get((k, m), 0) + 1
        for (k, m), times in counts.items():
            for part in parts:
                add_product(block, part[k], part[m], times)
        gram.append(block)
    return root_up(symmetric_norm(gram, pairs, n * len(pairs), squarings) / (1 << 2 * scale_bits))


def symmetric_norm(blocks: list[Matrix], pairs: list[list[int]], size: int, squarings: int) -> Fraction:
    """The canonical upper bound of the norm of a symmetric Σ_m blocks[m] ⊗ (indicator of orbit m)."""
    largest = max(abs(entry) for block in blocks for row in block for entry in row)
    if largest == 0:
        return Fraction(0)
    shift = largest.bit_length() - 64
    move = (lambda e: e >> shift) if shift > 0 else (lambda e: e << -shift)
    blocks = [[[move(entry) for entry in row] for row in block] for block in blocks]
    if squarings == 0:
        squares = [sum(entry * entry for row in block for entry in row) for block in blocks]
        roots = [integer_root_up(square) for square in squares]
        frobenius = integer_root_up(sum(squares[label] for line in pairs for label in line))
        inner = Fraction(min(frobenius, max(sum(roots[label] for label in line) for line in pairs)))
    else:
        transposes = [[list(column) for column in zip(*block, strict=True)] for block in blocks]
        squares = []
        for y, z in first_pairs(pairs):
            block = zeros(len(blocks[0]))
            counts: dict[tuple[int, int], int] = {}
            for k, m in zip(pairs[y], (line[z] for line in pairs), strict=True):
                counts[k, m] = counts.get((k, m), 0) + 1
            for (k, m), times in counts.items():
                add_product(block, blocks[k], transposes[m], times)
            squares.append(block)
        bound = symmetric_norm(squares, pairs, size, squarings - 1)
        inner = Fraction(integer_root_up(-(-bound.numerator // bound.denominator)))
    return (inner + (size if shift > 0 else 0)) * Fraction(2) ** shift
