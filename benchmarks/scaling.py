"""What a ticket costs: time against coefficients, samples, accuracy and workers, and the memory of a target of 11 million coefficients.

    python benchmarks/scaling.py [--out DIR] [--large SAMPLES]

Targets are dense, their coefficients uniform in [-1, 1]; nothing is certified here. `--large` prunes a target of ResNet-18's size in a process
of its own, with so many samples a sum, and records its peak memory.
"""

import argparse
import json
import multiprocessing
import os
import platform
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
from numerics.certify import ticket_sums
from numerics.layer import Space, trivial
from numerics.network import AffineLayer, Architecture, Target, random_network
from numerics.prune import prune
from numerics.random_weights import Key
from numerics.workers import Workers
from theory.group import PermutationGroup

SIZES = (16, 32, 64, 128, 256)
SAMPLES = (10, 15, 20, 25, 30)
REPEATS = 5
LARGE = (2304, 1600, 2304, 1600)
"""11.06 million coefficients in three layers; ResNet-18 has 11.7 million parameters."""


def dense(channels: tuple[int, ...]) -> Target:
    """A dense network with these numbers of channels."""
    point = trivial(PermutationGroup([], degree=1))
    draw = np.random.Generator(np.random.Philox(key=1)).uniform
    layers = [AffineLayer(draw(-1, 1, (m, n, 1)), draw(-1, 1, (m, 1))) for n, m in pairwise(channels)]
    return Target("dense", Architecture(tuple(Space(point, n) for n in channels)), tuple(layers), Fraction(1))


def width_for(samples: int) -> int:
    """Hidden channels such that each sign nearly always has that many: twice as many, and six standard deviations."""
    return 2 * samples + 6 * int(np.ceil(np.sqrt(2 * samples)) / 2 + 1)


def timed(target: Target, samples: int, workers: Workers) -> tuple[float, np.ndarray]:
    """Median wall seconds of a build, the start of the workers not counted, and the |residuals| of all its coefficients."""
    network = random_network(target.architecture, Key(0), width_for(samples))
    times = []
    with workers.open() as executor:
        ticket = prune(target, network, samples=samples, executor=executor)
        for _ in range(REPEATS):
            started = time.perf_counter()
            ticket = prune(target, network, samples=samples, executor=executor)
            times.append(time.perf_counter() - started)
    residuals = []
    for i, layer in enumerate(target.layers):
        wanted = np.rint(layer.coefficients * 2.0**network.product_bits).astype(np.int64)
        plus, minus, _ = ticket_sums(ticket, i)
        residuals += [np.abs(plus - wanted).ravel(), np.abs(minus + wanted).ravel()]
    return float(np.median(times)), np.concatenate(residuals) * 2.0**-network.product_bits


def row(target: Target, samples: int, workers: Workers) -> dict[str, object]:
    """One line of the table."""
    seconds, residuals = timed(target, samples, workers)
    kind = "processes" if workers.processes else "threads"
    return {
        "coefficients": len(residuals) // 2,
        "samples": samples,
        "workers": f"{workers.count} {kind}",
        "seconds": seconds,
        "microseconds_per_sum": 1e6 * seconds / len(residuals),
        "median_residual": float(np.median(residuals)),
        "largest_residual": float(residuals.max()),
    }


def slope(rows: list[dict]) -> float:
    """The exponent of time against coefficients, least squares in logarithms."""
    return float(np.polyfit(np.log([r["coefficients"] for r in rows]), np.log([r["seconds"] for r in rows]), 1)[0])


