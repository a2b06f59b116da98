"""The last phase of covering: holes to the right of 0 are filled by positive samples, holes to the left of 0 by negative ones.

State: the lengths a and b of what is uncovered in [0, 1] and in [-1, 0]. If X > 0, every z ∈ [0, 1] has z - X in [-1, 1], so z stays
uncovered only if z - X lies in a hole: with m(t) = P(X ≤ t | X > 0), the most that a set of measure t below z can have if the density
falls with |x|, E[a' | X > 0] ≤ ∫_0^a m(b + r) dr = M(a+b) - M(b), M' = m. For X < 0 the same with a and b exchanged. A target fails only while
a ≥ e₁ or b ≥ e₁. So V₀(a, b) = 1 there and 0 else, and
    V_{k+1}(a, b) = ½ sup{E V_k(a', b): 0 ≤ a' ≤ a, E a' ≤ M(a+b) - M(b)} + ½ (the same in b)
bounds the failure probability; the sup is a concave envelope. Larger holes are worse: cells of a grid are served by their largest hole.
Numbers are integers in units of 2⁻⁶⁴, rounded upwards.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from theory.convex_majorants import BITS, ONE

CELLS_PER_OCTAVE = 12
Primitive = Callable[[int], int]


@dataclass(frozen=True)
class Holes:
    """The law's means and the hole e₁ that targets tolerate; `lower` and `upper` bound M(t) = ∫_0^t P(X ≤ r | X > 0) dr, t ≤ 2."""

    lower: Primitive
    upper: Primitive
    hole: Fraction
    idle: Fraction = Fraction(0)
    cells: int = CELLS_PER_OCTAVE

    def sizes(self) -> list[int]:
        """The largest hole of each cell; the first cell holds what is below e₁."""
        first = self.hole.numerator * ONE // self.hole.denominator - 1
        found = [first]
        while found[-1] < ONE:
            found.append(min(ONE, int(first * 2 ** (len(found) / self.cells))))
        return found

    def means(self, sizes: list[int]) -> list[list[int]]:
        """For b = sizes[j] and a = sizes[i] an upper bound of E[a' | X > 0]."""
        return [[min(a, self.upper(a + b) - self.lower(b)) for a in sizes] for b in sizes]

    def step(self, values: list[list[int]], sizes: list[int], means: list[list[int]]) -> list[list[int]]:
        """One more sample."""
        one_sided = [_envelopes(sizes, row, mean) for row, mean in zip(values, means, strict=True)]
        idle, total = self.idle.numerator, self.idle.denominator
        return [
            [
                min(old, -(-(2 * idle * old + (total - idle) * (one_sided[j][i] + one_sided[i][j])) // (2 * total)))
                for i, old in enumerate(row)
            ]
            for j, row in enumerate(values)
        ]

    def start(self, sizes: list[int]) -> list[list[int]]:
        """V₀: some hole is not tolerated, unless both lie in the first cell."""
        return [[ONE if i or j else 0 for i in range(len(sizes))] for j in range(len(sizes))]


def _envelopes(sizes: list[int], row: list[int], means: list[int]) -> list[int]:
    """For each i, sup{E f(a'): 0 ≤ a' ≤ sizes[i], E a' ≤ means[i]}, f(a') = row[k] in the k-th cell, which begins at sizes[k-1] (or 0)."""
    hull = [(0, row[0])]
    result = []
    for i, mean in enumerate(means):
        if i:
            x, y = sizes[i - 1], row[i]
            while len(hull) > 1:
                (x1, y1), (x2, y2) = hull[-2], hull[-1]
                if (y2 - y1) * (x - x1) > (y - y1) * (x2 - x1):
                    break
                hull.pop()
            hull.append((x, y))
        k = bisect_left(hull, mean, key=lambda corner: corner[0])
        if k == len(hull):
            result.append(hull[-1][1])
            continue
        if k == 0:
            result.append(hull[0][1])
            continue
        (x1, y1), (x2, y2) = hull[k - 1], hull[k]
        result.append(y1 - (-(y2 - y1) * (mean - x1) // (x2 - x1)))
    return result


class JointHoles:
    """The two-sided programme beside that of the covered fraction on `points`: after each step either takes what the other proves."""

    def __init__(self, holes: Holes, points: list[int]) -> None:
        self.holes, self.points = holes, points
        self.sizes = holes.sizes()
        self.means = holes.means(self.sizes)
        self.values = holes.start(self.sizes)
        self.first = bisect_left(points, ONE >> 1)
        self.splits = [splits(self.sizes, 2 * (ONE - point)) for point in points[self.first :]]
        self.covered = [[bisect_right(points, ONE - (a + b + 1 >> 1)) - 1 for a in self.sizes] for b in self.sizes]

    def step(self, fractions: list[int]) -> list[int]:
        """The bounds after one more sample at each covered fraction, given those of the other programme; they do not increase."""
        after = self.holes.step(self.values, self.sizes, self.means)
        self.values = [
            [min(value, fractions[k]) if k >= 0 else value for value, k in zip(row, cells, strict=True)]
            for row, cells in zip(after, self.covered, strict=True)
        ]
        result = fractions[:]
        for i, pairs in enumerate(self.splits, self.first):
            result[i] = min(result[i], result[i - 1] if i else ONE, largest(self.values, pairs))
        return result


def splits(sizes: list[int], length: int) -> list[tuple[int, int]]:
    """The cells (b, a) that hold the largest holes with a + b ≤ `length`."""
    found = []
    for i in range(len(sizes)):
        least = sizes[i - 1] if i else 0
        if least > length:
            break
        found.append((min(bisect_left(sizes, length - least), len(sizes) - 1), i))
    return found


def largest(values: list[list[int]], pairs: list[tuple[int, int]]) -> int:
    """The largest value in the cells."""
    return max(values[j][i] for j, i in pairs)


def worst_split(values: list[list[int]], sizes: list[int], length: int) -> int:
    """The largest value over holes a + b ≤ `length`."""
    return largest(values, splits(sizes, length))


def uniform_primitive(reach: int) -> Primitive:
    """M(t) = R t²/2 while Rt ≤ 1, then t - 1/(2R), for samples uniform on [-1/R, 1/R]; exact up to rounding, which is downwards."""

    def primitive(t: int) -> int:
        return reach * t * t >> (BITS + 1) if reach * t <= ONE else t - ONE // (2 * reach) - 1

    return primitive
