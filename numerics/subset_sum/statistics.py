"""How many samples suffice in practice: success frequencies with exact binomial intervals, for one target and for all
targets.

A subset of the first n samples is a mask below 2^n, and the engine returns the smallest mask within the tolerance, so
that one solve of a long sequence tells for every n at once whether its first n samples hold a solution: no sequence
is drawn twice.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Int64
from numpy.random import Generator, Philox

from numerics.store import read_rows, write_rows

from .driver import Progress
from .errors import SubsetSumError
from .solve import solve_subset_sums
from .stream import available_threads, in_runs

GRID_BITS = 23
"""Samples are k · 2^-23, k uniform on {±1, …, ±2^23}; products of two are multiples of 2^-46."""

BLOCK = 2**16
CONFIDENCE = 0.95


class WrongSweep(SubsetSumError):
    """A sweep was asked for with parameters it cannot have."""


@dataclass(frozen=True)
class Frequency:
    """How often the first `samples` samples came within `epsilon` of the target(s); 95 % Clopper-Pearson bounds on
    failure.
    """

    law: str
    targets: str
    epsilon: float
    samples: int
    trials: int
    failures: int
    failure_lower: float
    failure_upper: float


def grid_uniform(generator: Generator, shape: tuple[int, ...]) -> Int64[np.ndarray, "*shape"]:
    """Return k uniform on {±1, …, ±2^23}."""
    k = generator.integers(-(2**GRID_BITS), 2**GRID_BITS, shape)
    return k + (k >= 0)


def _product(generator: Generator, shape: tuple[int, ...]) -> Int64[np.ndarray, "*shape"]:
    return grid_uniform(generator, shape) * grid_uniform(generator, shape)


def _normal(generator: Generator, shape: tuple[int, ...]) -> Int64[np.ndarray, "*shape"]:
    return np.rint(generator.standard_normal(shape) * 2.0**GRID_BITS).astype(np.int64)


LAWS: dict[str, tuple[int, Callable[[Generator, tuple[int, ...]], np.ndarray]]] = {
    "uniform": (GRID_BITS, grid_uniform),
    "product": (2 * GRID_BITS, _product),
    "normal": (GRID_BITS, _normal),
}
"""Law: (the grid is 2^-bits, how to draw integers). Uniform on [-1, 1], product of two such, standard normal rounded
to the grid."""


def clopper_pearson(failures: int, trials: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return the exact binomial confidence bounds of a frequency (Clopper and Pearson, 1934)."""
    from scipy.stats import beta

    tail = (1 - confidence) / 2
    lower = 0.0 if failures == 0 else float(beta.ppf(tail, failures, trials - failures + 1))
    upper = 1.0 if failures == trials else float(beta.ppf(1 - tail, failures + 1, trials - failures))
    return lower, upper


def hitting_numbers(
    generator: Generator, law: str, epsilon: float, most: int, trials: int, progress: Progress | None = None
) -> Int64[np.ndarray, "trials"]:
    """Return, per trial, the least n ≤ most whose first n samples come within ε of a target uniform on [-1, 1]; else
    most + 1.
    """
    bits, draw = LAWS[law]
    tolerance = int(epsilon * 2**bits)
    numbers = np.empty(trials, np.int64)
    weights = 1 << np.arange(most, dtype=np.int64)
    for start in range(0, trials, BLOCK):
        rows = min(BLOCK, trials - start)
        samples = draw(generator, (rows, most))
        targets = grid_uniform(generator, (rows,)) << (bits - GRID_BITS)
        masks, residuals = solve_subset_sums(samples, targets, objective="within", tolerance=tolerance)
        lengths = np.frexp((masks @ weights).astype(np.float64))[1]
        numbers[start : start + rows] = np.where(np.abs(residuals) <= tolerance, lengths, most + 1)
        if progress is not None:
            progress(start + rows, trials)
    return numbers


