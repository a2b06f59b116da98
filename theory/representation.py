"""Exact representations: the image of each generator, as a permutation or as an exact matrix."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import sympy
from sympy.polys.matrices import DomainMatrix

from theory.errors import BadInput, DifferentGroups, NotAMatrix, NotAPermutation
from theory.exact_matrix import Entry, Rows, domain_matrices, exact_rows, permutation_rows
from theory.group import Permutation, PermutationGroup


class Representation(ABC):
    """A homomorphism from a group to invertible matrices, declared by the images of the generators.

    Compose with `V + W` (direct sum), `V * W` (tensor product, index i·dim W + j), `V ** k`, `V.dual()`.
    """

    group: PermutationGroup

    @property
    @abstractmethod
    def dimension(self) -> int:
        """The dimension d of the space acted on."""

    @abstractmethod
    def rows(self, generator: int) -> Rows:
        """The exact matrix `[d, d]` of a generator."""

    @cached_property
    def matrices(self) -> tuple[DomainMatrix, ...]:
        """The matrices of all generators over one exact field."""
        return domain_matrices([self.rows(generator) for generator in range(len(self.group.permutations))])

    @abstractmethod
    def dual(self) -> "Representation":
        """The inverse transpose of every image."""

    def _matching(self, other: "Representation") -> None:
        if self.group != other.group:
            raise DifferentGroups(
                f"representations of two groups (orders {self.group.order()} and {other.group.order()}) cannot be combined; "
                "both must come from equal PermutationGroup values, generator for generator."
            )

    def __add__(self, other: "Representation") -> "Representation":
        self._matching(other)
        d, e = self.dimension, other.dimension
        if isinstance(self, PermutationRepresentation) and isinstance(other, PermutationRepresentation):
            images = tuple(g + tuple(d + i for i in h) for g, h in zip(self.images, other.images, strict=True))
            return PermutationRepresentation(self.group, images)
        zero = sympy.Integer(0)
        blocks = []
        for generator in range(len(self.group.permutations)):
            upper = tuple(row + (zero,) * e for row in self.rows(generator))
            blocks.append(upper + tuple((zero,) * d + row for row in other.rows(generator)))
        return MatrixRepresentation(self.group, tuple(blocks))

    def __mul__(self, other: "Representation") -> "Representation":
        self._matching(other)
        if isinstance(self, PermutationRepresentation) and isinstance(other, PermutationRepresentation):
            e = other.dimension
            images = tuple(tuple(i * e + j for i in g for j in h) for g, h in zip(self.images, other.images, strict=True))
            return PermutationRepresentation(self.group, images)
        products = []
        for generator in range(len(self.group.permutations)):
            left, right = self.rows(generator), other.rows(generator)
            products.append(tuple(tuple(sympy.expand(x * y) for x in a for y in b) for a in left for b in right))
        return MatrixRepresentation(self.group, tuple(products))

    def __pow__(self, exponent: int) -> "Representation":
        if exponent < 1:
            raise BadInput(f"a tensor power needs a positive exponent, not {exponent}; the zeroth power is group.trivial().")
        power = self
        for _ in range(exponent - 1):
            power = power * self
        return power


@dataclass(frozen=True)
class PermutationRepresentation(Representation):
    """A representation by permutation matrices: `images[g][i]` is where generator g sends basis vector i."""

    group: PermutationGroup
    images: tuple[Permutation, ...]

    def __post_init__(self) -> None:
        _one_image_each(self.group, self.images)
        d = self.dimension
        for name, images in zip(self.group.generator_names, self.images, strict=True):
            if sorted(images) != list(range(d)):
                raise NotAPermutation(f"the image of generator {name}, {list(images)}, is not a permutation of 0..{d - 1}.")

    @property
    def dimension(self) -> int:
        """The number of points permuted."""
        return len(self.images[0])

    def rows(self, generator: int) -> Rows:
        """The 0/1 matrix `[d, d]` of a generator."""
        return permutation_rows(self.images[generator])

    def dual(self) -> "PermutationRepresentation":
        """Itself: a permutation matrix is its own inverse transpose."""
        return self


@dataclass(frozen=True)
class MatrixRepresentation(Representation):
    """A representation by exact matrices: `images[g]` are the rows `[d, d]` of generator g."""

    group: PermutationGroup
    images: tuple[Rows, ...]

    def __post_init__(self) -> None:
        _one_image_each(self.group, self.images)
        sizes = {len(rows) for rows in self.images}
        if len(sizes) != 1:
            raise NotAMatrix(f"the images of the generators have sizes {sorted(sizes)}; one size was expected.")
        for name, matrix in zip(self.group.generator_names, self.matrices, strict=True):
            if matrix.det() == matrix.domain.zero:
                raise NotAMatrix(f"the image of generator {name} is singular; a representation maps into invertible matrices.")

    @property
    def dimension(self) -> int:
        """The size d of the matrices."""
        return len(self.images[0])

    def rows(self, generator: int) -> Rows:
        """The matrix `[d, d]` of a generator."""
        return self.images[generator]

    def dual(self) -> "MatrixRepresentation":
        """The inverse transpose of every image."""
        inverses = [matrix.inv().transpose().to_Matrix() for matrix in self.matrices]
        return MatrixRepresentation(self.group, tuple(tuple(tuple(row) for row in inverse.tolist()) for inverse in inverses))


def _one_image_each(group: PermutationGroup, images: Sequence[object]) -> None:
    if len(images) != len(group.permutations):
        raise BadInput(f"{len(images)} images for {len(group.permutations)} generators; give the image of each generator.")


def representation(group: PermutationGroup, images: Sequence[Sequence[int] | Sequence[Sequence[Entry]]]) -> Representation:
    """A representation from images that are all permutations (flat lists of ints) or all exact matrices (lists of rows)."""
    if all(all(isinstance(entry, int) for entry in image) for image in images):
        return PermutationRepresentation(group, tuple(tuple(image) for image in images))  # pyright: ignore[reportArgumentType]
    rows = []
    for name, image in zip(group.generator_names, images, strict=False):
        if any(isinstance(row, int | float | str) for row in image):
            raise NotAMatrix(f"the image of generator {name} mixes numbers and rows; give a flat list of ints or a list of rows.")
        rows.append(exact_rows(image, f"the image of generator {name}"))  # pyright: ignore[reportArgumentType]
    _one_image_each(group, images)
    permutations = [_as_permutation(matrix) for matrix in rows]
    if len({len(matrix) for matrix in rows}) == 1 and None not in permutations:
        return PermutationRepresentation(group, tuple(permutation for permutation in permutations if permutation is not None))
    return MatrixRepresentation(group, tuple(rows))


def _as_permutation(rows: Rows) -> Permutation | None:
    """The permutation that a matrix with a single 1 in every row and column performs, or None for any other."""
    columns = [[i for i in range(len(rows)) if rows[i][j] != 0] for j in range(len(rows))]
    if any(len(column) != 1 or rows[column[0]][j] != 1 for j, column in enumerate(columns)):
        return None
    images = tuple(column[0] for column in columns)
    return images if len(set(images)) == len(images) else None
