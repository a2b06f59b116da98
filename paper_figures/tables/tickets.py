"""Tickets: those that lie in OUT/results, and the recorded ones of feedforward networks."""

import json
from pathlib import Path
from typing import Any

from paper_figures.tables import above, plain, records, short

COMMAND = "make report; python -m benchmarks.feedforward"
CAPTION = (
    "Tickets with their certified errors, for every input that the certificate speaks of and near the stated ones, and the largest error seen "
    "on the test set. Keys that held no ticket are listed too."
)
COLUMNS = {
    "target": ("target", plain),
    "construction": ("construction", plain),
    "source": ("random source", plain),
    "key": ("key", plain),
    "width": ("width", plain),
    "epsilon": ("ε", plain),
    "every_input": ("certified, every input", above),
    "stated_inputs": ("at stated inputs", above),
    "largest_error": ("largest seen", short),
    "kept": ("weights kept", plain),
    "random": ("of random ones", plain),
    "held": ("held", plain),
}


def rows(out: Path) -> list[dict[str, Any]]:
    """One row for each stored result, then one for each run of the latest record of benchmarks/feedforward.py."""
    stored = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((out / "results").glob("*.json"))]
    recorded = json.loads(records("feedforward-*.json")[-1].read_text(encoding="utf-8"))["rows"]
    return [_row(result) for result in (*stored, *recorded)]


def _row(result: dict[str, Any]) -> dict[str, Any]:
    bound = result.get("network_bound", result.get("error_bound"))
    return {
        "target": result["name"],
        "construction": result.get("construction", "2L"),
        "source": result.get("source", ""),
        "key": str(result["key"]),
        "width": result["width"],
        "epsilon": str(result["epsilon"]),
        "every_input": None if bound is None else float(bound),
        "stated_inputs": float(result["points_bound"]) if "points_bound" in result else None,
        "largest_error": result["largest_error"],
        "kept": result["kept_parameters"],
        "random": result["source_parameters"],
        "held": "yes" if result["held"] else "no",
    }
