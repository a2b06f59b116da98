"""Bounds of E V(v + D) by convex functions above V, where E min(D, c) is bounded from below for every c, not only at the mean of D.

A decreasing convex function p ≥ V, linear but for kinks at c_1 < ... < c_m = e where its slope changes by Δ_k ≥ 0, is
p(d) = p(e) + Σ Δ_k (c_k - d)⁺ on [0, e], and (c - d)⁺ = c - min(d, c). So E V(v + D) ≤ E p(D) = p(e) + Σ Δ_k (c_k - E min(D, c_k)): any such
p is sound, and each is a bound. Those tried are a line on [v, t], then a convex function above all of V to the right of t that serves
every v, for all t of a coarse grid. Slopes and values are integers in units of 2⁻⁶⁴, rounded so that p ≥ V.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from itertools import accumulate

BITS = 64
ONE = 1 << BITS
HALF = ONE >> 1
Gain = Callable[[int], int]
"""A lower bound of E D at a covered fraction v, or of E min(D, c) at c, all in units of 2⁻⁶⁴."""
STRIDE, SLACK, STARTS, WIDTHS = 8, 4, 8, (1, 3)
"""Kinks lie at every 8th point of the grid; by how many points p may lie above V at a kink; which kinks p may be constant from; how many
kinks the slope may skip."""
Majorant = tuple[list[int], list[int]]


class Majorants:
    """What does not change from step to step: where the kinks lie, and c_k - E min(D, c_k) for each state and kink, rounded upwards."""

    def __init__(self, points: list[int], gains: list[int], spread: Gain) -> None:
        self.ends = points[1:]  # values[j] must be reached at the right end of its cell, ends[j]
        last = len(self.ends) - 1
        self.kinks = [*range(last % STRIDE, last + 1, STRIDE)]
        self.places = [self.ends[kink] for kink in self.kinks]
        self.half = bisect_left(self.places, HALF)
        self.states = range(bisect_left(points, ONE // 16), min(bisect_left(points, ONE - ONE // 16), last + 1))
        self.windows: list[tuple[int, int]] = []  # of each state the first kink, and the final one, at or beyond v + min(v, 1-v)
        self.moments: list[list[int]] = []
        for i in range(last + 1):
            v, room = points[i], min(points[i], ONE - points[i])
            first = bisect_left(self.kinks, i + 1)
            final = min(bisect_left(self.places, v + room), len(self.kinks) - 1)
            self.windows.append((first, final))
            sizes = [place - v for place in self.places[first : final + 1]]
            near = [min(size, room) for size in sizes]
            self.moments.append([size - max(spread(c), gains[i] * c // room) for size, c in zip(sizes, near, strict=True)])

    def step(self, values: list[int]) -> list[int]:
        """For each state an upper bound of E V(v + D), V the step function `values`; that of the covered interval [last, 1] is 0."""
        after = [*values[:-1], 0]
        for majorant in self._candidates(values):
            for i, bound in self._means(values, majorant):
                after[i] = min(after[i], bound)
        return after

    def _means(self, values: list[int], majorant: Majorant) -> Iterator[tuple[int, int]]:
        """The bound of each state with 1/16 ≤ v < 15/16; elsewhere the mean of D alone nearly always bounds as well."""
        heights, slopes = majorant
        changes = [left - right for left, right in zip(slopes, [*slopes[1:], 0], strict=True)]
        steepest = [*slopes[1:], 0]  # of the line to the left of each kink, so far
        for i in range(len(self.ends) - 1, self.states.start - 1, -1):
            (first, final), value, end, moments = self.windows[i], values[i], self.ends[i], self.moments[i]
            if first > final:
                continue
            window = slice(first, final + 1)
            steepest[window] = [
                max(slope, -((height - value << BITS) // (place - end)))
                for slope, height, place in zip(steepest[window], heights[window], self.places[window], strict=True)
            ]
            if i >= self.states.stop:
                continue
            between = [change * moment for change, moment in zip(changes[first + 1 : final], moments[1:-1], strict=True)]
            sums = [0, *accumulate(reversed(between))]  # over the kinks strictly between t and the final one
            right, best = slopes[final] * moments[-1], steepest[final] * moments[-1]
            for k in range(final - 1, first - 1, -1):
                best = min(best, right + sums[final - 1 - k] + (steepest[k] - slopes[k + 1]) * moments[k - first])
            yield i, heights[final] - (-best >> BITS)

    def _candidates(self, values: list[int]) -> list[Majorant]:
        """Convex functions above V, with kinks at every 8th or 24th point of the grid: of each width one that follows V to the end, and
        one that is constant from where this serves v = ½ best.

        V may be steep where holes are small, or where it jumps, which would make the first, or one with many kinks, steep everywhere.
        """
        last = len(self.kinks) - 1
        found = []
        for width in WIDTHS:
            found.append(self._from(values, last, 0, 0, width))
            starts = [*range(last, self.half, -STARTS)]
            if starts:
                best = min(starts, key=lambda start, width=width: self._from(values, start, self.half, SLACK, width)[0][self.half])
                found.append(self._from(values, best, 0, SLACK, width))
        return found

    def _from(self, values: list[int], start: int, stop: int, slack: int, width: int) -> Majorant:
        """Heights at the kinks, rounded down, and slopes to the left of them, from the kink `stop` on; constant from `start` on.

        The slope changes at every `width`-th kink alone.
        """
        heights, slopes = [values[self.kinks[start]]] * len(self.kinks), [0] * len(self.kinks)
        slope, right = 0, start
        while right >= stop:
            next_right = right - width
            left = self.kinks[next_right] if next_right >= 0 else 0
            corners = [(j, values[j]) for j in range(left, self.kinks[right])]
            if next_right >= 0 and slack:
                corners.append((left, values[max(0, left - slack)]))
            end, height = self.places[right], heights[right]
            for j, value in corners:
                slope = max(slope, -((height - value << BITS) // (end - self.ends[j])))
            for k in range(right, max(next_right, -1), -1):
                slopes[k] = slope
                if k:
                    heights[k - 1] = height + (slope * (end - self.places[k - 1]) >> BITS)
            right = next_right
        return heights, slopes
