"""Certified bounds against the largest error that was seen: no point may lie above the diagonal."""

import pyarrow as pa
from matplotlib.figure import Figure

from paper_figures.style import GROUP_COLOURS, GROUP_NAMES, OKABE_ITO, family, figure_size

NEEDS = ("tickets", "experiments", "feedforward")
CAPTION = (
    "Each point is a ticket: the error that is certified for every input of the stated set, and the largest error seen; small points are "
    "single layers on 64 random signals, by group; squares are trained equivariant networks on their test sets, the largest over the keys; "
    "diamonds are feedforward classifiers of both constructions on theirs. On the line the two are equal; a point above it would refute a "
    "certificate."
)
ALTERNATIVE = (
    "A scatter plot with logarithmic axes and a diagonal. All points lie below the diagonal; single layers close to it, trained networks one "
    "to three decades below."
)


def draw(layers: pa.Table, experiments: pa.Table, feedforward: pa.Table) -> tuple[Figure, pa.Table]:
    """The figure and the numbers plotted."""
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=figure_size(1, 0.55))
    rows = [
        {"kind": "layer", "name": row["instantiation"], "certified": row["certified"], "sampled": row["sampled"]}
        for row in layers.to_pylist()
    ]
    for group, colour in GROUP_COLOURS.items():
        own = [row for row in rows if family(row["name"]) == group]
        label = GROUP_NAMES[group]
        axes.plot(
            [row["certified"] for row in own], [row["sampled"] for row in own], ".", color=colour, markersize=1.5, alpha=0.5, label=label
        )
    networks = [
        {"kind": "equivariant", "name": row["name"], "certified": row["certified"], "sampled": row["sampled"]}
        for row in experiments.to_pylist()
        if row["certified"] is not None
    ]
    networks += [
        {"kind": "feedforward", "name": row["run"], "certified": float(row["network_bound"]), "sampled": row["largest_error"]}
        for row in feedforward.to_pylist()
        if row["network_bound"] and not row["network_says_nothing"]
    ]
    for kind, marker, label in (("equivariant", "s", "equivariant networks"), ("feedforward", "D", "feedforward networks")):
        own = [row for row in networks if row["kind"] == kind]
        style = {
            "linestyle": "",
            "marker": marker,
            "color": OKABE_ITO["black"],
            "markerfacecolor": "white",
            "markersize": 4,
            "label": label,
        }
        axes.plot([row["certified"] for row in own], [row["sampled"] for row in own], **style)
    rows += networks
    ends = [min(row["sampled"] for row in rows) / 2, 2 * max(row["certified"] for row in rows)]
    axes.plot(ends, ends, "--", color=OKABE_ITO["black"], linewidth=0.8)
    axes.set(xscale="log", yscale="log", xlabel="certified error", ylabel="largest error seen")
    legend = axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    for handle in legend.get_lines():
        handle.set(markersize=4, alpha=1.0)
    return figure, pa.Table.from_pylist(rows)
