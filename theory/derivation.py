"""Proofs as chains of small steps, each with the method that discharges it and the domain it covers.

A machine step is a decision: exact algebra, balls over whole ranges, a finite enumeration, or a theorem that Coq accepted on this
machine. Steps are joined by textbook rules (`RULES`); of a composition the machine checks that its premises are earlier steps or
statements that the claim declares to use, not the rule itself, and it is never counted among the machine's steps.
"""

import ast
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from theory.errors import BadInput
from theory.statement import find_statement
from theory.verdict import Verdict

METHODS = {
    "algebra": "an identity by normal form, or a polynomial sign by Sturm's theorem or Bernstein coefficients",
    "linear": "linear inequalities, by Fourier-Motzkin elimination in rationals",
    "balls": "an inequality on whole parameter ranges, by Arb's balls and mpmath's intervals",
    "enumeration": "every case of a finite list",
    "coq": "a theorem that Coq's kernel accepted on this machine",
    "composition": "earlier steps joined by a textbook rule; the rule itself is not machine-checked",
}

RULES = {
    "definition": "unfolding a definition or a hypothesis",
    "substitution": "the used statement or step at particular values",
    "induction": "base case and step",
    "triangle inequality": "‖a + b‖ ≤ ‖a‖ + ‖b‖, and ‖A x‖ ≤ ‖A‖‖x‖",
    "Cauchy-Schwarz": "(Σ aᵢbᵢ)² ≤ Σ aᵢ² Σ bᵢ²",
    "measure": "Lebesgue (or counting) measure is additive, monotone, invariant under translations and maps of Jacobian ±1",
    "Fubini": "iterated integrals of a non-negative measurable function, in either order",
    "tower": "expectation is linear and monotone, and E X = E E[X | past]",
    "Markov": "P(Z ≥ a) ≤ E Z / a for Z ≥ 0, a > 0",
    "second moment": "P(Y > 0) ≥ (E Y)² / E Y²",
    "Stirling": "√(2πn)(n/e)ⁿ ≤ n! ≤ √(2πn)(n/e)ⁿe^{1/(12n)}",
    "union bound": "P(some event) ≤ the sum of the probabilities",
    "conditioning": "a law is the mixture of its conditional laws",
    "monotonicity": "a function is monotone where its derivative (or difference) keeps a sign",
    "counting": "finitely many objects: pigeonhole, double counting",
    "convexity": "a convex function lies below its chords",
    "rank": "a linear map into a space of smaller dimension has a kernel",
    "cases": "the cases are exhaustive, and the claim holds in each",
    "transitivity": "chaining the inequalities named",
}

Check = Callable[[], Verdict]
Cases = TypeVar("Cases")


@dataclass(frozen=True)
class Step:
    """One step: what it claims, by which method, on which domain, from which earlier steps or used statements.

    A machine step has a `check`, and a `false_variant`: the same check of a claim that is wrong, which must not be proved.
    """

    name: str
    claim: str
    method: str
    domain: str = ""
    check: Check | None = None
    false_variant: Check | None = None
    premises: tuple[str, ...] = ()
    rule: str = ""
    theorem: str = ""

    def __post_init__(self) -> None:
        computed = self.method not in ("composition", "coq")
        wrong = (
            f"method {self.method!r} is none of {', '.join(METHODS)}" if self.method not in METHODS
            else "a computed step needs a check, a false variant that it refuses, and its domain"
            if computed and not (self.check and self.false_variant and self.domain)
            else "a step by Coq names its theorem" if self.method == "coq" and not self.theorem
            else f"rule {self.rule!r} is none of {', '.join(RULES)}" if self.method == "composition" and self.rule not in RULES
            else "a composition has no check of its own" if self.method == "composition" and self.check
            else ""
        )  # fmt: skip
        if wrong:
            raise BadInput(f"step {self.name!r}: {wrong}.")


def composed(name: str, claim: str, rule: str, *premises: str) -> Step:
    """Earlier steps or used statements joined by a textbook rule."""
    return Step(name, claim, "composition", premises=premises, rule=rule)


def by_coq(name: str, claim: str, theorem: str) -> Step:
    """A step that is a theorem of theory/formal."""
    return Step(name, claim, "coq", domain="as stated in Coq", theorem=theorem)


def every(cases: Iterable[Cases], holds: Callable[[Cases], bool]) -> Verdict:
    """Whether the claim holds in each of finitely many cases; there must be at least one."""
    seen = False
    for case in cases:
        seen = True
        if not holds(case):
            return Verdict.REFUTED
    return Verdict.PROVED if seen else Verdict.UNDECIDED


@dataclass(frozen=True)
class Derivation:
    """The proof of one statement; the last step is its claim."""

    statement: str
    steps: tuple[Step, ...]
    module: str

    @property
    def machine_steps(self) -> tuple[Step, ...]:
        """The steps that a machine must discharge."""
        return tuple(step for step in self.steps if step.method != "composition")

    def step(self, name: str) -> Step:
        """The step of this name; raises `BadInput`."""
        for step in self.steps:
            if step.name == name:
                return step
        raise BadInput(f"the derivation of {self.statement} has no step {name!r}.")

    @property
    def digest(self) -> str:
        """SHA-256 of the statement, of the file that holds the chain and of every file of `theory` that it imports, directly or not."""
        return hashlib.sha256((source_digest(self.module) + repr(find_statement(self.statement))).encode()).hexdigest()

    def discharged(self, computed: Iterable[str], formal: frozenset[str]) -> bool:
        """Whether the steps `computed`, and the theorems `formal` that Coq accepted, are all that the chain needs."""
        names = frozenset(computed)
        return bool(self.machine_steps) and all(
            step.theorem in formal if step.method == "coq" else step.name in names for step in self.machine_steps
        )


DERIVATIONS: dict[str, Derivation] = {}


def derive(statement: str, *steps: Step, module: str) -> Derivation:
    """Enter a proof. Raises `BadInput` unless each premise is an earlier step or a used statement and each step serves the last one."""
    used = find_statement(statement).uses
    names: list[str] = []
    for step in steps:
        if step.name in names:
            raise BadInput(f"{statement}: two steps are called {step.name!r}.")
        for premise in step.premises:
            if premise not in names and premise not in used:
                raise BadInput(f"{statement}, step {step.name!r}: {premise!r} is neither an earlier step nor among `uses`.")
        names.append(step.name)
    premises = {premise for step in steps for premise in step.premises}
    if idle := [name for name in names[:-1] if name not in premises]:
        raise BadInput(f"{statement}: nothing follows from the steps {idle}; a proof has no idle step.")
    if idle := [name for name in used if name not in premises]:
        raise BadInput(f"{statement} declares to use {idle}, which no step of its proof does.")
    derivation = Derivation(statement, steps, module)
    DERIVATIONS[statement] = derivation
    return derivation


@cache
def source_digest(module: str) -> str:
    """SHA-256 over the sources of a module of `theory` and of all modules of `theory` that these import by name, in a fixed order."""
    root = Path(__file__).parent
    seen: dict[str, bytes] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        path = root.joinpath(*name.split(".")[1:]).with_suffix(".py")
        if name in seen or not path.is_file():
            continue
        seen[name] = path.read_bytes()
        for node in ast.walk(ast.parse(seen[name])):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("theory"):
                waiting += [str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)]
    total = hashlib.sha256()
    for name in sorted(seen):
        total.update(name.encode() + b"\0" + hashlib.sha256(seen[name]).digest())
    return total.hexdigest()
