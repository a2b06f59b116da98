"""What structure buys: sizes and times of a ticket whose removed channels are gone, beside the other networks."""

import numpy as np
import pyarrow as pa
from matplotlib.figure import Figure

from paper_figures.style import OKABE_ITO, figure_size

NEEDS = ("structured_inference",)
CAPTION = (
    "The random network as drawn, the structured ticket with its removed channels multiplied by zero, the same ticket compacted, an "
    "unstructured ticket of the same target (single weights removed), and the target: parameters, multiplications for one input, and "
    "CPU time of one batch, each relative to the random network. Masked and compacted network compute the same function. The "
    "compacted one is smaller and faster than what it was drawn from, not than the unstructured ticket or the target."
)
ALTERNATIVE = (
    "Three panels of bars on logarithmic axes, one group of bars for each target. In each the compacted ticket lies between the drawn"
    " network and the unstructured ticket; the target is smallest."
)
NETWORKS = {"unpruned": "black", "masked": "sky", "compacted": "vermilion", "unstructured": "blue", "target": "green"}
HATCHES = {
    network: {"hatch": hatch, "edgecolor": "white", "linewidth": 0}
    for network, hatch in {"unpruned": "", "masked": "/////", "compacted": "", "unstructured": ".....", "target": "xxxxx"}.items()
}
"""What tells the bars apart without colour."""
PANELS = {"parameters": "parameters", "multiply_adds": "multiplications", "seconds": "CPU time"}


def draw(data: pa.Table) -> tuple[Figure, pa.Table]:
    """The figure and the numbers plotted, from the records of benchmarks/structured_inference.py."""
    from matplotlib import pyplot as plt

    stored = data.to_pylist()
    targets = sorted({row["target"] for row in stored})
    figure, panels = plt.subplots(1, 3, figsize=figure_size(3, 1.0), sharey=True)
    rows = []
    for axes, (quantity, title) in zip(panels, PANELS.items(), strict=True):
        for number, (network, colour) in enumerate(NETWORKS.items()):
            values = []
            for target in targets:
                of = {row["network"]: row[quantity] for row in stored if row["target"] == target}
                values.append(of[network] / of["unpruned"])
                rows.append(
                    {"target": target, "network": network, "quantity": quantity, "relative": values[-1], "value": float(of[network])}
                )
            places = np.arange(len(targets)) + (number - 2) * 0.16
            axes.bar(places, values, width=0.15, color=OKABE_ITO[colour], label=network, bottom=0, **HATCHES[network])
        axes.set(yscale="log", title=title, xticks=range(len(targets)))
        axes.set_xticklabels(targets)
    panels[0].set_ylabel("relative to unpruned")
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=len(NETWORKS))
    return figure, pa.Table.from_pylist(rows)
