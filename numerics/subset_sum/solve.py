"""The one function of the subset-sum engine, and what it accepts."""

from collections.abc import Callable
from threading import Lock
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Int64

from .errors import DeviceUnavailable, ExactRangeExceeded, TooManySamples, WrongArray, WrongObjective
from .stream import available_threads, in_runs

SAMPLE_LIMIT = 60
EXACT_BITS = 55
RUN_LENGTH = 8192


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
    answer = SubsetSums(np.zeros((*targets.shape, x.shape[1]), np.bool_), np.zeros(targets.shape, np.int64))
    _run(x, w, allowance, answer, threads or available_threads(), progress)
    return answer


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
        raise TooManySamples(
            f"solve_subset_sums: n = {samples.shape[1]} samples; at most {SAMPLE_LIMIT} can be solved. Use fewer."
        )
    return np.ascontiguousarray(samples), np.ascontiguousarray(targets.reshape(targets.shape[0], -1))


def _tolerance(objective: str | tuple[str, int], tolerance: int | None) -> int:
    if objective not in ("best", "within"):
        raise WrongObjective(f'solve_subset_sums: objective {objective!r} is unknown; choose "best" or "within".')
    if objective == "best":
        if tolerance is not None:
            raise WrongObjective(
                f'solve_subset_sums: "best" takes no tolerance, found {tolerance!r}; leave it out or use "within".'
            )
        return -1
    if not isinstance(tolerance, (int, np.integer)) or tolerance < 0:
        raise WrongObjective(
            f"solve_subset_sums: {objective!r} needs an integer tolerance ≥ 0 in grid units, found {tolerance!r}."
        )
    return min(int(tolerance), 2**60)


class Interrupted(KeyboardInterrupt):
    """Ctrl-C stopped the search: the first `finished` targets of `partial`, in row-major order, are solved."""

    def __init__(self, partial: SubsetSums, finished: int) -> None:
        super().__init__(f"subset sums: interrupted; {finished} of {partial.residuals.size} targets are solved")
        self.partial = partial
        self.finished = finished


def _run(
    x: Int64[np.ndarray, "B n"],
    w: Int64[np.ndarray, "B T"],
    tolerance: int,
    answer: SubsetSums,
    threads: int,
    progress: Callable[[int, int], None] | None,
) -> None:
    from . import cpu
    from .compiled import prepare

    prepare(cpu.solve_run)
    masks, residuals = answer.masks.reshape(w.size, x.shape[1]), answer.residuals.reshape(w.size)
    lock = Lock()

    def work(start: int, end: int) -> None:
        while start < end:
            status, start = cpu.solve_run(x, w, tolerance, start, end, masks, residuals)
            if status == cpu.INEXACT:
                raise _inexact(x, w, start)
            if status == cpu.TIED:
                with lock:
                    cpu.solve_tied(x, w, tolerance, start, masks, residuals)
                start += 1

    length = max(1, min(RUN_LENGTH, w.size // (8 * threads), 2 ** max(20 - x.shape[1] // 2, 0)))
    finished = 0
    try:
        for finished, _ in in_runs(work, w.size, length, threads):
            if progress is not None:
                progress(finished, w.size)
    except KeyboardInterrupt:
        raise Interrupted(answer, finished) from None


def _inexact(x: Int64[np.ndarray, "B n"], w: Int64[np.ndarray, "B T"], unit: int) -> ExactRangeExceeded:
    row, target = divmod(unit, w.shape[1])
    largest = max([abs(int(w[row, target])), *(abs(int(v)) for v in x[row])])
    return ExactRangeExceeded(
        f"solve_subset_sums: row {row}, target {target}: the number {largest} is not below 2^{EXACT_BITS}, where sums of up to "
        "60 of them are exact in 64 bits. Use a coarser grid."
    )
