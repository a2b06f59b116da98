"""Direct, semidirect and wreath products of permutation groups, with the representations that their factors lend them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from theory.errors import BadInput, DifferentGroups, NotAHomomorphism
from theory.group import Permutation, PermutationGroup, Word, compose
from theory.representation import PermutationRepresentation, Representation


@dataclass(frozen=True)
class ProductGroup(PermutationGroup):
    """A permutation group with homomorphisms onto others: `quotients[k]` is a group and the word in it for each generator of this one."""

    quotients: tuple[tuple[PermutationGroup, tuple[Word, ...]], ...] = field(default=(), compare=False)

    def pullback(self, factor: int, representation: Representation) -> Representation:
        """The representation of this group that acts through its homomorphism onto factor number `factor`."""
        group, words = self.quotients[factor]
        if representation.group != group:
            raise DifferentGroups(f"pullback: the representation belongs to another group than factor {factor} of the product.")
        return representation.pullback(self, words)

    def outer(self, *representations: Representation) -> Representation:
        """The outer tensor product V_1 ⊠ V_2 ⊠ ..., one representation of each factor."""
        if len(representations) != len(self.quotients):
            raise BadInput(f"outer: {len(representations)} representations for {len(self.quotients)} factors; give one of each.")
        total = self.pullback(0, representations[0])
        for factor, representation in enumerate(representations[1:], start=1):
            total = total * self.pullback(factor, representation)
        return total


def direct_product(*factors: PermutationGroup) -> ProductGroup:
    """G_1 × G_2 × ..., on the disjoint union of their points; `outer(V, W)` acts on V ⊗ W (exchangeable matrices for S_n × S_m)."""
    if not factors:
        raise BadInput("direct_product: give at least one group.")
    total = sum(group.degree for group in factors)
    generators, names, owners, start = [], [], [], 0
    for k, group in enumerate(factors):
        for letter, images in enumerate(group.permutations):
            generators.append((*range(start), *(start + i for i in images), *range(start + group.degree, total)))
            names.append(f"{group.generator_names[letter]}{k}")
            owners.append((k, letter))
        start += group.degree
    quotients = tuple((group, tuple((letter,) if k == own else () for own, letter in owners)) for k, group in enumerate(factors))
    return ProductGroup(tuple(generators), names=tuple(names), quotients=quotients)


def semidirect_product(normal: PermutationGroup, acting: PermutationGroup, action: Sequence[Sequence[Sequence[int]]]) -> ProductGroup:
    """N ⋊ H: `action[h][n]` is the permutation to which generator h of H sends generator n of N, h n h⁻¹.

    It acts on the elements of N, n by multiplication and h by its automorphism, and on the points of H. Raises `NotAHomomorphism` if an
    h does not act by an automorphism, or if the automorphisms break a relation of H.
    """
    if len(action) != len(acting.permutations) or any(len(images) != len(normal.permutations) for images in action):
        raise BadInput(
            f"semidirect_product: give, for each of the {len(acting.permutations)} generators of the acting group, "
            f"the images of the {len(normal.permutations)} generators of the normal one."
        )
    elements = normal.elements()
    index = {element: i for i, element in enumerate(elements)}
    size, points = len(index), tuple(range(acting.degree))
    generators = [(*(index[compose(n, element)] for element in index), *(size + i for i in points)) for n in normal.permutations]
    for name, h, images in zip(acting.generator_names, acting.permutations, action, strict=True):
        moved = _automorphism(normal, [tuple(image) for image in images], name)
        generators.append((*(index[moved[element]] for element in index), *(size + i for i in h)))
    count = len(normal.permutations)
    words = ((),) * count + tuple((letter,) for letter in range(len(acting.permutations)))
    product = ProductGroup(tuple(generators), names=(*normal.generator_names, *(f"{name}'" for name in acting.generator_names)),
                           quotients=((acting, words),))  # fmt: skip
    if product.order() != size * acting.order():
        raise NotAHomomorphism(
            f"semidirect_product: the product has {product.order()} elements instead of {size} · {acting.order()}, so the automorphisms break a "
            "relation of the acting group. Correct `action`."
        )
    return product


def _automorphism(normal: PermutationGroup, images: list[Permutation], name: str) -> dict[Permutation, Permutation]:
    """The image of every element under the homomorphism that these images of the generators define; it must permute the group."""
    elements = normal.elements()
    if any(image not in elements for image in images):
        raise BadInput(f"semidirect_product: {name} sends a generator of the normal group to {images}, outside that group.")
    space = PermutationRepresentation(normal, tuple(images))
    total = {element: space.along(word) for element, word in elements.items()}
    consistent = all(
        total[compose(n, element)] == compose(image, total[element])
        for element in elements
        for n, image in zip(normal.permutations, images, strict=True)
    )
    if not consistent or len(set(total.values())) != len(elements):
        raise NotAHomomorphism(f"semidirect_product: {name} does not act by an automorphism of the normal group. Correct `action`.")
    return total


def wreath_product(inner: PermutationGroup, outer: PermutationGroup) -> ProductGroup:
    """G ≀ H: a copy of G for each point of H, and H permuting the copies; on the pairs (point of H, point of G), block by block.

    S_n ≀ S_m permutes sets of sets: `natural()` acts on m sets of n elements each, `pullback(0, V)` on the sets alone.
    """
    n, m = inner.degree, outer.degree
    generators, names, words = [], [], []
    for block in _orbit_representatives(outer):
        for name, images in zip(inner.generator_names, inner.permutations, strict=True):
            generators.append(tuple(b * n + (images[i] if b == block else i) for b in range(m) for i in range(n)))
            names.append(f"{name}{block}")
            words.append(())
    for letter, (name, images) in enumerate(zip(outer.generator_names, outer.permutations, strict=True)):
        generators.append(tuple(images[b] * n + i for b in range(m) for i in range(n)))
        names.append(f"{name}'")
        words.append((letter,))
    return ProductGroup(tuple(generators), names=tuple(names), quotients=((outer, tuple(words)),))


def _orbit_representatives(group: PermutationGroup) -> list[int]:
    seen: set[int] = set()
    representatives = []
    for start in range(group.degree):
        if start in seen:
            continue
        representatives.append(start)
        stack = [start]
        seen.add(start)
        while stack:
            point = stack.pop()
            for images in group.permutations:
                if images[point] not in seen:
                    seen.add(images[point])
                    stack.append(images[point])
    return representatives
