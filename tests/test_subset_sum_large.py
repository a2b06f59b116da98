"""Instances too large to try every subset: two algorithms agree, and the answer does not depend on how the work is
divided."""

import signal
import subprocess
import sys
import threading

import numpy as np
import pytest
from numpy.random import Generator, Philox

from numerics.subset_sum import Interrupted, SubsetSumError, buckets, merge, nearest, partition, runs, solve_subset_sums, table


def uniform(key, rows, n, bits=23):
    """Samples [rows, n] and targets [rows], uniform on the grid."""
    rng = Generator(Philox(key=key))
    return rng.integers(-(2**bits), 2**bits, (rows, n)), rng.integers(-(2**bits), 2**bits, rows)


def mask_integers(masks):
    return [sum(1 << i for i in np.flatnonzero(row).tolist()) for row in masks]


@pytest.mark.parametrize(("n", "rows"), [(15, 300), (20, 100), (25, 10), (29, 3), (30, 3), (31, 3), (32, 3), (33, 2), (36, 1)])
@pytest.mark.parametrize("bits", [10, 23, 46])
def test_the_optimum_is_the_one_that_merging_sorted_lists_finds(n, rows, bits):
    samples, targets = uniform(n, rows, n, bits)
    masks, residuals = solve_subset_sums(samples, targets)
    expected = [merge.nearest_by_merging(x, w, -1) for x, w in zip(samples, targets, strict=True)]
    assert mask_integers(masks) == expected
    chosen = [sum(int(v) for v, m in zip(x, mask, strict=True) if m) for x, mask in zip(samples, masks, strict=True)]
    assert residuals.tolist() == [s - int(w) for s, w in zip(chosen, targets, strict=True)]


@pytest.mark.parametrize("n", [15, 20, 28, 31, 33])
@pytest.mark.parametrize("log_tolerance", [0, 4, 9, 14, 19])
def test_the_subset_within_a_tolerance_has_the_smallest_mask(n, log_tolerance):
    samples, targets = uniform(n, 200 if n <= 20 else 4, n)
    targets[::2] *= 3
    masks, _ = solve_subset_sums(samples, targets, objective="within", tolerance=2**log_tolerance)
    assert mask_integers(masks) == [merge.nearest_by_merging(x, w, 2**log_tolerance) for x, w in zip(samples, targets, strict=True)]


