"""The subset-sum engine against MIP and CP solvers on the same instances in one run, and its speed on published workloads.

    python benchmarks/subset_sum.py [--out DIR] [--budget SECONDS] [--skip-peers] [--baseline FILE]

Writes subset_sum.json and subset_sum.md. Times are medians. A solver that is not installed is listed as missing (pip install
'.[peers]'). FILE is a Python file with an earlier implementation to compare with: filt(samples, targets, 4.0) and
feas(samples, targets, tolerance, table_bits, cell_bits), each returning (residuals, masks, ...).
"""

import argparse
import datetime
import importlib.util
import json
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numpy.random import Generator, Philox
from subset_sum_peers import SOLVERS

sys.path.insert(0, str(Path(__file__).parents[1]))
from numerics.subset_sum import solve_subset_sums, solve_vector_subset_sums
from numerics.subset_sum.statistics import grid_uniform
from numerics.subset_sum.stream import available_threads

GRID = 2.0**23
BEST = {10: 200_000, 12: 200_000, 15: 200_000, 20: 100_000, 25: 8_000, 30: 1_500, 36: 120, 40: 30, 44: 6, 48: 2}
WITHIN = [(15, 1e-2), (20, 1e-2), (20, 1e-3), (20, 1e-4), (30, 1e-3), (30, 1e-4), (30, 1e-5), (40, 1e-4), (40, 1e-6)]
BASELINE_TABLE = {1e-2: (5, 2), 1e-3: (7, 4), 1e-4: (8, 4), 1e-5: (10, 4), 1e-6: (11, 4)}
VECTORS = [(2, 20, 200), (2, 30, 12), (4, 20, 200), (4, 30, 8), (9, 20, 60), (9, 24, 12)]
PEER_CASES = [
    *(("best", n, 0.0) for n in (10, 15, 20, 25, 30, 40)),
    ("tight", 20, 0.0),
    ("tight", 25, 0.0),
    *(("within", n, e) for n in (20, 40) for e in (1e-2, 1e-3, 1e-4, 1e-6)),
]
INSTANCES = 20
CAP = 30.0
REPEATS = 5


def draw(key: int, rows: int, n: int, bits: int = 23) -> tuple[np.ndarray, np.ndarray]:
    """Return samples [rows, n] and targets [rows], uniform on [-1, 1] on the grid of 2^-bits."""
    generator = Generator(Philox(key=key))
    if bits == 23:
        return grid_uniform(generator, (rows, n)), grid_uniform(generator, (rows,))
    return generator.integers(-(2**bits), 2**bits, (rows, n)), generator.integers(-(2**bits), 2**bits, rows)


