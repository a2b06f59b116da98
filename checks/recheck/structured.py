"""Certificates of structured tickets: whole hidden channels kept or removed, every claim computed again."""

import re
from decimal import ROUND_CEILING, ROUND_FLOOR
from fractions import Fraction
from itertools import pairwise
from typing import Any

from .document import LARGEST_COUNT, Budget, Refused, bits, fields, integer, malformed, rational, rationals, short
from .equivariant import MOST_BITS, check_digests
from .layers import PointLayer
from .normal import GRID_BITS, normal_weights, table_digest
from .norms import Matrix, up
from .symmetry import partial_maps, permutations

FORMAT = "structured-ticket-certificate/1"
FIRST, SECOND, CONSTANT_FIRST, CONSTANT_SECOND = range(4, 8)
WEIGHT_WORK = 1 << 6
FLAT_WORK = 4


class BlockedLayer:
    """A layer between permuted points with its blocks: lists of (input channel, outputs), and of the outputs of the bias blocks."""

    def __init__(self, value: object, generators: int, budget: Budget, where: str) -> None:
        parts = fields(value, ("bias_blocks", "blocks", "codomain", "domain", "supports"), where)
        self.domain, self.codomain = (read_space(parts[name], generators, f"{where}: {name}") for name in ("domain", "codomain"))
        if len(self.domain["sharing"]) != len(self.codomain["sharing"]):
            malformed(f"{where}: equally many partial maps in both spaces were expected")
        numbers = sum(space["channels"] * len(space["images"][0]) for space in (self.domain, self.codomain))
        budget.spend(FLAT_WORK * generators * numbers, where)
        self.rule = PointLayer(self.domain, self.codomain, parts["supports"], budget, where)
        for name in ("blocks", "bias_blocks"):
            if not isinstance(parts[name], list) or not 1 <= len(parts[name]) <= 1 << 16:
                malformed(f"{where}: {name}: between 1 and 65536 blocks were expected")
        n, m = self.rule.channels_in, self.rule.channels_out
        self.blocks = []
        for block in parts["blocks"]:
            block = fields(block, ("channel", "outputs"), f"{where}: a block")
            self.blocks.append(
                (integer(block["channel"], 0, n - 1, f"{where}: a block's channel"), read_outputs(block["outputs"], m, where))
            )
        self.bias_blocks = [read_outputs(outputs, m, where) for outputs in parts["bias_blocks"]]


def read_space(value: object, generators: int, where: str) -> dict[str, Any]:
    """A feature space of one layer."""
    space = fields(value, ("channels", "images", "sharing"), where)
    integer(space["channels"], 1, 1 << 16, f"{where}: channels")
    images = permutations(space["images"], generators, where)
    if len(images[0]) * space["channels"] > 1 << 16:
        malformed(f"{where}: more than {1 << 16} numbers")
    partial_maps(space["sharing"], len(images[0]), f"{where}: sharing")
    return space


def read_outputs(value: object, m: int, where: str) -> list[int]:
    """Increasing output channels, at least one."""
    if not isinstance(value, list) or not value or len(value) > m:
        malformed(f"{where}: the outputs of a block, between 1 and {m}, were expected")
    outputs = [integer(q, 0, m - 1, f"{where}: an output") for q in value]
    if any(a >= b for a, b in pairwise(outputs)):
        malformed(f"{where}: the outputs of a block were expected to increase")
    return outputs


def read_layers(value: object, budget: Budget) -> list[BlockedLayer]:
    """The layers of an architecture; each reads the numbers of the one before, which every generator must move alike."""
    architecture = fields(value, ("layers", "nonlinearity"), "architecture")
    if architecture["nonlinearity"] != "relu":
        malformed("architecture: the nonlinearity relu was expected")
    described = architecture["layers"]
    if not isinstance(described, list) or not 1 <= len(described) <= 1000:
        malformed("architecture: between 1 and 1000 layers were expected")
    domain = described[0].get("domain") if isinstance(described[0], dict) else None
    images = domain.get("images") if isinstance(domain, dict) else None
    if not isinstance(images, list) or not 1 <= len(images) <= 64:
        malformed("architecture: between 1 and 64 generators were expected")
    layers = [BlockedLayer(layer, len(images), budget, f"layer {i}") for i, layer in enumerate(described)]
    for i, (before, after) in enumerate(pairwise(layers)):
        if flat(before.codomain) != flat(after.domain):
            raise Refused(f"layer {i + 1} does not take the numbers that layer {i} gives, moved alike by every generator")
    return layers


