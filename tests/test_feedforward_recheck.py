"""The re-checker accepts what is certified of feedforward tickets and refuses every tampering and every faulty builder."""

import base64
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from checks.kernel import term
from checks.recheck import Refused, check, recheck
from checks.recheck.document import sha256
from numerics.feedforward import FeedforwardCertificate, certify_feedforward
from numerics.feedforward.certificate import digests
from numerics.feedforward.load import decoded_floats, read_ticket
from tests.small_feedforward import EVERYTHING, inputs_of, random_feedforward, ticket_of, tiny_certificate
from tests.tampering import Document, changed, copy, field_changes, leaves, refuses


@pytest.fixture(scope="module")
def certificate() -> FeedforwardCertificate:
    return tiny_certificate()


def everything(epsilon: str, radius: Fraction) -> FeedforwardCertificate:
    target = random_feedforward((2, 6, 6), EVERYTHING)
    return certify_feedforward(target, ticket_of(target), epsilon, inputs_of(target, 2), radius)


def forge(document: Document) -> Document:
    """Recompute every digest, as a forger would."""
    document["digests"] = digests(document)
    document["digests"]["certificate"] = sha256(document)
    return document


def alterations(path: tuple[Any, ...], value: Any) -> Iterator[Any]:
    """Other values for a leaf: numbers up and down, every bit of what is encoded."""
    if isinstance(value, bool):
        yield not value
    elif value is None:
        yield [0]
    elif isinstance(value, int):
        yield from (value + 1, value - 1)
    elif path[-1] in ("second", "constant", "moves", "constant_moves", "weights", "bias") or "inputs" in path:
        content = base64.b64decode(value)
        for i, byte in enumerate(content):
            for bit in range(8):
                yield base64.b64encode(content[:i] + bytes([byte ^ 1 << bit]) + content[i + 1 :]).decode()
        yield value + "\n"
        yield base64.b64encode(content + b"\0").decode()
    elif path[0] == "digests":
        yield from (value[:i] + f"{int(digit, 16) ^ 1:x}" + value[i + 1 :] for i, digit in enumerate(value))
    elif "/" in value and path[0] != "format":
        fraction = Fraction(value)
        step = Fraction(1, fraction.denominator)
        for other in (fraction + step, fraction - step, -fraction, 2 * fraction):
            if other != fraction:
                yield f"{other.numerator}/{other.denominator}"
    else:
        yield value + "1"


@pytest.mark.parametrize(("epsilon", "radius"), [("10", Fraction(0)), ("1/10", Fraction(0)), ("1/5", Fraction(1, 100))])
def test_an_untouched_certificate_is_accepted_with_its_claim(epsilon: str, radius: Fraction, tmp_path: Path) -> None:
    made = everything(epsilon, radius)
    assert made.holds
    made.save(tmp_path / "certificate.json")
    claims = recheck(tmp_path / "certificate.json")
    assert claims["error_bound"] == made.error_bound
    assert ("every x with entries" in claims["says"]) == (made.claim == "every input")


def test_every_changed_number_text_and_bit_is_refused(certificate: FeedforwardCertificate) -> None:
    count = 0
    for path, value in leaves(certificate.data):
        for other in alterations(path, value):
            count += 1
            assert refuses(changed(certificate.data, path, other)), f"{path}: {value} → {other} was accepted"
    assert count > 1000


def true_of_its_numbers(document: Document) -> bool:
    """Whether the builder certifies just this of the numbers in the document."""
    target, ticket = read_ticket(document)
    points = document["points"]
    inputs = np.stack([decoded_floats(text, target.graph.shape) for text in points["inputs"]])
    again = certify_feedforward(target, ticket, Fraction(document["epsilon"]), inputs, Fraction(points["radius"]))
    return again.data == document


def test_a_forger_who_recomputes_all_digests_can_state_only_what_is_true_of_the_numbers(certificate: FeedforwardCertificate) -> None:
    accepted, tried = set(), 0
    for path, value in leaves(certificate.data):
        if path[0] == "digests":
            continue
        for other in alterations(path, value):
            tried += 1
            forged = forge(changed(certificate.data, path, other))
            if not refuses(forged):
                accepted.add(path[0])
                assert true_of_its_numbers(forged), (path, other)
    assert tried > 1000
    assert accepted <= {"name", "epsilon", "layers", "graph", "key", "target", "points"}
    assert not accepted & {"network", "claim", "error_bound", "box"}


