"""Random weights a layer's ticket was found among, against the number that counting demands."""

import pyarrow as pa
from matplotlib.figure import Figure

from paper_figures.bound_gap import NAMES, STRATEGIES, least
from paper_figures.style import OKABE_ITO, figure_size

NEEDS = ("near_limit",)
CAPTION = (
    "Effective random weights of a layer against the counting bound D log₂(1/2ε) - 1 at ε = 1/1000, on the layers of the digits classifier "
    "and of a published LeNet5. Each marker is the narrowest network in which at most 1 % of ten or more keys found no ticket. Solid: the "
    "bound; dashed: twice the bound."
)
ALTERNATIVE = (
    "A scatter plot with logarithmic axes. The exchange strategy lies between the bound and twice the bound for all layers but the smallest, "
    "the proof's strategy about four times above the bound."
)


def draw(data: pa.Table) -> tuple[Figure, pa.Table]:
    """The figure and the numbers plotted."""
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=figure_size(1, 0.55))
    rows = []
    for row in least(data.to_pylist()):
        rows.append({name: row[name] for name in ("layer", "strategy", "effective", "ratio")} | {"bound": row["effective"] / row["ratio"]})
    for strategy, (colour, marker) in STRATEGIES.items():
        own = [row for row in rows if row["strategy"] == strategy]
        label = NAMES.get(strategy, strategy)
        axes.plot(
            [row["bound"] for row in own],
            [row["effective"] for row in own],
            marker,
            color=OKABE_ITO[colour],
            markersize=4,
            markerfacecolor="none",
            label=label,
        )
    ends = [min(row["bound"] for row in rows) / 1.5, max(row["bound"] for row in rows) * 1.5]
    axes.plot(ends, ends, "-", color=OKABE_ITO["black"], linewidth=0.8)
    axes.plot(ends, [2 * end for end in ends], "--", color=OKABE_ITO["black"], linewidth=0.8)
    axes.set(xscale="log", yscale="log", xlabel="weights that counting demands", ylabel="effective random weights")
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure, pa.Table.from_pylist(rows)
