"""Numbered claims of the papers and of ours, each with its formula, its source and what it uses."""

from dataclasses import dataclass

import networkx
import sympy

from theory.errors import BadInput, UnknownName
from theory.source import Source

STATEMENTS: dict[str, "Statement"] = {}

HOW_KNOWN = {
    "text seen": "read in the paper's own text",
    "quoted": "read as quoted by a later paper",
    "recalled": "general knowledge of the paper, exact constants unconfirmed",
    "derived here": "stated in this companion; the status says how firmly it stands",
}


@dataclass(frozen=True)
class Statement:
    """A claim: text, hypotheses, formula, what it uses to be stated and to be proved, source, and how well its text is known.

    `id` is `paper.name`. A flawed statement names the statement that repairs it, `repaired_by`; one whose published text is only
    recalled names the proved one that stands in for it, `replaced_by`. `unchecked` says why nothing here bears on the statement; it
    must be empty where something does. Its proof, if any, is a chain in `theory.derivations`, or the Coq theorem `formal`.
    """

    id: str
    title: str
    text: str
    source: Source
    known: str
    formula: sympy.Expr | None = None
    hypotheses: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    uses_to_state: tuple[str, ...] = ()
    repaired_by: str | None = None
    replaced_by: str | None = None
    unchecked: str = ""
    formal: str | None = None

    def __post_init__(self) -> None:
        self.source.paper()
        if self.known not in HOW_KNOWN:
            raise BadInput(f"statement {self.id}: known = {self.known!r}; choose one of {', '.join(HOW_KNOWN)}.")


def state(statement: Statement) -> Statement:
    """Enter a statement into the ledger; raises `BadInput` if its id is taken."""
    if statement.id in STATEMENTS and STATEMENTS[statement.id] != statement:
        raise BadInput(f"statement {statement.id} is stated twice; ids are unique.")
    STATEMENTS[statement.id] = statement
    return statement


def find_statement(identifier: str) -> Statement:
    """The statement with this id; raises `UnknownName` with the ids that exist."""
    if identifier not in STATEMENTS:
        raise UnknownName(f"no statement is called {identifier!r}; known are {', '.join(sorted(STATEMENTS))}.")
    return STATEMENTS[identifier]


def dependency_graph() -> "networkx.DiGraph":
    """An edge from each statement to each one it uses; `kind` is "proof" or "statement".

    Raises `UnknownName` for a use that names no statement and `BadInput` for a cycle.
    """
    graph = networkx.DiGraph()
    graph.add_nodes_from(STATEMENTS)
    for statement in STATEMENTS.values():
        for kind, used in (("statement", statement.uses_to_state), ("proof", statement.uses)):
            for identifier in used:
                find_statement(identifier)
                graph.add_edge(statement.id, identifier, kind=kind)
    if not networkx.is_directed_acyclic_graph(graph):
        cycle = " → ".join(edge[0] for edge in networkx.find_cycle(graph))
        raise BadInput(f"the statements {cycle} use one another in a circle; a proof cannot rest on itself.")
    return graph
