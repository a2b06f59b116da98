"""`theory statement` and `theory ledger`: statements with their statuses, computed from stored evidence."""

from dataclasses import dataclass
from pathlib import Path

import sympy
import tyro
from rich.table import Table

from theory.cli import print_json, print_table
from theory.derivation import DERIVATIONS
from theory.ledger_table import latex_table
from theory.proofs import accepted_theorems
from theory.statement import HOW_KNOWN, STATEMENTS, find_statement
from theory.status import read_evidence, statuses


@dataclass(frozen=True)
class StatementCommand:
    """One statement: text, hypotheses, formula, source, status."""

    id: tyro.conf.Positional[str]
    """As in the ledger, e.g. ferbach2023.theorem1."""
    out: Path = Path("out")
    """Where evidence lies."""
    json: bool = False
    """Print JSON."""
    quiet: bool = False
    """Print the status alone."""


@dataclass(frozen=True)
class LedgerCommand:
    """Every statement with its status, computed from the evidence that `python -m checks` has stored."""

    out: Path = Path("out")
    """Where evidence lies."""
    json: bool = False
    """Print JSON."""
    latex: bool = False
    """Print the ledger as a LaTeX table (longtable and booktabs)."""
    quiet: bool = False
    """Print counts alone."""


def statement(command: StatementCommand) -> int:
    """Print one statement."""
    found = find_statement(command.id)
    status, rests = statuses(read_evidence(command.out / "evidence.json"), accepted_theorems(command.out / "proofs.json"))[found.id]
    if command.quiet:
        print(status.value)
        return 0
    record = {
        "id": found.id, "title": found.title, "status": status.value, "uses_at_least_as_firm": rests, "text": found.text,
        "hypotheses": list(found.hypotheses), "formula": None if found.formula is None else sympy.latex(found.formula),
        "source": str(found.source), "known": found.known, "uses": list(found.uses), "formal": found.formal,
        "repaired_by": found.repaired_by, "replaced_by": found.replaced_by, "unchecked": found.unchecked,
        "proof": [
            {"step": step.name, "claim": step.claim, "method": step.rule or step.method, "machine": step.method != "composition"}
            for step in (DERIVATIONS[found.id].steps if found.id in DERIVATIONS else ())
        ],
    }  # fmt: skip
    if command.json:
        print_json(record)
        return 0
    print(f"{status.sign} {found.id}: {found.title} ({status.value})\n\n{found.text}\n")
    for hypothesis in found.hypotheses:
        print(f"  assuming {hypothesis}")
    if found.formula is not None:
        print(f"  formula  {found.formula}")
    print(f"  source   {found.source} ({HOW_KNOWN[found.known]})")
    if found.uses:
        print(f"  uses     {', '.join(found.uses)}")
    for name, other in (("repaired by", found.repaired_by), ("replaced by", found.replaced_by), ("unchecked", found.unchecked)):
        if other:
            print(f"  {name}  {other}")
    for step in record["proof"]:
        mark = f"[{step['method']}]" if step["machine"] else f"(by {step['method']})"
        print(f"  step     {step['step']}: {step['claim']} {mark}")
    if found.formal is not None:
        print(f"  in Coq   {found.formal} (theory/formal/{found.formal.partition('.')[0]}.v)")
    return 0


def ledger(command: LedgerCommand) -> int:
    """Print every statement with its computed status."""
    evidence = read_evidence(command.out / "evidence.json")
    computed = statuses(evidence, accepted_theorems(command.out / "proofs.json"))
    if command.latex:
        print(latex_table(computed))
        return 0
    if command.json:
        print_json(
            [
                {
                    "id": identifier,
                    "status": status.value,
                    "uses_at_least_as_firm": rests,
                    "title": STATEMENTS[identifier].title,
                }
                for identifier, (status, rests) in computed.items()
            ]
        )
        return 0
    counts: dict[str, int] = {}
    for status, _ in computed.values():
        counts[status.value] = counts.get(status.value, 0) + 1
    if not command.quiet:
        table = Table()
        for column in ("", "statement", "title", "status", "uses firm", "rows"):
            table.add_column(column, no_wrap=column in ("statement", "status"))
        for identifier, (status, rests) in computed.items():
            rows = sum(row.statement == identifier and row.outcome != "skipped" for row in evidence)
            table.add_row(status.sign, identifier, STATEMENTS[identifier].title, status.value, "yes" if rests else "no", str(rows))
        print_table(table)
    print(", ".join(f"{count} {status}" for status, count in counts.items()))
    if not evidence:
        print(f"No evidence in {command.out / 'evidence.json'} yet; `python -m checks` gathers it.")
    if not command.quiet and not accepted_theorems(command.out / "proofs.json"):
        print(f"No proofs accepted in {command.out / 'proofs.json'}; `make proofs` checks them with Coq.")
    return 0
