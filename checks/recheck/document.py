"""The document of a certificate: bounded, canonical JSON, and typed access to its parts."""

import decimal
import hashlib
import json
import os
import re
import stat
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

LARGEST_FILE = 1 << 26
DEEPEST, MOST_CONTAINERS = 8, 1 << 20
LARGEST_COUNT = 1 << 26
LARGEST_WORK, LARGEST_HELD = 1 << 32, 1 << 22
LONGEST_NUMBER = 700


class Refused(Exception):
    """The certificate is not accepted; `code` is 1 for a false claim and 2 for a malformed document."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


class Budget:
    """Multiplications, pair visits and random weights that a certificate may still cost, and the numbers that it may have kept at once.

    What the most expensive documents found take is measured by `benchmarks/recheck_limits.py`.
    """

    def __init__(self) -> None:
        self.left = LARGEST_WORK

    def spend(self, work: int, where: str) -> None:
        """Take `work` off, or refuse before it is done."""
        self.left -= work
        if self.left < 0:
            malformed(f"{where}: re-checking would take more than {LARGEST_WORK} elementary steps")

    def hold(self, numbers: int, where: str) -> None:
        """Refuse before more than `LARGEST_HELD` numbers are kept, each of some hundred bytes."""
        if numbers > LARGEST_HELD:
            malformed(f"{where}: re-checking would keep more than {LARGEST_HELD} numbers in memory")


def parse(path: Path) -> dict[str, Any]:
    """The JSON document; raises `Refused` with code 2 for anything else."""
    try:
        text = read(path).decode("ascii")
        require_shallow(text)
        document = json.loads(text, parse_float=_no_float, parse_constant=_no_float, parse_int=_short_int, object_pairs_hook=_unique)
    except OSError as error:
        malformed(f"cannot be read: {error.strerror}")
    except ValueError as error:
        malformed(f"no valid certificate JSON: {error}")
    if not isinstance(document, dict):
        malformed("the document is no JSON object")
    if text != canonical(document) + "\n":
        malformed("the text is not canonical JSON (sorted keys, no spaces, ASCII, one final newline)")
    return document


def read(path: Path) -> bytes:
    """The content of a regular file of bounded size; a pipe or a device is not waited for. Raises `OSError`, `ValueError`, `Refused`."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            malformed("no regular file")
        content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        malformed(f"the file is larger than {LARGEST_FILE} bytes")
    return content


def require_shallow(text: str) -> None:
    """Refuse, before it is parsed, a text with many brackets, unbalanced ones, or some within more than `DEEPEST` others."""
    brackets = re.sub(r"[^][{}]+", "", text)
    if len(brackets) > 2 * MOST_CONTAINERS:
        malformed(f"no valid certificate JSON: more than {MOST_CONTAINERS} lists and objects")
    for _ in range(DEEPEST):
        brackets = re.sub(r"\[\]|\{\}", "", brackets)
    if brackets:
        malformed(f"no valid certificate JSON: brackets unbalanced, or nested more than {DEEPEST} deep")


def _no_float(text: str) -> NoReturn:
    raise ValueError(f"the number {text!r} is not exact")


def _short_int(text: str) -> int:
    if len(text) > 20:
        raise ValueError(f"an integer of {len(text)} digits")
    return int(text)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("an object names a key twice")
    return result


def canonical(value: object) -> str:
    """The one JSON text of a value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def sha256(value: object) -> str:
    """The digest of a value's canonical JSON."""
    return hashlib.sha256(canonical(value).encode("ascii")).hexdigest()


def malformed(message: str) -> NoReturn:
    """Refuse a document that is no certificate."""
    raise Refused(message, code=2)


def fields(value: object, names: Iterable[str], where: str) -> dict[str, Any]:
    """`value` if it is an object with exactly these keys."""
    if not isinstance(value, dict) or set(value) != set(names):
        malformed(f"{where}: an object with the keys {', '.join(sorted(names))} was expected")
    return value


def integer(value: object, low: int, high: int, where: str) -> int:
    """`value` if it is an integer in [low, high]."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        malformed(f"{where}: an integer from {low} to {high} was expected")
    return value


def rational(value: object, where: str) -> Fraction:
    """The rational "p/q" in lowest terms."""
    if not isinstance(value, str) or len(value) > LONGEST_NUMBER or not re.fullmatch(r"(0|-?[1-9][0-9]*)/[1-9][0-9]*", value):
        malformed(f'{where}: a rational "p/q" was expected')
    result = Fraction(value)
    if f"{result.numerator}/{result.denominator}" != value:
        malformed(f"{where}: {value[:40]} is not in lowest terms")
    return result


def rationals(value: object, count: int, where: str) -> list[Fraction]:
    """A list of `count` rationals."""
    if not isinstance(value, list) or len(value) != count:
        malformed(f"{where}: a list of {count} rationals was expected")
    return [rational(entry, f"{where}[{i}]") for i, entry in enumerate(value)]


def bits(value: object, count: int, where: str) -> list[int]:
    """The bits of the text `count:hexadecimal`, most significant first, with zero padding in the last byte."""
    length = -(-count // 8)
    prefix = f"{count}:"
    if not isinstance(value, str) or len(value) != len(prefix) + 2 * length or not re.fullmatch(f"{prefix}[0-9a-f]*", value):
        malformed(f"{where}: {prefix} and {2 * length} hexadecimal digits were expected")
    text = "".join(f"{byte:08b}" for byte in bytes.fromhex(value[len(prefix) :]))
    if "1" in text[count:]:
        malformed(f"{where}: the padding is not zero")
    return [int(bit) for bit in text[:count]]


def short(value: Fraction, rounding: str = decimal.ROUND_HALF_EVEN) -> str:
    """A decimal of six digits: rounded up for an upper bound, down for a lower one, to the nearest in messages."""
    context = decimal.Context(prec=6, rounding=rounding, Emax=10**9, Emin=-(10**9))
    quotient = context.divide(decimal.Decimal(value.numerator), decimal.Decimal(value.denominator)).normalize(context)
    return format(quotient, "e" if quotient and abs(quotient.adjusted()) > 4 else "f")
