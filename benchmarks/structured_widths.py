"""Widths of structured tickets: drawn in practice, what A3 proves to suffice for the same blocks, and what counting demands.

    python -m benchmarks.structured_widths [--epsilon 0.1] [--out FOLDER]

For each layer of the built-in targets: D, the accuracy that its plan asks of a vector sum, the hidden channels drawn in a block, those that
companion.A3 or companion.A3_root, whichever takes fewer, and companion.structured_layer's count of signs prove to suffice for this target
(δ = 1/100 over all blocks of the network), and the channels needed at least (companion.vector_counting, both signs). Prints the table, writes
FOLDER/bench/structured_widths.md.
"""

import argparse
import sys
from math import ceil, log
from pathlib import Path

import numpy as np

from benchmarks.records import markdown, show
from numerics.structured.plan import accuracy, plan
from numerics.structured.targets import built_in
from theory.vector_formulas import batch, fields_needed, least_subset, needed_vectors

DELTA = 100
HIT = 10
"""companion.A3 and companion.A3_root hit a target with probability at least 1/10."""


def proved_channels(dimension: int, tolerance: str, blocks: int, length: float) -> int:
    """Channels of a block: batches of vectors for each sign, so many that all of 2·`blocks` sums are hit but with probability 1/100.

    Targets may be no longer than √k; the hypotheses hold for all larger k too, as their left side grows faster than d ln k for k ≥ 4d.
    """
    sizes = {name: max(least_subset(dimension, tolerance, name), ceil(length**2)) for name in ("A3", "A3_root")}
    vectors = min(batch(dimension, k, name) for name, k in sizes.items())
    batches = ceil(log(4 * blocks * DELTA) / -log(1 - 1 / HIT))
    return fields_needed(vectors * batches, blocks, f"1/{DELTA}")


def rows(epsilon: str, cache: Path) -> list[tuple[str, int, int, int, float, int, int, int]]:
    """(target, layer, D, blocks, accuracy, drawn, proved, needed)."""
    found = []
    for name, build in built_in().items():
        target = build(cache).target
        total = sum(len(rule.blocks) for rule in target.architecture.layers)
        for i, (wanted, rule, numbers) in enumerate(
            zip(plan(target, accuracy(epsilon)), target.architecture.layers, target.layers, strict=True)
        ):
            dimension = max(rule.dimension(block) for block in rule.blocks)
            length = max(float(np.linalg.norm(numbers.coefficients[list(b.outputs), b.channel])) for b in rule.blocks)
            tolerance = f"{wanted.tolerance.numerator}/{wanted.tolerance.denominator}"
            proved = proved_channels(dimension, tolerance, total, length)
            needed = 2 * needed_vectors(dimension, tolerance, f"1/{DELTA}")
            found.append((name, i, dimension, len(rule.blocks), float(wanted.tolerance), wanted.width, proved, needed))
    return found


COLUMNS = (
    "target", "layer", "D", "blocks", "accuracy of a sum", "channels drawn in a block", "proved to suffice", "needed at least for (1, ..., 1)",
)  # fmt: skip


def main() -> int:
    """Print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epsilon", default="0.1")
    parser.add_argument("--out", type=Path, default=Path("out"))
    options = parser.parse_args()
    found = [
        (name, i, dimension, blocks, f"{tolerance:.2g}", f"{width:,}", f"{proved:,}", needed)
        for name, i, dimension, blocks, tolerance, width, proved, needed in rows(options.epsilon, options.out / "targets")
    ]
    show(markdown(COLUMNS, found), options.out / "bench" / "structured_widths.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
