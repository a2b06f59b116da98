"""Random subset sums with explicit constants: the sample sizes A1, A1′ and A2 behind every upper bound.

A sample law enters through one number, its mixing constant κ: the covered fraction v of [-1, 1] grows in mean by at least κ·v(1-v)
with each sample. The failure probability is then at most (8/τ²)(1 - κ/2)ⁿ for all targets at once.
"""

from dataclasses import dataclass
from fractions import Fraction

import sympy

from theory.errors import OutOfRange
from theory.verdict import ceiling, decide_at_most, exact

Number = int | str | float | Fraction | sympy.Expr


@dataclass(frozen=True)
class Law:
    """A law of the samples: its mixing constant κ on targets in [-reach, reach], and in words what one sample is."""

    name: str
    kappa: sympy.Expr
    reach: int = 1

    @property
    def contraction(self) -> sympy.Expr:
        """1 - κ/2, the factor by which the mean potential shrinks per sample."""
        return 1 - self.kappa / 2


def uniform(reach: int = 1) -> Law:
    """Samples uniform on [-1, 1], targets in [-R, R], R a positive integer: κ = 1/(2R). Sharp for R = 1 (A1, row R of A1′)."""
    _positive_integer(reach)
    return Law("uniform", sympy.Rational(1, 2 * reach), reach)


def mixture(weight: Number) -> Law:
    """Samples that are uniform on [-1, 1] with probability at least `weight`, arbitrary otherwise: κ = weight/2."""
    return Law("mixture", _probability(weight, "weight") / 2)


def normal() -> Law:
    """Standard normal samples: κ = E[|X|; |X| ≤ 1] = √(2/π)(1 - e^{-1/2}), as for every symmetric density that falls with |x|."""
    return Law("normal", sympy.sqrt(2 / sympy.pi) * (1 - sympy.exp(sympy.Rational(-1, 2))))


def window_ratio(distance: Fraction) -> Fraction:
    """φ(s) = s²/2, the least μ{y ∈ A, z ∉ A, |z - y| ≤ s} / (|A||Aᶜ|) over measurable A ⊂ [-1, 1] (companion.window)."""
    if not 0 < distance <= 1:
        raise OutOfRange(f"window_ratio: the distance {distance} was given; 0 < s ≤ 1 was expected.")
    return distance**2 / 2


def product(reach: int = 1) -> Law:
    """Samples u·v, u uniform on [0, 1] and v on [-1, 1] (density ln(1/|x|)/2), targets in [-R, R]: κ = R·∫ φ(s)/s ds over s ≤ 1/R.

    u·v is uniform on [-s, s] for a random s, so the window lemma applies to each s: κ = E|uv|/R = 1/(4R), attained by a half-interval.
    """
    _positive_integer(reach)
    return Law("product", sympy.Rational(1, 4 * reach), reach)


def signed_product(reach: int = 1) -> Law:
    """Samples u·v, u and v uniform on [-1, 1], of which only those with u of the right sign may be used: half of `product`'s κ.

    One sample is one hidden channel of the proof's network, where ReLU sorts the channels by the sign of their first weight.
    """
    return Law("signed_product", product(reach).kappa / 2, reach)


def failure_probability(law: Law, samples: int | sympy.Expr, tolerance: Number) -> sympy.Expr:
    """(8R²/τ²)(1 - κ/2)ⁿ: bounds P(some target in [-R, R] has no subset sum within τ); A1 for `uniform()`."""
    tau = _tolerance(tolerance, law.reach)
    return 8 * sympy.Integer(law.reach) ** 2 / tau**2 * law.contraction**samples


def sample_size(law: Law, tolerance: Number, delta: Number) -> sympy.Expr:
    """[2 ln(1/τ) + ln(8R²/δ)] / -ln(1 - κ/2): with so many samples all targets succeed at once, except with probability δ.

    Returns the expression; `theory.verdict.ceiling` of it is the integer. Raises `OutOfRange` unless 0 < τ ≤ R and 0 < δ < 1.
    """
    tau, failure = _tolerance(tolerance, law.reach), _probability(delta, "delta", open_end=True)
    return (2 * sympy.log(1 / tau) + sympy.log(8 * law.reach**2 / failure)) / -sympy.log(law.contraction)


def discrete_failure_probability(magnitude: int, samples: int | sympy.Expr) -> sympy.Expr:
    """A2: 4M²(3/4)ⁿ bounds P(some integer in {-M..M} is no subset sum of n integers uniform on {-M..M}, zero in or out)."""
    _positive_integer(magnitude)
    return 4 * sympy.Integer(magnitude) ** 2 * sympy.Rational(3, 4) ** samples


def discrete_sample_size(magnitude: int, delta: Number) -> sympy.Expr:
    """A2 solved for n: ln(4M²/δ)/ln(4/3)."""
    _positive_integer(magnitude)
    failure = _probability(delta, "delta", open_end=True)
    return sympy.log(4 * sympy.Integer(magnitude) ** 2 / failure) / sympy.log(sympy.Rational(4, 3))


def grid_sample_size(law: Law, tolerance: Number, delta: Number, grid_bits: int) -> int:
    """The least n for which the bound holds for the weights that the machine draws: products of two numbers k·2^-b, b = `grid_bits`.

    Rounding a uniform variable away from zero to the grid couples the two laws: a product moves by at most 2^{1-b}, a sum of n
    products by at most n·2^{1-b}, and no sign changes. So n samples serve τ on the grid if they serve τ - n·2^{1-b} on the
    continuum. Raises `OutOfRange` where τ is too fine for that.
    """
    tau = _tolerance(tolerance, law.reach)
    samples = ceiling(sample_size(law, tau, delta))
    while True:
        rest = tau - sympy.Rational(2 * samples, 2**grid_bits)
        if rest <= 0:
            raise OutOfRange(
                f"tolerance {tau} ≈ {float(tau):.3g}: {samples} samples on a grid of {grid_bits} bits may be off by as much. "
                "The bound speaks of coarser tolerances, or of a finer grid."
            )
        needed = ceiling(sample_size(law, rest, delta))
        if needed <= samples:
            return samples
        samples = needed


def _tolerance(value: Number, reach: int) -> sympy.Expr:
    tau = exact(value)
    if not (tau > 0 and tau <= reach):
        raise OutOfRange(f"tolerance {value}: 0 < τ ≤ {reach} was expected, the target interval being [-{reach}, {reach}].")
    return tau


def _probability(value: Number, name: str, *, open_end: bool = False) -> sympy.Expr:
    p = exact(value)
    if not (p > 0 and (p < 1 or (p == 1 and not open_end))):
        raise OutOfRange(f"{name} = {value}: a probability 0 < {name} {'<' if open_end else '≤'} 1 was expected.")
    return p


def _positive_integer(value: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise OutOfRange(f"{value!r} was given where a positive integer was expected.")


def meets(law: Law, samples: int, tolerance: Number, delta: Number) -> bool:
    """Whether the bound at n = `samples` is provably at most `delta`."""
    from theory.verdict import Verdict

    return decide_at_most(failure_probability(law, samples, tolerance), exact(delta)) is Verdict.PROVED