def flat(space: dict[str, Any]) -> list[list[int]]:
    """Where each generator moves the numbers of a signal, written channel after channel."""
    size = len(space["images"][0])
    return [[p * size + i for p in range(space["channels"]) for i in images] for images in space["images"]]


def check(document: dict[str, Any]) -> dict[str, Any]:
    """Recompute every claim of a parsed certificate; raises `Refused` at the first that does not hold."""
    names = ("format", "name", "architecture", "key", "target", "layers", "radius", "error_bound", "epsilon", "digests")
    document = fields(document, names, "certificate")
    if not isinstance(document["name"], str) or not re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", document["name"]):
        malformed("name: up to 64 letters, digits, dots, dashes and underscores were expected")
    budget = Budget()
    layers = read_layers(document["architecture"], budget)
    key = fields(document["key"], ("constants", "grid_bits", "key", "law", "table", "widths"), "key")
    if key["grid_bits"] != GRID_BITS or key["law"] != "normal":
        malformed(f'key: the law "normal" with grid_bits {GRID_BITS} was expected')
    if not isinstance(key["key"], str) or not re.fullmatch(r"0|[1-9][0-9]{0,38}", key["key"]) or int(key["key"]) >= 1 << 128:
        malformed("key: a decimal integer below 2¹²⁸ was expected")
    for name in ("widths", "constants"):
        if not isinstance(key[name], list) or len(key[name]) != len(layers):
            malformed(f"key: {name}: {len(layers)} numbers were expected")
        key[name] = [integer(count, 1, 1 << 20, f"key: {name}") for count in key[name]]
    target = fields(document["target"], ("layers",), "target")["layers"]
    claims = document["layers"]
    if not isinstance(target, list) or not isinstance(claims, list) or len(target) != len(layers) or len(claims) != len(layers):
        malformed(f"target and layers: {len(layers)} entries each were expected")
    radius, claimed, epsilon = (rational(document[name], name) for name in ("radius", "error_bound", "epsilon"))
    if radius <= 0 or epsilon <= 0:
        malformed("radius and epsilon must be positive")
    if key["table"] != table_digest():
        raise Refused("key: the table of the normal law has another digest")
    activation, error = radius, Fraction(0)
    for i, layer in enumerate(layers):
        found = check_layer(i, layer, target[i], claims[i], int(key["key"]), key["widths"][i], key["constants"][i], budget)
        error = up(found["norm"] * error + found["error_norm"] * (activation + error) + found["bias_error_norm"])
        activation = up(found["norm"] * activation + found["bias_norm"])
    if claimed != error:
        raise Refused(f"error_bound: {short(claimed)} is stated, the layers compose to {short(error)}")
    if error > epsilon:
        raise Refused(f"the error bound {short(error)} exceeds epsilon = {document['epsilon']}")
    check_digests(document)
    bound, ball = short(error, ROUND_CEILING), short(radius, ROUND_FLOOR)
    says = (
        f"|ticket(x) - target(x)| <= {bound} for all |x| <= {ball}; whole channels kept or removed, "
        f"{sum(layer['parameters'] for layer in claims)} weights left; exactly equivariant"
    )
    return {"name": document["name"], "error_bound": error, "radius": radius, "epsilon": epsilon, "norm": "", "says": says}


