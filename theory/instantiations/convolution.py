"""Convolutional networks: filters of k × k pixels on images with circular or zero padding."""

from dataclasses import dataclass

import sympy

from theory.closed_form import one_of, parameter
from theory.errors import OutOfRange
from theory.group import PermutationGroup
from theory.instantiation import register
from theory.kernel import KernelInstantiation, PartialMap
from theory.representation import Representation
from theory.source import Source


@register
@dataclass(frozen=True)
class Convolution(KernelInstantiation):
    """Filters of k × k pixels, k odd, on n × n images.

    With circular padding the shifts of the torus act, and layers commute with them. With zero padding no shift acts on an image, and
    weights are shared along those that stay inside it; the first random layer is a 1 × 1 filter in both cases.
    """

    n: int = 5
    k: int = 3
    padding: str = one_of("circular", "zero")
    source = Source("ferbach2023", "corollary for convolutional networks")

    def __post_init__(self) -> None:
        if self.padding not in ("circular", "zero"):
            raise OutOfRange(f"Convolution(padding={self.padding!r}): choose 'circular' or 'zero'.")
        if self.k < 1 or self.k % 2 == 0 or self.n < self.k:
            raise OutOfRange(f"Convolution(n={self.n}, k={self.k}): an odd k of at most n was expected.")

    @property
    def size_formula(self) -> sympy.Expr:
        """One operator per pixel of the filter."""
        return parameter("k") ** 2

    @property
    def norm_formula(self) -> sympy.Expr:
        """The filter of ones on a constant image; with zero padding, where the border sees less of it, an upper bound."""
        return parameter("k") ** 2

    def _shift(self, down: int, right: int) -> PartialMap:
        n = self.n
        moved = [(i + down, j + right) for i in range(n) for j in range(n)]
        if self.padding == "circular":
            return tuple(i % n * n + j % n for i, j in moved)
        return tuple(i * n + j if i < n and j < n else -1 for i, j in moved)

    def group(self) -> PermutationGroup:
        """The shifts of the torus; with zero padding the trivial group."""
        if self.padding == "zero":
            return PermutationGroup([], degree=self.n**2)
        return PermutationGroup([self._shift(1, 0), self._shift(0, 1)], names=("d", "r"))

    def sharing(self) -> tuple[PartialMap, ...]:
        """With zero padding the shifts by one pixel, where they stay inside the image."""
        return (self._shift(1, 0), self._shift(0, 1)) if self.padding == "zero" else ()

    def representation(self) -> Representation:
        """Permutation of the pixels."""
        return self.group().natural()

    def in_kernel(self, y: int, x: int) -> bool:
        """Whether x lies in the k × k pixels around y."""
        n, half = self.n, self.k // 2
        steps = (abs(y // n - x // n), abs(y % n - x % n))
        return all(min(step, n - step if self.padding == "circular" else step) <= half for step in steps)
