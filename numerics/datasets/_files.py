"""Local files as bytes or as lines of numbers, with errors that name the file and the line."""

import gzip
import math
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

from numerics.errors import BadData

GZIP = b"\x1f\x8b"


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A file as a stream of bytes, unpacked if it is gzipped (told by its first two bytes); raises `BadData` if it cannot be read."""
    if not path.is_file():
        raise BadData(f"{path} is no file (looked in {Path.cwd()}); give the path of a file that you have. Nothing is downloaded.")
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == GZIP
            raw.seek(0)
            yield cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if packed else raw
    except (OSError, EOFError, zlib.error) as error:
        raise BadData(f"{path} cannot be read: {type(error).__name__}: {error}; a whole file was expected. Copy it again.") from error


def lines(path: Path, limit: int | None = None) -> Iterator[bytes]:
    """The first `limit` lines of a text file (None: all), without blank ones at its end; raises `BadData` if there is none."""
    with opened(path) as stream:
        count = blank = 0
        for line in stream:
            if not line.strip():
                blank += 1
                continue
            for found in (*[b""] * blank, line.strip()):
                if count == limit:
                    return
                count += 1
                yield found
            blank = 0
    if not count:
        raise BadData(f"{path} is empty; at least one line of numbers was expected. Copy it again.")


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
    if not re.fullmatch(rb"[+-]?[0-9]{1,18}", word.strip()):
        raise BadData(f"{where}: {shown(word)} is no integer; one of at most 18 digits was expected. Correct the line.")
    return int(word)


def table(path: Path, read, dtype, columns: int | None = None) -> np.ndarray:
    """Comma-separated numbers, `read` word by word, `[lines, columns]`; raises `BadData` where lines have different lengths."""
    rows = []
    for i, line in enumerate(lines(path), start=1):
        words = line.split(b",")
        columns = len(words) if columns is None else columns
        if len(words) != columns:
            raise BadData(
                f"{path}, line {i}: a row of length {len(words)}; {columns} comma-separated numbers were expected. Correct the line."
            )
        rows.append([read(word, f"{path}, line {i}") for word in words])
    return np.array(rows, dtype=dtype)


def shown(word: bytes) -> str:
    """A word of a file as a message shows it, cut where it is long."""
    text = word.strip().decode("ascii", "backslashreplace")
    return repr(text if len(text) <= 40 else text[:40] + "...")
