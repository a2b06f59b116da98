"""How many vectors a subset sum needs, against their dimension: found, needed at least, and proved to suffice."""

import pyarrow as pa
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from paper_figures.style import EPSILON_MARKERS, OKABE_ITO, figure_size

NEEDS = ("structured_success",)
CAPTION = (
    "Vectors |u|·v of D coordinates, u and v normal, of which a subset is within ε of (1, ..., 1) in at least 99 % of the keys. "
    "Filled: the least number, by exact search. Open: the fewest that sufficed when lists of sums were merged, of the numbers that fill "
    "lists of at most 2²⁰ entries in all (2²³ for D = 9, ε = 0.01); fewer may do. Dotted: needed at least, by counting. Dashed: proved "
    "to suffice for one target with probability 99 %. Markers give ε."
)
ALTERNATIVE = (
    "One panel with a logarithmic axis. Curves rise with the dimension, but for merged lists at D = 9, ε = 0.01, which were allowed to be "
    "longer: the counting bound is lowest, the least numbers found are about one and a half to three times higher, those of merged lists rise "
    "faster from four or five dimensions on, the proved numbers are highest, five to fourteen times above what was found exactly."
)
SMALL = 2.0
COLOURS = {0.1: OKABE_ITO["blue"], 0.01: OKABE_ITO["vermilion"]}


def draw(data: pa.Table) -> tuple[Figure, pa.Table]:
    """The figure and the numbers plotted, from the rows of benchmarks/structured_success.py."""
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=figure_size(1, 0.5))
    stored, rows = data.to_pylist(), []
    for epsilon, colour in COLOURS.items():
        marker = EPSILON_MARKERS[epsilon]
        for method, face in (("exact", colour), ("merging", "white")):
            found = sorted((row["dimension"], row["samples"]) for row in stored if _is(row, method, epsilon) and row["samples"])
            axes.plot(*zip(*found, strict=True), color=colour, marker=marker, markerfacecolor=face) if found else None
            rows += [{"epsilon": epsilon, "line": method, "dimension": d, "samples": n} for d, n in found]
        for line, name, style in (("needed", "needed", ":"), ("proved", "proved_width", "--")):
            values = sorted({(row["dimension"], row[name]) for row in stored if row["epsilon"] == epsilon})
            axes.plot(*zip(*values, strict=True), color=colour, linestyle=style, marker=marker, markersize=SMALL) if values else None
            rows += [{"epsilon": epsilon, "line": line, "dimension": d, "samples": n} for d, n in values]
    axes.set(xlabel="coordinates $D$", ylabel="vectors $n$", yscale="log", xticks=range(1, 10))
    handles = [
        *(
            Line2D([], [], color=colour, marker=EPSILON_MARKERS[epsilon], linestyle="", label=rf"$\varepsilon={epsilon:g}$")
            for epsilon, colour in COLOURS.items()
        ),
        Line2D([], [], color="black", marker="o", label="least, exact search"),
        Line2D([], [], color="black", marker="o", markerfacecolor="white", label="sufficed, merged lists"),
        Line2D([], [], color="black", linestyle=":", label="needed at least"),
        Line2D([], [], color="black", linestyle="--", label="proved to suffice"),
    ]
    axes.legend(handles=handles, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure, pa.Table.from_pylist(rows)


def _is(row: dict, method: str, epsilon: float) -> bool:
    return row["method"] == method and row["epsilon"] == epsilon
