"""The objectives: what their names mean, and the tolerance or size that each needs."""

from dataclasses import dataclass

import numpy as np

from .errors import TooManySamples, WrongObjective

SAMPLE_LIMITS = {"best": 60, "within": 60, "sparsest": 48, "smallest": 48, "size": 48}
LARGEST_TOLERANCE = 2**60
"""Larger than any residual in the exact range; larger tolerances mean the same."""


@dataclass(frozen=True)
class Objective:
    """A checked objective: its name, the tolerance (-1 for none) and the size (0 for none)."""

    name: str
    tolerance: int = -1
    size: int = 0

    @property
    def sample_limit(self) -> int:
        """The most samples the objective is solved for."""
        return SAMPLE_LIMITS[self.name]


def read_objective(objective: object, tolerance: object, samples: int) -> Objective:
    """Check an objective and its tolerance for instances of so many samples; raise `WrongObjective` or
    `TooManySamples`.
    """
    where = "solve_subset_sums"
    size = 0
    name = objective
    if isinstance(objective, tuple) and len(objective) == 2 and objective[0] == "size":
        name, size = objective
        if not isinstance(size, (int, np.integer)) or isinstance(size, bool) or not 0 <= size <= samples:
            raise WrongObjective(
                f'{where}: ("size", {size!r}) asks for a number of samples that an instance does not have; choose an '
                f"integer from 0 to n = {samples}."
            )
    if name not in SAMPLE_LIMITS or (name == "size" and name is objective):
        names = ", ".join(f'"{known}"' for known in SAMPLE_LIMITS if known != "size")
        raise WrongObjective(f'{where}: objective {objective!r} is unknown; choose one of {names}, ("size", k).')
    if samples > SAMPLE_LIMITS[str(name)]:
        raise TooManySamples(
            f"{where}: n = {samples} samples; objective {objective!r} is solved for at most "
            f"{SAMPLE_LIMITS[str(name)]}. Use fewer samples per target."
        )
    if name in ("best", "size"):
        if tolerance is not None:
            raise WrongObjective(f'{where}: objective {objective!r} takes no tolerance, found {tolerance!r}; use "within".')
        return Objective(str(name), size=int(size))
    if not isinstance(tolerance, (int, np.integer)) or isinstance(tolerance, bool) or tolerance < 0:
        raise WrongObjective(f"{where}: objective {objective!r} needs a tolerance, an integer ≥ 0 in grid units; found {tolerance!r}.")
    return Objective(str(name), min(int(tolerance), LARGEST_TOLERANCE))
