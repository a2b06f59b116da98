"""The construction of depth L + 1 (burkholz2022b), layer by layer, counted like the strategies of `near_limit`.

Each neuron of a hidden layer is built several times, and a coefficient of the next layer is a sum over the copies of its input: one random
layer for each layer of the target but the first, which gets two. A layer alone reads exact copies of its inputs, `width` of them (the first
layer of a network reads its inputs through `width` hidden channels each), and is built as often as the layer after it wants copies. Counted
are all random weights between the two, the biases' among them. The error is that of the worst of the copies.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from numerics.blocks import BIAS, Block, units_of
from numerics.certify import integers_of, ticket_sums
from numerics.layer import Space
from numerics.network import AffineLayer, Architecture, RandomNetwork, Target, on_points, random_network
from numerics.prune import prune
from numerics.random_weights import Key
from numerics.subset_sum import solve_subset_sums

SAMPLES = 26
COLUMNS_AT_ONCE = 64


@dataclass(frozen=True)
class Copied:
    """What a layer on copies came to: its error relative to the layer, and the random weights counted."""

    relative_error: float
    effective: int


def repeated(target: Target, outputs: int) -> Target:
    """The target of one layer with each output channel built `outputs` times, copy after copy."""
    architecture, layer = on_points(target.architecture), target.layers[0]
    domain, codomain = architecture.spaces
    spaces = (domain, Space(codomain.representation, codomain.channels * outputs, codomain.sharing))
    again = AffineLayer(np.tile(layer.coefficients, (outputs, 1, 1)), np.tile(layer.bias, (outputs, 1)))
    return Target(target.name, Architecture(spaces, architecture.supports), (again,), target.radius, target.nonnegative)


def on_copies(target: Target, size: float, key: int, width: int, constants: int, outputs: int, first: bool) -> Copied:
    """One key: the layer on `width` copies of its inputs (`first`: on two random layers), built `outputs` times; `size` is ‖A‖R + ‖b‖."""
    wanted = repeated(target, outputs)
    network = random_network(wanted.architecture, Key(key), width, constants)
    if first:
        ticket = prune(wanted, network, samples=SAMPLES, strategy="positive")
        sums, _, offsets = ticket_sums(ticket, 0)
    else:
        sums, offsets = sums_over_copies(wanted, network), bias_sums(wanted, network)
    (m, n, k), (_, b) = target.architecture.layers[0].coefficient_shape, target.architecture.layers[0].bias_shape
    weights = n * width * ((1 if first else 0) + m * outputs * k) + constants * (1 + m * outputs * b)
    errors = [copy_error(target, network, part, bias, size) for part, bias in zip(parts(sums, m), parts(offsets, m), strict=True)]
    return Copied(max(errors), weights)


def parts(values: np.ndarray, rows: int) -> list[np.ndarray]:
    """The rows of each copy."""
    return [values[start : start + rows] for start in range(0, len(values), rows)]


def sums_over_copies(target: Target, network: RandomNetwork) -> np.ndarray:
    """For each coefficient the best subset sum over the weights from the copies of its input, in units of 2^-2b, `[m, n, |B|]`."""
    goals = units_of(target.layers[0].coefficients, network)
    m, n, k = goals.shape
    found = np.empty((n, m, k), dtype=np.int64)
    for start in range(0, n, COLUMNS_AT_ONCE):
        columns = range(start, min(start + COLUMNS_AT_ONCE, n))
        samples = np.stack([network.second(0, p).reshape(network.width, m * k).T for p in columns]).reshape(-1, network.width)
        samples = np.ascontiguousarray(samples) * network.magnitude
        wanted = np.ascontiguousarray(goals[:, columns].transpose(1, 0, 2)).ravel()
        masks = solve_subset_sums(samples, wanted, objective="best").masks
        found[columns] = np.where(masks, samples, 0).sum(axis=1).reshape(len(columns), m, k)
    return found.transpose(1, 0, 2)


def bias_sums(target: Target, network: RandomNetwork) -> np.ndarray:
    """The sums for the biases, over the constant channels, in units of 2^-2b, `[m, invariants]`."""
    mask = Block(network, 0, BIAS, units_of(target.layers[0].bias, network), SAMPLES).solve()
    first = np.maximum(network.constant_first(0), 0)
    return np.tensordot(first, np.where(mask, network.constant_second(0), 0), axes=(0, 0))


def copy_error(target: Target, network: RandomNetwork, sums: np.ndarray, offsets: np.ndarray, size: float) -> float:
    """(‖E‖R + ‖e‖)/(‖A‖R + ‖b‖) of one copy, with the rigorous norms of certificates."""
    layer, shape, products = target.layers[0], target.architecture.layers[0], network.product_bits
    numbers = (*layer.coefficients.flat, *layer.bias.flat)
    exponent = max([products] + [float(x).as_integer_ratio()[1].bit_length() - 1 for x in numbers])
    unit = 1 << (exponent - products)
    error = shape.norm([sums.astype(object) * unit - integers_of(layer.coefficients, exponent)], exponent)
    offset = shape.bias_norm(offsets.astype(object) * unit - integers_of(layer.bias, exponent), exponent)
    return float((error * target.radius + offset) / Fraction(size))
