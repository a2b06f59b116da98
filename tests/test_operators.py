"""Tickets in bases of given matrices: irreducible representations under cone_relu, and bases of one's own under relu."""

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from checks.recheck import Refused, check
from checks.strategies import linear_target, random_target
from numerics.certify import Certificate, certify
from numerics.declared import operator_architecture
from numerics.errors import BadTarget, BadTicket
from numerics.execute import run_target, run_ticket
from numerics.network import Target, random_network
from numerics.operators import OperatorArchitecture, OperatorLayer, read_operators, size_of
from numerics.prune import prune
from numerics.random_weights import Key
from numerics.ticket import Ticket
from tests.tampering import changed, copy, forge
from theory import GroupInstantiation, Source, dihedral_irreducible, rotation_irreducible
from theory.errors import BadInput
from theory.instantiation import instantiation

EPSILON, DEEP_EPSILON = Fraction(1, 100), Fraction(1, 25)


@dataclass(frozen=True)
class Pentagon(GroupInstantiation):
    """1 ⊕ V_1 ⊕ V_1 ⊕ V_2 for the dihedral group of order 10: entries in Q(√5) and Q(√(10 - 2√5))."""

    source = Source("mine")
    nonlinearity = "cone_relu"

    def group(self):
        return dihedral_irreducible(5, 1).group

    def representation(self):
        first, second = dihedral_irreducible(5, 1), dihedral_irreducible(5, 2)
        return first.group.trivial() + first + first + second


@dataclass(frozen=True)
class Vectors(GroupInstantiation):
    """1 ⊕ V ⊕ V for the rotations of space."""

    source = Source("mine")
    nonlinearity = "cone_relu"

    def group(self):
        return rotation_irreducible(1).group

    def representation(self):
        vectors = rotation_irreducible(1)
        return vectors.group.trivial() + vectors + vectors


def built(name: str) -> tuple[Target, Ticket, Certificate]:
    kind = name.removeprefix("deep ")
    declared = {"pentagon": Pentagon, "vectors": Vectors}.get(kind, lambda: instantiation("tensors(n=3, order=2, basis='partitions')"))()
    assert isinstance(declared, GroupInstantiation)
    if kind == name:
        target = linear_target(declared, seed=0, channels_in=2, channels_out=2)
    else:
        target = random_target(operator_architecture(declared, (2, 3, 1, 2)), seed=0)
    ticket = prune(target, random_network(target.architecture, Key(0), 48), samples=20)
    return target, ticket, certify(target, ticket, EPSILON if kind == name else DEEP_EPSILON)


@pytest.fixture(scope="module", params=["pentagon", "vectors", "partitions", "deep pentagon", "deep vectors", "deep partitions"])
def case(request: pytest.FixtureRequest) -> tuple[Target, Ticket, Certificate]:
    return built(request.param)


def described(document: dict) -> dict:
    return document["architecture"]["operators"]


def test_a_ticket_is_certified_and_re_checked_by_other_code(case):
    target, _, certificate = case
    assert certificate.holds
    found = check(copy(certificate.data))
    assert found["error_bound"] == certificate.error_bound
    assert found["says"].endswith("exactly equivariant")
    assert isinstance(target.architecture, OperatorArchitecture)


def test_the_bound_holds_and_both_networks_commute_with_the_group(case):
    target, ticket, certificate = case
    layer = target.architecture.layers[0]
    assert isinstance(layer, OperatorLayer)
    a = layer.architecture
    x = np.random.default_rng(0).normal(size=(40, a.channels[0], a.dimension))
    x /= np.linalg.norm(x.reshape(len(x), -1), axis=1)[:, None, None]
    errors = np.linalg.norm((run_ticket(ticket, x) - run_target(target, x)).reshape(len(x), -1), axis=1)
    assert 0 < errors.max() <= float(certificate.error_bound)
    assert target.architecture.depth == len(a.channels) - 1
    theta = float(sum(a.interval)) / 2
    for generator in a.generators:
        matrix = np.zeros((a.dimension, a.dimension))
        for row, column, number in generator:
            matrix[row, column] = sum(float(c) * theta**i for i, c in enumerate(number))
        moved = run_ticket(ticket, x @ matrix.T)
        np.testing.assert_allclose(moved, run_ticket(ticket, x) @ matrix.T, atol=1e-12)


