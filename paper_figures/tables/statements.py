"""The ledger: every statement with its status, computed from the evidence in OUT."""

from pathlib import Path
from typing import Any

from paper_figures.tables import plain
from theory.derivation import DERIVATIONS
from theory.proofs import accepted_theorems
from theory.statement import STATEMENTS
from theory.status import read_evidence, statuses

COMMAND = "python -m checks"
CAPTION = "The statements of the ledger with their statuses, and the steps of their proofs that a machine decides."
COLUMNS = {
    "id": ("statement", plain),
    "title": ("title", plain),
    "status": ("status", plain),
    "rests": ("rests on", plain),
    "steps": ("machine steps", plain),
    "source": ("source", plain),
    "known": ("its text is known as", plain),
}


def rows(out: Path) -> list[dict[str, Any]]:
    """One row for each statement."""
    computed = statuses(read_evidence(out / "evidence.json"), accepted_theorems(out / "proofs.json"))
    return [
        {
            "id": identifier,
            "title": statement.title,
            "status": computed[identifier][0].value,
            "rests": "as firm" if computed[identifier][1] else "weaker",
            "steps": len(DERIVATIONS[identifier].machine_steps) if identifier in DERIVATIONS else 0,
            "source": str(statement.source),
            "known": statement.known,
        }
        for identifier, statement in STATEMENTS.items()
    ]
