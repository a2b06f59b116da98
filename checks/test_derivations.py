"""Every machine step of every proof: the step is proved, and the false variant beside it is not."""

import time

import pytest

from checks.evidence import Recorder
from theory.derivation import DERIVATIONS, Derivation, Step
from theory.verdict import Verdict


class Undecided(Exception):
    """A decision procedure gave up; a check that crashes leaves its statement undecided."""


STEPS = [
    pytest.param(derivation, step, marks=pytest.mark.statement(derivation.statement), id=f"{derivation.statement}-{step.name}")
    for derivation in DERIVATIONS.values()
    for step in derivation.machine_steps
    if step.method != "coq"
]


@pytest.mark.parametrize(("derivation", "step"), STEPS)
def test_proof_step(derivation: Derivation, step: Step, evidence: Recorder) -> None:
    assert step.check is not None
    started = time.perf_counter()
    verdict = step.check()
    seconds = time.perf_counter() - started
    if verdict is Verdict.UNDECIDED:
        raise Undecided(f"{derivation.statement}, step {step.name!r}: the {step.method} could not tell")
    assert verdict is Verdict.PROVED, f"{derivation.statement}, step {step.name!r} is false: {step.claim}"
    assert step.false_variant is not None
    assert step.false_variant() is not Verdict.PROVED, f"{derivation.statement}, step {step.name!r}: a false variant is proved too"
    evidence.step(step.name, derivation.digest, {"method": step.method, "domain": step.domain, "seconds": f"{seconds:.2f}"})
