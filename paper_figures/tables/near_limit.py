"""How many times the counting bound tickets need, by layer and strategy."""

from pathlib import Path
from typing import Any

from paper_figures.bound_gap import least
from paper_figures.records import RESULTS, near_limit_rows
from paper_figures.tables import plain, records

COMMAND = "python -m benchmarks.near_limit"
CAPTION = (
    "Effective random weights over the counting bound at a relative error of 1/1000 of a layer, for the narrowest network tried in which at "
    "most 1 % of the keys tried, 10 or more, found no ticket; and the same with the choices of the first mask counted as bits."
)
COLUMNS = {
    "layer": ("layer", plain),
    "strategy": ("strategy", plain),
    "width": ("width", plain),
    "ratio": ("times the bound", "{:.2f}".format),
    "ratio_with_choices": ("with choices counted", "{:.2f}".format),
    "keys_held": ("keys held", plain),
    "keys_tried": ("keys tried", plain),
}


def rows(_out: Path) -> list[dict[str, Any]]:
    """One row for each layer and strategy."""
    records("near_limit-*.json")
    return sorted(least(near_limit_rows(RESULTS)), key=lambda row: (row["layer"], row["ratio"]))
