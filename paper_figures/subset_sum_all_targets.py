"""How many samples serve all targets at once: recorded trials, and where the proof has arrived."""

import numpy as np
import pyarrow as pa
from matplotlib.figure import Figure

from paper_figures.data import frequency_curve
from paper_figures.style import BAND, LAW_COLOURS, counted, figure_size

NEEDS = ("covering", "sample_sizes")
CAPTION = (
    "The fraction of recorded trials in which the first n samples do not come within ε of every target in [-1, 1], for ε = 2⁻⁶ (circles), 2⁻⁸ "
    "(squares), 2⁻¹⁰ (triangles) and 2⁻¹² (diamonds), {trials} trials each; bands are 95 % Clopper–Pearson intervals. Dashed "
    "vertical lines: the n that is proved to fail with probability at most 1/100 (dotted level)."
)
ALTERNATIVE = (
    "Two panels of falling curves on a logarithmic axis, for uniform samples and for products of two. Failures fall below one in a hundred "
    "after 18 to 24 uniform samples and 23 to 29 products; the proved numbers stand at 31 to 43 and 55 to 64."
)
MARKERS = {2.0**-6: "o", 2.0**-8: "s", 2.0**-10: "^", 2.0**-12: "D"}


def counts(data: pa.Table, _sizes: pa.Table) -> dict[str, str]:
    """The numbers of the caption."""
    return {"trials": counted(row["trials"] for row in data.to_pylist() if row["epsilon"] in MARKERS)}


def draw(data: pa.Table, sizes: pa.Table) -> tuple[Figure, pa.Table]:
    """The figure and the numbers plotted."""
    from matplotlib import pyplot as plt

    figure, panels = plt.subplots(1, 2, figsize=figure_size(2, 0.72), sharey=True)
    rows = []
    proved = {(row["law"], row["epsilon"]): row["proved"] for row in sizes.to_pylist()}
    for axes, law in zip(panels, ("uniform", "product"), strict=True):
        for epsilon, marker in MARKERS.items():
            n, failure, low, high = frequency_curve(data, law, "all", epsilon)
            seen = failure > 0
            axes.plot(n[seen], failure[seen], color=LAW_COLOURS[law], marker=marker, markevery=2)
            axes.fill_between(n, np.maximum(low, 1e-5), high, color=LAW_COLOURS[law], alpha=BAND, linewidth=0)
            size = proved.get((law, epsilon))
            if size is not None:
                axes.axvline(size, color=LAW_COLOURS[law], linestyle="--", linewidth=0.8)
                axes.plot([size], [3e-5], marker, color=LAW_COLOURS[law], markerfacecolor="white", clip_on=False)
            rows += [
                {
                    "law": law,
                    "epsilon": epsilon,
                    "samples": int(k),
                    "failed": float(f),
                    "lower": float(a),
                    "upper": float(b),
                    "proved": size,
                }
                for k, f, a, b in zip(n, failure, low, high, strict=True)
            ]
        axes.axhline(0.01, color="black", linestyle=":", linewidth=0.6)
        axes.set(yscale="log", xlabel="samples $n$", title={"uniform": "uniform", "product": "products of two"}[law], ylim=(2e-5, 1.5))
    panels[0].set_ylabel("fraction of trials that failed")
    return figure, pa.Table.from_pylist(rows)
