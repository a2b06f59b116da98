"""Whether matrices make a representation of a Lie group: brackets, discrete generators, and the loops of the connected component.

G is G₀ ⋊ H, G₀ connected and H finite. Matrices for a basis of the Lie algebra and for generators of H make a representation of G iff
(i) brackets map to brackets, (ii) exp(2πT) = 1 for loops that generate π₁(G₀), (iii) the relations of H hold, and
(iv) ρ(h) dρ(X) ρ(h)⁻¹ = dρ(hXh⁻¹).
"""

from fractions import Fraction
from itertools import combinations
from typing import Any

from flint import fmpq, fmpq_mat

from theory.common_field import common_field
from theory.errors import BadInput, NotAHomomorphism, NotAlgebraic, TooLarge
from theory.exact_matrix import Blocks, ExactMatrix, combination, identity_matrix
from theory.homomorphism import check_homomorphism_of_finite_group
from theory.matrix_group import LieGroup, MatrixGroup
from theory.null_space import null_space
from theory.number_field import Number
from theory.representation import MatrixRepresentation, Representation
from theory.verdict import Verdict

LARGEST_FREQUENCY = 1_000
REMEDY = "Correct the matrices, or the group."


def check_homomorphism_of_lie_group(representation: Representation, where: str) -> Verdict:
    """Prove that the matrices represent the Lie group, or raise `NotAHomomorphism` with a relation that fails.

    `UNDECIDED` if the group does not say by which loops its fundamental group is generated, or that its finite part meets the connected
    component in 1 alone, or for numbers not seen to be algebraic.
    """
    group = representation.group
    assert isinstance(group, LieGroup)
    natural = group.natural()
    try:
        _check_brackets(group, natural, representation, where)
        if group.generators:
            _check_conjugation(group, natural, representation, where)
        loops = _check_loops(group, natural, representation, where)
    except NotAlgebraic:
        return Verdict.UNDECIDED
    if not group.generators:
        return loops
    finite = MatrixGroup(group.generators, names=group.generator_names)
    relations = check_homomorphism_of_finite_group(MatrixRepresentation(finite, representation.matrices), where)
    return loops & relations & (Verdict.PROVED if representation == natural else _splits(group, finite))


def _splits(group: LieGroup, finite: MatrixGroup) -> Verdict:
    """Whether the finite part meets the connected component in 1 alone: declared, or it is ±1 by determinants."""
    if group.splits:
        return Verdict.PROVED
    (matrix, *others) = finite.natural().matrices
    reflection = finite.order() == 2 and not others and Blocks([matrix]).matrix(matrix).det() < 0
    return Verdict.PROVED if finite.order() == 1 or reflection else Verdict.UNDECIDED


def _coefficients(group: LieGroup, matrix: ExactMatrix) -> list[Number] | None:
    """The coefficients of a matrix in the basis of the Lie algebra; None if it lies outside."""
    basis: list[ExactMatrix] = [*group.lie_algebra, matrix]  # pyright: ignore[reportAssignmentType]
    field = common_field(number for element in basis for number in element.numbers())
    equations: dict[tuple[int, int], dict[int, Any]] = {}
    for k, element in enumerate(basis):
        for i, row in enumerate(element.entries):
            for j, value in row:
                coordinates = field.coordinates(value)
                if any(coordinates):
                    equations.setdefault((i, j), {})[k] = coordinates
    solutions = null_space(list(equations.values()), len(basis), field)
    if not solutions.dimension:
        return None
    vector = solutions.vectors[0]
    last = len(basis) - 1
    if solutions.dimension > 1 or last not in vector:
        raise BadInput(f"LieGroup: the {last} elements of the Lie algebra are linearly dependent; give a basis.")
    scale = -_field_value(field, vector[last])
    return [_divide(field, vector.get(k), scale) for k in range(last)]


def _field_value(field: Any, coordinates: Any) -> Any:
    return field.number(coordinates)


def _divide(field: Any, coordinates: Any, scale: Any) -> Number:
    if coordinates is None:
        return 0
    value = field.number(coordinates)
    if isinstance(value, int | Fraction) and isinstance(scale, int | Fraction):
        return Fraction(value) / Fraction(scale)
    return field.number(field.coordinates(value / scale))


