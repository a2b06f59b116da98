"""The one function of the subset-sum engine, and what it accepts."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Int64

from .errors import DeviceUnavailable, ExactRangeExceeded, TooManySamples, WrongArray, WrongObjective

SAMPLE_LIMIT = 60
RUN_LENGTH = 2048


class SubsetSums(NamedTuple):
    """Chosen subsets and what they leave: `residuals` = (sum of the chosen samples) - target, in the samples' integer units."""

    masks: Bool[np.ndarray, "*targets n"]
    residuals: Int64[np.ndarray, "*targets"]


def solve_subset_sums(
    samples: np.ndarray,
    targets: np.ndarray,
    *,
    objective: str | tuple[str, int] = "best",
    tolerance: int | None = None,
    device: str = "cpu",
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> SubsetSums:
    """Choose, for each target w, a subset m of its samples x with residual r = Σ mᵢ xᵢ - w; exact, and the same on every machine.

    `samples` int64 [B, n]; `targets` int64 [B], or [B, T] for T targets that share the samples of their row.
    Returns `masks` bool [B, n] or [B, T, n] and `residuals` int64 [B] or [B, T].

    Objectives (a tolerance is an integer ≥ 0 in the samples' units):
    "best": least |r|, the proved optimum.
    "within": some subset with |r| ≤ tolerance if there is one, else the optimum.

    Among the subsets that satisfy the objective equally well, the one whose mask is smallest is returned, a mask being read as
    the integer Σ mᵢ 2^i. The answer therefore depends on the instance alone, not on threads, batches or device.

    Raises a `SubsetSumError` (a ValueError) on wrong input.
    """
    x, w = _arrays(samples, targets)
    allowance = _tolerance(objective, tolerance)
    if device != "cpu":
        raise DeviceUnavailable(f'solve_subset_sums: device {device!r} is not available; use device="cpu".')
    masks = np.zeros((w.size, x.shape[1]), np.bool_)
    residuals = np.zeros(w.size, np.int64)
    _run(x, w, allowance, masks, residuals, threads, progress)
    return SubsetSums(masks.reshape(*targets.shape, x.shape[1]), residuals.reshape(targets.shape))


def _arrays(samples: np.ndarray, targets: np.ndarray) -> tuple[Int64[np.ndarray, "B n"], Int64[np.ndarray, "B T"]]:
    for name, array, ranks in (("samples", samples, (2,)), ("targets", targets, (1, 2))):
        if not isinstance(array, np.ndarray) or array.dtype != np.int64:
            found = array.dtype if isinstance(array, np.ndarray) else type(array).__name__
            raise WrongArray(
                f"solve_subset_sums: {name} must be a numpy array of int64, not {found}. Scale the numbers to a common grid "
                "(k · 2^-23 becomes k) and pass the integers."
            )
        if array.ndim not in ranks:
            expected = "[B, n]" if name == "samples" else "[B] or [B, T]"
            raise WrongArray(f"solve_subset_sums: {name} has shape {array.shape}; expected {expected}.")
    if samples.shape[0] != targets.shape[0]:
        raise WrongArray(
            f"solve_subset_sums: {samples.shape[0]} rows of samples but {targets.shape[0]} rows of targets; each row of targets "
            "uses the samples of the same row. Repeat or split the rows."
        )
    if samples.shape[1] > SAMPLE_LIMIT:
        raise TooManySamples(f"solve_subset_sums: n = {samples.shape[1]} samples; at most {SAMPLE_LIMIT} can be solved. Use fewer.")
    return np.ascontiguousarray(samples), np.ascontiguousarray(targets.reshape(targets.shape[0], -1))


def _tolerance(objective: str | tuple[str, int], tolerance: int | None) -> int:
    if objective not in ("best", "within"):
        raise WrongObjective(f'solve_subset_sums: objective {objective!r} is unknown; choose "best" or "within".')
    if objective == "best":
        if tolerance is not None:
            raise WrongObjective(f'solve_subset_sums: "best" takes no tolerance, found {tolerance!r}; leave it out or use "within".')
        return -1
    if not isinstance(tolerance, (int, np.integer)) or tolerance < 0:
        raise WrongObjective(f"solve_subset_sums: {objective!r} needs an integer tolerance ≥ 0 in grid units, found {tolerance!r}.")
    return min(int(tolerance), 2**60)


def _run(
    x: Int64[np.ndarray, "B n"],
    w: Int64[np.ndarray, "B T"],
    tolerance: int,
    masks: Bool[np.ndarray, "units n"],
    residuals: Int64[np.ndarray, "units"],
    threads: int | None,
    progress: Callable[[int, int], None] | None,
) -> None:
    from .compiled import announce
    from .cpu import INEXACT, solve_run

    announce(solve_run)
    workers = threads or len(os.sched_getaffinity(0))
    starts = range(0, w.size, RUN_LENGTH)

    def work(start: int) -> tuple[int, int]:
        return solve_run(x, w, tolerance, start, min(start + RUN_LENGTH, w.size), masks, residuals)

    with ThreadPoolExecutor(workers) as pool:
        done = 0
        for status, unit in pool.map(work, starts):
            if status == INEXACT:
                row, target = divmod(unit, w.shape[1])
                raise ExactRangeExceeded(
                    f"solve_subset_sums: row {row}, target {target}: Σ|x| + |w| = "
                    f"{sum(abs(int(v)) for v in x[row]) + abs(int(w[row, target]))} reaches 2^61, beyond which sums of 64-bit integers "
                    "are not exact. Use a coarser grid."
                )
            done = min(done + RUN_LENGTH, w.size)
            if progress is not None:
                progress(done, w.size)
