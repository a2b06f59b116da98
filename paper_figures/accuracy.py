"""Accuracy of trained equivariant networks and of their tickets, against a plain baseline."""

import pyarrow as pa
from matplotlib.figure import Figure

from paper_figures.style import OKABE_ITO, figure_size

NEEDS = ("experiments",)
CAPTION = (
    "Test accuracy of each trained network (circle), of its tickets over the keys (bar from the least to the greatest), and of the baseline "
    "stated in the parquet file (open triangle); at the right, predictions that differ over all keys, of how many, and the keys that held."
)
ALTERNATIVE = "One row for each network. Circles and bars of tickets coincide in every row; baselines lie to the left or are absent."


def draw(data: pa.Table) -> tuple[Figure, pa.Table]:
    """The figure and the numbers plotted."""
    from matplotlib import pyplot as plt

    rows = sorted(data.to_pylist(), key=lambda row: -row["target_accuracy"])
    figure, axes = plt.subplots(figsize=figure_size(1, 0.1 + 0.035 * len(rows)))
    for place, row in enumerate(rows):
        least, most = 100 * row["ticket_accuracy_least"], 100 * row["ticket_accuracy_most"]
        axes.plot(
            [least, most], [place, place], "-|", color=OKABE_ITO["vermilion"], linewidth=3, markersize=9, label="" if place else "tickets"
        )
        axes.plot([100 * row["target_accuracy"]], [place], "o", color=OKABE_ITO["black"], label="" if place else "target")
        if row["baseline_accuracy"] is not None:
            axes.plot([100 * row["baseline_accuracy"]], [place], "<", color=OKABE_ITO["blue"], markerfacecolor="white")
        differing = f"{row['differing_predictions']} of {row['test_inputs'] * row['keys']}; {row['held']} of {row['keys']} keys"
        axes.annotate(differing, (1.02, place), xycoords=("axes fraction", "data"), va="center", fontsize=7)
    axes.plot([], [], "<", color=OKABE_ITO["blue"], markerfacecolor="white", label="baseline")
    axes.set(xlabel="test accuracy, per cent", yticks=range(len(rows)))
    axes.set_yticklabels([row["name"].replace("_", " ") for row in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.legend(loc="upper center", bbox_to_anchor=(0.4, 1.2), ncols=3)
    return figure, pa.Table.from_pylist(rows)
