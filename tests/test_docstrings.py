"""Docstring coverage, computed; the citation file; numbers of the README that records hold."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from paper_figures.__main__ import figures
from paper_figures.records import RESULTS
from tests.documents import ROOT
from theory.statement import STATEMENTS

FLOORS = ("theory", "numerics", "checks", "paper_figures", "benchmarks")


def public(tree: ast.Module) -> Iterator[ast.AST]:
    """The module, its public classes and functions, and the public methods of these classes."""
    yield tree
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from (part for part in node.body if isinstance(part, ast.FunctionDef) and not part.name.startswith("_"))


def undocumented(source: str) -> tuple[int, list[str]]:
    """How many public names a module has, and which of them have no docstring."""
    nodes = list(public(ast.parse(source)))
    return len(nodes), [getattr(node, "name", "module") for node in nodes if not ast.get_docstring(node)]  # pyright: ignore[reportArgumentType]


def test_every_public_name_has_a_docstring() -> None:
    paths = [path for floor in FLOORS for path in sorted((ROOT / floor).rglob("*.py")) if not path.name.startswith("test_")]
    found = {str(path.relative_to(ROOT)): undocumented(path.read_text(encoding="utf-8")) for path in paths}
    total, missing = sum(count for count, _ in found.values()), {path: names for path, (_, names) in found.items() if names}
    print(f"docstrings: {total - sum(map(len, missing.values()))} of {total}")
    assert missing == {}
    assert total > 1500


def test_a_missing_docstring_is_counted() -> None:
    source = '"""A module."""\nclass A:\n    """A."""\n    def b(self): ...\n    def _c(self): ...\ndef d():\n    """D."""\n'
    assert undocumented(source) == (4, ["b"])
    assert undocumented("x = 1") == (1, ["module"])


def faults(citation: dict) -> list[str]:
    """What the Citation File Format 1.2.0 demands and the file lacks."""
    found = [f"no {name}" for name in ("cff-version", "message", "title", "authors") if not citation.get(name)]
    found += ["not version 1.2.0"] if citation.get("cff-version") != "1.2.0" else []
    found += ["type"] if citation.get("type") not in ("software", "dataset") else []
    known = {
        "cff-version",
        "message",
        "title",
        "authors",
        "type",
        "license",
        "version",
        "references",
        "repository-code",
        "abstract",
        "keywords",
    }
    found += sorted(set(citation) - known)
    for entry in (citation, *citation.get("references", ())):
        people = entry.get("authors") or [{}]
        found += [f"author {person}" for person in people if not ("name" in person or {"family-names", "given-names"} <= set(person))]
        found += ["a reference without type or title"] if not (entry.get("type") and entry.get("title")) else []
    return found


def test_the_citation_file_is_valid() -> None:
    yaml = pytest.importorskip("yaml", reason="PyYAML, which the extra `cluster` brings, is not installed")
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert faults(citation) == []
    assert faults(citation | {"authors": [{"given-names": "A"}]}) != []
    assert faults({name: value for name, value in citation.items() if name != "message"}) == ["no message"]


def unsaid(sentences: list[str], text: str) -> list[str]:
    """The sentences that the README does not have."""
    return [sentence for sentence in sentences if sentence not in text]


def recorded() -> list[str]:
    """Sentences of the README with their numbers as the records and the code have them now."""
    (lossless,) = (json.loads(path.read_text(encoding="utf-8")) for path in sorted(RESULTS.glob("lossless-*.json"))[-1:])
    (held,) = (row for row in lossless["rows"] if row["width"] == 112)
    return [
        f"{lossless['width_proved_for_1_percent']} hidden channels per input channel for the 8-bit digits classifier",
        f"{held['width']} held in {held['keys'] - held['failures']} of {held['keys']} keys",
        f"| {len(figures())} figures from stored results",
    ]


def test_numbers_of_the_readme_are_those_of_the_records() -> None:
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert unsaid(recorded(), text) == []
    assert unsaid(recorded(), text.replace("309", "310")) != []
    counts = [int(word) for word in text.partition("statements: ")[2].partition(" checks:")[0].split() if word.isdigit()]
    assert sum(counts) == len(STATEMENTS)


def test_the_readme_is_short() -> None:
    assert len(Path(ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 120
