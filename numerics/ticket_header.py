"""The header of a ticket from a stranger: plain data of bounded size, checked before anything is built from it."""

import json
import re
from itertools import pairwise
from typing import Any, NoReturn

from numerics.errors import BadTicket

LONGEST, DEEPEST = 1 << 26, 8
MOST_SPACES, MOST_MAPS, MOST_CHANNELS, MOST_POINTS = 1000, 64, 1 << 16, 1 << 12
MOST_PAIRS, MOST_WEIGHTS = 1 << 25, 1 << 32
MOST_DIMENSION = 512
RATIONAL = re.compile(r"-?[0-9]{1,350}/[1-9][0-9]{0,349}")


def read_header(text: str, expected: str) -> dict[str, Any]:
    """The header that a text holds; raises `BadTicket` unless it is one of format `expected` whose network is of a size that is read."""
    if len(text) > LONGEST:
        _refuse(f"a header of {len(text)} characters; at most {LONGEST} are read")
    brackets = _brackets(text)
    for _ in range(DEEPEST):
        brackets = re.sub(r"\[\]|\{\}", "", brackets)
    if brackets:
        _refuse(f"brackets unbalanced, or nested more than {DEEPEST} deep")
    header = json.loads(text, parse_float=_no_float, parse_constant=_no_float, parse_int=_short)
    if not isinstance(header, dict) or set(header) != {"format", "architecture", "key", "digests"}:
        _refuse("an object with format, architecture, key and digests was expected")
    if header["format"] != expected:
        _refuse(f"format {str(header['format'])[:60]!r}; {expected!r} was expected")
    key = header["key"]
    if not isinstance(key, dict) or set(key) != {"constants", "grid_bits", "key", "width"}:
        _refuse("key: constants, grid_bits, key and width were expected")
    if not isinstance(key["key"], str) or not key["key"].isascii() or not key["key"].isdigit() or len(key["key"]) > 39:
        _refuse("key: a decimal integer below 2^128 was expected")
    width, constants = (_count(key[name], 1 << 20, f"key: {name}") for name in ("width", "constants"))
    channels = _bounded(header["architecture"])
    weights = [n * width * (n + m) + constants * m for n, m in pairwise(channels)]
    if max(weights, default=0) > MOST_WEIGHTS:
        _refuse(f"more than {MOST_WEIGHTS} random weights in a layer")
    return header


def _bounded(architecture: Any) -> list[int]:
    """The channels of each space, once all lists and numbers are found to be of bounded size."""
    if not isinstance(architecture, dict):
        _refuse("architecture: an object was expected")
    if "graphs" in architecture:
        graphs = architecture["graphs"]
        kinds, channels = graphs["kinds"], graphs["channels"]
        if not _listed(kinds, MOST_SPACES) or not all(isinstance(kind, str) for kind in kinds) or not _listed(channels, MOST_SPACES + 1):
            _refuse("architecture: lists of kinds and of channels were expected")
        return [_count(count, MOST_CHANNELS, "channels") for count in channels]
    if "operators" in architecture:
        return _bounded_operators(architecture["operators"])
    spaces, pairs, found = architecture["spaces"], 0, []
    if not _listed(spaces, MOST_SPACES) or len(spaces) < 2:
        _refuse(f"architecture: between 2 and {MOST_SPACES} spaces were expected")
    for space in spaces:
        found.append(_count(space["channels"], MOST_CHANNELS, "channels"))
        maps = [*_maps(space["images"]), *_maps(space["sharing"])]
        points = len(maps[0]) if maps else 0
        if not 1 <= points <= MOST_POINTS or any(len(images) != points for images in maps):
            _refuse(f"architecture: maps of equally many points, 1 to {MOST_POINTS}, were expected")
        if any(isinstance(i, bool) or not isinstance(i, int) or not -1 <= i < points for images in maps for i in images):
            _refuse(f"architecture: images from -1 to {points - 1} were expected")
        pairs += len(maps) * points * points
    if pairs > MOST_PAIRS:
        _refuse(f"architecture: more than {MOST_PAIRS} pairs of points")
    return found


def _bounded_operators(described: Any) -> list[int]:
    """The numbers of channels, once matrices and numbers are found to be of bounded size."""
    _count(described["dimension"], MOST_DIMENSION, "operators: dimension")
    numbers = [*described["field"]["modulus"], *described["field"]["interval"]]
    entries = [entry for name in ("generators", "derivatives", "operators") for matrix in described[name] for entry in matrix]
    for y, x, *number in entries:
        if any(isinstance(i, bool) or not isinstance(i, int) or not 0 <= i < described["dimension"] for i in (y, x)):
            _refuse(f"operators: rows and columns below {described['dimension']} were expected")
        numbers += number
    if not all(isinstance(number, str) and RATIONAL.fullmatch(number) for number in numbers):
        _refuse('operators: rationals "p/q" of bounded length were expected')
    channels = described["channels"]
    if not _listed(channels, MOST_SPACES) or len(channels) < 2:
        _refuse(f"operators: channels: between 2 and {MOST_SPACES} numbers were expected")
    return [_count(count, MOST_CHANNELS, "channels") for count in channels]


def _listed(value: Any, most: int) -> bool:
    return isinstance(value, list) and len(value) <= most


def _maps(value: Any) -> list[list[int]]:
    if not _listed(value, MOST_MAPS) or not all(isinstance(images, list) for images in value):
        _refuse(f"architecture: at most {MOST_MAPS} maps, each a list, were expected")
    return value


def _count(value: Any, most: int, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        _refuse(f"{where}: {value!r:.40}; an integer from 1 to {most} was expected")
    return value


def _brackets(text: str) -> str:
    return text.encode("utf-8", "replace").translate(None, bytes(set(range(256)) - set(b"[]{}"))).decode("ascii")


def _no_float(text: str) -> NoReturn:
    raise ValueError(f"the number {text[:40]!r} is not exact")


def _short(text: str) -> int:
    if len(text) > 20:
        raise ValueError(f"an integer of {len(text)} digits")
    return int(text)


def _refuse(message: str) -> NoReturn:
    raise BadTicket(message + ".")
