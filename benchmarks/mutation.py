"""Change each arithmetic operator and comparison of the re-checker, one at a time, and count the changes that no document notices.

    python benchmarks/mutation.py --record FILE.json [--part I/N]

A mutant dies if a document of `tests/mutant_documents.py` has another outcome than the stored one, if a computation with a known result
has another, or if it does not end. Survivors are listed; `tests/test_mutants.py` says of each why it is no other program.
"""

import argparse
import json
import platform
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.mutant_documents import OUTCOMES, documents, file_units, units
from tests.mutants import killed, mutants


def main() -> int:
    """Run all mutants of this part, write the record; 1 if some survive."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--record", type=Path, required=True)
    parser.add_argument("--part", default="0/1")
    options = parser.parse_args()
    index, parts = map(int, options.part.split("/"))
    known = list(zip(documents(), OUTCOMES.read_text(encoding="utf-8").splitlines(), strict=True))
    everything = list(mutants())
    chosen = everything[len(everything) * index // parts : len(everything) * (index + 1) // parts]
    started, reasons, survivors = time.perf_counter(), {}, []
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "certificate.json"

        for mutant in chosen:
            reason = killed(mutant, known, path, units, file_units)
            if reason:
                kind = reason.split()[0]
                reasons[kind] = reasons.get(kind, 0) + 1
            else:
                survivors.append(mutant.name)
                print(mutant.name, flush=True)
    record = {
        "command": f"python benchmarks/mutation.py --part {options.part}",
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "documents": len(known),
        "mutants": len(chosen),
        "killed": len(chosen) - len(survivors),
        "killed_by": reasons,
        "survivors": survivors,
        "seconds": round(time.perf_counter() - started, 1),
    }
    options.record.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(record, indent=1))
    return int(bool(survivors))


if __name__ == "__main__":
    sys.exit(main())
