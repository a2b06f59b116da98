"""Permutations, partial maps, and the orbits of pairs that are the basis operators."""

from .document import Refused, malformed


def orbits(rows: list[list[int]], columns: list[list[int]]) -> list[list[int]]:
    """The orbit number of each pair (y, x) under maps that move y by `rows[g]` and x by `columns[g]`; union–find.

    An image of -1 is undefined, and such a map says nothing of the pair. The operator of a number is the indicator of its pairs; it is
    tested to be invariant under every map.
    """
    height, width = len(rows[0]), len(columns[0])
    parent = list(range(height * width))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for g, h in zip(rows, columns, strict=True):
        for y in range(height):
            for x in range(width):
                if g[y] >= 0 and h[x] >= 0:
                    a, b = root(y * width + x), root(g[y] * width + h[x])
                    parent[max(a, b)] = min(a, b)
    number: dict[int, int] = {}
    labels = [number.setdefault(root(node), len(number)) for node in range(height * width)]
    table = [labels[y * width : (y + 1) * width] for y in range(height)]
    for g, h in zip(rows, columns, strict=True):
        if any(table[g[y]][h[x]] != table[y][x] for y in range(height) for x in range(width) if g[y] >= 0 and h[x] >= 0):
            raise Refused("a basis operator does not commute with a generator")
    return table


def restricted(table: list[list[int]], kept: object, where: str) -> list[list[int]]:
    """The orbits that a filter's support keeps, numbered anew in their order, -1 elsewhere; all of them if `kept` is null."""
    if kept is None:
        return table
    count = 1 + max(map(max, table))
    if not isinstance(kept, list) or not kept or any(isinstance(k, bool) or not isinstance(k, int) for k in kept):
        malformed(f"{where}: a list of orbit numbers or null was expected")
    if kept != sorted(set(kept)) or not 0 <= kept[0] <= kept[-1] < count or len(kept) == count:
        malformed(f"{where}: some of the orbit numbers below {count} were expected, increasing")
    number = {k: i for i, k in enumerate(kept)}
    return [[number.get(label, -1) for label in row] for row in table]


def identity_operator(table: list[list[int]], where: str) -> int:
    """The number of the operator V → V that is the identity map.

    If the diagonal is one orbit by itself it is that; if it is a union of orbits, the identity stands in place of the first of them,
    which changes the basis and not the space.
    """
    diagonal = {table[x][x] for x in range(len(table))}
    others = any(label in diagonal for y, row in enumerate(table) for x, label in enumerate(row) if x != y)
    if others or -1 in diagonal:
        raise Refused(f"{where}: the identity map is no combination of the operators that the first random layer draws among")
    return table[0][0]


def permutations(value: object, count: int, where: str) -> list[list[int]]:
    """`count` permutations of equally many points, at least one."""
    if not isinstance(value, list) or len(value) != count or not all(isinstance(images, list) and images for images in value):
        malformed(f"{where}: the images of {count} generators were expected")
    size = len(value[0])
    for images in value:
        if any(isinstance(i, bool) or not isinstance(i, int) for i in images) or sorted(images) != list(range(size)):
            malformed(f"{where}: {images[:20]} is no permutation of 0..{size - 1}")
    if size > 1 << 12:
        malformed(f"{where}: {size} points; at most {1 << 12} are read")
    return value


def partial_maps(value: object, points: int, where: str) -> list[list[int]]:
    """Injective maps from some of the points to the points, -1 where undefined."""
    if not isinstance(value, list) or len(value) > 64:
        malformed(f"{where}: a list of at most 64 partial maps was expected")
    for images in value:
        if not isinstance(images, list) or len(images) != points or any(isinstance(i, bool) or not isinstance(i, int) for i in images):
            malformed(f"{where}: a map of {points} points was expected")
        defined = [i for i in images if i != -1]
        if len(set(defined)) != len(defined) or any(not 0 <= i < points for i in defined):
            malformed(f"{where}: {images[:20]} is no partial map of 0..{points - 1} without repetitions")
    return value
