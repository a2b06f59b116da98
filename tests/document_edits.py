"""Certificates with one place changed, their digests forged."""

import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from checks.recheck.document import canonical
from tests.hostile import forge


def edited(text: str, change: Callable[[dict[str, Any]], object]) -> bytes:
    """A seed with one change, its digests forged."""
    document = json.loads(text)
    change(document)
    forge(document)
    return (canonical(document) + "\n").encode("ascii")


def leaf_changes(text: str) -> Iterator[bytes]:
    """Each number or text of a seed moved a little: one for each kind of place."""
    seen: set[tuple[Any, ...]] = set()

    def visit(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        if isinstance(value, (dict, list)) and value:
            for step, entry in value.items() if isinstance(value, dict) else enumerate(value):
                yield from visit(entry, (*path, step))
        else:
            kind = tuple(step for step in path if isinstance(step, str))
            if kind not in seen:
                seen.add(kind)
                yield path

    for path in visit(json.loads(text), ()):
        for number in range(3):

            def change(document: dict[str, Any], path: tuple[Any, ...] = path, number: int = number) -> None:
                place: Any = document
                for step in path[:-1]:
                    place = place[step]
                place[path[-1]] = moved(place[path[-1]], number)

            yield edited(text, change)


def moved(value: Any, number: int) -> Any:
    """Another value of the same kind."""
    if isinstance(value, bool) or value is None:
        return ([0], [], [0, 1])[number]
    if isinstance(value, int):
        return (value + 1, value - 1, -value)[number]
    if isinstance(value, str) and "/" in value and value[:1] in "-0123456789":
        fraction = Fraction(value)
        other = (fraction + Fraction(1, fraction.denominator), fraction - Fraction(1, fraction.denominator), -fraction)[number]
        return f"{other.numerator}/{other.denominator}"
    if isinstance(value, str) and ":" in value[:-1]:
        return (value[:-1] + f"{int(value[-1], 16) ^ 1:x}", value[:-2] + f"{int(value[-2], 16) ^ 8:x}" + value[-1], value + "0")[number]
    if isinstance(value, str):
        return (value + "1", value[:-1] + "0", "")[number]
    return (0, None, "x")[number]
