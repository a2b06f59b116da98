"""How fast the subset-sum engine is: batches of independent instances, published workloads, shared samples, vectors."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numpy.random import Generator, Philox

sys.path.insert(0, str(Path(__file__).parents[1]))
from numerics.subset_sum import solve_subset_sums, solve_vector_subset_sums
from numerics.subset_sum.statistics import grid_uniform

GRID = 2.0**23
BEST = {10: 100_000, 12: 60_000, 15: 40_000, 18: 20_000, 20: 20_000, 21: 10_000, 25: 2_000, 30: 300, 36: 20, 40: 6, 44: 2, 48: 1}
WITHIN = [
    *((20, epsilon) for epsilon in (1e-2, 1e-3, 1e-4, 1e-5, 1e-6)),
    *((30, epsilon) for epsilon in (1e-2, 1e-3, 1e-4, 1e-5, 1e-6)),
    *((n, 1e-2) for n in (10, 12, 15, 18, 21, 25)),
    *((36, epsilon) for epsilon in (1e-3, 1e-5)),
    *((40, epsilon) for epsilon in (1e-4, 1e-5, 1e-6)),
]
BASELINE_TABLE = {1e-2: (5, 2), 1e-3: (7, 4), 1e-4: (8, 4), 1e-5: (10, 4), 1e-6: (11, 4)}
VECTORS = [(2, 20, 200), (2, 30, 12), (4, 20, 200), (4, 30, 8), (9, 20, 60), (9, 24, 12)]
REPEATS = 5


def draw(key: int, rows: int, n: int, bits: int = 23) -> tuple[np.ndarray, np.ndarray]:
    """Return samples [rows, n] and targets [rows], uniform on [-1, 1] on the grid of 2^-bits."""
    generator = Generator(Philox(key=key))
    if bits == 23:
        return grid_uniform(generator, (rows, n)), grid_uniform(generator, (rows,))
    return generator.integers(-(2**bits), 2**bits, (rows, n)), generator.integers(-(2**bits), 2**bits, rows)


def both_times(*works: Callable[[], Any], repeats: int = REPEATS) -> list[tuple[float, float]]:
    """Return the median (wall time, CPU time of the process) of each work, run in turn, after one run of each that is not
    counted.
    """
    for work in works:
        work()
    times: list[list[tuple[float, float]]] = [[] for _ in works]
    for _ in range(repeats):
        for work, taken in zip(works, times, strict=True):
            wall, cpu = time.perf_counter(), time.process_time()
            work()
            taken.append((time.perf_counter() - wall, time.process_time() - cpu))
    return [(float(np.median([w for w, _ in taken])), float(np.median([c for _, c in taken]))) for taken in times]


def seconds(*works: Callable[[], Any], repeats: int = REPEATS) -> list[float]:
    """Return the median wall time of each work, as `both_times`."""
    return [wall for wall, _ in both_times(*works, repeats=repeats)]


def speed(times: list[tuple[float, float]], count: int) -> dict[str, Any]:
    """Return the columns of a row from the times of the engine and, if there is one, of the baseline."""
    (wall, cpu), base = times[0], times[1] if len(times) > 1 else None
    row: dict[str, Any] = {"seconds": wall / count, "cpu_seconds": cpu / count, "per_second": count / wall}
    row["over_baseline"] = base[1] / cpu if base else None
    row["over_baseline_wall"] = base[0] / wall if base else None
    return row


def verified(samples: np.ndarray, targets: np.ndarray, masks: np.ndarray, residuals: np.ndarray) -> bool:
    """Return whether every residual is re-added from its mask, in Python integers for the first hundred."""
    total = np.where(masks, samples, 0).sum(1)
    pairs = zip(samples[:100].tolist(), masks[:100].tolist(), targets[:100].tolist(), residuals[:100].tolist(), strict=True)
    by_hand = all(sum(v for v, m in zip(x, mask, strict=True) if m) - w == r for x, mask, w, r in pairs)
    return by_hand and bool((total - targets == residuals).all())


@numba.njit
def dependent_steps(count):
    """A chain of 6 · count operations, each of which waits one cycle for the one before."""
    x = np.uint64(88172645463325252)
    for _ in range(count):
        x ^= x << np.uint64(13)
        x ^= x >> np.uint64(7)
        x ^= x << np.uint64(17)
    return x


def clock() -> float:
    """Return the processor's clock in cycles per second, from a chain of dependent operations."""
    return 6e7 / min(both_times(lambda: dependent_steps(10_000_000), repeats=9))[1]


