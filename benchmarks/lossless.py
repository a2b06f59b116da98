"""How often a random network holds a ticket that computes the 8-bit digits classifier exactly, over keys 0, 1, ..., none skipped.

    python benchmarks/lossless.py --keys 20 --widths 80 112 160 309 --record FILE.json [--cache FOLDER]

A key fails if any coefficient or bias is missed. The record is written after every key, and a run goes on from it. Intervals are exact
(Clopper-Pearson, 95 %); 309 is the width of companion.lossless for failures of at most 1 %, for all targets of 8 bits at once.
"""

import argparse
import json
import platform
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from numerics.certify import certify
from numerics.exact_arithmetic import run_integers, target_layers, ticket_layers
from numerics.network import random_network
from numerics.prune import prune
from numerics.quantise import quantised_task
from numerics.random_weights import Key
from numerics.store import write_bytes
from numerics.subset_sum.statistics import clopper_pearson
from numerics.targets.digits import build
from theory.grid_products import lossless_width

GRID_BITS, SAMPLES, INPUT_BITS = 4, 18, 4


def main() -> None:
    """Build, count, write after every width."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--keys", type=int, default=20)
    parser.add_argument("--widths", type=int, nargs="+", default=[80, 112, 160, 309])
    parser.add_argument("--cache", type=Path, default=Path("out/targets"))
    parser.add_argument("--record", type=Path, required=True)
    options = parser.parse_args()
    task = quantised_task(build(options.cache), GRID_BITS)
    target = task.target
    coefficients = sum(layer.coefficients.size for layer in target.layers)
    biases = sum(layer.bias.size for layer in target.layers)
    assert isinstance(task.inputs, np.ndarray)
    wanted = run_integers(target_layers(target, GRID_BITS), task.inputs, INPUT_BITS)
    rows = json.loads(options.record.read_text(encoding="utf-8"))["rows"] if options.record.is_file() else []
    record = {
        "command": f"python benchmarks/lossless.py --keys {options.keys} --widths {' '.join(map(str, options.widths))}",
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "target": f"{target.name}: {coefficients} coefficients, {biases} biases of {2 * GRID_BITS} bits",
        "width_proved_for_1_percent": lossless_width(GRID_BITS, coefficients, biases, "1/100"),
    }
    for width in options.widths:
        row = next((row for row in rows if (row["width"], row["samples"]) == (width, SAMPLES)), None)
        if row is None:
            row = {"width": width, "samples": SAMPLES, "keys": 0, "failures": 0, "outputs_equal_in_integers": 0}
            row |= {"float32_exact_on_the_test_set": 0, "kept": [], "seconds": 0.0}
            rows.append(row)
        for key in range(row["keys"], options.keys):
            started = time.perf_counter()
            network = random_network(target.architecture, Key(key), width, grid_bits=GRID_BITS)
            ticket = prune(target, network, samples=SAMPLES, objective="smallest")
            found = run_integers(ticket_layers(ticket), task.inputs, INPUT_BITS)
            row["keys"] += 1
            row["failures"] += not certify(target, ticket, 1).lossless
            row["outputs_equal_in_integers"] += bool(
                (found.integers << (max(wanted.bits, found.bits) - found.bits) == wanted.integers).all()
            )
            row["float32_exact_on_the_test_set"] += found.float32_is_exact
            row["kept"].append(ticket.kept_parameters)
            row["interval_95"] = [round(end, 4) for end in clopper_pearson(row["failures"], row["keys"])]
            row["seconds"] = round(row["seconds"] + time.perf_counter() - started, 1)
            write_bytes(options.record, (json.dumps(record | {"rows": rows}, indent=1) + "\n").encode())
        print(json.dumps({name: value for name, value in row.items() if name != "kept"}), flush=True)


if __name__ == "__main__":
    main()
