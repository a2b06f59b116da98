"""Chains of steps: what a step must declare, what a chain refuses, and that every step's false variant is refused."""

from collections.abc import Iterator

import pytest

from theory.derivation import DERIVATIONS, METHODS, RULES, Step, by_coq, composed, derive, every, source_digest
from theory.errors import BadInput
from theory.source import Source
from theory.statement import STATEMENTS, Statement, state
from theory.verdict import Verdict


@pytest.fixture(autouse=True)
def ledger() -> Iterator[None]:
    """What a test states and proves is forgotten after it."""
    before, proofs = dict(STATEMENTS), dict(DERIVATIONS)
    state(Statement("own.claim", "t", "t", Source("mine"), "derived here", uses=("companion.A1",)))
    yield
    STATEMENTS.clear()
    STATEMENTS.update(before)
    DERIVATIONS.clear()
    DERIVATIONS.update(proofs)


def machine(name: str = "first") -> Step:
    return Step(name, "claim", "enumeration", "one case", lambda: Verdict.PROVED, lambda: Verdict.REFUTED)


@pytest.mark.parametrize(
    "fields",
    [
        {"method": "prose"},
        {"method": "algebra"},
        {"method": "algebra", "domain": "all", "check": lambda: Verdict.PROVED},
        {"method": "algebra", "check": lambda: Verdict.PROVED, "false_variant": lambda: Verdict.REFUTED},
        {"method": "coq"},
        {"method": "composition", "rule": "magic"},
        {"method": "composition", "rule": "Markov", "check": lambda: Verdict.PROVED},
    ],
)
def test_a_step_that_hides_how_it_is_discharged_is_refused(fields: dict) -> None:
    with pytest.raises(BadInput):
        Step("name", "claim", **fields)


def test_a_chain_hangs_together_or_is_refused() -> None:
    last = composed("last", "claim", "transitivity", "first", "companion.A1")
    assert derive("own.claim", machine(), last, module="theory.verdict").machine_steps == (DERIVATIONS["own.claim"].steps[0],)
    for steps, message in (
        ((composed("last", "claim", "transitivity", "nothing", "companion.A1"),), "neither an earlier step nor among"),
        ((machine(), composed("last", "claim", "transitivity", "companion.A1")), "nothing follows from"),
        ((machine(), composed("last", "claim", "transitivity", "first")), "declares to use"),
        ((machine(), machine(), last), "two steps are called"),
        ((composed("last", "claim", "transitivity", "companion.A2"),), "neither an earlier step"),
    ):
        with pytest.raises(BadInput, match=message):
            derive("own.claim", *steps, module="theory.verdict")


def test_methods_and_rules_are_explained_and_only_rules_are_not_machine_checked() -> None:
    assert all(METHODS.values())
    assert all(RULES.values())
    assert composed("last", "claim", "Markov").method == "composition"
    assert by_coq("last", "claim", "File.theorem").method == "coq"


@pytest.mark.parametrize("identifier", sorted(DERIVATIONS))
def test_every_machine_step_refuses_its_false_variant(identifier: str) -> None:
    for step in DERIVATIONS[identifier].machine_steps:
        if step.method != "coq":
            assert step.false_variant is not None
            assert step.false_variant() is not Verdict.PROVED, step.name


def test_every_chain_has_a_machine_step() -> None:
    assert all(proof.machine_steps for proof in DERIVATIONS.values())


def test_an_enumeration_of_nothing_proves_nothing() -> None:
    assert every([], lambda _: True) is Verdict.UNDECIDED
    assert every([1, 2], lambda n: n < 3) is Verdict.PROVED
    assert every([1, 2], lambda n: n < 2) is Verdict.REFUTED


def test_the_digest_of_a_chain_covers_what_it_imports() -> None:
    assert source_digest("theory.verdict") == source_digest("theory.verdict") != source_digest("theory.linear")
    proof = DERIVATIONS["companion.A1"]
    before = proof.digest
    STATEMENTS["companion.A1"] = Statement("companion.A1", "t", "other", Source("mine"), "derived here")
    assert proof.digest != before