def seconds(*works: Callable[[], Any], repeats: int = REPEATS) -> list[float]:
    """Return the median wall time of each work, run in turn, after one run of each that is not counted."""
    for work in works:
        work()
    times: list[list[float]] = [[] for _ in works]
    for _ in range(repeats):
        for work, taken in zip(works, times, strict=True):
            start = time.perf_counter()
            work()
            taken.append(time.perf_counter() - start)
    return [float(np.median(taken)) for taken in times]


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
    return 6e7 / min(seconds(lambda: dependent_steps(10_000_000), repeats=9))


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
        times = [t / count for t in seconds(*works, repeats=REPEATS if n < 44 else 1)]
        half_sums = 2 ** (n // 2) + 2 ** (n - n // 2)
        row = {"objective": "best", "n": n, "seconds": times[0], "per_second": 1 / times[0], "threads": threads}
        row["verified"] = verified(x, w, *found)
        row["over_store_bound"] = times[0] * threads * cycles / half_sums if n >= 15 else None
        row["over_baseline"] = times[1] / times[0] if len(times) > 1 else None
        rows.append(row)
        print(row, flush=True)
    for n, epsilon in WITHIN:
        count = 400_000 if epsilon > 5e-5 else 40_000
        x, w = draw(100 + n, count, n)
        tolerance = int(epsilon * GRID)
        found = solve_subset_sums(x, w, objective="within", tolerance=tolerance)
        works = [lambda x=x, w=w, t=tolerance: solve_subset_sums(x, w, objective="within", tolerance=t)]
        if baseline:
            table = BASELINE_TABLE[epsilon]
            works.append(lambda x=x, w=w, t=tolerance, table=table: baseline.feas(x, w, np.int64(t), *table))
        times = [t / count for t in seconds(*works)]
        row = {"objective": "within", "n": n, "epsilon": epsilon, "seconds": times[0], "per_second": 1 / times[0]}
        row |= {"threads": threads, "verified": verified(x, w, *found)}
        row["feasible"] = float((np.abs(found.residuals) <= tolerance).mean())
        row["over_baseline"] = times[1] / times[0] if len(times) > 1 else None
        rows.append(row)
        print(row, flush=True)
    return rows


def workloads() -> list[dict[str, Any]]:
    """Time the published workloads, and targets that share their samples, with uniform targets of the same count."""
    rows = []

    def add(name: str, x: np.ndarray, w: np.ndarray, published: str, **options: Any) -> None:
        found = solve_subset_sums(x, w, **options)
        (taken,) = seconds(lambda: solve_subset_sums(x, w, **options), repeats=3)
        flat = np.repeat(x, w.shape[1], 0) if w.ndim == 2 else x
        right = verified(flat, w.ravel(), found.masks.reshape(w.size, -1), found.residuals.ravel())
        worst = float(np.abs(found.residuals).max() / GRID)
        median = float(np.median(np.abs(found.residuals)) / GRID)
        rows.append({"name": name, "targets": w.size, "seconds": taken, "verified": right, "published": published})
        rows[-1] |= {"largest_error": worst, "median_error": median}
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
        x, w = draw(30 + n, 2572, n)
        add(f"LeNet5 convolutions, n = {n}, every optimum", x, w, "Gurobi, rounding not done (da Cunha et al. 2022)")
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
        (taken,) = seconds(lambda s=samples, t=targets: solve_vector_subset_sums(s, t), repeats=3)
        error = float(np.median(np.abs(solve_vector_subset_sums(samples, targets).residuals).max(1)) / GRID)
        rows.append({"name": f"vectors, d = {d}, n = {n}, optimum", "targets": count, "seconds": taken})
        rows[-1] |= {"verified": True, "published": "", "largest_error": None, "median_error": error}
        print(rows[-1], flush=True)
    return rows


def peer_rows(budget: float) -> list[dict[str, Any]]:
    """Run every installed solver on the same instances as the engine, one thread each."""
    rows = []
    for mode, n, epsilon in PEER_CASES:
        x, w = draw(500 + n, INSTANCES, n)
        best = np.abs(solve_subset_sums(x, w).residuals)
        tolerance = int(epsilon * GRID)
        options: dict[str, Any] = {"objective": "within", "tolerance": tolerance} if mode == "within" else {}
        tile = max(1, 20_000 // INSTANCES) if n <= 20 or mode == "within" else 50 if n <= 25 else 5 if n <= 30 else 1
        big = (np.tile(x, (tile, 1)), np.tile(w, tile))
        (ours,) = seconds(lambda b=big, o=options: solve_subset_sums(*b, threads=1, **o), repeats=3)
        ours /= tile * INSTANCES
        for solver, (package, _) in SOLVERS.items():
            if importlib.util.find_spec(package) is None or (mode == "tight" and solver == "CP-SAT"):
                continue
            request = {"solver": solver, "mode": mode, "epsilon": epsilon, "budget": budget, "cap": CAP}
            request["instances"] = [(a.tolist(), int(b)) for a, b in zip(x, w, strict=True)]
            command = [sys.executable, str(Path(__file__).with_name("subset_sum_peers.py"))]
            done = subprocess.run(command, input=json.dumps(request), capture_output=True, text=True, check=False)
            answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
            if not answers:
                print(f"{solver} gave no answer: {done.stderr[-300:]}", file=sys.stderr)
                continue
            errors = [
                None if a["mask"] is None else abs(sum(int(v) for i, v in enumerate(x[k]) if a["mask"] >> i & 1) - int(w[k]))
                for k, a in enumerate(answers)
            ]
            limit = np.maximum(best, tolerance)
            claims = [k for k, a in enumerate(answers) if a["optimal"] or (mode == "within" and a["mask"] is not None)]
            wrong = sum(1 for k in claims if errors[k] is None or errors[k] > limit[k])
            known = [e for e in errors if e is not None]
            row = {"mode": mode, "n": n, "epsilon": epsilon, "solver": solver, "instances": len(answers)}
            row |= {"seconds": float(np.median([a["cpu"] for a in answers])), "ours": ours, "claims": len(claims)}
            row |= {"wrong": wrong, "median_residual": float(np.median(known)) / GRID if known else None}
            row |= {"median_optimum": float(np.median(best[: len(answers)])) / GRID, "ratio": row["seconds"] / ours}
            rows.append(row)
            print(row, flush=True)
    return rows


def load(path: str | None) -> Any:
    """Import the baseline from a file, or return None."""
    if path is None:
        return None
    spec = importlib.util.spec_from_file_location("baseline", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"--baseline {path}: no such Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def cpu_name() -> str:
    """Return the processor's name."""
    info = Path("/proc/cpuinfo")
    names = [line.split(":")[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")] if info.exists() else []
    return names[0] if names else platform.processor()


def markdown(report: dict[str, Any]) -> str:
    """Return the report as Markdown tables."""
    device = report["device"]
    lines = [
        "# Subset sums: measured",
        "",
        f"{report['date']}, {device['cpu']}, {device['threads']} threads, clock {device['clock'] / 1e9:.2f} GHz while measuring; "
        f"{device['gpu']}. Medians of wall time; other work shared the machine, so ratios within one table mean more than times.",
        f"Versions: {', '.join(f'{k} {v}' for k, v in report['versions'].items())}. Missing: {', '.join(report['missing']) or 'none'}.",
        "",
        "## Batches of independent instances, all threads",
        "",
        "| objective | n | ε | s per instance | instances/s | ratio to the baseline | threads · time / store-port bound | verified |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]

    def number(value: float | None, form: str = ".3g") -> str:
        return "-" if value is None else format(value, form)

    lines += [
        f"| {r['objective']} | {r['n']} | {number(r.get('epsilon'))} | {r['seconds']:.3g} | {r['per_second']:,.0f} | "
        f"{number(r['over_baseline'], '.2f')} | {number(r.get('over_store_bound'), '.1f')} | {'all' if r['verified'] else 'NO'} |"
        for r in report["engine"]
    ]
    lines += [
        "",
        "## Workloads",
        "",
        "| workload | targets | s | largest error | median error | published |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {r['name']} | {r['targets']:,} | {r['seconds']:.3g} | {number(r['largest_error'])} | {number(r['median_error'])} | {r['published']} |"
        for r in report["workloads"]
    ]
    lines += [
        "",
        "## Solvers on the same instances, one thread",
        "",
        "wrong: claimed optimal (or within ε) but, the mask re-added in integers, it is not.",
        "",
        "| mode | n | ε | solver | instances | s (CPU) | ours, s | ratio | wrong / claimed | median residual | median optimum |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {r['mode']} | {r['n']} | {number(r['epsilon'] or None)} | {r['solver']} | {r['instances']} | {r['seconds']:.3g} | {r['ours']:.3g} | "
        f"{r['ratio']:.2g} | {r['wrong']} / {r['claims']} | {number(r['median_residual'])} | {r['median_optimum']:.3g} |"
        for r in report["peers"]
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run all parts and write the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("out/bench"))
    parser.add_argument("--budget", type=float, default=10.0, help="seconds per solver and case")
    parser.add_argument("--skip-peers", action="store_true")
    parser.add_argument("--baseline", help="a Python file with an earlier implementation")
    options = parser.parse_args()
    baseline = load(options.baseline)
    threads = available_threads()
    numba.set_num_threads(threads)
    gpu = "no GPU" if importlib.util.find_spec("torch") is None else gpu_name()
    packages = [package for package, _ in SOLVERS.values()]
    present = [package for package in packages if importlib.util.find_spec(package)]
    report = {
        "date": datetime.date.today().isoformat(),
        "device": {"cpu": cpu_name(), "threads": threads, "clock": clock(), "gpu": gpu, "system": platform.platform()},
        "versions": {p: metadata.version(p) for p in ("numpy", "numba", *present)},
        "missing": [package for package in packages if package not in present],
        "engine": engine_speed(baseline, threads),
        "workloads": workloads(),
        "peers": [] if options.skip_peers else peer_rows(options.budget),
    }
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "subset_sum.json").write_text(json.dumps(report, indent=1) + "\n")
    (options.out / "subset_sum.md").write_text(markdown(report))
    print(f"written to {options.out}/subset_sum.json and .md")


def gpu_name() -> str:
    """Return the GPU's name, or say that there is none."""
    import torch

    return torch.cuda.get_device_name() if torch.cuda.is_available() else "no GPU"


if __name__ == "__main__":
    main()
