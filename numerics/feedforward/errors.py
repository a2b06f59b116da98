"""The exact errors of a ticket's coefficients, and what they mean for a layer alone, for every input."""

from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

from numerics.feedforward.constants import CONSTANT_BITS
from numerics.feedforward.graph import FeedforwardTarget
from numerics.feedforward.pointwise import IDENTITY, pointwise
from numerics.feedforward.solve import PRODUCT_BITS
from numerics.feedforward.ticket import FeedforwardTicket
from numerics.random_weights import GRID_BITS


@dataclass(frozen=True, eq=False)
class Remainder:
    """What φ adds to its lines: at most Σ factor·|x|^order / 2^`shift` to an output; `factor` objects `[m, n / groups, taps]` of integers."""

    order: int
    factor: np.ndarray
    shift: int

    @property
    def bend(self) -> Fraction:
        """max_q Σ factor: at most `bend`·‖x‖∞^order is added, for every input."""
        return Fraction(int(self.factor.sum(axis=(1, 2)).max()), 1 << self.shift)


@dataclass(frozen=True, eq=False)
class ExactLayer:
    """Integers in units of 1/`unit`: the target's layer, and what the ticket's differs by.

    With φ in two lines at 0, the ticket's layer is P∗σ(x) + Q∗σ(-x) + b', the target's W∗(σ(x) - σ(-x)) + b: `plus` is P - W and `minus` is
    Q + W, like `weights` objects `[m, n / groups, taps]`; `bias` and b' - b, within `bias_spread` of `bias_error`, are `[m]`. What φ adds to
    its two lines is bounded by the `remainders`. On copies `weights` are the target's as shared among them; `ranged` are its own, those of one
    copy, from which the ranges of its values follow.
    """

    unit: int
    weights: np.ndarray
    ranged: np.ndarray
    plus: np.ndarray
    minus: np.ndarray
    bias: np.ndarray
    bias_error: np.ndarray
    bias_spread: np.ndarray
    remainders: tuple[Remainder, ...]

    @property
    def gain(self) -> Fraction:
        """max_q Σ max(|P - W|, |Q + W|): the layer's error is at most `gain`·‖x‖∞ + Σ bend·‖x‖∞^order + `offset`, for every input."""
        largest = np.maximum(np.abs(self.plus), np.abs(self.minus))
        return Fraction(int(largest.sum(axis=(1, 2)).max()), self.unit)

    @property
    def offset(self) -> Fraction:
        """The largest error of a bias."""
        return Fraction(int((np.abs(self.bias_error) + self.bias_spread).max()), self.unit)

    @property
    def worst(self) -> Fraction:
        """The largest error of a coefficient."""
        return max(Fraction(int(max(np.abs(self.plus).max(), np.abs(self.minus).max())), self.unit), self.offset)


def exact_layer(target: FeedforwardTarget, ticket: FeedforwardTicket, layer: int) -> ExactLayer:
    """The exact numbers of one layer of target and ticket."""
    numbers, source = target.layers[layer], ticket.source
    first, scale, _, bias_scale = source.scales[layer]
    phi = IDENTITY if source.direct(layer) else pointwise(source.graph.nonlinearity)
    m, n, kh, kw = source.network.weight_shape(layer)
    groups, times = source.graph.affine[layer].groups, m // len(numbers.bias)
    halves = GRID_BITS + CONSTANT_BITS + 1  # the middle of two neighbours
    needed = [PRODUCT_BITS - first - scale, halves - bias_scale, halves - scale, 0]
    bits = max(needed + [_fraction_bits(part) for part in (numbers.weights, numbers.bias)])
    common = lcm(phi.plus.denominator, phi.minus.denominator)

    def by_output(values: np.ndarray) -> np.ndarray:
        return values.reshape(groups, n, m // groups, kh * kw).transpose(0, 2, 1, 3).reshape(m, n, kh * kw).astype(object)

    weights = np.tile(_integers(numbers.weights, bits).reshape(len(numbers.bias), -1, kh * kw) * common, (times, 1, 1))
    bias = np.tile(_integers(numbers.bias, bits) * common, times)
    upper, lower = (by_output(part) << bits + first + scale - PRODUCT_BITS for part in ticket.sums(layer))
    ranged = weights
    if source.direct(layer):
        weights = shared(weights, upper, source.copies)
    plus, minus = int(phi.plus * common), int(phi.minus * common)
    (low, high), zero = ticket.constants(layer), phi.value_at(0, GRID_BITS, CONSTANT_BITS)
    own, brought = common << bits + bias_scale - halves, common << bits + scale - halves
    sums = ticket.masks[layer].brought(source, layer).astype(object)
    bias_error = (low + high) * own + sums * (zero[0] + zero[1]) * brought - bias
    bias_spread = (high - low) * own + np.abs(sums) * (zero[1] - zero[0]) * brought
    remainders = []
    for order, constant in phi.remainders:
        shift = constant.denominator.bit_length() - 1 + GRID_BITS - scale + order * (GRID_BITS - first)
        factor = by_output(ticket.power_sums(layer, order)) * (constant.numerator << max(0, -shift))
        remainders.append(Remainder(order, factor, max(0, shift)))
    return ExactLayer(
        common << bits,
        weights,
        ranged,
        plus * upper - minus * lower - weights,
        plus * lower - minus * upper + weights,
        bias,
        bias_error,
        bias_spread,
        tuple(remainders),
    )


def shared(weights: np.ndarray, sums: np.ndarray, copies: int) -> np.ndarray:
    """The target's weights `[m, n, taps]` as weights of copies `[m, copies·n, taps]` that add up to them: the ticket's, and on the first
    copy what is missing besides. As all copies of a neuron of the target are equal, it computes the same with them.
    """
    m, n, taps = weights.shape
    result = sums.copy()
    result[:, :n] += weights - sums.reshape(m, copies, n, taps).sum(axis=1)
    return result


def _fraction_bits(values: np.ndarray) -> int:
    """The least number of binary digits after the point with which all float32 values are exact, or more."""
    present = values[values != 0].astype(np.float64)
    return 24 - int(np.frexp(present)[1].min()) if present.size else 0


def _integers(values: np.ndarray, bits: int) -> np.ndarray:
    mantissa, exponent = np.frexp(values.astype(np.float64).ravel())
    whole = np.rint(np.ldexp(mantissa, 24)).astype(np.int64).tolist()
    result = np.empty(values.size, dtype=object)
    result[:] = [0 if w == 0 else w << (e - 24 + bits) for w, e in zip(whole, exponent.tolist(), strict=True)]
    return result.reshape(values.shape)


def powers(sizes: np.ndarray, order: int, bits: int) -> np.ndarray:
    """Objects z ≥ 0 in units of 2^-`bits`: z^order, rounded up to that unit at each multiplication."""
    result = sizes
    for _ in range(order - 1):
        result = -(-result * sizes >> bits)
    return result
