"""Small computations of the re-checker of feedforward and structured tickets whose results are known."""

import hashlib
from pathlib import Path
from typing import Any

import mpmath

POINTS = (1, -1, 3, -5, 1 << 8, -(1 << 8), (1 << 10) + 7, -3 << 8, 2 << 8, -(2 << 8), 13 << 8, -(40 << 8), 1 << 13, -(1 << 13))
PLACES = 8
"""Each x = n/2⁸."""
PRECISIONS = (40, 97)
ENCLOSURES = "5683c8726fc8bfcb914521d6c6d80cd9ba700dda2ff13b497c3c4f69881b0ce3"
"""SHA-256 of what `enclosures` gives; `test_mutants.py` compares the same enclosures with mpmath."""


def curves() -> dict[str, Any]:
    """What each enclosure of `functions` is of, in mpmath."""
    m = mpmath
    return {
        "tanh": m.tanh,
        "tanh_slope": lambda x: m.sech(x) ** 2,
        "sigmoid": lambda x: 1 / (1 + m.exp(-x)),
        "sigmoid_slope": lambda x: m.exp(-abs(x)) / (1 + m.exp(-abs(x))) ** 2,
        "softplus": lambda x: max(x, m.mpf(0)) + m.log1p(m.exp(-abs(x))),
        "silu": lambda x: x / (1 + m.exp(-x)),
        "silu_slope": lambda x: 1 / (1 + m.exp(-x)) + x * m.exp(-abs(x)) / (1 + m.exp(-abs(x))) ** 2,
        "gelu": lambda x: x * m.ncdf(x),
        "gelu_slope": lambda x: m.ncdf(x) + x * m.npdf(x),
        "erf": m.erf,
        "erf_slope": lambda x: 2 / m.sqrt(m.pi) * m.exp(-x * x),
    }


def enclosures(package: Any) -> str:
    """All enclosures on the points, in one text."""
    found = []
    for name in curves():
        for n in (0, *POINTS):
            for w in PRECISIONS:
                found.append(f"{name} {n} {w} {getattr(package.functions, name)(n, PLACES, w)}")
    return "\n".join(found)


def units(package: Any) -> None:
    """Raises `ValueError` where a result is another."""
    found = hashlib.sha256(enclosures(package).encode("ascii")).hexdigest()
    if found != ENCLOSURES:
        raise ValueError(f"enclosures: {found}")


def file_units(package: Any, path: Path) -> None:
    """Nothing: files are read by the modules that all formats share."""
