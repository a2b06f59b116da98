"""Group convolutions of the plane: E(2)-steerable networks whose rotations and reflections are exact on the pixel grid."""

from dataclasses import dataclass

import sympy

from theory.closed_form import one_of, parameter
from theory.errors import OutOfRange
from theory.group import PermutationGroup
from theory.instantiation import register
from theory.kernel import KernelInstantiation, PartialMap
from theory.representation import PermutationRepresentation
from theory.source import Source

FIELDS = ("regular", "trivial", "quotient")


@register
@dataclass(frozen=True)
class Planar(KernelInstantiation):
    """Filters of k × k pixels on n × n images under quarter turns (C_4) and, with `flips`, reflections (D_4).

    With circular padding the shifts of the torus act as well (p4 and p4m). With zero padding the turns are those about the centre of the
    image, and weights are shared along the shifts that stay inside it. Every pixel carries a field that the fibre group H = C_4 or D_4
    permutes: one value (trivial), one for each element of H (regular), or one for each of the two axes, which turns exchange (quotient by
    the half turn and the reflections in the axes).
    """

    n: int = 4
    k: int = 3
    flips: bool = False
    field: str = one_of(*FIELDS)
    padding: str = one_of("circular", "zero")
    source = Source("ferbach2023", "corollary for E(2)-steerable networks")

    def __post_init__(self) -> None:
        if self.field not in FIELDS:
            raise OutOfRange(f"Planar(field={self.field!r}): choose one of {', '.join(FIELDS)}.")
        if self.padding not in ("circular", "zero"):
            raise OutOfRange(f"Planar(padding={self.padding!r}): choose 'circular' or 'zero'.")
        if self.k < 1 or self.k % 2 == 0 or self.n < self.k:
            raise OutOfRange(f"Planar(n={self.n}, k={self.k}): an odd k of at most n was expected.")

    def fibre(self, field: str) -> int:
        """How many values a pixel carries."""
        return {"trivial": 1, "regular": 8 if self.flips else 4, "quotient": 2}[field]

    @property
    def size_formula(self) -> sympy.Expr:
        """Orbits of H on (pixel of the filter, two values), by Burnside: regular fields are moved freely, k²·|H|² / |H|."""
        k, order = parameter("k"), self.fibre("regular")
        if self.field == "regular":
            return order * k**2
        # Pairs of values that a quarter turn, or a reflection in a diagonal, leaves alone; the other elements leave all alone.
        pairs, fixed = (1, 1) if self.field == "trivial" else (4, 0)
        moved = k**2 * pairs + pairs + 2 * fixed
        return sympy.factor((moved + (2 * k * pairs + 2 * k * fixed if self.flips else 0)) / order)

    @property
    def norm_formula(self) -> sympy.Expr:
        """The support has k² times the size of the fibre entries in a row or column, with zero padding at most."""
        return self.fibre(self.field) * parameter("k") ** 2

    def _map(self, field: str, move) -> PartialMap:
        """Where `move(i, j, f)` takes the point at each pixel (i, j) and value f of the fibre; -1 outside the image, if it has a border."""
        n, size = self.n, self.fibre(field)
        images = []
        for i, j, f in (move(i, j, f) for i in range(n) for j in range(n) for f in range(size)):
            inside = self.padding == "circular" or (0 <= i < n and 0 <= j < n)
            images.append((i % n * n + j % n) * size + f if inside else -1)
        return tuple(images)

    def shifts(self, field: str) -> tuple[PartialMap, PartialMap]:
        """The shifts by one pixel on the points of a field."""
        return self._map(field, lambda i, j, f: (i + 1, j, f)), self._map(field, lambda i, j, f: (i, j + 1, f))

    def _turns(self, field: str) -> tuple[PartialMap, ...]:
        """The quarter turn and, with `flips`, a reflection."""
        # An element of H is (turns r, reflected s), index r + 4s, acting as turn^r · flip^s; flip · turn^r = turn^-r · flip.
        turned = {"trivial": lambda f: f, "regular": lambda f: (f % 4 + 1) % 4 + f // 4 * 4, "quotient": lambda f: 1 - f}[field]
        flipped = {"trivial": lambda f: f, "regular": lambda f: -(f % 4) % 4 + (4 if f < 4 else 0), "quotient": lambda f: f}[field]
        last = 0 if self.padding == "circular" else self.n - 1
        turn = self._map(field, lambda i, j, f: (j, last - i, turned(f)))
        return (turn, self._map(field, lambda i, j, f: (last - i, j, flipped(f)))) if self.flips else (turn,)

    def _images(self, field: str) -> tuple[PartialMap, ...]:
        return (self.shifts(field) if self.padding == "circular" else ()) + self._turns(field)

    def group(self) -> PermutationGroup:
        """Generated on the points of the regular field, on which it acts freely."""
        names = ("d", "r") if self.padding == "circular" else ()
        return PermutationGroup(self._images("regular"), names=(*names, "t", "m") if self.flips else (*names, "t"))

    def field_sharing(self, field: str) -> tuple[PartialMap, ...]:
        """With zero padding the shifts, where they stay inside the image."""
        return self.shifts(field) if self.padding == "zero" else ()

    def sharing(self) -> tuple[PartialMap, ...]:
        """Likewise for the declared field."""
        return self.field_sharing(self.field)

    def field_representation(self, field: str) -> PermutationRepresentation:
        """The permutation of (pixel, value) pairs of a field."""
        return PermutationRepresentation(self.group(), self._images(field))

    def representation(self) -> PermutationRepresentation:
        """That of the declared field."""
        return self.field_representation(self.field)

    def near(self, y: int, x: int, reach: int) -> bool:
        """Whether two pixels are at most `reach` apart in each direction."""
        steps = (abs(y // self.n - x // self.n), abs(y % self.n - x % self.n))
        return all(min(step, self.n - step if self.padding == "circular" else step) <= reach for step in steps)

    def in_kernel(self, y: int, x: int) -> bool:
        """Whether the pixel of x lies in the k × k pixels around that of y."""
        size = self.fibre(self.field)
        return self.near(y // size, x // size, self.k // 2)

    def in_first_kernel(self, y: int, x: int) -> bool:
        """The same pixel: a 1 × 1 filter between fibres."""
        size = self.fibre(self.field)
        return y // size == x // size
