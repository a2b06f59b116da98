"""Solvers of subset sums on the same instances."""

import json
from pathlib import Path
from typing import Any

from paper_figures.tables import plain, records, short

COMMAND = "python benchmarks/subset_sum.py"
CAPTION = (
    "Subset sums by other solvers on the same instances, one thread: median seconds of CPU time an instance. Wrong: claimed to be the "
    "optimum, or within ε, and not so when the mask is added up again in integers."
)
COLUMNS = {
    "mode": ("mode", plain),
    "n": ("n", plain),
    "epsilon": ("ε", lambda value: f"{value:g}" if value else ""),
    "solver": ("solver", plain),
    "instances": ("instances", plain),
    "seconds": ("seconds", short),
    "ours": ("ours, seconds", short),
    "ratio": ("ratio", short),
    "wrong": ("wrong", plain),
    "claims": ("claimed", plain),
}


def rows(_out: Path) -> list[dict[str, Any]]:
    """One row for each solver and kind of instance of the record that was made on the quietest machine."""
    path = max(records("subset_sum-*.json"), key=lambda path: path.stem)
    return json.loads(path.read_text(encoding="utf-8"))["peers"]
