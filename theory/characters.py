"""Characters of finite groups: the independent count of intertwiners, over conjugacy classes."""

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from math import factorial, prod
from typing import Any

import sympy
from sympy.utilities.iterables import partitions

from theory.common_field import common_field
from theory.errors import BadInput, InfiniteGroup, TooLarge
from theory.group import ENUMERATION_LIMIT, FiniteGroup, Permutation, compose
from theory.homomorphism import representation_images
from theory.number_field import NumberField
from theory.representation import PermutationRepresentation, Representation
from theory.signed_orbits import signed_images
from theory.stabilizer_chain import BrokenRelation, StabilizerChain


@lru_cache(maxsize=64)
def character_inner_product(domain: Representation, codomain: Representation, limit: int = ENUMERATION_LIMIT) -> Fraction:
    """(1/|G|) Σ_g χ_V(g⁻¹) χ_W(g), one term per conjugacy class: the dimension of Hom_G(V, W) without solving anything.

    For permutation representations this is Burnside's count of the orbits of pairs, and the trace of the Reynolds operator. The symmetric
    group on all its points is known by cycle types; otherwise raises `TooLarge` above `limit` elements, `InfiniteGroup` for an infinite group.
    """
    domain._matching(codomain)
    group = domain.group
    if not isinstance(group, FiniteGroup):
        raise InfiniteGroup("characters are summed over finite groups only; this one is infinite.")
    field = common_field(number for space in (domain, codomain) for matrix in space.matrices for number in matrix.numbers())
    first = _Character(domain, field)
    second = first if domain == codomain else _Character(codomain, field)
    total: Any = 0
    for element, backward, size in conjugacy_classes(group, limit):
        a, b = first.at(backward), second.at(element)
        total = total + size * _multiply(field, a, b)
    number = field.number(total.coordinates) if isinstance(total, _Element) else total
    average = Fraction(number) / group.order() if isinstance(number, int | Fraction) else None
    if average is None:
        raise BadInput(f"the average {number} of the characters is irrational, so one of the two is no representation.")
    return average


class _Element:
    """A sum of field elements."""

    def __init__(self, coordinates: tuple[Fraction, ...]) -> None:
        self.coordinates = coordinates

    def __radd__(self, other: int) -> "_Element":
        assert other == 0
        return self

    def __add__(self, other: "_Element") -> "_Element":
        return _Element(tuple(a + b for a, b in zip(self.coordinates, other.coordinates, strict=True)))

    def __rmul__(self, scale: int) -> "_Element":
        return _Element(tuple(scale * a for a in self.coordinates))


def _multiply(field: NumberField, a: Any, b: Any) -> Any:
    if isinstance(a, int | Fraction) and isinstance(b, int | Fraction):
        return _Element(field.coordinates(a * b))
    return _Element(field.coordinates(sympy.expand(sympy.sympify(a) * sympy.sympify(b))))


class _Character:
    """χ(g) for permutations g of the group."""

    def __init__(self, space: Representation, field: NumberField) -> None:
        self.field = self.own_field = field
        group = space.group
        assert isinstance(group, FiniteGroup)
        self.direct = isinstance(space, PermutationRepresentation) and space.images == group.permutations
        if self.direct:
            return
        images, inverses, one = representation_images(space)
        self.signed = signed_images(space) is not None
        if not self.signed:
            self.own_field = common_field(number for matrix in space.matrices for number in matrix.numbers())
        try:
            self.chain = StabilizerChain(group.permutations, images, inverses, one)
        except BrokenRelation:
            raise BadInput("the images break a relation of the group; only a representation has a character.") from None

    def at(self, element: Permutation) -> Any:
        """The trace of ρ(element)."""
        if self.direct:
            return sum(i == j for i, j in enumerate(element))
        image = self.chain.image(element)
        assert image is not None
        if self.signed:
            return sum((point == 2 * i) - (point == 2 * i + 1) for i, point in enumerate(image.images[::2]))
        return self.own_field.number(image.trace(self.own_field.degree))


def conjugacy_classes(group: FiniteGroup, limit: int = ENUMERATION_LIMIT) -> Iterator[tuple[Permutation, Permutation, int]]:
    """For each class an element, an element of the class of its inverse, and the number of members."""
    degree = len(group.permutations[0])
    if degree > 1 and group.order() == factorial(degree):
        yield from ((g, g, size) for g, size in _cycle_types(degree))
    else:
        yield from _classes(tuple(group.permutations), group.order(), limit)


def _cycle_types(n: int) -> Iterator[tuple[Permutation, int]]:
    """One permutation per partition of n, and how many have that cycle type; every element of S_n is conjugate to its inverse."""
    for partition in _partitions(n):
        images, start = list(range(n)), 0
        for length, count in partition.items():
            for _ in range(count):
                images[start : start + length] = [*range(start + 1, start + length), start]
                start += length
        yield tuple(images), factorial(n) // prod(length**count * factorial(count) for length, count in partition.items())


def _partitions(n: int) -> Iterator[dict[int, int]]:
    """Parts of n with their multiplicities."""
    yield from partitions(n)  # pyright: ignore[reportReturnType]


@lru_cache(maxsize=8)
def _classes(generators: tuple[Permutation, ...], order: int, limit: int) -> tuple[tuple[Permutation, Permutation, int], ...]:
    """Orbits of conjugation by the generators, by enumeration; the key is the permutations themselves."""
    if order > limit:
        raise TooLarge(f"the group has {order} elements; at most {limit} are enumerated.")
    backward = [_inverse(g) for g in generators]
    identity = tuple(range(len(generators[0])))
    elements = {identity: None}
    for element in (queue := [identity]):
        for g in generators:
            product = compose(g, element)
            if product not in elements:
                elements[product] = None
                queue.append(product)
    class_of: dict[Permutation, int] = {}
    members: list[list[Permutation]] = []
    for element in elements:
        if element in class_of:
            continue
        class_of[element] = len(members)
        orbit = [element]
        for x in orbit:
            for g, back in zip(generators, backward, strict=True):
                conjugate = compose(g, compose(x, back))
                if conjugate not in class_of:
                    class_of[conjugate] = len(members)
                    orbit.append(conjugate)
        members.append(orbit)
    return tuple((orbit[0], _inverse(orbit[0]), len(orbit)) for orbit in members)


def _inverse(g: Permutation) -> Permutation:
    backward = [0] * len(g)
    for i, j in enumerate(g):
        backward[j] = i
    return tuple(backward)
