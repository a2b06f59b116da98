"""Feedforward tickets of both constructions, of every activation and of every kind of source, built, certified and recorded; E1 measured.

    python -m benchmarks.feedforward [--runs NAME ...] [--key K] [--workers N] [--quick] [--published DIR] [--out DIR]
                                     [--record FILE [--take FILE]]

Each run is `python -m numerics prune` with the options that its row names, in a process of its own whose processor seconds and largest memory
are recorded; the certificate of each is re-checked in another. Published targets are run where `--published` says where they are.
The rows `copies` are subset sums alone: 400 targets uniform on [-1, 1], n samples each, the smallest Σ|v| within 2⁻¹⁵ (where there is a subset)
and the best of all. The rows `limits` say of published targets what a ticket of
depth L + 1 would cost the re-checker, beside what it takes. `--record` names a record whose rows are replaced or added to, `--take`
another whose rows are taken over.
"""

import argparse
import json
import os
import platform
import resource
import shutil
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime
from fractions import Fraction
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from checks.recheck import recheck
from checks.recheck.document import LARGEST_WORK
from checks.recheck.feedforward_layers import COPY_WORK
from numerics.errors import NoSubset
from numerics.feedforward.build import MOST_STEPS, build_feedforward
from numerics.feedforward.difference import steps_of
from numerics.feedforward.source import source_for
from numerics.feedforward.targets import find
from numerics.feedforward.targets._published import FILES
from numerics.feedforward.task import FeedforwardTask
from numerics.random_weights import GRID_BITS, MAGNITUDE, Key, grid_weights
from numerics.store import write_bytes
from numerics.subset_sum import solve_subset_sums
from theory.errors import CompanionError

CURVED = ("tanh", "sigmoid", "gelu", "silu", "softplus", "elu", "selu", "leaky_relu", "hard_tanh")
RUNS: dict[str, tuple[str, dict[str, Any]]] = {
    "relu": ("relu_digits", {}),
    "relu, L+1": ("relu_digits", {"copies": 24, "width": 64}),
    "convolutional": ("conv_digits", {}),
    "residual, L+1": ("residual_digits", {"copies": 24, "width": 64, "points": 1}),
    "convolutional, L+1": ("conv_digits", {"copies": 24, "width": 64, "points": 2}),
    "relu, no later biases": ("relu_digits", {"zero_biases": True}),
    "relu, normal": ("relu_digits", {"law": "normal"}),
    "relu, looks linear": ("relu_digits", {"law": "looks_linear"}),
    "relu, density 1/2": ("relu_digits", {"density": "1/2", "width": 400}),
    "relu, moves of at most 1/256": ("relu_digits", {"perturbation": "1/256", "samples": 16, "width": 64}),
    "relu, the same without moves": ("relu_digits", {"samples": 16, "width": 64}),
    "convolutional, moves of at most 1/256": ("conv_digits", {"perturbation": "1/256", "samples": 16, "width": 64}),
    "convolutional, no later biases": ("conv_digits", {"zero_biases": True}),
    "convolutional, looks linear, no later biases": ("conv_digits", {"law": "looks_linear", "zero_biases": True}),
    "convolutional, normal, density 1/2": ("conv_digits", {"law": "normal", "density": "1/2", "width": 400}),
    **{name: (f"{name}_digits", {}) for name in CURVED},
    "residual, no later biases": ("residual_digits", {"zero_biases": True}),
    **{f"{name}, L+1": (f"{name}_digits", {"copies": 24, "width": 64}) for name in ("tanh", "sigmoid", "gelu", "silu")},
    **{f"{name}, convolutional": (f"{name}_conv_digits", {}) for name in ("tanh", "sigmoid", "gelu", "silu")},
    **{name: (name, {"points": 2} if "resnet" in name else {}) for name in FILES},
    "lenet5_mnist, all inputs": ("lenet5_mnist", {"points": 200}),
}
SIZES = (10, 12, 14, 16, 18, 20, 22, 24)
CLOSE = 15
TARGETS = 400
COPIES = (4, 8, 12, 16, 24)


def measured(name: str, key: int, workers: int, published: Path | None, out: Path) -> dict[str, Any]:
    """The result of one run, with the verdict of the re-checker and what both took."""
    target, options = RUNS[name]
    said = {"run": name, "target": target, "options": options}
    result, taken = apart(built, name, key, workers, published, out)
    said |= {f"build_{what}": value for what, value in taken.items()}
    if not result["held"]:
        return said | result
    verdict, taken = apart(accepted, result["certificate"])
    said |= {"accepted": verdict, "recheck_seconds": taken["all_seconds"]} | {f"recheck_{what}": value for what, value in taken.items()}
    return said | {field: value for field, value in result.items() if field not in ("ticket", "certificate", "description")}


