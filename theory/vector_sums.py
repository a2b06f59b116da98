"""Computed sample sizes for random subset sums of normally scaled normal vectors: one target, and all targets.

`hitting` bounds 1/P(some k-subset of n vectors is within ε of z) by companion.vector_hitting in ball arithmetic; the search for good k, n and
batches is in floating point, and what it finds is then proved.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import exp, inf, lgamma, log, log1p, sqrt

from flint import arb, ctx, fmpq

from theory.errors import OutOfRange
from theory.subset_sum import Number
from theory.vector_formulas import checked

BITS = 128
TERMS = 30
"""Terms of the series F_j that are summed; the rest is a ratio of Gamma functions."""
COARSE, FINE = 1.25, 1.03


@dataclass(frozen=True)
class VectorSize:
    """Vectors that suffice: `halves` groups of `batches` batches of `batch` vectors, of each of which `subset` are summed."""

    samples: int
    subset: int
    batch: int
    batches: int
    halves: int
    failure: Fraction


def _arb(value: Fraction | int) -> arb:
    value = Fraction(value)
    return arb(fmpq(value.numerator, value.denominator))


def _upper(value: arb) -> Fraction:
    mantissa, exponent = value.upper().man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def hitting(dimension: int, subset: int, batch: int, epsilon: Fraction, radius_squared: Fraction | int) -> Fraction:
    """Q of companion.vector_hitting, rounded upwards: some k-subset of n vectors hits each ‖z‖₂² ≤ `radius_squared` with P ≥ 1/Q.

    For each overlap the smaller of F_j and G serves. Raises `OutOfRange` unless 3 ≤ k and 2k ≤ n.
    """
    d, k, n = dimension, subset, batch
    if not 3 <= k <= n // 2:
        raise OutOfRange(f"subset = {k} of {n} vectors; 3 ≤ k ≤ n/2 was expected.")
    saved = ctx.prec
    try:
        ctx.prec = BITS
        half = arb(d) / 2
        shift = (_arb(radius_squared).sqrt() + _arb(epsilon) * arb(d).sqrt()) ** 2 / (k - 2)
        moment = (half * arb(2).log() + (half + arb(k) / 2).lgamma() - (arb(k) / 2).lgamma()).exp()
        far = (arb.pi() / 2 / _arb(epsilon) ** 2) ** half * moment
        chance = (2 * arb(n - k + 1).lgamma() - arb(n + 1).lgamma() - arb(n - 2 * k + 1).lgamma()).exp()
        total = arb(0)
        for j in range(k + 1):
            near = _correlation(d, k, j) if k - j > d else far
            total += chance * (near if near < far else far)
            chance *= arb((k - j) ** 2) / ((j + 1) * (n - 2 * k + j + 1))
        return _upper(shift.exp() * total)
    finally:
        ctx.prec = saved


def _correlation(d: int, k: int, j: int) -> arb:
    """F_j: `TERMS` terms, and E X^T(1-X)^{-d/2} ≥ Σ_{r≥T} (d/2)_r/r! E X^{2r} for the rest, as X^{2r} ≤ X^T X^r."""
    term, total = arb(1), arb(0)
    for r in range(TERMS):
        total += term
        term *= arb((d + 2 * r) * (j + 4 * r) * (j + 4 * r + 2)) / (2 * (r + 1) * (k + 4 * r) * (k + 4 * r + 2))
    if j == 0:
        return total
    beta = arb(k - j - d) / 2
    first, second = arb(j) / 2, arb(k - j) / 2
    rest = (first + TERMS).lgamma() + beta.lgamma() - (first + beta + TERMS).lgamma()
    return total + (rest - first.lgamma() - second.lgamma() + (first + second).lgamma()).exp()


def _estimate(d: int, k: int, n: int, eps: float) -> float:
    """Q without its shift, in floating point."""
    far = d / 2 * log(3.141592653589793 / (2 * eps * eps)) + d / 2 * log(2) + lgamma((k + d) / 2) - lgamma(k / 2)
    chance = 2 * lgamma(n - k + 1) - lgamma(n + 1) - lgamma(n - 2 * k + 1)
    total = 0.0
    for j in range(k + 1):
        near = inf
        if k - j > d:
            if chance > -25:
                near = log(float(_correlation(d, k, j)))
            else:
                near = lgamma((k - j - d) / 2) + lgamma(k / 2) - lgamma((k - j) / 2) - lgamma((k - d) / 2)
        exponent = chance + min(near, far)
        if exponent > 50:
            return inf
        total += exp(exponent)
        if j < k:
            chance += 2 * log(k - j) - log(j + 1) - log(n - 2 * k + j + 1)
    return total


def _batches(q: float, factor: float, delta: float) -> int:
    return max(1, int(-(-log(delta / factor) // log1p(-1 / q)))) if q > 1 else 1


def _search(d: int, eps: float, delta: float, reach: float, halves: int) -> tuple[int, int, float]:
    """Good k and n, and ρ (for halves), by a coarse grid and a finer one around its best."""

    def cost(k: int, n: int) -> tuple[float, float]:
        total = _estimate(d, k, n, eps)
        if total > 1e6:
            return inf, reach
        best = inf, reach
        for step in range(1 if halves == 1 else 16):
            rho = reach if halves == 1 else 0.55 * reach * 1.25**step
            q = exp(min(600.0, (rho + eps * sqrt(d)) ** 2 / (k - 2))) * total
            factor = 1.0 if halves == 1 else 4 * (2 * rho / (2 * rho - reach)) ** d
            best = min(best, (float(halves * n * _batches(q, factor, delta)), rho)) if q < 1e6 else best
        return best

    middle, ratio = max(6.0, d * log(3 / eps) / log(3 + 2 * sqrt(d))), 2 * sqrt(d) + 1
    found: tuple[float, int, int, float] = (inf, 0, 0, reach)
    for spread, width in ((COARSE, 9), (FINE, 5)):
        for a in range(-width, width + 1):
            k = max(4, round(middle * spread**a))
            for b in range(-width, width + 1):
                n = max(2 * k, round(k * ratio * spread**b))
                if halves * n < found[0]:
                    value, rho = cost(k, n)
                    found = min(found, (value, k, n, rho))
        middle, ratio = found[1], found[2] / max(1, found[1])
    return found[1], found[2], found[3]


@cache
def proved_vectors(
    dimension: int, epsilon: Number, delta: Number, *, reach_squared: int | None = None, all_targets: bool = True
) -> VectorSize:
    """The least number of vectors found for which companion.vector_hitting, and companion.halves for all targets at once, prove success.

    Targets: ‖z‖₂² ≤ `reach_squared` (default d, which holds [-1, 1]^d), within ε in each coordinate, except with probability δ.
    """
    eps, failure = checked(dimension, epsilon, delta)
    reach = Fraction(dimension if reach_squared is None else reach_squared)
    halves, inner = (2, eps / 2) if all_targets else (1, eps)
    k, n, rho = _search(dimension, float(inner), float(failure), sqrt(reach), halves)
    if not k:
        raise OutOfRange(f"no subset size was found for d = {dimension}, ε = {epsilon}.")
    radius_squared = Fraction(rho * rho).limit_denominator(10**6) + Fraction(1, 10**5) if all_targets else reach
    missed = 1 - 1 / hitting(dimension, k, n, inner, radius_squared)
    factor = Fraction(1)
    if all_targets:
        saved = ctx.prec
        try:
            ctx.prec = BITS
            twice = 2 * _arb(radius_squared).sqrt()
            factor = _upper(4 * (twice / (twice - _arb(reach).sqrt())) ** dimension)
        finally:
            ctx.prec = saved
    bound, batches = factor, 0
    while bound > failure:
        bound, batches = _rounded(bound * missed), batches + 1
    batches = max(1, batches)
    return VectorSize(halves * batches * n, k, n, batches, halves, bound)


def _rounded(value: Fraction) -> Fraction:
    return Fraction(-(-value.numerator * 2**BITS // value.denominator), 2**BITS)
