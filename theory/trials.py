"""How many samples sufficed in stored trials, with exact binomial intervals; nothing here is a proof."""

import json
from fractions import Fraction
from pathlib import Path

import sympy

from theory.errors import BadFile
from theory.sample_size import rational_below

MEASURED = Path(__file__).parent / "measured" / "subset_sum.json"
"""Recorded trials: what `python -m numerics sweep subset_sum` found for all targets at ε = 2⁻⁶, 2⁻⁸, 2⁻¹⁰, 2⁻¹²."""


def simulated(law: str, epsilon: sympy.Expr, delta: sympy.Expr, *paths: Path) -> tuple[int | None, str]:
    """The least n whose stored trials failed with a frequency ≤ δ at this ε, for all targets at once, and what the trials were.

    The first of the files that holds trials of this law at this ε is read. None, with the reason, where none does: `python -m numerics sweep
    subset_sum` measures, `python -m checks` exports. Raises `BadFile`.
    """
    reasons = []
    for path in paths:
        if not path.exists():
            reasons.append(f"no {path}")
            continue
        try:
            rows = [row for row in json.loads(path.read_text(encoding="utf-8")) if row["law"] == law and row["targets"] == "all"]
            near = [row for row in rows if abs(Fraction(row["epsilon"]) / rational_below(epsilon) - 1) < Fraction(1, 10**9)]
            enough = sorted(
                (row for row in near if row["failures"] <= rational_below(delta) * row["trials"]), key=lambda row: row["samples"]
            )
            if near:
                return _said(enough[0]) if enough else (None, f"more than {max(row['samples'] for row in near)}, the longest stored trial")
            reasons.append(f"{path} has {law} at ε = {', '.join(f'{value:g}' for value in sorted({row['epsilon'] for row in rows}))}")
        except (ValueError, KeyError, TypeError) as error:
            raise BadFile(f"{path} does not hold a sweep ({error}); delete it and run `python -m checks` again.") from error
    return None, f"no trials of {law} at this ε: {'; '.join(reasons)}"


def _said(row: dict) -> tuple[int, str]:
    seen = f"{row['failures']} of {row['trials']} trials failed"
    return row["samples"], f"{seen}: between {row['failure_lower']:.2%} and {row['failure_upper']:.2%} (95 %, exact binomial); no proof"
