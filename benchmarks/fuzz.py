"""Fuzz the readers of files from strangers, guided by coverage (atheris), and record what was found.

    python benchmarks/fuzz.py recheck|ticket|target --runs 1000000 --record FILE.json [--seconds S]

The certificate re-checker may raise `Refused` alone, the ticket reader `BadTicket` alone, the readers of data files `BadData` alone. Any other
exception, an input that takes longer than 60 s, or more than 2 GiB of memory ends the run; the input is kept beside the record.
"""

import argparse
import json
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

SECONDS_AN_INPUT, MEBIBYTES = 60, 2048
MEMORY = Path("/dev/shm")
"""A folder in memory, where there is one: writing a file to a disk takes longer than reading it hostilely."""


def one_input(reader: str, scratch: Path) -> Callable[[bytes], object]:
    """The function of bytes that is fuzzed, its modules instrumented."""
    atheris: Any = import_module("atheris")

    if reader == "recheck":
        with atheris.instrument_imports(include=["checks.recheck"]):
            import checks.recheck  # noqa: F401
        from tests.hostile import damaged, outcome, seeds_of_every_format

        originals, path = seeds_of_every_format(), scratch / "certificate.json"

        def certificate(data: bytes) -> None:
            path.write_bytes(damaged(data, originals))
            outcome(path)

        return certificate
    with atheris.instrument_imports(
        include=["numerics.ticket", "numerics.ticket_file", "numerics.network", "numerics.layer", "numerics.datasets"]
    ):
        from tests import hostile_files
    fuzzed = hostile_files.read_damaged_ticket if reader == "ticket" else hostile_files.read_damaged_images
    return lambda data: fuzzed(data, scratch)


def run_inside(reader: str, arguments: list[str]) -> None:
    """Run the fuzzer in this process; it does not return."""
    atheris: Any = import_module("atheris")

    scratch = Path(tempfile.mkdtemp(prefix="fuzz", dir=MEMORY if MEMORY.is_dir() else None))
    function = one_input(reader, scratch)
    atheris.Setup([sys.argv[0], *arguments], function)
    atheris.Fuzz()


def main() -> int:
    """Start the fuzzer as a process of its own, read its statistics, write the record."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("reader", choices=["recheck", "ticket", "target"])
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--seconds", type=int, default=3600)
    parser.add_argument("--record", type=Path, required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as corpus:
        limits = [
            f"-timeout={SECONDS_AN_INPUT}",
            f"-rss_limit_mb={MEBIBYTES}",
            f"-max_total_time={options.seconds}",
            "-max_len=64",
            "-seed=1",
        ]
        artifacts = [f"-artifact_prefix={options.record.with_suffix('')}.", f"-runs={options.runs}", "-print_final_stats=1", corpus]
        started = time.perf_counter()
        command = [sys.executable, __file__, "--inside", options.reader, *limits, *artifacts]
        done = subprocess.run(command, capture_output=True, text=True, check=False, errors="replace")
        seconds = time.perf_counter() - started
        kept = len(list(Path(corpus).iterdir()))
    executed = re.search(r"stat::number_of_executed_units:\s*(\d+)", done.stderr) or re.search(r"Done (\d+) runs", done.stderr)
    coverage = re.findall(r"cov: (\d+) ft: (\d+)", done.stderr)
    record = {
        "reader": options.reader,
        "command": f"python benchmarks/fuzz.py {options.reader} --runs {options.runs} --seconds {options.seconds}",
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "inputs": int(executed[1]) if executed else 0,
        "seconds": round(seconds, 1),
        "edges": int(coverage[-1][0]) if coverage else 0,
        "features": int(coverage[-1][1]) if coverage else 0,
        "corpus": kept,
        "crashed": done.returncode != 0,
        "end": [line for line in done.stderr.splitlines() if line][-25:] if done.returncode else [],
    }
    options.record.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(record, indent=1))
    return int(record["crashed"])


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    if sys.argv[1:2] == ["--inside"]:
        run_inside(sys.argv[2], sys.argv[3:])
    sys.exit(main())
