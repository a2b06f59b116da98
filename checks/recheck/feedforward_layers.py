"""One affine layer of a feedforward ticket: the subset sums of its masks, and the exact errors of its coefficients."""

from fractions import Fraction
from operator import add, mul
from typing import Any

from .activations import Activation, rounded
from .document import LARGEST_COUNT, Budget, Refused, fields, integer, malformed
from .feedforward_encoding import demand, floats, moves, ones
from .feedforward_graph import VALUE_WORK, Shape
from .feedforward_source import CONSTANT_FIRST, CONSTANT_SECOND, FIRST, SECOND, Source, require_there
from .weights import FINEST_GRID

PRODUCT_BITS = 2 * FINEST_GRID
CONSTANT_BITS = 128
COPY_WORK = 8
LARGEST_SCALE, MOST_FINER = 64, 14
LEAST_BITS = CONSTANT_BITS + FINEST_GRID + 1 + 2 * LARGEST_SCALE


class Layer:
    """Integers in units of 1/`unit`: `weights`, `plus`, `minus` `[m][n / groups · taps]`, `bias`, `bias_error`, `bias_spread` `[m]`.

    `bends` are (order, factors `[m][n / groups · taps]`, bits): φ adds at most Σ factor·|x|^order / 2^bits to what its two lines give.
    """

    def __init__(self, operation: dict[str, Any], shape: Shape, numbers: object, phi: Activation, where: str) -> None:
        self.phi, self.copies, self.finest = phi, 0, 0
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
        self.bits = max(LEAST_BITS, max(denominator.bit_length() for _, denominator in ratios))
        self.common = phi.plus.denominator * phi.minus.denominator
        self.unit = self.common << self.bits
        whole = [numerator * (self.unit // denominator) for numerator, denominator in ratios]
        self.weights = [whole[q * size : (q + 1) * size] for q in range(self.outputs)]
        self.ranged = self.weights
        self.bias = whole[self.outputs * size :]
        self.plus: list[list[int]] = []
        self.minus: list[list[int]] = []
        self.bias_error: list[int] = []
        self.bias_spread = [0] * self.outputs
        self.bends: list[tuple[int, list[list[int]], int]] = []

    def ungroup(self) -> None:
        """All channels read by all outputs, with zeros where there was no weight."""
        if self.groups == 1:
            return
        own, size, rows = self.outputs // self.groups, self.inputs * self.taps, []
        if self.outputs * self.groups * size > LARGEST_COUNT:
            malformed(f"a layer of more than {LARGEST_COUNT} weights without its groups")
        for q, row in enumerate(self.weights):
            group = q // own
            rows.append([0] * (group * size) + row + [0] * ((self.groups - 1 - group) * size))
        self.inputs *= self.groups
        self.weights = self.ranged = rows
        self.groups = 1

    def carry(self, value: Fraction | None, channels: int, tap: int, out: Fraction | None) -> None:
        """Biases as weights on the constant `value` that is read, in so many channels, at a tap; and one output more, the constant `out`."""
        wanted = [*self.bias] if out is None else [*self.bias, int(out * self.unit)]
        if out is not None:
            self.weights = [*self.weights, [0] * (self.inputs * self.taps)]
            self.outputs += 1
        if value is None:
            self.bias = wanted
        else:
            beside = [self.exactly(Fraction(b) / value) for b in wanted]
            zeros = [0] * (channels * self.taps - tap - 1)
            self.weights = [[*row, *[0] * tap, b, *zeros] for row, b in zip(self.weights, beside, strict=True)]
            self.inputs += channels
            self.bias = [0] * self.outputs
        self.ranged = self.weights
        self.bias_spread = [0] * self.outputs

    @staticmethod
    def exactly(value: Fraction) -> int:
        """The integer that the number is."""
        if value.denominator != 1:
            malformed("a bias divided by the constant that is read is too fine")
        return value.numerator

    def copy(self, outputs: int, inputs: int) -> None:
        """So many copies of each output; with copies of the inputs the layer is one of random weights on them, without hidden channels."""
        self.weights = [row for _ in range(outputs) for row in self.weights]
        self.bias = self.bias * outputs
        self.outputs *= outputs
        self.bias_spread = [0] * self.outputs
        self.copies = inputs
        self.inputs *= inputs or 1
        self.ranged = self.weights

    def share(self, kept: list[list[int]]) -> None:
        """The target's weights as weights of copies: the ticket's, and on the first copy what is missing. All copies of a neuron are equal.

        `ranged` remain its own weights, those of one copy, from which the ranges of its values follow.
        """
        size = len(self.weights[0])
        self.ranged, missing = list(self.weights), []
        for q, (wanted, row) in enumerate(zip(self.weights, kept, strict=True)):
            missing.append([w - sum(row[i::size]) for i, w in enumerate(wanted)] + [0] * (len(row) - size))
            self.weights[q] = list(map(add, row, missing[-1]))
        self.plus, self.minus = [[-value for value in row] for row in missing], missing

    def prune(self, claims: dict[str, Any], source: Source, layer: int, scales: object, budget: Budget) -> None:
        """Regenerate the weights that the masks keep, and compare their subset sums with the target."""
        where, constants = f"layer {layer}", source.constants_of(layer)
        if not isinstance(scales, list) or len(scales) != 4:
            malformed(f"{where}: four scales were expected")
        finest, scale, coarse, bias_scale = (integer(value, -LARGEST_SCALE, LARGEST_SCALE, f"{where}: scale") for value in scales)
        self.finest = finest
        if self.copies and finest:
            malformed(f"{where}: on copies, which have no first random layer, the first scale is 0")
        if not constants and (coarse or bias_scale):
            malformed(f"{where}: a layer whose biases are all zero has no scales for them; the last two are 0")
        channels, own = self.inputs * self.groups, self.outputs // self.groups
        slopes, remainders, width = ((1, 0), (), 1) if self.copies else ((self.phi.plus, self.phi.minus), self.phi.remainders, source.width)
        count = channels * width * own * self.taps
        if max(count, constants * self.outputs) > LARGEST_COUNT:
            malformed(f"{where}: more than {LARGEST_COUNT} random weights")
        budget.spend(count << COPY_WORK if self.copies else count, where)
        budget.spend(constants * (self.outputs + (1 << VALUE_WORK)), where)
        first = [1 << FINEST_GRID] * channels if self.copies else list(source.values(layer, FIRST, (width, 1), range(channels * width)))
        product = 1 << (self.bits + finest + scale - PRODUCT_BITS)
        for_plus, for_minus = (int(slope * self.common) * product for slope in slopes)
        zero = (0, 0) if self.copies else rounded(self.phi.value, 0, FINEST_GRID, CONSTANT_BITS)
        constant = self.common << self.bits + scale - FINEST_GRID - CONSTANT_BITS - 1
        self.bias_error = [-value for value in self.bias]
        brought = [0] * self.outputs
        length = self.inputs * self.taps
        sizes = [[[0] * length for _ in self.weights] for _ in remainders]
        self.plus = [[0] * length if self.copies else [-value for value in row] for row in self.weights]
        self.minus = [[0] * length if self.copies else list(row) for row in self.weights]
        kept, again = (ones(claims["second"], count, f"{where}: second mask") for _ in range(2))
        steps = moves(claims["moves"], claims["second"], count, source.farthest, f"{where}: moves")
        for position, v, step in zip(again, source.values(layer, SECOND, (width, own * self.taps), kept), steps, strict=True):
            hidden, rest = divmod(position, own * self.taps)
            q, k = divmod(rest, self.taps)
            group, channel = divmod(hidden // width, self.inputs)
            u = first[hidden]
            require_there(u, v, where)
            v += step
            row, column = group * own + q, channel * self.taps + k
            self.plus[row][column] += u * v * (for_plus if u > 0 else for_minus)
            self.minus[row][column] -= u * v * (for_minus if u > 0 else for_plus)
            brought[row] += v
            for table, (order, _) in zip(sizes, remainders, strict=True):
                table[row][column] += abs(v) * abs(u) ** order
        for q, v in enumerate(brought):
            self.add_constant(q, v, zero, constant)
        if self.copies:
            self.share(self.plus)
        for table, (order, curvature) in zip(sizes, remainders, strict=True):
            bits = curvature.denominator.bit_length() - 1 + FINEST_GRID - scale + order * (FINEST_GRID - finest)
            factors = [[curvature.numerator * value << max(0, -bits) for value in row] for row in table]
            self.bends.append((order, factors, max(0, bits)))
        beta = list(source.values(layer, CONSTANT_FIRST, (constants, 1), range(constants)))
        if not 0 <= coarse - bias_scale <= MOST_FINER:
            malformed(f"{where}: the last scale is to be at most {MOST_FINER} below the third, and not above it")
        values = [rounded(self.phi.value, k, FINEST_GRID, CONSTANT_BITS) for k in beta]
        constant = self.common << self.bits + bias_scale - FINEST_GRID - CONSTANT_BITS - 1
        kept, again = (ones(claims["constant"], constants * self.outputs, f"{where}: mask of the constants") for _ in range(2))
        steps = moves(
            claims["constant_moves"], claims["constant"], constants * self.outputs, source.farthest, f"{where}: moves of the constants"
        )
        drawn = source.values(layer, CONSTANT_SECOND, (constants, self.outputs), kept)
        for position, v, step in zip(again, drawn, steps, strict=True):
            j, q = divmod(position, self.outputs)
            if values[j] == (0, 0):
                raise Refused(f"{where}: a constant channel that is never active is kept")
            require_there(1, v, where)
            v += step
            self.add_constant(q, v << coarse - bias_scale if j < constants // 2 else v, values[j], constant)

    def add_constant(self, q: int, v: int, ends: tuple[int, int], half: int) -> None:
        """v times a value between two numbers, in units of twice `half`: their middle, and half their distance."""
        self.bias_error[q] += v * (ends[0] + ends[1]) * half
        self.bias_spread[q] += abs(v) * (ends[1] - ends[0]) * half

    def bent(self, q: int, sizes: list[int], unit: int) -> int:
        """What φ adds to its lines in output q, for |x| at most `sizes` `[n / groups · taps]` in units of 2^-`unit`, rounded up."""
        total, scale = 0, self.finest
        if self.bends:
            self.phi.within(max(sizes) << scale if scale >= 0 else -(-max(sizes) >> -scale), unit)
        for order, factors, bits in self.bends:
            total -= -sum(map(mul, factors[q], (power(z, order, unit) for z in sizes))) >> bits
        return total

    def judge(self, claims: dict[str, Any], where: str) -> None:
        """Compare gain, offset and worst error with those stated."""
        rows = [sum(map(max, map(abs, a), map(abs, b))) for a, b in zip(self.plus, self.minus, strict=True)]
        offset = max(abs(error) + spread for error, spread in zip(self.bias_error, self.bias_spread, strict=True))
        worst = max(offset, max(max(map(abs, row)) for part in (self.plus, self.minus) for row in part))
        for name, value in (("gain", max(rows)), ("offset", offset), ("worst", worst)):
            demand(claims[name], Fraction(value, self.unit), f"{where}: {name}")
        if not isinstance(claims["bends"], list) or len(claims["bends"]) != len(self.bends):
            malformed(f"{where}: {len(self.bends)} bends were expected")
        for stated, (_, factors, bits) in zip(claims["bends"], self.bends, strict=True):
            demand(stated, Fraction(max(map(sum, factors)), 1 << bits), f"{where}: bend")

    def bounds(self, low: list[int], high: list[int], error: list[int], unit: int) -> tuple[list[int], list[int], list[int], int]:
        """Ranges and errors of the result, channel by channel, in units of 2^-`unit`; and the layer's own largest error."""
        if max(self.operation["padding"]):
            low, high = [min(value, 0) for value in low], [max(value, 0) for value in high]
        lows, highs, errors, largest = [], [], [], 0
        own = self.outputs // self.groups
        for q in range(self.outputs):
            part = slice(q // own * self.inputs, (q // own + 1) * self.inputs)
            lo, hi, e = ([value for value in values[part] for _ in range(self.taps)] for values in (low, high, error))
            w, ranged, plus, minus = self.weights[q], self.ranged[q], list(map(abs, self.plus[q])), list(map(abs, self.minus[q]))
            offset, offset_error = self.bias[q] << unit, abs(self.bias_error[q]) + self.bias_spread[q] << unit
            lows.append((sum(c * (a if c > 0 else b) for c, a, b in zip(ranged, lo, hi, strict=False)) + offset) // self.unit)
            highs.append(-(-(sum(c * (b if c > 0 else a) for c, a, b in zip(ranged, lo, hi, strict=False)) + offset) // self.unit))
            inside = [(max(b, 0), max(-a, 0)) for a, b in zip(lo, hi, strict=True)]
            near = [(max(b + c, 0), max(c - a, 0)) for a, b, c in zip(lo, hi, e, strict=True)]
            alone, beside = (
                sum(max(p * x, m * y) for p, m, (x, y) in zip(plus, minus, reach, strict=True)) + offset_error for reach in (inside, near)
            )
            sizes = [max(abs(a - c), abs(b + c)) for a, b, c in zip(lo, hi, e, strict=True)]
            errors.append(-(-(sum(map(mul, map(abs, w), e)) + beside) // self.unit) + self.bent(q, sizes, unit))
            sizes = [max(abs(a), abs(b)) for a, b in zip(lo, hi, strict=True)]
            largest = max(largest, -(-alone // self.unit) + self.bent(q, sizes, unit))
        return lows, highs, errors, largest


def power(z: int, order: int, unit: int) -> int:
    """z^order for z ≥ 0 in units of 2^-`unit`, rounded up at each multiplication."""
    result = z
    for _ in range(order - 1):
        result = -(-result * z >> unit)
    return result
