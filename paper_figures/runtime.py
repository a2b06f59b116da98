"""Seconds for one subset sum: the engine and general solvers on the same instances."""

import pyarrow as pa
from matplotlib.figure import Figure

from paper_figures.style import OKABE_ITO, figure_size

NEEDS = ("solvers",)
CAPTION = (
    "CPU seconds for one instance, medians on the same instances in one run, one thread each. Left: the optimum, against the number of samples. "
    "Right: some subset within ε of 20 samples. Open markers: at least one answer that the solver called optimal or feasible is not, once its "
    "subset is added up again in integers. Solvers are stopped at a time limit, so their highest points are lower limits."
)
ALTERNATIVE = (
    "Two panels with logarithmic axes. The engine's line lies four to six decades below those of four solvers; markers of the solvers are "
    "open from 30 samples on."
)
SOLVERS = {"Gurobi": ("vermilion", "s"), "HiGHS": ("green", "^"), "CP-SAT": ("purple", "D"), "SCIP": ("orange", "v")}


def draw(data: pa.Table) -> tuple[Figure, pa.Table]:
    """The figure and the numbers plotted."""
    from matplotlib import pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=figure_size(2, 0.75), sharey=True)
    stored = data.to_pylist()
    panels = {
        left: ([row for row in stored if row["mode"] == "best"], "n"),
        right: ([row for row in stored if row["mode"] == "within" and row["n"] == 20], "epsilon"),
    }
    rows = []
    for axes, (chosen, name) in panels.items():
        for solver, (colour, marker) in SOLVERS.items():
            own = sorted((row for row in chosen if row["solver"] == solver), key=lambda row: row[name])
            axes.plot([row[name] for row in own], [row["seconds"] for row in own], "-", color=OKABE_ITO[colour])
            for wrong in (False, True):
                some = [row for row in own if (row["wrong"] > 0) == wrong]
                style = {"color": OKABE_ITO[colour], "markerfacecolor": "white" if wrong else OKABE_ITO[colour], "linestyle": ""}
                label = None if wrong else solver
                axes.plot([row[name] for row in some], [row["seconds"] for row in some], marker=marker, markersize=4, label=label, **style)
            rows += own
        ours = sorted({row[name]: row["ours"] for row in chosen}.items())
        axes.plot(*zip(*ours, strict=True), "-o", color=OKABE_ITO["blue"], label="the engine")
    left.set(xlabel="samples $n$", ylabel="seconds", yscale="log", title="optimum")
    right.set(xlabel=r"tolerance $\varepsilon$", xscale="log", title="within ε, $n = 20$")
    right.invert_xaxis()
    right.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure, pa.Table.from_pylist(rows)
