"""How many samples until every target in [-1, 1] is near a subset sum, exactly and without listing 2^n sums: a bit for each cell.

Samples are rounded to multiples of a cell, 2^8 to 2^9 cells to the tolerance; bit r says that some rounded subset sum is r, so that one more
sample is one shift. Rounding moves the sums of the first n samples by between E₋ and E₊, the sums of the errors of either sign. A gap between
two set bits is thus surely narrow enough, surely too wide, or doubtful; of a doubtful one the two sums beside it are found exactly, from the
sorted sums of two halves of the samples. Cost: most samples times the cells within reach over 64, where listing takes 2^n.
"""

import numpy as np

from .compiled import compiled

WORD = 64
COARSE_BITS = 9
LEAST_TOLERANCE = 1 << 8
FAR = np.int64(1) << 61


@compiled
def shift_or(bits, low, high, step):
    """Set bits[r + step] for each bit r that is set, in place; the words low to high hold all of them, before and after."""
    words, rest = np.int64(abs(step) // WORD), np.uint64(abs(step) % WORD)
    back = np.uint64(WORD) - rest
    if step > 0:
        for w in range(high, low + words - 1, -1):
            moved = bits[w - words] << rest
            if rest and w - words > low:
                moved |= bits[w - words - 1] >> back
            bits[w] |= moved
    elif step < 0:
        for w in range(low, high - words + 1):
            moved = bits[w + words] >> rest
            if rest and w + words < high:
                moved |= bits[w + words + 1] << back
            bits[w] |= moved


@compiled
def edge_bit(word, last):
    """Return the index of the first, or of the last, bit set in a word that is not 0."""
    index = np.int64(0)
    for step in (32, 16, 8, 4, 2, 1):
        half = np.uint64(step)
        lower = word & ((np.uint64(1) << half) - np.uint64(1))
        if last:
            upper = word >> half
            if upper:
                word = upper
                index += step
        elif lower:
            word = lower
        else:
            word = word >> half
            index += step
    return index


@compiled
def half_sums(x, first, last):
    """Return the sums of all subsets of x[first:last], in increasing order."""
    sums = np.zeros(1 << (last - first), np.int64)
    for i in range(first, last):
        count = 1 << (i - first)
        for k in range(count):
            sums[count + k] = sums[k] + x[i]
    return np.sort(sums)


@compiled
def neighbours(left, right, point):
    """Return the greatest sum of an entry of each ≤ point, and the least one > point (∓FAR where there is none); both increase."""
    below, above = -FAR, FAR
    j = len(right) - 1
    for a in left:
        while j >= 0 and a + right[j] > point:
            j -= 1
        if j >= 0:
            below = max(below, a + right[j])
        if j + 1 < len(right):
            above = min(above, a + right[j + 1])
    return below, above


@compiled
def open_gap(below, above, tolerance, one):
    """Return whether some point of [-one, one] is more than `tolerance` above one sum and below the next."""
    return below + tolerance < above - tolerance and above - tolerance > -one and below + tolerance < one


@compiled
def covers(bits, low, high, origin, x, n, shift, errors, tolerance, one):
    """Return whether the subset sums of x[:n] come within `tolerance` of every point of [-one, one]; errors = (E₋, E₊)."""
    before = -FAR
    empty = np.int64(WORD * 2)  # cells: a gap within two words is never too wide
    left, right = np.empty(0, np.int64), np.empty(0, np.int64)
    for w in range(low, high + 2):
        if w <= high and not bits[w]:
            continue
        here = (w * WORD - origin) << shift
        if w > high or here - before > empty << shift:
            after = FAR if w > high else here + (edge_bit(bits[w], False) << shift)
            if open_gap(before + errors[1], after + errors[0], tolerance, one):
                return False
            if open_gap(before + errors[0], after + errors[1], tolerance, one):
                if len(left) == 0:
                    left, right = half_sums(x, 0, n // 2), half_sums(x, n // 2, n)
                if before == -FAR:
                    point = after + errors[0] - 1
                elif after == FAR:
                    point = before + errors[1]
                else:
                    point = (before + after) // 2
                below, above = neighbours(left, right, point)
                if open_gap(below, above, tolerance, one):
                    return False
        if w <= high:
            before = here + (edge_bit(bits[w], True) << shift)
    return True


@compiled
def covering_number(x, tolerance, one, shift, bits):
    """Return the least n for which the sums of x[:n] come within `tolerance` of every point of [-one, one], or len(x) + 1.

    `bits` is work space: as many words as the cells of all sums take, and 4 more; 2^8 ≤ tolerance >> shift, or shift = 0 and 2^8 ≤ tolerance.
    """
    most = x.shape[0]
    half = np.int64(1) << shift >> 1
    rounded = (x + half) >> shift
    least, greatest = np.int64(0), np.int64(0)
    for y in rounded:
        least += min(y, 0)
        greatest += max(y, 0)
    origin = (-least // WORD + 1) * WORD
    last_word = (origin + greatest) // WORD
    bits[: last_word + 1] = 0
    bits[origin // WORD] = 1
    errors = np.zeros(2, np.int64)
    low = high = origin
    for n in range(1, most + 1):
        y = rounded[n - 1]
        low, high = low + min(y, 0), high + max(y, 0)
        shift_or(bits, low // WORD, high // WORD, y)
        error = x[n - 1] - (y << shift)
        errors[int(error > 0)] += error
        enough = n >= WORD - 2 or np.int64(1) << n >= one // tolerance
        if enough and covers(bits, low // WORD, high // WORD, origin, x, n, shift, errors, tolerance, one):
            return n
    return most + 1


@compiled
def covering_run(samples, tolerance, one, shift, first, last, numbers):
    """Set numbers[u] to the covering number of samples[u] for first ≤ u < last."""
    widest = np.int64(0)
    for u in range(first, last):
        widest = max(widest, np.abs(samples[u]).sum())
    bits = np.empty((widest >> shift) // WORD + samples.shape[1] + 4, np.uint64)
    for u in range(first, last):
        numbers[u] = covering_number(samples[u], tolerance, one, shift, bits)


def cell_shift(tolerance: int) -> int:
    """Return how many bits of the samples are rounded away: 2^8 ≤ tolerance >> shift < 2^9, or 0."""
    return max(0, tolerance.bit_length() - COARSE_BITS)
