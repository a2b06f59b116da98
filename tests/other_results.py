"""Small computations of the re-checker of feedforward and structured tickets whose results are known."""

import hashlib
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import mpmath

from tests.equivariant_results import refused

POINTS = (1, -1, 3, -5, 1 << 8, -(1 << 8), (1 << 10) + 7, -3 << 8, 2 << 8, -(2 << 8), 13 << 8, -(40 << 8), 1 << 13, -(1 << 13))
PLACES = 8
"""Each x = n/2⁸."""
PRECISIONS = (40, 97)
ENCLOSURES = "ce808058b0df49442c78971a8ca2d55e301dfcaf0d687a264c9528e1b711a00e"
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
    for w in PRECISIONS:
        found.append(f"{package.enclosures.pi(w)} {package.enclosures.inverse_root_two_pi(w)}")
        found += [f"{package.enclosures.log_one_plus((q, q + 1), w)}" for q in (1, 1 << w // 2, 1 << w)]
        found += [f"{package.enclosures.above_half(n, PLACES, double, w)}" for n in POINTS if n > 0 for double in (False, True)]
    return "\n".join(found)


def units(package: Any) -> None:
    """Raises `ValueError` where a result is another."""
    found = hashlib.sha256(enclosures(package).encode("ascii")).hexdigest()
    if found != ENCLOSURES:
        raise ValueError(f"enclosures: {found}")
    tried: list[int] = []
    refused(package, lambda: package.activations.rounded(lambda n, b, w: (tried.append(w), (0, 3 << w))[1], 1, 0, 63), "cannot be told")
    if tried != [1 << k for k in range(7, 14)]:
        raise ValueError(f"precisions: {tried}")
    largest = 1 << 29
    for n, m, size, hidden, width, constants in (
        (1, 8, 64, 1, 1 << 20, 1), (8, 1, 1, 64, 1 << 20, 1), (1, 512, 1, 1, 1, 1 << 20), (1 << 10, 1 << 10, 1 << 9, 1, 1, 1),
    ):  # fmt: skip
        for more in (0, 1):
            rule = SimpleNamespace(
                channels_in=n, channels_out=m, size=size + more, hidden_size=hidden + more, identity=0, invariants=1 + more
            )
            layer = SimpleNamespace(rule=rule, blocks=[(0, [0])], bias_blocks=[[0]])
            call = partial(package.structured.check_layer, 0, layer, {}, {}, 0, width, constants, package.document.Budget())
            refused(package, call, f"more than {largest} weights" if more else "an object with the keys")


def file_units(package: Any, path: Path) -> None:
    """Nothing: files are read by the modules that all formats share."""
