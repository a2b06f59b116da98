"""The normal grid, subset sums by merging lists, and how many vectors they take."""

from fractions import Fraction
from itertools import pairwise
from math import erf, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.recheck import normal
from numerics import random_weights
from numerics.random_weights import Key
from numerics.structured.merging import near_subset
from numerics.structured.success import exact_cell, hitting_times, list_sizes, merged_cell, vectors
from numerics.structured.weights import FIRST, normal_weights, normal_weights_at
from numerics.subset_sum import solve_vector_subset_sums
from theory import normal_grid
from theory.errors import OutOfRange


@settings(deadline=None, derandomize=True, max_examples=50)
@given(st.integers(0, 2**128 - 1), st.integers(0, 2**16), st.integers(4, 7), st.integers(0, 2**40), st.integers(0, 9))
def test_builder_theory_and_rechecker_draw_the_same_normal_weights(seed: int, layer: int, tensor: int, start: int, count: int) -> None:
    drawn = normal_weights(Key(seed), layer, tensor, start, count).tolist()
    assert normal_weights_at(Key(seed), layer, tensor, np.arange(start, start + count)[::-1]).tolist() == drawn[::-1]
    assert drawn == list(normal.normal_weights(seed, layer, tensor, range(start, start + count)))


def test_the_two_tables_of_the_normal_law_are_the_same_and_its_inverse_jumps_at_each_threshold() -> None:
    table = normal_grid.thresholds()
    assert list(table) == normal.table()
    assert normal_grid.table_digest() == normal.table_digest()
    assert all(a <= b for a, b in pairwise(table))
    for k in (1, 2, 100, 4096, 12288):
        assert (normal_grid.weight_of(table[k - 1] - 1), normal_grid.weight_of(table[k - 1])) == (k - 1, k)
        assert normal_grid.weight_of((1 << 63) + table[k - 1]) == -k


def test_probabilities_are_those_of_the_words_and_add_up_to_1() -> None:
    scaled = [normal_grid.probability(k) * 2**64 for k in range(normal_grid.LAST + 1)]
    assert all(count.denominator == 1 for count in scaled)
    assert sum(int(count) for count in scaled) * 2 - int(scaled[0]) == 2**64
    assert normal_grid.probability(-3) == normal_grid.probability(3)
    assert normal_grid.probability(normal_grid.LAST + 1) == 0
    step = 2.0**-normal_grid.GRID_BITS
    for k in (0, 1, 4096, 3 * 4096):
        mass = (erf((k + 0.5) * step / sqrt(2)) - erf((k - 0.5) * step / sqrt(2))) / 2
        assert float(normal_grid.probability(k)) == pytest.approx(mass, rel=1e-9)


def test_the_grid_law_is_near_the_rounded_normal_law_and_a_shifted_table_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    threshold, variation = normal_grid.distance_from_rounded_normal()
    assert threshold <= Fraction(1, 2**63)
    assert variation <= Fraction(1, 2**50)
    shifted = tuple(t + (1 << 30) for t in normal_grid.thresholds())
    monkeypatch.setattr(normal_grid, "thresholds", lambda: shifted)
    normal_grid.distance_from_rounded_normal.cache_clear()
    try:
        assert normal_grid.distance_from_rounded_normal()[0] > Fraction(1, 2**34)
    finally:
        normal_grid.distance_from_rounded_normal.cache_clear()


def test_the_second_moment_is_that_of_a_rounded_normal_number() -> None:
    assert abs(normal_grid.second_moment() - 1 - Fraction(1, 12 * 2**24)) < Fraction(1, 2**46)
    assert normal_grid.second_moment() != 1


@settings(deadline=None, derandomize=True, max_examples=25)
@given(st.integers(1, 12), st.integers(0, 60), st.integers(0, 2**32), st.integers(1, 3))
def test_merged_lists_return_the_exact_residual_of_their_mask(dimension: int, n: int, seed: int, attempts: int) -> None:
    generator = np.random.default_rng(seed)
    samples, target = generator.integers(-(2**20), 2**20, (n, dimension)), generator.integers(-(2**20), 2**20, dimension)
    mask, residual = near_subset(samples, target, list_bits=4, attempts=attempts)
    by_hand = [sum(int(samples[i, k]) for i in np.flatnonzero(mask)) - int(target[k]) for k in range(dimension)]
    assert residual.tolist() == by_hand
    assert np.abs(residual).max() <= np.abs(target).max()
    assert (near_subset(samples, target, list_bits=4, attempts=attempts)[0] == mask).all()


