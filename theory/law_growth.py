"""What the laws of samples grow by: mean gains for the integer programme, masses and densities for early growth."""

from bisect import bisect_right
from fractions import Fraction

import sympy

from theory.convex_majorants import BITS, HALF, ONE, Gain
from theory.coverage_programme import floor_units
from theory.early_growth import CELLS, Steps
from theory.subset_sum import Law
from theory.two_sided_holes import Holes, Primitive, uniform_primitive
from theory.verdict import enclosure, exact


def _logarithm(u: Fraction, *, up: bool) -> Fraction:
    """u(1 + ln(1/u)) for 0 < u < 1, the mass of [-u, u] under the density ln(1/|x|)/2, rounded up or down."""
    value = enclosure(exact(u) * (1 - sympy.log(exact(u))), 64)
    return value[1] if up else value[0]


def _uniform_steps(reach: int, idle: Fraction) -> Steps:
    cells = CELLS * reach
    masses = tuple(Fraction(reach, 2 * cells) if k < cells // reach else Fraction(0) for k in range(cells))
    return Steps(masses, lambda size: min(Fraction(1), reach * size / 2), idle, ((Fraction(reach, 2), Fraction(0)),))


def _product_steps(reach: int, idle: Fraction) -> Steps:
    cells = CELLS * reach
    ends = [Fraction(0), *(_logarithm(Fraction(k * reach, cells), up=True) for k in range(1, cells // reach)), Fraction(1)]
    slack = Fraction(1, 2**40)
    masses = tuple((ends[k + 1] - ends[k] + slack) / 2 if k + 1 < len(ends) else Fraction(0) for k in range(cells))

    def concentration(size: Fraction) -> Fraction:
        u = reach * size / 2
        return _logarithm(u, up=True) if u < 1 else Fraction(1)

    densities = []
    for halvings in range(1, 13):
        near = Fraction(1, 2**halvings)  # outside |x| ≤ near/R the density is at most (R/2) ln(1/near)
        top = enclosure(sympy.log(2) * halvings * sympy.Rational(reach, 2), 64)[1]
        densities.append((top, _logarithm(near, up=True)))
    return Steps(masses, concentration, idle, tuple(densities))


def _product_gain(kappa: Fraction, reach: int) -> Gain:
    """The largest of κ v(1-v), ½(v - R v²(9/4 - 2 ln 2 + (3/2) ln(1/(Rv)))) and the same in 1-v (companion.gain_product)."""
    constant = Fraction(9, 4) - 2 * enclosure(sympy.log(2), 80)[0]

    def near(v: int) -> int:
        share = Fraction(v, ONE)
        if not 0 < 2 * reach * share <= 1:
            return 0
        logarithm = enclosure(-sympy.log(exact(reach * share)), 80)[1]
        return max(0, floor_units((share - reach * share**2 * (constant + Fraction(3, 2) * logarithm)) / 2))

    def gain(v: int) -> int:
        drift = v * (ONE - v) * kappa.numerator // (kappa.denominator << BITS)
        return max(drift, near(v), near(ONE - v))

    return gain


def uniform_spread(reach: int) -> Gain:
    """½c(1 - c/s) while 2c ≤ s = 1/R, else s/8: a lower bound of E min(D, c) for samples uniform on [-s, s] (companion.spread)."""

    def spread(c: int) -> int:
        return c * (ONE - reach * c) >> (BITS + 1) if 2 * reach * c <= ONE else ONE // (8 * reach)

    return spread


def tabulated(values: list[tuple[int, int]]) -> Gain:
    """A concave function from some of its values, by chords below it; 0 at 0, constant after the last."""

    def spread(c: int) -> int:
        k = bisect_right(values, c, key=lambda pair: pair[0])
        if k == len(values):
            return values[-1][1]
        (x1, y1), (x2, y2) = values[k - 1] if k else (0, 0), values[k]
        return y1 + (y2 - y1) * (c - x1) // (x2 - x1)

    return spread


def product_spread(reach: int) -> Gain:
    """E min(D, c) for u·v: uniform on [-s, s], s uniform on [0, 1/R], and `uniform_spread` for each s ≤ 2/3.

    For s > 2/3 the same sum of min(D, c) over |X| ≤ 2/3 counts, or s² of that at s = 1: up to s = 4/5 and from there.
    """
    values = []
    most = Fraction(2, 3) if reach == 1 else Fraction(1)
    for k in range(20 * 16, -1, -1):
        c = int(2 ** (-k / 16) * HALF)
        r = reach * Fraction(c, ONE)
        whole = min(2 * r, most)
        # in units of 1/R: ∫_0^{2c} s/8 ds, then ∫ (c/2)(1 - c/s) ds up to `most`
        total = whole**2 / 16
        if whole < most:
            total += r / 2 * ((most - whole) - r * enclosure(sympy.log(exact(most / whole)), 80)[1])
        if reach == 1:
            narrow = r / 2 * (1 - r * 3 / 2) if 3 * r <= 1 else Fraction(1, 12)
            total += Fraction(2, 3) * enclosure(sympy.log(sympy.Rational(6, 5)), 80)[0] * narrow + Fraction(9, 50) * r / 2 * (1 - r)
        values.append((c, floor_units(total / reach)))
    return tabulated(values)


def spread(law: Law) -> Gain:
    """A lower bound of E min(D, c), D the growth with a usable sample."""
    if law.name in ("product", "signed_product"):
        return product_spread(law.reach)
    uniform = uniform_spread(law.reach)
    if law.name != "normal":
        return uniform
    idle = described(law)[2].idle  # a mixture of uniform samples, whose own mean gain is known beside
    used = 1 - idle
    return lambda c: uniform(c) * used.numerator // used.denominator


def product_primitives(reach: int) -> tuple[Primitive, Primitive]:
    """M(t) = R t²(3/4 + ½ln(1/(Rt))) while Rt ≤ 1, then t - 1/(4R), for u·v, u and v uniform on [0, 1/R] and [-1, 1], from both sides."""

    def primitive(t: int, *, up: bool) -> int:
        if reach * t >= ONE:
            return t - ONE // (4 * reach) + (1 if up else -1)
        if t <= 0:
            return 0
        share = Fraction(reach * t, ONE)
        logarithm = enclosure(-sympy.log(exact(share)), 80)[1 if up else 0]
        return floor_units(share**2 * (Fraction(3, 4) + logarithm / 2) / reach) + up

    return (lambda t: primitive(t, up=False)), (lambda t: primitive(t, up=True))


def one_sided(law: Law, hole: Fraction) -> Holes:
    """The two-sided programme of a law."""
    _, idle, steps = described(law)
    if law.name in ("product", "signed_product"):
        return Holes(*product_primitives(law.reach), hole, idle)
    lower = uniform_primitive(law.reach)
    return Holes(lower, lambda t: lower(t) + 2, hole, steps.idle)


def described(law: Law) -> tuple[Gain, Fraction, Steps]:
    """The law's mean gain when a sample is usable, the probability that it is not, and what is known of its steps."""
    kappa = enclosure(law.kappa, 64)[0]
    if law.name in ("product", "signed_product"):
        idle = Fraction(law.name == "signed_product", 2)
        return _product_gain(kappa / (1 - idle), law.reach), idle, _product_steps(law.reach, idle)
    if law.name == "uniform":
        half = Fraction(1, 2 * law.reach)
        return (lambda v: v * (ONE - v) * half.numerator // (half.denominator << BITS)), Fraction(0), _uniform_steps(law.reach, Fraction(0))
    # a mixture of weight 2κ; the normal law is one of weight 2φ(1), and grows by its own κ whatever the part
    if law.name == "normal":
        weight = enclosure(sympy.sqrt(2 / sympy.pi) * sympy.exp(-sympy.Rational(1, 2)), 64)[0]
        drift = kappa.limit_denominator(10**6) - Fraction(1, 10**6)
        return (lambda v: v * (ONE - v) * drift.numerator // (drift.denominator << BITS)), Fraction(0), _uniform_steps(1, 1 - weight)
    idle = 1 - 2 * kappa
    return (lambda v: v * (ONE - v) >> (BITS + 1)), idle, _uniform_steps(1, idle)
