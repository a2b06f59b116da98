"""Certificates of convolutional and residual tickets: every claim computed again.

Such a certificate claims three things of the network that key and masks determine, in the sup norm. Of each affine layer alone: its error is
at most gain·|x| + offset for every input x, at the border as inside. Of the whole network: a bound for every input of a box, which may say
nothing. And a bound for every input within a radius of each of a list of inputs. `claim` names which of the last two `error_bound` is.
"""

import re
from decimal import ROUND_CEILING, ROUND_FLOOR
from fractions import Fraction
from typing import Any

from .activations import Activation
from .declared import activation, terms
from .document import Budget, Refused, fields, integer, malformed, rational, sha256, short
from .feedforward_encoding import demand, floats
from .feedforward_forms import Form
from .feedforward_graph import Shape, first_source, point_work, read_graph
from .feedforward_layers import Layer
from .feedforward_points import Node, propagate
from .feedforward_source import read_source

FORMAT = "feedforward-ticket-certificate/5"
UNIT = 64
NAMES = (
    "format", "name", "graph", "box", "key", "target", "layers", "network", "points", "claim", "error_bound", "epsilon", "digests",
)  # fmt: skip
MASKS = ("second", "constant", "moves", "constant_moves")
KEY = ("carried", "constants", "copies", "density", "grid_bits", "key", "law", "perturbation", "scales", "width")


def check(document: dict[str, Any]) -> dict[str, Any]:
    """Recompute every claim of a parsed certificate; raises `Refused` at the first that does not hold."""
    document = fields(document, NAMES, "certificate")
    if document["format"] != FORMAT:
        malformed(f"format {str(document['format'])[:60]!r}; {FORMAT!r} was expected")
    if not isinstance(document["name"], str) or not re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", document["name"]):
        malformed("name: up to 64 letters, digits, dots, dashes and underscores were expected")
    budget = Budget()
    operations, shapes = read_graph(document["graph"], budget)
    low, high = box(document["box"])
    key = fields(document["key"], KEY, "key")
    affine = [operation for operation in operations if operation["kind"] == "affine"]
    form = Form(document["graph"], operations, shapes, read_source(key, document["graph"]["nonlinearity"], len(affine)), budget)
    operations, shapes = form.operations, form.shapes
    layers = read_layers(document, form, budget)
    error = whole_network(document, operations, shapes, layers, (low, high))
    radius, bounds = stated_inputs(
        document["points"], operations, shapes, layers, (low, high), budget, terms(document["graph"]["nonlinearity"])
    )
    epsilon = rational(document["epsilon"], "epsilon")
    if epsilon <= 0:
        malformed("epsilon must be positive")
    claim = "every input" if error <= epsilon else "stated inputs"
    if document["claim"] != claim:
        raise Refused(f"claim: {claim!r} was expected")
    found = error if claim == "every input" else max(bounds)
    demand(document["error_bound"], found, "error_bound")
    if found > epsilon:
        raise Refused(f"the error bound {short(found)} exceeds epsilon = {document['epsilon']}")
    check_digests(document)
    bound, reach = short(found, ROUND_CEILING), short(radius, ROUND_FLOOR)
    if claim == "every input":
        where = f"every x with entries in [{document['box'][0]}, {document['box'][1]}]"
    else:
        where = f"every x within {reach} of one of {len(bounds)} stated inputs"
    says = f"|ticket(x) - target(x)| <= {bound} for {where} (largest entry)"
    return {
        "name": document["name"],
        "error_bound": found,
        "radius": (high - low) / 2 if claim == "every input" else radius,
        "epsilon": epsilon,
        "norm": f"largest entry; {'x from the middle of its box' if claim == 'every input' else 'x from one of the stated inputs'}",
        "says": says,
    }


def box(value: object) -> tuple[Fraction, Fraction]:
    """The ends of the interval that every entry of an input lies in."""
    if not isinstance(value, list) or len(value) != 2:
        malformed("box: two rationals were expected")
    low, high = (rational(end, "box") for end in value)
    if low > high:
        malformed("box: an interval was expected")
    return low, high


