"""Bounds of E V(v + D) by convex functions above V, where E min(D, c) is bounded from below for every c, not only at the mean of D.

A decreasing convex function p ≥ V, linear but for kinks at c_1 < ... < c_m = e where its slope changes by Δ_k ≥ 0, is
p(d) = p(e) + Σ Δ_k (c_k - d)⁺ on [0, e], and (c - d)⁺ = c - min(d, c). So E V(v + D) ≤ E p(D) = p(e) + Σ Δ_k (c_k - E min(D, c_k)): any such
p is sound, and each is a bound. Those tried are a line on [v, t], then a convex function above all of V to the right of t that serves
every v, for all t of a coarse grid. Slopes and values are integers in units of 2⁻⁶⁴, rounded so that p ≥ V.
"""

from bisect import bisect_left
from collections.abc import Callable
from itertools import accumulate

BITS = 64
ONE = 1 << BITS
HALF = ONE >> 1
Gain = Callable[[int], int]
"""A lower bound of E D at a covered fraction v, or of E min(D, c) at c, all in units of 2⁻⁶⁴."""
STRIDE, SLACK, STARTS = 8, 4, 8
"""Kinks lie at every 8th point of the grid; by how many points p may lie above V at a kink; which kinks p may be constant from."""
Majorant = tuple[list[int], list[int]]


class Majorants:
    """What does not change from step to step: where the kinks lie, and c_k - E min(D, c_k) for each state and kink, rounded upwards."""

    def __init__(self, points: list[int], gains: list[int], spread: Gain) -> None:
        self.ends = points[1:]  # values[j] must be reached at the right end of its cell, ends[j]
        last = len(self.ends) - 1
        self.kinks = [*range(last % STRIDE, last + 1, STRIDE)]
        self.places = [self.ends[kink] for kink in self.kinks]
        self.half = bisect_left(self.places, HALF)
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
            after = [min(pair) for pair in zip(after, self._means(values, majorant), strict=True)]
        return after

    def _means(self, values: list[int], majorant: Majorant) -> list[int]:
        heights, slopes = majorant
        changes = [left - right for left, right in zip(slopes, [*slopes[1:], 0], strict=True)]
        steepest = [*slopes[1:], 0]  # of the line to the left of each kink, so far
        after = [0] * len(values)
        for i in range(len(self.ends) - 1, -1, -1):
            (first, final), value, end, moments = self.windows[i], values[i], self.ends[i], self.moments[i]
            if first > final:
                after[i] = value
                continue
            for k in range(first, final + 1):
                slope = -((heights[k] - value << BITS) // (self.places[k] - end))
                if slope > steepest[k]:
                    steepest[k] = slope
            between = [change * moment for change, moment in zip(changes[first + 1 : final], moments[1:-1], strict=True)]
            sums = [0, *accumulate(reversed(between))]  # over the kinks strictly between t and the final one
            right, best = slopes[final] * moments[-1], steepest[final] * moments[-1]
            for k in range(final - 1, first - 1, -1):
                best = min(best, right + sums[final - 1 - k] + (steepest[k] - slopes[k + 1]) * moments[k - first])
            after[i] = min(value, heights[final] - (-best >> BITS))
        return after

    def _candidates(self, values: list[int]) -> list[Majorant]:
        """Convex functions above V: one that follows V to the end, and one that is constant from where this serves v = ½ best.

        V may be steep where holes are small, which would make the first steep everywhere.
        """
        last = len(self.kinks) - 1
        found = [self._from(values, last, 0, 0)]
        starts = [*range(last, self.half, -STARTS)]
        if starts:
            best = min(starts, key=lambda start: self._from(values, start, self.half, SLACK)[0][self.half])
            found.append(self._from(values, best, 0, SLACK))
        return found

    def _from(self, values: list[int], start: int, stop: int, slack: int) -> Majorant:
        """Heights at the kinks, rounded down, and slopes to the left of them, from the kink `stop` on; constant from `start` on."""
        heights, slopes = [values[self.kinks[start]]] * len(self.kinks), [0] * len(self.kinks)
        slope = 0
        for k in range(start, stop - 1, -1):
            end, left = self.places[k], self.kinks[k - 1] if k else 0
            corners = [(j, values[j]) for j in range(left, self.kinks[k])]
            if k and slack:
                corners.append((left, values[max(0, left - slack)]))
            for j, value in corners:
                slope = max(slope, -((heights[k] - value << BITS) // (end - self.ends[j])))
            slopes[k] = slope
            if k:
                heights[k - 1] = heights[k] + (slope * (end - self.ends[left]) >> BITS)
        return heights, slopes
