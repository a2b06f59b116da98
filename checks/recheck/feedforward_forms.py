"""The form of a graph that a source is pruned to, without groups, with carried constants, with copies: it computes what the target computes."""

from fractions import Fraction
from typing import Any

from .document import Budget, malformed
from .feedforward_graph import Shape, copied, first_source, read_graph
from .feedforward_layers import Layer
from .feedforward_source import Source


class Form:
    """Operations and shapes of the network that is compared, and how the layers of the target are brought into that form."""

    def __init__(
        self, graph: dict[str, Any], operations: list[dict[str, Any]], shapes: list[Shape], source: Source, budget: Budget
    ) -> None:
        self.source, self.ungrouped = source, source.copies > 0 or source.carried is not None
        self.reads: list[tuple[Fraction | None, int, int]] = []
        self.own = operations, shapes
        if self.ungrouped:
            operations = [operation | {"groups": 1} if operation["kind"] == "affine" else operation for operation in operations]
        if source.carried is not None:
            operations = self.carry(operations, shapes, source.carried)
        if self.ungrouped:
            operations, shapes = read_graph(graph | {"operations": operations}, budget)
        self.plain = operations
        if source.copies:
            operations, shapes = copied(graph | {"operations": operations}, operations, source.copies, budget)
        self.operations, self.shapes = operations, shapes

    def carry(self, operations: list[dict[str, Any]], shapes: list[Shape], exponents: tuple[int, ...]) -> list[dict[str, Any]]:
        """The operations with one output more for each affine layer but the last, of the constant 2^e; `reads` are what each layer reads.

        That is the constant, in how many channels it comes, and at which tap, never outside the map, it is read.
        """
        values: list[Fraction | None] = [None]
        places, result, layer = [1], [], 0
        for i, operation in enumerate(operations):
            source, where = first_source(operation), f"operation {i}"
            value, count = values[source], places[source]
            if operation["kind"] == "affine":
                if (value is None) != (layer == 0):
                    malformed(f"{where}: where biases are zero, the first affine layer alone reads the input")
                if value is not None and value.numerator & value.numerator - 1:
                    malformed(f"{where}: it reads the constant {value}, which is no power of two")
                self.reads.append((value, count, 0 if value is None else tap_inside(operation, shapes[source], where)))
                last = layer == len(exponents)
                value, count = (None if last else Fraction(2) ** exponents[layer]), 1
                operation = operation | {"channels": operation["channels"] + (not last)}
                layer += 1
            elif operation["kind"] == "add":
                other = values[operation["second"]]
                if (value is None) != (other is None) or count != places[operation["second"]]:
                    malformed(f"{where}: it adds a map with a constant to one without")
                value = None if value is None or other is None else value + other
            elif operation["kind"] == "flatten":
                count *= shapes[source][1] * shapes[source][2]
            values.append(value)
            places.append(count)
            result.append(operation)
        if values[-1] is not None:
            malformed("where biases are zero the last affine layer is to lead to the output")
        return result

    def apply(self, layer: Layer, i: int) -> None:
        """Bring the numbers of affine layer i into the form, all but the copies."""
        if self.ungrouped:
            layer.ungroup()
        if self.source.carried is not None:
            exponents = self.source.carried
            layer.carry(*self.reads[i], Fraction(2) ** exponents[i] if i < len(exponents) else None)


def tap_inside(operation: dict[str, Any], shape: Shape, where: str) -> int:
    """The number of the first tap that no window has outside the map."""
    taps = []
    for size, k, s, p in zip(shape[1:], operation["kernel"], operation["stride"], operation["padding"], strict=True):
        last = (size + 2 * p - k) // s * s
        found = [tap for tap in range(k) if tap >= p and last + tap < size + p]
        if not found:
            malformed(f"{where}: every tap is outside the map somewhere")
        taps.append(found[0])
    return taps[0] * operation["kernel"][1] + taps[1]
