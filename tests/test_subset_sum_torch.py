"""The PyTorch path returns bit for bit what the CPU kernels return; where there is no GPU it is run on CPU tensors."""

import numpy as np
import pytest
import torch
from numpy.random import Generator, Philox

from numerics.subset_sum import SubsetSumError, SubsetSums, solve_subset_sums, torch_ops
from numerics.subset_sum.objective import read_objective

DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]


def by_torch(samples, targets, objective, tolerance, device):
    answer = SubsetSums(np.zeros((*targets.shape, samples.shape[1]), np.bool_), np.zeros(targets.shape, np.int64))
    wanted = read_objective(objective, tolerance, samples.shape[1])
    torch_ops.solve_with_torch(samples, targets, wanted, answer, torch.device(device))
    return answer


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("bound", [2, 2**10, 2**23, 2**46])
@pytest.mark.parametrize("n", [0, 1, 2, 5, 11, 14, 16, 21, 26])
def test_both_paths_give_the_same_masks(n, bound, device):
    rng = Generator(Philox(key=n))
    rows = 60 if n < 20 else 3
    samples, targets = rng.integers(-bound, bound + 1, (rows, n)), rng.integers(-3 * bound, 3 * bound + 1, (rows, 4))
    for tolerance in (None, 0, bound // 2**14, bound // 8):
        objective = "best" if tolerance is None else "within"
        expected = solve_subset_sums(samples, targets, objective=objective, tolerance=tolerance)
        found = by_torch(samples, targets, objective, tolerance, device)
        assert np.array_equal(found.masks, expected.masks)
        assert np.array_equal(found.residuals, expected.residuals)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("bound", [2, 2**10, 2**46])
@pytest.mark.parametrize("n", [0, 1, 2, 5, 9, 12, 17])
def test_both_paths_give_the_same_cheapest_and_sized_masks(n, bound, device):
    rng = Generator(Philox(key=n))
    samples, targets = rng.integers(-bound, bound + 1, (12, n)), rng.integers(-2 * bound, 2 * bound + 1, (12, 3))
    samples[0], samples[1] = bound, samples[1] // bound
    objectives = [(name, tolerance) for name in ("sparsest", "smallest") for tolerance in (0, bound // 2**8, bound // 4, 9 * bound)]
    for objective, tolerance in [*objectives, *((("size", k), None) for k in {0, n // 3, n // 2, n})]:
        expected = solve_subset_sums(samples, targets, objective=objective, tolerance=tolerance)
        found = by_torch(samples, targets, objective, tolerance, device)
        assert np.array_equal(found.masks, expected.masks)
        assert np.array_equal(found.residuals, expected.residuals)


def test_blocks_do_not_change_the_answer(monkeypatch):
    rng = Generator(Philox(key=5))
    samples, targets = rng.integers(-(2**23), 2**23, (7, 12)), rng.integers(-(2**23), 2**23, (7, 5))
    whole = by_torch(samples, targets, "best", None, "cpu")
    for elements in (1, 2**8, 2**10):
        monkeypatch.setattr(torch_ops, "ELEMENTS", elements)
        assert np.array_equal(by_torch(samples, targets, "best", None, "cpu").masks, whole.masks)


def test_wrong_requests_are_refused_with_a_message():
    samples, targets = np.zeros((1, 2), np.int64), np.zeros(1, np.int64)
    with pytest.raises(SubsetSumError, match="device 'tpu' is unknown"):
        solve_subset_sums(samples, targets, device="tpu")
    with pytest.raises(SubsetSumError, match=r"finds .* CUDA devices"):
        solve_subset_sums(samples, targets, device="cuda:99")
    with pytest.raises(SubsetSumError, match=r"not below 2\^55"):
        by_torch(samples, targets[:, None] + 2**55, "best", None, "cpu")
