"""The re-checker accepts what the builder certifies and refuses every tampering."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from checks.recheck import Refused, check, parse, recheck
from checks.recheck.document import canonical, short
from numerics.certify import Certificate, certify
from numerics.layer import LayerShape, Space, trivial
from numerics.network import AffineLayer, Architecture, Target, random_network
from numerics.prune import prune
from numerics.random_weights import Key
from tests.small import (
    small_certificate,
    small_exchanged_certificate,
    small_filter_certificate,
    small_graph_certificate,
    small_mixture_certificate,
)
from tests.tampering import changed, copy, field_changes, forge, leaves, refuses
from theory.decimals import at_least, at_most
from theory.group import PermutationGroup

SMALL = [small_certificate, small_filter_certificate, small_graph_certificate, small_mixture_certificate, small_exchanged_certificate]


@pytest.fixture(scope="module")
def certificate() -> Certificate:
    return small_certificate()


@pytest.fixture(scope="module", params=SMALL)
def any_certificate(request: pytest.FixtureRequest) -> Certificate:
    """Shifts of a ring; a filter with a border; message passing; combinations of a filter's orbits; hidden channels exchanged."""
    return request.param()


def is_mask(path: tuple[Any, ...]) -> bool:
    return "masks" in path and path[0] == "layers" and "reads" not in path


def alterations(path: tuple[Any, ...], value: Any) -> Iterator[Any]:
    """Other values for a leaf: numbers up and down, every bit of a mask, every digit of a digest."""
    if value is None:
        yield from ([], [0], [0, 0], [1, 0], [-1], 0, "0/1", False)
    elif isinstance(value, int):
        yield from (value + 1, value - 1)
    elif is_mask(path):
        start = value.index(":") + 1
        yield f"{int(value[: start - 1]) + 1}{value[start - 1 :]}"
        for i, digit in enumerate(value[start:], start):
            for bit in (1, 2, 4, 8):
                yield value[:i] + f"{int(digit, 16) ^ bit:x}" + value[i + 1 :]
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


def test_an_untouched_certificate_is_accepted(any_certificate: Certificate, tmp_path: Path) -> None:
    any_certificate.save(tmp_path / "certificate.json")
    claims = recheck(tmp_path / "certificate.json")
    assert claims["error_bound"] == any_certificate.error_bound
    assert claims["radius"] == any_certificate.radius


def test_every_changed_number_text_and_mask_bit_is_refused(any_certificate: Certificate) -> None:
    bits_flipped = 0
    for path, value in leaves(any_certificate.data):
        for other in alterations(path, value):
            bits_flipped += is_mask(path)
            assert refuses(changed(any_certificate.data, path, other)), f"{path}: {value} → {other} was accepted"
    masks = [text for layer in any_certificate.data["layers"] for text in layer["masks"].values() if isinstance(text, str)]
    stored = sum(int(text.partition(":")[0]) for text in masks)
    assert bits_flipped >= stored > 0


def weaker_but_true(certificate: Certificate, path: tuple[Any, ...], value: str) -> bool:
    """What a forger may change: another name, or a larger ε, which the bound meets all the more."""
    return path == ("name",) or (path == ("epsilon",) and Fraction(value) >= certificate.error_bound)


def test_every_change_is_refused_even_with_all_digests_recomputed(any_certificate: Certificate) -> None:
    accepted = []
    for path, value in leaves(any_certificate.data):
        if path[0] == "digests":
            continue
        for other in alterations(path, value):
            if not refuses(forge(changed(any_certificate.data, path, other))):
                accepted.append((path, other))
    assert all(weaker_but_true(any_certificate, path, other) for path, other in accepted), accepted
    assert {path[0] for path, _ in accepted} <= {"name", "epsilon"}


def test_an_epsilon_below_the_bound_is_refused(certificate: Certificate) -> None:
    half = certificate.error_bound / 2
    forged = forge(changed(certificate.data, ("epsilon",), f"{half.numerator}/{half.denominator}"))
    with pytest.raises(Refused, match="exceeds epsilon"):
        check(forged)


def test_swapped_keys_masks_targets_and_layers_are_refused(certificate: Certificate) -> None:
    other = small_certificate(key=1).data
    for part in ("key", "target", "layers"):
        mixed = copy(certificate.data)
        mixed[part] = copy(other[part])
        if mixed[part] != certificate.data[part]:
            assert refuses(mixed)
            assert refuses(forge(mixed))
    for i in range(2):
        mixed = copy(certificate.data)
        mixed["layers"][i]["masks"] = copy(other["layers"][i]["masks"])
        assert refuses(forge(mixed))
    swapped = copy(certificate.data)
    swapped["layers"].reverse()
    assert refuses(forge(swapped))


def test_every_removed_and_every_added_field_is_refused(certificate: Certificate) -> None:
    for path, name, broken in field_changes(certificate.data):
        assert refuses(broken), (path, name)