def test_norms_are_those_of_the_matrices_or_more(case):
    target, _, certificate = case
    layer = target.architecture.layers[0]
    assert isinstance(layer, OperatorLayer)
    true = np.linalg.norm(layer.matrix(target.layers[0].coefficients), 2)
    stated = Fraction(certificate.data["layers"][0]["norm"])
    assert true <= float(stated) <= 8 * true
    for k, places in enumerate(layer.sizes):
        assert all(
            abs(layer.dense_operators[k, y, x]) <= size / 2**32 <= abs(layer.dense_operators[k, y, x]) + 1e-9 for y, x, size in places
        )


def test_a_ticket_file_gives_the_ticket_back(case, tmp_path: Path):
    _, ticket, _ = case
    path = tmp_path / "ticket.safetensors"
    ticket.save(path)
    again = Ticket.load(path)
    assert again.digests() == ticket.digests()
    assert again.network.architecture == ticket.network.architecture


def test_every_number_of_the_architecture_matters():
    _, _, certificate = built("pentagon")
    document = certificate.data
    for name in ("generators", "operators"):
        matrices = described(document)[name]
        for i, matrix in enumerate(matrices):
            path = ("architecture", "operators", name, i, len(matrix) - 1, 2)
            with pytest.raises(Refused):
                check(forge(changed(document, path, "7/3")))
    for row in described(document)["operators"]:
        assert row  # none of the operators is zero


def test_what_makes_sigma_commute_is_checked():
    _, _, certificate = built("pentagon")
    document = certificate.data
    stretched = copy(document)
    for entry in described(stretched)["generators"][0][1:]:
        entry[2:] = [f"{2 * Fraction(c)}" if "/" in f"{2 * Fraction(c)}" else f"{2 * Fraction(c)}/1" for c in entry[2:]]
    with pytest.raises(Refused, match="generator 0 is not orthogonal"):
        check(forge(stretched))
    with pytest.raises(Refused, match="is no permutation, with which relu commutes"):
        check(forge(changed(document, ("architecture", "nonlinearity"), "relu")))
    with pytest.raises(Refused, match="the nonlinearity relu or cone_relu was expected"):
        check(forge(changed(document, ("architecture", "nonlinearity"), "tanh")))
    _, _, lie = built("vectors")
    symmetric = copy(lie.data)
    assert described(symmetric)["derivatives"]
    matrix = described(symmetric)["derivatives"][0]
    matrix[0][2] = matrix[1][2] = "1/1"
    with pytest.raises(Refused, match="derivative 0 is not antisymmetric"):
        check(forge(symmetric))
    empty = copy(lie.data)
    described(empty)["generators"], described(empty)["derivatives"] = [], []
    with pytest.raises(Refused, match="at least one operator and one generator were expected"):
        check(forge(empty))


def test_the_field_needs_a_root_and_the_basis_the_identity():
    _, _, certificate = built("pentagon")
    document = certificate.data
    low, high = described(document)["field"]["interval"]
    for interval, message in ((["5/1", "6/1"], "does not change its sign"), ([high, low], "a monic polynomial and an interval")):
        with pytest.raises(Refused, match=message):
            check(forge(changed(document, ("architecture", "operators", "field", "interval"), interval)))
    wide = changed(document, ("architecture", "operators", "field", "interval"), [f"{int(Fraction(low)) - 1}/1", high])
    with pytest.raises(Refused):  # wider enclosures give larger norms than stated, or no change of sign
        check(forge(wide))
    other = copy(document)
    operators = described(other)["operators"]
    identity = next(k for k, matrix in enumerate(operators) if len(matrix) == 7 and all(y == x for y, x, *_ in matrix))
    operators[identity] = operators[identity - 1]
    with pytest.raises(Refused, match="none is the identity map"):
        check(forge(other))


def test_sigma_stands_between_the_layers_of_a_deep_network():
    """Without it, or with relu in its place, the target is another function: none of the layers acts on its input alone."""
    target, _, certificate = built("deep pentagon")
    x = np.random.default_rng(0).normal(size=(20, 2, 7))
    by_hand = x
    for i, (layer, numbers) in enumerate(zip(target.architecture.layers, target.layers, strict=True)):
        assert isinstance(layer, OperatorLayer)
        by_hand = (by_hand.reshape(20, -1) @ layer.matrix(numbers.coefficients).T).reshape(20, -1, 7)
        if i + 1 < target.architecture.depth:
            by_hand = np.stack([[nearest_in_the_cone(v) for v in signal] for signal in by_hand])
    np.testing.assert_allclose(run_target(target, x), by_hand, atol=1e-12)
    document = certificate.data
    assert described(document)["channels"] == [2, 3, 1, 2]
    for channels in ([2, 3, 1], [2, 3, 2, 2], [2, 3, 1, 2, 2], [2]):
        with pytest.raises(Refused):
            check(forge(changed(document, ("architecture", "operators", "channels"), channels)))


