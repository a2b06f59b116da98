"""Rigorous spectral norms in integer arithmetic.

The upper bound is canonical: a definite rational that any other implementation of the same rules reproduces. For an operator A with
integer entries, G = AAᵀ is squared s ≤ 8 times; before each squaring G is shifted so that its largest entry has 64 bits, entries are
rounded down, and what that can lose (at most the size D of the matrix, the entries lost lying in [0, 1)) is added to the bound. Since
‖G‖ = ‖G²‖^{1/2} it remains to bound the last square: by its Frobenius norm or by the largest sum, over a row of blocks, of the Frobenius
norms of the blocks, whichever is less. The result exceeds ‖A‖ by a factor of at most about D^{1/2^(s+2)}.

Operators are combinations Σ_k M_k ⊗ b_k of the indicators b_k of orbits of pairs, M_k `[channels out, channels in]`. Their products
stay such combinations, so an n-fold symmetry shrinks the matrices n-fold; the rounding acts on coefficients, i.e. on entries.
"""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from math import isqrt, lcm

import numpy as np
from flint import fmpz_mat
from jaxtyping import Int64

SQUARINGS = 8
SQUARING_WORK = 1 << 27
PAIR_STEPS = 32
WORKING_BITS = 64
ROOT_BITS = 64

Matrices = Sequence[fmpz_mat]


