"""Group convolutions of the plane: E(2)-steerable networks whose rotations and reflections are exact on the pixel grid."""

from dataclasses import dataclass

from theory.errors import OutOfRange
from theory.group import PermutationGroup
from theory.instantiation import register
from theory.kernel import KernelInstantiation
from theory.representation import PermutationRepresentation
from theory.source import Source

FIELDS = ("trivial", "regular", "quotient")


@register
@dataclass(frozen=True)
class Planar(KernelInstantiation):
    """Filters of k × k pixels on an n × n torus under shifts, quarter turns (C_4) and, with `flips`, reflections (D_4): p4 and p4m.

    Every pixel carries a field that the fibre group H = C_4 or D_4 permutes: one value (trivial), one for each element of H (regular), or
    one for each of the two axes, which turns exchange (quotient by the half turn and the reflections in the axes).
    """

    n: int = 4
    k: int = 3
    flips: bool = False
    field: str = "regular"
    source = Source("ferbach2023", "corollary for E(2)-steerable networks")

    def __post_init__(self) -> None:
        if self.field not in FIELDS:
            raise OutOfRange(f"Planar(field={self.field!r}): choose one of {', '.join(FIELDS)}.")
        if self.k < 1 or self.k % 2 == 0 or self.n < self.k:
            raise OutOfRange(f"Planar(n={self.n}, k={self.k}): an odd k of at most n was expected.")

    def fibre(self, field: str) -> int:
        """How many values a pixel carries."""
        return {"trivial": 1, "regular": 8 if self.flips else 4, "quotient": 2}[field]

    @property
    def basis_size(self) -> int | None:
        """Regular fields: k²·|H|, one operator per pixel of the filter and element of H; for the others it is counted."""
        return self.k**2 * self.fibre("regular") if self.field == "regular" else None

    @property
    def basis_norm(self) -> int:
        """The support has k² times the size of the fibre entries in every row and column."""
        return self.k**2 * self.fibre(self.field)

    def _images(self, field: str) -> list[tuple[int, ...]]:
        """The two shifts, the quarter turn about pixel (0, 0), and the reflection i → -i, on points (i, j, value of the fibre)."""
        n, size = self.n, self.fibre(field)
        # An element of H is (turns r, reflected s), index r + 4s, acting as turn^r · flip^s; flip · turn^r = turn^-r · flip.
        turned = {"trivial": lambda f: f, "regular": lambda f: (f % 4 + 1) % 4 + f // 4 * 4, "quotient": lambda f: 1 - f}[field]
        flipped = {"trivial": lambda f: f, "regular": lambda f: -(f % 4) % 4 + (4 if f < 4 else 0), "quotient": lambda f: f}[field]
        moves = [lambda i, j, f: (i + 1, j, f), lambda i, j, f: (i, j + 1, f), lambda i, j, f: (j, -i, turned(f))]
        if self.flips:
            moves.append(lambda i, j, f: (-i, j, flipped(f)))
        points = [(i, j, f) for i in range(n) for j in range(n) for f in range(size)]
        moved = [[move(*point) for point in points] for move in moves]
        return [tuple((i % n * n + j % n) * size + f for i, j, f in images) for images in moved]

    def group(self) -> PermutationGroup:
        """Generated on the points of the regular field, on which it acts freely."""
        return PermutationGroup(self._images("regular"), names=("d", "r", "t", "m")[: 4 if self.flips else 3])

    def field_representation(self, field: str) -> PermutationRepresentation:
        """The permutation of (pixel, value) pairs of a field."""
        return PermutationRepresentation(self.group(), tuple(self._images(field)))

    def representation(self) -> PermutationRepresentation:
        """That of the declared field."""
        return self.field_representation(self.field)

    def near(self, y: int, x: int, reach: int) -> bool:
        """Whether two pixels of the torus are at most `reach` apart in each direction."""
        steps = (abs(y // self.n - x // self.n), abs(y % self.n - x % self.n))
        return all(min(step, self.n - step) <= reach for step in steps)

    def in_kernel(self, y: int, x: int) -> bool:
        """Whether the pixel of x lies in the k × k pixels around that of y."""
        size = self.fibre(self.field)
        return self.near(y // size, x // size, self.k // 2)

    def in_first_kernel(self, y: int, x: int) -> bool:
        """The same pixel: a 1 × 1 filter between fibres."""
        size = self.fibre(self.field)
        return y // size == x // size
