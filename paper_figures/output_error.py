"""The error of the outputs of a published LeNet5 when its convolutions are exchanged for subset sums."""

import pyarrow as pa
from matplotlib.figure import Figure

from paper_figures.weight_error import compare, counts

__all__ = ["ALTERNATIVE", "CAPTION", "NEEDS", "counts", "draw"]

NEEDS = ("published",)
CAPTION = (
    "The largest change of a logit of LeNet5 when its 2,572 convolution weights are exchanged for subset sums of as many samples each, on 500 "
    "of scikit-learn's digits enlarged to 28 × 28 pixels: the published values of dacunha2022 (red, Gurobi, one draw) and exact optima (blue, "
    "the range over {keys} keys with the middle one marked). Seen on these images; no bound."
)
ALTERNATIVE = (
    "Two panels of falling lines on a logarithmic axis. Both fall from more than ten at 5 samples; at 30 samples exact sums change a logit "
    "about ten times less than the published values."
)


def draw(data: pa.Table) -> tuple[Figure, pa.Table]:
    """The figure and the numbers plotted."""
    return compare(data, {"output_error": "-"}, "largest change of a logit")
