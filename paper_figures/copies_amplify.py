"""By how much sums over copies amplify the errors of the copies: the smallest sums that are close enough, and the best ones (E1)."""

import pyarrow as pa
from matplotlib.figure import Figure

from paper_figures.style import OKABE_ITO, figure_size

NEEDS = ("feedforward_copies",)
CAPTION = (
    "Σ|v| of the weights v that a subset sum over the copies of a neuron chooses, which multiplies the errors of the copies: mean and 95 % of "
    "400 targets uniform on [-1, 1], over the number of copies. Of the subsets within 2⁻¹⁵ of the target the one with least Σ|v|, and the "
    "nearest of all subsets; markers are filled where at least 99 % of the targets are met within 2⁻¹⁵. Dashed: the mean |W| of the targets, "
    "the factor in the published recursion as recalled."
)
ALTERNATIVE = (
    "Two rising curves up to 16 copies; from there the curve of the smallest sums falls to two and that of the best sums rises above five. "
    "Both lie far above the dashed line at one half."
)
OBJECTIVES = {"smallest": ("blue", "o"), "best": ("vermilion", "s")}


def draw(data: pa.Table) -> tuple[Figure, pa.Table]:
    """The figure and the numbers plotted, from the rows `copies` of benchmarks/feedforward.py."""
    from matplotlib import pyplot as plt

    stored = sorted(data.to_pylist(), key=lambda row: row["samples"])
    figure, axes = plt.subplots(figsize=figure_size(2))
    rows = []
    for objective, (colour, marker) in OBJECTIVES.items():
        n = [row["samples"] for row in stored]
        mean, most = ([row[f"{objective}_{part}"] for row in stored] for part in ("mean", "95"))
        shade = OKABE_ITO[colour]
        axes.plot(n, mean, color=shade, marker=marker, label=objective)
        axes.fill_between(n, mean, most, color=shade, alpha=0.2, linewidth=0)
        for row in stored:
            met = row[f"{objective}_met"] >= 0.99 * row["targets"]
            axes.plot(row["samples"], row[f"{objective}_mean"], marker=marker, color=shade, markerfacecolor=shade if met else "white")
            numbers = {"mean": row[f"{objective}_mean"], "most": row[f"{objective}_95"]}
            rows.append({"objective": objective, "copies": row["samples"], "met": met} | numbers)
    axes.axhline(stored[0]["mean_target"], color=OKABE_ITO["black"], linestyle="--", linewidth=0.8)
    axes.set(xlabel="copies", ylabel="Σ|v|", ylim=(0, None), xticks=[row["samples"] for row in stored])
    axes.legend(loc="upper left")
    return figure, pa.Table.from_pylist(rows)
