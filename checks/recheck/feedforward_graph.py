"""The graph of a feedforward target: its operations, read and checked, and the shape of every node."""

from typing import Any

from .declared import activation, terms
from .document import LARGEST_COUNT, Budget, fields, integer, malformed

Shape = tuple[int, int, int]
LARGEST_SIDE = 1 << 16
VALUE_WORK = 14
FIELDS = {
    "affine": ("kind", "source", "channels", "kernel", "stride", "padding", "groups"),
    "activation": ("kind", "source"),
    "flatten": ("kind", "source"),
    "max_pool": ("kind", "source", "kernel", "stride", "padding"),
    "average_pool": ("kind", "source", "kernel", "stride"),
    "add": ("kind", "first", "second"),
}


def read_graph(value: object, budget: Budget) -> tuple[list[dict[str, Any]], list[Shape]]:
    """The operations and the shapes of all nodes; node 0 is the input and node i + 1 the result of operation i."""
    graph = fields(value, ("shape", "nonlinearity", "operations"), "graph")
    if not isinstance(graph["nonlinearity"], str):
        malformed("graph: the nonlinearity is to be a text")
    activation(graph["nonlinearity"])
    curved = terms(graph["nonlinearity"])
    sides = integers(graph["shape"], 3, 1, LARGEST_SIDE, "graph: shape")
    shapes: list[Shape] = [(sides[0], sides[1], sides[2])]
    if size(shapes[0]) > LARGEST_COUNT:
        malformed(f"graph: inputs of more than {LARGEST_COUNT} entries")
    operations = graph["operations"]
    if not isinstance(operations, list) or not 1 <= len(operations) <= 1000:
        malformed("graph: between 1 and 1000 operations were expected")
    held = size(shapes[0])
    budget.hold(held, "graph")
    for i, operation in enumerate(operations):
        where = f"operation {i}"
        kind = operation.get("kind") if isinstance(operation, dict) else None
        if not isinstance(kind, str) or kind not in FIELDS:
            malformed(f"{where}: a kind among {', '.join(FIELDS)} was expected")
        fields(operation, FIELDS[kind], where)
        read = [shapes[integer(operation[name], 0, i, f"{where}: {name}")] for name in ("source", "first", "second") if name in operation]
        shapes.append(result_shape(operation, read, where))
        if size(shapes[-1]) > LARGEST_COUNT:
            malformed(f"{where}: a map of more than {LARGEST_COUNT} entries")
        held += size(shapes[-1])
        budget.hold(held + kept_windows(operation, read[0], shapes[-1]), where)
        budget.spend(shapes[-1][0] * (curved << VALUE_WORK) if kind == "activation" and curved else shapes[-1][0], where)
    if not any(operation["kind"] == "affine" for operation in operations):
        malformed("graph: no affine operation")
    return operations, shapes


def copied(
    graph: dict[str, Any], operations: list[dict[str, Any]], copies: int, budget: Budget
) -> tuple[list[dict[str, Any]], list[Shape]]:
    """The operations and shapes with `copies` of each hidden channel: the first affine layer alone reads the input, the last has one copy."""
    numbers, result = [1], []
    affine = [i for i, operation in enumerate(operations) if operation["kind"] == "affine"]
    for i, operation in enumerate(operations):
        read = {numbers[operation[name]] for name in ("source", "first", "second") if name in operation}
        here = read.pop()
        if operation["kind"] == "affine":
            if operation["groups"] != 1 or here != (1 if i == affine[0] else copies):
                malformed(f"operation {i}: with copies, no groups, and one affine layer that reads the input")
            here = 1 if i == affine[-1] else copies
            operation = operation | {"channels": operation["channels"] * here}
        if read:
            malformed(f"operation {i}: it adds a map with copies to one without")
        numbers.append(here)
        result.append(operation)
    if numbers[-1] != 1:
        malformed("with copies the last affine layer is to lead to the output")
    return read_graph(graph | {"operations": result}, budget)


