"""How many random weights tickets are found among, by strategy, against the counting bound at their accuracy."""

from typing import Any

import pyarrow as pa
from matplotlib.figure import Figure

from paper_figures.style import OKABE_ITO, figure_size

NEEDS = ("near_limit",)
CAPTION = (
    "Effective random weights of a layer (those of the second random layer, and one of the first for each hidden channel) over the "
    "counting bound D log₂(1/2ε) - 1 at ε = 1/1000, the error relative to the layer. Each marker is the narrowest network tried in which "
    "at most 1 % of the keys tried (10 or more; the table beside the figure says how many) found no ticket; open markers count the choices "
    "of the first mask too, log₂ n bits for each hidden channel. L + 1 has one random layer for each but the first layer of the target, and "
    "builds each output of a layer as often as the next layer wants copies of it; all of these weights count. The line at 1 is the bound."
)
ALTERNATIVE = (
    "One row for each layer and one marker for each strategy on a logarithmic axis. In each row the exchange is nearest to the bound, then "
    "come the assignment, positive weights alone and the proof's strategy. The construction of depth L + 1 lies near the assignment for "
    "layers that lead to the output, and far right of all others for layers whose outputs are built several times."
)
STRATEGIES = {
    "proof": ("black", "o"),
    "positive": ("blue", "s"),
    "assigned": ("green", "^"),
    "exchanged": ("vermilion", "D"),
    "copies": ("purple", "v"),
}
NAMES = {"copies": "L + 1"}
FAILING, FEWEST_KEYS = 0.01, 10
OFFSET = 0.12
"""Markers of one row stand one above the other, so that none covers another."""


def draw(data: pa.Table) -> tuple[Figure, pa.Table]:
    """The figure and the numbers plotted, from the rows of benchmarks/near_limit.py."""
    from matplotlib import pyplot as plt

    kept = least(data.to_pylist())
    layers = sorted({row["layer"] for row in kept})
    figure, axes = plt.subplots(figsize=figure_size(1, 0.1 + 0.09 * len(layers)))
    axes.axvline(1, color=OKABE_ITO["black"], linewidth=0.6)
    rows = []
    for strategy, (colour, marker) in STRATEGIES.items():
        chosen = [row for row in kept if row["strategy"] == strategy]
        shift = OFFSET * (list(STRATEGIES).index(strategy) - (len(STRATEGIES) - 1) / 2)
        places = [layers.index(row["layer"]) + shift for row in chosen]
        style: dict[str, Any] = {"linestyle": "", "marker": marker, "color": OKABE_ITO[colour]}
        axes.plot([row["ratio"] for row in chosen], places, label=NAMES.get(strategy, strategy), **style)
        counted = [row for row in chosen if row["ratio_with_choices"] > row["ratio"]]
        places = [layers.index(row["layer"]) + shift for row in counted]
        axes.plot([row["ratio_with_choices"] for row in counted], places, markerfacecolor="white", **style)
        rows += chosen
    furthest = max(row["ratio"] for row in rows)
    ticks = [tick for tick in (1, 1.5, 2, 3, 4, 6, 8, 16, 32, 64, 128) if tick <= 1.1 * furthest]
    limits = (0.95, 1.15 * furthest)
    axes.set(xscale="log", xlabel="weights over the counting bound", xticks=ticks, yticks=range(len(layers)), xlim=limits)
    axes.set_xticklabels([f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.set_yticklabels(layers)
    axes.set_ylim(len(layers) - 0.5, -0.5)
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure, pa.Table.from_pylist(rows)


def least(rows: list[dict]) -> list[dict]:
    """Of each layer and strategy the narrowest step at which enough keys were tried and held."""
    found: dict[tuple[str, str], dict] = {}
    for row in sorted(rows, key=lambda row: row["width"]):
        if row["keys_tried"] >= FEWEST_KEYS and row["keys_tried"] - row["keys_held"] <= FAILING * row["keys_tried"]:
            found.setdefault((row["layer"], row["strategy"]), row)
    return list(found.values())
