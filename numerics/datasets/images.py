"""Labelled images from local files: the AMAT text files of rotated MNIST, and the IDX files of MNIST and its relatives.

AMAT: one image a line, its pixels row by row and then its label, separated by blanks. IDX: a big-endian header, then one byte a pixel or a
label. Both may be gzipped. What the files hold is kept as it is: no image is turned, transposed or reordered.
"""

import math
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float64, Int64

from numerics.datasets._files import lines, number, opened, shown
from numerics.errors import BadData
from theory.errors import OutOfRange

IMAGES_MAGIC, LABELS_MAGIC = 0x803, 0x801
GRID = 2.0**32


@dataclass(frozen=True, eq=False)
class Images:
    """Images `[N, height, width]` with their labels `[N]`; pixels of IDX files are bytes divided by 255."""

    pixels: Float64[np.ndarray, "N h w"]
    labels: Int64[np.ndarray, " N"]

    def __len__(self) -> int:
        return len(self.labels)


def read_images(
    path: Path | str,
    *,
    labels: Path | str | None = None,
    classes: int = 10,
    pixel_range: tuple[float, float] = (0.0, 1.0),
    limit: int | None = None,
) -> Images:
    """The first `limit` images (None: all) of an AMAT file or of an IDX file, told apart by the first bytes.

    The labels of an IDX file lie in `labels`, by default the file beside it with "labels" for "images" and "idx1" for "idx3" in its name.
    Raises `BadData` for a file that breaks its format, a label outside 0..`classes`-1, a pixel outside `pixel_range`; `OutOfRange`.
    """
    path = Path(path)
    if limit is not None and limit < 1:
        raise OutOfRange(f"limit = {limit} images of {path}; at least one was expected, or None for all.")
    with opened(path) as stream:
        binary = stream.read(2) == b"\0\0"
    if not binary:
        return read_amat(path, classes=classes, pixel_range=pixel_range, limit=limit)
    if labels is None:
        labels = path.with_name(path.name.replace("images", "labels").replace("idx3", "idx1"))
        if labels == path:
            raise BadData(f'{path}: its name lacks "images", so the file of its labels is not known; rename it, or give labels=.')
    return read_idx(path, labels, classes=classes, limit=limit)


def read_amat(path: Path | str, *, classes: int = 10, pixel_range: tuple[float, float] = (0.0, 1.0), limit: int | None = None) -> Images:
    """The first `limit` images of an AMAT file; further lines are not looked at. Raises `BadData`.

    A file cut between two lines cannot be told from a shorter one: compare the number of images with the data set's.
    """
    path, rows, found = Path(path), [], []
    low, high = pixel_range
    side = 0
    for i, line in enumerate(lines(path, limit), start=1):
        words = line.split()
        side = side or math.isqrt(max(len(words) - 1, 0))
        if not side or len(words) != side**2 + 1:
            expected = f"{side**2 + 1}, as on line 1" if i > 1 else "a square number of pixels and a label (28·28 + 1 = 785 for MNIST)"
            raise BadData(f"{path}, line {i}: {len(words)} numbers; {expected}, were expected. Is the file cut short, or no AMAT file?")
        try:
            values = np.array(list(map(float, words)))
        except ValueError:
            values = np.array([math.nan])
        if not np.isfinite(values).all() or b"_" in line:
            values = np.array([number(word, f"{path}, line {i}, number {j}") for j, word in enumerate(words, start=1)])
        outside = np.flatnonzero(~((low <= values[:-1]) & (values[:-1] <= high)))
        if len(outside):
            raise BadData(
                f"{path}, line {i}, pixel {outside[0] + 1}: {shown(words[outside[0]])}; a pixel from {low:g} to {high:g} was expected. "
                "If the data are meant so, give pixel_range=(least, largest)."
            )
        if values[-1] not in range(classes):
            raise BadData(
                f"{path}, line {i}: the label {shown(words[-1])}; an integer from 0 to {classes - 1} was expected as the last number. "
                "Give the number of classes as classes=."
            )
        rows.append(values[:-1])
        found.append(int(values[-1]))
    return Images(np.array(rows).reshape(-1, side, side), np.array(found, dtype=np.int64))


