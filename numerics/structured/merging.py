"""Subset sums of many vectors by merging lists: a subset that is near the target, with its exact residual, not claimed to be the nearest.

A generalised birthday search (wagner2002). The n vectors are dealt into 2^a groups, each group's subset sums are a list, centred so that
the target is met where a sum of one entry from each list is 0. Lists are merged in pairs: entries fall into cells of a grid, a pair is
kept where x and -y share a cell, so that each merger shrinks all D coordinates by about 2^(l/D) and leaves about 2^l entries, l the bits
of a list. The last merger keeps the pair of least sup norm. An attempt fails where two lists have no pair near 0, say because one long
vector moved one of them away; another deal of the vectors is then tried. Vectors that do not fill a list are left out, the longest ones.
What the masks leave is then added up again from the vectors, in integers.
"""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Int32, Int64

from numerics.random_weights import Key, stream_words
from numerics.structured import joining
from numerics.subset_sum.compiled import prepare
from theory.errors import OutOfRange

LIST_BITS = 16
LARGEST = 1 << 40
FINAL_PAIRS = 1 << 17
SPARE = 4
ADJUSTMENTS = 6
WIDEST = 2.0
FIRST_GUESS = 4
STRIDE, SAMPLED = 13, 256


@dataclass(frozen=True, eq=False)
class Merged:
    """Vectors `[L, D]` and how each was made: a mask of its group's vectors, or the two entries of `parts` that were added.

    Lists that were merged keep no vectors: the entries of the next one say all that is needed to mark a subset.
    """

    vectors: Int64[np.ndarray, "l d"]
    left: Int32[np.ndarray, " p"]
    right: Int32[np.ndarray, " p"]
    parts: tuple["Merged", "Merged"] | None
    members: Int64[np.ndarray, " g"]


def near_subset(
    samples: Int64[np.ndarray, "n d"],
    target: Int64[np.ndarray, " d"],
    *,
    tolerance: int = 0,
    attempts: int = 1,
    list_bits: int = LIST_BITS,
    seed: int = 0,
) -> tuple[Bool[np.ndarray, " n"], Int64[np.ndarray, " d"]]:
    """A mask of the samples and its exact residual (sum of the chosen vectors) - target; the best in sup norm of some attempts.

    Each attempt deals the vectors anew, by a permutation that `seed` and its number determine, and the first within `tolerance` ends the
    search. All numbers are below 2⁴⁰ in magnitude, else `OutOfRange`; the fewer than 2·`list_bits` vectors make one pair of lists.
    """
    n, d = samples.shape
    largest = max(int(np.abs(samples).max(initial=0)), int(np.abs(target).max(initial=0)))
    if largest >= LARGEST or not 2 <= list_bits <= 22 or attempts < 1 or n > 1 << 22 or d < 1:
        raise OutOfRange(
            f"{n} vectors of {d} coordinates up to {largest}, lists of 2^{list_bits} entries, {attempts} attempts: coordinates below 2⁴⁰, "
            "2 to 22 bits and at least one attempt were expected."
        )
    for kernel in (joining.cell_keys, joining.join, joining.added):
        prepare(kernel)
    groups = 2
    while 2 * groups * list_bits <= n:
        groups *= 2
    shortest = np.argsort(np.abs(samples).max(axis=1), kind="stable")[: groups * list_bits]
    best = (np.zeros(n, dtype=bool), -target)
    for attempt in range(attempts):
        order = shortest[np.argsort(stream_words(Key(seed), 0, 0, attempt << 24, len(shortest)), kind="stable")]
        mask = _attempt(samples, target, [order[i::groups] for i in range(groups)])
        residual = np.where(mask[:, None], samples, 0).sum(axis=0) - target
        if np.abs(residual).max() < np.abs(best[1]).max():
            best = (mask, residual)
        if np.abs(best[1]).max() <= tolerance:
            break
    return best


_NOTHING = np.zeros(0, dtype=np.int32)


