"""Certificates of equivariant tickets: every claim computed again."""

import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR
from fractions import Fraction
from itertools import chain
from typing import Any

from .document import LARGEST_COUNT, Budget, Refused, bits, fields, integer, malformed, rational, rationals, sha256, short
from .layers import GraphLayer, Layer, read_layers
from .norms import Matrix, up
from .operators import OperatorLayer
from .weights import FINEST_GRID, weights

FORMAT = "equivariant-ticket-certificate/2"
MOST_BITS = 1100
LONGEST_BOUND = 1 << 14
WEIGHT_WORK, MASK_WORK = 1 << 7, 1 << 2


@dataclass(frozen=True)
class Source:
    """The random network: its key, the grid 2^-`grid_bits` of its weights, hidden channels per input channel, constant channels."""

    key: int
    grid_bits: int
    width: int
    constants: int


def check(document: dict[str, Any]) -> dict[str, Any]:
    """Recompute every claim of a parsed certificate; raises `Refused` at the first that does not hold."""
    names = ("format", "name", "architecture", "key", "target", "layers", "radius", "error_bound", "epsilon", "digests")
    limited = isinstance(document, dict) and "inputs" in document
    document = fields(document, (*names, "inputs") if limited else names, "certificate")
    if limited and document["inputs"] != "nonnegative":
        malformed("inputs: nonnegative was expected, or no such field")
    if document["format"] != FORMAT:
        malformed(f"format {str(document['format'])[:60]!r}; {FORMAT!r} was expected")
    if not isinstance(document["name"], str) or not re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", document["name"]):
        malformed("name: up to 64 letters, digits, dots, dashes and underscores were expected")
    budget = Budget()
    layers = read_layers(document["architecture"], budget)
    if limited and isinstance(layers[0], OperatorLayer) and layers[0].nonlinearity != "relu":
        raise Refused(f"inputs: {layers[0].nonlinearity} does not pass every input without negative entries unchanged, as relu does")
    source = read_source(document["key"])
    depth = len(layers)
    target = fields(document["target"], ("layers",), "target")["layers"]
    if not isinstance(target, list) or not isinstance(document["layers"], list) or len(target) != depth or len(document["layers"]) != depth:
        malformed(f"target and layers: {depth} entries each were expected")

    radius, claimed, epsilon = (rational(document[name], name) for name in ("radius", "error_bound", "epsilon"))
    if radius <= 0 or epsilon <= 0:
        malformed("radius and epsilon must be positive")
    activation, error = radius, Fraction(0)
    for i in range(depth):
        norm, error_norm, bias_norm, bias_error_norm = check_layer(i, layers[i], target[i], document["layers"][i], source, budget)
        error = up(norm * error + error_norm * (activation + error) + bias_error_norm)
        activation = up(norm * activation + bias_norm)
        if max(error, activation) >= 1 << LONGEST_BOUND:
            malformed(f"layer {i}: the bounds exceed 2^{LONGEST_BOUND}")
    if limited != ("reads" in document["layers"][0]["masks"]):
        raise Refused("inputs: they are stated to be nonnegative exactly if the first layer passes positive inputs alone")
    if claimed != error:
        raise Refused(f"error_bound: {short(claimed)} is stated, the layers compose to {short(error)}")
    if error > epsilon:
        raise Refused(f"the error bound {short(error)} exceeds epsilon = {document['epsilon']}")
    check_digests(document)
    norm = "root mean square over the vertices, every graph" if isinstance(layers[0], GraphLayer) else ""
    bound, ball = short(error, ROUND_CEILING), short(radius, ROUND_FLOOR)
    ball = f"x >= 0, |x| <= {ball}" if limited else f"|x| <= {ball}"
    says = f"|ticket(x) - target(x)| <= {bound} for all {ball}{f' ({norm})' if norm else ''}; exactly equivariant"
    return {"name": document["name"], "error_bound": error, "radius": radius, "epsilon": epsilon, "norm": norm, "says": says}


def read_source(value: object) -> Source:
    """The random network that the key determines."""
    key = fields(value, ("constants", "grid_bits", "key", "width"), "key")
    grid_bits = integer(key["grid_bits"], 1, FINEST_GRID, "key: grid_bits")
    width, constants = (integer(key[name], 1, 1 << 16, f"key: {name}") for name in ("width", "constants"))
    if not isinstance(key["key"], str) or not re.fullmatch(r"0|[1-9][0-9]{0,38}", key["key"]) or int(key["key"]) >= 1 << 128:
        malformed("key: a decimal integer below 2^128 was expected")
    return Source(int(key["key"]), grid_bits, width, constants)


