"""Filters that structured tickets need by the published theorem and by each proved route, for concrete filters, with the ratios.

    python -m benchmarks.structured_bounds [--out FOLDER]

Vectors per input channel and sign for one d × d layer from one channel to c, δ = 1/100: the published order with its constant taken as 1, the
formulas of dacunha2023.explicit, .explicit_halves and .explicit_root, the computed size where D ≤ 9, and the filters needed at least.
Computed, not measured. Prints the table, writes FOLDER/bench/structured_bounds.md.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.records import markdown, show
from theory.structured import ROUTES, StructuredLayer, computed, needed_filters, published, stated
from theory.verdict import ceiling

CASES = [(1, 8, "1/10"), (3, 1, "1/10"), (3, 1, "1/100"), (3, 4, "1/100"), (5, 6, "1/100"), (3, 16, "1/100"), (3, 64, "1/100")]
DELTA = "1/100"
COMPUTED = 9


COLUMNS = (
    "d", "c", "D", "ε", "published, C = 1", "net", "halves", "smaller batches", "computed", "needed at least", "published over smaller batches",
)  # fmt: skip


def rows() -> Iterator[tuple[object, ...]]:
    """One row for each case."""
    for side, channels, epsilon in CASES:
        layer = StructuredLayer(side, 1, channels)
        order = ceiling(published(layer, epsilon))
        sizes = [stated(layer, epsilon, DELTA, name) for name in ROUTES]
        exact = f"{computed(layer, epsilon, DELTA):,}" if layer.dimension <= COMPUTED else ""
        counts = [f"{size:,}" for size in (order, *sizes)]
        yield side, channels, layer.dimension, epsilon, *counts, exact, needed_filters(layer, epsilon), f"{order / sizes[-1]:,.3g}"


def main() -> int:
    """Print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("out"))
    options = parser.parse_args()
    show(markdown(COLUMNS, rows(), text=()), options.out / "bench" / "structured_bounds.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
