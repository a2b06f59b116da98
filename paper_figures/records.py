"""Gather the recorded runs of benchmarks into the tables that figures are drawn from.

    python -m paper_figures.records [--quick] [--out FOLDER]

Writes one parquet table into FOLDER/data for each entry of TABLES; nothing is measured, so --quick changes nothing.
"""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from numerics.breakdown import FACTORS
from theory.trials import MEASURED

BESIDE, INSIDE = Path(__file__).parents[1] / "benchmarks" / "results", Path(__file__).parent / "results"
RESULTS = BESIDE if BESIDE.is_dir() else INSIDE
"""The records: of the repository, or those that a wheel carries (`setup.py` puts them there)."""


def success_rows(folder: Path) -> list[dict[str, Any]]:
    """One row for each cell of the latest record of benchmarks/structured_success.py, without the times of single searches."""
    path = sorted(folder.glob("structured_success-*.json"))[-1]
    return [{name: row[name] for name in row if name != "exhausted"} for row in json.loads(path.read_text(encoding="utf-8"))["rows"]]


def inference_rows(folder: Path) -> list[dict[str, Any]]:
    """One row for each network of each record of benchmarks/structured_inference.py."""
    rows = []
    for path in sorted(folder.glob("structured_inference_*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        sizes = record["sizes"] | {"masked": record["sizes"]["unpruned"]}
        for name, seconds in record["seconds"].items():
            size = sizes[name]
            rows.append(
                {"target": path.name.removeprefix("structured_inference_").partition("-")[0], "network": name, "seconds": seconds} | size
            )
    return rows


def near_limit_rows(folder: Path) -> list[dict[str, Any]]:
    """One row for each step of the latest record of benchmarks/near_limit.py; keys counted, not named, factors one column each."""
    paths = sorted(folder.glob("near_limit-*.json"))
    if not paths:
        return []
    path = paths[-1]
    record = json.loads(path.read_text(encoding="utf-8"))
    left = ("keys_failing", "errors", "factors")
    rows = [{name: value for name, value in row.items() if name not in left} for row in record["rows"]]
    factors = [{f"factor: {name}": row["factors"].get(name) for name in FACTORS} for row in record["rows"]]
    return [row | {"epsilon": record["epsilon"]} | parts for row, parts in zip(rows, factors, strict=True)]


def feedforward_rows(folder: Path) -> list[dict[str, Any]]:
    """One row for each run of the latest record of benchmarks/feedforward.py; lists are left out."""
    return [{name: value for name, value in row.items() if not isinstance(value, list | dict)} for row in _feedforward(folder)["rows"]]


def copies_rows(folder: Path) -> list[dict[str, Any]]:
    """One row for each number of copies of the same record."""
    return _feedforward(folder)["copies"]


def _feedforward(folder: Path) -> dict[str, Any]:
    paths = sorted(folder.glob("feedforward-*.json"))
    return json.loads(paths[-1].read_text(encoding="utf-8")) if paths else {"rows": [], "copies": []}


def covering_rows(_folder: Path) -> list[dict[str, Any]]:
    """The recorded trials of subset sums for all targets."""
    return json.loads(MEASURED.read_text(encoding="utf-8"))


def experiment_rows(folder: Path) -> list[dict[str, Any]]:
    """One row for each target of the records of `python -m numerics experiments`: the one with most keys, of these the latest
    that sought sums a second time."""
    best: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.glob("experiments-*.json"), key=lambda path: ("one-search" not in path.stem, path.stem)):
        for row in json.loads(path.read_text(encoding="utf-8")):
            known = best.get(row["name"])
            if known is None or row["keys"] >= known["keys"]:
                best[row["name"]] = row
    return list(best.values())


def solver_rows(folder: Path) -> list[dict[str, Any]]:
    """One row for each solver and case of the latest record of benchmarks/subset_sum.py."""
    return _subset_sums(folder)["peers"]


def solver_speed_rows(folder: Path) -> list[dict[str, Any]]:
    """One row for each batch of the engine in the same record."""
    return _subset_sums(folder)["engine"]


def _subset_sums(folder: Path) -> dict[str, Any]:
    path = max(folder.glob("subset_sum-*.json"), key=lambda path: path.stem)
    return json.loads(path.read_text(encoding="utf-8"))


def published_rows(folder: Path) -> list[dict[str, Any]]:
    """One row for each data set and number of samples of the latest record of benchmarks/published_weights.py."""
    paths = sorted(folder.glob("published_weights-*.json"))
    return json.loads(paths[-1].read_text(encoding="utf-8"))["rows"] if paths else []


TABLES: dict[str, Callable[[Path], list[dict[str, Any]]]] = {
    "structured_success": success_rows,
    "structured_inference": inference_rows,
    "near_limit": near_limit_rows,
    "feedforward": feedforward_rows,
    "feedforward_copies": copies_rows,
    "covering": covering_rows,
    "experiments": experiment_rows,
    "solvers": solver_rows,
    "solver_speed": solver_speed_rows,
    "published": published_rows,
}


def main() -> int:
    """Write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="accepted; the records are what they are")
    parser.add_argument("--out", type=Path, default=Path("out"))
    options = parser.parse_args()
    folder = options.out / "data"
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in TABLES.items():
        if found := rows(RESULTS):
            pq.write_table(pa.Table.from_pylist(found), folder / f"{name}.parquet")
    return 0


if __name__ == "__main__":
    sys.exit(main())
