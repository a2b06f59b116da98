"""What each activation costs: certified and sampled errors of tickets of one classifier, trained with each activation."""

import pyarrow as pa
from matplotlib.figure import Figure

from paper_figures.style import OKABE_ITO, figure_size

NEEDS = ("feedforward",)
CAPTION = (
    "Tickets of depth 2L of the digits classifier 64-64-10 with each activation, key 0, 96 hidden channels for each input channel: certified "
    "error for every input of the box (filled), near the first test inputs (half open), and the largest error on 599 test inputs (open). "
    "Certified errors contain what the activation adds to its two lines at 0. The dashed line is ε; a ticket whose bound for every input is "
    "larger rests on the stated inputs."
)
ALTERNATIVE = (
    "One row for each activation and three markers in each on a logarithmic axis. Sampled errors lie between 10⁻⁶ and 10⁻⁵, bounds for every "
    "input one or two decades to the right of them and below the dashed line, except for softplus, whose markers lie two decades further right."
)
MARKS = {"network_bound": ("full", "every input"), "points_bound": ("left", "stated inputs"), "largest_error": ("none", "largest seen")}


def draw(data: pa.Table) -> tuple[Figure, pa.Table]:
    """The figure and the numbers plotted, from the rows of benchmarks/feedforward.py."""
    from matplotlib import pyplot as plt

    stored = [row for row in data.to_pylist() if row["target"] == f"{row['run']}_digits" and row["held"]]
    stored.sort(key=lambda row: float(row["network_bound"]))
    names = [row["run"] for row in stored]
    figure, axes = plt.subplots(figsize=figure_size(1, 0.08 + 0.035 * len(names)))
    for kind, (fill, label) in MARKS.items():
        values = [float(row[kind]) for row in stored]
        axes.plot(values, range(len(names)), "o", color=OKABE_ITO["blue"], fillstyle=fill, markersize=4, label=label)
    axes.axvline(float(stored[0]["epsilon"]), color=OKABE_ITO["black"], linestyle="--", linewidth=0.8)
    axes.set(xscale="log", xlabel="error, largest entry", yticks=range(len(names)))
    axes.set_yticklabels(names)
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    rows = [{"activation": row["run"]} | {kind: float(row[kind]) for kind in MARKS} for row in stored]
    return figure, pa.Table.from_pylist(rows)