def apart(function: Callable[..., Any], *arguments: Any) -> tuple[Any, dict[str, float]]:
    """What a function returns in a process of its own, and that process's processor seconds and largest memory in GiB."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_metered, function, arguments).result()


def _metered(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[Any, dict[str, float]]:
    started = time.perf_counter()
    result = function(*arguments)
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu, memory = used.ru_utime + used.ru_stime, used.ru_maxrss / (1 << 20)
    return result, {"all_seconds": time.perf_counter() - started, "cpu_seconds": cpu, "memory_gib": memory}


def built(name: str, key: int, workers: int, published: Path | None, out: Path) -> dict[str, Any]:
    """The result of a build, and what the program says where no bound meets ε."""
    target, options = RUNS[name]
    task = find(target, out / "targets", None, published)
    assert isinstance(task, FeedforwardTask)
    chosen: dict[str, Any] = options | {what: Fraction(options[what]) for what in ("density", "perturbation") if what in options}
    place = out / name.replace(",", "").replace(" ", "_").replace("/", "_")
    shutil.rmtree(place, ignore_errors=True)  # a run that goes on from finished work says nothing of seconds
    try:
        return asdict(build_feedforward(task, epsilon="0.05", key=key, out=place, workers=workers, **chosen))
    except NoSubset as error:
        return json.loads((place / "results" / f"{target}.json").read_text(encoding="utf-8")) | {"says": str(error)}


def accepted(certificate: str) -> str:
    """What the re-checker says of a certificate that it accepts."""
    return recheck(certificate)["says"]


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


def limits(published: Path, out: Path) -> list[dict[str, Any]]:
    """For each published target and number of copies: what the re-checker would spend on masks and on a stated input, and what it takes."""
    rows = []
    for name in FILES:
        task = find(name, out / "targets", None, published)
        assert isinstance(task, FeedforwardTask)
        for copies in COPIES:
            try:
                source = source_for(task.target, Key(0), 64, copies=copies)
            except CompanionError as error:
                rows.append({"target": name, "copies": copies, "says": f"{type(error).__name__}: {error}"})
                continue
            drawn = [int(np.prod(source.network.weight_shape(i))) for i in range(1, len(task.target.layers))]
            row = {"target": name, "copies": copies, "source_parameters": source.raw_parameters, "largest_layer": max(drawn)}
            row |= {"mask_steps": sum(drawn) << COPY_WORK, "point_steps": steps_of(source.network)}
            rows.append(row | {"steps_taken": LARGEST_WORK, "point_steps_taken": MOST_STEPS})
    return rows


def main() -> None:
    """Run what is asked for, writing the record after every row."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", nargs="*", default=list(RUNS), choices=list(RUNS))
    parser.add_argument("--key", type=int, default=0)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--quick", action="store_true", help="the runs at relu alone")
    parser.add_argument("--published", type=Path, default=None, help="folder of published targets; without it they are left out")
    parser.add_argument("--out", type=Path, default=Path("out/bench"))
    parser.add_argument("--record", type=Path, default=None, help="a record to put the rows into; a new one if none is given")
    parser.add_argument("--take", type=Path, default=None, help="another record, whose rows are taken over")
    options = parser.parse_args()
    path = options.record or options.out / f"feedforward-{datetime.now(UTC).date()}-{platform.machine()}-{os.cpu_count()}-cores.json"
    document: dict[str, Any] = json.loads(path.read_text()) if path.is_file() else {"rows": [], "copies": []}
    document |= {"date": str(datetime.now(UTC).date()), "epsilon": "0.05"}
    if not document["copies"]:
        document["copies"] = [amplification(size) for size in SIZES]
    if options.published is not None:
        document["limits"] = limits(options.published, options.out)
    for row in json.loads(options.take.read_text())["rows"] if options.take else ():
        document["rows"] = [other for other in document["rows"] if other["run"] != row["run"]] + [row]
    write_bytes(path, json.dumps(document, indent=1, ensure_ascii=False).encode())
    for name in options.runs:
        if (options.quick and not name.startswith("relu")) or (RUNS[name][0] in FILES and options.published is None):
            continue
        row = measured(name, options.key, options.workers, options.published, options.out)
        document["rows"] = [other for other in document["rows"] if other["run"] != name] + [row]
        write_bytes(path, json.dumps(document, indent=1, ensure_ascii=False).encode())
        print(
            json.dumps({field: row.get(field) for field in ("run", "held", "network_bound", "points_bound", "build_cpu_seconds")}),
            flush=True,
        )
    print(f"wrote {path}")


if __name__ == "__main__":
    main()
