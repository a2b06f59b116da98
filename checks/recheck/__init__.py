"""Re-check a certificate with the standard library alone, sharing no code with the program that made it.

A certificate claims: the network that the key and the masks determine differs from the target by at most `error_bound` in the Euclidean
norm for every input of norm at most `radius`, and commutes with every generator of the group. This program regenerates the random weights
(its own Philox-4x64-10), recomputes every subset sum in integers, every orbit basis, every norm bound by its own code, and demands that
each stated number be exactly the one it finds. It trusts Python's integers, `hashlib` and `json`, the mathematics of the bound (statements
companion.A4 and companion.A5), and nothing else.

    python -m checks.recheck CERTIFICATE...        or, the folder copied anywhere,        python -m recheck CERTIFICATE...

Exit codes: 0 all accepted, 1 one refused because a claim is false, 2 one refused because it is no certificate.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import equivariant, structured
from .document import Refused, malformed, parse

__all__ = ["Refused", "check", "parse", "recheck"]

FORMATS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    equivariant.FORMAT: equivariant.check,
    structured.FORMAT: structured.check,
}


def recheck(path: Path | str) -> dict[str, Any]:
    """Accept a certificate and return its claims, or raise `Refused`.

    They are `name`, `error_bound`, `radius`, `epsilon`, `norm`, and `says`, the claim in words. The norm is empty for the Euclidean one;
    for message passing, whose bounds hold for every graph, it says that |.| is the root mean square over the vertices (of an output of
    the whole graph, its length).
    """
    return check(parse(Path(path)))


def check(document: dict[str, Any]) -> dict[str, Any]:
    """Recompute every claim of a parsed certificate of any known format; raises `Refused` at the first that does not hold."""
    name = document.get("format")
    if not isinstance(name, str) or name not in FORMATS:
        malformed(f"format {str(name)[:60]!r}; {' or '.join(map(repr, FORMATS))} was expected")
    return FORMATS[name](document)
