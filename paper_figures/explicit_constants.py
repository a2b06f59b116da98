"""Samples for all targets at once: guaranteed in closed form, best proved, in trials, and needed."""

import math

import pyarrow as pa
from matplotlib.figure import Figure

from paper_figures.style import LAW_COLOURS, counted, figure_size

NEEDS = ("sample_sizes", "covering")
CAPTION = (
    "Samples that reach every target in [-1, 1] within ε with probability at least 0.99: the closed form of A1 and A1′ (dashed), the best "
    "proved number (solid with squares), the least n whose recorded trials failed with a frequency of at most 1/100 (open circles, {trials} "
    "trials), and the number below which samples of this law provably do not suffice (dotted)."
)
ALTERNATIVE = (
    "Two panels of nearly straight rising lines against the logarithm of the tolerance. The dashed closed form is steepest, the proved "
    "numbers lie at about half of it, trials and the counting bound below them."
)
DELTA = 0.01


def counts(_sizes: pa.Table, trials: pa.Table) -> dict[str, str]:
    """The numbers of the caption."""
    return {"trials": counted(row["trials"] for row in trials.to_pylist())}


def draw(sizes: pa.Table, trials: pa.Table) -> tuple[Figure, pa.Table]:
    """The figure and the numbers plotted."""
    from matplotlib import pyplot as plt

    figure, panels = plt.subplots(1, 2, figsize=figure_size(2, 0.75))
    rows = []
    recorded = trials.to_pylist()
    for axes, law in zip(panels, ("uniform", "product"), strict=True):
        own = sorted((row for row in sizes.to_pylist() if row["law"] == law), key=lambda row: -row["epsilon"])
        bits = [math.log2(1 / row["epsilon"]) for row in own]
        colour = LAW_COLOURS[law]
        axes.plot(bits, [row["closed_form"] for row in own], "--", color=colour, label="closed form")
        axes.plot(bits, [row["proved"] for row in own], "-s", color=colour, label="best proved")
        seen = [_simulated(recorded, law, row["epsilon"]) for row in own]
        points = [(b, n) for b, n in zip(bits, seen, strict=True) if n is not None]
        axes.plot(*zip(*points, strict=True), "o", color=colour, markerfacecolor="white", label="in trials")
        axes.plot(bits, [row["needed"] for row in own], ":", color="black", label="needed")
        axes.set(xlabel=r"$\log_2(1/\varepsilon)$", title={"uniform": "uniform", "product": "products of two"}[law], ylim=(0, None))
        axes.set_xticks(sorted({int(b) for b in bits}))
        rows += [row | {"simulated": n} for row, n in zip(own, seen, strict=True)]
    panels[0].set_ylabel("samples $n$")
    panels[1].legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure, pa.Table.from_pylist(rows)


def _simulated(trials: list[dict], law: str, epsilon: float) -> int | None:
    """The least n with a failure frequency of at most δ."""
    enough = [
        row["samples"]
        for row in trials
        if row["law"] == law and math.isclose(row["epsilon"], epsilon) and row["failures"] <= DELTA * row["trials"]
    ]
    return min(enough, default=None)
