"""What the evidence for a statement adds up to. A status is computed here and typed nowhere."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import Enum
from fractions import Fraction
from math import comb
from pathlib import Path

from theory.derivation import DERIVATIONS
from theory.errors import BadFile, BadInput
from theory.statement import STATEMENTS, Statement, dependency_graph

CONFIDENCE = Fraction(95, 100)
KINDS = ("trials", "instances", "step")
OUTCOMES = ("held", "refuted", "undecided", "skipped")


class Status(Enum):
    """How firmly a statement stands, weakest first."""

    REFUTED = "refuted"
    UNDECIDED = "undecided"
    STATED = "stated"
    SUPPORTED = "supported"
    CERTIFIED = "certified"
    DERIVED = "derived"
    FORMALISED = "formalised"

    @property
    def sign(self) -> str:
        """The one-character mark used in tables."""
        return {
            "refuted": "✕",
            "undecided": "△",
            "stated": "○",
            "supported": "◐",
            "certified": "◆",
            "derived": "●",
            "formalised": "■",
        }[self.value]

    @property
    def meaning(self) -> str:
        """What the word says, in a line."""
        return {
            "refuted": "a counterexample is stored; its repair stands beside it",
            "undecided": "a check could not conclude",
            "stated": "transcribed, not proved here",
            "supported": "held in trials: P ≥ p with 95 % confidence",
            "certified": "holds exactly for the instances listed",
            "derived": "every machine step of its proof held, for all parameters of its domain, for the sources that lie here",
            "formalised": "accepted by the Coq kernel on this machine",
        }[self.value]

    @property
    def strength(self) -> int:
        """The position in the order from refuted to formalised."""
        return list(Status).index(self)


@dataclass(frozen=True)
class Evidence:
    """One check's outcome for one statement.

    `kind` says what the check is worth: "trials" are random draws (`successes` of `trials`, claimed to succeed with at least
    `probability`), "instances" hold exactly for what `detail` lists, a "step" discharges the proof step that `detail` names for all
    parameters, and counts while `digest` is that of the chain (`theory.derivation.Derivation.digest`). `counterexample` goes with a
    refutation, `detail` with a skip is its reason.
    """

    statement: str
    check: str
    kind: str
    outcome: str
    detail: str = ""
    trials: int = 0
    successes: int = 0
    probability: str = ""
    counterexample: str = ""
    digest: str = ""
    figures: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind not in KINDS or self.outcome not in OUTCOMES:
            raise BadInput(f"evidence of {self.check}: kind {self.kind!r}, outcome {self.outcome!r}; choose from {KINDS} and {OUTCOMES}.")
        if self.kind == "trials" and self.outcome == "held":
            p = Fraction(self.probability)
            if not (0 <= self.successes <= self.trials and 0 < p <= 1):
                raise BadInput(f"evidence of {self.check}: {self.successes} of {self.trials} trials, P ≥ {p}; no such trials exist.")


def supports(successes: int, trials: int, probability: Fraction) -> bool:
    """Whether `successes` of `trials` establish P ≥ `probability` with 95 % confidence: the exact binomial test, in rationals.

    The chance of at least so many successes under a smaller P is at most that under P = `probability`, which must be ≤ 5 %.
    """
    tail = sum(comb(trials, k) * probability**k * (1 - probability) ** (trials - k) for k in range(successes, trials + 1))
    return trials > 0 and tail <= 1 - CONFIDENCE


def status_of(statement: Statement, rows: Iterable[Evidence], formal: frozenset[str] = frozenset()) -> Status:
    """The status that these rows of evidence, and the theorems `formal` that Coq accepted, give to the statement alone.

    Derived means: every machine step of its chain was discharged for exactly the sources that lie here.
    """
    own = [row for row in rows if row.statement == statement.id and row.outcome != "skipped"]
    if any(row.outcome == "refuted" for row in own):
        return Status.REFUTED
    if any(row.outcome == "undecided" for row in own):
        return Status.UNDECIDED
    if statement.formal in formal:
        return Status.FORMALISED
    derivation = DERIVATIONS.get(statement.id)
    if derivation is not None:
        digest = derivation.digest
        if derivation.discharged((row.detail for row in own if row.kind == "step" and row.digest == digest), formal):
            return Status.DERIVED
    if any(row.kind == "instances" for row in own):
        return Status.CERTIFIED
    trials = [row for row in own if row.kind == "trials"]
    if trials and all(supports(row.successes, row.trials, Fraction(row.probability)) for row in trials):
        return Status.SUPPORTED
    return Status.UNDECIDED if trials else Status.STATED


def statuses(rows: Iterable[Evidence], formal: frozenset[str] = frozenset()) -> dict[str, tuple[Status, bool]]:
    """For every statement its status, and whether all that its proof uses (directly or not) is at least as firm.

    `formal` names the theorems that Coq accepted here (`theory.proofs.accepted_theorems`); such a proof rests on nothing else.
    """
    rows = list(rows)
    graph = dependency_graph()
    own = {identifier: status_of(statement, rows, formal) for identifier, statement in STATEMENTS.items()}
    proof_edges = graph.edge_subgraph([edge for edge in graph.edges if graph.edges[edge]["kind"] == "proof"])
    result = {}
    for identifier, status in own.items():
        seen, queue = set(), [identifier]
        while queue:
            node = queue.pop()
            for used in proof_edges.successors(node) if node in proof_edges else ():
                if used not in seen:
                    seen.add(used)
                    queue.append(used)
        formalised = status is Status.FORMALISED
        result[identifier] = (status, formalised or all(own[used].strength >= status.strength for used in seen))
    return result


def write_evidence(rows: Iterable[Evidence], path: Path) -> None:
    """Store rows as JSON, atomically, sorted so that equal evidence gives equal bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    ordered = sorted(
        (asdict(row) for row in rows), key=lambda row: (row["statement"], row["check"], row["detail"], json.dumps(row, sort_keys=True))
    )
    temporary = path.with_suffix(".partial")
    temporary.write_text(json.dumps(ordered, indent=1, ensure_ascii=False, sort_keys=True), encoding="utf-8")
    temporary.replace(path)


def read_evidence(path: Path) -> list[Evidence]:
    """Rows stored by `write_evidence`; no file means no evidence yet. Raises `BadFile` for anything else."""
    if not path.exists():
        return []
    try:
        return [Evidence(**row) for row in json.loads(path.read_text(encoding="utf-8"))]
    except (ValueError, TypeError) as error:
        raise BadFile(f"{path} does not hold evidence ({error}); delete it and run `python -m checks` again.") from error
