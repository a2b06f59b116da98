"""The vector form of the engine: subset sums in the sup norm, for structured tickets."""

from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Bool, Int64

from .driver import MEMORY, MERGED_MOST, Progress
from .errors import ExactRangeExceeded, TooManySamples, WrongArray, WrongObjective
from .limits import EXACT_BITS
from .objective import read_objective
from .solve import solve_subset_sums
from .stream import available_threads, in_runs

MOST_COORDINATES = 9
MOST_SAMPLES = 52


class VectorSubsetSums(NamedTuple):
    """Chosen subsets and what they leave: `residuals` = (sum of the chosen vectors) - target."""

    masks: Bool[np.ndarray, "B n"]
    residuals: Int64[np.ndarray, "B d"]


def solve_vector_subset_sums(
    samples: np.ndarray,
    targets: np.ndarray,
    *,
    objective: str | tuple[str, int] = "best",
    tolerance: int | np.integer | None = None,
    only: bool = False,
    threads: int | None = None,
    progress: Progress | None = None,
) -> VectorSubsetSums:
    """Choose, for each target w in Z^d, a subset of its n sample vectors with least ‖Σ mᵢ xᵢ - w‖∞; exact.

    `samples` int64 [B, n, d], `targets` int64 [B, d]; d ≤ 9, n ≤ 52, all numbers below 2^55.
    Returns `masks` bool [B, n] and `residuals` int64 [B, d]. Objectives "best", "within" and ("size", k) as in
    `solve_subset_sums`, with the same tie-break, the smallest mask. With `only`, for "within", a row without a subset within the tolerance
    has the empty mask: its optimum is not looked for. A thread holds (8d + 12)·2^(n/2) bytes. Many equal vectors make the search slow.
    Wrong input raises a `SubsetSumError`.
    """
    for name, array, ranks, shape in (("samples", samples, 3, "[B, n, d]"), ("targets", targets, 2, "[B, d]")):
        if not isinstance(array, np.ndarray) or array.dtype != np.int64 or array.ndim != ranks:
            found = f"{array.dtype} {array.shape}" if isinstance(array, np.ndarray) else type(array).__name__
            raise WrongArray(f"solve_vector_subset_sums: {name} must be an int64 array {shape}, not {found}.")
    rows, n, d = samples.shape
    if targets.shape != (rows, d) or not 1 <= d <= MOST_COORDINATES:
        raise WrongArray(
            f"solve_vector_subset_sums: samples {samples.shape} and targets {targets.shape}; expected [B, n, d] and "
            f"[B, d] with 1 ≤ d ≤ {MOST_COORDINATES}."
        )
    if n > MOST_SAMPLES:
        raise TooManySamples(f"solve_vector_subset_sums: n = {n} samples; at most {MOST_SAMPLES}. Use fewer samples.")
    if objective not in ("best", "within") and not isinstance(objective, tuple):
        raise WrongObjective(f'solve_vector_subset_sums: objective {objective!r}; choose "best", "within" or ("size", k).')
    if only and objective != "within":
        raise WrongObjective(f'solve_vector_subset_sums: only = True with objective {objective!r}; it goes with "within" alone.')
    wanted = read_objective(objective, tolerance, n)
    if d == 1 and n <= MERGED_MOST:
        return _one_coordinate(samples, targets, objective=objective, tolerance=tolerance, only=only, threads=threads, progress=progress)
    size = wanted.size if wanted.name == "size" else -1
    from . import vector
    from .compiled import prepare

    prepare(vector.solve_vector_run)
    x, w = np.ascontiguousarray(samples), np.ascontiguousarray(targets)
    answer = VectorSubsetSums(np.zeros((rows, n), np.bool_), np.zeros((rows, d), np.int64))

    def work(start: int, end: int) -> None:
        status, u = vector.solve_vector_run(x, w, wanted.tolerance, only, size, start, end, *answer)
        if status == vector.INEXACT:
            raise ExactRangeExceeded(
                f"solve_vector_subset_sums: row {u} has a number that is not below 2^{EXACT_BITS}. Use a coarser grid."
            )

    workers = max(1, min(threads or available_threads(), MEMORY // ((8 * d + 12) << (n // 2))))
    for finished, _ in in_runs(work, rows, max(1, 2 ** max(12 - n // 2, 0)), workers):
        if progress is not None:
            progress(finished, rows)
    return answer


def _one_coordinate(
    samples: np.ndarray, targets: np.ndarray, *, tolerance: int | np.integer | None, only: bool, **options: Any
) -> VectorSubsetSums:
    """Numbers, for which the scalar engine is faster."""
    masks, residuals = solve_subset_sums(samples[:, :, 0], targets[:, 0], tolerance=tolerance, **options)
    if only and tolerance is not None:
        missed = np.abs(residuals) > tolerance
        masks[missed], residuals[missed] = False, -targets[missed, 0]
    return VectorSubsetSums(masks, residuals[:, None])
