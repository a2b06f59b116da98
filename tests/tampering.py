"""Tampering with certificates, for the tests of the re-checker: every leaf and every object of a document, changed copies, forged digests."""

import json
from collections.abc import Iterator
from typing import Any

from checks.recheck import Refused, check
from checks.recheck.document import sha256

Document = dict[str, Any]
Path = tuple[Any, ...]


def copy(document: Document) -> Document:
    """A copy that shares nothing with the document."""
    return json.loads(json.dumps(document))


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every number and text of a document with its place."""
    for place, entry in _entries(value, path):
        if not isinstance(entry, dict | list):
            yield place, entry


def objects(value: Any, path: Path = ()) -> Iterator[Path]:
    """The place of every object of a document."""
    for place, entry in _entries(value, path):
        if isinstance(entry, dict):
            yield place


def _entries(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    yield path, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, entry in inner:
        yield from _entries(entry, (*path, name))


def changed(document: Document, path: Path, value: Any) -> Document:
    """A copy with another value at one place."""
    result = copy(document)
    _at(result, path[:-1])[path[-1]] = value
    return result


def field_changes(document: Document) -> Iterator[tuple[Path, str, Document]]:
    """Copies of which one object lacks a field or has one more, with the object's place and the field's name."""
    for path in objects(document):
        for name in [*_at(document, path), "extra"]:
            broken = copy(document)
            inner = _at(broken, path)
            if name == "extra":
                inner[name] = 0
            else:
                del inner[name]
            yield path, name, broken


def _at(document: Document, path: Path) -> Any:
    place: Any = document
    for step in path:
        place = place[step]
    return place


def forge(document: Document) -> Document:
    """Recompute every digest, as a forger would."""
    digests = document["digests"]
    digests |= {name: sha256(document[name]) for name in ("architecture", "key", "target")}
    digests["masks"] = sha256([layer["masks"] for layer in document["layers"]])
    digests.pop("certificate", None)
    digests["certificate"] = sha256(document)
    return document


def refuses(document: Document) -> bool:
    """Whether the re-checker refuses a copy of it."""
    try:
        check(copy(document))
    except Refused:
        return True
    return False
