"""The built-in declarations: order, dimensions counted in two ways, norm."""

from pathlib import Path
from typing import Any

import theory
from checks.report import instantiation_rows
from paper_figures.tables import plain
from theory.instantiation import REGISTRY

COMMAND = "python -m checks"
CAPTION = (
    "The built-in declarations, with default parameters: the order of the group, the dimension, and the number and norm of the operators."
)
COLUMNS = {
    "value": ("declaration", plain),
    "order": ("|G|", plain),
    "dimension": ("dimension", plain),
    "computed_size": ("|B| by orbits or null space", plain),
    "character_size": ("by characters", plain),
    "norm": ("|||B|||", plain),
    "source": ("source", plain),
}


def rows(_out: Path) -> list[dict[str, Any]]:
    """One row for each built-in declaration; files of one's own that are loaded are left out."""
    found = instantiation_rows([])
    built_in = {name for name, kind in REGISTRY.items() if kind.__module__.startswith(f"{theory.__name__}.")}
    return [row | {"order": str(row["order"])} for row in found if row["name"] in built_in]
