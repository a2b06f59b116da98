"""Compilation of the CPU kernels: once, cached on disk, announced, and never at import."""

import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numba import njit

announced: set[str] = set()


def compiled(function: Callable[..., Any]) -> Any:
    """Compile `function` at its first call, without the interpreter lock, and keep the machine code on disk.

    Source: numba, `njit(cache=True, nogil=True)`. Wrappers put around the Python function (run-time type checks) are removed first.
    """
    return njit(cache=True, nogil=True)(inspect.unwrap(function))


def announce(kernel: Any) -> None:
    """Write one line to standard error if calling `kernel` has to compile it first."""
    name = f"{kernel.py_func.__module__}.{kernel.py_func.__qualname__}"
    if name in announced or kernel.signatures:
        return
    announced.add(name)
    stem = f"{kernel.py_func.__module__.rpartition('.')[2]}.{kernel.py_func.__qualname__}-*.nbi"
    if not any(Path(kernel.stats.cache_path).glob(stem)):
        print(f"Compiling {name} (some seconds, once; kept in {kernel.stats.cache_path})", file=sys.stderr)