def nearest_in_the_cone(v: np.ndarray) -> np.ndarray:
    """The point of the cone ‖y‖ ≤ s nearest to (s, y), by its two edges in the plane of the axis and v."""
    s, r = v[0], np.linalg.norm(v[1:])
    along = max(0.0, (s + r) / 2)  # the projection onto the ray through (1, y/‖y‖), in units of it
    return v if r <= s else along * np.concatenate([[1.0], v[1:] / r])


def test_a_claim_for_inputs_without_negative_entries_is_refused_where_sigma_changes_them():
    """Such inputs are no more in the cone than others: this ticket drops what σ makes of -x, and is wrong by thousands of the bound."""
    target, _, _ = built("pentagon")
    with pytest.raises(BadTarget, match="the nonlinearity is cone_relu, which changes some of them; leave nonnegative out"):
        replace(target, nonnegative=True)
    object.__setattr__(target, "nonnegative", True)
    ticket = prune(target, random_network(target.architecture, Key(0), 48), samples=20, strategy="positive")
    certificate = certify(target, ticket, EPSILON)
    x = np.abs(np.random.default_rng(0).normal(size=(40, 2, 7)))
    x[:, :, 0] = 0
    x /= np.linalg.norm(x.reshape(40, -1), axis=1)[:, None, None]
    errors = np.linalg.norm((run_ticket(ticket, x) - run_target(target, x)).reshape(40, -1), axis=1)
    assert errors.max() > 1000 * float(certificate.error_bound)
    with pytest.raises(Refused, match="inputs: cone_relu does not pass every input without negative entries unchanged"):
        check(copy(certificate.data))


def test_a_ticket_of_another_basis_order_is_refused():
    _, _, certificate = built("pentagon")
    other = copy(certificate.data)
    operators = described(other)["operators"]
    operators.reverse()
    with pytest.raises(Refused):
        check(forge(other))


def test_sizes_are_rounded_up_from_an_enclosure():
    around_root_two = (Fraction(7, 5), Fraction(3, 2))
    assert size_of((Fraction(0), Fraction(1)), around_root_two) == 3 << 31
    assert size_of((Fraction(-2), Fraction(1)), around_root_two) == -(-(3 << 32) // 5)
    assert size_of((Fraction(1, 3),), around_root_two) == -(-(1 << 32) // 3)


def test_nonlinearities_without_the_lemma_and_bases_without_identity_are_refused():
    with pytest.raises(BadInput, match="relu or cone_relu was expected"):
        operator_architecture(instantiation_with("norm_relu"), (1, 1))
    good = operator_architecture(Pentagon(), (1, 1))
    rest = tuple(operator for k, operator in enumerate(good.operators) if k != good.identity)
    with pytest.raises(BadInput, match="none of the operators is the identity"):
        OperatorArchitecture(
            good.nonlinearity, good.modulus, good.interval, good.dimension, good.generators, good.derivatives, rest, good.channels
        )


def instantiation_with(nonlinearity: str) -> GroupInstantiation:
    declared = Pentagon()
    object.__setattr__(declared, "nonlinearity", nonlinearity)
    return declared


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("dimension", 10**6),
        *(("channels", channels) for channels in ([1], [1, 0], [1, 2, 0], [1] * 1002)),
        ("operators", [[[0, 0, "1/0"]]]),
        ("operators", [[[0, 99, "1/1"]]]),
    ],
)
def test_a_hostile_ticket_header_is_refused(tmp_path: Path, field: str, value: object, monkeypatch: pytest.MonkeyPatch):
    _, ticket, _ = built("vectors")
    description = ticket.network.architecture.description()
    broken = copy(description)
    broken["operators"][field] = value
    monkeypatch.setattr(OperatorArchitecture, "description", lambda self: broken)
    path = tmp_path / "ticket.safetensors"
    ticket.save(path)
    monkeypatch.undo()
    with pytest.raises(BadTicket):
        Ticket.load(path)
    assert read_operators(description) == ticket.network.architecture
