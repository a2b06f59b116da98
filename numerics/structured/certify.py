"""Certificates of structured tickets: exact coefficient errors, norms, and the bound for every input that they compose to."""

from fractions import Fraction

import numpy as np

from numerics.certify import Certificate
from numerics.errors import BadTarget, NoSubset
from numerics.network import digest
from numerics.operator_norm import round_up
from numerics.structured.compact import compacted
from numerics.structured.network import StructuredTarget
from numerics.structured.plan import accuracy
from numerics.structured.ticket import StructuredTicket, channel_sums, key_description
from numerics.structured.weights import PRODUCT_BITS
from theory.decimals import at_least

FORMAT = "structured-ticket-certificate/1"


def certify(target: StructuredTarget, ticket: StructuredTicket, epsilon: int | str | float | Fraction) -> Certificate:
    """The certificate of a structured ticket at accuracy ε, whether the bound meets ε or not (`holds`).

    Raises `BadTarget` if the two have different architectures, `OutOfRange` unless ε > 0.
    """
    wanted = accuracy(epsilon)
    architecture = ticket.network.architecture
    if target.architecture.description() != architecture.description():
        raise BadTarget(f"target {target.name} has another architecture than the ticket; build the ticket from this target.")
    layers = []
    activation, error = target.radius, Fraction(0)
    for i, (rule, numbers, small) in enumerate(zip(architecture.layers, target.layers, compacted(ticket), strict=True)):
        bits = max([PRODUCT_BITS] + [_bits(x) for x in (*numbers.coefficients.flat, *numbers.bias.flat)])
        unit = 1 << bits - PRODUCT_BITS
        coefficients, offsets = _scaled(numbers.coefficients, bits), _scaled(numbers.bias, bits)
        plus, minus, bias = (part.astype(object) * unit for part in channel_sums(ticket, i))
        plus, minus, bias = plus - coefficients, minus + coefficients, bias - offsets
        norm, error_norm = rule.shape.norm([coefficients], bits), rule.shape.norm([plus, minus], bits)
        bias_norm, bias_error_norm = rule.shape.bias_norm(offsets, bits), rule.shape.bias_norm(bias, bits)
        error = round_up(norm * error + error_norm * (activation + error) + bias_error_norm)
        activation = round_up(norm * activation + bias_norm)
        layers.append(
            {
                "basis_size": len(rule.shape.basis),
                "hidden_basis_size": rule.shape.hidden_size,
                "identity": rule.shape.identity,
                "invariants": rule.shape.bias_shape[1],
                "residuals_plus": _rationals(plus, bits),
                "residuals_minus": _rationals(minus, bits),
                "residuals_bias": _rationals(bias, bits),
                "norm": _text(norm),
                "error_norm": _text(error_norm),
                "bias_norm": _text(bias_norm),
                "bias_error_norm": _text(bias_error_norm),
                "masks": ticket.masks[i].description(),
                "channels": len(small.source),
                "parameters": small.parameters,
            }
        )
    described = target.description()
    data = {
        "format": FORMAT,
        "name": target.name,
        "architecture": architecture.description(),
        "key": key_description(ticket.network),
        "target": described,
        "layers": layers,
        "radius": _text(target.radius),
        "error_bound": _text(error),
        "epsilon": _text(wanted),
    }
    data["digests"] = ticket.digests() | {"target": digest(described)}
    data["digests"]["certificate"] = digest(data)
    return Certificate(data)


def require(certificate: Certificate) -> None:
    """Raise `NoSubset`, naming the worst residual, unless the certified bound meets ε."""
    if certificate.holds:
        return
    residual, i, kind = max(
        (abs(Fraction(residual)), i, kind)
        for i, layer in enumerate(certificate.data["layers"])
        for kind in ("plus", "minus", "bias")
        for residual in layer[f"residuals_{kind}"]
    )
    raise NoSubset(
        f"{certificate.data['name']}: the certified bound {at_least(certificate.error_bound)} exceeds ε = {certificate.data['epsilon']}. The "
        f"largest residual, {float(residual):.3g}, is in layer {i} ({kind} part). No structured ticket was certified for this key at the "
        f"widths {certificate.data['key']['widths']}; wider blocks give finer ones."
    )


def _bits(value: float) -> int:
    return float(value).as_integer_ratio()[1].bit_length() - 1


def _scaled(values: np.ndarray, bits: int) -> np.ndarray:
    result = np.empty(values.size, dtype=object)
    ratios = map(float.as_integer_ratio, values.ravel().tolist())
    result[:] = [numerator * ((1 << bits) // denominator) for numerator, denominator in ratios]
    return result.reshape(values.shape)


def _rationals(values: np.ndarray, bits: int) -> list[str]:
    return [_text(Fraction(int(value), 1 << bits)) for value in values.ravel()]


def _text(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"