def _check_brackets(group: LieGroup, natural: Representation, representation: Representation, where: str) -> None:
    blocks = Blocks(natural.derivatives)
    true = [blocks.matrix(matrix) for matrix in natural.derivatives]
    for i, j in combinations(range(len(true)), 2):
        coefficients = _coefficients(group, blocks.exact(true[i] * true[j] - true[j] * true[i]))
        if coefficients is None:
            raise BadInput(
                f"LieGroup: the bracket of {group.lie_names[i]} and {group.lie_names[j]} lies outside the span of the Lie algebra given; "
                "add it to the basis."
            )
        expected = Blocks([*representation.derivatives, combination(coefficients, representation.derivatives)])
        right = expected.matrix(combination(coefficients, representation.derivatives))
        a, b = expected.matrix(representation.derivatives[i]), expected.matrix(representation.derivatives[j])
        if a * b - b * a != right:
            names = group.lie_names
            terms = " + ".join(f"({c})·{name}" for c, name in zip(coefficients, names, strict=True) if c) or "0"
            raise NotAHomomorphism(
                f"{where}: [{names[i]}, {names[j]}] = {terms} in the Lie algebra, and its image is another matrix. {REMEDY}"
            )


def _check_conjugation(group: LieGroup, natural: Representation, representation: Representation, where: str) -> None:
    blocks = Blocks(natural.matrices + natural.derivatives)
    for name, h, image in zip(group.generator_names, natural.matrices, representation.matrices, strict=True):
        matrix = blocks.matrix(h)
        back = matrix.inv()
        for k, x in enumerate(natural.derivatives):
            coefficients = _coefficients(group, blocks.exact(matrix * blocks.matrix(x) * back))
            if coefficients is None:
                raise BadInput(f"LieGroup: {name} does not normalize the Lie algebra given; add the conjugates of {group.lie_names[k]}.")
            moved = combination(coefficients, representation.derivatives)
            both = Blocks([image, moved, *representation.derivatives])
            if both.matrix(image) * both.matrix(representation.derivatives[k]) != both.matrix(moved) * both.matrix(image):
                raise NotAHomomorphism(
                    f"{where}: ρ({name}) does not move the image of {group.lie_names[k]} as {name} moves {group.lie_names[k]}. {REMEDY}"
                )


def _check_loops(group: LieGroup, natural: Representation, representation: Representation, where: str) -> Verdict:
    if group.loops is None:
        return Verdict.PROVED if representation == natural else Verdict.UNDECIDED
    for loop in group.loops:
        for space, own in ((natural, True), (representation, False)):
            generator = combination(list(loop), space.derivatives)  # pyright: ignore[reportArgumentType]
            if not closes_after_a_turn(generator):
                text = " + ".join(f"{c}·{name}" for c, name in zip(loop, group.lie_names, strict=True) if c)
                if own:
                    raise BadInput(f"LieGroup: exp(2π({text})) is not the identity, so it is no loop; correct `loops`.")
                raise NotAHomomorphism(
                    f"{where}: exp(2πT) is the identity of the group for T = {text}, and ρ(exp(2πT)) is not: the image of T is not "
                    f"diagonalizable with eigenvalues in i·Z. {REMEDY}"
                )
    return Verdict.PROVED


def closes_after_a_turn(matrix: ExactMatrix) -> bool:
    """Whether exp(2πA) = 1 for a real matrix A: iff A is diagonalizable over C with eigenvalues ik, k integers.

    Eigenvalues are at most the largest absolute row sum B, so the condition is A·Π_{k=1..B}(A² + k²) = 0.
    """
    bound = max((sum(abs(float(value)) for _, value in row) for row in matrix.entries), default=0.0)
    if bound > LARGEST_FREQUENCY:
        raise TooLarge(f"a loop turns with a frequency that may reach {bound:.0f}; at most {LARGEST_FREQUENCY} are tried.")
    blocks = Blocks([matrix, identity_matrix(matrix.columns)])
    a, one = blocks.matrix(matrix), blocks.matrix(identity_matrix(matrix.columns))
    square, total = a * a, a
    for k in range(1, int(bound + 1e-6) + 1):
        if total == fmpq_mat(total.nrows(), total.ncols()):
            return True
        total = total * (square + fmpq(k * k) * one)
    return total == fmpq_mat(total.nrows(), total.ncols())
