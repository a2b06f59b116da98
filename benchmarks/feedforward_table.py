"""Published figures of other constructions beside the recorded tickets of the same targets, as a Markdown table.

    python -m benchmarks.feedforward_table [--record FILE] [--published FILE]

The published ones stand in `tests/golden/published_feedforward.json` with their sources; ours are read from the newest record of
`benchmarks.feedforward`. Nothing is typed here: a target without a recorded ticket gets no row.
"""

import argparse
import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
GOLDEN = ROOT / "tests" / "golden" / "published_feedforward.json"
HEADER = "| target | what | published | ours | how ours is known |\n| --- | --- | --- | --- | --- |"


def newest_record() -> Path:
    """The last record of `benchmarks.feedforward` by date."""
    return max((ROOT / "benchmarks" / "results").glob("feedforward-*.json"))


def recorded(path: Path) -> dict[str, dict[str, Any]]:
    """The rows of a record by their run."""
    return {row["run"]: row for row in json.loads(path.read_text(encoding="utf-8"))["rows"]}


def compared(published: dict[str, Any], rows: dict[str, dict[str, Any]]) -> list[tuple[str, str, str, str, str]]:
    """Rows of the table: target, what, published, ours, how."""
    table = []
    for name, theirs in published.items():
        ours = rows.get(name)
        if ours is None or not ours["held"]:
            continue
        every = "certified, for every input that the layer can get, at the border as inside; re-checked"
        for i, (inside, border) in enumerate(zip(theirs.get("inside", []), theirs.get("border", []), strict=True)):
            said = f"{min(inside):g} to {max(inside):g} inside, {min(border):g} to {max(border):g} at the border"
            table.append((name, f"error of layer {i + 1}", said, f"at most {ours['layer_errors'][i]}", every))
        if "coefficient" in theirs:
            largest = ours["largest_coefficient_error"]
            table.append(
                (name, "error of a coefficient", f"{theirs['coefficient']:g}", f"at most {largest}", "certified, all layers; re-checked")
            )
        if "outputs" in theirs:
            said = f"{min(theirs['outputs']):g} to {max(theirs['outputs']):g}"
            table.append((name, "error of the outputs", said, f"at most {ours['error_bound']}", f"certified, {ours['claim']}; re-checked"))
        else:
            table.append(
                (name, "error of the outputs", "none", f"at most {ours['error_bound']}", f"certified, {ours['claim']}; re-checked")
            )
        built = len(ours["layer_errors"])
        table.append(
            (name, "layers built", f"{theirs['layers_built']} of {theirs['layers']}", f"{built} of {theirs['layers']}", "the certificate")
        )
        drawn = f"{ours['kept_parameters']:,} kept of {ours['source_parameters']:,}, {ours['redrawn']} redrawn"
        table.append((name, "random weights", "redrawn on failure, or none", drawn, "the certificate"))
        took = f"{ours['build_cpu_seconds']:.0f} s, {ours['build_memory_gib']:.1f} GiB"
        table.append((name, "processor time, memory", "not stated", took, "measured"))
    return table


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", type=Path, default=None, help="a record; the newest if none is given")
    parser.add_argument("--published", type=Path, default=GOLDEN)
    options = parser.parse_args()
    published = json.loads(options.published.read_text(encoding="utf-8"))
    print(HEADER)
    for row in compared(published, recorded(options.record or newest_record())):
        print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    main()
