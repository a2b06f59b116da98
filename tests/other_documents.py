"""Certificates of feedforward and structured tickets, damaged one place at a time."""

import base64
import json
import random
import struct
from collections.abc import Callable, Iterator
from typing import Any

from tests.document_edits import edited, leaf_changes
from tests.hostile import CORPUS, damaged

RANDOM_DOCUMENTS = 200
FLIPPED = 6
"""How many bits of each mask, and numbers of each list, are changed."""


def numbers_changed(text: str) -> Iterator[bytes]:
    """Each whole number of the graph, the key and the architecture one more and one less."""
    places: list[tuple[Any, ...]] = []

    def visit(value: Any, path: tuple[Any, ...]) -> None:
        if isinstance(value, (dict, list)):
            for step, entry in value.items() if isinstance(value, dict) else enumerate(value):
                visit(entry, (*path, step))
        elif isinstance(value, int) and not isinstance(value, bool):
            places.append(path)

    document = json.loads(text)
    for part in ("graph", "key", "architecture"):
        visit(document.get(part), (part,))
    for path in places:
        for change in (1, -1):

            def move(document: dict[str, Any], path: tuple[Any, ...] = path, change: int = change) -> None:
                place: Any = document
                for step in path[:-1]:
                    place = place[step]
                place[path[-1]] += change

            yield edited(text, move)


def boxes(text: str) -> Iterator[bytes]:
    """Other inputs: between numbers that are no whole ones, on one side of 0, of no extent, the wrong way round."""
    if '"box"' not in text:
        return
    for ends in (
        ("-1/3", "1/1"),
        ("-1/1", "1/3"),
        ("-1/2", "3/4"),
        ("1/3", "2/3"),
        ("-2/3", "-1/3"),
        ("1/2", "1/2"),
        ("1/1", "-1/1"),
        ("0/1", "0/1"),
    ):
        yield edited(text, lambda document, ends=ends: document.update(box=list(ends)))
        yield edited(text, lambda document, ends=ends: document.update(box=list(ends), claim="stated inputs", epsilon="1/100000"))


def counts(text: str) -> Iterator[bytes]:
    """ε at 0 and below; one stated input, and as many as are read and one more, of which the first is refused."""
    for epsilon in ("0/1", "-1/1"):
        yield edited(text, lambda document, epsilon=epsilon: document.update(epsilon=epsilon))
    if '"points"' not in text:
        return
    for count in (0, 1, 10000, 10001):
        yield edited(text, lambda document, count=count: repeat(document["points"], count))


def repeat(points: dict[str, Any], count: int) -> None:
    """So many stated inputs; of many the first has another bound."""
    for name in ("inputs", "bounds", "same_prediction"):
        points[name] = points[name][:1] * count
    if count > 1:
        points["bounds"][0] = "1/2"


def masks_flipped(text: str) -> Iterator[bytes]:
    """Single bits of the masks, single moves and single float32 numbers changed, in documents that hold them in base64."""
    document = json.loads(text)
    if "graph" not in document:
        return
    for i, layer in enumerate(document["layers"]):
        for name in ("second", "constant"):
            for bit in range(min(FLIPPED, 8 * len(base64.b64decode(layer[name])))):
                yield edited(text, lambda document, i=i, name=name, bit=bit: flip(document["layers"][i], name, bit))
        for name in ("moves", "constant_moves"):
            count = len(base64.b64decode(layer[name])) // 4
            for number in range(min(FLIPPED, count)):
                for change in (1, 1 << 15):
                    yield edited(
                        text,
                        lambda document, i=i, name=name, number=number, change=change: move(document["layers"][i], name, number, change),
                    )
        for name in ("weights", "bias"):
            count = len(base64.b64decode(document["target"][i][name])) // 4
            for number in range(min(FLIPPED, count)):
                for value in (2.0**-30, 1.5, float("nan")):
                    yield edited(
                        text, lambda document, i=i, name=name, number=number, value=value: put(document["target"][i], name, number, value)
                    )
    for value in (-1.0, 1.0, 1.0000001, -2.0, 2.0**-120):
        yield edited(text, lambda document, value=value: put(document["points"]["inputs"], 0, 0, value))


def flip(part: Any, name: Any, bit: int) -> None:
    """Another bit in base64, most significant bit of each byte first."""
    content = bytearray(base64.b64decode(part[name]))
    content[bit // 8] ^= 128 >> bit % 8
    part[name] = base64.b64encode(content).decode("ascii")


def move(part: Any, name: Any, number: int, change: int) -> None:
    """Another int32 in base64."""
    content = bytearray(base64.b64decode(part[name]))
    (old,) = struct.unpack_from("<i", content, 4 * number)
    struct.pack_into("<i", content, 4 * number, old + change)
    part[name] = base64.b64encode(content).decode("ascii")


def put(part: Any, name: Any, number: int, value: float) -> None:
    """Another float32 in base64."""
    content = bytearray(base64.b64decode(part[name]))
    struct.pack_into("<f", content, 4 * number, value)
    part[name] = base64.b64encode(content).decode("ascii")


def texts() -> list[str]:
    """The seeds of these formats."""
    found = [path.read_text(encoding="ascii") for path in sorted((CORPUS / "formats").glob("*.json"))]
    return [text for text in found if '"equivariant-ticket-certificate' not in text]


def documents() -> list[bytes]:
    """All of them, the same in every run: the seeds, and what is made of them in a random order, so that a mutant dies early."""
    originals, generator = texts(), random.Random(2)
    found: list[bytes] = []
    kinds: tuple[Callable[[str], Iterator[bytes]], ...] = (leaf_changes, numbers_changed, boxes, counts, masks_flipped)
    for text in originals:
        for kind in kinds:
            found += kind(text)
    found += [damaged(generator.randbytes(generator.randrange(4, 40)), originals) for _ in range(RANDOM_DOCUMENTS)]
    generator.shuffle(found)
    return [text.encode("ascii") for text in originals] + found
