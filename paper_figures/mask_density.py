"""How many random weights a ticket keeps, against the width of its network."""

import numpy as np
import pyarrow as pa
from matplotlib.figure import Figure

from numerics.ticket_statistics import SAMPLES
from paper_figures.style import BAND, GROUP_COLOURS, GROUP_MARKERS, GROUP_NAMES, OKABE_ITO, counted, family, figure_size, per_group

NEEDS = ("tickets", "experiments")
CAPTION = (
    "The fraction of the random weights that the masks keep, for one random linear layer: medians over the keys, with the range of the middle "
    f"90 % of keys as bands, of {{keys}} keys each. Each subset sum sees at most {SAMPLES} samples, so the fraction falls "
    "once there are more of either sign. Crosses: trained networks, the mean over their keys."
)
ALTERNATIVE = (
    "Four curves, one for each group, nearly level up to 32 hidden channels and falling after that; crosses for trained networks at 96 "
    "channels, on the curves and above them."
)


def counts(data: pa.Table, _experiments: pa.Table) -> dict[str, str]:
    """The numbers of the caption."""
    return {"keys": counted(per_group(data.to_pylist(), ("instantiation", "width")))}


def draw(data: pa.Table, experiments: pa.Table) -> tuple[Figure, pa.Table]:
    """The figure and the numbers plotted."""
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=figure_size(1, 0.45))
    stored, rows = data.to_pylist(), []
    for group, colour in GROUP_COLOURS.items():
        own = [row for row in stored if family(row["instantiation"]) == group]
        for width in sorted({row["width"] for row in own}):
            kept = [row["kept_parameters"] / row["source_parameters"] for row in own if row["width"] == width]
            low, middle, high = np.quantile(kept, (0.05, 0.5, 0.95)).tolist()
            rows.append({"name": group, "width": width, "kept": middle, "lower": low, "upper": high, "keys": len(kept)})
        line = [row for row in rows if row["name"] == group]
        x = [row["width"] for row in line]
        axes.plot(x, [row["kept"] for row in line], "-", marker=GROUP_MARKERS[group], color=colour, label=GROUP_NAMES[group])
        axes.fill_between(x, [row["lower"] for row in line], [row["upper"] for row in line], color=colour, alpha=BAND, linewidth=0)
    trained = [{"name": row["name"], "width": row["width"], "kept": row["kept"], "keys": row["keys"]} for row in experiments.to_pylist()]
    axes.plot([row["width"] for row in trained], [row["kept"] for row in trained], "x", color=OKABE_ITO["black"], label="trained networks")
    axes.set(xlabel="hidden channels for each input channel", ylabel="fraction kept", ylim=(0, None))
    axes.set_xscale("log", base=2)
    axes.set_xticks([8, 16, 32, 64, 96], ["8", "16", "32", "64", "96"])
    axes.minorticks_off()
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure, pa.Table.from_pylist(rows + trained)
