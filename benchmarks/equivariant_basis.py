"""Exact equivariant bases against emlp on the same spaces in one run: seconds and dimensions, each call in a fresh process.

    python benchmarks/equivariant_basis.py [--out DIR] [--emlp PYTHON] [--cap SECONDS] [--budget SECONDS] [--repeat N]

PYTHON is an interpreter that can import emlp, best of an environment of its own, because emlp's iterative solver needs an old jax:
pip install emlp==1.0.3 six jax==0.4.30 jaxlib==0.4.30 'numpy<2'. Without one (or `pip install '.[emlp]'`) emlp is listed as missing.
Times exclude the import. emlp's first call in a process compiles, so later calls, with its cache of solutions emptied, are recorded too
("warm"); ratios are taken with both. A call may take the cap, or its equal share of what is left of the budget if that is less, so that the
whole table ends within the budget; what a call leaves of its share goes to the later ones.
Writes equivariant_basis.json and equivariant_basis.md.
"""

import argparse
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

PEER = Path(__file__).with_name("equivariant_basis_peer.py")
OURS = Path(__file__).with_name("equivariant_basis_ours.py")
CASES: list[tuple[str, int]] = [
    *((f"S({n}) 1 1", 2) for n in (4, 8)),
    *((f"S({n}) 1 2", 5) for n in (4, 6, 8)),
    *((f"S({n}) 2 2", 15) for n in (4, 5, 6)),
    *((f"Z({n}) 1 1", n) for n in (4, 8, 12)),
    *((f"SO({n}) {k} {m}", d) for n, k, m, d in ((3, 2, 2, 3), (3, 0, 5, 6), (3, 0, 6, 15), (4, 0, 4, 4))),
    ("O13 2 2", 3),
    ("SO13p 2 2", 4),
    ("Cube 2 2", 60),
    ("Rubik 1 1", 9),
]


def run(python: str, script: Path, case: str, cap: float, repeat: int) -> dict[str, Any]:
    """One case in a fresh process: {"dimension", "seconds", "warm"}, or {"failed": reason}."""
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parent.parent)}
    command = [python, str(script), case, str(repeat)]
    try:
        finished = subprocess.run(command, capture_output=True, text=True, timeout=cap, check=False, env=environment)
    except subprocess.TimeoutExpired:
        return {"failed": f"not finished after {cap:.0f} s"}
    if finished.returncode:
        return {"failed": (finished.stderr.strip().splitlines() or ["no message"])[-1][:200]}
    return json.loads(finished.stdout.strip().splitlines()[-1])


def median_ratio(rows: list[dict[str, Any]], key: str) -> float | None:
    """The median over cases that both finished of emlp's time over ours."""
    ratios = [row["emlp"][key] / row["ours"][key] for row in rows if key in row["emlp"] and key in row["ours"]]
    return statistics.median(ratios) if ratios else None


def cell(result: dict[str, Any], key: str) -> str:
    """A time or the reason for its absence."""
    return f"{result[key]:.4f}" if key in result else result.get("failed", "missing")


def markdown(report: dict[str, Any]) -> str:
    """The report as a table."""
    lines = [
        f"# Equivariant bases, {report['date']}, {report['machine']}, load {report['load']:.1f}",
        "",
        "Seconds; first call of a process, and the median of later ones (warm). Dimension wrong: marked.",
        "",
        "| case | dimension | ours first | ours warm | emlp first | emlp warm | emlp dimension | ratio first | ratio warm |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in report["cases"]:
        ours, emlp = row["ours"], row["emlp"]
        ratios = [f"{emlp[key] / ours[key]:.0f}" if key in ours and key in emlp else "" for key in ("seconds", "warm")]
        found = str(emlp.get("dimension", "")) + (" (wrong)" if emlp.get("dimension", row["dimension"]) != row["dimension"] else "")
        cells = [
            row["case"],
            str(row["dimension"]),
            cell(ours, "seconds"),
            cell(ours, "warm"),
            cell(emlp, "seconds"),
            cell(emlp, "warm"),
            found,
        ]
        lines.append("| " + " | ".join(cells + ratios) + " |")
    for key, name in (("seconds", "first calls"), ("warm", "warm calls")):
        ratio = report["median_ratio"][key]
        lines.append(f"\nMedian ratio, {name}: " + ("not measured, emlp is missing" if ratio is None else f"{ratio:.0f}"))
    return "\n".join(lines) + "\n"


def write(rows: list[dict[str, Any]], out: Path) -> None:
    """The report of the cases done so far, as JSON and Markdown."""
    report = {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "load": os.getloadavg()[0],
        "median_ratio": {key: median_ratio(rows, key) for key in ("seconds", "warm")},
        "cases": rows,
    }
    out.mkdir(parents=True, exist_ok=True)
    (out / "equivariant_basis.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    (out / "equivariant_basis.md").write_text(markdown(report), encoding="utf-8")


def main() -> int:
    """Run every case on both sides; exit with 1 if a dimension of ours is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("out/bench"))
    parser.add_argument("--emlp", default=sys.executable, metavar="PYTHON")
    parser.add_argument("--cap", type=float, default=120.0)
    parser.add_argument("--budget", type=float, default=900.0)
    parser.add_argument("--repeat", type=int, default=3)
    arguments = parser.parse_args()
    present = subprocess.run([arguments.emlp, "-c", "import emlp"], capture_output=True, check=False).returncode == 0
    rows: list[dict[str, Any]] = []
    end = time.monotonic() + arguments.budget

    def share(calls: int) -> float:
        return max(1.0, min(arguments.cap, (end - time.monotonic()) / calls))

    for number, (case, dimension) in enumerate(CASES):
        calls = 2 * (len(CASES) - number)
        ours = run(sys.executable, OURS, case, share(calls), arguments.repeat)
        peer = run(arguments.emlp, PEER, case, share(calls - 1), arguments.repeat) if present else {"failed": "missing"}
        rows.append({"case": case, "dimension": dimension, "ours": ours, "emlp": peer})
        print(f"{case:<14} ours {cell(ours, 'seconds')} emlp {cell(peer, 'seconds')}", flush=True)
        write(rows, arguments.out)
    print(f"wrote {arguments.out / 'equivariant_basis.md'}")
    return int(any(row["ours"].get("dimension") != row["dimension"] for row in rows))


if __name__ == "__main__":
    sys.exit(main())
