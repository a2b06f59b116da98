"""Runs the CPU kernels over a batch: on a pool of threads, in bounded memory, with progress and Ctrl-C."""

from collections.abc import Callable
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Bool, Int64

from .errors import ExactRangeExceeded, TooManySamples
from .limits import EXACT_BITS
from .objective import Objective
from .stream import in_runs

RUN_LENGTH = 8192
WORTH_BITS = {"best": 15, "within": 19}
"""A run of fewer than 2^(WORTH_BITS - n / 2) instances takes less time than handing it to a thread."""

MERGED_MOST = 48
"""Merging needs 24 bytes for each of 2^(n/2) half sums."""

MEMORY = 900 * 2**20
"""Bytes of work space that the threads share."""

Progress = Callable[[int, int], None]


class SubsetSums(NamedTuple):
    """Chosen subsets and what they leave: `residuals` = (sum of the chosen samples) - target, in the samples' units."""

    masks: Bool[np.ndarray, "*targets n"]
    residuals: Int64[np.ndarray, "*targets"]


class Interrupted(KeyboardInterrupt):
    """Ctrl-C stopped the search: the first `finished` targets of `partial`, in row-major order, are solved."""

    def __init__(self, partial: SubsetSums, finished: int) -> None:
        super().__init__(f"subset sums: interrupted; {finished} of {partial.residuals.size} targets are solved")
        self.partial = partial
        self.finished = finished


def solve_on_cpu(
    x: Int64[np.ndarray, "B n"],
    w: Int64[np.ndarray, "B T"],
    objective: Objective,
    answer: SubsetSums,
    threads: int,
    progress: Progress | None,
) -> None:
    """Fill `answer`; raises `ExactRangeExceeded`, and `Interrupted` on Ctrl-C once the runs under way have ended."""
    n = x.shape[1]
    masks, residuals = answer.masks.reshape(w.size, n), answer.residuals.reshape(w.size)
    by_residual = objective.name in ("best", "within")
    work = _residual_work(x, w, objective, masks, residuals) if by_residual else _cost_work(x, w, objective, masks, residuals)
    if not by_residual:
        threads = max(1, min(threads, MEMORY // ((52 << (n - n // 2)) + 1)))
    work_bits = {"best": 20, "within": 28}.get(objective.name, 18)
    worth = 2 ** max(WORTH_BITS.get(objective.name, 12) - n // 2, 0)
    length = max(1, min(RUN_LENGTH, max(w.size // (8 * threads), worth), 2 ** max(work_bits - n // 2, 0)))
    finished = 0
    try:
        for finished, _ in in_runs(work, w.size, length, threads):
            if progress is not None:
                progress(finished, w.size)
    except KeyboardInterrupt:
        raise Interrupted(answer, finished) from None


def _residual_work(x: Any, w: Any, objective: Objective, masks: Any, residuals: Any) -> Callable[[int, int], None]:
    from . import cpu, shared, within
    from .compiled import prepare

    prepare(cpu.solve_run)
    lock = Lock()

    def work(start: int, end: int) -> None:
        unsolved = np.ones(end - start, np.bool_)
        offset = start
        if objective.tolerance >= 0:
            if w.shape[1] >= shared.SHARED_LEAST:
                shared.shared_run(x, w, objective.tolerance, start, end, masks, residuals, unsolved)
            within.first_run(x, w, objective.tolerance, start, end, masks, residuals, unsolved)
            if not unsolved.any():
                return
        while start < end:
            status, start = cpu.solve_run(x, w, objective.tolerance, start, end, masks, residuals, unsolved, offset)
            if status == cpu.INEXACT:
                raise inexact(x, w, start)
            if status == cpu.TIED:
                if x.shape[1] > MERGED_MOST:
                    raise too_tied(x, w, start)
                with lock:
                    cpu.solve_tied(x, w, objective.tolerance, start, masks, residuals)
                start += 1

    return work


def _cost_work(x: Any, w: Any, objective: Objective, masks: Any, residuals: Any) -> Callable[[int, int], None]:
    from . import criteria
    from .compiled import prepare

    prepare(criteria.solve_run_by_cost)
    kinds = {"sparsest": criteria.SPARSEST, "smallest": criteria.SMALLEST, "size": criteria.SIZE}
    kind = kinds[objective.name]

    def work(start: int, end: int) -> None:
        status, unit = criteria.solve_run_by_cost(x, w, kind, objective.size, objective.tolerance, start, end, masks, residuals)
        if status == criteria.INEXACT:
            raise inexact(x, w, unit)
        missed = start + np.flatnonzero(residuals[start:end] == criteria.NOTHING)
        if missed.size:
            rows, columns = np.divmod(missed, w.shape[1])
            best_masks = np.zeros((missed.size, x.shape[1]), np.bool_)
            best_residuals = np.zeros(missed.size, np.int64)
            optimum = _residual_work(x[rows], w[rows, columns][:, None], Objective("best"), best_masks, best_residuals)
            optimum(0, missed.size)
            masks[missed], residuals[missed] = best_masks, best_residuals

    return work


def too_tied(x: Int64[np.ndarray, "B n"], w: Int64[np.ndarray, "B T"], unit: int) -> TooManySamples:
    """Return the error for target number `unit`, for which too many subsets are equally good."""
    row, target = divmod(unit, w.shape[1])
    return TooManySamples(
        f"solve_subset_sums: row {row}, target {target}: too many subsets of {x.shape[1]} samples are equally near, "
        f"as with repeated samples; such instances are solved for at most {MERGED_MOST} samples. Use fewer samples."
    )


def inexact(x: Int64[np.ndarray, "B n"], w: Int64[np.ndarray, "B T"], unit: int) -> ExactRangeExceeded:
    """Return the error for target number `unit`, which has a number outside the exact range."""
    row, target = divmod(unit, w.shape[1])
    largest = max([abs(int(w[row, target])), *(abs(int(v)) for v in x[row])])
    return ExactRangeExceeded(
        f"solve_subset_sums: row {row}, target {target}: the number {largest} is not below 2^{EXACT_BITS}, where "
        "sums of up to 60 of them are exact in 64 bits. Use a coarser grid."
    )
