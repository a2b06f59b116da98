"""Nothing is forgotten: each statement has a proof, a check or a stated reason; each marker names a statement; nothing is typed."""

import ast
from pathlib import Path

import networkx
import pytest

import theory.statements  # noqa: F401
from theory.derivation import DERIVATIONS
from theory.proofs import THEOREMS
from theory.statement import STATEMENTS, Statement, dependency_graph
from theory.status import Status

ROOT = Path(__file__).parents[1]


def marked(source: str) -> set[str]:
    """The statements that `pytest.mark.statement(...)` names anywhere in a source text."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "statement":
            names |= {str(argument.value) for argument in node.args if isinstance(argument, ast.Constant)}
    return names


CHECKED = set().union(*(marked(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "checks").glob("test_*.py"))))


def forgotten(statement: Statement, checked: set[str]) -> str:
    """What is wrong with the coverage of a statement, or nothing."""
    covered = statement.id in checked or statement.id in DERIVATIONS or statement.formal is not None
    if not covered and not statement.unchecked:
        return f"{statement.id} has no proof, no check and no stated reason"
    if covered and statement.unchecked:
        return f"{statement.id} gives a reason for having no check, and has one"
    return ""


@pytest.mark.parametrize("identifier", sorted(STATEMENTS))
def test_every_statement_has_a_proof_a_check_or_a_stated_reason(identifier: str) -> None:
    assert not forgotten(STATEMENTS[identifier], CHECKED)


def test_a_forgotten_statement_and_a_stale_reason_are_noticed() -> None:
    from dataclasses import replace

    a1 = STATEMENTS["companion.A1"]
    assert "no proof, no check" in forgotten(replace(a1, id="companion.new", formal=None), CHECKED)
    assert "gives a reason" in forgotten(replace(a1, unchecked="too hard"), CHECKED)


def test_every_marker_names_a_statement() -> None:
    assert set(STATEMENTS) >= CHECKED
    assert marked('@pytest.mark.statement("no.such", "companion.A1")\ndef test(): pass') == {"no.such", "companion.A1"}


def test_every_formal_name_is_a_theorem_that_coq_checks() -> None:
    assert {statement.formal for statement in STATEMENTS.values()} - {None} <= set(THEOREMS)
    assert {step.theorem for proof in DERIVATIONS.values() for step in proof.steps if step.method == "coq"} <= set(THEOREMS)


def test_the_graph_of_uses_has_no_cycle_and_flawed_statements_are_used_by_no_proof() -> None:
    graph = dependency_graph()
    assert networkx.is_directed_acyclic_graph(graph)
    flawed = {identifier for identifier, statement in STATEMENTS.items() if statement.repaired_by}
    assert flawed
    for _, used, data in graph.edges(data=True):
        assert data["kind"] == "statement" or used not in flawed


def test_recalled_statements_that_no_proof_covers_name_what_stands_in_for_them() -> None:
    for statement in STATEMENTS.values():
        if statement.known == "recalled" and statement.id not in DERIVATIONS and statement.repaired_by is None and statement.unchecked:
            assert statement.replaced_by in STATEMENTS or "definition" in statement.unchecked
        for other in (statement.repaired_by, statement.replaced_by):
            assert other is None or other in STATEMENTS


def without_proof(statements: list[Statement]) -> list[str]:
    """The statements whose stand-in has no chain of proof."""
    return [s.id for s in statements if s.replaced_by is not None and s.replaced_by not in DERIVATIONS]


def test_what_stands_in_for_a_statement_has_a_proof() -> None:
    from dataclasses import replace

    assert without_proof(list(STATEMENTS.values())) == []
    assert without_proof([replace(STATEMENTS["becchetti2022.theorem"], replaced_by="xiong2023.theorem")]) == ["becchetti2022.theorem"]


def test_no_status_is_typed_anywhere_in_the_ledger() -> None:
    """No source of the statements or of the proofs holds a status word as a whole string."""
    words = {status.value for status in Status}
    for folder in ("statements", "derivations"):
        for path in sorted((ROOT / "theory" / folder).glob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                assert not (isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.strip().lower() in words), path
