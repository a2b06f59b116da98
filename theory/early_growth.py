"""Early growth of the covered set under weights that change with time: a bound on E v^{-s} after T samples, s = 1, 2, 3.

While the covered set A is small, its translates hardly meet it, and only those that leave [-1, 1] are lost. Take weights w_0, ..., w_T ≥ 0
on [-1, 1], w_T = 1/2, and P_t = ∫_{A_t} w_t, so that P_T is the covered fraction. With one more sample X,
P_{t+1} = ∫_A (w_{t+1}(y) + w_{t+1}(y+X)·1[y+X ∉ A]) dy, and as x ↦ x^{-s} is convex, Jensen's inequality under the law w_t dy/P_t on A gives
    E P_{t+1}^{-s} ≤ P_t^{-s} · (r_t + o_t),   r_t = sup_y w_t(y)^s E(w_{t+1}(y) + w_{t+1}(y+X))^{-s},
    o_t = P(X ∈ A - y) · sup_y w_t(y)^s (w_{t+1}(y)^{-s} - (w_{t+1}(y) + max w_{t+1})^{-s}),
where |A_t| ≤ 2ᵗ|A_0|. Once that is too much, the overlap is measured by w_t itself: where the density of X is at most d,
    ∫_A d·w_t(y)^s (w_{t+1}(y)^{-s} - (w_{t+1}(y) + w_{t+1}(z))^{-s}) dz ≤ d·c_t·P_t,   c_t the sup over y, z of the integrand over d·w_t(z),
so that E P_{t+1}^{-s} ≤ (r_t + o_t μ) E P_t^{-s} + d·c_t (E P_t^{-s})^{(s-1)/s} if the density is at most d outside a set around 0 of
probability μ. Any weights are sound; those used make the sup an equality in floating point, and r_t, o_t and c_t are then computed in
integers, rounded upwards, for weights that are constant on cells of width 1/m.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import sympy

from theory.coverage_programme import ONE

CELLS = 48
SCALE = 40


@dataclass(frozen=True)
class Steps:
    """What a law says of X: upper bounds of P(kh ≤ X ≤ (k+1)h), k < m, h = 1/m; of P(X in a set of measure a); P(sample unusable).

    `densities` are pairs (d, μ): outside a set around 0 of probability μ the density is at most d.
    """

    masses: tuple[Fraction, ...]
    concentration: Callable[[Fraction], Fraction]
    idle: Fraction = Fraction(0)
    densities: tuple[tuple[Fraction, Fraction], ...] = ()


@dataclass(frozen=True)
class EarlyGrowth:
    """For weights that end after `t` more samples: the weight at 0, and of each sample r, o (per unit of P(X ∈ A - y)) and c."""

    power: int
    start: Fraction
    rates: tuple[Fraction, ...]
    overlaps: tuple[Fraction, ...]
    crowdings: tuple[Fraction, ...] = ()

    def mean_power(self, half_width: Fraction, steps: Steps) -> Fraction:
        """An upper bound on E v^{-s} after the samples, if (-half_width, half_width) is covered at first."""
        bound = (2 * half_width * self.start) ** -self.power
        for t, (rate, overlap, crowding) in enumerate(zip(self.rates, self.overlaps, self.crowdings, strict=True)):
            extra = [bound * overlap * steps.concentration(2 * half_width * 2**t)]
            crowded = crowding * bound / _root_below(bound, self.power)
            extra += [crowded * density + bound * overlap * near for density, near in steps.densities]
            bound = _up(bound * rate + min(extra))
        return bound


def early_growths(steps: Steps, power: int, most: int) -> list[EarlyGrowth]:
    """The bounds for 0, 1, ..., `most` samples."""
    cells = 2 * len(steps.masses)
    later = [1 << (SCALE - 1)] * cells
    found = [EarlyGrowth(power, Fraction(1, 2), (), (), ())]
    for _ in range(most):
        means = [_mean_inverse(later, i, steps, power) for i in range(cells // 2)]  # the weights are even
        means += means[::-1]
        weights = [max(1, int(float(mean) ** (-1 / power) * 2**SCALE * (1 - 1e-9))) for mean in means]
        rate = max(mean * Fraction(weight, 1 << SCALE) ** power for mean, weight in zip(means, weights, strict=True))
        top = max(later)
        overlap = max(
            Fraction(weight, after) ** power - Fraction(weight, after + top) ** power for weight, after in zip(weights, later, strict=True)
        )
        overlap *= 1 - steps.idle
        crowding = (1 - steps.idle) * _crowding(weights, later, power, len(steps.masses) + 1)
        previous = found[-1]
        start = Fraction(min(weights[cells // 2 - 1 : cells // 2 + 1]), 1 << SCALE)
        found.append(
            EarlyGrowth(
                power,
                start,
                (_up(rate), *previous.rates),
                (_up(overlap), *previous.overlaps),
                (_up(crowding), *previous.crowdings),
            )
        )
        later = weights
    return found


def _crowding(weights: list[int], later: list[int], power: int, reach: int) -> Fraction:
    """sup w(y)^s (w'(y)^{-s} - (w'(y) + w'(z))^{-s}) / w(z) over cells y, z at most `reach` apart, w `weights` and w' `later`."""
    best, cells = 0, len(weights)
    for i in range(cells // 2):  # the weights are even
        own, base = weights[i] ** power << (SCALE + 64), later[i] ** power
        for j in range(max(0, i - reach), min(cells, i + reach + 1)):
            joint = (later[i] + later[j]) ** power
            best = max(best, -(-own * (joint - base) // (base * joint * weights[j])))
    return Fraction(best, 1 << 64)


def _root_below(value: Fraction, power: int) -> Fraction:
    """A lower bound of value^{1/power}, exact to 2⁻⁶⁴."""
    scaled = value.numerator * ONE**power // value.denominator
    return Fraction(int(sympy.integer_nthroot(scaled, power)[0]), ONE)


def _up(value: Fraction) -> Fraction:
    return Fraction(-(-value.numerator * ONE // value.denominator), ONE)


def _mean_inverse(weights: list[int], i: int, steps: Steps, power: int) -> Fraction:
    """An upper bound on E (w(y) + w(y+X))^{-s} for y in cell i: y + X lies in cell i±k or i±(k+1) if |X| is in the k-th interval."""
    bits, span = SCALE * power + 64, len(steps.masses)
    padding = [0] * (span + 1)
    around = [*padding, *weights, *padding][i : i + 2 * span + 3]  # cells i - span - 1 to i + span + 1
    inverse = [-(-(1 << bits) // (weights[i] + weight) ** power) for weight in around]
    centre, total = span + 1, Fraction(0)
    for k, mass in enumerate(steps.masses):
        if mass:
            total += mass * max(inverse[centre + k], inverse[centre + k + 1])
            total += mass * max(inverse[centre - k], inverse[centre - k - 1])
    still = -(-(1 << bits) // weights[i] ** power)
    return _up((steps.idle * still + (1 - steps.idle) * total) / (1 << 64))


def positions(shares: dict[int, Fraction], points: list[int]) -> list[int]:
    """Σ θ_s v^{-s} at each point and at v = 1, for `shares` {s: θ_s}, in units of 2⁻⁶⁴, rounded downwards."""
    found = [0] * (len(points) + 1)
    for power, share in shares.items():
        top = (ONE**power << 64) * share.numerator
        for j, point in enumerate([*points, ONE]):
            found[j] += top // (point**power * share.denominator)
    return found


def failure_after(mean: Fraction, places: list[int], values: list[int]) -> int:
    """sup E V(v) over laws of v with E x(v) ≤ `mean`, x = Σ θ_s v^{-s}: the concave envelope of V in x, in units of 2⁻⁶⁴, rounded upwards.

    `places` are the `positions` of a grid, `values` a step function on it, as in `theory.coverage_programme`.
    """
    mean_place = -((-mean.numerator << 64) // mean.denominator)
    if mean_place >= places[0]:
        return ONE
    corners = [(places[-1], 0), *((places[j + 1], values[j]) for j in range(len(values) - 2, -1, -1)), (places[0], ONE)]
    hull: list[tuple[int, int]] = []
    for x, y in corners:
        while len(hull) > 1 and (hull[-1][1] - hull[-2][1]) * (x - hull[-2][0]) <= (y - hull[-2][1]) * (hull[-1][0] - hull[-2][0]):
            hull.pop()
        hull.append((x, y))
    for (left, low), (right, high) in pairwise(hull):
        if left <= mean_place <= right:
            return low - (-(high - low) * (mean_place - left) // (right - left)) if right > left else max(low, high)
    return ONE