def read_layers(document: dict[str, Any], form: Form, budget: Budget) -> list[Layer]:
    """The affine layers with their exact errors."""
    key, source = document["key"], form.source
    operations, shapes = form.own
    affine, plain, network = (
        [operation for operation in part if operation["kind"] == "affine"] for part in (operations, form.plain, form.operations)
    )
    for name, part in (("target", document["target"]), ("layers", document["layers"]), ("scales", key["scales"])):
        if not isinstance(part, list) or len(part) != len(affine):
            malformed(f"{name}: {len(affine)} entries were expected")
    layers, phi = [], activation(document["graph"]["nonlinearity"])
    for i, operation in enumerate(affine):
        where = f"layer {i}"
        claims = fields(document["layers"][i], ("gain", "bends", "offset", "worst", "error", "reach", *MASKS), where)
        layer = Layer(operation, shapes[operation["source"]], document["target"][i], phi, f"target, {where}")
        form.apply(layer, i)
        layer.operation = plain[i]
        if source.copies:
            layer.copy(network[i]["channels"] // plain[i]["channels"], source.copies if i else 0)
        layer.prune(claims, source, i, key["scales"][i], budget)
        layer.judge(claims, where)
        layers.append(layer)
    return layers


def whole_network(
    document: dict[str, Any],
    operations: list[dict[str, Any]],
    shapes: list[Shape],
    layers: list[Layer],
    ends: tuple[Fraction, Fraction],
) -> Fraction:
    """The bound for every input of the box; ranges and errors channel by channel, rounded outwards to multiples of 2⁻⁶⁴."""
    low, high = ((ends[0].numerator << UNIT) // ends[0].denominator, -((-ends[1].numerator << UNIT) // ends[1].denominator))
    n, position, phi = shapes[0][0], 0, activation(document["graph"]["nonlinearity"])
    nodes: list[tuple[list[int], list[int], list[int]]] = [([low] * n, [high] * n, [0] * n)]
    for operation in operations:
        kind, source = operation["kind"], first_source(operation)
        x = nodes[source]
        if kind == "affine":
            claims, where = document["layers"][position], f"layer {position}"
            lows, highs, errors, largest = layers[position].bounds(x[0], x[1], x[2], UNIT)
            demand(claims["error"], Fraction(largest, 1 << UNIT), f"{where}: error")
            demand(claims["reach"], Fraction(max(map(abs, (*x[0], *x[1]))), 1 << UNIT), f"{where}: reach")
            nodes.append((lows, highs, errors))
            position += 1
        elif kind == "activation":
            nodes.append(activated(phi, *x))
        elif kind == "add":
            a, b, c = ([s + t for s, t in zip(*pair, strict=True)] for pair in zip(x, nodes[operation["second"]], strict=True))
            nodes.append((a, b, c))
        elif kind == "flatten":
            times = shapes[source][1] * shapes[source][2]
            a, b, c = ([value for value in part for _ in range(times)] for part in x)
            nodes.append((a, b, c))
        else:
            nodes.append(x)
    lows, highs, errors = nodes[-1]
    network = fields(document["network"], ("error", "extent", "says_nothing"), "network")
    error, extent = Fraction(max(errors), 1 << UNIT), Fraction(max(b - a for a, b in zip(lows, highs, strict=True)), 1 << UNIT)
    demand(network["error"], error, "network: error")
    demand(network["extent"], extent, "network: extent")
    if network["says_nothing"] is not (error >= extent):
        raise Refused(f"network: says_nothing is stated as {network['says_nothing']}")
    return error


def activated(phi: Activation, low: list[int], high: list[int], error: list[int]) -> tuple[list[int], list[int], list[int]]:
    """φ of ranges; errors grow by its largest slope on what the ticket's values can be."""
    ends = [phi.values(a, b, UNIT) for a, b in zip(low, high, strict=True)]
    slopes = [phi.slopes(a - e, b + e, UNIT) for a, b, e in zip(low, high, error, strict=True)]
    errors = [-(-max(-flat, steep) * e >> UNIT) for (flat, steep), e in zip(slopes, error, strict=True)]
    return [a for a, _ in ends], [b for _, b in ends], errors


def stated_inputs(
    value: object,
    operations: list[dict[str, Any]],
    shapes: list[Shape],
    layers: list[Layer],
    ends: tuple[Fraction, Fraction],
    budget: Budget,
    curved: int,
) -> tuple[Fraction, list[Fraction]]:
    """The radius, and the bound around each stated input."""
    points = fields(value, ("radius", "bits", "inputs", "bounds", "same_prediction"), "points")
    radius, bits = rational(points["radius"], "points: radius"), integer(points["bits"], 64, 1024, "points: bits")
    if radius < 0:
        malformed("points: radius must not be negative")
    lists = [points[name] for name in ("inputs", "bounds", "same_prediction")]
    if not all(isinstance(part, list) and len(part) == len(lists[0]) for part in lists) or not 1 <= len(lists[0]) <= 10000:
        malformed("points: as many bounds as inputs, between 1 and 10000, were expected")
    bounds, phi = [], layers[0].phi
    work = sum(
        point_work(operation, shapes[first_source(operation)], shapes[i + 1], bits, curved) for i, operation in enumerate(operations)
    )
    for i, (entry, stated, same) in enumerate(zip(*lists, strict=True)):
        where = f"points: input {i}"
        budget.spend(work, where)
        channels, height, width = shapes[0]
        values = floats(entry, channels * height * width, where)
        if any(not ends[0] <= Fraction(x) <= ends[1] for x in values):
            malformed(f"{where}: an entry outside the box")
        node = around(values, channels, radius, bits)
        balls = [ball for channel in propagate(operations, shapes, layers, phi, node, bits) for ball in channel]
        bounds.append(Fraction(max(abs(d) + s for _, _, d, s in balls), 1 << bits))
        demand(stated, bounds[-1], f"{where}: bound")
        first = winner([(c - r, c + r) for c, r, _, _ in balls])
        second = winner([(c - r + d - s, c + r + d + s) for c, r, d, s in balls])
        if same is not (first == second and first >= 0):
            raise Refused(f"{where}: same_prediction is stated as {same}")
    return radius, bounds


def around(values: tuple[float, ...], channels: int, radius: Fraction, bits: int) -> Node:
    """The input as balls: exact centers where the unit allows it, else rounded down and the radius one larger."""
    wide = -((-radius.numerator << bits) // radius.denominator)
    wide += any((1 << bits) % x.as_integer_ratio()[1] for x in values)
    balls = [((x.as_integer_ratio()[0] << bits) // x.as_integer_ratio()[1], wide, 0, 0) for x in values]
    size = len(balls) // channels
    return [balls[c * size : (c + 1) * size] for c in range(channels)]


def winner(ends: list[tuple[int, int]]) -> int:
    """Which output exceeds all others throughout, or -1."""
    lows = [low for low, _ in ends]
    best = lows.index(max(lows))
    return best if all(lows[best] > high for k, (_, high) in enumerate(ends) if k != best) else -1


def check_digests(document: dict[str, Any]) -> None:
    """Compare the five digests with the parts that they are made of."""
    digests = fields(document["digests"], ("graph", "key", "masks", "target", "certificate"), "digests")
    body = {name: value for name, value in document.items() if name != "digests"}
    body["digests"] = {name: value for name, value in digests.items() if name != "certificate"}
    parts = {
        "graph": document["graph"],
        "key": document["key"],
        "masks": [{name: layer[name] for name in MASKS} for layer in document["layers"]],
        "target": document["target"],
        "certificate": body,
    }
    for name, part in parts.items():
        if digests[name] != sha256(part):
            raise Refused(f"digests: that of {name} does not match")
