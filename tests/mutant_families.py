"""Which modules of the re-checker are mutated, and what their mutants are run on: one family for each group of formats."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import equivariant_documents, equivariant_results, other_documents, other_results
from tests.hostile import CORPUS


def digest(text: str) -> str:
    """The first 16 hexadecimal digits of SHA-256."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


@dataclass(frozen=True)
class Family:
    """Modules, documents of known outcome, and computations with known results.

    `outcomes` is the file with a line for each document, what `written` makes of its outcome.
    """

    modules: tuple[str, ...]
    documents: Callable[[], list[bytes]]
    outcomes: Path
    written: Callable[[str], str]
    units: Callable[[Any], None]
    file_units: Callable[[Any, Path], None]

    def known(self) -> list[tuple[bytes, str]]:
        """Each document with the line of its outcome."""
        return list(zip(self.documents(), self.outcomes.read_text(encoding="utf-8").splitlines(), strict=True))


FAMILIES = {
    "equivariant": Family(
        ("document", "norms", "symmetry", "weights", "operators", "layers", "equivariant", "__init__"),
        equivariant_documents.documents, CORPUS / "outcomes.txt", str, equivariant_results.units, equivariant_results.file_units,
    ),
    "other": Family(
        ("activations", "enclosures", "functions", "normal", "structured", "feedforward", "feedforward_encoding", "feedforward_forms",
         "feedforward_graph", "feedforward_layers", "feedforward_points", "feedforward_source"),
        other_documents.documents, CORPUS / "other_outcomes.txt", digest, other_results.units, other_results.file_units,
    ),
}  # fmt: skip
NOT_MUTATED = ("declared", "jets")
"""Modules whose changes no family looks at: their claims are tested in `test_feedforward_declared.py`."""
