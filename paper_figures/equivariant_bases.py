"""Equivariant bases as matrices: entries that share a colour share one coefficient."""

import numpy as np
import pyarrow as pa
from matplotlib.figure import Figure

from numerics.declared import hidden_architecture
from paper_figures.style import figure_size
from theory.instantiations.dihedral import Dihedral
from theory.instantiations.exchangeable import Exchangeable
from theory.instantiations.nested_sets import NestedSets
from theory.instantiations.planar import Planar
from theory.instantiations.sets import Sets
from theory.instantiations.tensors import Tensors
from theory.instantiations.translation import Translation

NEEDS = ()
SHOWN = {
    "$S_6$ on a set": Sets(6),
    "$C_6$ on a ring": Translation(6),
    "$D_6$ on a ring": Dihedral(6),
    "$S_3$ on pairs": Tensors(3, 2),
    "$S_3 \\times S_4$ on a table": Exchangeable(3, 4),
    "$S_3 \\wr S_3$ on nested sets": NestedSets(3, 3),
    "shifts and $C_4$ on a 3 × 3 grid": Planar(3, 3, flips=False, field="trivial"),
    "the same on regular fields": Planar(3, 3, flips=False, field="regular"),
}
CAPTION = (
    "Every linear map that commutes with the group, V → V, as a matrix: entries of one colour carry one coefficient, and each coefficient is "
    "one element of the basis. The bases are computed as orbits of pairs of points, exactly, and are complete; their number of elements "
    "stands above."
)
ALTERNATIVE = (
    "Eight square coloured matrices. For sets the diagonal has one colour and all else another; rings show diagonal stripes; pairs, tables, "
    "nested sets and pixel grids show blocks of stripes with up to 36 colours."
)


def draw() -> tuple[Figure, pa.Table]:
    """The figure and the numbers plotted: the label of each entry of each matrix."""
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(2, 4, figsize=figure_size(1, 0.56))
    rows = []
    for place, (name, declared) in zip(axes.flat, SHOWN.items(), strict=True):
        shape = hidden_architecture(declared, (1, 1)).layers[0]
        labels = shape.basis.labels
        assert labels is not None
        count = len(shape.basis)
        place.imshow(_spread(labels, count), cmap="cividis", vmin=0, vmax=max(count - 1, 1), interpolation="nearest")
        place.set_title(f"{name}\n|B| = {count}", fontsize=7)
        place.set(xticks=[], yticks=[])
        for spine in place.spines.values():
            spine.set(visible=True, linewidth=0.4)
        rows += [
            {"instantiation": repr(declared), "row": y, "column": x, "operator": int(labels[y, x])}
            for y in range(labels.shape[0])
            for x in range(labels.shape[1])
        ]
    return figure, pa.Table.from_pylist(rows)


def _spread(labels: np.ndarray, count: int) -> np.ndarray:
    """Labels in an order in which neighbouring ones get different colours: steps of about 0.62 of them, prime to their number."""
    step = next(step for step in range(max(1, round(0.618 * count)), count + 2) if np.gcd(step, count) == 1)
    return labels * step % count
