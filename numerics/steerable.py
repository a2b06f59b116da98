"""Steerable kernels on the pixel grid, for C_N and D_N at any angle: what is exact stays exact, the rest is measured.

Between regular fields every steerable kernel is K_{g,h}(x) = f_{g⁻¹h}(g⁻¹x) with functions f of the plane, one for each element g⁻¹h
(`theory.steerable` solves the general case and counts). Here f runs over R(|x|)·cos μθ and R(|x|)·sin μθ, R a Gaussian ring. Sampled on
pixels, and rounded to multiples of 2^-BITS, a kernel commutes exactly with the turns and reflections that map the grid to itself, because
its values are copied from one representative of each of their orbits; with the others, such as the turn by 45 degrees, it commutes up to
an error that `benchmarks/grid_error.py` measures. Nothing here claims that those are exact.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import atan2, cos, exp, gcd, hypot, pi, sin
from typing import NamedTuple

import numpy as np

from numerics.layer import LayerShape, Space
from numerics.mixture import Mixture
from numerics.network import Architecture
from theory.errors import OutOfRange
from theory.group import PermutationGroup
from theory.kernel import support_of
from theory.representation import PermutationRepresentation

BITS = 16
RINGS = ((0.0, 0), (1.0, 2), (2.0, 3))
"""Radii of the Gaussian rings, with the highest frequency on each: higher ones would alias on the pixels of the ring."""
SIGMA = 0.6


class Wave(NamedTuple):
    """A Gaussian ring times a cosine, or a sine, of the angle."""

    radius: float
    sigma: float
    frequency: int
    sine: bool

    def at(self, right: int | float, up: int | float, turned: float = 0.0, flip: bool = False) -> float:
        """Its value at g⁻¹x, x = (right, up), for g the turn by `turned` after, with `flip`, the reflection of `up`."""
        radius = hypot(right, up)
        if self.frequency and radius == 0:
            return 0.0
        angle = atan2(up, right) - turned
        phase = self.frequency * (-angle if flip else angle)
        return exp(-((radius - self.radius) ** 2) / (2 * self.sigma**2)) * (sin(phase) if self.sine else cos(phase))


def waves(rings: Sequence[tuple[float, int]] = RINGS, sigma: float = SIGMA) -> Iterator[Wave]:
    """The functions f: for each ring (radius, highest frequency) the constant, and cosine and sine of each frequency."""
    for radius, cutoff in rings:
        for frequency in range(cutoff + 1):
            yield Wave(radius, sigma, frequency, False)
            if frequency:
                yield Wave(radius, sigma, frequency, True)


@dataclass(frozen=True)
class SteerablePlane:
    """Images of `side` × `side` pixels with fields of C_n, or D_n with `flips`: a value for each element (regular) or one (trivial).

    Element rot^r·flip^s has the index r + n·s. Raises `OutOfRange` for fewer than 1 pixel or rotation.
    """

    side: int
    n: int
    flips: bool = False

    def __post_init__(self) -> None:
        if self.side < 1 or self.n < 1:
            raise OutOfRange(f"SteerablePlane(side={self.side}, n={self.n}): at least one pixel and one rotation were expected.")

    @property
    def fibre(self) -> int:
        """The order of the group."""
        return self.n * (2 if self.flips else 1)

    @property
    def exact_turns(self) -> int:
        """How many of the n rotations map the pixel grid to itself: those by multiples of 90 degrees."""
        return gcd(self.n, 4)

    def product(self, g: int, h: int) -> int:
        """The element g·h: flip·rot = rot⁻¹·flip."""
        r, s = g % self.n, g // self.n
        q, t = h % self.n, h // self.n
        return (r + (-q if s else q)) % self.n + self.n * (s ^ t)

    def inverse(self, g: int) -> int:
        """The element g⁻¹."""
        return g if g >= self.n else -g % self.n

    def _images(self, regular: bool, element: int, quarter_turns: int, flip: bool) -> tuple[int, ...]:
        """The permutation of (pixel, value) pairs under an element that maps the grid to itself."""
        last, size, images = self.side - 1, self.fibre if regular else 1, []
        for i in range(self.side):
            for j in range(self.side):
                y, x = (last - i, j) if flip else (i, j)
                for _ in range(quarter_turns):
                    y, x = last - x, y
                for f in range(size):
                    images.append((y * self.side + x) * size + (self.product(element, f) if regular else 0))
        return tuple(images)

    def images(self, regular: bool) -> tuple[tuple[int, ...], ...]:
        """The generators that are exact: the least turn among them (the identity if there is none), and the reflection."""
        steps = self.n // self.exact_turns % self.n
        turns = 4 // self.exact_turns % 4 if self.exact_turns > 1 else 0
        found = [self._images(regular, steps if turns else 0, turns, False)]
        return tuple(found + [self._images(regular, self.n, 0, True)] * self.flips)

    def space(self, regular: bool, channels: int) -> Space:
        """`channels` fields, with weights shared along the shifts that stay inside the image."""
        size = self.fibre if regular else 1
        group = PermutationGroup(self.images(True))
        shifts = []
        for down, right in ((1, 0), (0, 1)):
            inside = ((i + down, j + right, f) for i in range(self.side) for j in range(self.side) for f in range(size))
            shifts.append(tuple((i * self.side + j) * size + f if i < self.side and j < self.side else -1 for i, j, f in inside))
        return Space(PermutationRepresentation(group, self.images(regular)), channels, tuple(shifts))

    def offset(self, y: int, x: int) -> tuple[int, int]:
        """From pixel y to pixel x as (right, up) in the plane."""
        return x % self.side - y % self.side, y // self.side - x // self.side

    def near(self, y: int, x: int, reach: int) -> bool:
        """Whether two pixels are at most `reach` apart in each direction."""
        return max(map(abs, self.offset(y, x))) <= reach


def steerable_layer(plane: SteerablePlane, domain: Space, codomain: Space, reach: int = 2) -> LayerShape:
    """The layer between two fields whose operators are the steerable kernels, in the order of (element g⁻¹h, wave).

    The indicators are those of the orbits of the exact symmetries and shifts inside (2·reach + 1)² pixels; each kernel takes on an orbit
    the value at its first pair. Raises `OutOfRange` unless the codomain is regular.
    """
    if codomain.representation.dimension == plane.side**2 and plane.fibre > 1:
        raise OutOfRange("steerable_layer: kernels into regular fields are sampled; the codomain is a trivial one.")
    into, out = (plane.fibre if space.dimension // space.channels != plane.side**2 else 1 for space in (domain, codomain))
    whole = LayerShape(domain, codomain).basis
    assert whole.labels is not None
    columns = domain.representation.dimension
    support = support_of(whole.labels.ravel().tolist(), columns, lambda y, x: plane.near(y // out, x // into, reach), "steerable layer")
    same = same_pixel(plane, domain)
    kept = whole if support is None else whole.restricted(support)
    assert kept.labels is not None
    first: dict[int, tuple[int, int]] = {}
    for position, label in enumerate(kept.labels.ravel().tolist()):
        first.setdefault(label, divmod(position, columns))
    rows = []
    for element in range(plane.fibre if into > 1 else 1):
        for wave in waves():
            row = []
            for label in range(len(kept)):
                y, x = first[label]
                g, h = y % out, x % into
                if into > 1 and plane.product(plane.inverse(g), h) != element:
                    row.append(0)
                    continue
                right, up = plane.offset(y // out, x // into)
                row.append(round(wave.at(right, up, 2 * pi * (g % plane.n) / plane.n, g >= plane.n) * 2**BITS))
            rows.append(tuple(row))
    return LayerShape(domain, codomain, support, same, Mixture(BITS, tuple(rows)))


def same_pixel(plane: SteerablePlane, domain: Space) -> tuple[int, ...] | None:
    """The support of the first random layer: a 1 × 1 filter."""
    size = domain.dimension // domain.channels // plane.side**2
    labels = LayerShape(domain, domain).basis.labels
    assert labels is not None
    return support_of(labels.ravel().tolist(), len(labels), lambda y, x: y // size == x // size, "1 × 1 filter")


def pooling_layer(plane: SteerablePlane, domain: Space, codomain: Space, rings: Sequence[tuple[float, int]], sigma: float) -> LayerShape:
    """From a regular field to invariants: the sum of f(h⁻¹x) times the value at pixel x, seen from the middle, and element h.

    That is a steerable kernel as large as the image, from the regular to the trivial field, at the middle alone.
    """
    labels = LayerShape(domain, codomain).basis.labels
    assert labels is not None
    middle = (plane.side - 1) / 2
    _, first = np.unique(labels[0], return_index=True)
    rows = []
    for wave in waves(rings, sigma):
        row = []
        for point in first.tolist():
            (i, j), h = divmod(point // plane.fibre, plane.side), point % plane.fibre
            value = wave.at(j - middle, middle - i, 2 * pi * (h % plane.n) / plane.n, h >= plane.n)
            row.append(round(value * 2**BITS / plane.fibre))
        rows.append(tuple(row))
    return LayerShape(domain, codomain, None, same_pixel(plane, domain), Mixture(BITS, tuple(rows)))


def architecture_of(layers: tuple[LayerShape, ...]) -> Architecture:
    """The architecture whose layers these are."""
    return Architecture(
        (layers[0].domain, *(layer.codomain for layer in layers)),
        tuple((layer.support, layer.first_support) for layer in layers),
        tuple(layer.mixture for layer in layers),
    )
