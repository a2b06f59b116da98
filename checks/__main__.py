"""`python -m checks [FILE.py ...]`: attack every declaration, gather evidence, write the report."""

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import tyro

from checks.report import write_report
from theory.cli import print_json, run
from theory.instantiation import load_file, verified
from theory.status import read_evidence
from theory.verdict import Verdict


@dataclass(frozen=True)
class CheckCommand:
    """Run all checks, or those of the given files' instantiations alone, and write out/report.html."""

    files: tyro.conf.Positional[tuple[Path, ...]] = ()
    """Files that register instantiations. They are Python code, and run as such."""
    out: Path = Path("out")
    """Where evidence and report go, and certificates and results lie."""
    strict: bool = False
    """Exit with 3 if something stays undecided."""
    json: bool = False
    """Print the headline counts as JSON."""
    quiet: bool = False
    """Print nothing but errors."""


Command = Annotated[CheckCommand, tyro.conf.configure(tyro.conf.OmitSubcommandPrefixes)]


def export_sweep(out: Path) -> None:
    """Write the stored sweep of random subset sums as JSON too, for `python -m theory samples`, which reads no parquet."""
    from numerics.subset_sum.statistics import read_frequencies

    stored = out / "data" / "subset_sum.parquet"
    if stored.exists():
        rows = [asdict(row) for row in read_frequencies(stored)]
        stored.with_suffix(".json").write_text(json.dumps(rows, indent=1), encoding="utf-8")


def check(command: CheckCommand) -> int:
    """Verify the files' claims first, so that their errors come alone, then run the checks."""
    silent = command.quiet or command.json
    undecided = 0
    for file in command.files:
        for declared in load_file(file):
            value, verdicts = verified(declared)
            undecided += list(verdicts.values()).count(Verdict.UNDECIDED)
            if not silent:
                print(f"{value!r} from {file}")
                print("\n".join(f"  {claim:<36} {verdict.value}" for claim, verdict in verdicts.items()), flush=True)
    evidence = command.out / "evidence.json"
    arguments = [
        sys.executable,
        "-m",
        "pytest",
        str(Path(__file__).parent),
        "--evidence",
        str(evidence),
        "--tb=short",
        "-p",
        "no:cacheprovider",
    ]
    if command.files:
        arguments += ["--only-group", *(argument for file in command.files for argument in ("--group", str(file)))]
    finished = subprocess.run([*arguments, "-q"], check=False, stdout=subprocess.DEVNULL if silent else None)
    if finished.returncode not in (0, 1):
        return 2
    counts = write_report(command.out)
    export_sweep(command.out)
    undecided += sum(row.outcome == "undecided" for row in read_evidence(evidence)) + counts["checks"]["crashed"]
    if command.json:
        print_json(counts)
    elif not command.quiet:
        for title, numbers in counts.items():
            print(f"{title + ':':<14}" + (", ".join(f"{count} {name}" for name, count in numbers.items() if count) or "none"))
        print(f"wrote {evidence}\nwrote {command.out / 'report.html'}")
    if counts["checks"]["failed"] or counts["certificates"]["refused"]:
        return 1
    return 3 if command.strict and undecided else 0


if __name__ == "__main__":
    run(check, Command, "python -m checks", "Checks of the mathematics.")
