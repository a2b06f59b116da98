"""Sample sizes for all targets in [-1, 1] with probability 0.99: in closed form, best proved, needed at least."""

from dataclasses import dataclass
from pathlib import Path

from theory.sample_size import law_of_name, needed, proved_stored

BITS = tuple(range(4, 13))
LAWS = ("uniform", "product")
DELTA = "1/100"


@dataclass(frozen=True)
class SampleSizes:
    """For one law and ε = 2^-bits, δ = 1/100: samples by the closed form, the best proved and by which route, and needed by counting."""

    law: str
    epsilon: float
    delta: float
    closed_form: int
    proved: int
    route: str
    needed: int


def row(law: str, bits: int, store: Path) -> SampleSizes:
    """One row; `store` keeps what takes seconds to prove."""
    epsilon = f"1/{2**bits}"
    best = proved_stored(law_of_name(law), epsilon, DELTA, store)
    return SampleSizes(law, 2.0**-bits, 0.01, best.closed_form, best.proved, best.route, needed(law_of_name(law), epsilon, DELTA))
