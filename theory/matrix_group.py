"""Groups of exact real matrices: finite ones, and Lie groups given by their Lie algebra and discrete generators."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from string import ascii_lowercase
from typing import TYPE_CHECKING

from flint import fmpq_mat

from theory.errors import BadInput, InfiniteGroup, NotAMatrix, TooLarge
from theory.exact_matrix import Blocks, Entry, ExactMatrix, canonical, exact_matrix, identity_matrix, is_singular
from theory.group import ENUMERATION_LIMIT, FiniteGroup, Group, Permutation

if TYPE_CHECKING:
    from theory.representation import Representation

Matrix = Sequence[Sequence[Entry]] | ExactMatrix


def _matrices(given: Sequence[Matrix], what: str, *, invertible: bool) -> tuple[ExactMatrix, ...]:
    matrices = tuple(
        matrix if isinstance(matrix, ExactMatrix) else canonical(exact_matrix(matrix, f"{what} {position}"))
        for position, matrix in enumerate(given)
    )
    sizes = {matrix.columns for matrix in matrices}
    if len(sizes) > 1:
        raise NotAMatrix(f"{what}s of sizes {sorted(sizes)}; one size was expected.")
    for position, matrix in enumerate(matrices):
        if invertible and is_singular(matrix):
            raise NotAMatrix(f"{what} {position} is singular; a group consists of invertible matrices.")
    return matrices


def _names(names: Sequence[str], count: int, letters: Sequence[str]) -> tuple[str, ...]:
    chosen = tuple(names) or tuple(letters[i] if i < len(letters) else f"g{i}" for i in range(count))
    if len(chosen) != count:
        raise BadInput(f"{len(chosen)} names {chosen} for {count} generators; give one name each.")
    return chosen


@dataclass(frozen=True)
class MatrixGroup(FiniteGroup):
    """The finite group that exact invertible matrices generate.

    It is known by its action on the images of the basis vectors, which is faithful; the group is finite iff these are finitely many.
    Raises `TooLarge` if there are more than `limit` of them: declare an infinite group as a `LieGroup`, or raise `limit`.
    """

    generators: Sequence[Matrix]
    names: Sequence[str] = field(default=(), compare=False)
    limit: int = field(default=ENUMERATION_LIMIT, compare=False)

    def __post_init__(self) -> None:
        if not self.generators:
            raise BadInput("MatrixGroup: it has no generators; give at least one matrix.")
        object.__setattr__(self, "generators", _matrices(self.generators, "MatrixGroup, generator", invertible=True))
        object.__setattr__(self, "names", _names(self.names, len(self.generators), ascii_lowercase))

    @property
    def generator_names(self) -> tuple[str, ...]:
        """One name per generator."""
        return tuple(self.names)

    @property
    def permutations(self) -> tuple[Permutation, ...]:
        """How each generator permutes the images of the basis vectors."""
        return self._permutations

    @cached_property
    def _permutations(self) -> tuple[Permutation, ...]:
        blocks = Blocks([*self.generators, identity_matrix(self.generators[0].columns)])  # pyright: ignore[reportArgumentType, reportAttributeAccessIssue]
        matrices = [blocks.matrix(matrix) for matrix in self.generators]  # pyright: ignore[reportArgumentType]
        m, size = blocks.field.degree, matrices[0].nrows()
        index: dict[tuple, int] = {}
        vectors: list[fmpq_mat] = []
        for i in range(0, size, m):
            vector = fmpq_mat(size, 1)
            vector[i, 0] = 1
            index[tuple(vector.entries())] = len(vectors)
            vectors.append(vector)
        images: list[list[int]] = [[] for _ in matrices]
        for vector in vectors:
            for moved_by, matrix in zip(images, matrices, strict=True):
                moved = matrix * vector
                key = tuple(moved.entries())
                if key not in index:
                    if len(vectors) >= self.limit:
                        raise TooLarge(
                            f"MatrixGroup: the basis vectors have more than {self.limit} images, so the group is infinite or very large. "
                            "Give a compact or classical group by its Lie algebra (LieGroup); for a large finite one raise `limit`."
                        )
                    index[key] = len(vectors)
                    vectors.append(moved)
                moved_by.append(index[key])
        return tuple(map(tuple, images))

    def natural(self) -> "Representation":
        """The matrices themselves."""
        from theory.representation import MatrixRepresentation

        return MatrixRepresentation(self, tuple(self.generators))  # pyright: ignore[reportArgumentType]


@dataclass(frozen=True)
class LieGroup(Group):
    """A group of real matrices: exp of a Lie algebra (`lie_algebra`, a basis of it) and discrete `generators`.

    `loops` are elements T of the Lie algebra, as coefficients in the basis, whose loops exp(2πtT), 0 ≤ t ≤ 1, generate the fundamental
    group of the connected component: a representation of the Lie algebra is one of that component iff it maps exp(2πT) to 1. Leave them at None
    if they are not known; then matrices given for a representation cannot be proved to belong to the group. `splits` says that the discrete
    generators generate a finite group that meets the connected component in the identity alone; it is needed only where determinants
    do not show it.
    """

    lie_algebra: Sequence[Matrix]
    generators: Sequence[Matrix] = ()
    loops: Sequence[Sequence[Entry]] | None = None
    names: Sequence[str] = field(default=(), compare=False)
    lie_basis_names: Sequence[str] = field(default=(), compare=False)
    splits: bool = field(default=False, compare=False)

    def __post_init__(self) -> None:
        if not self.lie_algebra:
            raise BadInput("LieGroup: its Lie algebra has no elements; give a finite group as MatrixGroup or PermutationGroup.")
        object.__setattr__(self, "lie_algebra", _matrices(self.lie_algebra, "LieGroup, Lie algebra element", invertible=False))
        object.__setattr__(self, "generators", _matrices(self.generators, "LieGroup, generator", invertible=True))
        if self.generators and self.generators[0].columns != self.lie_algebra[0].columns:  # pyright: ignore[reportAttributeAccessIssue]
            raise NotAMatrix(
                f"LieGroup: discrete generators of size {self.generators[0].columns}, Lie algebra of size {self.lie_algebra[0].columns}."  # pyright: ignore[reportAttributeAccessIssue]
            )
        if self.loops is not None:
            object.__setattr__(self, "loops", tuple(tuple(loop) for loop in self.loops))
            if any(len(loop) != len(self.lie_algebra) for loop in self.loops):
                raise BadInput(f"LieGroup: each loop needs {len(self.lie_algebra)} coefficients, one per element of the Lie algebra.")
        object.__setattr__(self, "names", _names(self.names, len(self.generators), ascii_lowercase))
        object.__setattr__(
            self, "lie_basis_names", _names(self.lie_basis_names, len(self.lie_algebra), [f"X{i}" for i in range(len(self.lie_algebra))])
        )

    @property
    def generator_names(self) -> tuple[str, ...]:
        """One name per discrete generator."""
        return tuple(self.names)

    @property
    def lie_names(self) -> tuple[str, ...]:
        """One name per element of the Lie algebra's basis."""
        return tuple(self.lie_basis_names)

    @property
    def is_finite(self) -> bool:
        """Never."""
        return False

    def order(self) -> int:
        """There is none; raises `InfiniteGroup`."""
        raise InfiniteGroup("a Lie group has infinitely many elements, and no order.")

    def regular(self) -> "Representation":
        """There is none of finite dimension; raises `InfiniteGroup`."""
        raise InfiniteGroup(
            "a Lie group has no regular representation of finite dimension; use natural(), trivial(), or an irreducible one."
        )

    def quotient(self, subgroup_generators: object) -> "Representation":
        """There is none of finite dimension; raises `InfiniteGroup`."""
        del subgroup_generators
        raise InfiniteGroup("the quotients of a Lie group are no finite sets; use natural(), trivial(), or an irreducible representation.")

    def natural(self) -> "Representation":
        """The matrices themselves."""
        from theory.representation import MatrixRepresentation

        return MatrixRepresentation(self, tuple(self.generators), tuple(self.lie_algebra))  # pyright: ignore[reportArgumentType]
