"""The width that a ticket needs against its accuracy: guaranteed, found and needed."""

import math

import pyarrow as pa
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from paper_figures.style import GROUP_COLOURS, GROUP_MARKERS, GROUP_NAMES, counted, family, figure_size, per_group
from theory.bounds import Layer, effective_parameters, lemma1_width, theorem2_parameters

NEEDS = ("tickets",)
CAPTION = (
    "Hidden channels for one random linear layer V → V against the certified error ε: the least width tried at which at most one key in a "
    "hundred (none of fewer keys) found no ticket, of {keys} keys at each width (filled markers; open ones at the widest width tried, where "
    "more keys failed), the width of Lemma 1 for δ = 1/100 and every layer at once (dashed), and the "
    "width below which no network of this shape has enough parameters (Theorem 2, dotted)."
)
ALTERNATIVE = (
    "Four groups of three rising lines against the logarithm of the tolerance. Guaranteed widths lie between 200 and 700, found ones at or "
    "below 100, needed ones at or below 15."
)
BITS = range(2, 15)
FAILING = 0.01


def counts(data: pa.Table) -> dict[str, str]:
    """The numbers of the caption."""
    return {"keys": counted(per_group(data.to_pylist(), ("instantiation", "width")))}


def draw(data: pa.Table) -> tuple[Figure, pa.Table]:
    """The figure and the numbers plotted."""
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=figure_size(1, 0.5))
    stored, rows = data.to_pylist(), []
    for name in sorted({row["instantiation"] for row in stored}, key=lambda name: list(GROUP_COLOURS).index(family(name))):
        own = [row for row in stored if row["instantiation"] == name]
        layer = Layer(1, 1, own[0]["operators"], own[0]["basis_norm"])
        for bits in BITS:
            epsilon = 2.0**-bits
            needed = theorem2_parameters(layer, epsilon).value / effective_parameters(layer, 1)
            rows.append(
                {
                    "instantiation": name,
                    "epsilon": epsilon,
                    "guaranteed": lemma1_width(layer, epsilon, FAILING, "euclidean").value,
                    "found": _found(own, epsilon),
                    "needed": max(1, math.ceil(needed)),
                }
            )
        lines = [row for row in rows if row["instantiation"] == name]
        colour = GROUP_COLOURS[family(name)]
        found = [(math.log2(1 / row["epsilon"]), row["found"]) for row in lines if row["found"]]
        marker = GROUP_MARKERS[family(name)]
        axes.plot(*zip(*found, strict=True), "-", marker=marker, color=colour) if found else None
        failed = [math.log2(1 / row["epsilon"]) for row in lines if not row["found"]]
        widest = max(row["width"] for row in own)
        axes.plot(failed, [widest] * len(failed), linestyle="", marker=marker, color=colour, markerfacecolor="white")
        for kind, style in (("guaranteed", "--"), ("needed", ":")):
            ends = {"marker": marker, "markerfacecolor": "white", "markevery": [0, len(BITS) - 1], "markersize": 2}
            axes.plot(BITS, [row[kind] for row in lines], style, color=colour, **ends)
    axes.set(xlabel=r"$\log_2(1/\varepsilon)$", ylabel="hidden channels")
    axes.set_yscale("log", base=2)
    axes.set_yticks([1, 4, 16, 64, 256], ["1", "4", "16", "64", "256"])
    handles = [Line2D([], [], color=colour, marker=GROUP_MARKERS[name], label=GROUP_NAMES[name]) for name, colour in GROUP_COLOURS.items()]
    handles.append(Line2D([], [], color="black", linestyle="--", label="guaranteed"))
    handles.append(Line2D([], [], color="black", label="found"))
    handles.append(Line2D([], [], color="black", linestyle=":", label="needed"))
    axes.legend(handles=handles, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure, pa.Table.from_pylist(rows)


def _found(rows: list[dict], epsilon: float) -> int | None:
    for width in sorted({row["width"] for row in rows}):
        errors = [row["certified"] for row in rows if row["width"] == width]
        if sum(error > epsilon for error in errors) <= FAILING * len(errors):
            return width
    return None
