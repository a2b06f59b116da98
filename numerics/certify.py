"""Certificates: what a ticket is proved to be, as data that a program sharing no code with this one can re-check."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import sympy
from jaxtyping import Int64

from numerics.errors import BadTarget, NoSubset
from numerics.network import Target, canonical_json, digest, rational
from numerics.operator_norm import round_up
from numerics.store import write_bytes
from numerics.ticket import Ticket, key_description
from theory import display
from theory.decimals import at_least, at_most
from theory.errors import OutOfRange
from theory.verdict import exact

FORMAT = "equivariant-ticket-certificate/2"


@dataclass(frozen=True, eq=False)
class Certificate:
    """A ticket with the exact error of each coefficient, proven norms of each layer, and the bound they compose to.

    `data` is the JSON document; `error_bound` ≥ sup ‖ticket(x) - target(x)‖₂ over ‖x‖₂ ≤ `radius` (over those without negative entries, if
    `nonnegative`).
    """

    data: dict

    @property
    def error_bound(self) -> Fraction:
        """The proven bound on the difference of the two networks."""
        return Fraction(self.data["error_bound"])

    @property
    def radius(self) -> Fraction:
        """The radius of the ball of inputs that the bound speaks of."""
        return Fraction(self.data["radius"])

    @property
    def nonnegative(self) -> bool:
        """Whether the bound speaks of inputs without negative entries alone."""
        return self.data.get("inputs") == "nonnegative"

    @property
    def lossless(self) -> bool:
        """Whether the ticket is proved to compute the very same function."""
        return self.error_bound == 0

    @property
    def holds(self) -> bool:
        """Whether the bound is within the wanted ε."""
        return self.error_bound <= Fraction(self.data["epsilon"])

    def __repr__(self) -> str:
        return f"<Certificate of {self.data['name']!r}: {self._claim()}>"

    def _claim(self) -> str:
        inputs = "x >= 0, " if self.nonnegative else ""
        return f"|ticket(x) - target(x)| <= {at_least(self.error_bound)} for all {inputs}|x| <= {at_most(self.radius)}"

    def _repr_html_(self) -> str:
        """A table for notebooks: the claim, and whether it meets ε."""
        key = self.data["key"]
        rows = {
            "claim": self._claim(),
            "ε": str(Fraction(self.data["epsilon"])),
            "meets it": "yes" if self.holds else "no",
            "key": key["key"],
            "width": ", ".join(map(str, key.get("widths", [key.get("width")]))),
            "digest": self.data["digests"]["certificate"],
        }
        return display.facts(f"Certificate of {self.data['name']}", rows)

    def save(self, path: Path) -> None:
        """Write the canonical JSON, atomically."""
        write_bytes(path, (canonical_json(self.data) + "\n").encode("ascii"))


@dataclass(frozen=True, eq=False)
class LayerErrors:
    """Integers in units of 2^-`scale_bits`: the target's numbers, and what the ticket's differ by.

    The ticket's layer is Σ b_k(P σ(x) + Q σ(-x)), the target's Σ λ b_k(σ(x) - σ(-x)): `plus` is P - λ and `minus` is Q + λ, both
    `[m, n, |B|]` objects; `bias_error` `[m, invariants]`. Where no input is negative `minus` does not matter and is None.
    """

    scale_bits: int
    coefficients: np.ndarray
    bias: np.ndarray
    plus: np.ndarray
    minus: np.ndarray | None
    bias_error: np.ndarray

    @property
    def parts(self) -> list[np.ndarray]:
        """The matrices whose norm side by side bounds the layer's error."""
        return [self.plus] if self.minus is None else [self.plus, self.minus]


def ticket_sums(ticket: Ticket, layer: int) -> tuple[Int64[np.ndarray, "q p k"], Int64[np.ndarray, "q p k"], Int64[np.ndarray, "q b"]]:
    """The subset sums that the masks of a layer choose, exactly, in units of 2^-2b: P over u > 0, Q (with |u|) over u < 0, biases."""
    network, mask = ticket.network, ticket.masks[layer]
    first, reads = ticket.first(layer), ticket.reads(layer)
    plus, minus = [], []
    for p in range(len(mask.second)):
        hidden = np.flatnonzero(reads == p)
        kept = mask.second.reshape(len(first), *mask.second.shape[2:])[hidden]
        chosen = np.where(kept, network.second_of(layer, hidden), 0)
        plus.append(np.tensordot(np.maximum(first[hidden], 0), chosen, axes=(0, 0)))
        minus.append(np.tensordot(np.maximum(-first[hidden], 0), chosen, axes=(0, 0)))
    constants = np.where(mask.constant_second, network.constant_second(layer), 0)
    bias = np.tensordot(np.maximum(network.constant_first(layer), 0), constants, axes=(0, 0))
    return np.stack(plus, axis=1), np.stack(minus, axis=1), bias