def sqrt_up(value: Fraction) -> Fraction:
    """The least multiple of 2⁻⁶⁴ that is at least √value."""
    scaled = -((-value.numerator << 2 * ROOT_BITS) // value.denominator)
    root = isqrt(scaled)
    return Fraction(root + (root * root < scaled), 1 << ROOT_BITS)


def round_up(value: Fraction) -> Fraction:
    """The least multiple of 2⁻⁶⁴ that is at least `value`."""
    return Fraction(-((-value.numerator << ROOT_BITS) // value.denominator), 1 << ROOT_BITS)


def sqrt_down(value: Fraction) -> Fraction:
    """The greatest multiple of 2⁻⁶⁴ that is at most √value."""
    return Fraction(isqrt((value.numerator << 2 * ROOT_BITS) // value.denominator), 1 << ROOT_BITS)


def squarings_for(channels: int, orbits: Int64[np.ndarray, "w w"]) -> int:
    """How many squarings, 0 to 8, keep a norm within some 2²⁷ steps, for Gram matrices of `channels`² blocks in these orbits."""
    classes = int(orbits.max()) + 1
    return min(SQUARINGS, SQUARING_WORK // (classes * min(len(orbits), classes * classes) * (channels**3 + PAIR_STEPS)))


def orbit_operator_norm(
    blocks: Sequence[Matrices],
    labels: Int64[np.ndarray, "w v"],
    orbits: Int64[np.ndarray, "w w"],
    scale_bits: int,
    squarings: int = SQUARINGS,
) -> Fraction:
    """Upper bound of ‖[A_1 A_2 ...]‖ for A_i = 2^-scale_bits Σ_k blocks[i][k] ⊗ b_k, a multiple of 2⁻⁶⁴.

    `labels` are the orbits of pairs V → W that index the blocks (-1: no operator), `orbits` those of W → W in which the Gram matrix lives.
    """
    size = len(orbits)
    gram = [sum_products(blocks, labels, y, z) for y, z in _representatives(orbits)]
    bound = _symmetric_norm(gram, orbits, size * gram[0].nrows(), squarings)
    return sqrt_up(bound / (1 << 2 * scale_bits))


def row_column_norm(
    parts: Sequence[np.ndarray], sizes: Sequence[Sequence[tuple[int, int, int]]], dimension: int, scale_bits: int
) -> Fraction:
    """Upper bound of ‖[A_1 A_2 ...]‖, A_i = Σ_k parts[i][:, :, k] ⊗ b_k, for integers `[m, n, |B|]`, a multiple of 2⁻⁶⁴.

    `sizes` lists for each operator b_k its non-zero entries (y, x, s), |b_k[y, x]| ≤ s; the product of the units is 2^-scale_bits. With f_k
    the Frobenius norm of the blocks that multiply b_k, ‖·‖² is at most the largest row sum times the largest column sum of Σ_k f_k s.
    """
    rows, columns = [0] * dimension, [0] * dimension
    for k, entries in enumerate(sizes):
        factor = _isqrt_up(sum(int(entry) ** 2 for part in parts for entry in part[:, :, k].ravel()))
        for y, x, size in entries:
            rows[y] += factor * size
            columns[x] += factor * size
    return sqrt_up(Fraction(max(rows) * max(columns), 1 << 2 * scale_bits))


def sum_products(blocks: Sequence[Matrices], labels: Int64[np.ndarray, "w v"], y: int, z: int) -> fmpz_mat:
    """The entry block (y, z) of Σ_i A_i A_iᵀ, unscaled."""
    rows = blocks[0][0].nrows()
    total = fmpz_mat(rows, rows)
    both = (labels[y] >= 0) & (labels[z] >= 0)
    for (k, m), count in sorted(Counter(zip(labels[y][both].tolist(), labels[z][both].tolist(), strict=True)).items()):
        for matrices in blocks:
            total += count * (matrices[k] * matrices[m].transpose())
    return total


def _symmetric_norm(coefficients: Matrices, orbits: Int64[np.ndarray, "w w"], dimension: int, squarings: int) -> Fraction:
    """Upper bound of the norm of a symmetric Σ_m coefficients[m] ⊗ a_m, a_m the indicators of `orbits`."""
    largest = max(abs(int(entry)) for matrix in coefficients for entry in matrix.entries())
    if largest == 0:
        return Fraction(0)
    shift = largest.bit_length() - WORKING_BITS
    rounded = [_shifted(matrix, shift) for matrix in coefficients]
    slack = dimension if shift > 0 else 0
    if squarings == 0:
        squares = [sum(int(e) ** 2 for e in matrix.entries()) for matrix in rounded]
        frobenius = _isqrt_up(sum(int(size) * square for size, square in zip(np.bincount(orbits.ravel()), squares, strict=True)))
        roots = np.array([_isqrt_up(square) for square in squares], dtype=object)
        inner = Fraction(min(frobenius, max(roots[row].sum() for row in orbits)))
    else:
        squares = []
        for y, z in _representatives(orbits):
            pairs = Counter(zip(orbits[y].tolist(), orbits[:, z].tolist(), strict=True))
            squares.append(_combination(rounded, sorted(pairs.items())))
        bound = _symmetric_norm(squares, orbits, dimension, squarings - 1)
        inner = Fraction(_isqrt_up(-(-bound.numerator // bound.denominator)))
    return (inner + slack) * Fraction(2) ** shift


def _combination(matrices: Matrices, pairs: Sequence[tuple[tuple[int, int], int]]) -> fmpz_mat:
    total = fmpz_mat(matrices[0].nrows(), matrices[0].nrows())
    for (k, m), count in pairs:
        total += count * (matrices[k] * matrices[m])
    return total


def _shifted(matrix: fmpz_mat, shift: int) -> fmpz_mat:
    move = (lambda e: int(e) >> shift) if shift > 0 else (lambda e: int(e) << -shift)
    return fmpz_mat(matrix.nrows(), matrix.ncols(), [move(entry) for entry in matrix.entries()])


def _isqrt_up(value: int) -> int:
    root = isqrt(value)
    return root + (root * root < value)


def _representatives(orbits: Int64[np.ndarray, "w w"]) -> list[tuple[int, int]]:
    """The first pair (y, z), row by row, of each orbit."""
    _, first = np.unique(orbits.ravel(), return_index=True)
    return [tuple(map(int, divmod(int(position), orbits.shape[1]))) for position in first]  # pyright: ignore[reportReturnType]


def spectral_norm_bounds(matrix: np.ndarray) -> tuple[Fraction, Fraction]:
    """Rationals lower ≤ ‖A‖₂ ≤ upper for a dense matrix `[w, v]` of exact rationals.

    Below: ‖Aᵀx‖/‖x‖ at the leading left singular vector that floating point proposes, evaluated exactly.
    """
    entries = [[Fraction(entry) for entry in row] for row in matrix.tolist()]
    denominator = lcm(*(entry.denominator for row in entries for entry in row))
    integers = fmpz_mat([[int(entry * denominator) for entry in row] for row in entries])
    gram = integers * integers.transpose()
    bound = _symmetric_norm_dense(gram)
    vector = np.linalg.svd(np.array(entries, dtype=np.float64))[0][:, 0]
    x = fmpz_mat(1, len(vector), [round(float(c) * 2**40) for c in vector])
    numerator, norm = (x * gram * x.transpose())[0, 0], (x * x.transpose())[0, 0]
    lower = sqrt_down(Fraction(int(numerator), int(norm)) / denominator**2) if int(norm) else Fraction(0)
    return lower, sqrt_up(bound / denominator**2)


def _symmetric_norm_dense(gram: fmpz_mat) -> Fraction:
    """The same bound for a matrix without symmetry: one orbit on a single point, the matrix its coefficient."""
    return _symmetric_norm([gram], np.zeros((1, 1), dtype=np.int64), gram.nrows(), SQUARINGS)
