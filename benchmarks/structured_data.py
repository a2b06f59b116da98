"""Gather the recorded runs about structured tickets into the tables that figures are drawn from.

    python -m benchmarks.structured_data [--quick] [--out FOLDER]

Writes FOLDER/data/structured_success.parquet and FOLDER/data/structured_inference.parquet; nothing is measured, so --quick changes nothing.
"""

import argparse
import json
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

RESULTS = Path(__file__).parent / "results"


def success_rows(folder: Path) -> list[dict[str, object]]:
    """One row for each cell of the latest record of benchmarks/structured_success.py."""
    path = sorted(folder.glob("structured_success-*.json"))[-1]
    return json.loads(path.read_text(encoding="utf-8"))["rows"]


def inference_rows(folder: Path) -> list[dict[str, object]]:
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


def main() -> int:
    """Write both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="accepted; the records are what they are")
    parser.add_argument("--out", type=Path, default=Path("out"))
    options = parser.parse_args()
    folder = options.out / "data"
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(success_rows(RESULTS)), folder / "structured_success.parquet")
    pq.write_table(pa.Table.from_pylist(inference_rows(RESULTS)), folder / "structured_inference.parquet")
    return 0


if __name__ == "__main__":
    sys.exit(main())
