"""How many random weights a certified ticket was found among, against the counting bound at its accuracy.

The bound is companion.A6: D·log₂(1/2ε) - 1 weights for D coefficients and biases. A network that holds a ticket for each target, with
probability 1/2, has no fewer; for one target that happens to be easy fewer may do. ε is the certified error of a layer relative to the layer
itself, both in the norm (A, b) ↦ ‖A‖·R + ‖b‖ over the ball of radius R that the layer's inputs lie in. What a strategy chooses in the
first mask may be counted too (companion.choice_counting): log₂ n for each hidden channel that may read any of n inputs.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import log2

from numerics.certify import Certificate
from numerics.network import RandomNetwork
from numerics.operator_norm import round_up


@dataclass(frozen=True)
class LayerEconomy:
    """Of one layer: its coefficients and biases, the effective weights (those that the preprocessed network has), choices in bits, ε."""

    coefficients: int
    effective: int
    choices: float
    relative_error: float

    @property
    def bound(self) -> float:
        """The counting bound of companion.A6; 0 where it says nothing."""
        if not 0 < self.relative_error < 0.5:
            return 0.0
        return max(0.0, self.coefficients * log2(1 / (2 * self.relative_error)) - 1)


@dataclass(frozen=True)
class Economy:
    """Of all layers, and of the whole network."""

    layers: tuple[LayerEconomy, ...]

    @property
    def effective(self) -> int:
        """The effective weights of all layers."""
        return sum(layer.effective for layer in self.layers)

    @property
    def ratio(self) -> float | None:
        """Effective weights over the sum of the layers' bounds; None where the bound says nothing, as for errors of zero."""
        bound = sum(layer.bound for layer in self.layers)
        return self.effective / bound if bound else None

    @property
    def ratio_with_choices(self) -> float | None:
        """The same with the choices of the first mask counted as bits."""
        ratio = self.ratio
        return ratio and ratio * (1 + sum(layer.choices for layer in self.layers) / self.effective)


def economy(certificate: Certificate, network: RandomNetwork) -> Economy:
    """The economy of a certified ticket of a random network."""
    found, reach = [], certificate.radius
    for shape, layer in zip(network.architecture.layers, certificate.data["layers"], strict=True):
        (m, n, k), (_, b) = shape.coefficient_shape, shape.bias_shape
        norm, error, length, offset = (Fraction(layer[name]) for name in ("norm", "error_norm", "bias_norm", "bias_error_norm"))
        whole = norm * reach + length
        hidden = n * network.width
        chosen = any(p not in (-1, h // network.width) for h, p in enumerate(layer["masks"].get("reads", ())))
        found.append(
            LayerEconomy(
                m * n * k + m * b,
                hidden * (1 + m * k) + network.constants * (1 + m * b),
                hidden * log2(n) if chosen else 0.0,
                float((error * reach + offset) / whole) if whole else 0.0,
            )
        )
        reach = round_up(whole)
    return Economy(tuple(found))
