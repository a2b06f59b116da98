"""A6, the lower bound: its packings exhibited, and random networks small enough to enumerate every draw of their weights."""

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise, product

import pytest

from checks.evidence import Recorder
from theory.bounds import Layer, theorem2_parameters

Point = tuple[int, ...]


def hit_probabilities(magnitude: int, samples: int, epsilon: Fraction) -> list[Fraction]:
    """For targets f in [-1, 1], P(some subset sum of the samples is within ε of f), at every f where it can change and in between.

    The samples are independent, uniform on {±1, ..., ±M}/M; every draw is enumerated.
    """
    values = [Fraction(v, magnitude) for v in range(-magnitude, magnitude + 1) if v]
    draws = list(product(values, repeat=samples))
    reached = []
    for draw in draws:
        sums = {Fraction(0)}
        for sample in draw:
            sums |= {total + sample for total in sums}
        reached.append(sums)
    ends = {Fraction(-1), Fraction(1)} | {end for sums in reached for total in sums for end in (total - epsilon, total + epsilon)}
    points = sorted(end for end in ends if abs(end) <= 1)
    targets = points + [(a + b) / 2 for a, b in pairwise(points)]
    return [Fraction(sum(any(abs(f - total) <= epsilon for total in sums) for sums in reached), len(draws)) for f in targets]


@pytest.mark.statement("companion.A6")
@pytest.mark.parametrize(("magnitude", "samples"), [(3, 3), (5, 3), (3, 4)])
def test_networks_that_hit_every_target_half_the_time_have_as_many_parameters_as_stated(
    magnitude: int, samples: int, evidence: Recorder
) -> None:
    """At the least ε, in steps of 1/60, at which every target is hit half of the time; instances whose bound says nothing do not count."""
    epsilons = (Fraction(k, 60) for k in range(1, 30))
    least = next(epsilon for epsilon in epsilons if min(hit_probabilities(magnitude, samples, epsilon)) >= Fraction(1, 2))
    needed = theorem2_parameters(Layer(1, 1, 1, 1), least).value
    assert 1 <= needed <= samples
    evidence.instances(f"D = 1, M = {magnitude}, {samples} parameters, every draw", {"ε": least, "needed at least": needed})


NORMS: dict[str, Callable[[Point], int]] = {
    "largest entry": lambda x: max(map(abs, x)) ** 2,
    "sum of entries": lambda x: sum(map(abs, x)) ** 2,
    "Euclidean": lambda x: sum(c * c for c in x),
}
"""Squares of norms, exact on integers."""


def packing(squared: Callable[[Point], int], dimension: int, radius: int, apart: int) -> list[Point]:
    """Integer points of the ball of this radius, more than `apart` from each other: each in order, if it is far from those taken before."""
    chosen: list[Point] = []
    for x in product(range(-radius, radius + 1), repeat=dimension):
        if squared(x) <= radius**2 and all(squared(tuple(map(int.__sub__, x, y))) > apart**2 for y in chosen):
            chosen.append(x)
    return chosen


@pytest.mark.statement("companion.A6")
@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("dimension", [1, 2, 3])
def test_explicit_packings_have_as_many_points_as_the_proof_says(norm: str, dimension: int, evidence: Recorder) -> None:
    """(1/(2ε))^D targets of which one network is within ε of one at most, exhibited; how many more there are is the slack."""
    least: Fraction | None = None
    for epsilon in (Fraction(1, 3), Fraction(1, 4), Fraction(1, 6)):
        found = packing(NORMS[norm], dimension, int(2 / epsilon), 4)  # in units of ε/2
        assert len(found) >= (1 / (2 * epsilon)) ** dimension
        ratio = len(found) * (2 * epsilon) ** dimension
        least = ratio if least is None else min(least, ratio)
    evidence.instances(
        f"D = {dimension}, {norm} norm, ε = 1/3, 1/4, 1/6", {"points found over points stated, at least": f"{float(least or 0):.3g}"}
    )


@pytest.mark.statement("companion.A6")
def test_a_packing_with_a_larger_constant_does_not_exist() -> None:
    """On a line taking each point that is far enough, from the left, is best: at ε = 1/4 it finds 4 points, fewer than 5/(4ε)."""
    finest = packing(NORMS["largest entry"], 1, 64, 32)
    assert len(finest) == 4 < Fraction(5, 4) / Fraction(1, 4)


@pytest.mark.statement("companion.A6")
def test_lower_bound_with_a_threefold_logarithm_is_false() -> None:
    """Three samples uniform on {±1, ±2, ±3}/3 hit every target within 1/6 half of the time, and 3·log₂(1/(2·1/6)) - 1 > 3."""
    assert min(hit_probabilities(3, 3, Fraction(1, 6))) >= Fraction(1, 2)
    assert 2 ** (3 + 1) < 3**3
