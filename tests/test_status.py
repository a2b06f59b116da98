"""A status is what the evidence adds up to: exact binomial tests, proof steps, counterexamples, and the statements used."""

import json
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from theory.derivation import DERIVATIONS, Derivation, Step, by_coq, composed, derive
from theory.errors import BadFile, BadInput
from theory.source import Source
from theory.statement import STATEMENTS, Statement, state
from theory.status import KINDS, OUTCOMES, Evidence, Status, read_evidence, status_of, statuses, supports, write_evidence
from theory.verdict import Verdict

CLAIM = Statement("own.claim", "t", "t", Source("mine"), "derived here")
INSTANCE = Evidence("own.claim", "check", "instances", "held")
TRIALS = Evidence("own.claim", "check", "trials", "held", "", 100, 100, "9/10")


def machine(name: str) -> Step:
    """A step that holds, beside a variant that does not."""
    return Step(name, "claim", "enumeration", "one case", lambda: Verdict.PROVED, lambda: Verdict.REFUTED)


def prove(statement: Statement, *steps: Step) -> Derivation:
    """State and enter the chain of these steps and a conclusion from them and from all that the statement uses."""
    state(statement)
    last = composed("last", "claim", "transitivity", *(step.name for step in steps), *statement.uses)
    return derive(statement.id, *steps, last, module="theory.verdict")


def held(derivation: Derivation, *names: str) -> list[Evidence]:
    """Evidence that the steps of these names were discharged for the sources that lie here."""
    return [Evidence(derivation.statement, "check", "step", "held", name, digest=derivation.digest) for name in names]


@pytest.fixture(autouse=True)
def ledger() -> Iterator[None]:
    """What a test states and proves is forgotten after it; the claim has a proof of two machine steps."""
    before, proofs = dict(STATEMENTS), dict(DERIVATIONS)
    prove(CLAIM, machine("first"), machine("second"))
    yield
    STATEMENTS.clear()
    STATEMENTS.update(before)
    DERIVATIONS.clear()
    DERIVATIONS.update(proofs)


FIRST, SECOND = (Evidence("own.claim", "check", "step", "held", name, digest="present") for name in ("first", "second"))


def present(rows: list[Evidence]) -> list[Evidence]:
    """The rows with the digest of the claim's proof where they ask for it."""
    return [replace(row, digest=DERIVATIONS["own.claim"].digest) if row.digest == "present" else row for row in rows]


@pytest.mark.parametrize("probability", ["1/10", "1/2", "9/10", "99/100", "0.999"])
def test_support_is_the_one_sided_exact_binomial_test(probability: str) -> None:
    p = Fraction(probability)
    decided = set()
    for trials in (1, 2, 5, 10, 28, 29, 59, 100, 298, 299):
        for successes in sorted({0, trials // 2, *range(max(0, trials - 6), trials + 1)}):
            pvalue = binomtest(successes, trials, float(p), alternative="greater").pvalue
            assert abs(pvalue - 0.05) > 1e-9
            assert supports(successes, trials, p) == (pvalue <= 0.05)
            decided.add(supports(successes, trials, p))
    assert decided == ({True, False} if p < Fraction(999, 1000) else {False})


def test_twenty_nine_successes_establish_nine_tenths_and_twenty_eight_do_not() -> None:
    """0.9^28 = 0.0523, 0.9^29 = 0.0471."""
    assert supports(29, 29, Fraction(9, 10))
    assert not supports(28, 28, Fraction(9, 10))
    assert not supports(28, 29, Fraction(9, 10))


def test_no_number_of_trials_establishes_certainty_and_no_trial_establishes_anything() -> None:
    assert not supports(10**4, 10**4, Fraction(1))
    assert not supports(0, 0, Fraction(1, 2))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], Status.STATED),
        ([replace(INSTANCE, outcome="skipped")], Status.STATED),
        ([replace(INSTANCE, statement="another.claim")], Status.STATED),
        ([TRIALS], Status.SUPPORTED),
        ([TRIALS, replace(TRIALS, successes=80)], Status.UNDECIDED),
        ([replace(TRIALS, successes=80)], Status.UNDECIDED),
        ([TRIALS, INSTANCE], Status.CERTIFIED),
        ([INSTANCE], Status.CERTIFIED),
        ([FIRST, SECOND], Status.DERIVED),
        ([FIRST, replace(SECOND, digest="of other sources")], Status.STATED),
        ([FIRST, replace(SECOND, digest="")], Status.STATED),
        ([FIRST, replace(SECOND, outcome="skipped"), INSTANCE], Status.CERTIFIED),
        ([FIRST, SECOND, replace(INSTANCE, outcome="undecided")], Status.UNDECIDED),
        ([FIRST, SECOND, replace(INSTANCE, outcome="refuted")], Status.REFUTED),
        ([INSTANCE, replace(INSTANCE, outcome="undecided"), replace(TRIALS, outcome="refuted")], Status.REFUTED),
    ],
)
def test_evidence_adds_up(rows: list[Evidence], expected: Status) -> None:
    assert status_of(CLAIM, present(rows)) is expected
    assert status_of(CLAIM, present(rows)[::-1]) is expected


def test_half_of_the_steps_derive_nothing_and_words_alone_prove_nothing() -> None:
    assert status_of(CLAIM, present([FIRST])) is Status.STATED
    wordy = prove(Statement("t.wordy", "t", "t", Source("mine"), "derived here"))
    assert not wordy.machine_steps
    assert status_of(STATEMENTS["t.wordy"], held(wordy, "last")) is not Status.DERIVED
    del DERIVATIONS["own.claim"]
    assert status_of(CLAIM, [FIRST, SECOND]) is not Status.DERIVED


