"""The integer dynamic programme behind tight sample sizes: the worst growth of the covered fraction, all roundings upwards.

State: the fraction v of [-1, 1] that is covered. With one more sample it grows by D with 0 ≤ D ≤ min(v, 1-v) (a translate of the covered
set, cut to the window) and E D ≥ g(v) (the law's mean gain). The covered sets are closed, so a target fails only while v < 1 - e₁/2:
V₀(v) = 1 for v < 1 - e₁/2, else 0, and V_{k+1}(v) = sup{E V_k(v + D)} bounds the failure probability after k more samples.
A set may be replaced by a subset, so V may be bounded by a step function that does not increase; the sup is then its upper concave
envelope over [v, v + min(v, 1-v)], taken at the mean v + g(v). Numbers are integers in units of 2⁻⁶⁴; g is rounded down, V up.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from theory.convex_majorants import HALF, ONE, Gain, Majorants
from theory.two_sided_holes import Holes, JointHoles

CELLS_PER_OCTAVE = 128


def grid(least: Fraction, hole: Fraction, cells: int = CELLS_PER_OCTAVE) -> list[int]:
    """Fractions from `least` to 1 - `hole`/2: octaves that double exactly up to 1/2, then holes that shrink alike, half as finely.

    Any grid is valid; one that doubles exactly loses nothing where a sample doubles the covered set.
    """
    points = [floor_units(least)]
    octave = [int(points[0] * 2 ** (i / cells)) for i in range(cells)]
    while octave[0] < HALF:
        points += [point for point in octave if point < HALF]
        octave = [2 * point for point in octave]
    last = ONE - floor_units(hole / 2)
    points += [point for point in octave if HALF <= point < last]
    size = float(HALF)
    while ONE - int(size) < last:
        points.append(ONE - int(size))
        size /= 2 ** (2 / cells)
    return [*sorted({point for point in points if point < last}), last]


def floor_units(value: Fraction) -> int:
    """The number in units of 2⁻⁶⁴, rounded down."""
    return value.numerator * ONE // value.denominator


@dataclass(frozen=True)
class Programme:
    """A law's mean gain, the probability `idle` (as p/q) that a sample cannot be used, and the hole e₁ that targets tolerate.

    `spread`, where it is known, bounds E min(D, c) from below for every c ≤ min(v, 1-v); `gain` is the same at c = min(v, 1-v).
    """

    gain: Gain
    hole: Fraction
    idle: Fraction = Fraction(0)
    cells: int = CELLS_PER_OCTAVE
    spread: Gain | None = None
    holes: Holes | None = None

    def bounds(self, least: Fraction) -> tuple[list[int], Iterator[list[int]]]:
        """The grid from `least` up, and the endless sequence V₀, V₁, ... on it, in units of 2⁻⁶⁴; V[i] serves all v ≥ grid[i]."""
        points = grid(least, self.hole, self.cells)
        return points, self._iterate(points)

    def _iterate(self, points: list[int]) -> Iterator[list[int]]:
        gains = [self.gain(point) for point in points]
        means = [point + gain for point, gain in zip(points, gains, strict=True)]
        reach = [bisect_right(points, 2 * point) - 1 for point in points]
        first_above = bisect_left(points, HALF)
        values = [ONE] * (len(points) - 1) + [0]
        idle, total = self.idle.numerator, self.idle.denominator
        majorants = Majorants(points, gains, self.spread) if self.spread else None
        joint = JointHoles(self.holes, points) if self.holes else None
        while True:
            yield values
            used = self._step(points, means, reach, first_above, values)
            if majorants:
                used = [min(pair) for pair in zip(used, majorants.step(values), strict=True)]
            after = [-(-(idle * old + (total - idle) * new) // total) for old, new in zip(values, used, strict=True)]
            for i in range(1, len(after)):
                after[i] = min(after[i], after[i - 1])
            values = joint.step(after) if joint else after

    @staticmethod
    def _step(points: list[int], means: list[int], reach: list[int], first_above: int, values: list[int]) -> list[int]:
        after = [0] * len(points)
        hull = [(ONE, 0)]  # the upper envelope of everything to the right, from right to left
        for i in range(len(points) - 2, -1, -1):
            if i >= first_above:
                push(hull, (points[i + 1], values[i]))
                after[i] = min(values[i], envelope(hull, means[i]))
            else:
                after[i] = min(values[i], _window(points, values, i, reach[i], means[i]))
        return after


def push(hull: list[tuple[int, int]], corner: tuple[int, int]) -> None:
    """Add a corner to the left of an upper hull that is given from right to left."""
    x, y = corner
    while len(hull) > 1:
        (x1, y1), (x2, y2) = hull[-1], hull[-2]
        if (y1 - y) * (x2 - x) > (y2 - y) * (x1 - x):
            break
        hull.pop()
    hull.append(corner)


def envelope(hull: list[tuple[int, int]], x: int) -> int:
    """The height at x, rounded up, of a hull given from right to left; left of it the height of its left end."""
    if x <= hull[-1][0]:
        return hull[-1][1]
    low, high = 0, len(hull) - 1
    while high - low > 1:
        middle = (low + high) // 2
        if hull[middle][0] >= x:
            low = middle
        else:
            high = middle
    (x1, y1), (x2, y2) = hull[high], hull[low]
    return y1 - (y1 - y2) * (x - x1) // (x2 - x1) if x2 > x1 else max(y1, y2)


def _window(points: list[int], values: list[int], i: int, last: int, x: int) -> int:
    """The envelope over [v, 2v] at x: usually the chord of its ends, else the whole hull."""
    x1, y1 = points[i + 1], values[i]
    x2, y2 = 2 * points[i], values[last]
    if x <= x1 or last <= i:
        return y1
    dx, dy = x2 - x1, y2 - y1
    if dx > 0 and all([(values[j] - y1) * dx <= dy * (points[j + 1] - x1) for j in range(i + 1, last)]):  # noqa: C419  (faster)
        return y1 - (y1 - y2) * (x - x1) // dx
    hull = [(x2, y2)]
    for j in range(last - 1, i - 1, -1):
        push(hull, (points[j + 1], values[j]))
    return envelope(hull, x)