def test_merged_lists_are_never_nearer_than_the_optimum_and_come_close_to_it() -> None:
    samples, target = vectors(2, 0, 24), np.full(2, 1 << 24, dtype=np.int64)
    best = int(np.abs(solve_vector_subset_sums(samples[None], target[None]).residuals).max())
    found = int(np.abs(near_subset(samples, target, list_bits=12, attempts=8)[1]).max())
    assert best <= found <= 4 * best


def test_more_lists_come_nearer_in_five_coordinates() -> None:
    target = np.full(5, 1 << 24, dtype=np.int64)
    errors = []
    for lists in (2, 8, 32):
        errors.append(np.median([np.abs(near_subset(vectors(5, key, 12 * lists), target, list_bits=12)[1]).max() for key in range(3)]))
    assert errors[0] > 2 * errors[1] > 4 * errors[2]


@pytest.mark.parametrize("place", range(9))
def test_the_longest_vectors_that_fill_no_list_are_left_out(place: int) -> None:
    samples, target = vectors(3, 0, 90), np.full(3, 1 << 24, dtype=np.int64)
    samples[place::9] <<= 10
    mask, _ = near_subset(samples, target, list_bits=10)
    assert mask.any()
    assert not mask[place::9].any()


@pytest.mark.parametrize("options", [{"list_bits": 1}, {"list_bits": 23}, {"attempts": 0}])
def test_list_merging_refuses_options_out_of_range(options: dict[str, int]) -> None:
    with pytest.raises(OutOfRange, match="coordinates"):
        near_subset(np.zeros((4, 2), dtype=np.int64), np.zeros(2, dtype=np.int64), **options)


def test_list_merging_refuses_numbers_that_sums_could_carry_out_of_range() -> None:
    with pytest.raises(OutOfRange, match="below 2⁴⁰"):
        near_subset(np.full((4, 2), 1 << 40), np.zeros(2, dtype=np.int64))


def test_hitting_times_are_what_a_search_at_each_n_finds() -> None:
    times = hitting_times(2, 0.1, 20, 16).times
    target = np.full((1, 2), 1 << 24, dtype=np.int64)
    for key, time in enumerate(times.tolist()):
        for n in (time - 1, time):
            if 0 < n <= 16:
                found = np.abs(solve_vector_subset_sums(vectors(2, key, n)[None], target).residuals).max() <= int(0.1 * 2**24)
                assert found == (n == time)


def test_cells_count_failures_and_say_when_nothing_tried_was_enough() -> None:
    cell = exact_cell(2, 0.1, 40, 10)
    assert cell.samples is None
    assert cell.successes < 40
    assert cell.lower < cell.successes / 40 < cell.upper
    enough = exact_cell(1, 0.1, 40, 24)
    assert enough.samples is not None
    assert enough.before is not None
    assert 100 * enough.successes >= 99 * 40 > 100 * enough.before
    merged = merged_cell(2, 0.1, 40, 10, 10, 100)
    assert merged.samples is not None
    assert 100 * merged.successes >= 99 * merged.trials == 99 * 40
    least = exact_cell(2, 0.1, 40, 24).samples
    assert least is not None
    assert least <= merged.samples
    assert merged_cell(9, 0.001, 3, 8, 12, 30).samples is None
    with pytest.raises(OutOfRange, match="at least one trial"):
        merged_cell(2, 0.1, 1, 8, 100, 10)


def test_numbers_of_vectors_that_fill_lists_come_in_order_within_the_work() -> None:
    sizes = list_sizes(10, 20, 60)
    assert sizes == sorted(sizes)
    assert all(n == lists * bits * 17 // 16 and lists << bits <= 1 << 10 and 20 <= n <= 60 for n, lists, bits in sizes)
    assert {lists for _, lists, _ in sizes} == {4, 8}


def test_searches_that_found_nothing_are_counted_and_timed() -> None:
    hits = hitting_times(6, 0.01, 3, 37)
    assert (hits.times > 37).all()
    assert [(n, count) for n, count, _ in hits.exhausted] == [(36, 3), (37, 3)]
    assert all(seconds > 0 for _, _, seconds in hits.exhausted)


def test_words_of_normal_weights_serve_no_uniform_weight() -> None:
    assert random_weights.CONSTANT_SECOND < FIRST
