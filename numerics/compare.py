"""How far two trained networks of one architecture can differ, over all inputs of a ball."""

from fractions import Fraction

import numpy as np

from numerics.certify import integers_of
from numerics.errors import BadTarget
from numerics.network import Target
from numerics.operator_norm import round_up


def difference_bound(target: Target, other: Target) -> Fraction:
    """A rigorous bound of sup ‖other(x) - target(x)‖₂ over ‖x‖₂ ≤ target.radius, by companion.A5 on the difference of their layers.

    A verifier that bounds each network by itself loses what they have in common; here only the layers' differences count. Raises
    `BadTarget` if the architectures differ.
    """
    if target.architecture.description() != other.architecture.description():
        raise BadTarget(f"{target.name} and {other.name} have different architectures; two networks of one architecture were expected.")
    activation, error = target.radius, Fraction(0)
    for shape, layer, changed in zip(target.architecture.layers, target.layers, other.layers, strict=True):
        numbers = (layer.coefficients, changed.coefficients, layer.bias, changed.bias)
        bits = max(float(x).as_integer_ratio()[1].bit_length() - 1 for values in numbers for x in values.flat)
        first, second, bias, other_bias = (integers_of(values, bits) for values in numbers)
        norm, distance = shape.norm([first], bits), shape.norm([np.asarray(second - first)], bits)
        error = round_up(norm * error + distance * (activation + error) + shape.bias_norm(np.asarray(other_bias - bias), bits))
        activation = round_up(norm * activation + shape.bias_norm(bias, bits))
    return error