def check_layer(
    i: int, layer: BlockedLayer, target: object, claims: object, key: int, width: int, constants: int, budget: Budget
) -> dict[str, Fraction]:
    """Recompute one layer; returns the norms of the target's layer, of the error, of the bias and of the bias's error."""
    where, rule = f"layer {i}", layer.rule
    n, m, size, invariants = rule.channels_in, rule.channels_out, rule.size, rule.invariants
    hidden, constant = len(layer.blocks) * width, len(layer.bias_blocks) * constants
    if max(hidden * m * size, hidden * n * rule.hidden_size, constant * m * invariants, m * n * size) > 8 * LARGEST_COUNT:
        malformed(f"{where}: more than {8 * LARGEST_COUNT} weights")
    names = (
        "basis_size", "hidden_basis_size", "identity", "invariants", "residuals_plus", "residuals_minus", "residuals_bias",
        "norm", "error_norm", "bias_norm", "bias_error_norm", "masks", "channels", "parameters",
    )  # fmt: skip
    claims = fields(claims, names, where)
    numbers = fields(target, ("bias", "coefficients"), f"target, {where}")
    coefficients = rationals(numbers["coefficients"], m * n * size, f"target, {where}: coefficients")
    bias = rationals(numbers["bias"], m * invariants, f"target, {where}: bias")
    masks = fields(claims["masks"], ("constant", "hidden"), f"{where}: masks")
    kept = [h for h, bit in enumerate(bits(masks["hidden"], hidden, f"{where}: hidden mask")) if bit]
    kept_constants = [h for h, bit in enumerate(bits(masks["constant"], constant, f"{where}: constant mask")) if bit]

    outputs = sum(len(layer.blocks[h // width][1]) for h in kept)
    constant_outputs = sum(len(layer.bias_blocks[h // constants]) for h in kept_constants)
    budget.spend(WEIGHT_WORK * (len(kept) + len(kept_constants) + outputs * size + constant_outputs * invariants), where)
    stated = {
        "basis_size": size, "hidden_basis_size": rule.hidden_size, "identity": rule.identity, "invariants": invariants,
        "channels": len(kept), "parameters": len(kept) + outputs * size + m * invariants,
    }  # fmt: skip
    for name, value in stated.items():
        if integer(claims[name], 0, 1 << 40, f"{where}: {name}") != value:
            raise Refused(f"{where}: {name} = {claims[name]} is stated, {value} was found")

    plus, minus, bias_sums = [0] * (m * n * size), [0] * (m * n * size), [0] * (m * invariants)
    own = ((h * n + layer.blocks[h // width][0]) * rule.hidden_size + rule.identity for h in kept)
    for h, u in zip(kept, normal_weights(key, i, FIRST, own), strict=True):
        p, fed = layer.blocks[h // width]
        for q in fed:
            start, place = (h * m + q) * size, (q * n + p) * size
            for k, v in enumerate(normal_weights(key, i, SECOND, range(start, start + size))):
                if u > 0:
                    plus[place + k] += u * v
                else:
                    minus[place + k] -= u * v
    for h, u in zip(kept_constants, normal_weights(key, i, CONSTANT_FIRST, kept_constants), strict=True):
        if u <= 0:
            raise Refused(f"{where}: a constant channel that is never active is kept")
        for q in layer.bias_blocks[h // constants]:
            start = (h * m + q) * invariants
            for k, v in enumerate(normal_weights(key, i, CONSTANT_SECOND, range(start, start + invariants))):
                bias_sums[q * invariants + k] += u * v

    unit = Fraction(1, 1 << 2 * GRID_BITS)
    errors = {
        "plus": [s * unit - c for s, c in zip(plus, coefficients, strict=True)],
        "minus": [s * unit + c for s, c in zip(minus, coefficients, strict=True)],
        "bias": [s * unit - b for s, b in zip(bias_sums, bias, strict=True)],
    }
    for name, found in errors.items():
        for position, (a, b) in enumerate(zip(rationals(claims[f"residuals_{name}"], len(found), f"{where}: {name}"), found, strict=True)):
            if a != b:
                raise Refused(f"{where}: residual {position} ({name}) is stated as {short(a)}; the masks leave {short(b)}")
    norms = layer_norms(rule, coefficients, bias, errors, where)
    for name, value in norms.items():
        if rational(claims[name], f"{where}: {name}") != value:
            raise Refused(f"{where}: {name} is stated as {short(Fraction(claims[name]))}; {short(value)} was found")
    return norms


def layer_norms(
    rule: PointLayer, coefficients: list[Fraction], bias: list[Fraction], errors: dict[str, list[Fraction]], where: str
) -> dict[str, Fraction]:
    """The norms of the target's numbers and of the errors."""
    n, m, size = rule.channels_in, rule.channels_out, rule.size
    scale = max([2 * GRID_BITS] + [value.denominator.bit_length() - 1 for value in (*coefficients, *bias)])
    if scale > MOST_BITS or any((1 << scale) % value.denominator for value in (*coefficients, *bias)):
        malformed(f"target, {where}: a denominator is no power of two up to 2^{MOST_BITS}")

    def blocks(values: list[Fraction]) -> list[Matrix]:
        integers = [value.numerator * ((1 << scale) // value.denominator) for value in values]
        return [[[integers[(q * n + p) * size + k] for p in range(n)] for q in range(m)] for k in range(size)]

    return {
        "norm": rule.norm([blocks(coefficients)], scale),
        "error_norm": rule.norm([blocks(errors["plus"]), blocks(errors["minus"])], scale),
        "bias_norm": rule.length(bias),
        "bias_error_norm": rule.length(errors["bias"]),
    }
