"""What the laws of samples grow by: mean gains for the integer programme, masses and densities for early growth."""

from fractions import Fraction

import sympy

from theory.coverage_programme import BITS, ONE, Gain, floor_units
from theory.early_growth import CELLS, Steps
from theory.subset_sum import Law
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
