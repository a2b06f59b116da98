"""A6, the lower bound, on random networks small enough to enumerate every draw of their weights."""

from fractions import Fraction
from itertools import pairwise, product

import pytest

from checks.evidence import Recorder
from theory.bounds import Layer, theorem2_parameters


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


@pytest.mark.statement("companion.A6")
def test_lower_bound_with_a_threefold_logarithm_is_false() -> None:
    """Three samples uniform on {±1, ±2, ±3}/3 hit every target within 1/6 half of the time, and 3·log₂(1/(2·1/6)) - 1 > 3."""
    assert min(hit_probabilities(3, 3, Fraction(1, 6))) >= Fraction(1, 2)
    assert 2 ** (3 + 1) < 3**3
