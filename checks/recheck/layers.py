"""The kinds of layer: between spaces of permuted points, on graphs, and (in `operators`) between vectors of a representation."""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from .document import Budget, fields, integer, malformed
from .norms import Matrix, first_pairs, operator_norm, root_up
from .operators import OperatorLayer
from .symmetry import identity_operator, orbits, partial_maps, permutations, restricted

PAIR_WORK = 1 << 7
SQUARING_WORK = 1 << 27
PAIR_STEPS, ENTRY_STEPS = 32, 14


class PointLayer:
    """A layer between spaces of permuted points: its operators are the kept orbits of pairs, or stated combinations of them."""

    def __init__(self, domain: dict[str, Any], codomain: dict[str, Any], supports: object, budget: Budget, where: str) -> None:
        self.channels_in, self.channels_out = domain["channels"], codomain["channels"]
        columns, rows = domain["images"] + domain["sharing"], codomain["images"] + codomain["sharing"]
        self.width, self.height = len(columns[0]), len(rows[0])
        budget.spend(PAIR_WORK * len(rows) * (self.height + self.width) ** 2, where)
        mixed = isinstance(supports, dict) and "mixture" in supports
        kept = fields(supports, ("first", "second", "mixture") if mixed else ("first", "second"), f"{where}: supports")
        self.labels = restricted(orbits(rows, columns), kept["second"], f"{where}: second support")
        hidden = restricted(orbits(columns, columns), kept["first"], f"{where}: first support")
        self.points = orbits(rows, [[0]] * len(rows))
        self.pairs = orbits(codomain["images"], codomain["images"])
        self.size, self.hidden_size, self.invariants = (1 + max(map(max, table)) for table in (self.labels, hidden, self.points))
        self.identity = identity_operator(hidden, where)
        n, m, classes = self.channels_in, self.channels_out, 1 + max(map(max, self.pairs))
        square_work = classes * min(self.height, classes * classes) * (m**3 + PAIR_STEPS)
        self.squarings = min(8, SQUARING_WORK // square_work)
        reached = [sum(1 << x for x, label in enumerate(row) if label >= 0) for row in self.labels]
        products = sum(min((reached[y] & reached[z]).bit_count(), self.size**2) for y, z in first_pairs(self.pairs))
        self.gram_work = 3 * (products * m * m * (n + ENTRY_STEPS) + classes * self.width)
        budget.spend(self.gram_work + 2 * self.squarings * square_work, where)
        budget.hold(classes * m * m, where)
        self.mixture, self.mixture_bits = mixture(kept["mixture"], self.size, where) if mixed else (None, 0)
        if self.mixture is not None:
            budget.spend(3 * len(self.mixture) * self.size * m * n, where)
            self.size = len(self.mixture)

    def norm(self, parts: list[list[Matrix]], scale_bits: int) -> Fraction:
        """The norm of the operator with these coefficient matrices; those of combinations become those of the orbits."""
        if self.mixture is not None:
            parts = [[combined(part, [row[label] for row in self.mixture]) for label in range(len(self.mixture[0]))] for part in parts]
        return operator_norm(parts, self.labels, self.pairs, scale_bits + self.mixture_bits, self.squarings)

    def length(self, values: list[Fraction]) -> Fraction:
        """The Euclidean length of the bias vector with these coefficients."""
        sizes = [sum(row[0] == label for row in self.points) for label in range(self.invariants)]
        return root_up(sum((value * value * sizes[j % self.invariants] for j, value in enumerate(values)), Fraction(0)))


def mixture(value: object, indicators: int, where: str) -> tuple[list[list[int]], int]:
    """Operators as integer combinations of the kept indicators, in units of a power of two."""
    described = fields(value, ("bits", "rows"), f"{where}: mixture")
    rows = described["rows"]
    if not isinstance(rows, list) or not 1 <= len(rows) <= 1 << 12:
        malformed(f"{where}: mixture: between 1 and {1 << 12} operators were expected")
    for row in rows:
        if not isinstance(row, list) or len(row) != indicators:
            malformed(f"{where}: mixture: {indicators} coefficients for each operator were expected")
        for entry in row:
            integer(entry, -(1 << 40), 1 << 40, f"{where}: mixture")
    return rows, integer(described["bits"], 0, 30, f"{where}: mixture: bits")


def combined(blocks: list[Matrix], factors: list[int]) -> Matrix:
    """Σ factors[k] · blocks[k]."""
    total = [[0] * len(row) for row in blocks[0]]
    for block, factor in zip(blocks, factors, strict=True):
        if factor:
            for target, row in zip(total, block, strict=True):
                for j, entry in enumerate(row):
                    target[j] += factor * entry
    return total


class GraphLayer:
    """A layer on graphs, in the root mean square over the vertices: operators 1 and Â (propagate), the mean (mean), 1 (dense).

    Â = D^{-1/2} A D^{-1/2} has its spectrum in [-1, 1] for every graph, so that ‖P⊗1 + Q⊗Â‖ ≤ max(‖P + Q‖, ‖P - Q‖).
    """

    def __init__(self, kind: str, channels_in: int, channels_out: int, budget: Budget, where: str) -> None:
        self.kind, self.channels_in, self.channels_out = kind, channels_in, channels_out
        self.size, self.hidden_size = {"propagate": (2, 2), "mean": (1, 2), "dense": (1, 1)}[kind]
        self.identity, self.invariants = 0, 1
        square_work = channels_out**3 + PAIR_STEPS
        self.squarings = min(8, SQUARING_WORK // square_work)
        self.gram_work = 12 * channels_out**2 * (channels_in + ENTRY_STEPS)
        budget.spend(self.gram_work + 4 * self.squarings * square_work, where)
        budget.hold(channels_out**2, where)

    def norm(self, parts: list[list[Matrix]], scale_bits: int) -> Fraction:
        """The larger of the norms at Â = 1 and Â = -1."""
        found = []
        for sign in (1, -1) if self.kind == "propagate" else (1,):
            sums = [
                [[a + sign * b for a, b in zip(*rows, strict=True)] for rows in zip(*part, strict=True)] if len(part) > 1 else part[0]
                for part in parts
            ]
            found.append(operator_norm([[block] for block in sums], [[0]], [[0]], scale_bits, self.squarings))
        return max(found)

    def length(self, values: list[Fraction]) -> Fraction:
        """The length of the bias, the same at every vertex."""
        return root_up(sum((value * value for value in values), Fraction(0)))


Layer = PointLayer | GraphLayer | OperatorLayer


def read_layers(value: object, budget: Budget) -> list[Layer]:
    """The layers of an architecture, with all that follows from its symmetry."""
    if isinstance(value, dict) and "operators" in value:
        architecture = fields(value, ("nonlinearity", "operators"), "architecture")
        first = OperatorLayer(architecture["nonlinearity"], architecture["operators"], budget)
        return [first, *first.following(budget)]
    if isinstance(value, dict) and "graphs" in value:
        architecture = fields(value, ("nonlinearity", "graphs"), "architecture")
        layers: list[Layer] = list(read_graph_layers(architecture["graphs"], budget))
    else:
        architecture = fields(value, ("nonlinearity", "spaces", "supports"), "architecture")
        spaces = read_spaces(architecture["spaces"])
        supports = architecture["supports"]
        if not isinstance(supports, list) or len(supports) != len(spaces) - 1:
            malformed(f"architecture: {len(spaces) - 1} supports were expected")
        pairs = zip(spaces, spaces[1:], supports, strict=False)
        layers = [PointLayer(*pair, budget, f"layer {i}") for i, pair in enumerate(pairs)]
    if architecture["nonlinearity"] != "relu":
        malformed("architecture: the nonlinearity relu was expected")
    return layers


def read_graph_layers(value: object, budget: Budget) -> Iterator["GraphLayer"]:
    """Layers that propagate, then perhaps one mean over the vertices, then perhaps dense layers on the whole graph."""
    described = fields(value, ("channels", "kinds"), "graphs")
    kinds, channels = described["kinds"], described["channels"]
    if not isinstance(kinds, list) or not 1 <= len(kinds) <= 1000 or not all(isinstance(kind, str) for kind in kinds):
        malformed("graphs: kinds: between 1 and 1000 layers were expected")
    if not re.fullmatch("p+(md*)?", "".join({"propagate": "p", "mean": "m", "dense": "d"}.get(kind, "?") for kind in kinds)):
        malformed("graphs: kinds: propagate, then perhaps mean, then perhaps dense, were expected")
    if not isinstance(channels, list) or len(channels) != len(kinds) + 1:
        malformed(f"graphs: {len(kinds) + 1} numbers of channels were expected")
    counts = [integer(count, 1, 1 << 16, "graphs: channels") for count in channels]
    for i, kind in enumerate(kinds):
        yield GraphLayer(kind, counts[i], counts[i + 1], budget, f"layer {i}")


def read_spaces(value: object) -> list[dict[str, Any]]:
    """The feature spaces: channels, images of the points under each generator, and partial maps that share weights, -1 where undefined."""
    if not isinstance(value, list) or not 2 <= len(value) <= 1000:
        malformed("architecture: between 2 and 1000 spaces were expected")
    generators = 0
    for i, space in enumerate(value):
        space = fields(space, ("channels", "images", "sharing"), f"space {i}")
        integer(space["channels"], 1, 1 << 16, f"space {i}: channels")
        generators = generators or (len(space["images"]) if isinstance(space["images"], list) else 0)
        if not 1 <= generators <= 64:
            malformed("architecture: between 1 and 64 generators were expected")
        images = permutations(space["images"], generators, f"space {i}")
        partial_maps(space["sharing"], len(images[0]), f"space {i}: sharing")
        if len(space["sharing"]) != len(value[0]["sharing"]):
            malformed(f"space {i}: {len(value[0]['sharing'])} partial maps were expected")
    return value