def size(shape: Shape) -> int:
    """The entries of a map."""
    return shape[0] * shape[1] * shape[2]


def point_work(operation: dict[str, Any], source: Shape, shape: Shape, bits: int, curved: int) -> int:
    """About how many steps it takes to compute an operation's balls at one input; so many series of an activation have many terms."""
    if operation["kind"] == "activation":
        return 4 * bits * (bits * curved if curved else 2) * size(shape)
    if operation["kind"] == "affine":
        each = source[0] // operation["groups"] * operation["kernel"][0] * operation["kernel"][1]
        return 8 * (each * size(shape) + size(source))
    return 8 * size(shape) * (operation["kernel"][0] * operation["kernel"][1] if "kernel" in operation else 1)


def kept_windows(operation: dict[str, Any], source: Shape, shape: Shape) -> int:
    """What an operation keeps of the windows that it looks at, in balls: a quarter each where their entries are copied, else an eighth."""
    if operation["kind"] == "affine":
        return source[0] // operation["groups"] * operation["kernel"][0] * operation["kernel"][1] * shape[1] * shape[2] // 4
    return operation["kernel"][0] * operation["kernel"][1] * shape[1] * shape[2] // 8 if "kernel" in operation else 0


def first_source(operation: dict[str, Any]) -> int:
    """The node that an operation reads, the first of two."""
    return operation["source"] if "source" in operation else operation["first"]


def integers(value: object, count: int, low: int, high: int, where: str) -> list[int]:
    """A list of `count` integers in [low, high]."""
    if not isinstance(value, list) or len(value) != count:
        malformed(f"{where}: {count} integers were expected")
    return [integer(entry, low, high, where) for entry in value]


def result_shape(operation: dict[str, Any], read: list[Shape], where: str) -> Shape:
    """The shape of an operation's result."""
    channels, height, width = read[0]
    kind = operation["kind"]
    if kind == "flatten":
        return (channels * height * width, 1, 1)
    if kind == "add":
        if read[0] != read[1]:
            malformed(f"{where}: it adds maps of shapes {read[0]} and {read[1]}")
        return read[0]
    if kind == "activation":
        return read[0]
    kernel, stride = (integers(operation[name], 2, 1, LARGEST_SIDE, f"{where}: {name}") for name in ("kernel", "stride"))
    padding = integers(operation["padding"], 2, 0, LARGEST_SIDE, f"{where}: padding") if "padding" in operation else [0, 0]
    if kind == "max_pool" and any(2 * p > k for p, k in zip(padding, kernel, strict=True)):
        malformed(f"{where}: padding of at most half the window was expected")
    if kind == "affine":
        groups = integer(operation["groups"], 1, LARGEST_SIDE, f"{where}: groups")
        outputs = integer(operation["channels"], 1, LARGEST_SIDE, f"{where}: channels")
        if channels % groups or outputs % groups:
            malformed(f"{where}: channels that are multiples of the groups were expected")
        channels = outputs
    sizes = [(size + 2 * p - k) // s + 1 for size, k, s, p in zip((height, width), kernel, stride, padding, strict=True)]
    if min(sizes) < 1:
        malformed(f"{where}: its window does not fit")
    return (channels, sizes[0], sizes[1])


def windows(shape: Shape, operation: dict[str, Any]) -> list[list[int]]:
    """For each place of the result, row by row, the places of its window in one channel; -1 for padding."""
    _, height, width = shape
    (kh, kw), (sh, sw), (ph, pw) = operation["kernel"], operation["stride"], operation.get("padding", (0, 0))
    result = []
    for top in range(-ph, height + ph - kh + 1, sh):
        for left in range(-pw, width + pw - kw + 1, sw):
            places = []
            for y in range(top, top + kh):
                for x in range(left, left + kw):
                    places.append(y * width + x if 0 <= y < height and 0 <= x < width else -1)
            result.append(places)
    return result
