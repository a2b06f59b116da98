"""Depth 2L or depth L + 1: errors and kept weights of both constructions for the same targets."""

import pyarrow as pa
from matplotlib.figure import Figure

from paper_figures.style import OKABE_ITO, figure_size

NEEDS = ("feedforward",)
CAPTION = (
    "The two constructions for the same targets, key 0: 2L random layers with 96 hidden channels for each input channel, and L + 1 with 24 "
    "copies of each neuron behind a first layer with 64. Left, certified error for every input of the box (filled), near stated test inputs "
    "(half open), and the largest error on 599 test inputs (open); right, weights kept (filled) and random weights (open). The dashed line "
    "is ε = 0.05."
)
ALTERNATIVE = (
    "Two panels with two rows for each target. On the left the errors of depth L + 1 lie decades to the right of those of depth 2L; on "
    "the right depth L + 1 keeps more weights, of more."
)
ERRORS = {"network_bound": "full", "points_bound": "left", "largest_error": "none"}
WEIGHTS = {"kept_parameters": "full", "source_parameters": "none"}
COLOURS = {"2L": "blue", "L+1": "vermilion"}


def draw(data: pa.Table) -> tuple[Figure, pa.Table]:
    """The figure and the numbers plotted, from the rows of benchmarks/feedforward.py."""
    from matplotlib import pyplot as plt

    held = {row["run"]: row for row in data.to_pylist() if row["held"]}
    pairs = [(name, held[name], held[f"{name}, L+1"]) for name in held if f"{name}, L+1" in held]
    figure, (left, right) = plt.subplots(1, 2, sharey=True, figsize=figure_size(1, 0.12 + 0.05 * len(pairs)))
    rows, ticks = [], []
    for place, (name, *both) in enumerate(pairs):
        for row, side in zip(both, (-0.17, 0.17), strict=True):
            depth = row["construction"]
            ticks.append((place + side, f"{name}, {depth}"))
            for axes, kinds in ((left, ERRORS), (right, WEIGHTS)):
                for kind, fill in kinds.items():
                    axes.plot(float(row[kind]), place + side, "o", color=OKABE_ITO[COLOURS[depth]], fillstyle=fill, markersize=4)
            rows.append({"target": name, "depth": depth} | {kind: float(row[kind]) for kind in (*ERRORS, *WEIGHTS)})
    left.axvline(float(pairs[0][1]["epsilon"]), color=OKABE_ITO["black"], linestyle="--", linewidth=0.8)
    left.set(xscale="log", xlabel="error, largest entry", yticks=[place for place, _ in ticks])
    left.set_yticklabels([text for _, text in ticks])
    left.set_ylim(len(pairs) - 0.6, -0.4)
    right.set(xscale="log", xlabel="weights", xlim=(1e4, 1e7))
    return figure, pa.Table.from_pylist(rows)
