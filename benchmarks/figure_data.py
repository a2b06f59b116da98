"""Gather the recorded runs of benchmarks into the tables that figures are drawn from.

    python -m benchmarks.figure_data [--quick] [--out FOLDER]

Writes structured_success, structured_inference, near_limit, feedforward and feedforward_copies as parquet into FOLDER/data; nothing is
measured, so --quick changes nothing.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from numerics.breakdown import FACTORS

RESULTS = Path(__file__).parent / "results"


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


def main() -> int:
    """Write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="accepted; the records are what they are")
    parser.add_argument("--out", type=Path, default=Path("out"))
    options = parser.parse_args()
    folder = options.out / "data"
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "structured_success": success_rows,
        "structured_inference": inference_rows,
        "near_limit": near_limit_rows,
        "feedforward": feedforward_rows,
        "feedforward_copies": copies_rows,
    }
    for name, rows in tables.items():
        if found := rows(RESULTS):
            pq.write_table(pa.Table.from_pylist(found), folder / f"{name}.parquet")
    return 0


if __name__ == "__main__":
    sys.exit(main())
