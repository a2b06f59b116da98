"""Certified bounds against the largest error that was seen: no point may lie above the diagonal."""

import pyarrow as pa
from matplotlib.figure import Figure

from paper_figures.style import GROUP_COLOURS, GROUP_MARKERS, GROUP_NAMES, OKABE_ITO, counted, family, figure_size, per_group

NEEDS = ("tickets", "experiments", "feedforward")
CAPTION = (
    "Each point is a ticket: the error that is certified for every input of the stated set, and the largest error seen; small points are "
    "single layers on 64 random signals, by group; squares are trained equivariant networks on their test sets, the largest over the keys; "
    "diamonds are feedforward classifiers of both constructions on theirs. On the line the two are equal; a point above it would refute a "
    "certificate. {keys} keys for each group and width; at the right edge: {beyond} networks whose bound for every input is larger than "
    "the axis and as good as none; left out: {empty} whose bound is recorded as saying nothing."
)
ALTERNATIVE = (
    "A scatter plot with logarithmic axes and a diagonal. All points lie below the diagonal; single layers close to it, trained networks one "
    "to three decades below."
)


LARGEST = 10.0
"""The end of the axes: no target's outputs range over more than a few times this."""


def counts(layers: pa.Table, _experiments: pa.Table, feedforward: pa.Table) -> dict[str, str]:
    """The numbers of the caption."""
    empty = sum(bool(row["network_says_nothing"] or not row["network_bound"]) for row in feedforward.to_pylist())
    return {
        "keys": counted(per_group(layers.to_pylist(), ("instantiation", "width"))),
        "empty": str(empty),
        "beyond": str(sum(float(row["network_bound"] or 0) > LARGEST for row in feedforward.to_pylist())),
    }


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
            *([row[kind] for row in own] for kind in ("certified", "sampled")),
            GROUP_MARKERS[group],
            color=colour,
            markersize=2,
            markeredgewidth=0,
            alpha=0.5,
            label=label,
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
        axes.plot(
            [row["certified"] for row in own if row["certified"] <= LARGEST],
            [row["sampled"] for row in own if row["certified"] <= LARGEST],
            **style,
        )
        beyond = [row["sampled"] for row in own if row["certified"] > LARGEST]
        if beyond:
            axes.plot([LARGEST] * len(beyond), beyond, **style | {"marker": ">", "label": None, "clip_on": False})
    rows += networks
    ends = [min(row["sampled"] for row in rows) / 2, LARGEST]
    axes.plot(ends, ends, "--", color=OKABE_ITO["black"], linewidth=0.8)
    axes.set(xscale="log", yscale="log", xlim=ends, ylim=ends, xlabel="certified error", ylabel="largest error seen")
    legend = axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    for handle in legend.get_lines():
        handle.set(markersize=4, alpha=1.0)
    return figure, pa.Table.from_pylist(rows)
