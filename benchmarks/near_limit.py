"""How few random weights a layer needs for an error of 1/1000, by strategy, against the counting bound (companion.A6).

    python benchmarks/near_limit.py [--keys K] [--layers NAME ...] [--strategies NAME ...] [--published DIR] [--out DIR]

Each layer of the digits classifier, and with `--published` each layer of LeNet5 (dacunha2022), stands alone: its inputs have no negative
entry (pixels, or what follows a ReLU), its circular convolutions act on the grid that they see. A key holds if the certified error of the
layer, relative to the layer, is at most 1/1000 on a ball of inputs: (‖E‖R + ‖e‖)/(‖A‖R + ‖b‖). For each strategy a ladder of widths is
climbed, a step each time more than 1 % of the keys 0, 1, ... fail; the error of every key is recorded, at every step, as soon as it is known,
and a run goes on from its record. `copies` is the construction of depth L + 1 (see `near_limit_copies`); its first layers stand last in the
list, since the copies that a layer wants decide how often the one before it is built.
"""

import argparse
import json
import os
import platform
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from math import exp, log, log2
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.near_limit_copies import on_copies
from benchmarks.near_limit_layers import FIRST, NEXT, Layer, layers
from numerics.breakdown import breakdown, excess
from numerics.certify import certify
from numerics.economy import economy
from numerics.network import random_network
from numerics.prune import prune
from numerics.random_weights import Key
from numerics.store import write_bytes
from numerics.strategies import STRATEGIES
from numerics.subset_sum.statistics import clopper_pearson

EPSILON = 1e-3
FAILING = 0.01
CONSTANTS = 64
LADDERS = {
    "proof": range(28, 97, 4),
    "positive": range(28, 97, 4),
    "assigned": range(14, 49, 2),
    "exchanged": range(10, 27),
    "copies": range(10, 27),
}


@dataclass(frozen=True)
class Tried:
    """What one key came to: the error relative to the layer, the weights counted, the bits of choices, the factors of the ratio, seconds."""

    relative_error: float
    effective: int
    choices: float
    factors: dict[str, float]
    seconds: float


def tried(layer: Layer, strategy: str, width: int, key: int, workers: int, outputs: int) -> Tried:
    """One key of one step of a ladder."""
    started = time.perf_counter()
    if strategy == "copies":
        found = on_copies(layer.target, layer.size, key, width, CONSTANTS, outputs, layer.name in FIRST)
        return Tried(found.relative_error, found.effective, 0.0, {}, time.perf_counter() - started)
    tolerance = 0.95 * EPSILON * layer.size / float(layer.target.radius)
    network = random_network(layer.target.architecture, Key(key), width, CONSTANTS)
    ticket = prune(layer.target, network, samples=26, strategy=strategy, tolerances=[tolerance], workers=workers)
    certificate = certify(layer.target, ticket, 10**6)
    found = economy(certificate, network).layers[0]
    factors = breakdown(certificate, network, 0, EPSILON)
    return Tried(found.relative_error, found.effective, found.choices, factors, time.perf_counter() - started)


def extended(row: dict[str, Any], layer: Layer, found: Tried) -> dict[str, Any]:
    """The row of a step with one key more; its factors are geometric means over the keys, so that their product remains the ratio."""
    coefficients = sum(part.size for part in (layer.target.layers[0].coefficients, layer.target.layers[0].bias))
    bound = coefficients * log2(1 / (2 * EPSILON)) - 1
    before, errors = len(row["errors"]), [*row["errors"], found.relative_error]
    choices = max(row["choices"], found.choices)
    factors = {
        name: exp((log(row["factors"].get(name, 1.0)) * before + log(factor)) / (before + 1))
        for name, factor in found.factors.items()
        if not before or row["factors"]
    }
    failing = [key for key, error in enumerate(errors) if error > EPSILON]
    return row | {
        "coefficients": coefficients,
        "effective": found.effective,
        "ratio": found.effective / bound,
        "choices": choices,
        "ratio_with_choices": (found.effective + choices) / bound,
        "factors": factors,
        "keys_tried": len(errors),
        "keys_held": len(errors) - len(failing),
        "keys_failing": failing,
        "failures_95": clopper_pearson(len(failing), len(errors)),
        "median_error": float(np.median(errors)),
        "largest_error": max(errors),
        "seconds_per_key": (row["seconds_per_key"] * before + found.seconds) / (before + 1),
        "errors": errors,
    }


