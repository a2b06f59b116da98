"""Whether given samples reach every target: the event that A1, A1′ and Lemma 1 speak of."""

from fractions import Fraction

import numpy as np
from jaxtyping import Int64

RESOLUTIONS = (100, 1_000)
FIRST_LOOK, EVERY = 20, 4


def covers(samples: Int64[np.ndarray, " n"], scale: int, tolerance: Fraction) -> bool:
    """Whether provably every z in [-1, 1] is within `tolerance` of a sum of some of the numbers samples/scale.

    The samples are rounded to multiples of h = tolerance/100, which moves a sum of n of them by at most n·h/2; sums that leave [-2, 2]
    are dropped. So a False may be too pessimistic, a True is not: after a False, h is tolerance/1000. Samples are added in their order
    until the sums reach everything, which more samples cannot undo.
    """
    return any(_covers(samples, scale, tolerance, resolution) for resolution in RESOLUTIONS)


def _covers(samples: Int64[np.ndarray, " n"], scale: int, tolerance: Fraction, resolution: int) -> bool:
    """Whether they are seen to, with samples rounded to multiples of tolerance/resolution."""
    unit = tolerance / resolution
    one = int(2 / unit)
    window = (1 << (2 * one + 1)) - 1
    reachable = 1 << one
    for used, sample in enumerate(samples, start=1):
        step = round(Fraction(int(sample), scale) / unit)
        reachable |= (reachable << step if step >= 0 else reachable >> -step) & window
        looked = used == len(samples) or (used >= FIRST_LOOK and used % EVERY == 0)
        if looked and _reaches_everything(reachable, one, 1 / unit, resolution - Fraction(used, 2)):
            return True
    return False


def _reaches_everything(reachable: int, one: int, edge: Fraction, reach: Fraction) -> bool:
    """Whether every real in [-edge, edge] is within `reach` of a sum; bit one + s of `reachable` says that s is one."""
    bits = np.unpackbits(np.frombuffer(reachable.to_bytes(2 * one // 8 + 1, "little"), np.uint8), bitorder="little")
    sums = np.flatnonzero(bits) - one
    inner = sums[np.abs(sums) <= int(edge + reach)]
    edges_reached = len(inner) > 0 and min(int(inner[-1]), -int(inner[0])) >= edge - reach
    return bool(edges_reached and int(np.diff(inner).max(initial=0)) <= 2 * reach)
