"""Statements name their source and what they use; the graph of uses has no circle and no loose end."""

from collections.abc import Iterator
from dataclasses import fields

import networkx
import pytest
import sympy

import theory.statements  # noqa: F401
from theory.errors import BadInput, UnknownName, UnknownSource
from theory.source import Source
from theory.statement import HOW_KNOWN, STATEMENTS, Statement, dependency_graph, find_statement, state


@pytest.fixture(autouse=True)
def ledger() -> Iterator[None]:
    """What a test states is forgotten after it."""
    before = dict(STATEMENTS)
    yield
    STATEMENTS.clear()
    STATEMENTS.update(before)


def claim(identifier: str, uses: tuple[str, ...] = (), uses_to_state: tuple[str, ...] = ()) -> Statement:
    return state(Statement(identifier, "title", "text", Source("mine"), "derived here", uses=uses, uses_to_state=uses_to_state))


def test_no_statement_can_type_its_status() -> None:
    assert "status" not in {field.name for field in fields(Statement)}
    with pytest.raises(TypeError):
        Statement("x.y", "t", "t", Source("mine"), "derived here", status="derived")  # pyright: ignore[reportCallIssue]
    with pytest.raises(AttributeError):
        find_statement("companion.A1").status = "derived"  # pyright: ignore[reportAttributeAccessIssue]


def test_every_statement_is_complete_and_used_statements_exist() -> None:
    graph = dependency_graph()
    assert set(graph.nodes) == set(STATEMENTS)
    assert {"companion.A1", "companion.A2", "ferbach2023.lemma1", "ferbach2023.theorem1", "ferbach2023.theorem2"} <= set(STATEMENTS)
    for statement in STATEMENTS.values():
        assert all((statement.title, statement.text, statement.hypotheses))
        assert statement.known in HOW_KNOWN
        assert statement.id.startswith(statement.source.key + ".") or statement.source.key in ("ferbach2023", "companion")
        assert statement.repaired_by is None or statement.repaired_by in STATEMENTS
        assert statement.formula is None or isinstance(statement.formula, sympy.Basic)


def test_theorem_1_rests_on_lemma_1_and_random_subset_sums() -> None:
    below = networkx.descendants(dependency_graph(), "ferbach2023.theorem1")
    assert {"ferbach2023.lemma1", "companion.A1'", "companion.A4", "companion.A5"} <= below
    assert "ferbach2023.theorem2" not in below


def test_the_formula_of_a1_is_the_failure_probability_of_the_uniform_law() -> None:
    from theory.subset_sum import failure_probability, uniform

    formula = find_statement("companion.A1").formula
    assert formula is not None
    values = {"n": 60, "tau": sympy.Rational(1, 100)}
    assert formula.subs({symbol: values[str(symbol)] for symbol in formula.free_symbols}) == failure_probability(uniform(), 60, "0.01")


@pytest.mark.parametrize("length", [1, 2, 5])
@pytest.mark.parametrize("kind", ["uses", "uses_to_state"])
def test_statements_that_use_one_another_in_a_circle_are_refused(length: int, kind: str) -> None:
    for i in range(length):
        claim(f"circle.{i}", **{kind: (f"circle.{(i + 1) % length}",)})
    with pytest.raises(BadInput, match="use one another in a circle; a proof cannot rest on itself") as refused:
        dependency_graph()
    assert "circle.0" in str(refused.value)


@pytest.mark.parametrize("kind", ["uses", "uses_to_state"])
def test_a_use_of_no_statement_is_refused_with_its_name(kind: str) -> None:
    claim("loose.end", **{kind: ("no.such",)})
    with pytest.raises(UnknownName, match=r"no statement is called 'no.such'"):
        dependency_graph()


def test_what_a_proof_uses_counts_as_proof_though_the_text_uses_it_too() -> None:
    claim("both.ways", uses=("companion.A1",), uses_to_state=("companion.A1", "companion.A2"))
    edges = dependency_graph().edges
    assert edges["both.ways", "companion.A1"]["kind"] == "proof"
    assert edges["both.ways", "companion.A2"]["kind"] == "statement"


def test_an_id_is_stated_once() -> None:
    again = find_statement("companion.A1")
    assert state(again) is again
    with pytest.raises(BadInput, match=r"companion.A1 is stated twice"):
        state(Statement("companion.A1", "other", "other", Source("mine"), "derived here"))


def test_a_statement_of_unknown_source_or_standing_is_refused() -> None:
    with pytest.raises(UnknownSource, match="'fermat'"):
        Statement("x.y", "t", "t", Source("fermat"), "text seen")
    with pytest.raises(BadInput, match="known = 'surely'; choose one of text seen, quoted"):
        Statement("x.y", "t", "t", Source("mine"), "surely")


def test_an_unknown_id_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownName, match=r"'ferbach2023.theorem9'.*ferbach2023.theorem1"):
        find_statement("ferbach2023.theorem9")
