"""Files: written atomically, so that a killed run leaves the old file or the new one, never half of one."""

import os
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from theory.errors import BadFile

Row = TypeVar("Row")


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file by renaming a finished temporary one in the same folder; an `OSError` names the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from error
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def write_rows(rows: Sequence[Any], path: Path) -> None:
    """Write dataclass instances as a parquet table, atomically; the same rows give the same bytes."""
    buffer = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist([asdict(row) for row in rows]), buffer)
    write_bytes(path, buffer.getvalue().to_pybytes())


def read_rows(path: Path, kind: type[Row]) -> list[Row]:
    """The rows that `write_rows` wrote, none if there is no file; raises `BadFile` for anything else."""
    if not path.exists():
        return []
    try:
        return [kind(**row) for row in pq.read_table(path).to_pylist()]
    except (OSError, ValueError, TypeError) as error:
        raise BadFile(f"{path} holds no rows of {kind.__name__} ({error}); delete it and run the sweep again.") from error
