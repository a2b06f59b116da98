"""The subset-sum engine against MIP and CP solvers on the same instances in one run, and on published workloads.

    python benchmarks/subset_sum.py [--out DIR] [--budget SECONDS] [--cap SECONDS] [--limit SECONDS] [--skip-peers] [--baseline FILE]

Writes subset_sum.json and subset_sum.md. About five minutes on a quiet machine with two cores: --budget 1 --cap 3 --limit 200.
Times are medians. A solver that is not installed is listed as missing
(pip install '.[peers]'). FILE is a Python file with an earlier implementation to compare with: bf(samples, targets),
filt(samples, targets, 4.0) and feas(samples, targets, tolerance, table_bits, cell_bits), each returning
(residuals, masks, ...).
"""

import argparse
import datetime
import importlib
import importlib.util
import json
import os
import platform
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path
from typing import Any

import numba
import numpy as np
from subset_sum_peers import SOLVERS
from subset_sum_report import markdown
from subset_sum_speed import both_times, clock, draw, engine_speed, workloads

from numerics.subset_sum import solve_subset_sums
from numerics.subset_sum.stream import available_threads

PEER_CASES = [
    *(("best", n, 0.0) for n in (20, 25, 10, 15, 30, 40)),
    ("tight", 20, 0.0),
    ("tight", 25, 0.0),
    *(("within", 20, e) for e in (1e-2, 1e-3, 1e-4, 1e-5, 1e-6)),
    *(("best", n, 0.0) for n in (12, 18, 21, 36)),
    *(("within", n, e) for n in (10, 30, 40) for e in (1e-2, 1e-3, 1e-4, 1e-5, 1e-6)),
]
PEER_BITS = 31
INSTANCES = 20


def distance(x: np.ndarray, w: np.integer, mask: int | None) -> int | None:
    """Return |sum of the mask - w| in Python integers, None if there is no mask."""
    if mask is None:
        return None
    return abs(sum(v for i, v in enumerate(x.tolist()) if mask >> i & 1) - int(w))


def peer_rows(budget: float, cap: float, limit: float) -> tuple[list[dict[str, Any]], list[str]]:
    """Run every installed solver on the same instances as the engine, one thread each, until `limit` seconds are spent;
    return the rows and the names of the cases left out.
    """
    rows = []
    started = time.perf_counter()
    for place, (mode, n, epsilon) in enumerate(PEER_CASES):
        if time.perf_counter() - started > limit:
            return rows, [f"{m} n = {k}" + (f" ε = {e:g}" if e else "") for m, k, e in PEER_CASES[place:]]
        x, w = draw(500 + n, INSTANCES, n, PEER_BITS)
        best = np.abs(solve_subset_sums(x, w).residuals)
        tolerance = int(epsilon * 2**PEER_BITS)
        options: dict[str, Any] = {"objective": "within", "tolerance": tolerance} if mode == "within" else {}
        tile = max(1, 20_000 // INSTANCES) if n <= 20 or mode == "within" else 50 if n <= 25 else 5 if n <= 30 else 1
        big = (np.tile(x, (tile, 1)), np.tile(w, tile))
        ours = both_times(lambda b=big, o=options: solve_subset_sums(*b, threads=1, **o), repeats=3)[0][1]
        ours /= tile * INSTANCES
        for solver, (package, _) in SOLVERS.items():
            if importlib.util.find_spec(package) is None or (mode == "tight" and solver == "CP-SAT"):
                continue
            request = {
                "solver": solver,
                "mode": mode,
                "epsilon": epsilon,
                "budget": budget,
                "cap": cap,
                "bits": PEER_BITS,
            }
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
            allowed = np.maximum(best, tolerance)
            claims = [k for k, a in enumerate(answers) if a["optimal"] or (mode == "within" and a["mask"] is not None)]
            wrong = sum(1 for k in claims if errors[k] is None or errors[k] > allowed[k])
            known = [e for e in errors if e is not None]
            row = {"mode": mode, "n": n, "epsilon": epsilon, "solver": solver, "instances": len(answers)}
            row |= {"seconds": float(np.median([a["cpu"] for a in answers])), "ours": ours, "claims": len(claims)}
            row |= {"wrong": wrong, "median_residual": float(np.median(known)) / 2**PEER_BITS if known else None}
            row |= {
                "median_optimum": float(np.median(best[: len(answers)])) / 2**PEER_BITS,
                "ratio": row["seconds"] / ours,
            }
            rows.append(row)
            print(row, flush=True)
    return rows, []


def load(path: str | None) -> Any:
    """Import the baseline from a file, or return None."""
    if path is None:
        return None
    file = Path(path)
    if not file.is_file():
        raise SystemExit(f"--baseline {path}: there is no such file")
    sys.path.insert(0, str(file.resolve().parent))
    return importlib.import_module(file.stem)


def cpu_name() -> str:
    """Return the processor's name."""
    info = Path("/proc/cpuinfo")
    names = [line.split(":")[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")] if info.exists() else []
    return names[0] if names else platform.processor()


def main() -> None:
    """Run all parts and write the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("out/bench"))
    parser.add_argument("--budget", type=float, default=10.0, help="seconds per solver and case")
    parser.add_argument("--cap", type=float, default=30.0, help="seconds per solver and instance")
    parser.add_argument("--limit", type=float, default=3600.0, help="seconds for all solvers and cases")
    parser.add_argument("--skip-peers", action="store_true")
    parser.add_argument("--baseline", help="a Python file with an earlier implementation")
    options = parser.parse_args()
    baseline = load(options.baseline)
    threads = available_threads()
    numba.set_num_threads(threads)
    gpu = "no GPU" if importlib.util.find_spec("torch") is None else gpu_name()
    busy = [round(value, 1) for value in os.getloadavg()]
    packages = [package for package, _ in SOLVERS.values()]
    present = [package for package in packages if importlib.util.find_spec(package)]
    report = {
        "date": datetime.date.today().isoformat(),
        "device": {"cpu": cpu_name(), "threads": threads, "clock": clock(), "gpu": gpu, "load": busy, "system": platform.platform()},
        "versions": {p: metadata.version(p) for p in ("numpy", "numba", *present)},
        "missing": [package for package in packages if package not in present],
        "engine": engine_speed(baseline, threads),
        "workloads": workloads(),
    }
    report["peers"], report["not_run"] = ([], []) if options.skip_peers else peer_rows(options.budget, options.cap, options.limit)
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
