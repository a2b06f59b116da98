"""Networks evaluated exactly, as the definitions say: the reference that checks compare with.

All numbers are dyadic, so a signal is kept as Python integers over one power of two; ReLU and sums do not care about the scale.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from numerics.layer import LayerShape
from numerics.network import Target, on_points
from numerics.ticket import Ticket


@dataclass(frozen=True, eq=False)
class Dyadic:
    """The numbers `integers`·2^-`bits`, an array of Python integers."""

    integers: np.ndarray
    bits: int

    def scaled(self, bits: int) -> np.ndarray:
        """The integers over the finer 2^-`bits`."""
        return self.integers * (1 << (bits - self.bits))

    def fractions(self) -> np.ndarray:
        """The numbers as Fractions."""
        return _objects([Fraction(entry, 1 << self.bits) for entry in self.integers.flat], self.integers.shape)


def exact_target(target: Target, x: np.ndarray) -> np.ndarray:
    """The target's output `[channels, dim]` on an input of dyadic Fractions `[channels, dim]`."""
    signal = dyadic(x)
    for i, (layer, shape) in enumerate(zip(target.layers, target.on_points.layers, strict=True)):
        signal = affine(shape, dyadic(layer.coefficients), dyadic(layer.bias), signal)
        signal = Dyadic(relu(signal.integers), signal.bits) if i + 1 < target.architecture.depth else signal
    return signal.fractions()


def exact_ticket(ticket: Ticket, x: np.ndarray) -> np.ndarray:
    """The pruned network's output, hidden channel by hidden channel, on an input of dyadic Fractions `[channels, dim]`."""
    network, signal = ticket.network, dyadic(x)
    for i, (mask, shape) in enumerate(zip(ticket.masks, on_points(network.architecture).layers, strict=True)):
        u = weights_as_integers(ticket.first(i))
        hidden = relu(u[:, None] * signal.integers[ticket.reads(i)])
        second = np.stack([network.second(i, p) for p in range(shape.domain.channels)])
        v = (
            weights_as_integers(np.where(mask.second, second, 0))
            .transpose(2, 0, 1, 3)
            .reshape(shape.codomain.channels, len(hidden), shape.coefficient_shape[2])
        )
        constant = relu(weights_as_integers(np.where(mask.constant_first, network.constant_first(i), 0)))
        bias = np.tensordot(constant, weights_as_integers(np.where(mask.constant_second, network.constant_second(i), 0)), axes=(0, 0))
        used = np.array([bool(kept) for kept in mask.first.ravel()])
        signal = affine(
            shape,
            Dyadic(v[:, used], network.grid_bits),
            Dyadic(bias, network.product_bits),
            Dyadic(hidden[used], signal.bits + network.grid_bits),
        )  # fmt: skip
        signal = Dyadic(relu(signal.integers), signal.bits) if i + 1 < network.architecture.depth else signal
    return signal.fractions()


def relu(x: np.ndarray) -> np.ndarray:
    """max(x, 0), entrywise, exactly."""
    return x * (x > 0)


def moved(x: np.ndarray, images: tuple[int, ...]) -> np.ndarray:
    """ρ(g)x for a permutation representation: entry i goes to images[i]."""
    result = np.empty_like(x)
    result[:, list(images)] = x
    return result


def random_input(shape: tuple[int, int], seed: int, norm: Fraction = Fraction(1)) -> np.ndarray:
    """A dyadic input `[channels, dim]` of Fractions with ‖x‖₂ ≤ `norm`, close to it."""
    values = np.random.default_rng(seed).standard_normal(shape)
    values *= float(norm) * (1 - 1e-6) / np.linalg.norm(values)
    return dyadic(np.rint(values * 2**20) / 2**20).fractions()


def squared_norm(x: np.ndarray) -> Fraction:
    """‖x‖₂², exactly."""
    return sum((entry * entry for entry in x.flat), Fraction(0))


def dyadic(values: np.ndarray) -> Dyadic:
    """Floats, or Fractions whose denominators are powers of two, over their finest power of two; raises `ValueError` for others."""
    ratios = [value.as_integer_ratio() for value in values.ravel().tolist()]
    bits = max((denominator.bit_length() - 1 for _, denominator in ratios), default=0)
    if any((1 << bits) % denominator for _, denominator in ratios):
        raise ValueError("numbers whose denominators are powers of two were expected")
    return Dyadic(_objects([numerator * ((1 << bits) // denominator) for numerator, denominator in ratios], values.shape), bits)


def affine(shape: LayerShape, coefficients: Dyadic, bias: Dyadic, x: Dyadic) -> Dyadic:
    """Σ_k b_k applied per channel, weighted by the coefficients, plus the bias."""
    labels, invariants = shape.basis.labels, shape.invariants.labels
    assert labels is not None
    assert invariants is not None
    if shape.mixture is not None:
        coefficients = Dyadic(shape.mixture.spread(coefficients.integers), coefficients.bits + shape.mixture.bits)
    bits = max(coefficients.bits + x.bits, bias.bits)
    result = bias.scaled(bits)[:, invariants[:, 0]]
    unit = 1 << (bits - coefficients.bits - x.bits)
    for k in range(coefficients.integers.shape[2]):
        rows, columns = np.nonzero(labels == k)
        image = _objects([0] * (len(x.integers) * len(labels)), (len(x.integers), len(labels)))
        for row, column in zip(rows, columns, strict=True):
            image[:, row] += x.integers[:, column]
        result = result + unit * (coefficients.integers[:, :, k] @ image)
    return Dyadic(result, bits)


def _objects(values: list, shape: tuple[int, ...]) -> np.ndarray:
    result = np.empty(len(values), dtype=object)
    result[:] = values
    return result.reshape(shape)


def weights_as_integers(integers: np.ndarray) -> np.ndarray:
    """The same numbers as Python integers, in an array of objects."""
    return _objects([int(value) for value in integers.flat], integers.shape)
