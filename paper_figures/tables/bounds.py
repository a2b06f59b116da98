"""Widths that suffice and parameters that are needed, for the built-in declarations."""

from fractions import Fraction
from pathlib import Path
from typing import Any

from paper_figures.tables import plain
from theory.bounds import Layer, lemma1_width, theorem1_width, theorem2_parameters
from theory.errors import CompanionError
from theory.instantiation import REGISTRY

COMMAND = "python -m theory bound NAME --epsilon 0.01 --delta 0.01"
EPSILON = DELTA = Fraction(1, 100)
CAPTION = (
    "Explicit bounds of the built-in declarations for one channel to one channel, ε = δ = 1/100: hidden channels that suffice for one layer "
    "(Lemma 1) and for each of three (Theorem 1), and parameters needed at least (Theorem 2)."
)
COLUMNS = {
    "declaration": ("declaration", plain),
    "operators": ("|B|", plain),
    "lemma1": ("Lemma 1", plain),
    "theorem1": ("Theorem 1, depth 3", plain),
    "theorem2": ("Theorem 2", plain),
    "reason": ("why not", plain),
}


def rows(_out: Path) -> list[dict[str, Any]]:
    """One row for each built-in declaration; where a bound cannot be had, why."""
    return [_row(kind()) for name, kind in sorted(REGISTRY.items()) if kind.__module__.startswith("theory.")]


def _row(declared: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "declaration": repr(declared),
        "operators": None,
        "lemma1": None,
        "theorem1": None,
        "theorem2": None,
        "reason": "",
    }
    try:
        size = declared.true_basis_size()
        layer = Layer(1, 1, size, declared.declared_or_true_basis_norm(), declared.first_basis_size())
        found = {
            "operators": size,
            "lemma1": lemma1_width(layer, EPSILON, DELTA).value,
            "theorem1": theorem1_width(layer, 3, EPSILON, DELTA).value,
            "theorem2": theorem2_parameters(layer, EPSILON).value,
        }
    except CompanionError as error:
        return row | {"reason": f"{type(error).__name__}: {error}"}
    return row | found