def engine_speed(baseline: Any, threads: int) -> list[dict[str, Any]]:
    """Time the optimum and the decision on batches, beside the baseline if there is one."""
    rows = []
    cycles = clock()
    for n, count in BEST.items():
        bits = 23 if n <= 20 else 31 if n <= 30 else 46
        x, w = draw(n, count, n, bits)
        found = solve_subset_sums(x, w)
        works: list[Callable[[], Any]] = [lambda x=x, w=w: solve_subset_sums(x, w)]
        if baseline and n <= 40:
            run = baseline.bf if n <= 12 else baseline.filt
            works.append(lambda x=x, w=w, run=run, n=n: run(x, w) if n <= 12 else run(x, w, 4.0))
        half_sums = 2 ** (n // 2) + 2 ** (n - n // 2)
        row = {"objective": "best", "n": n, "threads": threads}
        row |= speed(both_times(*works, repeats=REPEATS if n < 44 else 1), count)
        row["verified"] = verified(x, w, *found)
        row["over_store_bound"] = row["cpu_seconds"] * cycles / half_sums if n > 16 else None
        rows.append(row)
        print(row, flush=True)
    for n, epsilon in WITHIN:
        count = 100_000 if epsilon > 5e-4 else 20_000 if epsilon > 5e-6 else 4_000
        x, w = draw(100 + n, count, n)
        tolerance = int(epsilon * GRID)
        found = solve_subset_sums(x, w, objective="within", tolerance=tolerance)
        works = [lambda x=x, w=w, t=tolerance: solve_subset_sums(x, w, objective="within", tolerance=t)]
        if baseline:
            table = BASELINE_TABLE[epsilon]
            works.append(lambda x=x, w=w, t=tolerance, table=table: baseline.feas(x, w, np.int64(t), *table))
        row = {"objective": "within", "n": n, "epsilon": epsilon, "threads": threads}
        row |= speed(both_times(*works), count) | {"verified": verified(x, w, *found)}
        row["feasible"] = float((np.abs(found.residuals) <= tolerance).mean())
        rows.append(row)
        print(row, flush=True)
    return rows


def workloads() -> list[dict[str, Any]]:
    """Time the published workloads, and targets that share their samples, with uniform targets of the same count."""
    rows = []

    def add(name: str, x: np.ndarray, w: np.ndarray, published: str, grid: float = GRID, **options: Any) -> None:
        found = solve_subset_sums(x, w, **options)
        ((taken, cpu),) = both_times(lambda: solve_subset_sums(x, w, **options), repeats=3)
        flat = np.repeat(x, w.shape[1], 0) if w.ndim == 2 else x
        right = verified(flat, w.ravel(), found.masks.reshape(w.size, -1), found.residuals.ravel())
        worst = float(np.abs(found.residuals).max() / grid)
        median = float(np.median(np.abs(found.residuals)) / grid)
        rows.append({"name": name, "targets": w.size, "seconds": taken, "cpu_seconds": cpu, "verified": right})
        rows[-1] |= {"largest_error": worst, "median_error": median, "published": published}
        print(rows[-1], flush=True)

    x, w = draw(21, 397_000, 21)
    slt = "77,266 s on 36 cores, Gurobi (Pensia et al. 2020)"
    add("784-500-10 network, n = 21, every optimum", x, w, slt)
    add("784-500-10 network, n = 21, within 0.01", x, w, slt, objective="within", tolerance=int(0.01 * GRID))
    shared, rest = draw(22, 500, 21)[0], draw(23, 500 * 784, 1)[1].reshape(500, 784)
    add(
        "784 x 500 layer, samples shared by row, within 0.01",
        shared,
        rest,
        "",
        objective="within",
        tolerance=int(0.01 * GRID),
    )
    add("784 x 500 layer, samples shared by row, 20 rows, every optimum", shared[:20], rest[:20], "")
    for n in (10, 15, 20, 25, 30):
        x, w = draw(30 + n, 2572, n, 46)
        add(
            f"LeNet5 convolutions, n = {n}, every optimum",
            x,
            w,
            "Gurobi, answers not rounded (da Cunha et al. 2022)",
            2.0**46,
        )
    for objective in ("sparsest", "smallest"):
        x, w = draw(50, 20_000, 20)
        add(
            f"20,000 targets, n = 20, {objective} within 0.01",
            x,
            w,
            "",
            objective=objective,
            tolerance=int(0.01 * GRID),
        )
    add("20,000 targets, n = 20, exactly 10 samples", x, w, "", objective=("size", 10))
    for d, n, count in VECTORS:
        generator = Generator(Philox(key=1000 * d + n))
        samples, targets = grid_uniform(generator, (count, n, d)), grid_uniform(generator, (count, d))
        ((taken, cpu),) = both_times(lambda s=samples, t=targets: solve_vector_subset_sums(s, t), repeats=3)
        found = solve_vector_subset_sums(samples, targets)
        right = np.where(found.masks[..., None], samples, 0).sum(1) - targets == found.residuals
        norms = np.abs(found.residuals).max(1) / GRID
        rows.append({"name": f"vectors, d = {d}, n = {n}, optimum", "targets": count, "seconds": taken, "cpu_seconds": cpu})
        rows[-1] |= {"verified": bool(right.all()), "published": ""}
        rows[-1] |= {"largest_error": float(norms.max()), "median_error": float(np.median(norms))}
        print(rows[-1], flush=True)
    return rows
