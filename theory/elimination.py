"""Equations with one or two terms, solved by union-find: all there are for permutations, signed permutations and other monomial matrices."""

from collections.abc import Callable, Sequence
from fractions import Fraction

from theory.number_field import Coordinates

Row = dict[int, Coordinates]


def reduce_monomial(rows: Sequence[Row], size: int) -> tuple[list[Row], Callable[[Row], Row], list[int]]:
    """Rational equations without those of at most two terms, a map from solutions of the rest to solutions of all, and the unknowns left.

    An equation a·x + b·y = 0 makes x a multiple of y; an equation a·x = 0, or two that contradict each other, makes a class zero.
    """
    classes = _Classes(size)
    waiting = [{x: c[0] for x, c in row.items()} for row in rows]
    while True:
        kept, found = [], False
        for row in waiting:
            reduced = classes.reduce(row)
            if len(reduced) > 2:
                kept.append(reduced)
            elif reduced:
                classes.impose(reduced)
                found = True
        waiting = kept
        if not found:
            break
    roots = [x for x in range(size) if classes.parent[x] == x and not classes.zero[x]]

    def expand(solution: Row) -> Row:
        full = {}
        for x in range(size):
            root, weight = classes.find(x)
            if root in solution and not classes.zero[root]:
                full[x] = (weight * solution[root][0],)
        return full

    return [{x: (Fraction(c),) for x, c in row.items()} for row in waiting], expand, roots


class _Classes:
    """Unknowns up to rational multiples: x = weight · (its class's representative)."""

    def __init__(self, size: int) -> None:
        self.parent, self.weight, self.zero = list(range(size)), [Fraction(1)] * size, [False] * size

    def find(self, x: int) -> tuple[int, Fraction]:
        """The representative r of x and w with x = w·r, with path compression."""
        path = []
        while self.parent[x] != x:
            path.append(x)
            x = self.parent[x]
        weight = Fraction(1)
        for y in reversed(path):
            weight = self.weight[y] * weight
            self.parent[y], self.weight[y] = x, weight
        return x, weight

    def reduce(self, row: dict[int, Fraction]) -> dict[int, Fraction]:
        """The equation in representatives that are not known to vanish."""
        total: dict[int, Fraction] = {}
        for x, c in row.items():
            root, weight = self.find(x)
            if not self.zero[root]:
                total[root] = total.get(root, Fraction(0)) + c * weight
        return {x: c for x, c in total.items() if c}

    def impose(self, row: dict[int, Fraction]) -> None:
        """Impose an equation of one or two representatives."""
        if len(row) == 1:
            self.zero[next(iter(row))] = True
            return
        (x, a), (y, b) = sorted(row.items())
        self.parent[y], self.weight[y] = x, -a / b
