"""Files from strangers: every reader ends with its own refusal, in bounded time and memory."""

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from checks.recheck import Refused, check, parse, recheck
from checks.recheck.document import LARGEST_FILE, canonical
from checks.recheck.equivariant import LONGEST_BOUND
from checks.recheck.norms import operator_norm
from numerics.errors import BadTicket
from numerics.ticket import FORMAT, Ticket
from numerics.ticket_header import read_header
from tests.hostile import CORPUS, damaged, outcome, seeds, seeds_of_every_format
from tests.hostile import forge as forge_any
from tests.hostile_files import read_damaged_images, read_damaged_ticket
from tests.small import small_certificate
from tests.tampering import changed, copy, forge

SHORT_RUN = 600


def inputs(count: int) -> list[bytes]:
    """The same byte strings in every run."""
    generator = random.Random(0)
    return [generator.randbytes(generator.randrange(1, 64)) for _ in range(count)]


def test_the_corpus_is_accepted() -> None:
    assert len(seeds()) == 11
    assert len({json.loads(text)["format"] for text in seeds_of_every_format()}) == 3
    for path in (*CORPUS.glob("*.json"), *(CORPUS / "formats").glob("*.json")):
        assert recheck(path)["error_bound"] >= 0


def test_damaged_certificates_are_refused_and_nothing_else_happens(tmp_path: Path) -> None:
    """What is accepted after all states the masks, residuals and numbers of a seed: other names, other ε, a group written otherwise."""
    originals = [json.loads(text) for text in seeds()]
    true = [(seed["target"], seed["layers"], seed["key"], seed["error_bound"]) for seed in originals]
    found: Counter[str] = Counter()
    path = tmp_path / "certificate.json"
    for data in inputs(SHORT_RUN):
        path.write_bytes(damaged(data, seeds()))
        result = outcome(path)
        found[result] += 1
        if result == "accepted":
            document = parse(path)
            assert (document["target"], document["layers"], document["key"], document["error_bound"]) in true
    assert found["malformed"] > SHORT_RUN // 2
    assert found["refused"] > 0


def test_damaged_certificates_of_other_formats_are_refused_and_nothing_else_happens(tmp_path: Path) -> None:
    """Digests forged for an untouched document are its own, so that it is the numbers of a damaged one that are judged."""
    originals = [text for text in seeds_of_every_format() if text not in seeds()]
    for text in originals:
        document = json.loads(text)
        document["digests"] = dict.fromkeys(document["digests"], "0" * 64)
        forge_any(document)
        assert document == json.loads(text)
    path, found = tmp_path / "certificate.json", Counter[str]()
    for data in inputs(SHORT_RUN // 3):
        path.write_bytes(damaged(data, originals))
        found[outcome(path)] += 1
    assert found["malformed"] > SHORT_RUN // 6
    assert found["refused"] > 0


def test_damaged_tickets_and_data_files_are_refused_and_nothing_else_happens(tmp_path: Path) -> None:
    for reader in (read_damaged_ticket, read_damaged_images):
        found = Counter(reader(data, tmp_path) for data in inputs(SHORT_RUN // 3))
        assert set(found) <= {"read", "refused"}
        assert found["refused"] > 0


def refused(path: Path) -> Refused:
    started = time.monotonic()
    with pytest.raises(Refused) as refusal:
        recheck(path)
    assert time.monotonic() - started < 10
    assert refusal.value.code == 2
    return refusal.value


def test_what_is_no_regular_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "zeros").symlink_to("/dev/zero")
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty").touch()
    with (tmp_path / "long").open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    for name in ("pipe", "loop", "zeros", "folder", "empty", "long", "nothing", "\0", "x" * 5000):
        refused(tmp_path / name)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 1_000_000,
        "[" * 100_000 + "]" * 100_000,
        '{"a":' * 50_000 + "1" + "}" * 50_000,
        "[" + "[]," * 2_000_000 + "[]]",
        "]" * 1000,
        "9" * 1_000_000,
        '{"a":' + "9" * 5000 + "}\n",
        '{"a":1e999999999}\n',
        '{"a":-Infinity}\n',
        '{"a":"\\ud800"}\n',
        "é",
        "\x00" * 100,
        "{}",
        "null\n",
        '{"format":{"a":1}}\n',
        '{"format":"' + "x" * 1000 + '"}\n',
    ],
)
def test_hostile_text_is_refused_as_malformed(text: str, tmp_path: Path) -> None:
    path = tmp_path / "certificate.json"
    path.write_text(text, encoding="utf-8")
    assert len(str(refused(path))) < 500