def covering_numbers(
    generator: Generator, law: str, epsilon: float, most: int, trials: int, progress: Progress | None = None
) -> Int64[np.ndarray, "trials"]:
    """Return, per trial, the least n ≤ most whose first n samples come within ε of every target in [-1, 1]; else most
    + 1.
    """
    from . import covering, covering_bits
    from .compiled import prepare

    bits, draw = LAWS[law]
    tolerance, one = int(epsilon * 2**bits), 2**bits
    by_bits = tolerance >= covering_bits.LEAST_TOLERANCE
    kernel = covering_bits.covering_run if by_bits else covering.covering_run
    prepare(kernel)
    numbers = np.empty(trials, np.int64)
    for start in range(0, trials, BLOCK):
        rows = min(BLOCK, trials - start)
        samples = draw(generator, (rows, most))
        found = numbers[start : start + rows]

        def work(first: int, last: int, samples: np.ndarray = samples, found: np.ndarray = found) -> None:
            if by_bits:
                kernel(samples, tolerance, one, covering_bits.cell_shift(tolerance), first, last, found)
            else:
                kernel(samples, tolerance, one, first, last, found)

        for end, _ in in_runs(work, rows, 64, available_threads()):
            if progress is not None:
                progress(start + end, trials)
    return numbers


def frequencies(numbers: Int64[np.ndarray, "trials"], law: str, targets: str, epsilon: float, most: int) -> Iterator[Frequency]:
    """Yield the failure frequency for every n ≤ most from the numbers of samples at which the trials first
    succeeded.
    """
    failed = len(numbers) - np.cumsum(np.bincount(numbers, minlength=most + 2))[: most + 1]
    for n, failures in enumerate(failed.tolist()):
        yield Frequency(law, targets, epsilon, n, len(numbers), failures, *clopper_pearson(failures, len(numbers)))


def smallest_sufficient(rows: Iterable[Frequency], delta: float) -> tuple[int | None, int | None, int | None]:
    """Return the smallest n with failure frequency ≤ δ, and the n at which its lower, and its upper, 95 % bound is ≤
    δ.
    """
    ordered = sorted(rows, key=lambda row: row.samples)

    def first(value: Callable[[Frequency], float]) -> int | None:
        return next((row.samples for row in ordered if value(row) <= delta), None)

    return (
        first(lambda row: row.failures / row.trials),
        first(lambda row: row.failure_lower),
        first(lambda row: row.failure_upper),
    )


def sweep(
    generator: Generator,
    path: Path,
    *,
    laws: Sequence[str] = ("uniform", "product", "normal"),
    epsilons: Sequence[float] = (1e-1, 1e-2, 1e-3),
    targets: Sequence[str] = ("one", "all"),
    most: dict[str, int] | None = None,
    trials: dict[str, int] | None = None,
    progress: Progress | None = None,
) -> list[Frequency]:
    """Estimate the failure frequency for every n, law and ε, for "one" target uniform on [-1, 1] and for "all" of
    [-1, 1].

    `generator` must rest on `numpy.random.Philox`; every combination reads its own part of the stream, so a run that
    is stopped and started again with the same generator skips what `path`, a parquet table of `Frequency` rows,
    already holds. `most` and `trials` map "one" and "all" to the longest sequence and the number of trials. Raises
    `WrongSweep`.
    """
    lengths = {"one": 30, "all": 22} | (most or {})
    repeats = {"one": 100_000, "all": 1_000} | (trials or {})
    if not isinstance(generator.bit_generator, Philox):
        raise WrongSweep(
            f"sweep: the generator rests on {type(generator.bit_generator).__name__}; pass "
            "numpy.random.Generator(numpy.random.Philox(key))."
        )
    for name, given, known in (("laws", laws, tuple(LAWS)), ("targets", targets, ("one", "all"))):
        if unknown := [value for value in given if value not in known]:
            raise WrongSweep(f"sweep: {name} = {unknown} unknown; choose from {known}.")
    if bad := [epsilon for epsilon in epsilons if not 2.0**-GRID_BITS <= epsilon <= 1]:
        raise WrongSweep(f"sweep: epsilon = {bad[0]} is not between 2^-{GRID_BITS}, the grid, and 1.")
    rows = read_rows(path, Frequency)
    done = {(row.law, row.targets, row.epsilon, row.trials) for row in rows}
    count = {"one": hitting_numbers, "all": covering_numbers}
    for law in laws:
        for kind in targets:
            for epsilon in epsilons:
                if (law, kind, epsilon, repeats[kind]) in done:
                    continue
                name = hashlib.sha256(f"{law} {kind} {epsilon!r}".encode()).digest()
                stream = Generator(generator.bit_generator.jumped(1 + int.from_bytes(name[:7], "big")))
                numbers = count[kind](stream, law, epsilon, lengths[kind], repeats[kind], progress)
                rows += frequencies(numbers, law, kind, epsilon, lengths[kind])
                write_rows(rows, path)
    return rows
