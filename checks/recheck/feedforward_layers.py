"""One affine layer of a feedforward ticket: the subset sums of its masks, and the exact errors of its coefficients."""

import base64
import binascii
import struct
from collections.abc import Iterator
from fractions import Fraction
from math import isfinite
from operator import mul
from typing import Any

from .document import LARGEST_COUNT, Budget, Refused, fields, integer, malformed, rational, short
from .feedforward_graph import Shape
from .weights import FINEST_GRID, weights

PRODUCT_BITS = 2 * FINEST_GRID
LARGEST_SCALE = 64


class Layer:
    """Integers in units of 2^-`bits`: `weights`, `plus`, `minus` `[m][n / groups · taps]`, `bias`, `bias_error` `[m]`."""

    def __init__(self, operation: dict[str, Any], shape: Shape, numbers: object, where: str) -> None:
        self.operation, self.groups = operation, operation["groups"]
        self.inputs, self.outputs = shape[0] // self.groups, operation["channels"]
        self.taps = operation["kernel"][0] * operation["kernel"][1]
        numbers = fields(numbers, ("weights", "bias"), where)
        size = self.inputs * self.taps
        if self.outputs * size > LARGEST_COUNT:
            malformed(f"{where}: more than {LARGEST_COUNT} weights")
        values = floats(numbers["weights"], self.outputs * size, f"{where}: weights")
        bias = floats(numbers["bias"], self.outputs, f"{where}: bias")
        ratios = [value.as_integer_ratio() for value in (*values, *bias)]
        self.bits = max(PRODUCT_BITS + LARGEST_SCALE, max(denominator.bit_length() for _, denominator in ratios))
        whole = [numerator * ((1 << self.bits) // denominator) for numerator, denominator in ratios]
        self.weights = [whole[q * size : (q + 1) * size] for q in range(self.outputs)]
        self.bias = whole[self.outputs * size :]
        self.plus: list[list[int]] = []
        self.minus: list[list[int]] = []
        self.bias_error: list[int] = []

    def prune(self, claims: dict[str, Any], key: int, layer: int, width: int, constants: int, scales: object, budget: Budget) -> None:
        """Regenerate the weights that the masks keep, and compare their subset sums with the target."""
        where = f"layer {layer}"
        if not isinstance(scales, list) or len(scales) != 2:
            malformed(f"{where}: two scales were expected")
        scale, bias_scale = (integer(value, -LARGEST_SCALE, LARGEST_SCALE, f"{where}: scale") for value in scales)
        channels, own = self.inputs * self.groups, self.outputs // self.groups
        count = channels * width * own * self.taps
        if max(count, constants * self.outputs) > LARGEST_COUNT:
            malformed(f"{where}: more than {LARGEST_COUNT} random weights")
        budget.spend(count, where)
        first = list(weights(key, FINEST_GRID, layer, 0, range(channels * width)))
        unit = 1 << (self.bits + scale - PRODUCT_BITS)
        self.plus = [[-value for value in row] for row in self.weights]
        self.minus = [list(row) for row in self.weights]
        kept, again = (ones(claims["second"], count, f"{where}: second mask") for _ in range(2))
        for position, v in zip(again, weights(key, FINEST_GRID, layer, 1, kept), strict=True):
            hidden, rest = divmod(position, own * self.taps)
            q, k = divmod(rest, self.taps)
            group, channel = divmod(hidden // width, self.inputs)
            u = first[hidden]
            table = self.plus if u > 0 else self.minus
            table[group * own + q][channel * self.taps + k] += abs(u) * v * unit
        beta = list(weights(key, FINEST_GRID, layer, 2, range(constants)))
        unit = 1 << (self.bits + bias_scale - PRODUCT_BITS)
        self.bias_error = [-value for value in self.bias]
        kept, again = (ones(claims["constant"], constants * self.outputs, f"{where}: mask of the constants") for _ in range(2))
        for position, v in zip(again, weights(key, FINEST_GRID, layer, 3, kept), strict=True):
            j, q = divmod(position, self.outputs)
            if beta[j] < 0:
                raise Refused(f"{where}: a constant channel that is never active is kept")
            self.bias_error[q] += beta[j] * v * unit

    def judge(self, claims: dict[str, Any], where: str) -> None:
        """Compare gain, offset and worst error with those stated."""
        rows = [sum(map(max, map(abs, a), map(abs, b))) for a, b in zip(self.plus, self.minus, strict=True)]
        offset = max(map(abs, self.bias_error))
        worst = max(offset, max(max(map(abs, row)) for part in (self.plus, self.minus) for row in part))
        for name, value in (("gain", max(rows)), ("offset", offset), ("worst", worst)):
            demand(claims[name], Fraction(value, 1 << self.bits), f"{where}: {name}")

    def bounds(self, low: list[int], high: list[int], error: list[int], unit: int) -> tuple[list[int], list[int], list[int], int]:
        """Ranges and errors of the result, channel by channel, in units of 2^-`unit`; and the layer's own largest error."""
        if max(self.operation["padding"]):
            low, high = [min(value, 0) for value in low], [max(value, 0) for value in high]
        lows, highs, errors, largest = [], [], [], 0
        own = self.outputs // self.groups
        for q in range(self.outputs):
            part = slice(q // own * self.inputs, (q // own + 1) * self.inputs)
            lo, hi, e = ([value for value in values[part] for _ in range(self.taps)] for values in (low, high, error))
            w, plus, minus = self.weights[q], list(map(abs, self.plus[q])), list(map(abs, self.minus[q]))
            offset, offset_error = self.bias[q] << unit, abs(self.bias_error[q]) << unit
            lows.append(sum(c * (a if c > 0 else b) for c, a, b in zip(w, lo, hi, strict=True)) + offset >> self.bits)
            highs.append(-(-(sum(c * (b if c > 0 else a) for c, a, b in zip(w, lo, hi, strict=True)) + offset) >> self.bits))
            inside = [(max(b, 0), max(-a, 0)) for a, b in zip(lo, hi, strict=True)]
            near = [(max(b + c, 0), max(c - a, 0)) for a, b, c in zip(lo, hi, e, strict=True)]
            alone, beside = (
                sum(max(p * x, m * y) for p, m, (x, y) in zip(plus, minus, reach, strict=True)) + offset_error for reach in (inside, near)
            )
            errors.append(-(-(sum(map(mul, map(abs, w), e)) + beside) >> self.bits))
            largest = max(largest, -(-alone >> self.bits))
        return lows, highs, errors, largest


def demand(stated: object, found: Fraction, where: str) -> None:
    """Refuse unless the stated rational is the one found."""
    value = rational(stated, where)
    if value != found:
        raise Refused(f"{where} is stated as {short(value)}; {short(found)} was found")


def decoded(value: object, size: int, where: str) -> bytes:
    """`size` bytes of canonical base64."""
    try:
        content = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except (binascii.Error, ValueError):
        content = b""
    if len(content) != size or value != base64.b64encode(content).decode("ascii"):
        malformed(f"{where}: base64 of {size} bytes was expected")
    return content


def floats(value: object, count: int, where: str) -> tuple[float, ...]:
    """`count` finite float32 numbers, which Python's floats hold exactly."""
    values = struct.unpack(f"<{count}f", decoded(value, 4 * count, where))
    if not all(map(isfinite, values)):
        malformed(f"{where}: NaN or infinity")
    return values


def ones(value: object, count: int, where: str) -> Iterator[int]:
    """The positions of the bits that are set, most significant bit of each byte first."""
    content = decoded(value, -(-count // 8), where)
    if count % 8 and content and content[-1] & (1 << 8 - count % 8) - 1:
        malformed(f"{where}: the padding is not zero")
    for i, byte in enumerate(content):
        if byte:
            for bit in range(8):
                if byte >> 7 - bit & 1:
                    yield 8 * i + bit
