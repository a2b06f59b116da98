"""Feedforward tickets of both constructions, of every activation and of every kind of source, built, certified and recorded; E1 measured.

    python -m benchmarks.feedforward [--runs NAME ...] [--key K] [--workers N] [--quick] [--out DIR]

Each run is `python -m numerics prune` with the options that its row names; the certificate of each is re-checked. The rows `copies` are
subset sums alone: 400 targets uniform on [-1, 1], n samples each, the smallest Σ|v| within 2⁻¹⁵ (where there is a subset) and the best of all.
"""

import argparse
import json
import os
import platform
import time
from dataclasses import asdict
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from checks.recheck import recheck
from numerics.errors import NoSubset
from numerics.feedforward.build import build_feedforward
from numerics.feedforward.targets import find
from numerics.feedforward.task import FeedforwardTask
from numerics.random_weights import GRID_BITS, MAGNITUDE, Key, grid_weights
from numerics.store import write_bytes
from numerics.subset_sum import solve_subset_sums

CURVED = ("tanh", "sigmoid", "gelu", "silu", "softplus", "elu", "selu", "leaky_relu", "hard_tanh")
RUNS: dict[str, tuple[str, dict[str, Any]]] = {
    "relu": ("relu_digits", {}),
    "relu, L+1": ("relu_digits", {"copies": 24, "width": 64}),
    "convolutional": ("conv_digits", {}),
    "convolutional, L+1": ("conv_digits", {"copies": 24, "width": 64, "points": 2}),
    "relu, no later biases": ("relu_digits", {"zero_biases": True}),
    "relu, normal": ("relu_digits", {"law": "normal"}),
    "relu, looks linear": ("relu_digits", {"law": "looks_linear"}),
    "relu, density 1/2": ("relu_digits", {"density": "1/2", "width": 400}),
    "convolutional, no later biases": ("conv_digits", {"zero_biases": True}),
    "convolutional, looks linear, no later biases": ("conv_digits", {"law": "looks_linear", "zero_biases": True}),
    "convolutional, normal, density 1/2": ("conv_digits", {"law": "normal", "density": "1/2", "width": 400}),
    **{name: (f"{name}_digits", {}) for name in CURVED},
    "residual, no later biases": ("residual_digits", {"zero_biases": True}),
    "tanh, L+1": ("tanh_digits", {"copies": 24, "width": 64}),
    "gelu, L+1": ("gelu_digits", {"copies": 24, "width": 64}),
}
SIZES = (10, 12, 14, 16, 18, 20, 22, 24)
CLOSE = 15
TARGETS = 400


def measured(name: str, key: int, workers: int, out: Path) -> dict[str, Any]:
    """The result of one run, with the verdict of the re-checker."""
    target, options = RUNS[name]
    task = find(target, out / "targets", None, None)
    assert isinstance(task, FeedforwardTask)
    chosen: dict[str, Any] = dict(options)
    if "density" in chosen:
        chosen["density"] = Fraction(chosen["density"])
    place = out / name.replace(",", "").replace(" ", "_").replace("/", "_")
    try:
        result = asdict(build_feedforward(task, epsilon="0.05", key=key, out=place, workers=workers, **chosen))
    except NoSubset as error:
        return {"run": name, "target": target, "options": options, "held": False, "says": str(error)}
    started = time.perf_counter()
    accepted = recheck(result["certificate"])["says"]
    kept = {field: value for field, value in result.items() if field not in ("ticket", "certificate", "description")}
    return {
        "run": name,
        "target": target,
        "options": options,
        "accepted": accepted,
        "recheck_seconds": time.perf_counter() - started,
    } | kept


def amplification(size: int) -> dict[str, Any]:
    """Σ|v| of subset sums of n uniform samples, the smallest within 2^-`CLOSE` and the best of all; means, and 95 % of them."""
    values = grid_weights(Key(0), 0, 0, 0, TARGETS * size).reshape(TARGETS, size)
    goals = grid_weights(Key(1), 0, 0, 0, TARGETS)
    row: dict[str, Any] = {"samples": size, "close": CLOSE, "targets": TARGETS, "mean_target": float(np.abs(goals).mean() / MAGNITUDE)}
    for objective in ("smallest", "best"):
        tolerance = 1 << GRID_BITS - CLOSE if objective == "smallest" else None
        found = solve_subset_sums(values, goals, objective=objective, tolerance=tolerance, threads=1)
        sums = np.where(found.masks, np.abs(values), 0).sum(axis=1) / MAGNITUDE
        row |= {f"{objective}_mean": float(sums.mean()), f"{objective}_95": float(np.quantile(sums, 0.95))}
        row[f"{objective}_met"] = int((np.abs(found.residuals) <= 1 << GRID_BITS - CLOSE).sum())
    return row


def main() -> None:
    """Run what is asked for, writing the record after every row."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", nargs="*", default=list(RUNS), choices=list(RUNS))
    parser.add_argument("--key", type=int, default=0)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--quick", action="store_true", help="the runs at relu alone")
    parser.add_argument("--out", type=Path, default=Path("out/bench"))
    options = parser.parse_args()
    path = options.out / f"feedforward-{datetime.now(UTC).date()}-{platform.machine()}-{os.cpu_count()}-cores.json"
    document: dict[str, Any] = json.loads(path.read_text()) if path.is_file() else {"rows": [], "copies": []}
    document |= {"date": str(datetime.now(UTC).date()), "epsilon": "0.05"}
    if not document["copies"]:
        document["copies"] = [amplification(size) for size in SIZES]
    for name in [run for run in options.runs if not options.quick or run.startswith("relu")]:
        row = measured(name, options.key, options.workers, options.out)
        document["rows"] = [other for other in document["rows"] if other["run"] != name] + [row]
        write_bytes(path, json.dumps(document, indent=1, ensure_ascii=False).encode())
        print(
            json.dumps({field: row.get(field) for field in ("run", "held", "network_bound", "points_bound", "build_seconds")}), flush=True
        )
    print(f"wrote {path}")


if __name__ == "__main__":
    main()
