"""Tickets of two layers over representations by matrices: σ between the layers, certified, re-checked, sampled."""

from pathlib import Path

import numpy as np
import pytest

from checks.evidence import Recorder
from checks.recheck import recheck
from checks.strategies import random_target
from numerics.certify import certify
from numerics.declared import operator_architecture
from numerics.execute import run_target, run_ticket
from numerics.network import random_network
from numerics.operators import OperatorArchitecture
from numerics.prune import prune
from numerics.random_weights import Key
from theory.common_field import is_algebraic
from theory.equivariance import properties
from theory.instantiation import GroupInstantiation
from theory.representation import PermutationRepresentation
from theory.verdict import Verdict

INPUTS = 20


def architecture_of(declared: GroupInstantiation) -> OperatorArchitecture:
    """Two layers between one, two and one copies of the hidden space, if it is given by matrices and Lemma A4 applies."""
    hidden = declared.hidden_representation()
    if isinstance(hidden, PermutationRepresentation):
        pytest.skip("on permuted points deep tickets are built from indicators of orbits")
    if any(known.verdict is not Verdict.PROVED for known in properties(declared.nonlinearity, hidden, repr(declared))):
        pytest.skip(f"Lemma A4 does not apply to {declared.nonlinearity}")
    if not all(is_algebraic(number) for matrix in hidden.matrices + hidden.derivatives for number in matrix.numbers()):
        pytest.skip("entries not seen to be algebraic")
    return operator_architecture(declared, (1, 2, 1))


@pytest.mark.statement("companion.A4", "companion.A5")
def test_a_ticket_of_two_layers_over_matrices_is_within_its_certified_bound(
    declared: GroupInstantiation, evidence: Recorder, tmp_path: Path
) -> None:
    architecture = architecture_of(declared)
    target = random_target(architecture, seed=7)
    ticket = prune(target, random_network(architecture, Key(7), 20), samples=12)
    certificate = certify(target, ticket, "100")
    certificate.save(tmp_path / "certificate.json")
    assert recheck(tmp_path / "certificate.json")["error_bound"] == certificate.error_bound
    x = np.random.default_rng(7).normal(size=(INPUTS, 1, architecture.dimension))
    x /= np.linalg.norm(x, axis=2, keepdims=True)
    found = float(np.linalg.norm((run_ticket(ticket, x) - run_target(target, x)).reshape(INPUTS, -1), axis=1).max())
    assert 0 < found <= float(certificate.error_bound) * (1 + 1e-9) + 1e-12
    evidence.instances(
        f"a ticket of two layers over {declared!r}, {INPUTS} inputs in float64",
        {"largest sampled / certified": f"{found / float(certificate.error_bound):.3g}"},
    )