@pytest.mark.parametrize("n", [20, 30, 33])
def test_ties_by_the_million_are_decided_by_the_smallest_mask(n):
    families = [np.full(n, 7), np.arange(n) % 3 - 1, np.resize(2 ** np.arange(n // 2), n), np.arange(n) - n // 2]
    samples = np.stack(families).astype(np.int64)
    targets = samples.sum(axis=1) // 3
    masks, _ = solve_subset_sums(samples, targets)
    assert mask_integers(masks) == [merge.nearest_by_merging(x, w, -1) for x, w in zip(samples, targets, strict=True)]


def test_partition_and_table_agree_on_the_same_pairs():
    samples, targets = uniform(7, 3, 30)
    space = partition.partition_workspace(15, 15)
    for x, w in zip(samples, targets, strict=True):
        mask = solve_subset_sums(x[None], np.array([w])).masks
        _, by_parts = partition.pairs_by_partition(x, w, 15, 15, 2**10, -1, *space)
        assert by_parts == mask_integers(mask)[0]


@pytest.mark.parametrize("objective", ["best", "within", "sparsest", "smallest", ("size", 7)])
def test_answers_do_not_depend_on_threads_batches_or_sharing(objective):
    samples, targets = uniform(3, 40, 18)
    targets = np.stack([targets, targets // 2, -targets], axis=1)
    tolerance = 2**8 if objective in ("within", "sparsest", "smallest") else None
    together = solve_subset_sums(samples, targets, objective=objective, tolerance=tolerance, threads=1)
    threaded = solve_subset_sums(samples, targets, objective=objective, tolerance=tolerance, threads=3)
    assert np.array_equal(together.masks, threaded.masks)
    for row in range(0, 40, 7):
        for t in range(3):
            alone = solve_subset_sums(samples[row : row + 1], targets[row : row + 1, t], objective=objective, tolerance=tolerance)
            assert np.array_equal(alone.masks[0], together.masks[row, t])
            assert alone.residuals[0] == together.residuals[row, t]


@pytest.mark.parametrize("n", [48, 60])
def test_sixty_samples_within_a_tolerance_take_no_more_than_the_prefix_needs(n):
    samples, targets = uniform(n, 50, n)
    _, residuals = solve_subset_sums(samples, targets, objective="within", tolerance=50)
    assert np.abs(residuals).max() <= 50


def test_the_optimum_of_forty_four_samples_on_a_coarse_grid_is_exact():
    samples, targets = uniform(44, 1, 44)
    assert solve_subset_sums(samples, targets).residuals[0] == 0


def test_no_samples_no_targets_and_one_sample_are_defined():
    assert solve_subset_sums(np.zeros((2, 0), np.int64), np.array([3, -4])).residuals.tolist() == [-3, 4]
    assert solve_subset_sums(np.zeros((0, 5), np.int64), np.zeros(0, np.int64)).masks.shape == (0, 5)
    assert solve_subset_sums(np.zeros((2, 5), np.int64), np.zeros((2, 0), np.int64)).masks.shape == (2, 0, 5)
    one = solve_subset_sums(np.array([[10], [10]]), np.array([5, 6]))
    assert one.masks.tolist() == [[False], [True]]
    assert one.residuals.tolist() == [-5, 4]


def test_progress_ends_at_the_number_of_targets():
    seen = []
    samples, targets = uniform(1, 5000, 12)
    solve_subset_sums(samples, targets, progress=lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen)
    assert seen[-1] == (5000, 5000)


def test_interrupting_keeps_what_is_finished():
    samples, targets = uniform(2, 3000, 20)
    whole = solve_subset_sums(samples, targets)

    def interrupt(done, _):
        if done >= 1000:
            signal.raise_signal(signal.SIGINT)

    assert threading.current_thread() is threading.main_thread()
    # A shell that starts the tests in the background has SIGINT ignored, and Python then installs no handler.
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(Interrupted) as caught:
            solve_subset_sums(samples, targets, progress=interrupt)
    finally:
        signal.signal(signal.SIGINT, previous)
    finished = caught.value.finished
    assert 1000 <= finished < 3000
    assert np.array_equal(caught.value.partial.masks[:finished], whole.masks[:finished])


INTEGERS = np.zeros((2, 3), np.int64)
PAIR = np.zeros(2, np.int64)


@pytest.mark.parametrize(
    ("samples", "targets", "options", "message"),
    [
        (np.zeros((2, 3)), PAIR, {}, "samples must be a numpy array of int64, not float64"),
        (PAIR, PAIR, {}, r"samples has shape \(2,\); expected \[B, n\]"),
        (INTEGERS, np.zeros(3, np.int64), {}, "2 rows of samples but 3 rows of targets"),
        (np.zeros((2, 61), np.int64), PAIR, {}, "n = 61 samples"),
        (np.zeros((2, 49), np.int64), PAIR, {"objective": ("size", 3)}, "n = 49 samples"),
        (INTEGERS, PAIR, {"objective": "worst"}, "'worst' is unknown"),
        (INTEGERS, PAIR, {"objective": "size"}, "'size' is unknown"),
        (INTEGERS, PAIR, {"objective": ("size", 4)}, "from 0 to n = 3"),
        (INTEGERS, PAIR, {"objective": "within"}, "needs a tolerance"),
        (INTEGERS, PAIR, {"objective": "within", "tolerance": True}, "found True"),
        (INTEGERS, PAIR, {"objective": "within", "tolerance": -1}, "found -1"),
        (INTEGERS, PAIR, {"tolerance": 1}, "takes no tolerance"),
        (INTEGERS, PAIR, {"threads": 0}, "threads = 0"),
        (INTEGERS + 2**55, PAIR, {}, r"row 0, target 0: the number 36028797018963968 is not below 2\^55"),
        (INTEGERS, np.full(2, -(2**63)), {}, "9223372036854775808 is not below"),
        (INTEGERS, PAIR + 2**55, {"objective": ("size", 1)}, "is not below"),
        (INTEGERS, PAIR, {"device": "abacus"}, "device 'abacus'"),
    ],
)
def test_wrong_input_is_refused_with_a_message(samples, targets, options, message):
    with pytest.raises(SubsetSumError, match=message):
        solve_subset_sums(samples, targets, **options)


def test_importing_the_engine_loads_neither_the_compiler_nor_the_gpu_library():
    code = "import sys, numerics.subset_sum; sys.exit(bool({'numba', 'torch'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("log_tolerance", [3, 11, 17])
def test_targets_that_share_a_table_get_the_answers_of_separate_ones(log_tolerance):
    samples, _ = uniform(5, 3, 19)
    targets = Generator(Philox(key=6)).integers(-(2**25), 2**25, (3, 300))
    together = solve_subset_sums(samples, targets, objective="within", tolerance=2**log_tolerance)
    apart = solve_subset_sums(np.repeat(samples, 300, axis=0), targets.ravel(), objective="within", tolerance=2**log_tolerance)
    assert np.array_equal(together.masks.reshape(900, 19), apart.masks)
    assert np.array_equal(together.residuals.ravel(), apart.residuals)


def test_targets_that_share_samples_get_the_answers_of_separate_ones():
    samples, _ = uniform(8, 3, 17)
    targets = Generator(Philox(key=9)).integers(-(2**26), 2**26, (3, 200))
    together = solve_subset_sums(samples, targets)
    apart = solve_subset_sums(np.repeat(samples, 200, axis=0), targets.ravel())
    assert np.array_equal(together.masks.reshape(600, 17), apart.masks)


@pytest.mark.parametrize("n", [20, 27, 28, 31])
@pytest.mark.parametrize("scale", [1, 2**6, 2**30])
def test_sorted_runs_find_the_optimum_that_merging_finds(n, scale):
    samples, targets = uniform(n + 1, 6, n, 23)
    samples, targets = samples * scale, targets * scale
    samples[1] = np.abs(samples[1])
    targets[1] = samples[1].sum() // 3
    samples[2] //= np.arange(1, n + 1) ** 3
    samples[3, n - 1] *= 40
    targets[4] = samples[4].sum() // 2 + np.abs(samples[4]).sum() // 3
    space = buckets.runs_workspace(n, True)
    found = 0
    for x, w in zip(samples, targets, strict=True):
        guess = nearest.guess_distance(x, w, runs.EXPECTED_PAIRS)
        mask = runs.nearest_by_runs(x, w, 0, np.full(1, -1), guess, *space)
        found += mask >= 0
        assert mask in (merge.nearest_by_merging(x, w, -1), table.CROWDED)
    assert found >= 4


@pytest.mark.parametrize("nearer", [0, 1])
def test_sorted_runs_miss_no_sum_at_the_edge_of_the_guess(nearer):
    samples, _ = uniform(77, 1, 20, 40)
    sums = np.zeros(1, np.int64)
    for value in samples[0]:
        sums = np.concatenate([sums, sums + value])
    order = np.argsort(sums, kind="stable")
    space = buckets.runs_workspace(20, True)
    sorted_row = np.full(1, -1)
    for k in range(2**17, 2**20, 1999):
        pair = order[k : k + 2]
        below, above = sums[pair].tolist()
        w = (below + above - 1) // 2 if nearer == 0 else below + above - (below + above - 1) // 2
        guess = float(max(w - below, above - w) - 1)
        assert runs.nearest_by_runs(samples[0], w, 0, sorted_row, guess, *space) == pair[nearer]


def test_sorted_runs_give_up_on_equal_samples_and_on_a_half_without_spread():
    space = buckets.runs_workspace(30, True)
    for x in (np.full(30, 7), np.resize(np.array([2**40, 1]), 30), np.where(np.arange(30) < 15, 0, 2 ** np.arange(30))):
        mask = runs.nearest_by_runs(x, x.sum() // 3, 0, np.full(1, -1), 5.0, *space)
        assert mask == table.CROWDED
        solved = solve_subset_sums(x[None], np.array([x.sum() // 3]))
        assert mask_integers(solved.masks) == [merge.nearest_by_merging(x, x.sum() // 3, -1)]


def test_a_guess_that_is_too_small_costs_no_optimum():
    samples, targets = uniform(12, 4, 28, 40)
    space = buckets.runs_workspace(28, True)
    for row, (x, w) in enumerate(zip(samples, targets, strict=True)):
        sorted_row = np.full(1, -1)
        masks = {int(runs.nearest_by_runs(x, w, row, sorted_row, guess, *space)) for guess in (0.0, 1.0, 1e3, 1e5)}
        assert masks == {merge.nearest_by_merging(x, w, -1)}


PADDED = [
    15812328663334, 1866674792100, 13177445297968, -2672386763278, 3523662961245, 62068950468384, -1767410085670, 588554732640,
    1492994088690, -36468503224260, 57737069445252, 2116548613114, 57082995671271, -16903375894260, -6110976188642, -711791204164,
    23555382750880, -28612682780886, 33885387598531, 4732120472004, 2961950639700, 12819546772585,
]  # fmt: skip


def test_zeros_beside_the_samples_change_nothing_and_stay_within_the_work_space():
    """14 zeros among 36 samples, as where few products have the right sign; the probing sums all lie in one part of the circle."""
    target = np.int64(-7541772255232)
    alone = solve_subset_sums(np.array([PADDED]), np.array([target]))
    x = np.array([PADDED + [0] * 14])
    with_zeros = solve_subset_sums(x, np.array([target]))
    assert with_zeros.masks[0, :22].tolist() == alone.masks[0].tolist()
    assert with_zeros.residuals.tolist() == alone.residuals.tolist() == [-334471157]
    space = list(partition.partition_workspace(18, 18))
    size = space[7].shape[1]
    space[7] = np.full((2, size + 2**13), 2**32 - 1, np.uint32)  # twice as long a row as fits, to see what is written beyond
    partition.pairs_by_partition(x[0], target, 18, 18, np.int64(28) << 26, -1, *space)
    assert (space[7][:, size:] == 2**32 - 1).all()
