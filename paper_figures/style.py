"""One look for all figures: final size, STIX serif at 8 pt, two spines, Okabe–Ito colours with fixed meaning."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import pyarrow as pa
import pyarrow.parquet as pq
from matplotlib.figure import Figure
from tueplots import figsizes

from theory.errors import UnknownName

OKABE_ITO = {
    "black": "#000000",
    "orange": "#E69F00",
    "sky": "#56B4E9",
    "green": "#009E73",
    "yellow": "#F0E442",
    "blue": "#0072B2",
    "vermilion": "#D55E00",
    "purple": "#CC79A7",
}
LAW_COLOURS = {"uniform": OKABE_ITO["blue"], "product": OKABE_ITO["vermilion"], "normal": OKABE_ITO["green"]}
GROUP_COLOURS = {
    "Sets": OKABE_ITO["blue"],
    "Translation": OKABE_ITO["vermilion"],
    "Tensors": OKABE_ITO["green"],
    "Planar": OKABE_ITO["purple"],
}
GROUP_NAMES = {"Sets": "$S_5$, sets", "Translation": "$C_6$, ring", "Tensors": "$S_4$, order 2", "Planar": "$C_4$ and shifts, 4 × 4"}
GROUP_MARKERS = {"Sets": "o", "Translation": "s", "Tensors": "^", "Planar": "D"}
LAW_MARKERS = {"uniform": "o", "product": "s", "normal": "^"}
"""Markers tell groups, and laws, apart without colour in panels of one ε."""
EPSILON_MARKERS = {0.1: "o", 0.01: "s", 0.001: "^", 0.0001: "D"}
BAND = 0.2

RC: dict[Any, Any] = {
    "font.family": "STIXGeneral",
    "mathtext.fontset": "stix",
    "font.size": 8,
    "axes.titlesize": 8,
    "axes.labelsize": 8,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "legend.fontsize": 7,
    "legend.frameon": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "lines.linewidth": 1.0,
    "lines.markersize": 3.0,
    "svg.hashsalt": "companion",
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
    "hatch.linewidth": 0.5,
    "savefig.dpi": 300,
    "figure.constrained_layout.use": True,
}


_venue = figsizes.iclr2024


def use_venue(name: str) -> None:
    """Draw figures of this venue's text width from now on; raises `UnknownName`."""
    global _venue
    known = [entry for entry in dir(figsizes) if entry[0] != "_" and "beamer" not in entry]
    if name not in known:
        raise UnknownName(f"--venue {name}: no such width; known are {', '.join(known)}.")
    _venue = getattr(figsizes, name)


def figure_size(columns: int, height_to_width: float = 0.62) -> tuple[float, float]:
    """The size in inches of a figure across the text of the venue's paper with so many panels side by side."""
    return _venue(nrows=1, ncols=columns, height_to_width_ratio=height_to_width)["figure.figsize"]


def save(figure: Figure, numbers: pa.Table, folder: Path, name: str) -> list[Path]:
    """Write PDF, SVG, PNG and the plotted numbers as parquet; the same input gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    metadata = {
        "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
        "svg": {"Date": None, "Creator": None},
        "png": {"Software": None},
    }
    paths = []
    for kind, entries in metadata.items():
        path = folder / f"{name}.{kind}"
        figure.savefig(path, format=kind, metadata=entries)
        paths.append(path)
    plt.close(figure)
    pq.write_table(numbers, folder / f"{name}.parquet")
    return [*paths, folder / f"{name}.parquet"]


def counted(numbers: Iterable[int]) -> str:
    """The least and the greatest of the numbers, for captions: "100", or "10 to 100"."""
    found = sorted(set(numbers))
    return f"{found[0]:,}" if len(found) == 1 else f"{found[0]:,} to {found[-1]:,}" if found else "no"


def per_group(rows: Iterable[dict], groups: Sequence[str]) -> list[int]:
    """How many rows there are for each combination of these columns."""
    return list(Counter(tuple(row[name] for name in groups) for row in rows).values())


def family(instantiation: str) -> str:
    """The class of a printed instantiation: `Sets` of `Sets(n=5)`."""
    return instantiation.partition("(")[0]
