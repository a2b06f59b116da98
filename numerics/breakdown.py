"""Where the factor between a ticket's random weights and the counting bound sits: factors whose product is the ratio."""

from fractions import Fraction
from itertools import pairwise
from math import log, log2

import numpy as np

from numerics.certify import Certificate
from numerics.economy import economy
from numerics.network import RandomNetwork

FACTORS = {
    "biases": "weights for each coefficient or bias, to those for each coefficient",
    "first layer": "a hidden channel's weights to those of the second layer: 1 + 1/(m·|B|)",
    "idle channels": "hidden channels to those kept whose first weight is positive, which alone pass inputs without negative entries",
    "samples per bit": "positive samples to log₂(1/2g), g the geometric mean of the errors: what the best subset sum leaves unused",
    "unequal errors": "log₂(1/2g) to log₂(1/2r), r the root mean square of the errors: the worst sums decide",
    "small coefficients": "log₂(1/2r) to log₂(a/2r), a the root mean square of the coefficients: samples of size 1 for less",
    "norm": "log₂(a/2r) to log₂(1/2ε), ε the certified error relative to the layer: entries against operator norms, rounding up",
    "more than asked": "log₂(1/2ε) to the same at the ε that was asked for",
    "bound": "D·log₂(1/2ε) to D·log₂(1/2ε) - 1",
}
"""What each factor compares, in the order in which they are multiplied."""


def breakdown(certificate: Certificate, network: RandomNetwork, layer: int, wanted: float | None = None) -> dict[str, float]:
    """The `FACTORS` of effective weights over D·log₂(1/2ε) - 1, ε `wanted` or else what was certified; none where a logarithm is not positive.

    An error of exactly 0 counts as half a unit of the grid of products.
    """
    found, shape = economy(certificate, network).layers[layer], network.architecture.layers[layer]
    m, n, k = shape.coefficient_shape
    data = certificate.data["layers"][layer]
    errors = np.array([abs(float(Fraction(text))) for text in data["residuals_plus"]])
    sizes = np.array([float(Fraction(text)) for text in certificate.data["target"]["layers"][layer]["coefficients"]])
    epsilon = found.relative_error if wanted is None else wanted
    typical = float(np.exp(np.log(np.maximum(errors, 2.0 ** -(network.product_bits + 1))).mean()))
    rms, size = (float(np.sqrt(np.mean(values**2))) for values in (errors, sizes))
    if not (rms and found.relative_error and epsilon and size):
        return {}
    bits = [
        log2(1 / (2 * typical)),
        log2(1 / (2 * rms)),
        log2(size / (2 * rms)),
        log2(1 / (2 * found.relative_error)),
        log2(1 / (2 * epsilon)),
    ]
    usable = active(certificate, network, layer) / n
    whole = found.coefficients * bits[-1]
    if min(bits) <= 0 or whole <= 1 or not usable:
        return {}
    each = network.width * (1 + m * k) / (m * k)
    ends = [
        (found.effective / found.coefficients, each),
        (each, network.width),
        (network.width, usable),
        (usable, bits[0]),
        *pairwise(bits),
        (whole, whole - 1),
    ]
    return {name: above / below for name, (above, below) in zip(FACTORS, ends, strict=True)}


def active(certificate: Certificate, network: RandomNetwork, layer: int) -> int:
    """How many hidden channels the ticket keeps that read their input with a positive weight."""
    masks = certificate.data["layers"][layer]["masks"]
    count, _, digits = masks["first"].partition(":")
    kept = np.unpackbits(np.frombuffer(bytes.fromhex(digits), np.uint8), count=int(count)).astype(bool)
    hidden = np.arange(network.hidden_channels(layer))
    channels = np.maximum(masks["reads"], 0) if "reads" in masks else hidden // network.width
    return int((kept & (network.first_read(layer, hidden, channels) > 0)).sum())


def excess(factors: dict[str, float]) -> str:
    """The factors in words, those that raise the ratio most first, each with its share of the logarithm of the ratio."""
    total = sum(log(factor) for factor in factors.values())
    ordered = sorted(factors.items(), key=lambda item: -item[1])
    return ", ".join(f"{name} {factor:.3f} ({log(factor) / total:+.0%})" for name, factor in ordered) if total else ""
