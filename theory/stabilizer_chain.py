"""Schreier–Sims on pairs (g, ρ(g)): decides whether images respect every relation of a permutation group, and finds ρ of any element.

The pairs generate a group Γ that maps onto G, and ρ is a homomorphism iff only (1, 1) lies over the identity of G. Γ acts on points
through G, so that kernel is the pointwise stabilizer of a base. By Schreier's lemma it is trivial iff every Schreier generator of every level
sifts to (1, 1).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from theory.group import Permutation, Word, compose

Tree = Any


class BrokenRelation(ValueError):
    """A product of generators that is the identity of the group and whose image is not; `word` lists letters ±(1 + position)."""

    def __init__(self, word: Word) -> None:
        super().__init__("a relator is not mapped to the identity")
        self.word = word


@dataclass(frozen=True)
class Pair:
    """An element with its image and both inverses; `tree` says how it is a product of generators."""

    element: Permutation
    image: Any
    inverse_element: Permutation
    inverse_image: Any
    tree: Tree

    def __mul__(self, other: "Pair") -> "Pair":
        image = self.image * other.image
        return Pair(
            compose(self.element, other.element),
            image,
            compose(other.inverse_element, self.inverse_element),
            image.inverse_of_product(other.inverse_image, self.inverse_image),
            (self.tree, other.tree),
        )

    def inverse(self) -> "Pair":
        """The inverse pair."""
        return Pair(self.inverse_element, self.inverse_image, self.element, self.image, ("-", self.tree))


def word_of(tree: Tree, sign: int = 1) -> Word:
    """The product of generators that a tree describes, as letters ±(1 + position)."""
    result, stack = [], [(tree, sign)]
    while stack:
        node, sign = stack.pop()
        if isinstance(node, int):
            result.append(sign * node)
        elif node and node[0] == "-":
            stack.append((node[1], -sign))
        elif node:
            stack += [(node[1], sign), (node[0], sign)] if sign > 0 else [(node[0], sign), (node[1], sign)]
    return tuple(result)


@dataclass
class Level:
    """The stabilizer of the earlier base points: the orbit of its own base point, and an element that leads to each point."""

    base: int
    generators: list[Pair] = field(default_factory=list)
    transversal: dict[int, Pair] = field(default_factory=dict)


class StabilizerChain:
    """The chain for generators `permutations` with images that support `*`, `==` and `inverse_of_product`; raises `BrokenRelation`."""

    def __init__(self, permutations: Sequence[Permutation], images: Sequence[Any], inverses: Sequence[Any], one: Any) -> None:
        points = tuple(range(len(permutations[0])))
        self.one = Pair(points, one, points, one, ())
        self.levels: list[Level] = []
        for letter, (g, image, inverse) in enumerate(zip(permutations, images, inverses, strict=True), start=1):
            backward = [0] * len(g)
            for i, j in enumerate(g):
                backward[j] = i
            self._take(Pair(g, image, tuple(backward), inverse, letter), 0)

    def order(self) -> int:
        """The number of elements of the permutation group."""
        total = 1
        for level in self.levels:
            total *= len(level.transversal)
        return total

    def sift(self, pair: Pair, start: int = 0) -> tuple[Pair, int]:
        """What is left of a pair after dividing by transversal elements, and the level at which that stopped."""
        for depth in range(start, len(self.levels)):
            level = self.levels[depth]
            point = pair.element[level.base]
            if point not in level.transversal:
                return pair, depth
            if point != level.base:
                pair = level.transversal[point].inverse() * pair
        return pair, len(self.levels)

    def image(self, element: Permutation) -> Any | None:
        """ρ of any permutation in the group; None if it lies outside."""
        total = self.one.image
        for level in self.levels:
            point = element[level.base]
            if point not in level.transversal:
                return None
            step = level.transversal[point]
            total, element = total * step.image, compose(step.inverse_element, element)
        return total if element == self.one.element else None

    def _take(self, pair: Pair, start: int) -> None:
        """Make a pair that fixes the first `start` base points an element of the chain."""
        rest, depth = self.sift(pair, start)
        if rest.element == self.one.element:
            if rest.image != self.one.image:
                raise BrokenRelation(word_of(rest.tree))
            return
        if depth == len(self.levels):
            base = next(i for i, j in enumerate(rest.element) if i != j)
            self.levels.append(Level(base, [], {base: self.one}))
        for reached in range(start, depth + 1):
            self.levels[reached].generators.append(rest)
        for reached in range(depth, start - 1, -1):
            self._close(reached)

    def _close(self, depth: int) -> None:
        """Complete the orbit of a level and take in all its Schreier generators."""
        level = self.levels[depth]
        points = list(level.transversal)
        for point in points:
            for generator in list(level.generators):
                target = generator.element[point]
                step = generator * level.transversal[point]
                if target not in level.transversal:
                    level.transversal[target] = step
                    points.append(target)
                else:
                    self._take(level.transversal[target].inverse() * step, depth + 1)
