"""Hostile certificates: bytes in, a damaged document out, the same for the same bytes; shared by the fuzzer and the suite."""

import copy
import json
from pathlib import Path
from typing import Any

from checks.recheck import Refused, check, parse
from checks.recheck.document import canonical, sha256

CORPUS = Path(__file__).parent / "golden" / "hostile"
ATOMS: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2, 3, 22, 24, 64, 65, 4097, 1 << 16, (1 << 16) + 1, 1 << 26, 1 << 30, 10**19, -(10**19), "", "0", "0/1", "1/1",
    "-1/1", "1/3", "2/4", "01/2", "1/0", "-0/1", "1/" + str(1 << 1074),
    "9" * 690 + "/1", "9" * 699 + "/2", "8:00", "8:80", "0:", "7:fe", "é", "\ud800",
    [], {}, [[]], [0], [1, 0], [0, 1], [0, 0], [-1], [[0]], [[0, 1]], [[1, 0]], [0, 1, 2, 3], ["p"], ["propagate"], ["mean"], ["dense"],
    {"first": None, "second": None}, {"channels": 1, "images": [[0]], "sharing": []},
)  # fmt: skip


class Choices:
    """Decisions read off a string of bytes; zeros when it has run out."""

    def __init__(self, data: bytes) -> None:
        self.data, self.place = data, 0

    def below(self, count: int) -> int:
        """A number 0 ≤ i < count, from one byte or two."""
        used = 1 if count <= 256 else 2
        piece = self.data[self.place : self.place + used]
        self.place += used
        return int.from_bytes(piece, "little") % count if count else 0


def seeds() -> list[str]:
    """The texts of small accepted certificates, kept in the corpus."""
    return [path.read_text(encoding="ascii") for path in sorted(CORPUS.glob("*.json"))]


def seeds_of_every_format() -> list[str]:
    """Those, and feedforward and structured ones, of which a re-check takes milliseconds."""
    return seeds() + [path.read_text(encoding="ascii") for path in sorted((CORPUS / "formats").glob("*.json"))]


def place(document: dict[str, Any], choices: Choices) -> tuple[Any, Any]:
    """A list or object of the document and one of its indices or keys, by a walk from the root; (None, None) in an empty document."""
    parent: Any = None
    step: Any = None
    value: Any = document
    while isinstance(value, (dict, list)) and value and (parent is None or choices.below(8)):
        steps = sorted(value) if isinstance(value, dict) else range(len(value))
        parent, step = value, steps[choices.below(len(steps))]
        value = parent[step]
    return parent, step


def edit(document: dict[str, Any], choices: Choices) -> None:
    """One damage in place."""
    parent, step = place(document, choices)
    if parent is None:
        return
    value = parent[step]
    match choices.below(8):
        case 0 | 1:
            parent[step] = copy.deepcopy(ATOMS[choices.below(len(ATOMS))])
        case 2:
            del parent[step]
        case 3:
            other, index = place(document, choices)
            parent[step] = copy.deepcopy(other[index])
        case 4 if isinstance(value, list):
            value *= 2 + choices.below(3)
        case 4 if isinstance(value, int):
            parent[step] = value + choices.below(5) - 2
        case 5 if isinstance(value, list) and value:
            value.append(copy.deepcopy(value[choices.below(len(value))]))
        case 6 if isinstance(value, str) and value:
            i = choices.below(len(value))
            parent[step] = value[:i] + "0123456789abcdef/-:"[choices.below(19)] + value[i + 1 :]
        case 7 if isinstance(parent, list):
            parent.insert(choices.below(len(parent) + 1), copy.deepcopy(value))
        case _:
            parent[step] = [value]


def forge(document: dict[str, Any]) -> None:
    """Recompute every digest that can be."""
    try:
        digests, whole = document["digests"], "graph" in document
        for name in ("graph" if whole else "architecture", "key", "target"):
            digests[name] = sha256(document[name])
        masks = [
            {name: layer[name] for name in ("second", "constant", "moves", "constant_moves")} if whole else layer["masks"]
            for layer in document["layers"]
        ]
        digests["masks"] = sha256(masks)
        digests.pop("certificate", None)
        digests["certificate"] = sha256(document)
    except (KeyError, TypeError, AttributeError, IndexError):
        pass


def damaged(data: bytes, originals: list[str]) -> bytes:
    """The text that these bytes stand for: a seed with one to seven edits, its digests forged perhaps, or the bytes put into its text."""
    choices = Choices(data)
    document = json.loads(originals[choices.below(len(originals))])
    way, edits = choices.below(4), 1 + choices.below(7)
    for _ in range(edits):
        edit(document, choices)
    if way < 3:
        forge(document)
    text = (canonical(document) + "\n").encode("ascii")
    if way == 2 and edits % 2:
        start = choices.below(len(text))
        text = text[:start] + data[choices.place :] + text[start + choices.below(3) :]
    return text


def outcome(path: Path) -> str:
    """ "accepted", "refused" or "malformed"; any other exception escapes and is a fault of the re-checker."""
    try:
        check(parse(path))
    except Refused as refusal:
        return {1: "refused", 2: "malformed"}[refusal.code]
    return "accepted"
