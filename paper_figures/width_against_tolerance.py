"""The width that a ticket needs against its accuracy: guaranteed, found and needed."""

import math

import pyarrow as pa
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from paper_figures.style import GROUP_COLOURS, GROUP_NAMES, family, figure_size
from theory.bounds import Layer, effective_parameters, lemma1_width, theorem2_parameters

NEEDS = ("tickets",)
CAPTION = (
    "Hidden channels for one random linear layer V → V against the certified error ε: the least width tried at which at most one key in a "
    "hundred (none of fewer keys) found no ticket (markers), the width of Lemma 1 for δ = 1/100 and every layer at once (dashed), and the "
    "width below which no network of this shape has enough parameters (Theorem 2, dotted)."
)
ALTERNATIVE = (
    "Four groups of three rising lines against the logarithm of the tolerance. Guaranteed widths lie between 200 and 700, found ones at or "
    "below 100, needed ones at or below 15."
)
BITS = range(2, 15)
FAILING = 0.01


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
        axes.plot(*zip(*found, strict=True), "-o", color=colour)
        for kind, style in (("guaranteed", "--"), ("needed", ":")):
            axes.plot(BITS, [row[kind] for row in lines], style, color=colour)
    axes.set(xlabel=r"$\log_2(1/\varepsilon)$", ylabel="hidden channels")
    axes.set_yscale("log", base=2)
    axes.set_yticks([1, 4, 16, 64, 256], ["1", "4", "16", "64", "256"])
    handles = [Line2D([], [], color=colour, label=GROUP_NAMES[name]) for name, colour in GROUP_COLOURS.items()]
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
