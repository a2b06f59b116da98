"""What the most expensive certificates found cost the re-checker: processor seconds and peak memory, each in a process of its own.

    python benchmarks/recheck_limits.py --record FILE.json [--share S] [--seconds LIMIT] [--only NAME ...]

Each document is hostile: it is built to use up one kind of the budget (random weights, pairs of points, products of matrices, long numbers,
masks, text, maps) and none of it makes sense. Those that use up the budget of steps are built to use about `--share` of it, and the seconds
of the whole budget follow in proportion; those that use up memory are built whole. The process is limited to 6 GiB of address space; what
it has at its start, some 200 MiB copied from its parent, is the least peak that can be seen.
"""

import argparse
import copy
import json
import platform
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
from checks.recheck.document import LARGEST_COUNT, LARGEST_HELD, LARGEST_WORK, canonical
from numerics.feedforward import Affine, certify_feedforward
from numerics.store import write_bytes
from tests.hostile import forge, seeds
from tests.small_feedforward import inputs_of, random_feedforward, ticket_of

ADDRESSES, MEASURABLE = 6 << 30, 1e-3
Document = dict[str, Any]
INSIDE = """
import resource, sys
from checks.recheck import document
from checks.recheck.__main__ import main
budgets, start = [], document.Budget.__init__
document.Budget.__init__ = lambda self: (start(self), budgets.append(self))[0]
code = main(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_SELF)
print(code, used.ru_utime + used.ru_stime, used.ru_maxrss, document.LARGEST_WORK - budgets[0].left if budgets else 0)
"""


def mask(bits: int, digit: str) -> str:
    """A mask of equal hexadecimal digits."""
    return f"{bits}:{digit * (2 * -(-bits // 8))}"


def one_layer(inputs: int, outputs: int, width: int, images: list[int], coefficient: str, kept: str) -> Document:
    """A certificate of one layer between copies of a space, its residuals those of empty masks, all masks of the digit `kept`."""
    document = copy.deepcopy(json.loads(next(text for text in seeds() if '"name":"point"' in text)))
    spaces = [{"channels": channels, "images": [images], "sharing": []} for channels in (inputs, outputs)]
    document["architecture"] = {"nonlinearity": "relu", "spaces": spaces, "supports": [{"first": None, "second": None}]}
    document["key"] = {"constants": 8, "grid_bits": 23, "key": "0", "width": width}
    count, minus = inputs * outputs * (len(images) if len(images) > 1 else 1), coefficient.removeprefix("-")
    minus = minus if coefficient.startswith("-") else f"-{coefficient}"
    document["target"] = {"layers": [{"bias": ["0/1"] * outputs, "coefficients": [coefficient] * count}]}
    masks = {"first": mask(inputs * width, kept), "second": mask(width * count, kept)}
    masks |= {"constant_first": mask(8, "0"), "constant_second": mask(8 * outputs, "0")}
    norms = dict.fromkeys(("norm", "error_norm", "bias_norm", "bias_error_norm"), "0/1")
    residuals = {"residuals_plus": [minus] * count, "residuals_minus": [coefficient] * count, "residuals_bias": ["0/1"] * outputs}
    sizes = {"basis_size": max(1, len(images)), "hidden_basis_size": max(1, len(images)), "identity": 0, "invariants": 1}
    document["layers"] = [sizes | norms | residuals | {"masks": masks}]
    return document


def padded() -> Document:
    """A true certificate of a map nearly as large as may be kept, made of four entries by padding."""
    padding = int((LARGEST_HELD / 2) ** 0.5) // 2 - 2
    target = random_feedforward((1, 2, 2), (Affine(0, 1, (2, 2), (1, 1), (padding, padding)),), seed=3)
    return certify_feedforward(target, ticket_of(target, 0, 6, 6), "10", inputs_of(target, 1), Fraction(1, 64)).data


def documents(share: float) -> dict[str, Callable[[], Document]]:
    """By name: those that are built to use about this share of the budget of steps, then those that are built for memory."""
    budget = share * LARGEST_WORK
    long = f"{(1 << 1099) - 1}/{1 << 1100}"
    side = int((2 * LARGEST_HELD) ** 0.5)
    return {
        "random weights": lambda: one_layer(1, int(budget / 132 / 65536) or 1, 65536, [0], "1/2", "f"),
        "pairs of points": lambda: one_layer(1, 1, 1, [*range(1, int((budget / 512) ** 0.5)), 0], "1/2", "0"),
        "products of matrices": lambda: one_layer(max(1, int(budget / 3 / 1024**2) - 14), 1024, 1, [0], "1/2", "0"),
        "products of long numbers": lambda: one_layer(1, 512, 1, [0], long, "0"),
        "products kept": lambda: one_layer(1, 1750, 1, [0], long, "0"),
        "pairs without symmetry": lambda: one_layer(1, 1, 1, list(range(side)), "1/2", "0"),
        "mask bits": lambda: one_layer(1, LARGEST_COUNT // 65536 // 2, 65536, [0], "1/2", "0"),
        "rationals": lambda: one_layer(65536, 50, 1, [0], "1/2", "0"),
        "maps": padded,
    }


def measured(document: Document, seconds: int) -> dict[str, Any]:
    """Processor seconds, peak memory, exit code and last words of one re-check."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "certificate.json"
        path.write_text(canonical(document if "graph" in document else forged(document)) + "\n", encoding="ascii")
        size = path.stat().st_size

        def limited() -> None:
            resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))

        done = subprocess.run(
            [sys.executable, "-c", INSIDE, str(path)],
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=limited,
            cwd=Path(__file__).parents[1],
        )
    lines = done.stdout.strip().splitlines()
    if done.returncode or len(lines) < 2:
        return {"bytes": size, "ended": f"exit code {done.returncode} at the limit of {seconds} s", "stderr": done.stderr[-200:]}
    code, processor, peak, steps = lines[-1].split()
    says = lines[-2].partition("certificate.json: ")[2][:120]
    row = {"bytes": size, "exit_code": int(code), "seconds": round(float(processor), 1), "peak_mebibytes": int(peak) // 1024, "says": says}
    share = int(steps) / LARGEST_WORK
    return row | (
        {"share_of_the_budget": share, "seconds_of_the_whole_budget": round(row["seconds"] / share)} if MEASURABLE < share <= 1 else {}
    )


def forged(document: Document) -> Document:
    """Its digests recomputed."""
    forge(document)
    return document


def main() -> int:
    """Measure, and write the record after every document; 1 if one ends in another way than with a verdict."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--record", type=Path, required=True)
    parser.add_argument("--share", type=float, default=1 / 64)
    parser.add_argument("--seconds", type=int, default=900)
    parser.add_argument("--only", nargs="*")
    options = parser.parse_args()
    rows, failed = json.loads(options.record.read_text())["rows"] if options.record.is_file() else {}, False
    for name, make in documents(options.share).items():
        if options.only and name not in options.only:
            continue
        row = measured(make(), options.seconds)
        failed |= "seconds" not in row
        rows[name] = row
        command = f"python benchmarks/recheck_limits.py --share {options.share}"
        machine = f"{platform.machine()}, Python {platform.python_version()}"
        record = {"command": command, "date": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine, "rows": rows}
        write_bytes(options.record, (json.dumps(record, indent=1) + "\n").encode())
        print(name, json.dumps(row), flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
