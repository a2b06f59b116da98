"""One target: how failures fall with the number of samples, by the law of the samples."""

import numpy as np
import pyarrow as pa
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from paper_figures.data import frequency_curve
from paper_figures.style import BAND, EPSILON_MARKERS, LAW_COLOURS, LAW_MARKERS, counted, figure_size
from theory.subset_sum import failure_probability, product, uniform

NEEDS = ("subset_sum",)
CAPTION = (
    "The fraction of draws in which no subset of the first n samples comes within ε of one target, uniform on [-1, 1]; samples are uniform on "
    "[-1, 1], products of two such, or standard normal. Bands are 95 % Clopper–Pearson intervals over {trials} draws. Dashed: "
    "the guarantees of A1 (uniform) and A1′ (products) for all targets at once, which bound this fraction too."
)
ALTERNATIVE = (
    "Three panels, one for each tolerance, of falling curves on a logarithmic axis. Uniform and normal samples fail least, products of two "
    "more; the dashed guarantees lie far to the right."
)
GUARANTEES = {"uniform": uniform(), "product": product()}
LARGEST, LEAST = 64, 3e-6


def counts(data: pa.Table) -> dict[str, str]:
    """The numbers of the caption."""
    return {"trials": counted(row["trials"] for row in data.to_pylist() if row["targets"] == "one")}


def draw(data: pa.Table) -> tuple[Figure, pa.Table]:
    """The figure and the numbers plotted."""
    from matplotlib import pyplot as plt

    epsilons = [epsilon for epsilon in EPSILON_MARKERS if len(frequency_curve(data, "uniform", "one", epsilon)[0])]
    figure, panels = plt.subplots(1, len(epsilons), figsize=figure_size(len(epsilons), 0.9), sharey=True, squeeze=False)
    rows = []
    for axes, epsilon in zip(panels[0], epsilons, strict=True):
        for law, colour in LAW_COLOURS.items():
            n, failure, low, high = frequency_curve(data, law, "one", epsilon)
            seen = failure > 0
            axes.plot(n[seen], failure[seen], color=colour, marker=LAW_MARKERS[law], markevery=3)
            axes.fill_between(n, np.maximum(low, LEAST), high, color=colour, alpha=BAND, linewidth=0)
            rows += [
                {
                    "law": law,
                    "epsilon": epsilon,
                    "line": "measured",
                    "samples": int(k),
                    "failed": float(f),
                    "lower": float(a),
                    "upper": float(b),
                }
                for k, f, a, b in zip(n, failure, low, high, strict=True)
            ]
            if law in GUARANTEES:
                guaranteed = [(k, float(failure_probability(GUARANTEES[law], k, epsilon))) for k in range(1, LARGEST + 1)]
                axes.plot(*zip(*guaranteed, strict=True), color=colour, linestyle="--", marker=LAW_MARKERS[law], markevery=8, markersize=2)
                rows += [
                    {
                        "law": law,
                        "epsilon": epsilon,
                        "line": "guaranteed",
                        "samples": k,
                        "failed": min(f, 1.0),
                        "lower": None,
                        "upper": None,
                    }
                    for k, f in guaranteed
                ]
        exponent = round(np.log10(epsilon))
        axes.set(yscale="log", ylim=(LEAST, 1.5), xlim=(0, LARGEST), xlabel="samples $n$", title=rf"$\varepsilon=10^{{{exponent}}}$")
    panels[0][0].set_ylabel("fraction that failed")
    panels[0][-1].legend(
        handles=[Line2D([], [], color=colour, marker=LAW_MARKERS[law], label=law) for law, colour in LAW_COLOURS.items()], loc="lower right"
    )
    return figure, pa.Table.from_pylist(rows)
