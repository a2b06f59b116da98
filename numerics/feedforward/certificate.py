"""Certificates of feedforward tickets: every claim as data that a program sharing no code with this one computes again."""

import base64
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import sympy

from numerics.errors import BadTarget, NoSubset
from numerics.feedforward.bounds import WholeNetwork, whole_network
from numerics.feedforward.difference import BITS, Differences, differences
from numerics.feedforward.errors import ExactLayer, exact_layer
from numerics.feedforward.forms import form_of
from numerics.feedforward.graph import FeedforwardTarget
from numerics.feedforward.ticket import FeedforwardMask, FeedforwardTicket
from numerics.network import canonical_json, digest
from numerics.store import write_bytes
from theory import display
from theory.decimals import at_least
from theory.errors import OutOfRange
from theory.verdict import exact

FORMAT = "feedforward-ticket-certificate/5"
MASKS = ("second", "constant", "moves", "constant_moves")
EVERY_INPUT, STATED_INPUTS = "every input", "stated inputs"


@dataclass(frozen=True, eq=False)
class FeedforwardCertificate:
    """A ticket with the error of each layer alone, a bound for every input of the box, and one for every input near each stated one.

    `data` is the JSON document. `error_bound` bounds ‖ticket(x) - target(x)‖∞ for the inputs that `claim` names.
    """

    data: dict
    network: WholeNetwork
    layers: tuple[ExactLayer, ...]
    points: Differences

    @property
    def claim(self) -> str:
        """Which of the two bounds the certificate rests on: that for every input of the box where it meets ε, else that near stated inputs."""
        return self.data["claim"]

    @property
    def error_bound(self) -> Fraction:
        """The proven bound of that claim."""
        return Fraction(self.data["error_bound"])

    @property
    def holds(self) -> bool:
        """Whether the bound is within the wanted ε."""
        return self.error_bound <= Fraction(self.data["epsilon"])

    def __repr__(self) -> str:
        return f"<FeedforwardCertificate of {self.data['name']!r}: {self._claim()}>"

    def _claim(self) -> str:
        low, high = map(Fraction, self.data["box"])
        points = self.data["points"]
        near = f"x within {Fraction(points['radius'])} of one of {len(points['inputs'])} stated inputs"
        inputs = f"x in [{low}, {high}]" if self.claim == EVERY_INPUT else near
        return f"largest entry of |ticket(x) - target(x)| <= {at_least(self.error_bound)} for all {inputs}"

    def _repr_html_(self) -> str:
        """A table for notebooks: the claim, whether it meets ε, both bounds, and whether the one for every input says anything."""
        key, points, network = self.data["key"], self.data["points"], self.data["network"]
        empty = ", which says nothing: the outputs range over no more" if network["says_nothing"] else ""
        rows = {
            "claim": self._claim(),
            "ε": str(Fraction(self.data["epsilon"])),
            "meets it": "yes" if self.holds else "no",
            "bound for every input": at_least(Fraction(network["error"])) + empty,
            "bound near stated inputs": at_least(max(map(Fraction, points["bounds"]))),
            "same prediction": f"{sum(points['same_prediction'])} of {len(points['inputs'])} stated inputs",
            "key": key["key"],
            "width": key["width"],
            "digest": self.data["digests"]["certificate"],
        }
        return display.facts(f"Certificate of {self.data['name']}", rows)

    def save(self, path: Path) -> None:
        """Write the canonical JSON, atomically."""
        write_bytes(path, (canonical_json(self.data) + "\n").encode("ascii"))


