"""Products of two weights from a coarse grid: their law, and how fast their subset sums cover the integers, by a certified eigenvalue."""

from fractions import Fraction
from functools import cache

import sympy
from flint import arb, ctx

from theory.errors import OutOfRange
from theory.subset_sum import Number
from theory.verdict import Verdict, ceiling, exact

PRECISION = 128
COARSEST, FINEST = 1, 4
"""The grids 2^-b for which the mixing constant is certified."""
KAPPA = Fraction(31, 100)


def product_counts(grid_bits: int) -> list[int]:
    """How many of the 2·4^b pairs 1 ≤ u ≤ 2^b, 1 ≤ |v| ≤ 2^b have u·v = m, for m = -4^b, ..., 4^b."""
    largest = 1 << grid_bits
    counts = [0] * (2 * largest * largest + 1)
    for u in range(1, largest + 1):
        for v in range(1, largest + 1):
            counts[largest * largest + u * v] += 1
            counts[largest * largest - u * v] += 1
    return counts


def spectral_gap(counts: list[int], reach: int, kappa: Fraction) -> Verdict:
    """Whether L ⪰ κ(I - J/N) on {-R..R}, N = 2R+1, L the Laplacian of the weights P(X = z - y), P(X = m) proportional to `counts`.

    `counts` run over -h, ..., h with h ≥ R and are symmetric. Both sides have the constants in their kernel, so one point may be left out;
    the rest must have positive pivots, computed in balls.
    """
    middle, size, total = len(counts) // 2, 2 * reach + 1, sum(counts)
    if any(counts[i] != counts[-1 - i] for i in range(middle)):
        return Verdict.UNDECIDED
    weight = [Fraction(counts[middle + d], total) if d <= middle else Fraction(0) for d in range(size)]
    weight[0] = Fraction(0)
    degree = [sum(weight[abs(z - y)] for z in range(size)) for y in range(size)]
    entry = [-weight[d] + kappa / size for d in range(size)]
    scale = total * size * kappa.denominator
    before, ctx.prec = ctx.prec, PRECISION
    try:
        off = [arb(int(value * scale)) for value in entry]
        rows = [[off[y - z] for z in range(y)] + [arb(int((degree[y] - kappa + kappa / size) * scale))] for y in range(size - 1)]
        return _positive_pivots(rows)
    finally:
        ctx.prec = before


def _positive_pivots(rows: list[list[arb]]) -> Verdict:
    """Whether a symmetric matrix, given by its lower triangle, is positive definite: L·D·Lᵀ with every entry of D positive."""
    for k in range(len(rows)):
        pivot = rows[k][k]
        if not pivot > 0:
            return Verdict.REFUTED if pivot < 0 else Verdict.UNDECIDED
        column = [row[k] for row in rows[k + 1 :]]
        for i, row in enumerate(rows[k + 1 :]):
            factor = column[i] / pivot
            for j in range(i + 1):
                row[k + 1 + j] -= factor * column[j]
    return Verdict.PROVED


def reach(grid_bits: int) -> int:
    """R = 4^b/2: coefficients t·4^-b with |t| ≤ R are hit exactly. Raises `OutOfRange` for grids that are not certified."""
    if isinstance(grid_bits, bool) or not isinstance(grid_bits, int) or not COARSEST <= grid_bits <= FINEST:
        raise OutOfRange(f"grid_bits = {grid_bits!r}: exact tickets are proved for grids of {COARSEST} to {FINEST} bits.")
    return 1 << (2 * grid_bits - 1)


def lossless_failure(grid_bits: int, coefficients: int, biases: int, width: int, constants: int) -> sympy.Expr:
    """4R²·[2C(1-κ/4)^N + B(1-κ/4)^M]: bounds P(some target on the grid is not computed exactly) (companion.lossless)."""
    contraction = 1 - exact(KAPPA) / 4
    return 4 * sympy.Integer(reach(grid_bits)) ** 2 * (2 * coefficients * contraction**width + biases * contraction**constants)


@cache
def lossless_width(grid_bits: int, coefficients: int, biases: int, delta: Number) -> int:
    """The least N with N hidden channels per input channel and N constant channels for which `lossless_failure` is at most δ."""
    failure = exact(delta)
    if not 0 < failure < 1 or coefficients < 1 or biases < 0:
        raise OutOfRange(f"delta = {delta}, {coefficients} coefficients, {biases} biases: 0 < δ < 1 and positive numbers were expected.")
    events = 4 * sympy.Integer(reach(grid_bits)) ** 2 * (2 * coefficients + biases)
    return ceiling(sympy.log(events / failure) / -sympy.log(1 - exact(KAPPA) / 4))
