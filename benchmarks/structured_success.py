"""Vectors that structured tickets need: the least n found for D = 1, ..., 9, beside the proved widths and the counting bound.

    python benchmarks/structured_success.py [--quick] [--out FOLDER] [--cells D ...] [--epsilons E ...] [--methods exact]

Writes FOLDER/structured_success.json after every cell and goes on from it, so that a run may be stopped.
"""

import argparse
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.records import Rows, markdown
from numerics.structured.plan import samples_for
from numerics.structured.success import exact_cell, merged_cell
from numerics.subset_sum.solve_vectors import MOST_SAMPLES
from theory.vector_formulas import needed_vectors
from theory.vector_sums import proved_vectors

DELTA = "1/100"
EXACT = {  # (D, ε): (keys, largest n), in the order in which they run
    (1, 0.1): (2000, 36), (2, 0.1): (2000, 36), (3, 0.1): (2000, 36), (4, 0.1): (1000, 36), (1, 0.01): (2000, 36), (2, 0.01): (2000, 36),
    (3, 0.01): (200, 36), (5, 0.1): (400, 46), (4, 0.01): (200, 46), (6, 0.1): (100, 48), (7, 0.1): (20, 42), (8, 0.1): (10, 42),
    (9, 0.1): (8, 40), (5, 0.01): (10, 42), (6, 0.01): (4, 40),
}  # fmt: skip
MERGED = [(d, epsilon) for epsilon, least in ((0.1, 5), (0.01, 3)) for d in range(least, 10)]
KEYS, MOST = 100, 4096
"""Of each merged cell: the keys, the most vectors."""
WORK = dict.fromkeys(MERGED, 20) | {(9, 0.01): 23}
"""The most entries of all lists together, as a power of two: more where 2²⁰ are too few for the most vectors."""


def expected(dimension: int, epsilon: float) -> int:
    """How many vectors the plan of a ticket would take, of lists with so many entries."""
    work = WORK[dimension, epsilon]
    found = [(samples_for(dimension, epsilon, bits), bits) for bits in range(12, work)]
    return min(samples for samples, bits in found if samples // bits << bits <= 1 << work)


def cell(method: str, dimension: int, epsilon: float, *, quick: bool) -> dict[str, Any]:
    """One row, with the seconds it took and the proved numbers for one target and failure probability 1/100."""
    start = time.process_time()
    needed = needed_vectors(dimension, str(epsilon), DELTA)
    if method == "exact":
        keys, most = EXACT[dimension, epsilon]
        found = exact_cell(dimension, epsilon, 100 if quick else keys, min(most, 28) if quick else most)
    else:
        least = max(needed, expected(dimension, epsilon) // 2)
        found = merged_cell(dimension, epsilon, 10 if quick else KEYS, WORK[dimension, epsilon], least, MOST)
    seconds = time.process_time() - start
    proved = proved_vectors(dimension, str(epsilon), DELTA, all_targets=False)
    return asdict(found) | {"proved_width": proved.samples, "needed": needed, "cpu_seconds": round(seconds, 1)}


COLUMNS = (
    "D",
    "ε",
    "method",
    "n for 99 %",
    "successes of keys",
    "95 % interval",
    "at n - 1",
    "median n",
    "needed at least",
    "proved to suffice",
)


def table(rows: list[dict[str, Any]]) -> str:
    """The rows in Markdown, and why a least n is missing."""
    lines = []
    for row in sorted(rows, key=lambda row: (-row["epsilon"], row["dimension"], row["method"])):
        n = f"> {row['largest']}" if row["samples"] is None else ("≤ " if row["method"] == "merging" else "") + str(row["samples"])
        before, median = (("" if row[name] is None else f"{row[name]:g}") for name in ("before", "median"))
        lines.append((
            row["dimension"], row["epsilon"], row["method"], n, f"{row['successes']} of {row['trials']}",
            f"{row['lower']:.4f} to {row['upper']:.4f}", before, median, row["needed"], f"{row['proved_width']:,}",
        ))  # fmt: skip
    return markdown(COLUMNS, lines, text=(2, 5)) + "\n\n" + "\n".join(why_no_least(rows)) + "\n"


def why_no_least(rows: list[dict[str, Any]]) -> list[str]:
    """For each cell whose least n is not known, what says that it is out of reach: counting, or the exact search at its largest n."""
    said = []
    for dimension, epsilon in sorted({(row["dimension"], row["epsilon"]) for row in rows}, key=lambda cell: (-cell[1], cell[0])):
        exact = [row for row in rows if (row["method"], row["dimension"], row["epsilon"]) == ("exact", dimension, epsilon)]
        needed = needed_vectors(dimension, str(epsilon), DELTA)
        if any(row["samples"] is not None for row in exact):
            continue
        if needed > MOST_SAMPLES:
            reason = f"at least {needed} vectors are needed (counting), and the exact search takes {MOST_SAMPLES} at most"
        elif exact:
            row = exact[0]
            reason = (
                f"{row['successes']} of {row['trials']} keys hold with {row['largest']} vectors, the most that were tried exactly"
                + cost(row)
            )
        else:
            reason = "not tried"
        said.append(f"- D = {dimension}, ε = {epsilon}: the least n is not known: {reason}.")
    return said


def cost(row: dict[str, Any]) -> str:
    """What the searches that found nothing took at the largest numbers of vectors, and the factor by which that grows."""
    timed = [(n, seconds) for n, count, seconds in row.get("exhausted", ()) if count and seconds > 0]
    if len(timed) < 2:
        return ""
    (first, start), (last, end) = timed[0], timed[-1]
    growth = (end / start) ** (1 / (last - first))
    return (
        f"; a search that finds nothing takes {start:.2g} s of CPU time with {first} vectors and {end:.2g} s with {last}, {growth:.2f} times as "
        f"long with each more: {end * growth ** (MOST_SAMPLES - last):.2g} s a key with {MOST_SAMPLES}, the most that it takes"
    )


def main() -> int:
    """Run the cells that are not stored yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="100 keys, n at most 28; 10 keys for merging")
    parser.add_argument("--out", type=Path, default=Path("out/bench"))
    parser.add_argument("--cells", type=int, nargs="*", default=list(range(1, 10)), help="dimensions D")
    parser.add_argument("--epsilons", type=float, nargs="*", default=[0.1, 0.01])
    parser.add_argument("--methods", nargs="*", default=["exact", "merging"], help="which searches to run")
    options = parser.parse_args()
    about = {
        "command": "python benchmarks/structured_success.py" + (" --quick" if options.quick else ""),
        "keys": "0, 1, ..., as many as the row says; target (1, ..., 1); failures counted",
    }
    stored = Rows(options.out / "structured_success.json", about, table)
    done = {(row["method"], row["dimension"], row["epsilon"]) for row in stored.rows}
    for method, dimension, epsilon in [("exact", *pair) for pair in EXACT] + [("merging", *pair) for pair in MERGED]:
        wanted = dimension in options.cells and epsilon in options.epsilons and method in options.methods
        if wanted and (method, dimension, epsilon) not in done:
            stored.add(cell(method, dimension, epsilon, quick=options.quick))
    return 0


if __name__ == "__main__":
    sys.exit(main())