def test_stated_numbers_that_are_not_exact_are_refused(certificate: FeedforwardCertificate) -> None:
    """Every stated number up or down by one unit, digests recomputed."""
    for path, value in leaves(certificate.data):
        if path[-1] in ("gain", "offset", "worst", "error", "reach", "extent", "error_bound", "says_nothing", "claim") or "bounds" in path:
            for other in alterations(path, value):
                assert refuses(forge(changed(certificate.data, path, other))), path


def test_every_removed_and_every_added_field_is_refused(certificate: FeedforwardCertificate) -> None:
    for path, name, broken in field_changes(certificate.data):
        assert refuses(broken), (path, name)


def test_parts_of_another_ticket_are_refused(certificate: FeedforwardCertificate) -> None:
    other = tiny_certificate(key=1).data
    for part in ("key", "layers", "points", "network"):
        mixed = copy(certificate.data)
        mixed[part] = copy(other[part])
        if mixed[part] != certificate.data[part]:
            assert refuses(forge(mixed)), part


@pytest.mark.parametrize(
    "change",
    [
        lambda graph: graph["operations"][0].update(padding=[30000, 30000]),
        lambda graph: graph.update(shape=[1, 65536, 65536]),
        lambda graph: graph["operations"].insert(
            1, {"kind": "max_pool", "source": 0, "kernel": [4000, 4000], "stride": [1, 1], "padding": [2000, 2000]}
        ),
        lambda graph: graph["operations"][0].update(groups=3),
        lambda graph: graph.update(nonlinearity="abs"),
    ],
)
def test_a_small_file_cannot_ask_for_hours_of_work_or_for_what_makes_no_sense(certificate: FeedforwardCertificate, change: Any) -> None:
    huge = copy(certificate.data)
    change(huge["graph"])
    with pytest.raises(Refused) as refusal:
        check(forge(huge))
    assert refusal.value.code == 2


def border_pixels(values: np.ndarray, padding: tuple[int, int], _: int) -> np.ndarray:
    """Padding by the border's pixels instead of zeros."""
    return np.pad(values, ((0, 0), (0, 0), *((p, p) for p in padding)), mode="edge")


@pytest.mark.parametrize(
    ("place", "faulty"),
    [
        ("numerics.feedforward.errors.ExactLayer.gain", property(lambda self: Fraction(0))),
        ("numerics.feedforward.errors.ExactLayer.offset", property(lambda self: Fraction(1, 1 << 40))),
        ("numerics.feedforward.bounds.BITS", 32),
        ("numerics.feedforward.difference.padded", border_pixels),
        ("numerics.feedforward.balls._relu", lambda x: x),
    ],
)
def test_a_faulty_builder_is_caught(place: str, faulty: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted faults: a gain that is too small, a wrong offset, coarse rounding, padding by the border's pixels, a forgotten ReLU."""
    check(copy(tiny_certificate().data))
    monkeypatch.setattr(place, faulty)
    with pytest.raises(Refused):
        check(copy(tiny_certificate().data))


def test_a_bias_lost_at_the_border_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The published code's fault: biases that reach the border in part. Its sums then are not those of the masks."""
    from numerics.feedforward.ticket import FeedforwardTicket

    original = FeedforwardTicket.constants

    def lost(self: FeedforwardTicket, layer: int) -> tuple:
        low, high = original(self, layer)
        return low * 4 // 9, high * 4 // 9

    monkeypatch.setattr(FeedforwardTicket, "constants", lost)
    with pytest.raises(Refused, match="offset is stated"):
        check(copy(tiny_certificate().data))


def test_a_last_layer_that_is_copied_instead_of_built_is_refused(certificate: FeedforwardCertificate) -> None:
    """The published code takes the target's own: neither a layer left out nor one without masks passes for one without error."""
    check(copy(certificate.data))
    left_out = copy(certificate.data)
    left_out["layers"].pop()
    empty = copy(certificate.data)
    for name in ("second", "constant"):
        empty["layers"][-1][name] = "A" * len(empty["layers"][-1][name].rstrip("=")) + "=" * empty["layers"][-1][name].count("=")
    perfect = copy(empty)
    perfect["layers"][-1] |= dict.fromkeys(("gain", "offset", "worst", "error"), "0/1")
    for copied in (left_out, empty, perfect):
        with pytest.raises(Refused):
            check(forge(copied))


def test_the_kernels_checker_says_that_it_does_not_speak_of_feedforward_tickets(certificate: FeedforwardCertificate) -> None:
    with pytest.raises(Refused, match="equivariant tickets") as refusal:
        term(copy(certificate.data))
    assert refusal.value.code == 2
