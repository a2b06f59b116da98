"""Wall and processor time and peak memory of three large bases, each in a process of its own.

    python -m benchmarks.large_bases --out DIR

S_8 on tensors of order 2 → 3 (32,768 pairs), S_10 of order 3 → 3 (10^6 pairs), the Rubik's cube group on its 48 stickers with its order.
Seconds include the group and the spaces, not the start of Python and its imports; memory is that of the whole process. The memory that
imports alone take is recorded beside it. Writes large_bases.json and large_bases.md.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.equivariant_basis_ours import group
from benchmarks.records import Rows, markdown
from numerics.basis import equivariant_basis

CASES = {"S(8) 2 3": (52, 5.0), "S(10) 3 3": (203, 30.0), "Rubik 1 1": (9, 5.0)}
"""Dimension and the seconds allowed; Σ_j Stirling(k + l, j) over j ≤ n for S_n."""


def measure(case: str) -> dict[str, object]:
    """One basis in this process."""
    before, wall, processor = _mebibytes(), time.perf_counter(), time.process_time()
    name, k, m = case.split()
    natural = group(name).natural()  # pyright: ignore[reportAttributeAccessIssue]
    order = natural.group.order()
    found = equivariant_basis(natural ** int(k), natural ** int(m))
    size = len(found)
    seconds = {"seconds": time.perf_counter() - wall, "cpu_seconds": time.process_time() - processor}
    return {"case": case, "order": str(order), "dimension": size, **seconds, "imports_mib": before, "peak_mib": _mebibytes()}


def _mebibytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def table(rows: list[dict]) -> str:
    """The rows as Markdown."""
    keys = ("case", "order", "dimension", "seconds", "cpu_seconds", "imports_mib", "peak_mib")
    return markdown(keys, [[f"{row[key]:.3g}" if isinstance(row[key], float) else row[key] for key in keys] for row in rows]) + "\n"


def main() -> int:
    """Measure all cases; exit with 1 if a dimension is wrong or a limit is exceeded in processor time."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("out/bench"))
    parser.add_argument("--case", choices=list(CASES), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.case:
        print(json.dumps(measure(arguments.case)))
        return 0
    rows, held = Rows(arguments.out / "large_bases.json", {"command": "python -m benchmarks.large_bases"}, table), True
    for case, (dimension, limit) in CASES.items():
        command = [sys.executable, "-m", "benchmarks.large_bases", "--case", case]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1])
        row = json.loads(done.stdout)
        rows.add(row)
        held &= row["dimension"] == dimension and row["cpu_seconds"] <= limit and row["peak_mib"] <= 2048
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
