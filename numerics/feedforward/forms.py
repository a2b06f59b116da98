"""The form of a target that a source speaks of: without groups on copies, and with a constant channel where its biases are all zero.

A form computes the same function as its target, exactly; the certificate holds the target, and the re-checker makes the form of it again.
"""

from dataclasses import replace
from fractions import Fraction

import numpy as np

from numerics.errors import BadTarget
from numerics.feedforward.graph import FeedforwardTarget, Graph, LayerNumbers
from numerics.feedforward.operations import Add, Affine, Flatten
from numerics.feedforward.pointwise import pointwise

HOMOGENEOUS = ("relu", "leaky_relu")
MOST_DOUBLINGS = 64
Exponents = tuple[int, ...]


def form_of(target: FeedforwardTarget, copies: int, carried: Exponents | None) -> FeedforwardTarget:
    """The target as a source with so many copies, and with constants carried or not, is pruned to it. Raises `BadTarget`."""
    if (copies or carried is not None) and any(affine.groups > 1 for affine in target.graph.affine):
        target = without_groups(target)
    return target if carried is None else with_constants(target, carried)


def without_groups(target: FeedforwardTarget) -> FeedforwardTarget:
    """Every convolution in groups as one of all channels, with zeros where there was no weight."""
    operations, layers = [], list(target.layers)
    numbers = iter(range(len(layers)))
    for operation in target.graph.operations:
        if isinstance(operation, Affine):
            i = next(numbers)
            weights = layers[i].weights
            m, n, kh, kw = weights.shape
            full = np.zeros((operation.groups, m // operation.groups, operation.groups, n, kh, kw), np.float32)
            for g, part in enumerate(weights.reshape(operation.groups, m // operation.groups, n, kh, kw)):
                full[g, :, g] = part
            layers[i] = LayerNumbers(full.reshape(m, operation.groups * n, kh, kw), layers[i].bias)
            operation = replace(operation, groups=1)
        operations.append(operation)
    return replace(target, graph=replace(target.graph, operations=tuple(operations)), layers=tuple(layers))


def with_constants(target: FeedforwardTarget, exponents: Exponents) -> FeedforwardTarget:
    """The target with one channel more in every map behind the first affine layer, of the constant value 2^e, and no biases later.

    `exponents` has an e for each affine layer but the last; the constant of a sum of two maps is the sum of theirs. A bias b is a weight b / c
    on the constant c that its layer reads, at a tap that is never outside the map. Raises `BadTarget` where there is no such tap, where the
    activation is not homogeneous, where a later layer reads a map without a constant, or where c is no power of two.
    """
    graph = target.graph
    if graph.nonlinearity not in HOMOGENEOUS:
        raise BadTarget(
            f"activation {pointwise(graph.nonlinearity).name}: constants are carried unchanged by {' and '.join(HOMOGENEOUS)} alone. "
            "Leave --zero-biases out."
        )
    values = constant_values(graph, exponents)
    operations, layers = [], []
    for operation in graph.operations:
        if isinstance(operation, Affine):
            i, last = len(layers), len(layers) == len(graph.affine) - 1
            numbers, out = target.layers[i], np.float32(0 if last else 2.0 ** exponents[i])
            value = values[operation.source]
            m, n, kh, kw = numbers.weights.shape
            _, height, width = graph.shapes[operation.source]
            more = 0 if value is None else _places(graph, operation.source)
            weights = np.zeros((m + (not last), n + more, kh, kw), np.float32)
            bias = np.zeros(m + (not last), np.float32)
            weights[:m, :n] = numbers.weights
            if value is None:
                bias[:m], bias[m:] = numbers.bias, out
            else:
                y, x = _inside(operation, (height, width))
                weights[:m, n, y, x], weights[m:, n, y, x] = numbers.bias / np.float32(value), out / np.float32(value)
                if value.numerator & value.numerator - 1 or (weights[:m, n, y, x] * np.float32(value) != numbers.bias).any():
                    raise BadTarget(
                        f"{operation}: its biases divided by the constant {value} are no float32 numbers. Leave --zero-biases out."
                    )
            layers.append(LayerNumbers(weights, bias))
            operation = replace(operation, channels=m + (not last))
        operations.append(operation)
    return replace(target, graph=replace(graph, operations=tuple(operations)), layers=tuple(layers))


def constant_values(graph: Graph, exponents: Exponents) -> list[Fraction | None]:
    """The constant that each node carries; None for the input, what has passed no affine layer yet, and the output. Raises `BadTarget`."""
    if len(exponents) != len(graph.affine) - 1:
        raise BadTarget(f"{len(exponents)} exponents for the {len(graph.affine)} affine layers but the last.")
    values: list[Fraction | None] = [None]
    layers = 0
    for operation in graph.operations:
        read = [values[source] for source in operation.sources]
        if isinstance(operation, Affine):
            if (read[0] is None) != (layers == 0):
                raise BadTarget(
                    f"{operation}: where biases are zero, the first affine layer alone reads the input. Leave --zero-biases out."
                )
            values.append(Fraction(2) ** exponents[layers] if layers < len(exponents) else None)
            layers += 1
        elif isinstance(operation, Add):
            if (read[0] is None) != (read[1] is None):
                raise BadTarget(f"{operation}: it adds a map with a constant to one without. Leave --zero-biases out.")
            values.append(None if read[0] is None or read[1] is None else read[0] + read[1])
        else:
            values.append(read[0])
    if values[-1] is not None:
        raise BadTarget("the last affine layer does not lead to the output; where biases are zero it must. Leave --zero-biases out.")
    return values


def carried_exponents(graph: Graph) -> Exponents:
    """Exponents with which the two maps of every sum carry the same constant, so that all are powers of two. Raises `BadTarget`."""
    exponents = [0] * (len(graph.affine) - 1)
    layer_of = {node: i for i, node in enumerate(k + 1 for k, operation in enumerate(graph.operations) if isinstance(operation, Affine))}

    def origin(node: int) -> int | None:
        """The affine layer whose constant this node carries unchanged."""
        while node and node not in layer_of:
            operation = graph.operations[node - 1]
            if isinstance(operation, Add):
                return None
            node = operation.sources[0]
        return layer_of.get(node)

    for _ in range(MOST_DOUBLINGS):
        values = constant_values(graph, tuple(exponents))
        for operation in graph.operations:
            if isinstance(operation, Add):
                first, second = (values[source] for source in operation.sources)
                if first != second and first is not None and second is not None:
                    break
        else:
            return tuple(exponents)
        for node, mine, other in ((operation.first, first, second), (operation.second, second, first)):
            layer = origin(node)
            if layer is not None and layer < len(exponents):
                ratio = other / mine
                exponents[layer] += ratio.numerator.bit_length() - ratio.denominator.bit_length()
                break
        else:
            raise BadTarget(f"{operation}: its maps carry different constants, both from sums. Leave --zero-biases out.")
    raise BadTarget("no constants fit all sums of this graph. Leave --zero-biases out.")


def _places(graph: Graph, node: int) -> int:
    """How many channels the constant takes at a node: one, or after a flattening as many as it had places."""
    while node:
        operation = graph.operations[node - 1]
        if isinstance(operation, Flatten):
            _, height, width = graph.shapes[operation.source]
            return height * width * _places(graph, operation.source)
        if isinstance(operation, Affine):
            return 1
        node = operation.sources[0]
    return 1


def _inside(operation: Affine, sizes: tuple[int, int]) -> tuple[int, int]:
    """The first tap in each direction that no window has outside the map."""
    taps = []
    for size, k, s, p in zip(sizes, operation.kernel, operation.stride, operation.padding, strict=True):
        reach = (size + 2 * p - k) // s * s
        found = [tap for tap in range(k) if tap - p >= 0 and reach + tap - p < size]
        if not found:
            raise BadTarget(f"{operation}: every tap is outside the map somewhere, and a bias with it. Leave --zero-biases out.")
        taps.append(found[0])
    return taps[0], taps[1]
