"""The one function of the subset-sum engine, and what it accepts."""

import numpy as np
from jaxtyping import Int64

from .driver import Progress, SubsetSums, solve_on_cpu
from .errors import WrongArray
from .objective import read_objective
from .stream import available_threads


def solve_subset_sums(
    samples: np.ndarray,
    targets: np.ndarray,
    *,
    objective: str | tuple[str, int] = "best",
    tolerance: int | np.integer | None = None,
    device: str = "cpu",
    threads: int | None = None,
    progress: Progress | None = None,
) -> SubsetSums:
    """Choose, for each target w, a subset m of its samples x; its residual is r = Σ mᵢ xᵢ - w, exactly.

    `samples` int64 [B, n]; `targets` int64 [B], or [B, T] for T targets that share the samples of their row; all
    below 2^55. Returns `masks` bool [B, n] or [B, T, n] and `residuals` int64 [B] or [B, T].

    Objectives; a tolerance is an integer ≥ 0 in the samples' units:
    "best": least |r|, the proved optimum;
    "within": any subset with |r| ≤ tolerance;
    "sparsest": fewest samples with |r| ≤ tolerance;
    "smallest": least Σ mᵢ |xᵢ| with |r| ≤ tolerance;
    ("size", k): least |r| among the subsets of exactly k samples.
    Where no subset is within the tolerance the proved optimum is returned: |residual| > tolerance tells.

    One optimum visits 2 · 2^(n/2) half sums: microseconds at n = 20, about 10 ms at n = 40, about a minute at n = 60.

    Of the subsets that satisfy the objective equally well, the one with the smallest mask is returned, a mask being
    read as the integer Σ mᵢ 2^i. The answer depends on the instance alone, not on threads, batches or device.

    `device` is "cpu", "cuda" or "cuda:1". `progress(done, total)` is called after each run
    of instances. Ctrl-C raises `Interrupted`, which holds what is finished. Wrong input raises a `SubsetSumError`,
    which is a ValueError.
    """
    x, w = _arrays(samples, targets)
    wanted = read_objective(objective, tolerance, x.shape[1])
    if threads is not None and (not isinstance(threads, int) or threads < 1):
        raise WrongArray(f"solve_subset_sums: threads = {threads!r}; expected a positive integer, or None for all cores.")
    answer = SubsetSums(np.zeros((*targets.shape, x.shape[1]), np.bool_), np.zeros(targets.shape, np.int64))
    if device != "cpu":
        from .torch_ops import solve_on_device

        solve_on_device(x, w, wanted, answer, device, progress)
    elif w.size:
        solve_on_cpu(x, w, wanted, answer, threads or available_threads(), progress)
    return answer


def _arrays(samples: object, targets: object) -> tuple[Int64[np.ndarray, "B n"], Int64[np.ndarray, "B T"]]:
    x = _integers("samples", samples, (2,), "[B, n]")
    w = _integers("targets", targets, (1, 2), "[B] or [B, T]")
    if x.shape[0] != w.shape[0]:
        raise WrongArray(
            f"solve_subset_sums: {x.shape[0]} rows of samples but {w.shape[0]} rows of targets; each row of targets "
            "uses the samples of the same row. Repeat or split the rows."
        )
    return np.ascontiguousarray(x), np.ascontiguousarray(w if w.ndim == 2 else w[:, None])


def _integers(name: str, array: object, ranks: tuple[int, ...], shape: str) -> np.ndarray:
    if not isinstance(array, np.ndarray) or array.dtype != np.int64:
        found = array.dtype if isinstance(array, np.ndarray) else type(array).__name__
        raise WrongArray(
            f"solve_subset_sums: {name} must be a numpy array of int64, not {found}. Scale the numbers to a "
            "common grid (k · 2^-23 becomes k) and pass the integers."
        )
    if array.ndim not in ranks:
        raise WrongArray(f"solve_subset_sums: {name} has shape {array.shape}; expected {shape}.")
    return array
