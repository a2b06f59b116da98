"""All 2-colourings at once: bit k of an integer belongs to the k-th assignment of n binary variables.

A number that differs from assignment to assignment is a list of such integers, least significant bit first. Everything is exact.
"""

from collections.abc import Iterable

Number = list[int]


def variables(count: int) -> list[int]:
    """The `count` variables over all 2^count assignments: bit k of the i-th is bit i of k."""
    size = 1 << count
    found = []
    for i in range(count):
        pattern, length = ((1 << (1 << i)) - 1) << (1 << i), 2 << i
        while length < size:
            pattern |= pattern << length
            length *= 2
        found.append(pattern)
    return found


def total(bits: Iterable[int]) -> Number:
    """How many of the bits are set, for each assignment."""
    planes: Number = []
    for bit in bits:
        for i, plane in enumerate(planes):
            planes[i], bit = plane ^ bit, plane & bit
            if not bit:
                break
        if bit:
            planes.append(bit)
    return planes


def times(number: Number, factor: int) -> Number:
    """The number multiplied by a constant ≥ 0."""
    result: Number = []
    for shift in range(factor.bit_length()):
        if factor >> shift & 1:
            result = plus(result, [0] * shift + number)
    return result


def plus(first: Number, second: Number) -> Number:
    """The sum."""
    result, carry = [], 0
    for i in range(max(len(first), len(second))):
        a, b = (number[i] if i < len(number) else 0 for number in (first, second))
        result.append(a ^ b ^ carry)
        carry = a & b | a & carry | b & carry
    return [*result, carry] if carry else result


def less(first: Number, second: Number) -> int:
    """The assignments at which the first number is the smaller one, as bits."""
    below = 0
    for i in range(max(len(first), len(second))):
        a, b = (number[i] if i < len(number) else 0 for number in (first, second))
        differ = a ^ b
        below = (b & differ) | (below & ~differ)
    return below
