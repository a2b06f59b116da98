"""Compilation of the CPU kernels: once, cached on disk, announced, and never at import."""

import contextlib
import hashlib
import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numba import njit

checked: set[str] = set()


def compiled(function: Callable[..., Any]) -> Any:
    """Compile `function` at its first call, without the interpreter lock, and keep the machine code on disk.

    Wrappers put around the Python function (run-time type checks) are removed first.
    """
    return njit(cache=True, nogil=True, error_model="numpy")(inspect.unwrap(function))


def prepare(kernel: Any) -> None:
    """Call before the first use of `kernel`: drops outdated machine code, and says so if the call has to compile."""
    name = f"{kernel.py_func.__module__.rpartition('.')[2]}.{kernel.py_func.__qualname__}"
    if name in checked:
        return
    checked.add(name)
    cache = Path(kernel.stats.cache_path)
    discard_outdated(cache)
    if not any(cache.glob(f"{name}-*.nbi")):
        print(f"Compiling {name} (up to a minute, once; kept in {cache})", file=sys.stderr)


def discard_outdated(cache: Path) -> None:
    """Delete cached kernels that were compiled from other sources than the present ones.

    numba compares only the file of a kernel itself, not those of the kernels that it calls.
    """
    sources = sorted(Path(__file__).parent.glob("*.py"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    stamp = cache / "subset_sum.sources"
    if stamp.exists() and stamp.read_text() == digest:
        return
    for path in sources:
        for old in cache.glob(f"{path.stem}.*.nb[ic]"):
            old.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        cache.mkdir(parents=True, exist_ok=True)
        stamp.write_text(digest)
