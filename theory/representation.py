"""Exact representations: the image of each generator, as a permutation or as an exact matrix."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from theory.errors import BadInput, DifferentGroups, NotAMatrix, NotAPermutation
from theory.exact_matrix import (
    Entry,
    ExactMatrix,
    Rows,
    canonical,
    direct_sum,
    exact_matrix,
    identity_matrix,
    inverse,
    is_singular,
    kronecker,
    kronecker_sum,
    product,
)
from theory.group import Group, Permutation, Word, compose


class Representation(ABC):
    """A homomorphism from a group to invertible matrices, declared by the images of the generators.

    Compose with `V + W` (direct sum), `V * W` (tensor product, index i·dim W + j), `V ** k`, `V.dual()`.
    """

    group: Group

    @property
    @abstractmethod
    def dimension(self) -> int:
        """The dimension d of the space acted on."""

    @property
    @abstractmethod
    def matrices(self) -> tuple[ExactMatrix, ...]:
        """The exact matrix `[d, d]` of each discrete generator."""

    @property
    def derivatives(self) -> tuple[ExactMatrix, ...]:
        """The exact matrix `[d, d]` by which each element of the Lie algebra acts; none for a finite group."""
        return ()

    def rows(self, generator: int) -> Rows:
        """The dense matrix `[d, d]` of a discrete generator, as SymPy numbers."""
        return self.matrices[generator].rows

    @abstractmethod
    def dual(self) -> "Representation":
        """The inverse transpose of every image."""

    @abstractmethod
    def pullback(self, group: Group, words: Sequence[Word]) -> "Representation":
        """The representation of `group` whose generator i acts as the word `words[i]` in this representation's generators."""

    def _matching(self, other: "Representation") -> None:
        if self.group != other.group:
            raise DifferentGroups(
                f"representations of two groups (orders {self.group.size()} and {other.group.size()}) cannot be combined; "
                f"both must come from equal {type(self.group).__name__} values, generator for generator."
            )

    def __add__(self, other: "Representation") -> "Representation":
        self._matching(other)
        if isinstance(self, PermutationRepresentation) and isinstance(other, PermutationRepresentation):
            d = self.dimension
            images = tuple(g + tuple(d + i for i in h) for g, h in zip(self.images, other.images, strict=True))
            return PermutationRepresentation(self.group, images)
        matrices = tuple(direct_sum(a, b) for a, b in zip(self.matrices, other.matrices, strict=True))
        derivatives = tuple(direct_sum(a, b) for a, b in zip(self.derivatives, other.derivatives, strict=True))
        return MatrixRepresentation(self.group, matrices, derivatives)

    def __mul__(self, other: "Representation") -> "Representation":
        self._matching(other)
        if isinstance(self, PermutationRepresentation) and isinstance(other, PermutationRepresentation):
            e = other.dimension
            images = tuple(tuple(i * e + j for i in g for j in h) for g, h in zip(self.images, other.images, strict=True))
            return PermutationRepresentation(self.group, images)
        matrices = tuple(kronecker(a, b) for a, b in zip(self.matrices, other.matrices, strict=True))
        derivatives = tuple(kronecker_sum(a, b) for a, b in zip(self.derivatives, other.derivatives, strict=True))
        return MatrixRepresentation(self.group, matrices, derivatives)

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

    group: Group
    images: tuple[Permutation, ...]

    def __post_init__(self) -> None:
        _one_image_each(self.group, self.images, ())
        d = self.dimension
        for name, images in zip(self.group.generator_names, self.images, strict=True):
            if sorted(images) != list(range(d)):
                raise NotAPermutation(f"the image of generator {name}, {list(images)}, is not a permutation of 0..{d - 1}.")

    @property
    def dimension(self) -> int:
        """The number of points permuted."""
        return len(self.images[0])

    @property
    def matrices(self) -> tuple[ExactMatrix, ...]:
        """The 0/1 matrix `[d, d]` of each generator."""
        return tuple(ExactMatrix.permutation(images) for images in self.images)

    def dual(self) -> "PermutationRepresentation":
        """Itself: a permutation matrix is its own inverse transpose."""
        return self

    def pullback(self, group: Group, words: Sequence[Word]) -> "PermutationRepresentation":
        """The representation of `group` whose generator i acts as the word `words[i]` in this representation's generators."""
        return PermutationRepresentation(group, tuple(self.along(word) for word in words))

    def along(self, word: Word) -> Permutation:
        """The image of a product of generators."""
        total = tuple(range(self.dimension))
        for letter in reversed(word):
            total = compose(self.images[letter], total)
        return total


