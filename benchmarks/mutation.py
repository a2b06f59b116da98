"""Change each arithmetic operator and comparison of the re-checker, one at a time, and count the changes that no document notices.

    python benchmarks/mutation.py --record FILE.json [--family equivariant|other] [--part I/N]

Families of modules, and what their mutants are run on, stand in `tests/mutant_families.py`. A mutant dies if a document has another outcome
than the stored one, if a computation with a known result has another, or if it does not end. The record is written after every mutant, and a
run goes on from it. Survivors are listed; `tests/test_mutants.py` says of each why it is no other program.
"""

import argparse
import json
import platform
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from numerics.store import write_bytes
from tests.mutant_families import FAMILIES
from tests.mutants import killed, mutants

MEMORY = Path("/dev/shm")


def main() -> int:
    """Run all mutants of this part, write the record; 1 if some survive."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--record", type=Path, required=True)
    parser.add_argument("--family", default="equivariant", choices=tuple(FAMILIES))
    parser.add_argument("--part", default="0/1")
    options = parser.parse_args()
    index, parts = map(int, options.part.split("/"))
    family = FAMILIES[options.family]
    known = family.known()
    everything = list(mutants(family.modules))
    chosen = everything[len(everything) * index // parts : len(everything) * (index + 1) // parts]
    verdicts: dict[str, str] = {}
    spent = 0.0
    if options.record.is_file():
        before = json.loads(options.record.read_text(encoding="utf-8"))
        verdicts, spent = before["verdicts"], before["seconds"]
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as scratch:
        path = Path(scratch) / "certificate.json"
        for mutant in chosen:
            if mutant.name in verdicts:
                continue
            started = time.perf_counter()
            verdicts[mutant.name] = killed(mutant, family, known, path)
            spent += time.perf_counter() - started
            survivors = [name for name, reason in verdicts.items() if not reason]
            record = {
                "command": f"python benchmarks/mutation.py --family {options.family} --part {options.part}",
                "date": datetime.now(UTC).isoformat(timespec="seconds"),
                "python": platform.python_version(),
                "documents": len(known),
                "mutants": len(chosen),
                "tried": len(verdicts),
                "killed": len(verdicts) - len(survivors),
                "killed_by": dict(Counter(reason.split()[0] for reason in verdicts.values() if reason)),
                "survivors": survivors,
                "seconds": round(spent, 1),
                "verdicts": verdicts,
            }
            write_bytes(options.record, (json.dumps(record, indent=1) + "\n").encode())
    survivors = [name for name, reason in verdicts.items() if not reason]
    print(f"{len(verdicts)} of {len(chosen)} mutants tried, {len(survivors)} survive", *survivors, sep="\n")
    return int(bool(survivors))


if __name__ == "__main__":
    sys.exit(main())
