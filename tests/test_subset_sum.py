"""The engine's answers are the best subsets there are, found again by trying them all."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import Generator, Philox

from numerics.subset_sum import SubsetSumError, brute_force, lanes, solve_subset_sums
from theory.errors import CompanionError

FAMILIES = {
    "uniform": lambda rng, n: rng.integers(-(2**23), 2**23, n),
    "product": lambda rng, n: rng.integers(-(2**23), 2**23, n) * rng.integers(-(2**23), 2**23, n),
    "largest allowed": lambda rng, n: rng.integers(-(2**55) + 1, 2**55, n),
    "tiny range, many ties": lambda rng, n: rng.integers(-3, 4, n),
    "all equal": lambda _, n: np.full(n, 5),
    "all zero": lambda _, n: np.zeros(n, np.int64),
    "powers of two": lambda _, n: 2 ** np.arange(n),
    "powers of two twice": lambda _, n: 2 ** np.arange(n) // 2 ** (n // 2 * (np.arange(n) >= n // 2)),
    "all positive": lambda rng, n: rng.integers(1, 2**23, n),
    "duplicates": lambda rng, n: np.resize(rng.integers(-(2**23), 2**23, n // 2 + 1), n),
    "one large": lambda rng, n: np.where(np.arange(n) == n // 2, 2**40, rng.integers(-100, 100, n)),
}
OBJECTIVES = ("best", "within", "sparsest", "smallest", "size")


def every_subset(samples):
    """Sum, size and Σ|x| of every subset, indexed by mask, in Python integers."""
    subsets = [(0, 0, 0)]
    for value in map(int, samples):
        subsets += [(s + value, size + 1, weight + abs(value)) for s, size, weight in subsets]
    return subsets


def expected_mask(subsets, target, objective, tolerance):
    """The smallest mask that satisfies the objective, by its definition."""
    masks = range(len(subsets))
    residuals = [abs(s - int(target)) for s, _, _ in subsets]
    if isinstance(objective, tuple):
        return min((m for m in masks if subsets[m][1] == objective[1]), key=lambda m: (residuals[m], m))
    fit = [m for m in masks if tolerance is not None and residuals[m] <= tolerance]
    if objective == "best" or not fit:
        return min(masks, key=lambda m: (residuals[m], m))
    rank = {"within": lambda m: m, "sparsest": lambda m: (subsets[m][1], m), "smallest": lambda m: (subsets[m][2], m)}
    return min(fit, key=rank[objective])


def check(samples, targets, objective, tolerance=None, **options):
    """Every answer for targets [B, T] is the expected one."""
    masks, residuals = solve_subset_sums(samples, targets, objective=objective, tolerance=tolerance, **options)
    n = samples.shape[1]
    for row in range(len(samples)):
        subsets = every_subset(samples[row])
        for t, target in enumerate(targets[row]):
            mask = sum(1 << i for i in range(n) if masks[row, t, i])
            assert mask == expected_mask(subsets, target, objective, tolerance)
            assert int(residuals[row, t]) == subsets[mask][0] - int(target)


def instances(family, n, rows=3):
    """Samples [rows, n] and targets [rows, 6]: random ones, both extremes, and the sum of all."""
    rng = Generator(Philox(key=n))
    samples = np.stack([FAMILIES[family](rng, n) for _ in range(rows)]).astype(np.int64)
    reach = np.minimum(np.abs(samples).sum(axis=1) + 2, 2**55 - 1)
    total = np.clip(samples.sum(axis=1), -(2**55) + 1, 2**55 - 1)
    inside = [rng.integers(-reach, reach) for _ in range(3)]
    return samples, np.stack([*inside, reach, -reach, total], axis=1), int(reach.max())


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("n", range(15))
def test_answers_are_what_trying_every_subset_finds(objective, family, n):
    samples, targets, reach = instances(family, n, rows=2 if n > 10 else 3)
    if objective == "size":
        for size in {0, n // 3, n}:
            check(samples, targets, ("size", size))
    elif objective == "best":
        check(samples, targets, "best")
    else:
        for tolerance in (0, reach // 2**7, reach):
            check(samples, targets, objective, tolerance)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("n", [15, 16, 17])
def test_lanes_and_table_agree_with_trying_every_subset(family, n):
    samples, targets, reach = instances(family, n, rows=1)
    check(samples, targets, "best")
    check(samples, targets, "within", reach // 2**12)
    check(samples, targets, "within", 0)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("n", [1, 5, 11, 14])
def test_a_table_shared_by_a_row_finds_the_smallest_mask_for_each_target(family, n):
    samples, targets, reach = instances(family, n, rows=2)
    extra = Generator(Philox(key=n)).integers(-reach, reach, (2, 30), endpoint=True)
    targets = np.concatenate([targets, np.clip(extra, -(2**55) + 1, 2**55 - 1)], axis=1)
    for tolerance in (0, reach // 2**9, reach // 2**4):
        check(samples, targets, "within", tolerance)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_small_integers_are_solved_as_defined(data):
    n = data.draw(st.integers(0, 9))
    bound = data.draw(st.sampled_from([1, 3, 50, 2**54]))
    numbers = st.integers(-bound, bound)
    samples = np.array([data.draw(st.lists(numbers, min_size=n, max_size=n))], np.int64).reshape(1, n)
    targets = np.array([data.draw(st.lists(numbers, min_size=1, max_size=3))], np.int64)
    objective = data.draw(st.sampled_from(OBJECTIVES))
    if objective == "size":
        check(samples, targets, ("size", data.draw(st.integers(0, n))))
    else:
        check(samples, targets, objective, None if objective == "best" else data.draw(st.integers(0, 2 * bound)))


def test_the_vector_code_adds_and_compares_as_its_definition_says():
    rng = Generator(Philox(key=11))
    scaled = rng.integers(0, 2**32, 64, dtype=np.uint32)
    low, small = np.empty(128, np.uint32), np.empty(128, np.uint16)

    @brute_force.compiled
    def run(scaled, low, small, add, most):
        lanes.low_sums(scaled, low, small)
        least = lanes.least_lane(small, add)
        bits = lanes.lanes_at_most(small, add, most, np.uint64(64))
        return least, bits, lanes.lowest_bit(bits | np.uint64(2**40))

    least, bits, place = run(scaled, low, small, np.uint16(777), np.uint16(30_000))
    sums = [sum(int(scaled[k]) for k in range(7) if m >> k & 1) % 2**32 for m in range(128)]
    moved = [((s >> 16) + 777) % 2**16 for s in sums]
    assert low.tolist() == sums
    assert small.tolist() == [s >> 16 for s in sums]
    assert least == min(moved)
    assert bits == sum(1 << k for k in range(64) if moved[64 + k] <= 30_000)
    assert place == min(k for k in range(64) if (int(bits) | 2**40) >> k & 1)


def test_runs_are_copied_and_pairs_compared_as_their_definitions_say():
    rng = Generator(Philox(key=12))
    a, b = rng.integers(0, 2**16, 100, dtype=np.uint16), rng.integers(0, 2**16, 40, dtype=np.uint16)
    copied = np.zeros(40, np.uint16)

    @brute_force.compiled
    def run(a, b, copied):
        lanes.append_run(a, np.int64(5), np.uint16(40_000), copied, np.int64(9))
        least = (
            lanes.least_pairs_16(a, np.int64(3), b, np.int64(7)),
            lanes.least_pairs_32(a, np.int64(3), b, np.int64(7)),
            lanes.least_pairs_48(a, np.int64(3), b, np.int64(7)),
            lanes.least_pairs_64(a, np.int64(3), b, np.int64(7)),
        )
        return least, lanes.two_at(a, np.uint32(11))

    least, two = run(a, b, copied)
    first, second = a.tolist(), b.tolist()
    for width, found in zip((16, 32, 48, 64), least, strict=True):
        assert found == min((u + v) % 2**16 for u in first[3 : 3 + width] for v in second[7 : 7 + lanes.PAIRED])
    assert copied.tolist() == [0] * 9 + [(u + 40_000) % 2**16 for u in first[5:21]] + [0] * 15
    assert two == first[11] + 2**16 * first[12]


@pytest.mark.parametrize("n", [13, 16])
@pytest.mark.parametrize("tolerance", [0, 1, 3, 2**16 - 1, 2**16, 2**16 + 1, 2**17, 2**30, 2**54])
def test_scaling_to_lanes_loses_no_subset_whatever_the_tolerance(n, tolerance):
    rng = Generator(Philox(key=tolerance % 1000 + n))
    bound = min(max(8 * tolerance, 4), 2**54)
    samples, targets = rng.integers(-bound, bound, (4, n)), rng.integers(-bound, bound, (4, 3))
    targets[:, 0] = samples[:, : n - 1].sum(axis=1) + tolerance  # exactly at the edge
    check(samples, np.clip(targets, -(2**55) + 1, 2**55 - 1), "within", tolerance)


def test_a_command_prints_an_error_of_the_engine_without_a_traceback():
    assert issubclass(SubsetSumError, CompanionError)
    with pytest.raises(CompanionError) as caught:
        solve_subset_sums(np.zeros((1, 3), np.int64), np.zeros(1, np.int64), objective="worst")
    assert caught.value.exit_code == 2
