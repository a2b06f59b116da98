"""Cuts and the potential beyond enumeration: sets of any shape drawn by Hypothesis, every sample of each step in exact rationals."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.evidence import Recorder

KAPPA = Fraction(1, 2)
LARGEST = 40
Points = frozenset[int]


def shaped(magnitude: int, ends: list[int], scattered: set[int]) -> tuple[int, Points]:
    """M and a set A of some but not all of the 2M + 1 points: runs of any lengths, which hold the extreme sets, and scattered points."""
    runs = {y for start, stop in zip(sorted(ends)[::2], sorted(ends)[1::2], strict=False) for y in range(start, stop)}
    points = frozenset(runs ^ scattered)
    return magnitude, points if 0 < len(points) < 2 * magnitude + 1 else frozenset({magnitude})


def shapes() -> st.SearchStrategy[tuple[int, list[int], set[int]]]:
    """What such sets of up to 2·`LARGEST` + 1 points are made of."""
    return st.integers(1, LARGEST).flatmap(
        lambda magnitude: st.tuples(
            st.just(magnitude),
            st.lists(st.integers(0, 2 * magnitude + 1), max_size=6),
            st.sets(st.integers(0, 2 * magnitude), max_size=8),
        )
    )


def close_pairs(magnitude: int, points: Points, reach: int) -> int:
    """Pairs of a point inside and one outside at most `reach` apart."""
    outside = [z for z in range(2 * magnitude + 1) if z not in points]
    return sum(abs(y - z) <= reach for y in points for z in outside)


def grown(magnitude: int, points: Points, sample: int) -> Points:
    """A ∪ (A + x), within the 2M + 1 points."""
    return points | {y + sample for y in points if 0 <= y + sample <= 2 * magnitude}


def potential(magnitude: int, points: Points) -> Fraction:
    """ψ(v) = (1 - v)/v at v = |A|/(2M + 1)."""
    return Fraction(2 * magnitude + 1 - len(points), len(points))


def mean_potential(magnitude: int, points: Points) -> Fraction:
    """E ψ(v') over all 2M samples ±1, ..., ±M."""
    samples = [sign * x for x in range(1, magnitude + 1) for sign in (1, -1)]
    return sum((potential(magnitude, grown(magnitude, points, x)) for x in samples), Fraction(0)) / len(samples)


@pytest.mark.statement("companion.discrete_cut")
def test_half_of_all_pairs_are_close_for_sets_of_up_to_81_points(evidence: Recorder) -> None:
    seen = set()

    @given(shapes())
    def holds(shape: tuple[int, list[int], set[int]]) -> None:
        magnitude, points = shaped(*shape)
        assert 2 * close_pairs(magnitude, points, magnitude) >= len(points) * (2 * magnitude + 1 - len(points))
        seen.add((magnitude, points))

    holds()
    evidence.instances(f"{len(seen)} sets of up to {2 * LARGEST + 1} points")


@pytest.mark.statement("companion.potential", "companion.A2")
def test_the_potential_falls_in_mean_by_the_stated_factor_for_every_set(evidence: Recorder) -> None:
    """E ψ(v') ≤ (1 - κ/2)ψ(v), κ = 1/2, with the two steps that lead there: the mean growth, and v ≤ v' ≤ 2v."""
    seen = set()

    @given(shapes())
    def holds(shape: tuple[int, list[int], set[int]]) -> None:
        magnitude, points = shaped(*shape)
        size = 2 * magnitude + 1
        samples = [sign * x for x in range(1, magnitude + 1) for sign in (1, -1)]
        after = [len(grown(magnitude, points, x)) for x in samples]
        v = Fraction(len(points), size)
        assert all(len(points) <= count <= 2 * len(points) for count in after)
        assert Fraction(sum(after), size * len(samples)) >= v + KAPPA * v * (1 - v)
        assert mean_potential(magnitude, points) <= (1 - KAPPA / 2) * potential(magnitude, points)
        seen.add((magnitude, points))

    holds()
    evidence.instances(f"{len(seen)} sets of up to {2 * LARGEST + 1} points, every sample, in rationals")


@pytest.mark.statement("companion.discrete_cut", "companion.potential")
def test_sharper_constants_are_false() -> None:
    """A half of the points has no more than a half of its pairs close, up to the diagonal; a single middle point reaches its factor slowly."""
    magnitude = LARGEST
    half = frozenset(range(magnitude))
    assert close_pairs(magnitude, half, magnitude) < Fraction(52, 100) * len(half) * (2 * magnitude + 1 - len(half))
    assert mean_potential(magnitude, half) > (1 - KAPPA) * potential(magnitude, half)