def pointed(points: int, layers: int, supports: Any) -> dict[str, Any]:
    """A certificate of some layers between many points without symmetry, of which the supports keep what they keep."""
    document = copy(small_certificate().data)
    space = {"channels": 1, "images": [list(range(points))], "sharing": []}
    document["architecture"]["spaces"] = [space] * (layers + 1)
    document["architecture"]["supports"] = [supports] * layers
    return document


def test_supports_that_keep_little_of_many_points_do_not_hide_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without symmetry there are points² orbits, and a Gram matrix visits `points` pairs for each, however few a support keeps."""
    monkeypatch.setattr("checks.recheck.document.LARGEST_WORK", 1 << 23)
    with pytest.raises(Refused, match="elementary steps") as refusal:
        check(pointed(120, 1, {"first": None, "second": [0]}))
    assert refusal.value.code == 2


def test_bounds_that_explode_with_the_depth_are_refused() -> None:
    """400 layers of norm 2^100 would state a bound of 40,000 bits."""
    layers, huge = 400, f"{1 << 100}/1"
    document = json.loads(next(text for text in seeds() if '"name":"point"' in text))
    point = {"channels": 1, "images": [[0]], "sharing": []}
    document["architecture"]["spaces"] = [point] * (layers + 1)
    document["architecture"]["supports"] = [{"first": None, "second": None}] * layers
    document["target"]["layers"] = [{"bias": ["0/1"], "coefficients": [huge]}] * layers
    width = document["key"]["width"]
    empty = {"first": f"{width}:00", "second": f"{width}:00", "constant_first": f"{width}:00", "constant_second": f"{width}:00"}
    residuals = {"residuals_plus": [f"-{huge}"], "residuals_minus": [huge], "residuals_bias": ["0/1"]}
    norm, error_norm = stated([[[[1 << 104]]]]), stated([[[[-(1 << 104)]]], [[[1 << 104]]]])
    norms = {"bias_norm": "0/1", "bias_error_norm": "0/1", "norm": norm, "error_norm": error_norm}
    layer = {"basis_size": 1, "hidden_basis_size": 1, "identity": 0, "invariants": 1, "masks": empty} | residuals | norms
    document["layers"] = [layer] * layers
    with pytest.raises(Refused, match=f"exceed 2\\^{LONGEST_BOUND}") as refusal:
        check(forge(document))
    assert refusal.value.code == 2


def stated(parts: list[Any]) -> str:
    """The canonical norm of one point's coefficients in units of 2^-4, as the grid of this seed wants it, by the re-checker's own code."""
    found = operator_norm(parts, [[0]], [[0]], 4, 8)
    return f"{found.numerator}/{found.denominator}"


def test_the_command_prints_on_any_terminal(tmp_path: Path) -> None:
    path = tmp_path / "é\udcff.json"
    document = changed(small_certificate().data, ("key", "key"), str(1 << 128))
    path.write_text(canonical(document) + "\n", encoding="ascii")
    for extra in ([], ["--json"]):
        command = [sys.executable, "-m", "checks.recheck", *extra, os.fsencode(path)]
        done = subprocess.run(command, capture_output=True, check=False, env=os.environ | {"PYTHONIOENCODING": "ascii"})
        assert done.returncode == 2
        assert b"Traceback" not in done.stderr
        assert done.stdout.isascii()


def header(**other: Any) -> str:
    """The header of a ticket of one point, with some fields replaced."""
    space = {"channels": 1, "images": [[0]], "sharing": []}
    plain = {
        "format": FORMAT,
        "architecture": {"nonlinearity": "relu", "spaces": [space, space], "supports": [{"first": None, "second": None}]},
        "key": {"constants": 1, "grid_bits": 23, "key": "0", "width": 1},
        "digests": {},
    }
    return json.dumps(plain | other)


@pytest.mark.parametrize(
    "text",
    [
        header(format="other"),
        header(key={"constants": 1, "grid_bits": 23, "key": "0", "width": 1 << 60}),
        header(key={"constants": True, "grid_bits": 23, "key": "0", "width": 1}),
        header(key={"constants": 1, "grid_bits": 23, "key": "²", "width": 1}),
        header(key={"constants": 1, "grid_bits": 23, "key": "9" * 4400, "width": 1}),
        header(key=[]),
        header(extra=1),
        header(architecture=[]),
        header(architecture={"graphs": {"kinds": [0], "channels": [1, 1]}}),
        header(architecture={"graphs": {"kinds": ["propagate"], "channels": [1 << 40, 1]}}),
        header(architecture={"spaces": [{"channels": 1, "images": [list(range(8192))], "sharing": []}] * 2}),
        header(architecture={"spaces": [{"channels": 1 << 16, "images": [[0]], "sharing": []}] * 2}),
        header(architecture={"spaces": [{"channels": 1, "images": [[0.5]], "sharing": []}] * 2}),
        header(architecture={"spaces": [{"channels": 1, "images": [[0], [0, 1]], "sharing": []}] * 2}),
        header(architecture={"spaces": []}),
        "[" * 100_000,
        "[]",
        '{"a":NaN}',
    ],
)
def test_hostile_ticket_headers_are_refused(text: str) -> None:
    with pytest.raises((BadTicket, ValueError)):
        read_header(text, FORMAT)
    assert read_header(header(), FORMAT)["key"]["width"] == 1


def test_a_ticket_that_is_no_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "empty").touch()
    for name in ("pipe", "loop", "empty", "nothing"):
        with pytest.raises(BadTicket):
            Ticket.load(tmp_path / name)


def with_graph(shape: list[int], operations: list[dict[str, Any]]) -> dict[str, Any]:
    """A feedforward certificate with another graph."""
    document = json.loads(next(text for text in seeds_of_every_format() if '"copies":0' in text))
    document["graph"] |= {"shape": shape, "operations": operations}
    return document


def affine(padding: int, kernel: int = 1) -> dict[str, Any]:
    """One filter over the input."""
    sides = {"kernel": [kernel, kernel], "stride": [1, 1], "padding": [padding, padding]}
    return {"kind": "affine", "source": 0, "channels": 1, "groups": 1} | sides


def in_one_point(channels: int, inputs: int) -> dict[str, Any]:
    """A certificate of one layer without symmetry between these numbers of channels."""
    document = pointed(1, 1, {"first": None, "second": None})
    document["architecture"]["spaces"] = [document["architecture"]["spaces"][0] | {"channels": count} for count in (inputs, channels)]
    return document


@pytest.mark.parametrize(
    ("small", "large"),
    [
        (in_one_point(2048, 1), in_one_point(2049, 1)),
        (with_graph([1, 1, 1], [affine(800)]), with_graph([1, 1, 1], [affine(1024)])),
        (with_graph([1, 60, 60], [affine(30, 31)]), with_graph([1, 200, 200], [affine(31, 63)])),
        (
            with_graph([1, 900, 900], [{"kind": "max_pool", "source": 0, "kernel": [3, 3], "stride": [1, 1], "padding": [0, 0]}]),
            with_graph([1, 900, 900], [{"kind": "max_pool", "source": 0, "kernel": [9, 9], "stride": [1, 1], "padding": [0, 0]}]),
        ),
    ],
)
def test_what_would_not_fit_into_memory_is_refused_before_it_is_computed(small: dict[str, Any], large: dict[str, Any]) -> None:
    """The first of each pair is refused for something else that is wrong with it."""
    for document, too_large in ((small, False), (large, True)):
        with pytest.raises(Refused) as refusal:
            check(document)
        assert ("numbers in memory" in str(refusal.value)) == too_large
