"""How often a random network of a given width contains a ticket, against what Lemma 1 guarantees."""

import numpy as np
import pyarrow as pa
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from numerics.subset_sum.statistics import clopper_pearson
from paper_figures.style import BAND, GROUP_COLOURS, GROUP_MARKERS, GROUP_NAMES, counted, family, figure_size, per_group
from theory.bounds import Layer, coefficient_tolerance
from theory.subset_sum import failure_probability, signed_product

NEEDS = ("tickets",)
EPSILONS = (0.1, 0.01)
CAPTION = (
    "The fraction of keys whose random network contains a ticket with certified error at most ε for one random linear layer V → V of norm at "
    "most 1 (solid, a new target for each key), with 95 % Clopper–Pearson bands, and the guarantee of Lemma 1 for every such layer at once "
    "(dashed), against the number of hidden channels for the one input channel. Each point is over {keys} keys; none is left out."
)
ALTERNATIVE = (
    "Two panels, one for each tolerance, with four rising S-shaped curves in each, one for each group. Nearly all keys succeed from 50 hidden "
    "channels on; the dashed guarantees rise between 180 and 450."
)
WIDEST = 448


def counts(data: pa.Table) -> dict[str, str]:
    """The numbers of the caption."""
    return {"keys": counted(per_group(data.to_pylist(), ("instantiation", "width")))}


def draw(data: pa.Table) -> tuple[Figure, pa.Table]:
    """The figure and the numbers plotted."""
    from matplotlib import pyplot as plt

    figure, panels = plt.subplots(1, 2, figsize=figure_size(2, 0.75), sharey=True)
    stored = data.to_pylist()
    rows = []
    for axes, epsilon in zip(panels, EPSILONS, strict=True):
        for name in sorted({row["instantiation"] for row in stored}, key=lambda name: list(GROUP_COLOURS).index(family(name))):
            own = [row for row in stored if row["instantiation"] == name]
            colour = GROUP_COLOURS[family(name)]
            measured = [_frequency(own, width, epsilon) for width in sorted({row["width"] for row in own})]
            x = [row["width"] for row in measured]
            axes.plot(x, [row["success"] for row in measured], color=colour, marker=GROUP_MARKERS[family(name)])
            axes.fill_between(
                x, [row["lower"] for row in measured], [row["upper"] for row in measured], color=colour, alpha=BAND, linewidth=0
            )
            guaranteed = _guaranteed(own[0], epsilon)
            half = [next((place for place, (_, chance) in enumerate(guaranteed) if chance >= 0.5), 0)]
            style = {"marker": GROUP_MARKERS[family(name)], "markerfacecolor": "white", "markevery": half}
            axes.plot(*zip(*guaranteed, strict=True), "--", color=colour, **style)
            rows += [{"instantiation": name, "epsilon": epsilon, "line": "measured"} | row for row in measured]
            rows += [
                {"instantiation": name, "epsilon": epsilon, "line": "guaranteed", "width": width, "success": success}
                for width, success in guaranteed
            ]
        axes.set(xlabel="hidden channels", title=rf"$\varepsilon={epsilon:g}$", ylim=(-0.02, 1.04))
        axes.set_xscale("log", base=2)
        axes.set_xlim(6, WIDEST)
        axes.set_xticks([8, 16, 32, 64, 128, 256], ["8", "16", "32", "64", "128", "256"])
        axes.minorticks_off()
    panels[0].set_ylabel("fraction of keys")
    handles = [Line2D([], [], color=colour, marker=GROUP_MARKERS[name], label=GROUP_NAMES[name]) for name, colour in GROUP_COLOURS.items()]
    handles += [Line2D([], [], color="black", label="measured"), Line2D([], [], color="black", linestyle="--", label="guaranteed")]
    panels[1].legend(handles=handles, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure, pa.Table.from_pylist(rows)


def _frequency(rows: list[dict], width: int, epsilon: float) -> dict[str, float | int]:
    errors = [row["certified"] for row in rows if row["width"] == width]
    failures = sum(error > epsilon for error in errors)
    lower, upper = clopper_pearson(failures, len(errors))
    return {"width": width, "success": 1 - failures / len(errors), "lower": 1 - upper, "upper": 1 - lower, "keys": len(errors)}


def _guaranteed(row: dict, epsilon: float) -> list[tuple[int, float]]:
    """1 - 2|B| times the failure probability of one subset sum at the tolerance of Lemma 1, where that is positive."""
    layer = Layer(1, 1, row["operators"], row["basis_norm"])
    tolerance = coefficient_tolerance(layer, epsilon, "euclidean")
    chances = [
        (width, 1 - 2 * row["operators"] * float(failure_probability(signed_product(1), int(width), tolerance)))
        for width in np.unique(np.geomspace(8, WIDEST, 120).round().astype(int))
    ]
    return [(int(width), chance) for width, chance in chances if chance > 0]