def test_every_truncation_is_refused(certificate: Certificate, tmp_path: Path) -> None:
    path = tmp_path / "certificate.json"
    certificate.save(path)
    content = path.read_bytes()
    for length in range(len(content)):
        path.write_bytes(content[:length])
        with pytest.raises(Refused) as refusal:
            parse(path)
        assert refusal.value.code == 2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a":1,"a":1}', "twice"),
        ('{"a":NaN}', "not exact"),
        ('{"a":1.5}', "not exact"),
        ('{"a":' + "9" * 30 + "}", "digits"),
        ("[" * 100_000, "no valid"),
        ("[]\n", "no JSON object"),
        ('{"b":1, "a":2}\n', "not canonical"),
        ("{}\n", "format"),
    ],
)
def test_what_is_no_certificate_ends_with_code_2(text: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "certificate.json"
    path.write_text(text, encoding="ascii")
    with pytest.raises(Refused, match=reason) as refusal:
        recheck(path)
    assert refusal.value.code == 2


@pytest.mark.parametrize("name", ["", "two words", "a\nACCEPTED b", "x" * 65, "\x1b[2J", "../up", "é"])
def test_a_name_that_could_forge_the_printed_line_is_refused(certificate: Certificate, name: str) -> None:
    with pytest.raises(Refused, match="name: up to 64") as refusal:
        check(forge(changed(certificate.data, ("name",), name)))
    assert refusal.value.code == 2


def test_line_ends_other_than_one_newline_are_refused(certificate: Certificate, tmp_path: Path) -> None:
    path = tmp_path / "certificate.json"
    for end in ("\r\n", "\r", "", "\n\n"):
        path.write_bytes(canonical(certificate.data).encode() + end.encode())
        with pytest.raises(Refused, match="not canonical"):
            recheck(path)


def test_printed_bounds_are_rounded_to_the_safe_side() -> None:
    third = Fraction(1, 3)
    assert Fraction(short(third, ROUND_FLOOR)) < third < Fraction(short(third, ROUND_CEILING))
    assert short(Fraction(10) ** 320) == "1e+320"
    for value in (third, Fraction(2**80, 7), Fraction(1, 10**9), Fraction(0), Fraction(5, 4)):
        assert Fraction(at_most(value)) <= value <= Fraction(at_least(value))
        assert Fraction(at_least(value)) <= value * Fraction(1001, 1000)


def test_a_small_file_cannot_ask_for_hours_of_work(certificate: Certificate) -> None:
    """Many points, or many channels, are refused before anything of that size is computed."""
    points = copy(certificate.data)
    for space in points["architecture"]["spaces"][:2]:
        space["images"] = [list(range(4096))]
    channels = copy(certificate.data)
    channels["architecture"]["spaces"][1]["channels"] = 65536
    for document in (points, channels):
        with pytest.raises(Refused, match="elementary steps") as refusal:
            check(document)
        assert refusal.value.code == 2


def test_a_deep_network_is_certified_and_accepted() -> None:
    point = trivial(PermutationGroup([], degree=1))
    depth = 24
    architecture = Architecture((Space(point, 1),) * (depth + 1))
    layer = AffineLayer(np.array([[[0.75]]]), np.array([[0.125]]))
    target = Target("deep", architecture, (layer,) * depth, Fraction(1))
    deep = certify(target, prune(target, random_network(architecture, Key(0), 30), samples=14), "1")
    assert check(copy(deep.data))["error_bound"] == deep.error_bound


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "checks.recheck", *arguments], capture_output=True, text=True, check=False)


def test_the_command_accepts_refuses_and_says_why(certificate: Certificate, tmp_path: Path) -> None:
    good, bad, missing = (str(tmp_path / name) for name in ("good.json", "bad.json", "missing.json"))
    certificate.save(Path(good))
    Path(bad).write_text(canonical(changed(certificate.data, ("error_bound",), "1/1000000")) + "\n", encoding="ascii")
    accepted, refused, malformed = command(good), command(good, bad), command(missing)
    assert (accepted.returncode, refused.returncode, malformed.returncode) == (0, 1, 2)
    assert accepted.stdout.startswith("ACCEPTED")
    assert "error_bound: 1e-6 is stated" in refused.stdout
    assert "No such file" in malformed.stdout
    assert json.loads(command("--json", good).stdout)[0]["accepted"] is True
    assert command("--quiet", good).stdout == ""
    assert command().returncode == 2


def test_the_rechecker_loads_nothing_but_the_standard_library() -> None:
    others = {"numerics", "theory", "torch", "numpy", "scipy", "sympy", "flint", "mpmath"}
    program = f"import sys, checks.recheck.__main__; print(sorted(set(sys.modules) & {others}))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"


def test_the_folder_works_alone_wherever_it_is_copied(certificate: Certificate, tmp_path: Path) -> None:
    shutil.copytree(import_module("checks.recheck").__path__[0], tmp_path / "recheck")
    certificate.save(tmp_path / "good.json")
    alone = [sys.executable, "-S", "-m", "recheck", "good.json"]
    done = subprocess.run(alone, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("ACCEPTED good.json")


def test_a_faulty_builder_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted faults in the builder: a norm that is a little too small, and a residual that is rounded."""
    original = LayerShape.norm
    monkeypatch.setattr(LayerShape, "norm", lambda *arguments: original(*arguments) * Fraction(999, 1000))
    with pytest.raises(Refused, match="norm is stated"):
        check(copy(small_certificate().data))
    monkeypatch.setattr(LayerShape, "norm", original)
    builder = import_module("numerics.certify")
    exact = builder._rationals
    monkeypatch.setattr(builder, "_rationals", lambda values, bits: [f"{0}/1" for _ in exact(values, bits)])
    with pytest.raises(Refused, match="residual"):
        check(copy(small_certificate().data))