def layer_errors(target: Target, ticket: Ticket, layer: int) -> LayerErrors:
    """The exact errors of a layer's coefficients."""
    plus, minus, bias = ticket_sums(ticket, layer)
    numbers = target.layers[layer]
    products = ticket.network.product_bits
    exponent = max([products] + [float(x).as_integer_ratio()[1].bit_length() - 1 for x in (*numbers.coefficients.flat, *numbers.bias.flat)])
    unit = 1 << (exponent - products)
    coefficients, offsets = integers_of(numbers.coefficients, exponent), integers_of(numbers.bias, exponent)
    return LayerErrors(
        exponent,
        coefficients,
        offsets,
        plus.astype(object) * unit - coefficients,
        None if ticket.masks[layer].reads is not None else minus.astype(object) * unit + coefficients,
        bias.astype(object) * unit - offsets,
    )


def integers_of(values: np.ndarray, exponent: int) -> np.ndarray:
    """The exact multiples of 2^-`exponent` that these float64 numbers are, as Python integers."""
    integers = [
        numerator * ((1 << exponent) // denominator) for numerator, denominator in map(float.as_integer_ratio, values.ravel().tolist())
    ]
    result = np.empty(len(integers), dtype=object)
    result[:] = integers
    return result.reshape(values.shape)


def certify(target: Target, ticket: Ticket, epsilon: int | str | float | Fraction) -> Certificate:
    """The certificate of a ticket for a target at accuracy ε (exact: "1/100", 0.01), whether the bound meets ε or not (`holds`).

    Raises `BadTarget` if the two have different architectures, `OutOfRange` unless ε > 0.
    """
    wanted = exact(epsilon)
    if not (isinstance(wanted, sympy.Rational) and wanted > 0):
        raise OutOfRange(f"epsilon = {epsilon}; an accuracy ε > 0 was expected.")
    architecture = ticket.network.architecture
    if target.architecture.description() != architecture.description():
        raise BadTarget(f"target {target.name} has another architecture than the ticket; build the ticket from this target.")
    if ticket.masks[0].reads is not None and not target.nonnegative:
        raise BadTarget(
            f"target {target.name}: its inputs may be negative, and the ticket's first layer passes positive inputs alone; state "
            "Target(..., nonnegative=True) if they have no negative entry, or build with strategy='proof'."
        )
    layers = []
    activation, error = target.radius, Fraction(0)
    for i, shape in enumerate(architecture.layers):
        errors = layer_errors(target, ticket, i)
        norm = shape.norm([errors.coefficients], errors.scale_bits)
        error_norm = shape.norm(errors.parts, errors.scale_bits)
        bias_norm, bias_error_norm = (shape.bias_norm(bias, errors.scale_bits) for bias in (errors.bias, errors.bias_error))
        error = round_up(norm * error + error_norm * (activation + error) + bias_error_norm)
        activation = round_up(norm * activation + bias_norm)
        layers.append(
            {
                "basis_size": shape.coefficient_shape[2],
                "hidden_basis_size": shape.hidden_size,
                "identity": shape.identity,
                "invariants": shape.bias_shape[1],
                "residuals_plus": _rationals(errors.plus, errors.scale_bits),
                "residuals_minus": [] if errors.minus is None else _rationals(errors.minus, errors.scale_bits),
                "residuals_bias": _rationals(errors.bias_error, errors.scale_bits),
                "norm": _text(norm),
                "error_norm": _text(error_norm),
                "bias_norm": _text(bias_norm),
                "bias_error_norm": _text(bias_error_norm),
                "masks": ticket.masks[i].description(),
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
        "epsilon": _text(Fraction(int(wanted.p), int(wanted.q))),
    }
    if ticket.masks[0].reads is not None:
        data["inputs"] = "nonnegative"
    data["digests"] = ticket.digests() | {"target": digest(described)}
    data["digests"]["certificate"] = digest(data)
    return Certificate(data)


def require(certificate: Certificate, *, lossless: bool = False) -> None:
    """Raise `NoSubset`, naming the worst coefficient, unless the certified bound meets ε, or is 0 where the ticket is to be `lossless`."""
    if certificate.lossless or (certificate.holds and not lossless):
        return
    worst = max(
        (abs(Fraction(residual)), i, kind, position)
        for i, layer in enumerate(certificate.data["layers"])
        for kind in ("plus", "minus", "bias")
        for position, residual in enumerate(layer[f"residuals_{kind}"])
    )
    residual, i, kind, position = worst
    width = certificate.data["key"]["width"]
    part = "bias" if kind == "bias" else "coefficient"
    wanted = "0" if lossless else f"ε = {certificate.data['epsilon']}"
    raise NoSubset(
        f"{certificate.data['name']}: the certified bound {at_least(certificate.error_bound)} exceeds "
        f"{wanted}. The largest residual, {float(residual):.3g}, is that of {part} number {position} "
        f"of layer {i} ({kind} part). "
        f"No ticket was certified for this key at width {width} with these samples; more width or more samples per sum give finer ones."
    )


def _rationals(values: np.ndarray, scale_bits: int) -> list[str]:
    return [_text(Fraction(int(value), 1 << scale_bits)) for value in values.ravel()]


def _text(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


__all__ = ["Certificate", "certify", "rational", "require", "ticket_sums"]