def read_idx(images: Path | str, labels: Path | str, *, classes: int = 10, limit: int | None = None) -> Images:
    """The first `limit` images of a pair of IDX files; both are checked as a whole. Raises `BadData`."""
    images, labels = Path(images), Path(labels)
    (count, height, width), pixels = _idx(images, IMAGES_MAGIC, 3, "images (idx3-ubyte)")
    (labelled,), found = _idx(labels, LABELS_MAGIC, 1, "labels (idx1-ubyte)")
    if count != labelled:
        raise BadData(
            f"{images} holds {count} images, {labels} {labelled} labels; equally many were expected. Give files that belong together."
        )
    outside = np.flatnonzero(found >= classes)
    if len(outside):
        raise BadData(
            f"{labels}, byte {8 + outside[0]}: the label {found[outside[0]]}; one from 0 to {classes - 1} was expected. "
            "Give the number of classes as classes=."
        )
    kept = pixels.reshape(count, height, width)[:limit]
    return Images(kept.astype(np.float64) / 255, found[:limit].astype(np.int64))


def _idx(path: Path, magic: int, dimensions: int, what: str) -> tuple[tuple[int, ...], np.ndarray]:
    """The sizes in the header and the bytes after it."""
    start = 4 + 4 * dimensions
    with opened(path) as stream:
        found = stream.read()
    if len(found) < start:
        raise BadData(f"{path} ends at byte {len(found)}; a header of {start} bytes was expected. The file is cut short: copy it again.")
    mark, *sizes = struct.unpack(f">{1 + dimensions}I", found[:start])
    if mark != magic:
        raise BadData(f"{path}, byte 0: the magic number 0x{mark:08x}; 0x{magic:08x} was expected. Give a file of {what}.")
    if not all(sizes):
        raise BadData(f"{path}, byte 4: the sizes {sizes}; positive ones were expected. Give a file of {what} that is not empty.")
    expected = start + math.prod(sizes)
    if len(found) != expected:
        problem = "The file is cut short" if len(found) < expected else "Something follows the data"
        raise BadData(f"{path} ends at byte {len(found)}; its header, sizes {sizes}, says {expected}. {problem}: copy it again.")
    return tuple(sizes), np.frombuffer(found, np.uint8, offset=start)


def averaged(pixels: Float64[np.ndarray, "N n n"], side: int) -> Float64[np.ndarray, "N side side"]:
    """Square images made smaller: means over equal square blocks, after a border of zeros of equal width on all sides where needed.

    28 × 28 becomes 14 × 14 by blocks of 2 × 2, and 8 × 8 by blocks of 4 × 4 with a border of 2. Pixels are first rounded to multiples of
    2⁻³², so that sums are exact and averaging commutes with quarter turns and reflections bit by bit. Raises `OutOfRange`.
    """
    n = pixels.shape[1]
    if not 1 <= side <= n or (n % 2 == 1 and side % 2 == 0):
        raise OutOfRange(
            f"side = {side} for images of {n} × {n} pixels; from 1 to {n} pixels, an odd number where {n} is odd, were expected."
        )
    if np.abs(pixels).max() > 2**10:
        raise OutOfRange(f"a pixel of size {np.abs(pixels).max():g}; at most 1024 was expected, so that sums are exact. Scale the images.")
    block = next(b for b in (-(-n // side), -(-n // side) + 1) if (b * side - n) % 2 == 0)
    border = (block * side - n) // 2
    grid = np.pad(np.rint(pixels * GRID), ((0, 0), (border, border), (border, border)))
    return grid.reshape(-1, side, block, side, block).sum(axis=(2, 4)) / (block**2 * GRID)
