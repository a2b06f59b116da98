"""How wide a random network is drawn for a target: chosen before any weight is drawn, from what subset sums are expected to reach.

Nothing is proved here: a plan that is too narrow ends in a certificate that does not meet ε.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, pi, sqrt

import numpy as np
import sympy

from numerics.layer import LayerShape
from numerics.structured.network import StructuredTarget
from theory.errors import OutOfRange
from theory.verdict import exact

EXACT_MOST, EXACT_DIMENSIONS = 26, 9
MOST_LISTS = 1 << 12
MARGIN = 1.25
SHARE = 0.75
DEVIATIONS = 5
LIST_BITS = (10, 18)
SUM_WORK, LAYER_WORK = 1 << 26, 1 << 29
"""List entries that may be made for one subset sum and for those of one layer; about a second for 2²¹ of them."""
SCALE = 20


@dataclass(frozen=True)
class LayerPlan:
    """For one layer: the sup error wanted of each subset sum, hidden channels in a block, constant channels in a bias block, list bits."""

    tolerance: Fraction
    width: int
    constants: int
    list_bits: int


def expected_exact(dimension: int, n: int) -> float:
    """The sup error that some subset of n vectors u·v is expected to reach: 2ⁿ normal points of deviation √n/2 in ℝ^D."""
    return sqrt(2 * pi * n) / 4 * 2 ** (-n / dimension)


def expected_merged(dimension: int, lists: int, bits: int) -> float:
    """The sup error expected of merged lists of 2^bits entries: each merger but the last shrinks the coordinates alike.

    Where the longest of some 5 % more vectors are left out, most searches come nearer, up to twice.
    """
    shrinking = sqrt(2 * pi / 3) * 2 ** (-bits / dimension)
    return sqrt(bits) / 2 * shrinking ** (lists.bit_length() - 2) * sqrt(pi) * 2 ** (-2 * bits / dimension)


def list_bits_for(dimension: int, tolerance: float, work: int) -> int:
    """The size of lists with which the fewest vectors are expected to suffice, if their entries number at most `work`; else the smallest.

    Raises `OutOfRange` if lists of no size suffice.
    """
    found = []
    for bits in range(LIST_BITS[0], LIST_BITS[1] + 1):
        try:
            samples = samples_for(dimension, tolerance, bits)
        except OutOfRange:
            if bits == LIST_BITS[1]:
                raise
            continue
        entries = samples // bits << bits
        found.append((max(entries, work), samples, bits))
    return min(found)[2]


def samples_for(dimension: int, tolerance: float, list_bits: int) -> int:
    """How many vectors of one sign are expected to suffice; raises `OutOfRange` beyond 2¹² lists."""
    if dimension <= EXACT_DIMENSIONS:
        for n in range(4, EXACT_MOST + 1):
            if MARGIN * expected_exact(dimension, n) <= tolerance:
                return n + 4
    lists = 2
    while lists <= MOST_LISTS:
        if expected_merged(dimension, lists, list_bits) <= tolerance:
            return lists * list_bits
        lists *= 2
    raise OutOfRange(
        f"vectors of {dimension} coordinates within {tolerance:.3g}: more than {MOST_LISTS} lists of 2^{list_bits} sums would be needed. "
        "Take a larger ε, or blocks of fewer outputs."
    )


def channels_for(samples: int) -> int:
    """So many channels that, of either sign, there are `samples` but with a probability of less than one in a million."""
    return ceil(2 * samples + DEVIATIONS * sqrt(2 * samples)) + 2


def accuracy(epsilon: int | str | float | Fraction) -> Fraction:
    """ε as the exact rational that it is; raises `OutOfRange` unless it is one, and positive."""
    wanted = exact(epsilon)
    if not (isinstance(wanted, sympy.Rational) and wanted > 0):
        raise OutOfRange(f"epsilon = {epsilon}; an accuracy ε > 0 was expected.")
    return Fraction(int(wanted.p), int(wanted.q))


def plan(target: StructuredTarget, epsilon: Fraction) -> tuple[LayerPlan, ...]:
    """A plan for each layer that shares ε evenly among them; a quarter of a layer's share is kept in reserve."""
    layers = target.architecture.layers
    norms, lengths = [], []
    for numbers, rule in zip(target.layers, layers, strict=True):
        integers = [np.vectorize(int, otypes=[object])(np.rint(part * 2**SCALE)) for part in (numbers.coefficients, numbers.bias)]
        norms.append(float(rule.shape.norm([integers[0]], SCALE)))
        lengths.append(float(rule.shape.bias_norm(integers[1], SCALE)))
    result, activation = [], float(target.radius)
    for i, rule in enumerate(layers):
        after = float(np.prod(norms[i + 1 :]))
        gain, bias_gain = _error_norms(rule.shape, rule.reached)
        tolerance = SHARE * float(epsilon) / (len(layers) * after * (gain * activation + bias_gain))
        activation = norms[i] * activation + lengths[i]
        widest = max(rule.dimension(block) for block in rule.blocks)
        widest_bias = max(len(group) for group in rule.bias_blocks) * rule.shape.bias_shape[1]
        bits = list_bits_for(widest, tolerance, min(SUM_WORK, LAYER_WORK // (2 * len(rule.blocks))))
        width, constants = (channels_for(samples_for(d, tolerance, bits)) for d in (widest, widest_bias))
        result.append(LayerPlan(Fraction(tolerance), width, constants, bits))
    return tuple(result)


def _error_norms(shape: LayerShape, reached: np.ndarray) -> tuple[float, float]:
    """The norms of a layer and of its bias whose coefficients are errors uniform in [-1, 1]."""
    generator = np.random.default_rng(0)
    draw = [generator.integers(-(2**SCALE), 2**SCALE, shape.coefficient_shape) * reached[:, :, None] for _ in range(2)]
    norm = shape.norm([part.astype(object) for part in draw], SCALE)
    return float(norm), float(shape.bias_norm(np.full(shape.bias_shape, 2 ** (SCALE - 1), dtype=object), SCALE))
