"""Operators without a group: fixed dyadic combinations of the indicators of orbits.

Lemma A4 asks of the operators of a layer only that they are linear. A steerable kernel for turns by 45 degrees is no orbit indicator on the
pixel grid, but a combination of indicators that commute with what does act on the grid; whatever the coefficients, so does it.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float64

from theory.errors import OutOfRange

MOST_BITS = 30


@dataclass(frozen=True)
class Mixture:
    """Operators b_k = 2^-bits Σ_l rows[k][l] o_l, o_l the indicators of a layer's kept orbits; `rows` `[K, L]` of integers."""

    bits: int
    rows: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        if not 0 <= self.bits <= MOST_BITS or not self.rows or len({len(row) for row in self.rows}) != 1:
            raise OutOfRange(
                f"a mixture of {len(self.rows)} operators in units of 2^-{self.bits}: rows of one length and at most {MOST_BITS} bits."
            )
        if any(not any(row) for row in self.rows):
            raise OutOfRange("a mixture has an operator that is zero; leave it out.")

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def values(self) -> Float64[np.ndarray, "k l"]:
        """The coefficients as float64, exact while they have at most 53 bits."""
        return np.array(self.rows, dtype=np.float64) * 2.0**-self.bits

    def spread(self, part: np.ndarray) -> np.ndarray:
        """Coefficients `[q, p, K]` of the operators as those `[q, p, L]` of the indicators, Python integers in units of 2^-bits."""
        return np.tensordot(part.astype(object), np.array(self.rows, dtype=object), axes=(2, 0))

    def description(self) -> dict[str, object]:
        """As plain data."""
        return {"bits": self.bits, "rows": [list(row) for row in self.rows]}


def mixture_from(description: dict | None) -> Mixture | None:
    """What `description()` wrote down."""
    return None if description is None else Mixture(description["bits"], tuple(map(tuple, description["rows"])))
