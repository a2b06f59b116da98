"""Success of random subset sums against the number of samples: measured, and as A1 and A1′ guarantee it."""

import numpy as np
import pyarrow as pa
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from paper_figures.data import frequency_curve
from paper_figures.style import BAND, EPSILON_MARKERS, LAW_COLOURS, counted, figure_size
from theory.subset_sum import Law, failure_probability, product, uniform

NEEDS = ("subset_sum",)
CAPTION = (
    "Random subset sums. Left: the fraction of draws whose first n samples come within ε of every target in [-1, 1]; solid lines are "
    "measured, with 95 % Clopper–Pearson bands over {all} draws; dashed lines are the guarantees of A1 (uniform) and A1′ (products, κ = 1/4). "
    "Right: the same for one target uniform on [-1, 1], against n - log₂(1/ε): the curves of one law come together. {one} draws. Markers give ε."
)
ALTERNATIVE = (
    "Two panels of rising S-shaped curves. On the left measured success reaches one after 10 to 25 samples; the guaranteed curves come three "
    "to nine times later. On the right the curves for different tolerances nearly coincide once shifted by the logarithm of the tolerance."
)
LAWS: dict[str, Law] = {"uniform": uniform(), "product": product()}
WITHIN_GUARANTEE = 192
FACES = {"uniform": "", "product": "white"}
"""Filled and open markers tell the laws apart without colour."""


def counts(data: pa.Table) -> dict[str, str]:
    """The numbers of the caption."""
    rows = [row for row in data.to_pylist() if row["law"] in LAWS and row["epsilon"] in EPSILON_MARKERS]
    return {kind: counted(row["trials"] for row in rows if row["targets"] == kind) for kind in ("all", "one")}


def draw(data: pa.Table) -> tuple[Figure, pa.Table]:
    """The figure and the numbers plotted, from the rows of `numerics.subset_sum.statistics.Frequency`."""
    from matplotlib import pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=figure_size(2, 0.72))
    rows: list[dict[str, object]] = []
    for law, colour in LAW_COLOURS.items():
        if law not in LAWS:
            continue
        for epsilon, marker in EPSILON_MARKERS.items():
            for kind, axes in (("all", left), ("one", right)):
                n, failure, low, high = frequency_curve(data, law, kind, epsilon)
                if not len(n):
                    continue
                x = n if kind == "all" else n - np.log2(1 / epsilon)
                axes.plot(x, 1 - failure, color=colour, marker=marker, markerfacecolor=FACES[law] or colour, markevery=2)
                axes.fill_between(x, 1 - high, 1 - low, color=colour, alpha=BAND, linewidth=0)
                rows += _numbers(law, kind, epsilon, "measured", n, 1 - failure, 1 - high, 1 - low)
            if len(frequency_curve(data, law, "all", epsilon)[0]):
                n = np.arange(1, WITHIN_GUARANTEE)
                guaranteed = np.array([max(0.0, 1 - float(failure_probability(LAWS[law], int(k), epsilon))) for k in n])
                half = [int(np.searchsorted(guaranteed, 0.5))]
                left.plot(n, guaranteed, color=colour, linestyle="--", marker=marker, markerfacecolor=FACES[law] or colour, markevery=half)
                rows += _numbers(law, "all", epsilon, "guaranteed", n, guaranteed, guaranteed, guaranteed)
    left.set(xlabel="samples $n$", ylabel="success probability", title="every target in $[-1, 1]$", ylim=(-0.02, 1.04))
    left.set_xscale("log", base=2)
    left.set_xlim(4, WITHIN_GUARANTEE)
    left.set_xticks([4, 8, 16, 32, 64, 128], ["4", "8", "16", "32", "64", "128"])
    right.set(xlabel=r"$n-\log_2(1/\varepsilon)$", title="one random target", xlim=(-8, 22), ylim=(-0.02, 1.04))
    laws = [Line2D([], [], color=LAW_COLOURS[law], marker="o", markerfacecolor=FACES[law] or LAW_COLOURS[law], label=law) for law in LAWS]
    lines = [Line2D([], [], color="black", label="measured"), Line2D([], [], color="black", linestyle="--", label="guaranteed")]
    marks = [
        Line2D([], [], color="black", linestyle="none", marker=marker, label=rf"$\varepsilon=10^{{{round(np.log10(epsilon))}}}$")
        for epsilon, marker in EPSILON_MARKERS.items()
        if any(row["epsilon"] == epsilon for row in rows)
    ]
    right.legend(handles=[*laws, *lines, *marks], loc="lower right")
    return figure, pa.Table.from_pylist(rows)


def _numbers(law: str, kind: str, epsilon: float, line: str, n, success, low, high) -> list[dict[str, object]]:
    return [
        {
            "law": law,
            "targets": kind,
            "epsilon": epsilon,
            "line": line,
            "samples": int(k),
            "success": float(s),
            "lower": float(a),
            "upper": float(b),
        }
        for k, s, a, b in zip(n, success, low, high, strict=True)
    ]
