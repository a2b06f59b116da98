"""`python -m checks [FILE.py ...]`: attack every declaration, gather evidence, write the report."""

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import sympy
import tyro
from rich.table import Table

from checks.referee import Row, referee_rows, store
from checks.report import write_report
from theory.activation import Activation
from theory.cli import print_json, print_table, run
from theory.errors import OutOfRange
from theory.instantiation import GroupInstantiation, Instantiation, load_declarations, verified
from theory.proofs import accepted_theorems
from theory.status import Status, read_evidence, statuses
from theory.verdict import Verdict, exact


@dataclass(frozen=True)
class CheckCommand:
    """Run all checks, or those of the given files' instantiations and activations alone, and write out/report.html."""

    files: tyro.conf.Positional[tuple[Path, ...]] = ()
    """Files that register instantiations or activations. They are Python code, and run as such."""
    epsilon: str = "0.01"
    """The accuracy ε of the files' tickets and widths, exact."""
    delta: str = "0.01"
    """Their failure probability δ, exact."""
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
    from numerics.store import read_rows
    from numerics.subset_sum.statistics import Frequency

    stored = out / "data" / "subset_sum.parquet"
    if stored.exists():
        rows = [asdict(row) for row in read_rows(stored, Frequency)]
        stored.with_suffix(".json").write_text(json.dumps(rows, indent=1), encoding="utf-8")


def check(command: CheckCommand) -> int:
    """Verify the files' claims first, so that their errors come alone, then run the checks."""
    silent = command.quiet or command.json
    undecided, inapplicable, refuted = 0, 0, 0
    verified_files: list[Instantiation] = []
    epsilon, delta = _probability(command.epsilon, "epsilon"), _probability(command.delta, "delta")
    for file in command.files:
        for declared in (one for kind in load_declarations(file) for one in kind):
            value, verdicts = verified(declared)
            if isinstance(value, Instantiation):
                verified_files.append(value)
            undecided += list(verdicts.values()).count(Verdict.UNDECIDED)
            inapplicable += list(verdicts.values()).count(Verdict.REFUTED)
            if not silent:
                print(f"{value!r} from {file}")
                width = max(map(len, verdicts))
                for claim, verdict in verdicts.items():
                    unsettled = verdict is Verdict.UNDECIDED
                    why = f": {value.reason(claim)}" if unsettled and isinstance(value, GroupInstantiation | Activation) else ""
                    print(f"  {claim:<{width}} {verdict.value}{why}", flush=True)
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
        # The run-time type checks of arrays guard our own code and take longer than the checks of one file.
        arguments += ["-rs", "-o", "addopts=", "--only-group", *(argument for file in command.files for argument in ("--group", str(file)))]
    finished = subprocess.run([*arguments, "-q"], check=False, stdout=subprocess.DEVNULL if silent else None)
    if finished.returncode not in (0, 1):
        return 2
    known = statuses(read_evidence(evidence), accepted_theorems(command.out / "proofs.json"))
    for value in verified_files:
        rows = referee_rows(value, epsilon, delta, known, command.out)
        refuted += sum(row.status == Status.REFUTED.value for row in rows)
        path = store(value, rows, command.out)
        if not silent:
            print_rows(value, rows)
            print(f"wrote {path}; statuses of statements rest on the evidence in {evidence}, all of which `python -m checks` gathers")
    counts = write_report(command.out)
    export_sweep(command.out)
    undecided += sum(row.outcome == "undecided" for row in read_evidence(evidence)) + counts["checks"]["crashed"]
    if command.json:
        print_json(counts)
    elif not command.quiet:
        for title, numbers in counts.items():
            print(f"{title + ':':<14}" + (", ".join(f"{count} {name}" for name, count in numbers.items() if count) or "none"))
        print(f"wrote {evidence}\nwrote {command.out / 'report.html'}")
        if inapplicable:
            print(f"{inapplicable} hypotheses of Lemma A4 fail for the nonlinearities declared (listed above): the theorem does not apply.")
    if counts["checks"]["failed"] or counts["certificates"]["refused"] or inapplicable or refuted:
        return 1
    return 3 if command.strict and undecided else 0


def _probability(text: str, name: str) -> Fraction:
    number = exact(text)
    if not (isinstance(number, sympy.Rational) and 0 < number < 1):
        raise OutOfRange(f"{name} = {text}; a rational number between 0 and 1 was expected, such as 0.01 or 1/100.")
    return Fraction(int(number.p), int(number.q))


def print_rows(value: Instantiation, rows: list[Row]) -> None:
    """The referee's table in the terminal."""
    table = Table(title=repr(value), title_justify="left")
    table.add_column("quantity")
    table.add_column("value", justify="right")
    table.add_column("how")
    table.add_column("status")
    for row in rows:
        table.add_row(row.quantity, row.value, row.how, f"{Status(row.status).sign} {row.status}" if row.status else "")
    print_table(table)


if __name__ == "__main__":
    run(check, Command, "python -m checks", "Checks of the mathematics.")
