"""A check's way to report: `evidence.instances(...)`, `evidence.trials(...)`, `evidence.step(...)`, gathered by the pytest plugin."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from theory.errors import BadInput, Undecided
from theory.statement import find_statement
from theory.status import Evidence, supports
from theory.verdict import Verdict


@dataclass
class Recorder:
    """Collects the evidence of one test for the statements that its marker names.

    What is recorded counts as held if the test then passes; a failing test turns it into a refutation.
    """

    check: str
    statements: tuple[str, ...]
    rows: list[Evidence] = field(default_factory=list)

    def instances(self, detail: str, figures: Mapping[str, object] | None = None) -> None:
        """The claim holds exactly for what `detail` lists."""
        self._add("instances", detail, figures)

    def step(self, name: str, digest: str, figures: Mapping[str, object] | None = None) -> None:
        """A proof step, discharged for all parameters in its domain, by the sources that have this digest."""
        self.rows += [
            Evidence(statement, self.check, "step", "held", name, digest=digest, figures=_text(figures)) for statement in self.statements
        ]

    def refuted(self, counterexample: str) -> None:
        """The claim is false, as this computed counterexample shows: for statements that name their repair; the test passes.

        Raises `BadInput` for a statement that is not known to be flawed: there a failing test refutes.
        """
        for identifier in self.statements:
            if find_statement(identifier).repaired_by is None:
                raise BadInput(f"{identifier} names no repair; a check that refutes it must fail.")
            self.rows.append(Evidence(identifier, self.check, "instances", "refuted", counterexample=counterexample))

    def trials(
        self,
        detail: str,
        successes: int,
        trials: int,
        probability: Fraction,
        figures: Mapping[str, object] | None = None,
    ) -> None:
        """Random draws: a claim of success probability at least `probability`. Fails unless 95 % confidence is reached."""
        for statement in self.statements:
            row = Evidence(
                statement,
                self.check,
                "trials",
                "held",
                detail,
                trials,
                successes,
                str(probability),
                figures=_text(figures),
            )
            self.rows.append(row)
        assert supports(successes, trials, probability), (
            f"{detail}: {successes} of {trials} succeeded, which does not establish P ≥ {probability} with 95 % confidence; "
            "fewer failures or more trials are needed"
        )

    def _add(self, kind: str, detail: str, figures: Mapping[str, object] | None) -> None:
        self.rows += [Evidence(statement, self.check, kind, "held", detail, figures=_text(figures)) for statement in self.statements]

    def outcome(self, outcome: str, reason: str) -> list[Evidence]:
        """The rows once the test has ended: as recorded if it passed, else one row per statement with the outcome and its reason.

        A failed assertion or a refuted claim refutes; a check that crashed has decided nothing.
        """
        if outcome == "passed":
            return self.rows
        kind = self.rows[0].kind if self.rows else "instances"
        if outcome == "crashed":
            return [Evidence(statement, self.check, kind, "undecided", reason.splitlines()[0][:300]) for statement in self.statements]
        if outcome == "skipped":
            return [Evidence(statement, self.check, kind, "skipped", reason) for statement in self.statements]
        if self.rows and self.rows[-1].kind == "trials":
            # The trials themselves are the evidence: too few successes leave the claim undecided, they do not refute it.
            return [replace(row, outcome="undecided", counterexample=reason) for row in self.rows]
        return [
            Evidence(statement, self.check, kind, "refuted", reason.splitlines()[0][:300], counterexample=reason[:2000])
            for statement in self.statements
        ]


def _text(figures: Mapping[str, object] | None) -> dict[str, str]:
    return {name: str(value) for name, value in (figures or {}).items()}


def require_proved(name: str, verdicts: Mapping[str, Verdict]) -> None:
    """Raise `Undecided`, naming the claims that are not proved: the check then counts as undecided, and nobody passes over it."""
    missing = [claim for claim, verdict in verdicts.items() if verdict is not Verdict.PROVED]
    if missing:
        raise Undecided(f"{name}: not proved are {', '.join(missing)}")