@dataclass(frozen=True)
class MatrixRepresentation(Representation):
    """A representation by exact matrices `[d, d]`: `images[g]` of generator g, `lie_images[k]` of element k of the Lie algebra."""

    group: Group
    images: tuple[ExactMatrix, ...]
    lie_images: tuple[ExactMatrix, ...] = ()

    def __post_init__(self) -> None:
        _one_image_each(self.group, self.images, self.lie_images)
        sizes = {size for matrix in self.images + self.lie_images for size in matrix.shape}
        if len(sizes) != 1:
            raise NotAMatrix(f"the images of the generators have sizes {sorted(sizes)}; one size was expected.")

    @property
    def dimension(self) -> int:
        """The size d of the matrices."""
        return (self.images + self.lie_images)[0].columns

    @property
    def matrices(self) -> tuple[ExactMatrix, ...]:
        """The matrix `[d, d]` of each discrete generator."""
        return self.images

    @property
    def derivatives(self) -> tuple[ExactMatrix, ...]:
        """The matrix `[d, d]` of each element of the Lie algebra."""
        return self.lie_images

    def dual(self) -> "MatrixRepresentation":
        """The inverse transpose of every image, minus the transpose of every derivative."""
        derivatives = tuple(
            ExactMatrix(tuple(tuple((j, -value) for j, value in row) for row in matrix.transpose().entries), matrix.columns)
            for matrix in self.lie_images
        )
        return MatrixRepresentation(self.group, tuple(inverse(matrix).transpose() for matrix in self.images), derivatives)

    def pullback(self, group: Group, words: Sequence[Word]) -> "MatrixRepresentation":
        """The representation of `group` whose generator i acts as the word `words[i]` in this representation's generators."""
        return MatrixRepresentation(group, tuple(self.along(word) for word in words))

    def along(self, word: Word) -> ExactMatrix:
        """The image of a product of discrete generators."""
        return product(identity_matrix(self.dimension), *(self.images[letter] for letter in word))


def trivial(group: Group) -> Representation:
    """Every element acts as the number 1, every element of a Lie algebra as 0."""
    if not group.lie_names:
        return PermutationRepresentation(group, ((0,),) * len(group.generator_names))
    one, zero = identity_matrix(1), ExactMatrix(((),), 1)
    return MatrixRepresentation(group, (one,) * len(group.generator_names), (zero,) * len(group.lie_names))


def _one_image_each(group: Group, images: Sequence[object], derivatives: Sequence[object]) -> None:
    if len(images) != len(group.generator_names):
        raise BadInput(f"{len(images)} images for {len(group.generator_names)} generators; give the image of each generator.")
    if len(derivatives) != len(group.lie_names):
        raise BadInput(
            f"{len(derivatives)} matrices for the {len(group.lie_names)} elements {', '.join(group.lie_names) or '(none)'} of the Lie algebra; "
            "give one each."
        )


def representation(
    group: Group,
    images: Sequence[Sequence[int] | Sequence[Sequence[Entry]]],
    derivatives: Sequence[Sequence[Sequence[Entry]]] = (),
) -> Representation:
    """A representation from images that are all permutations (flat lists of ints) or all exact matrices (lists of rows)."""
    lie = [canonical(exact_matrix(rows, f"the matrix of {name}")) for name, rows in zip(group.lie_names, derivatives, strict=False)]
    if not group.lie_names and all(all(isinstance(entry, int) for entry in image) for image in images):
        return PermutationRepresentation(group, tuple(tuple(image) for image in images))  # pyright: ignore[reportArgumentType]
    matrices = []
    for name, image in zip(group.generator_names, images, strict=False):
        if any(isinstance(row, int | float | str) for row in image):
            raise NotAMatrix(f"the image of generator {name} mixes numbers and rows; give a flat list of ints or a list of rows.")
        matrices.append(exact_matrix(image, f"the image of generator {name}"))  # pyright: ignore[reportArgumentType]
    _one_image_each(group, images, derivatives)
    signed = [matrix.signs_of_permutation() for matrix in matrices]
    if not lie and len({matrix.columns for matrix in matrices}) == 1 and all(pair and min(pair[1]) == 1 for pair in signed):
        return PermutationRepresentation(group, tuple(pair[0] for pair in signed if pair))
    for name, matrix in zip(group.generator_names, matrices, strict=True):
        if is_singular(matrix):
            raise NotAMatrix(f"the image of generator {name} is singular; a representation maps into invertible matrices.")
    return MatrixRepresentation(group, tuple(canonical(matrix) for matrix in matrices), tuple(lie))
