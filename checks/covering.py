"""Whether given samples reach every target: the event that A1, A1′ and Lemma 1 speak of."""

from fractions import Fraction

import numpy as np
from jaxtyping import Int64


def covers(samples: Int64[np.ndarray, " n"], scale: int, tolerance: Fraction) -> bool:
    """Whether provably every z in [-1, 1] is within `tolerance` of a sum of some of the numbers samples/scale.

    The samples are rounded to multiples of h = tolerance/5000, which moves a sum by at most n·h/2; sums that leave [-2, 2] are
    dropped. So a False may be too pessimistic, a True is not.
    """
    unit = tolerance / 5_000
    one = int(2 / unit)
    steps = [round(Fraction(int(sample), scale) / unit) for sample in samples]
    window = (1 << (2 * one + 1)) - 1
    reachable = 1 << one
    for step in steps:
        reachable |= (reachable << step if step >= 0 else reachable >> -step) & window
    bits = np.unpackbits(np.frombuffer(reachable.to_bytes(2 * one // 8 + 1, "little"), np.uint8), bitorder="little")
    sums = np.flatnonzero(bits) - one
    reach = (tolerance - len(steps) * unit / 2) / unit
    inner = sums[np.abs(sums) <= int(1 / unit + reach)]
    edges_reached = len(inner) > 0 and min(int(inner[-1]), -int(inner[0])) >= 1 / unit - reach
    return bool(edges_reached and int(np.diff(inner).max(initial=0)) <= 2 * reach)