def _attempt(samples: np.ndarray, target: np.ndarray, groups: list[np.ndarray]) -> np.ndarray:
    missing = 2 * target - samples[np.concatenate(groups)].sum(axis=0)
    shares = [missing * (i + 1) // len(groups) - missing * i // len(groups) for i in range(len(groups))]

    def build(low: int, high: int) -> Merged:
        if high - low == 1:
            return _leaf(samples, groups[low], shares[low])
        middle = (low + high) // 2
        left = build(low, middle)
        right = build(middle, high) if len(left.vectors) else left
        return _merged(left, right, final=(low, high) == (0, len(groups)))

    whole = build(0, len(groups))
    mask = np.zeros(len(samples), dtype=bool)
    if len(whole.vectors):
        _mark(whole, int(np.abs(whole.vectors).max(axis=1).argmin()), mask)
    return mask


def _leaf(samples: np.ndarray, members: np.ndarray, share: np.ndarray) -> Merged:
    """Twice all subset sums of a group, less the sum of the group and its share of what the target misses."""
    sums = -(samples[members].sum(axis=0) + share)[None]
    for vector in samples[members]:
        sums = np.concatenate([sums, sums + 2 * vector])
    return Merged(sums, _NOTHING, _NOTHING, None, members)


def _merged(left: Merged, right: Merged, *, final: bool) -> Merged:
    """The nearest of the pairs in a common cell: as many as the longer list has, at the end one."""
    keep = 1 if final else max(len(left.vectors), len(right.vectors))
    i, j, norms = _pairs(left.vectors, right.vectors, FINAL_PAIRS if final else SPARE * keep)
    if len(i) > keep:
        chosen = np.argpartition(norms, keep - 1)[:keep]
        i, j = i[chosen], j[chosen]
    gone = np.zeros((0, left.vectors.shape[1]), dtype=np.int64)
    parts = replace(left, vectors=gone), replace(right, vectors=gone)
    return Merged(joining.added(left.vectors, right.vectors, i, j), i, j, parts, np.zeros(0, dtype=np.int64))


def _pairs(a: np.ndarray, b: np.ndarray, wanted: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs of rows of a and -b in a common cell with their sup norms; the cells grow or shrink until there are about `wanted`.

    Of long lists a sample is joined first, to find the size of the cells.
    """
    d = a.shape[1]
    if not len(a) or not len(b):
        return _NOTHING, _NOTHING, np.zeros(0, dtype=np.int64)
    deviation = np.sqrt((a[::STRIDE].std(axis=0) ** 2 + b[::STRIDE].std(axis=0) ** 2) / 2) + 1.0
    sides = 2 * np.sqrt(np.pi) * deviation * min(1.0, FIRST_GUESS * wanted / (len(a) * len(b))) ** (1 / d)
    scale = 1.0
    if wanted >= SAMPLED * STRIDE**2:
        some, others = (np.ascontiguousarray(rows[::STRIDE]) for rows in (a, b))
        scale = _Join(some, others, sides, wanted // STRIDE**2).adjust(scale, ADJUSTMENTS)
    search = _Join(a, b, sides, wanted)
    search.adjust(scale, ADJUSTMENTS)
    return search.result()


class _Join:
    """Pairs of rows of a and -b in a common cell, of cells that can grow or shrink; room for twice as many as are wanted."""

    def __init__(self, a: np.ndarray, b: np.ndarray, sides: np.ndarray, wanted: int) -> None:
        self.a, self.b, self.sides, self.wanted = a, b, sides, wanted
        self.keys, self.others = np.empty(len(a), dtype=np.uint64), np.empty(len(b), dtype=np.uint64)
        self.starts = np.empty((2, (1 << max(1, len(b) - 1).bit_length()) + 1), dtype=np.int32)
        self.pairs = tuple(np.empty(2 * wanted, dtype=kind) for kind in (np.int32, np.int32, np.int64))
        self.found = 0

    def count(self, scale: float) -> int:
        joining.cell_keys(self.a, scale * self.sides, 1.0, self.keys)
        joining.cell_keys(self.b, scale * self.sides, -1.0, self.others)
        self.found = joining.join(self.a, self.b, self.keys, self.others, self.starts, *self.pairs)
        return self.found

    def adjust(self, scale: float, most: int) -> float:
        """Between half as many pairs as wanted and twice as many, if `most` joins find such cells; their size."""
        low, high = 0.0, 0.0
        for _ in range(most):
            found = self.count(scale)
            if self.wanted / 2 <= found <= 2 * self.wanted:
                return scale
            low, high = (low, scale) if found > 2 * self.wanted else (scale, high)
            change = np.clip((self.wanted / max(found, 1)) ** (1 / len(self.sides)), 1 / WIDEST, WIDEST)
            scale = float(np.sqrt(low * high) if low and high else scale * change)
        if self.found < self.wanted / 2 and high:
            # Sums in clusters jump from too few pairs to too many: of too many, the first are as good as any.
            scale = high
            self.count(scale)
        return scale

    def result(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        i, j, norms = (part[: self.found] for part in self.pairs)
        return i, j, norms


def _mark(entry: Merged, number: int, mask: np.ndarray) -> None:
    if entry.parts is None:
        mask[entry.members[(number >> np.arange(len(entry.members))) & 1 == 1]] = True
    else:
        _mark(entry.parts[0], int(entry.left[number]), mask)
        _mark(entry.parts[1], int(entry.right[number]), mask)
