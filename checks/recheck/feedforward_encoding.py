"""Numbers, bits and moves out of the base64 of a feedforward certificate, and numbers compared with those stated."""

import base64
import binascii
import struct
from collections.abc import Iterator
from fractions import Fraction
from itertools import repeat
from math import isfinite

from .document import Refused, malformed, rational, short


def demand(stated: object, found: Fraction, where: str) -> None:
    """Refuse unless the stated rational is the one found."""
    value = rational(stated, where)
    if value != found:
        raise Refused(f"{where} is stated as {short(value)}; {short(found)} was found")


def decoded(value: object, size: int, where: str) -> bytes:
    """`size` bytes of canonical base64."""
    try:
        content = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except (binascii.Error, ValueError):
        content = b""
    if len(content) != size or value != base64.b64encode(content).decode("ascii"):
        malformed(f"{where}: base64 of {size} bytes was expected")
    return content


def floats(value: object, count: int, where: str) -> tuple[float, ...]:
    """`count` finite float32 numbers, which Python's floats hold exactly."""
    values = struct.unpack(f"<{count}f", decoded(value, 4 * count, where))
    if not all(map(isfinite, values)):
        malformed(f"{where}: NaN or infinity")
    return values


def ones(value: object, count: int, where: str) -> Iterator[int]:
    """The positions of the bits that are set, most significant bit of each byte first."""
    content = decoded(value, -(-count // 8), where)
    if count % 8 and content and content[-1] & (1 << 8 - count % 8) - 1:
        malformed(f"{where}: the padding is not zero")
    for i, byte in enumerate(content):
        if byte:
            for bit in range(8):
                if byte >> 7 - bit & 1:
                    yield 8 * i + bit


def moves(value: object, mask: object, count: int, farthest: int, where: str) -> Iterator[int]:
    """The moves of the weights that a mask of `count` bits keeps, in their order; where no weight may move, none are stated, and all are 0."""
    kept = int.from_bytes(decoded(mask, -(-count // 8), where), "big").bit_count()
    if not farthest:
        if value != "":
            malformed(f"{where}: moves are stated, and no weight may move")
        return repeat(0, kept)
    return _bounded(struct.iter_unpack("<i", decoded(value, 4 * kept, where)), farthest, where)


def _bounded(steps: Iterator[tuple[int]], farthest: int, where: str) -> Iterator[int]:
    for (step,) in steps:
        if abs(step) > farthest:
            raise Refused(f"{where}: a weight is moved by {step} units of its grid; at most {farthest} were expected")
        yield step
