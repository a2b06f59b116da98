"""What a mask does to equivariance: masks on coefficients, masks on raw weights, no mask."""

import pyarrow as pa
from matplotlib.figure import Figure

from paper_figures.style import GROUP_NAMES, OKABE_ITO, counted, family, figure_size, per_group

NEEDS = ("equivariance",)
CAPTION = (
    "max ‖f(gx) - g f(x)‖ / max ‖f(x)‖ over generators g and 64 random signals x, in float64, of three networks for each key: the ticket, "
    "whose masks choose coefficients; the same random network with as many raw weights masked at random; the random network unpruned. Each "
    "point is a key, of {keys}. The ticket's defect is rounding: that it is exactly equivariant is proved and checked in rational numbers."
)
ALTERNATIVE = (
    "Points in four rows, one for each group, on a logarithmic axis. Masked coefficients and unpruned networks lie at the level of rounding, "
    "10⁻¹⁶; masked raw weights near one."
)
STYLES = {"coefficients masked": ("o", "green"), "raw weights masked": ("X", "vermilion"), "unpruned": ("s", "sky")}


def counts(data: pa.Table) -> dict[str, str]:
    """The numbers of the caption."""
    return {"keys": counted(per_group(data.to_pylist(), ("instantiation", "network")))}


def draw(data: pa.Table) -> tuple[Figure, pa.Table]:
    """The figure and the numbers plotted."""
    from matplotlib import pyplot as plt

    stored = data.to_pylist()
    names = sorted({row["instantiation"] for row in stored}, key=lambda name: list(GROUP_NAMES).index(family(name)))
    figure, axes = plt.subplots(figsize=figure_size(1, 0.4))
    for shift, (kind, (marker, colour)) in zip((-0.2, 0.0, 0.2), STYLES.items(), strict=True):
        own = [row for row in stored if row["network"] == kind]
        x = [max(row["defect"], 2.0**-56) for row in own]
        y = [names.index(row["instantiation"]) + shift for row in own]
        axes.plot(x, y, marker, color=OKABE_ITO[colour], markeredgecolor="black", markeredgewidth=0.2, label=kind)
    axes.set(xscale="log", xlabel="defect of equivariance", yticks=range(len(names)), xlim=(None, 10))
    axes.set_yticklabels([GROUP_NAMES[family(name)] for name in names])
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.25), ncols=3)
    return figure, data
