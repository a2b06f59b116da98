"""The vector solver beside an earlier implementation, on the same instances in one run: optima in the sup norm, CPU time of one thread.

    python benchmarks/vector_sums.py --baseline FILE [--out FOLDER] [--samples 20 24 30 36 40] [--dimensions 1 ... 9]

FILE is a Python file with solve(samples [B, n, d], targets [B, d], 8.0, -1) that returns (residuals [B] in the sup norm, masks [B], ...).
Ours and theirs alternate, on instances one by one or, where these take less time than a call, on batches of them. A row holds the medians of
the CPU times and of their ratios, the ratio of all their times, and how often the two optima agree. Writes FOLDER/vector_sums.json and .md
after each row, and goes on from the JSON.
"""

import argparse
import importlib.util
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import Generator, Philox

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.records import Rows, markdown
from numerics.subset_sum import solve_vector_subset_sums

GRID_BITS = 31
COUNTS = {20: 500, 24: 200, 30: 11, 36: 9, 40: 7}
"""How many instances; other numbers of samples have three."""
BATCHES = {20: 5, 24: 5}
"""How many batches they are solved in, where an instance takes less time than a call; else each by itself."""


def baseline(path: Path) -> Any:
    """The module in a file."""
    spec = importlib.util.spec_from_file_location("baseline", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def row(module: Any, d: int, n: int) -> dict[str, Any]:
    """Both on the same instances, uniform in [-1, 1]^d on the grid of 2⁻³¹."""
    generator = Generator(Philox(key=1000 * d + n))
    count = COUNTS.get(n, 3)
    samples = generator.integers(-(2**GRID_BITS), 2**GRID_BITS + 1, (count, n, d))
    targets = generator.integers(-(2**GRID_BITS), 2**GRID_BITS + 1, (count, d))
    taken: dict[str, list[float]] = {"ours": [], "baseline": []}
    equal, errors = 0, []
    each = count // BATCHES.get(n, count)
    for i in range(0, count, each):
        x, w = samples[i : i + each], targets[i : i + each]
        start = time.thread_time()
        found = solve_vector_subset_sums(x, w, threads=1)
        middle = time.thread_time()
        theirs = module.solve(x, w, 8.0, -1)[0]
        taken["ours"].append((middle - start) / each)
        taken["baseline"].append((time.thread_time() - middle) / each)
        residuals = np.abs(found.residuals).max(axis=1)
        errors += residuals.tolist()
        equal += int((residuals == np.asarray(theirs)).sum())
    ratios = np.array(taken["ours"]) / np.array(taken["baseline"])
    return {
        "d": d,
        "n": n,
        "instances": count,
        "ours_ms": 1e3 * float(np.median(taken["ours"])),
        "baseline_ms": 1e3 * float(np.median(taken["baseline"])),
        "median_ratio": float(np.median(ratios)),
        "ratio_of_sums": sum(taken["ours"]) / sum(taken["baseline"]),
        "equal_optima": equal,
        "median_error": float(np.median(errors)) / 2**GRID_BITS,
    }


COLUMNS = ("d", "n", "instances", "ours, ms", "earlier, ms", "median ratio", "ratio of sums", "equal optima", "median optimum")


def table(rows: list[dict[str, Any]]) -> str:
    """The rows in Markdown."""
    lines = [
        (r["d"], r["n"], r["instances"], f"{r['ours_ms']:.3g}", f"{r['baseline_ms']:.3g}", f"{r['median_ratio']:.2f}",
         f"{r['ratio_of_sums']:.2f}" if "ratio_of_sums" in r else "", r["equal_optima"], f"{r['median_error']:.2g}")
        for r in sorted(rows, key=lambda r: (r["d"], r["n"]))
    ]  # fmt: skip
    return markdown(COLUMNS, lines, text=()) + "\n"


def main() -> int:
    """Run the rows that are not stored yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--baseline", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("out/bench"))
    parser.add_argument("--samples", type=int, nargs="*", default=[20, 24, 30, 36, 40])
    parser.add_argument("--dimensions", type=int, nargs="*", default=list(range(1, 10)))
    options = parser.parse_args()
    module = baseline(options.baseline)
    about = {
        "command": "python benchmarks/vector_sums.py --baseline FILE",
        "measured": "CPU time of one thread for one instance, ours and the earlier one in turn",
    }
    stored = Rows(options.out / "vector_sums.json", about, table)
    done = {(r["d"], r["n"]) for r in stored.rows}
    for d in (1, 2):  # loads the kernels
        row(module, d, 20)
    for n in options.samples:
        for d in options.dimensions:
            if (d, n) not in done:
                stored.add(row(module, d, n))
    return 0


if __name__ == "__main__":
    sys.exit(main())