def check_digests(document: dict[str, Any]) -> None:
    """Compare the five digests with the parts that they are made of."""
    digests = fields(document["digests"], ("architecture", "key", "masks", "target", "certificate"), "digests")
    body = {name: value for name, value in document.items() if name != "digests"}
    body["digests"] = {name: value for name, value in digests.items() if name != "certificate"}
    parts = {
        "architecture": document["architecture"],
        "key": document["key"],
        "masks": [layer["masks"] for layer in document["layers"]],
        "target": document["target"],
        "certificate": body,
    }
    for name, part in parts.items():
        if digests[name] != sha256(part):
            raise Refused(f"digests: that of {name} does not match")


def check_layer(
    i: int, rule: Layer, target: object, claims: object, source: Source, budget: Budget
) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    """Recompute one layer; returns the norms of the target's layer, of the error, of the bias and of the bias's error."""
    where = f"layer {i}"
    n, m, size, hidden_size = rule.channels_in, rule.channels_out, rule.size, rule.hidden_size
    identity, invariants, width, constants = rule.identity, rule.invariants, source.width, source.constants
    if max(n * width * m * size, constants * m * invariants, n * n * width * hidden_size) > LARGEST_COUNT:
        malformed(f"{where}: more than {LARGEST_COUNT} weights")
    names = (
        "basis_size", "hidden_basis_size", "identity", "invariants", "residuals_plus", "residuals_minus", "residuals_bias",
        "norm", "error_norm", "bias_norm", "bias_error_norm", "masks",
    )  # fmt: skip
    claims = fields(claims, names, where)
    expected = {"basis_size": size, "hidden_basis_size": hidden_size, "identity": identity, "invariants": invariants}
    for name, value in expected.items():
        if integer(claims[name], 0, 1 << 30, f"{where}: {name}") != value:
            raise Refused(f"{where}: {name} = {claims[name]} is stated, {value} was found")
    numbers = fields(target, ("bias", "coefficients"), f"target, {where}")
    coefficients = rationals(numbers["coefficients"], m * n * size, f"target, {where}: coefficients")
    bias = rationals(numbers["bias"], m * invariants, f"target, {where}: bias")

    positive = isinstance(claims["masks"], dict) and "reads" in claims["masks"]
    parts = ("first", "second", "constant_first", "constant_second", *(("reads",) if positive else ()))
    masks = fields(claims["masks"], parts, f"{where}: masks")
    outputs, bias_outputs = m * size, m * invariants
    second = bits(masks["second"], n * width * outputs, f"{where}: second mask")
    first = bits(masks["first"], n * width, f"{where}: first mask")
    constant_second = bits(masks["constant_second"], constants * bias_outputs, f"{where}: second mask of the constants")
    constant_first = bits(masks["constant_first"], constants, f"{where}: first mask of the constants")
    if first != used(second, outputs, n * width) or constant_first != used(constant_second, bias_outputs, constants):
        raise Refused(f"{where}: the first mask does not keep exactly the channels that the second one uses")
    reads = read_channels(masks["reads"], first, n, where) if positive else [h // width for h in range(n * width)]

    masks_of_layer = (first, second, constant_first, constant_second)
    drawn = len(first) + len(constant_first) + sum(second) + sum(constant_second)
    budget.spend(WEIGHT_WORK * drawn + MASK_WORK * sum(map(len, masks_of_layer)), where)
    own = ((h * n + p) * hidden_size + identity for h, p in enumerate(reads))
    signal_weights = list(weights(source.key, source.grid_bits, i, 0, own))
    if positive and any(u < 0 and kept for u, kept in zip(signal_weights, first, strict=True)):
        raise Refused(f"{where}: a hidden channel that is never active is kept")
    plus, minus = subset_sums(signal_weights, second, outputs, reads, n, source, i, 1)
    constant_weights = list(weights(source.key, source.grid_bits, i, 2, range(constants)))
    if any(u < 0 and kept for u, kept in zip(constant_weights, constant_first, strict=True)):
        raise Refused(f"{where}: a constant channel that is never active is kept")
    bias_sums, _ = subset_sums(constant_weights, constant_second, bias_outputs, [0] * constants, 1, source, i, 3)

    # A sum at [p][(q, k)] belongs to the coefficient [q][p][k].
    order = [(p, q * size + k) for q in range(m) for p in range(n) for k in range(size)]
    unit = Fraction(1, 1 << 2 * source.grid_bits)
    plus_errors = [plus[p][o] * unit - c for (p, o), c in zip(order, coefficients, strict=True)]
    minus_errors = [] if positive else [minus[p][o] * unit + c for (p, o), c in zip(order, coefficients, strict=True)]
    bias_errors = [s * unit - b for s, b in zip(bias_sums[0], bias, strict=True)]
    for name, found in (("plus", plus_errors), ("minus", minus_errors), ("bias", bias_errors)):
        stated = rationals(claims[f"residuals_{name}"], len(found), f"{where}: residuals_{name}")
        for position, (a, b) in enumerate(zip(stated, found, strict=True)):
            if a != b:
                raise Refused(f"{where}: residual {position} ({name}) is stated as {short(a)}; the masks leave {short(b)}")

    scale = max([2 * source.grid_bits] + [value.denominator.bit_length() - 1 for value in (*coefficients, *bias)])
    if scale > MOST_BITS or any((1 << scale) % value.denominator for value in (*coefficients, *bias)):
        malformed(f"target, {where}: a denominator is no power of two up to 2^{MOST_BITS}")
    longest = max((value.numerator.bit_length() for value in chain(coefficients, plus_errors, minus_errors)), default=0)
    budget.spend(rule.gram_work * ((longest + scale) // 64), where)

    def blocks(values: list[Fraction]) -> list[Matrix]:
        integers = [value.numerator * ((1 << scale) // value.denominator) for value in values]
        return [[[integers[(q * n + p) * size + k] for p in range(n)] for q in range(m)] for k in range(size)]

    found = {
        "norm": rule.norm([blocks(coefficients)], scale),
        "error_norm": rule.norm([blocks(part) for part in (plus_errors, minus_errors) if part], scale),
        "bias_norm": rule.length(bias),
        "bias_error_norm": rule.length(bias_errors),
    }
    for name, value in found.items():
        if rational(claims[name], f"{where}: {name}") != value:
            raise Refused(f"{where}: {name} is stated as {short(Fraction(claims[name]))}; {short(value)} was found")
    return found["norm"], found["error_norm"], found["bias_norm"], found["bias_error_norm"]


def used(mask: list[int], outputs: int, channels: int) -> list[int]:
    """Which channels have a coefficient that stays, of the `outputs` of each."""
    return [int(any(mask[channel * outputs : (channel + 1) * outputs])) for channel in range(channels)]


def read_channels(value: object, first: list[int], channels: int, where: str) -> list[int]:
    """The input channel that each hidden channel reads; -1 is written, and any will do, where none of its weights is kept."""
    if not isinstance(value, list) or len(value) != len(first):
        malformed(f"{where}: reads: a list of {len(first)} input channels was expected")
    for h, (channel, kept) in enumerate(zip(value, first, strict=True)):
        if (integer(channel, -1, channels - 1, f"{where}: reads") < 0) == bool(kept):
            raise Refused(f"{where}: hidden channel {h} reads {channel}; an input channel was expected exactly if some weight is kept")
    return [max(channel, 0) for channel in value]


def subset_sums(
    first: list[int], mask: list[int], outputs: int, reads: list[int], channels: int, source: Source, layer: int, tensor: int
) -> tuple[list[list[int]], list[list[int]]]:
    """For each input channel and output the sums of |u|·v over the kept weights v of what reads it: those with u > 0, and with u < 0."""
    plus = [[0] * outputs for _ in range(channels)]
    minus = [[0] * outputs for _ in range(channels)]
    kept = [position for position, bit in enumerate(mask) if bit]
    for position, v in zip(kept, weights(source.key, source.grid_bits, layer, tensor, kept), strict=True):
        hidden, output = divmod(position, outputs)
        u = first[hidden]
        if u > 0:
            plus[reads[hidden]][output] += u * v
        else:
            minus[reads[hidden]][output] -= u * v
    return plus, minus
