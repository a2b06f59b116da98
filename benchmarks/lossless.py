"""How often a random network holds a ticket that computes the 8-bit digits classifier exactly, over keys 0, 1, ..., none skipped.

    python benchmarks/lossless.py --keys 20 --widths 80 112 160 309 --record FILE.json [--cache FOLDER]

A key fails if any coefficient or bias is missed. Intervals are exact (Clopper-Pearson, 95 %); 309 is the width of companion.lossless for
failures of at most 1 %, for all targets of 8 bits at once.
"""

import argparse
import json
import platform
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from scipy.stats import beta

from numerics.certify import certify
from numerics.exact_arithmetic import run_integers, target_layers, ticket_layers
from numerics.network import random_network
from numerics.prune import prune
from numerics.quantise import quantised_task
from numerics.random_weights import Key
from numerics.targets.digits import build
from theory.grid_products import lossless_width

GRID_BITS, SAMPLES, INPUT_BITS = 4, 24, 4


def interval(failures: int, trials: int) -> tuple[float, float]:
    """The exact 95 % interval of a failure probability."""
    low = float(beta.ppf(0.025, failures, trials - failures + 1)) if failures else 0.0
    high = float(beta.ppf(0.975, failures + 1, trials - failures)) if failures < trials else 1.0
    return low, high


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
    rows = []
    for width in options.widths:
        failures, equal, exact_in_float32, kept, started = 0, 0, 0, [], time.perf_counter()
        for key in range(options.keys):
            ticket = prune(
                target, random_network(target.architecture, Key(key), width, grid_bits=GRID_BITS), samples=SAMPLES, objective="smallest"
            )
            found = run_integers(ticket_layers(ticket), task.inputs, INPUT_BITS)
            failures += not certify(target, ticket, 1).lossless
            equal += bool((found.integers << (max(wanted.bits, found.bits) - found.bits) == wanted.integers).all())
            exact_in_float32 += found.float32_is_exact
            kept.append(ticket.kept_parameters)
        low, high = interval(failures, options.keys)
        rows.append(
            {
                "width": width,
                "keys": options.keys,
                "failures": failures,
                "interval_95": [round(low, 4), round(high, 4)],
                "outputs_equal_in_integers": equal,
                "float32_exact_on_the_test_set": exact_in_float32,
                "kept_median": int(np.median(kept)),
                "seconds": round(time.perf_counter() - started, 1),
            }
        )
        record = {
            "command": f"python benchmarks/lossless.py --keys {options.keys} --widths {' '.join(map(str, options.widths))}",
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": f"{platform.machine()}, Python {platform.python_version()}",
            "target": f"{target.name}: {coefficients} coefficients, {biases} biases of {2 * GRID_BITS} bits",
            "width_proved_for_1_percent": lossless_width(GRID_BITS, coefficients, biases, "1/100"),
            "rows": rows,
        }
        options.record.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        print(json.dumps(rows[-1]), flush=True)


if __name__ == "__main__":
    main()
