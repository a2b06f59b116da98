"""Ticket and target around a given input, once more: balls of integers in units of 2^-`bits` for the target and the difference.

A node is a list of channels, a channel a list of places row by row, a place (center, radius, shift, spread): the target's value lies within
`radius` of `center`, the ticket's minus the target's within `spread` of `shift`, for every input within the stated radius of the given one.
"""

from operator import mul
from typing import Any

from .activations import ACTIVATIONS, Activation
from .feedforward_graph import Shape, first_source, windows
from .feedforward_layers import Layer

Ball = tuple[int, int, int, int]
Node = list[list[Ball]]


def propagate(operations: list[dict[str, Any]], shapes: list[Shape], layers: list[Layer], phi: Activation, x: Node, bits: int) -> Node:
    """The balls of the outputs."""
    nodes, remaining = [x], iter(layers)
    for operation in operations:
        kind = operation["kind"]
        source = first_source(operation)
        read, shape = nodes[source], shapes[source]
        if kind == "affine":
            nodes.append(affine(next(remaining), read, shape, bits))
        elif kind == "activation":
            apply = relu if phi is ACTIVATIONS["relu"] else lambda c, r, d, s: activated(phi, bits, c, r, d, s)
            nodes.append([[apply(*ball) for ball in channel] for channel in read])
        elif kind == "flatten":
            nodes.append([[ball] for channel in read for ball in channel])
        elif kind == "add":
            other = nodes[operation["second"]]
            nodes.append(
                [[tuple(map(sum, zip(a, b, strict=True))) for a, b in zip(*pair, strict=True)] for pair in zip(read, other, strict=True)]  # pyright: ignore[reportArgumentType]
            )
        else:
            reduce = average if kind == "average_pool" else largest
            places = windows(shape, operation)
            nodes.append([[reduce([channel[i] for i in window if i >= 0]) for window in places] for channel in read])
    return nodes[-1]


def middle(low: int, high: int) -> tuple[int, int]:
    """Center and radius of [low, high]."""
    center = low + high >> 1
    return center, high - center


def affine(layer: Layer, x: Node, shape: Shape, bits: int) -> Node:
    """W∗x + b, and the difference W∗d + (P - W)∗σ(x') + (Q + W)∗σ(-x') + b' - b at the ticket's input x'."""
    own, result = layer.outputs // layer.groups, []
    parts: list[list[list[tuple[int, ...]]]] = []
    for channel in x:
        split = []
        for c, r, d, s in channel:
            low, high = c + d - r - s, c + d + r + s
            halves = (*middle(max(low, 0), max(high, 0)), *middle(max(-high, 0), max(-low, 0)))
            split.append((c, r, d, s, *halves, max(-low, high)))
        parts.append(split)
    nothing = (0,) * 9
    places = windows(shape, layer.operation)
    for g in range(layer.groups):
        columns = []
        for window in places:
            entries = [channel[i] if i >= 0 else nothing for channel in parts[g * layer.inputs : (g + 1) * layer.inputs] for i in window]
            columns.append(tuple(zip(*entries, strict=True)))
        for q in range(g * own, (g + 1) * own):
            w, plus, minus = layer.weights[q], layer.plus[q], layer.minus[q]
            sizes = [list(map(abs, row)) for row in (w, plus, minus)]
            bias, bias_error, bias_spread = (part[q] << bits for part in (layer.bias, layer.bias_error, layer.bias_spread))
            row = []
            for c, r, d, s, pc, pr, nc, nr, z in columns:
                shift = dot(w, d) + dot(plus, pc) + bias_error
                spread = dot(sizes[0], s) + dot(sizes[1], pr) + bias_spread
                if any(nc) or any(nr):
                    shift += dot(minus, nc)
                    spread += dot(sizes[2], nr)
                center = (dot(w, c) + bias) // layer.unit
                wide = -(-spread // layer.unit) + 1 + layer.bent(q, list(z), bits)
                row.append((center, -(-dot(sizes[0], r) // layer.unit) + 1, shift // layer.unit, wide))
            result.append(row)
    return result


def dot(row: list[int], column: tuple[int, ...]) -> int:
    """Σ aᵢ bᵢ."""
    return sum(map(mul, row, column))


def relu(c: int, r: int, d: int, s: int) -> Ball:
    """max(x, 0) of a ball and its difference."""
    low, high, less, more = c - r, c + r, d - s, d + s
    low2, high2 = low + less, high + more
    center, radius = middle(max(low, 0), max(high, 0))
    if low >= 0 and low2 >= 0:
        return center, radius, d, s
    if high <= 0 and high2 <= 0:
        return center, radius, 0, 0
    least = max(min(less, 0), max(low2, 0) - max(high, 0))
    most = min(max(more, 0), max(high2, 0) - max(low, 0))
    return center, radius, *middle(least, most)


def activated(phi: Activation, bits: int, c: int, r: int, d: int, s: int) -> Ball:
    """φ of a ball; its difference is a slope between the two networks' values times theirs, and lies between those of the ends."""
    low, high, less, more = c - r, c + r, d - s, d + s
    low2, high2 = low + less, high + more
    (down, up), (down2, up2) = phi.values(low, high, bits), phi.values(low2, high2, bits)
    flat, steep = phi.slopes(min(low, low2), max(high, high2), bits)
    products = (flat * less, flat * more, steep * less, steep * more)
    least, most = max(min(products) >> bits, down2 - up), min(-(-max(products) >> bits), up2 - down)
    return *middle(down, up), *middle(least, most)


def average(window: list[Ball]) -> Ball:
    """The mean of a window."""
    c, r, d, s = (sum(part) for part in zip(*window, strict=True))
    n = len(window)
    return c // n, -(-r // n) + 1, d // n, -(-s // n) + 1


def largest(window: list[Ball]) -> Ball:
    """The largest of a window; its difference lies between those of the entries that can be the largest in either network."""
    ends = [(c - r, c + r, d - s, d + s) for c, r, d, s in window]
    least = max(low for low, _, _, _ in ends)
    least2 = max(low + less for low, _, less, _ in ends)
    down = min(less for _, high, less, _ in ends if high >= least)
    up = max(more for _, high, _, more in ends if high + more >= least2)
    return *middle(least, max(high for _, high, _, _ in ends)), *middle(down, up)