def certify_feedforward(
    target: FeedforwardTarget,
    ticket: FeedforwardTicket,
    epsilon: int | str | float | Fraction,
    inputs: np.ndarray,
    radius: Fraction = Fraction(0),
) -> FeedforwardCertificate:
    """The certificate of a ticket at accuracy ε, with `inputs` `[batch, C, H, W]` float32 as its stated inputs, whether it `holds` or not.

    Raises `BadTarget` if target and ticket have different graphs, `OutOfRange` unless ε > 0, at least one input, all in the box.
    """
    wanted = exact(epsilon)
    if not (isinstance(wanted, sympy.Rational) and wanted > 0):
        raise OutOfRange(f"epsilon = {epsilon}; an accuracy ε > 0 was expected.")
    form = form_of(target, ticket.source.copies, ticket.source.carried)
    if form.graph != ticket.source.graph:
        raise BadTarget(f"target {target.name} has another graph than the ticket; build the ticket from this target.")
    if (
        inputs.dtype != np.float32
        or not len(inputs)
        or Fraction(float(inputs.min())) < target.low
        or Fraction(float(inputs.max())) > target.high
    ):
        raise OutOfRange(
            f"target {target.name}: stated inputs: one float32 map or more, within [{target.low}, {target.high}], were expected."
        )
    layers = tuple(exact_layer(form, ticket, i) for i in range(len(form.layers)))
    network = whole_network(form, layers, ticket.source.network)
    points = differences(form, layers, inputs, radius, network=ticket.source.network)
    limit = Fraction(int(wanted.p), int(wanted.q))
    claim = EVERY_INPUT if network.error <= limit else STATED_INPUTS
    bounds = [max(row) for row in points.bound]
    numbers = [{"weights": encoded(part.weights), "bias": encoded(part.bias)} for part in target.layers]
    data = {
        "format": FORMAT,
        "name": target.name,
        "graph": target.graph.description(),
        "box": [rational_text(target.low), rational_text(target.high)],
        "key": ticket.source.description(),
        "target": numbers,
        "layers": [
            {
                "gain": rational_text(layer.gain),
                "bends": [rational_text(part.bend) for part in layer.remainders],
                "offset": rational_text(layer.offset),
                "worst": rational_text(layer.worst),
                "error": rational_text(error),
                "reach": rational_text(reach),
                **mask_description(mask),
            }
            for layer, (error, reach), mask in zip(layers, network.layers, ticket.masks, strict=True)
        ],
        "network": {
            "error": rational_text(network.error),
            "extent": rational_text(network.extent),
            "says_nothing": network.says_nothing,
        },
        "points": {
            "radius": rational_text(radius),
            "bits": BITS,
            "inputs": [encoded(x) for x in inputs],
            "bounds": [rational_text(bound) for bound in bounds],
            "same_prediction": [bool(same) for same in points.same_prediction()],
        },
        "claim": claim,
        "error_bound": rational_text(network.error if claim == EVERY_INPUT else max(bounds)),
        "epsilon": rational_text(limit),
    }
    data["digests"] = digests(data)
    data["digests"]["certificate"] = digest(data)
    return FeedforwardCertificate(data, network, layers, points)


def digests(data: dict) -> dict[str, str]:
    """SHA-256 of graph, key, target and masks."""
    masks = [{name: layer[name] for name in MASKS} for layer in data["layers"]]
    return {"graph": digest(data["graph"]), "key": digest(data["key"]), "target": digest(data["target"]), "masks": digest(masks)}


def mask_description(mask: FeedforwardMask) -> dict[str, str]:
    """The masks as base64 of their bits, row-major, most significant first, the last byte padded with zeros; moves as little-endian int32.

    There is a move for each kept weight, in their order; none where weights do not move.
    """
    moves = (mask.moves, mask.second), (mask.constant_moves, mask.constant)
    bits = [np.packbits(part.ravel()).tobytes() for part in (mask.second, mask.constant)]
    steps = [b"" if part is None else part[kept].astype("<i4").tobytes() for part, kept in moves]
    return {name: base64.b64encode(part).decode("ascii") for name, part in zip(MASKS, [*bits, *steps], strict=True)}


def encoded(values: np.ndarray) -> str:
    """Float32 numbers as base64 of their little-endian bytes, row-major."""
    return base64.b64encode(np.ascontiguousarray(values, dtype="<f4").tobytes()).decode("ascii")


def rational_text(value: Fraction) -> str:
    """ "p/q" in lowest terms."""
    return f"{value.numerator}/{value.denominator}"


def require(certificate: FeedforwardCertificate) -> None:
    """Raise `NoSubset`, naming the worst layer, unless the certificate holds."""
    if certificate.holds:
        return
    extent = at_least(certificate.network.extent)
    nothing = f" (the outputs range over {extent}: it says nothing)" if certificate.network.says_nothing else ""
    worst, i = max((layer.worst, i) for i, layer in enumerate(certificate.layers))
    raise NoSubset(
        f"{certificate.data['name']}: the certified bound {at_least(certificate.error_bound)} near the stated inputs exceeds "
        f"ε = {certificate.data['epsilon']}, and that for every input, {at_least(certificate.network.error)}, too{nothing}. The largest error "
        f"of a coefficient, {float(worst):.3g}, is in layer {i}. No ticket was certified for this key at width "
        f"{certificate.data['key']['width']} with these samples; more width or more samples per sum give finer ones."
    )
