"""Whole files as bytes or as lines of numbers, with errors that name the file and the line."""

import gzip
import math
import zlib
from pathlib import Path

import numpy as np

from numerics.errors import BadData

GZIP = b"\x1f\x8b"


def content(path: Path) -> bytes:
    """All bytes of a file, unpacked if it is gzipped (told by its first two bytes); raises `BadData` if it cannot be read."""
    if not path.is_file():
        raise BadData(f"{path} is no file (looked in {Path.cwd()}); give the path of a file that you have. Nothing is downloaded.")
    try:
        found = path.read_bytes()
        return gzip.decompress(found) if found[:2] == GZIP else found
    except (OSError, EOFError, zlib.error) as error:
        raise BadData(f"{path} cannot be read: {type(error).__name__}: {error}; a whole file was expected. Copy it again.") from error


def lines(path: Path) -> list[bytes]:
    """The lines of a text file without blank ones at its end; raises `BadData` if there is none."""
    found = content(path).rstrip().splitlines()
    if not found:
        raise BadData(f"{path} is empty; at least one line of numbers was expected. Copy it again.")
    return found


def number(word: bytes, where: str) -> float:
    """A finite number; raises `BadData`."""
    try:
        value = math.nan if b"_" in word else float(word)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise BadData(f"{where}: {shown(word)} is no finite number; one in decimal notation was expected. Correct the line.")
    return value


def integer(word: bytes, where: str) -> int:
    """An integer of at most 18 digits; raises `BadData`."""
    digits = word.strip().removeprefix(b"-").removeprefix(b"+")
    if not digits.isdigit() or len(digits) > 18:
        raise BadData(f"{where}: {shown(word)} is no integer; one of at most 18 digits was expected. Correct the line.")
    return int(word)


def table(path: Path, read, dtype, columns: int | None = None) -> np.ndarray:
    """Comma-separated numbers, `read` word by word, `[lines, columns]`; raises `BadData` where lines have different lengths."""
    rows = []
    for i, line in enumerate(lines(path), start=1):
        words = line.split(b",")
        columns = len(words) if columns is None else columns
        if len(words) != columns:
            raise BadData(f"{path}, line {i}: {len(words)} numbers; {columns}, separated by commas, were expected. Correct the line.")
        rows.append([read(word, f"{path}, line {i}") for word in words])
    return np.array(rows, dtype=dtype)


def shown(word: bytes) -> str:
    """A word of a file as a message shows it, cut where it is long."""
    text = word.strip().decode("ascii", "backslashreplace")
    return repr(text if len(text) <= 40 else text[:40] + "...")
