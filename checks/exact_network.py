"""Networks evaluated in exact rational arithmetic, as the definitions say: the reference that checks compare with."""

from fractions import Fraction

import numpy as np

from numerics.layer import LayerShape
from numerics.network import Target
from numerics.random_weights import MAGNITUDE
from numerics.ticket import Ticket


def exact_target(target: Target, x: np.ndarray) -> np.ndarray:
    """The target's output `[channels, dim]` on an input of Fractions `[channels, dim]`."""
    for i, (layer, shape) in enumerate(zip(target.layers, target.architecture.layers, strict=True)):
        x = _affine(shape, _fractions(layer.coefficients), _fractions(layer.bias), x)
        x = relu(x) if i + 1 < target.architecture.depth else x
    return x


def exact_ticket(ticket: Ticket, x: np.ndarray) -> np.ndarray:
    """The pruned network's output, hidden channel by hidden channel, on an input of Fractions `[channels, dim]`."""
    network = ticket.network
    for i, (mask, shape) in enumerate(zip(ticket.masks, network.architecture.layers, strict=True)):
        u = _weights(np.where(mask.first, network.first(i), 0))
        hidden = relu(u[:, :, None] * x[:, None, :]).reshape(-1, x.shape[1])
        second = np.stack([network.second(i, p) for p in range(shape.domain.channels)])
        v = _weights(np.where(mask.second, second, 0)).transpose(2, 0, 1, 3).reshape(shape.codomain.channels, len(hidden), len(shape.basis))
        constant = relu(_weights(np.where(mask.constant_first, network.constant_first(i), 0)))
        bias = np.tensordot(constant, _weights(np.where(mask.constant_second, network.constant_second(i), 0)), axes=(0, 0))
        x = _affine(shape, v, bias, hidden)
        x = relu(x) if i + 1 < network.architecture.depth else x
    return x


def relu(x: np.ndarray) -> np.ndarray:
    """max(x, 0), entrywise, exactly."""
    return x * (x > 0)


def moved(x: np.ndarray, images: tuple[int, ...]) -> np.ndarray:
    """ρ(g)x for a permutation representation: entry i goes to images[i]."""
    result = np.empty_like(x)
    result[:, list(images)] = x
    return result


def random_input(shape: tuple[int, int], seed: int, norm: Fraction = Fraction(1)) -> np.ndarray:
    """A dyadic input `[channels, dim]` with ‖x‖₂ ≤ `norm`, close to it."""
    values = np.random.default_rng(seed).standard_normal(shape)
    values *= float(norm) * (1 - 1e-6) / np.linalg.norm(values)
    return _fractions(np.rint(values * 2**20) / 2**20)


def squared_norm(x: np.ndarray) -> Fraction:
    """‖x‖₂², exactly."""
    return sum((entry * entry for entry in x.flat), Fraction(0))


def _affine(shape: LayerShape, coefficients: np.ndarray, bias: np.ndarray, x: np.ndarray) -> np.ndarray:
    labels, invariants = shape.basis.labels, shape.invariants.labels
    assert labels is not None
    assert invariants is not None
    result = bias[:, invariants[:, 0]].copy()
    for k in range(coefficients.shape[2]):
        operator = (labels == k).astype(object)
        result = result + coefficients[:, :, k] @ (x @ operator.T)
    return result


def _fractions(values: np.ndarray) -> np.ndarray:
    exact = np.empty(values.size, dtype=object)
    exact[:] = [Fraction(float(value)) for value in values.flat]
    return exact.reshape(values.shape)


def _weights(integers: np.ndarray) -> np.ndarray:
    exact = np.empty(integers.size, dtype=object)
    exact[:] = [Fraction(int(value), MAGNITUDE) for value in integers.flat]
    return exact.reshape(integers.shape)
