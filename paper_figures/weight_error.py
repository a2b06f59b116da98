"""The error of each weight of a published LeNet5: published subset sums and exact optima of as many samples."""

import pyarrow as pa
from matplotlib.figure import Figure

from paper_figures.style import BAND, OKABE_ITO, counted, figure_size, per_group

NEEDS = ("published",)
CAPTION = (
    "The error of 2,572 convolution weights of LeNet5 against the number of samples for each: solid the largest, dashed the median; red the "
    "published values of dacunha2022 (Gurobi, one draw), blue exact optima, the range over {keys} keys with the middle one marked. From 20 "
    "samples on most published values are no subset sums: the solver's answers were not rounded, which makes medians of 0 (not drawn) "
    "possible."
)
ALTERNATIVE = (
    "Two panels of falling lines on a logarithmic axis. The largest errors of both fall together, from nearly one at 5 samples to between "
    "10⁻⁶ and 10⁻⁴ at 30. Exact medians fall by a factor of about thirty for each five samples; the published ones leave that line after 15 "
    "samples and vanish after 20."
)
LINES = {"weight_error": "-", "median_weight_error": "--"}


def counts(data: pa.Table) -> dict[str, str]:
    """The numbers of the caption."""
    own = [row for row in data.to_pylist() if row["who"] != "published"]
    return {"keys": counted(per_group(own, ("data", "samples")))}


def draw(data: pa.Table) -> tuple[Figure, pa.Table]:
    """The figure and the numbers plotted."""
    return compare(data, LINES, "error of a weight")


def compare(data: pa.Table, lines: dict[str, str], name: str) -> tuple[Figure, pa.Table]:
    """Published values and ours against the number of samples, a panel for each data set."""
    from matplotlib import pyplot as plt

    rows = data.to_pylist()
    figure, panels = plt.subplots(1, 2, figsize=figure_size(2, 0.75), sharey=True)
    for axes, kind in zip(panels, ("MNIST", "FashionMNIST"), strict=True):
        own = [row for row in rows if row["data"] == kind]
        samples = sorted({row["samples"] for row in own})
        for column, style in lines.items():
            published = [(row["samples"], row[column]) for row in own if row["who"] == "published" and row[column] > 0]
            axes.plot(*zip(*published, strict=True), style, marker="X", markersize=4, color=OKABE_ITO["vermilion"])
            drawn = [sorted(row[column] for row in own if row["samples"] == n and row["who"] != "published") for n in samples]
            axes.plot(samples, [errors[len(errors) // 2] for errors in drawn], style, marker="o", color=OKABE_ITO["blue"])
            low, high = [errors[0] for errors in drawn], [errors[-1] for errors in drawn]
            axes.fill_between(samples, low, high, color=OKABE_ITO["blue"], alpha=BAND, linewidth=0)
        axes.set(yscale="log", xlabel="samples for each weight", title=kind)
    panels[0].set_ylabel(name)
    panels[0].plot([], [], "-X", color=OKABE_ITO["vermilion"], label="published")
    panels[0].plot([], [], "-o", color=OKABE_ITO["blue"], label="exact")
    panels[0].legend(loc="lower left")
    return figure, data
