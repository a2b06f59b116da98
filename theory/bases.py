"""Bases of one's own: partitions for tensors, the group algebra for regular fields, and their exact comparison with the intertwiners."""

from collections.abc import Iterator, Sequence
from itertools import product

from theory.common_field import common_field
from theory.errors import BadInput, BasisMismatch
from theory.exact_matrix import Blocks, ExactMatrix, canonical, coordinates, identity_matrix
from theory.group import FiniteGroup, compose
from theory.intertwiner import intertwiners, with_identity
from theory.null_space import null_space
from theory.number_field import Coordinates
from theory.representation import Representation
from theory.verdict import Verdict

Operators = tuple[ExactMatrix, ...]


def partitions(indices: int, most: int) -> Iterator[tuple[int, ...]]:
    """Partitions of indices 0, 1, ... into at most `most` classes: the class of each index, classes numbered as they first appear."""
    stack: list[tuple[int, ...]] = [()]
    while stack:
        known = stack.pop()
        if len(known) == indices:
            yield known
            continue
        classes = max(known, default=-1) + 1
        stack += [(*known, c) for c in reversed(range(min(classes + 1, most)))]


def partition_basis(n: int, order_in: int, order_out: int) -> Operators:
    """The basis of Hom_{S_n}(V^k, V^l), V = ℝ^n, with an operator for every partition π of k + l indices into at most n classes.

    b_π has the entry 1 at (y, x) where indices of (y, x) in one class of π are equal, others being equal or not; it is the sum of the
    indicators of the orbits whose partition is coarser. Read by number of classes this is triangular, so the operators are independent.
    For k = l the identity is one of them: each index of y with the same one of x. Its partition has k classes, so for n < k it is not
    among those with at most n, and takes the place of one of them.
    """
    operators = []
    for classes in partitions(order_out + order_in, n):
        rows: list[list[tuple[int, int]]] = [[] for _ in range(n**order_out)]
        for values in product(range(n), repeat=max(classes, default=-1) + 1):
            y = x = 0
            for position, number in enumerate(classes):
                if position < order_out:
                    y = y * n + values[number]
                else:
                    x = x * n + values[number]
            rows[y].append((x, 1))
        operators.append(ExactMatrix(tuple(tuple(sorted(row)) for row in rows), n**order_in))
    return with_identity(tuple(operators), n**order_in) if n < order_in == order_out else tuple(operators)


def group_algebra_basis(group: FiniteGroup) -> Operators:
    """The right translations g ↦ g·h of the regular representation, one for each element h of the group.

    They commute with the translations from the left, each is a permutation matrix, and the one of h = 1 is the identity. Raises
    `TooLarge` if the group is too large to be enumerated.
    """
    elements = list(group.elements())
    index = {element: i for i, element in enumerate(elements)}
    return tuple(ExactMatrix.permutation([index[compose(g, h)] for g in elements]) for h in elements)


def rank(matrices: Sequence[ExactMatrix]) -> int:
    """The exact dimension of the span of matrices of one shape."""
    if not matrices:
        return 0
    field = common_field(number for matrix in matrices for number in matrix.numbers())
    equations: dict[tuple[int, int], dict[int, Coordinates]] = {}
    for k, matrix in enumerate(matrices):
        for i, row in enumerate(coordinates(matrix, field)):
            for j, value in row.items():
                equations.setdefault((i, j), {})[k] = value
    distinct = {tuple(sorted(row.items())): row for row in equations.values()}
    return len(matrices) - null_space(list(distinct.values()), len(matrices), field).dimension


def check_basis(operators: Operators, space: Representation, where: str) -> Verdict:
    """Prove that operators V → V are a basis of Hom_G(V, V) with the identity among them.

    Raises `BasisMismatch` if one does not commute with a generator, if they are dependent, if their span is not that of the intertwiners,
    found by orbits or an exact null space, or if none of them is the identity (warning W2); `BadInput` for a wrong shape.
    """
    for k, operator in enumerate(operators):
        if operator.shape != (space.dimension, space.dimension):
            raise BadInput(f"{where}: operator {k} has the shape {operator.shape}; {space.dimension} rows and columns were expected.")
        for name, matrix in zip(space.group.generator_names + space.group.lie_names, space.matrices + space.derivatives, strict=True):
            blocks = Blocks([matrix, operator])
            a, b = blocks.matrix(matrix), blocks.matrix(operator)
            if a * b != b * a:
                raise BasisMismatch(f"{where}: operator {k} does not commute with the generator {name}.")
    independent = rank(operators)
    if independent < len(operators):
        raise BasisMismatch(f"{where}: {len(operators)} operators span {independent} dimensions; a basis was expected, leave some out.")
    every = intertwiners(space, space)
    together = rank([*operators, *every])
    if independent != together:
        raise BasisMismatch(
            f"{where}: the operators span {independent} of the {together} dimensions of the intertwiners; add operators until they span all."
        )
    if identity_matrix(space.dimension) not in map(canonical, operators):
        raise BasisMismatch(f"{where}: none of the operators is the identity, which the first random layer needs as one of them (W2).")
    return Verdict.PROVED