class Record:
    """The rows so far, written after every key."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows: list[dict[str, Any]] = json.loads(path.read_text())["rows"] if path.is_file() else []

    def row(self, layer: str, strategy: str, width: int, outputs: int) -> dict[str, Any]:
        """The row of a step, a new one if there is none; `outputs` is how often an output is built, for copies alone."""
        for row in self.rows:
            if (row["layer"], row["strategy"], row["width"], row["outputs"]) == (layer, strategy, width, outputs) and "errors" in row:
                return row
        names = {"layer": layer, "strategy": strategy, "width": width, "outputs": outputs, "constants": CONSTANTS}
        return names | {"choices": 0.0, "factors": {}, "seconds_per_key": 0.0, "errors": []}

    def keep(self, row: dict[str, Any]) -> None:
        """Put a row into its place and write everything."""
        names = ("layer", "strategy", "width", "outputs")
        self.rows = [other for other in self.rows if any(other[name] != row[name] for name in names)] + [row]
        document = {"date": str(datetime.now(UTC).date()), "epsilon": EPSILON, "rows": self.rows}
        write_bytes(self.path, (json.dumps(document, indent=1) + "\n").encode())

    def copies_of(self, layer: str) -> int | None:
        """How many copies of its inputs a layer was measured to want: those of the narrowest step that held; 1 of no layer."""
        held = [row["width"] for row in self.rows if (row["layer"], row["strategy"]) == (layer, "copies") and enough(row)]
        return min(held, default=None) if layer else 1


def enough(row: dict[str, Any]) -> bool:
    """Whether at most 1 % of the keys tried fail."""
    return row["keys_tried"] - row["keys_held"] <= FAILING * row["keys_tried"]


def climb(record: Record, layer: Layer, strategy: str, keys: int, start: int, workers: int) -> None:
    """One ladder; steps go on from the keys that they have, and are left as soon as too many fail."""
    outputs = record.copies_of(NEXT.get(layer.name, "")) if strategy == "copies" else 1
    if outputs is None:
        print(f"{layer.name}: first {NEXT[layer.name]} on copies, which says how often each output is to be built", flush=True)
        return
    for width in LADDERS["positive" if strategy == "copies" and layer.name in FIRST else strategy]:
        if width < start:
            continue
        row = record.row(layer.name, strategy, width, outputs)
        while len(row["errors"]) < keys and len(row.get("keys_failing", ())) <= FAILING * keys:
            row = extended(row, layer, tried(layer, strategy, width, len(row["errors"]), workers, outputs))
            record.keep(row)
        print(json.dumps({name: value for name, value in row.items() if name not in ("keys_failing", "errors", "factors")}), flush=True)
        if row["factors"]:
            print(f"  {row['ratio']:.3f} = product of: {excess(row['factors'])}", flush=True)
        if row["keys_tried"] >= keys and enough(row):
            break


def main() -> None:
    """Climb the ladders."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keys", type=int, default=200)
    parser.add_argument("--layers", nargs="*", help="names, in this order; all of them if none is given")
    parser.add_argument("--strategies", nargs="*", default=[*STRATEGIES, "copies"], choices=[*STRATEGIES, "copies"])
    parser.add_argument("--from-width", type=int, default=0, help="skip narrower steps (they are then not in the record)")
    parser.add_argument("--published", type=Path)
    parser.add_argument("--out", type=Path, default=Path("out/bench"))
    parser.add_argument("--record", type=Path, help="go on from this file instead of one in --out")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    path = options.record or options.out / f"near_limit-{datetime.now(UTC).date()}-{platform.machine()}-{os.cpu_count()}-cores.json"
    record = Record(path)
    found = {layer.name: layer for layer in layers(options.published, options.out / "targets", options.layers)}
    for name in options.layers or found:
        for strategy in options.strategies:
            climb(record, found[name], strategy, options.keys, options.from_width, options.workers)
    print(f"wrote {path}")


if __name__ == "__main__":
    main()