def large(samples: int, workers: int, connection) -> None:
    """Prune the large target; send what it took."""
    target = dense(LARGE)
    network = random_network(target.architecture, Key(0), width_for(samples))
    started, shown, estimates = time.perf_counter(), 0.0, []

    def progress(done: int, total: int) -> None:
        nonlocal shown
        seconds = time.perf_counter() - started
        if done and seconds > shown + 10:
            shown = seconds
            estimates.append((done / total, seconds * total / done))
            print(
                f"\r{done:,} of {total:,} sums, {seconds:.0f} s of some {seconds * total / done:.0f} s", end="", file=sys.stderr, flush=True
            )

    with tempfile.TemporaryDirectory() as cache, Workers(workers).open() as executor:
        ticket = prune(target, network, samples=samples, executor=executor, cache=Path(cache), progress=progress)
    seconds = time.perf_counter() - started
    print(file=sys.stderr)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    connection.send(
        {
            "coefficients": sum(layer.coefficients.size for layer in target.layers),
            "samples": samples,
            "width": network.width,
            "source_parameters": network.raw_parameters,
            "kept_parameters": ticket.kept_parameters,
            "seconds": seconds,
            "peak_bytes": peak,
            "estimates": estimates,
        }
    )


def main() -> None:
    """Measure, write JSON and Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("out/bench"))
    parser.add_argument("--large", type=int, metavar="SAMPLES")
    arguments = parser.parse_args()
    cores = os.cpu_count() or 1
    measured: dict[str, object] = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {cores} cores, Python {platform.python_version()}",
        "load": os.getloadavg()[0],
    }
    one = Workers(1)
    sizes = [row(dense((n, n)), 20, one) for n in SIZES]
    samples = [row(dense((64, 64)), n, one) for n in SAMPLES]
    workers = [row(dense((256, 256)), 20, Workers(count, processes)) for processes in (False, True) for count in range(1, cores + 1)]
    measured |= {"sizes": sizes, "slope": slope(sizes), "samples": samples, "workers": workers}
    if arguments.large:
        here, there = multiprocessing.Pipe()
        process = multiprocessing.get_context("spawn").Process(target=large, args=(arguments.large, cores, there))
        process.start()
        measured["large"] = here.recv()
        process.join()
    arguments.out.mkdir(parents=True, exist_ok=True)
    path = arguments.out / "scaling.json"
    path.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
    (arguments.out / "scaling.md").write_text(report(measured), encoding="utf-8")
    print(report(measured))
    print(f"wrote {path}")


def table(rows: list[dict]) -> str:
    """The rows as Markdown, with the efficiency of each against the first."""
    lines = ["| coefficients | samples a sum | workers | s | µs a sum | median residual | largest residual | throughput to the first row |"]
    lines.append("| " + "--- | " * 8)
    for r in rows:
        ratio = rows[0]["microseconds_per_sum"] / r["microseconds_per_sum"]
        lines.append(
            f"| {r['coefficients']:,} | {r['samples']} | {r['workers']} | {r['seconds']:.4f} | {r['microseconds_per_sum']:.2f} | "
            f"{r['median_residual']:.2g} | {r['largest_residual']:.2g} | {ratio:.2f} |"
        )
    return "\n".join(lines)


def report(measured: dict) -> str:
    """The Markdown page."""
    text = f"""# The cost of a ticket

{measured["date"]}, {measured["machine"]}, load at the start {measured["load"]:.1f}. Medians of {REPEATS} builds; two sums a coefficient.

## Coefficients (time grows with the power {measured["slope"]:.2f})

{table(measured["sizes"])}

## Samples, and the accuracy they give

{table(measured["samples"])}

## Workers

{table(measured["workers"])}
"""
    if "large" in measured:
        found = measured["large"]
        guesses = "; ".join(
            f"{guess:.0f} s after {share:.0%}" for share, guess in found["estimates"][:: max(1, len(found["estimates"]) // 5)]
        )
        text += f"""
## A target of the size of ResNet-18

{found["coefficients"]:,} coefficients, {found["samples"]} samples a sum, width {found["width"]}: {found["seconds"]:.0f} s, peak memory
{found["peak_bytes"] / 2**30:.2f} GiB; {found["kept_parameters"]:,} of {found["source_parameters"]:,} random weights kept.
Time estimated on the way: {guesses or "none shown"}.
"""
    return text


if __name__ == "__main__":
    main()
