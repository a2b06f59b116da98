"""The re-checker accepts structured certificates and refuses every tampering, and what is none."""

from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from checks.recheck import Refused, check, recheck
from checks.recheck.document import canonical
from checks.structured_examples import ARCHITECTURES, structured_certificate
from numerics.layer import LayerShape
from tests.tampering import Document, changed, copy, field_changes, forge, leaves, refuses


@pytest.fixture(scope="module", params=list(ARCHITECTURES))
def document(request: pytest.FixtureRequest) -> Document:
    return structured_certificate(request.param).data


@pytest.fixture(scope="module")
def flat() -> Document:
    return structured_certificate("flattening").data


def test_what_the_builder_certifies_is_accepted(document: Document, tmp_path: Path) -> None:
    path = tmp_path / "certificate.json"
    path.write_text(canonical(document) + "\n", encoding="ascii")
    claims = recheck(path)
    assert claims["error_bound"] == Fraction(document["error_bound"])
    assert "whole channels kept or removed" in claims["says"]


def test_every_changed_number_is_refused_even_if_the_digests_are_forged(document: Document) -> None:
    """One leaf of each kind of place: numbers go up by one, rationals too, masks lose or gain a channel."""
    seen = set()
    for path, value in leaves(document):
        kind = tuple(step for step in path if isinstance(step, str))
        if kind in seen or kind[0] in ("digests", "epsilon", "name", "format"):
            continue
        if isinstance(value, bool) or value is None:
            continue
        if isinstance(value, int):
            other: Any = value + 1
        elif "/" in value:
            other = str(Fraction(value) + 1) if Fraction(value).denominator > 1 else f"{Fraction(value) + 1}/1"
        elif ":" in value:
            count, _, mask = value.partition(":")
            other = f"{count}:{int(mask[0], 16) ^ 8:x}{mask[1:]}"
        else:
            other = "1" if kind == ("key", "key") else value + "x"
        seen.add(kind)
        with pytest.raises(Refused):
            check(forge(changed(document, path, other)))
    assert len(seen) >= 18


def test_every_removed_and_every_added_field_is_refused(document: Document) -> None:
    for path, name, broken in field_changes(document):
        assert refuses(broken), (path, name)


def test_a_digest_that_does_not_match_is_refused(document: Document) -> None:
    for name in document["digests"]:
        with pytest.raises(Refused, match="does not match"):
            check(changed(document, ("digests", name), "0" * 64))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("format",), "structured-ticket-certificate/0"),
        (("name",), "two words"),
        (("key", "law"), "uniform"),
        (("key", "grid_bits"), 23),
        (("key", "key"), "-1"),
        (("key", "widths"), [24]),
        (("key", "constants"), [20, 1 << 21]),
        (("radius",), "0/1"),
        (("epsilon",), "-1/2"),
        (("layers",), []),
        (("target", "layers"), {}),
        (("architecture", "layers"), []),
        (("architecture", "layers", 0), 3),
        (("architecture", "layers", 0, "blocks"), []),
        (("architecture", "layers", 0, "blocks"), [{"channel": 2, "outputs": [0]}]),
        (("architecture", "layers", 0, "blocks", 0, "outputs"), [1, 0]),
        (("architecture", "layers", 0, "blocks", 0, "outputs"), [0, 0]),
        (("architecture", "layers", 0, "bias_blocks", 0), []),
        (("architecture", "layers", 0, "domain", "images"), [[0, 1, 1]]),
        (("architecture", "layers", 0, "domain", "sharing"), []),
        (("architecture", "layers", 0, "domain", "channels"), 1 << 20),
        (("architecture", "nonlinearity"), "tanh"),
        (("layers", 0, "masks", "hidden"), "48:00"),
        (("layers", 0, "channels"), -1),
    ],
)
def test_hostile_input_ends_with_code_2(flat: Document, path: tuple[Any, ...], value: Any) -> None:
    with pytest.raises(Refused) as refusal:
        check(forge(changed(flat, path, value)))
    assert refusal.value.code == 2


def test_a_layer_that_does_not_take_what_the_one_before_gives_is_refused(flat: Document) -> None:
    other = copy(flat)
    other["architecture"]["layers"][1]["domain"]["channels"] = 7
    with pytest.raises(Refused, match="does not take"):
        check(forge(other))


def test_a_small_file_cannot_ask_for_hours_of_work(flat: Document) -> None:
    points = copy(flat)
    for name in ("domain", "codomain"):
        points["architecture"]["layers"][0][name] |= {"images": [list(range(4096))], "sharing": [], "channels": 1}
    channels = copy(flat)
    for name in ("domain", "codomain"):
        channels["architecture"]["layers"][1][name]["channels"] = 65536
    for document in (points, channels):
        with pytest.raises(Refused) as refusal:
            check(document)
        assert refusal.value.code == 2


def test_a_faulty_builder_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted faults: a norm a little too small, residuals called zero, a channel of negative u added to the wrong sign."""
    original = LayerShape.norm
    monkeypatch.setattr(LayerShape, "norm", lambda *arguments: original(*arguments) * Fraction(999, 1000))
    with pytest.raises(Refused, match="norm is stated"):
        check(copy(structured_certificate("one layer").data))
    monkeypatch.setattr(LayerShape, "norm", original)
    builder = import_module("numerics.structured.certify")
    exact, sums = builder._rationals, builder.channel_sums
    monkeypatch.setattr(builder, "_rationals", lambda values, bits: ["0/1" for _ in exact(values, bits)])
    with pytest.raises(Refused, match="residual"):
        check(copy(structured_certificate("one layer").data))
    monkeypatch.setattr(builder, "_rationals", exact)
    monkeypatch.setattr(builder, "channel_sums", lambda *arguments: tuple(part + 1 for part in sums(*arguments)))
    with pytest.raises(Refused, match="residual"):
        check(copy(structured_certificate("one layer").data))


def test_a_builder_with_another_table_of_the_normal_law_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = import_module("numerics.structured.ticket")
    monkeypatch.setattr(ticket, "table_digest", lambda: "0" * 64)
    with pytest.raises(Refused, match="another digest"):
        check(copy(structured_certificate("one layer").data))


@pytest.mark.parametrize("spaces", [("domain",), ("codomain",), ("domain", "codomain")])
def test_equivariance_for_another_group_than_the_ticket_s_is_refused(spaces: tuple[str, ...]) -> None:
    """The generator that swaps two points is said to leave them in place: the claims are then those of another network."""
    document = structured_certificate("equivariant").data
    assert "exactly equivariant" in str(check(document)["says"])
    for space in spaces:
        assert document["architecture"]["layers"][0][space]["images"] == [[1, 0]]
        document = changed(document, ("architecture", "layers", 0, space, "images", 0), [0, 1])
    with pytest.raises(Refused):
        check(forge(document))
