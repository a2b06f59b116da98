"""The exact errors of a ticket's coefficients, and what they mean for a layer alone, for every input."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from numerics.feedforward.graph import FeedforwardTarget
from numerics.feedforward.prune import PRODUCT_BITS, FeedforwardTicket


@dataclass(frozen=True, eq=False)
class ExactLayer:
    """Integers in units of 2^-`bits`: the target's layer, and what the ticket's differs by.

    The ticket's layer is P∗σ(x) + Q∗σ(-x) + b', the target's W∗(σ(x) - σ(-x)) + b: `plus` is P - W and `minus` is Q + W, like `weights`
    objects `[m, n / groups, taps]`; `bias` and `bias_error` = b' - b are `[m]`.
    """

    bits: int
    weights: np.ndarray
    plus: np.ndarray
    minus: np.ndarray
    bias: np.ndarray
    bias_error: np.ndarray

    @property
    def gain(self) -> Fraction:
        """max_q Σ max(|P - W|, |Q + W|): the layer's error is at most `gain`·‖x‖∞ + `offset`, for every input, at the border as inside."""
        largest = np.maximum(np.abs(self.plus), np.abs(self.minus))
        return Fraction(int(largest.sum(axis=(1, 2)).max()), 1 << self.bits)

    @property
    def offset(self) -> Fraction:
        """The largest error of a bias."""
        return Fraction(int(np.abs(self.bias_error).max()), 1 << self.bits)

    @property
    def worst(self) -> Fraction:
        """The largest error of a coefficient."""
        return Fraction(int(max(np.abs(self.plus).max(), np.abs(self.minus).max(), np.abs(self.bias_error).max())), 1 << self.bits)


def exact_layer(target: FeedforwardTarget, ticket: FeedforwardTicket, layer: int) -> ExactLayer:
    """The exact numbers of one layer of target and ticket."""
    numbers = target.layers[layer]
    scale, bias_scale = ticket.source.scales[layer]
    m, n, kh, kw = numbers.weights.shape
    groups = ticket.source.graph.affine[layer].groups
    parts = (numbers.weights, numbers.bias)
    bits = max([PRODUCT_BITS - scale, PRODUCT_BITS - bias_scale, 0] + [_fraction_bits(part) for part in parts])
    weights = _integers(numbers.weights, bits).reshape(m, n, kh * kw)
    bias = _integers(numbers.bias, bits)
    plus, minus, constants = ticket.sums(layer)
    unit = 1 << (bits + scale - PRODUCT_BITS)

    def by_output(sums: np.ndarray) -> np.ndarray:
        return sums.reshape(groups, n, m // groups, kh * kw).transpose(0, 2, 1, 3).reshape(m, n, kh * kw).astype(object) * unit

    bias_error = constants.astype(object) * (1 << (bits + bias_scale - PRODUCT_BITS)) - bias
    return ExactLayer(bits, weights, by_output(plus) - weights, by_output(minus) + weights, bias, bias_error)


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