def test_a_step_by_coq_counts_only_if_coq_accepted_its_theorem() -> None:
    proof = prove(Statement("t.coq", "t", "t", Source("mine"), "derived here"), machine("first"), by_coq("second", "claim", "File.theorem"))
    rows = held(proof, "first", "second")
    assert status_of(STATEMENTS["t.coq"], rows) is not Status.DERIVED
    assert status_of(STATEMENTS["t.coq"], rows, frozenset({"File.theorem"})) is Status.DERIVED


def test_a_changed_statement_makes_its_stored_steps_stale() -> None:
    rows = present([FIRST, SECOND])
    STATEMENTS["own.claim"] = replace(CLAIM, text="another text")
    assert status_of(STATEMENTS["own.claim"], rows) is Status.STATED


def test_a_status_is_firm_only_if_all_that_its_proof_uses_is() -> None:
    for identifier, uses, to_state in (("t.a", (), ()), ("t.b", ("t.a",), ()), ("t.c", ("t.b",), ()), ("t.d", (), ("t.a",))):
        prove(Statement(identifier, "t", "t", Source("mine"), "derived here", uses=uses, uses_to_state=to_state), machine("s"))
    derived = [row for x in "abcd" for row in held(DERIVATIONS[f"t.{x}"], "s")]
    assert all(statuses(derived)[f"t.{x}"] == (Status.DERIVED, True) for x in "abcd")
    without = [row for row in derived if row.statement != "t.a"]
    computed = statuses([*without, Evidence("t.a", "check", "trials", "held", "", 100, 100, "1/2")])
    assert computed["t.a"] == (Status.SUPPORTED, True)
    assert computed["t.b"] == computed["t.c"] == (Status.DERIVED, False)
    assert computed["t.d"] == (Status.DERIVED, True)
    refuted = statuses([*without, Evidence("t.a", "check", "instances", "refuted", counterexample="x = 0")])
    assert refuted["t.a"] == (Status.REFUTED, True)
    assert not refuted["t.c"][1]


def test_without_evidence_everything_is_only_stated() -> None:
    assert {status for status, _ in statuses([]).values()} == {Status.STATED}


def test_statuses_have_one_order_and_distinct_marks() -> None:
    order = [Status.REFUTED, Status.UNDECIDED, Status.STATED, Status.SUPPORTED, Status.CERTIFIED, Status.DERIVED, Status.FORMALISED]
    assert sorted(Status, key=lambda status: status.strength) == order
    assert len({status.sign for status in Status}) == len(Status)


rows = st.builds(
    dict,
    statement=st.sampled_from(["a.b", "c.d"]), check=st.text(max_size=4), kind=st.sampled_from(["instances", "step"]),
    outcome=st.sampled_from(OUTCOMES), detail=st.text(max_size=4), counterexample=st.text(max_size=5),
    figures=st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
)  # fmt: skip


@settings(deadline=None, derandomize=True, max_examples=40)
@given(st.lists(rows, max_size=5), st.randoms(use_true_random=False))
def test_evidence_survives_storage_and_equal_evidence_gives_equal_bytes(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[dict], random: object
) -> None:
    evidence = [Evidence(**row) for row in drawn] + [TRIALS]
    path = tmp_path_factory.mktemp("evidence") / "deep" / "evidence.json"
    write_evidence(evidence, path)
    stored = read_evidence(path)
    assert len(stored) == len(evidence)
    assert all(row in stored for row in evidence)
    first = path.read_bytes()
    random.shuffle(evidence)  # pyright: ignore[reportAttributeAccessIssue]
    write_evidence(evidence, path)
    assert path.read_bytes() == first
    assert [entry.name for entry in path.parent.iterdir()] == ["evidence.json"]


def test_no_file_is_no_evidence(tmp_path: Path) -> None:
    assert read_evidence(tmp_path / "missing.json") == []


DAMAGED = {
    "cut short": '[{"statement": "a',
    "not JSON": "hello",
    "a number": "3",
    "rows that are numbers": "[1]",
    "null": "null",
    "an unknown field": json.dumps([{"statement": "a", "check": "c", "kind": "step", "outcome": "held", "status": "derived"}]),
    "a missing field": json.dumps([{"statement": "a"}]),
    "an unknown outcome": json.dumps([{"statement": "a", "check": "c", "kind": "step", "outcome": "proved"}]),
    "more successes than trials": json.dumps(
        [{"statement": "a", "check": "c", "kind": "trials", "outcome": "held", "trials": 3, "successes": 4, "probability": "1/2"}]
    ),
    "a probability that is no number": json.dumps(
        [{"statement": "a", "check": "c", "kind": "trials", "outcome": "held", "trials": 3, "successes": 3, "probability": "high"}]
    ),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_file_is_refused_with_its_path_and_the_remedy(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "evidence.json"
    path.write_text(DAMAGED[damage], encoding="utf-8")
    with pytest.raises(BadFile) as refused:
        read_evidence(path)
    assert str(path) in str(refused.value)
    assert "delete it and run `python -m checks` again" in str(refused.value)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "evidence.json"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadFile):
        read_evidence(path)


def test_evidence_of_unknown_kind_or_outcome_is_refused_with_the_known_ones() -> None:
    for kind, outcome in (("proof", "held"), ("step", "proved")):
        with pytest.raises(BadInput) as refused:
            Evidence("a.b", "check", kind, outcome)
        assert all(word in str(refused.value) for word in (*KINDS, *OUTCOMES))
