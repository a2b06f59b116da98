"""Attacks on what a declaration claims: each function returns if the claim holds and raises a `Refuted` with a counterexample if not."""

from dataclasses import dataclass
from typing import Any

import sympy

from theory.common_field import common_field
from theory.errors import NotAlgebraic, NotOrthogonal
from theory.exact_matrix import ExactMatrix
from theory.field_matrix import FieldMatrix, Reduction
from theory.group import FiniteGroup
from theory.homomorphism import check_homomorphism_of_finite_group
from theory.lie_homomorphism import check_homomorphism_of_lie_group
from theory.number_field import Number
from theory.representation import Representation
from theory.signed_orbits import signed_images
from theory.verdict import Verdict, decide_equal

Form = dict[tuple[int, int], Number]


def check_homomorphism(representation: Representation, where: str) -> Verdict:
    """Prove that the images satisfy every relation of the group, or raise `NotAHomomorphism` with one that is broken."""
    if isinstance(representation.group, FiniteGroup):
        return check_homomorphism_of_finite_group(representation, where)
    return check_homomorphism_of_lie_group(representation, where)


def check_orthogonality(representation: Representation, where: str) -> Verdict:
    """Prove that every generator preserves the Euclidean norm, or raise `NotOrthogonal` with a vector whose length it changes."""
    verdict, change = changed_length(representation)
    if change is None:
        return verdict
    x = change.vector
    happens = (
        f"along exp(t·{change.name}) the squared length of x = {x} changes at the rate {change.value} at t = 0"
        if change.lie
        else f"ρ({change.name}) maps x = {x} of squared length {sum(x)} to squared length {sympy.simplify(sum(x) + change.value)}"
    )
    remedy = "choose an orthonormal basis for the representation" + ("; a group that is not compact has none." if change.lie else ".")
    raise NotOrthogonal(f"{where}: {happens}. The theorem's norm must be invariant: {remedy}")


@dataclass(frozen=True)
class LengthChange:
    """A generator or Lie algebra element, a vector of zeros and ones, and by how much (or at what rate) its squared length changes."""

    name: str
    lie: bool
    vector: tuple[int, ...]
    value: sympy.Expr


def changed_length(representation: Representation) -> tuple[Verdict, LengthChange | None]:
    """Whether the representation is orthogonal, with a counterexample if not.

    An element X of a Lie algebra must be skew: x·(X + Xᵀ)x is the derivative of the squared length along exp(tX).
    """
    if signed_images(representation) is not None:
        return Verdict.PROVED, None
    group, verdict = representation.group, Verdict.PROVED
    forms = [(name, False, matrix) for name, matrix in zip(group.generator_names, representation.matrices, strict=True)]
    forms += [(name, True, matrix) for name, matrix in zip(group.lie_names, representation.derivatives, strict=True)]
    for name, lie, matrix in forms:
        form = _twice_symmetric_part(matrix) if lie else _gram_minus_identity(matrix)
        known, found = _vector_where_not_zero(form, matrix.columns)
        if found is not None:
            return known, LengthChange(name, lie, *found)
        verdict = verdict & known
    return verdict, None


def _gram_minus_identity(matrix: ExactMatrix) -> Form:
    """The entries of AᵀA - 1 on and below the diagonal; those that are not zero, where that can be decided in a number field."""
    try:
        field = common_field(matrix.numbers())
    except NotAlgebraic:
        pass
    else:
        columns = FieldMatrix.of(matrix, Reduction(field))
        gram = columns.transpose() * columns
        if gram == columns.one:
            return {}
        places = [(i, j) for i in range(matrix.columns) for j in range(i + 1)]
        numbers = {(i, j): field.number([c - (i == j and k == 0) for k, c in enumerate(gram.at(i, j))]) for i, j in places}
        return {place: number for place, number in numbers.items() if number != 0}
    total: Form = {(i, i): -1 for i in range(matrix.columns)}
    for row in matrix.entries:
        for i, x in row:
            for j, y in row:
                if j <= i:
                    total[i, j] = total.get((i, j), 0) + x * y
    return total


def _twice_symmetric_part(matrix: ExactMatrix) -> Form:
    """The entries of X + Xᵀ on and below the diagonal."""
    total: Form = {}
    for i, row in enumerate(matrix.entries):
        for j, value in row:
            position = (max(i, j), min(i, j))
            total[position] = total.get(position, 0) + (2 * value if i == j else value)
    return total


def _vector_where_not_zero(form: Form, d: int) -> tuple[Verdict, tuple[tuple[int, ...], sympy.Expr] | None]:
    """Whether a quadratic form is zero; if not, a vector of zeros and ones where it is not, and its value there."""
    verdict = Verdict.PROVED
    for i, j in sorted(form, key=lambda position: (position[0] != position[1], position)):
        known = _is_zero(form[i, j])
        if known is Verdict.REFUTED:
            value: Any = sympy.sympify(form[i, j] * (1 if i == j else 2))
            return known, (tuple(int(k in (i, j)) for k in range(d)), value)
        verdict = verdict & known
    return verdict, None


def _is_zero(value: Number) -> Verdict:
    if not isinstance(value, sympy.Expr):
        return Verdict.REFUTED if value else Verdict.PROVED
    try:
        return Verdict.REFUTED if any(common_field([value]).coordinates(value)) else Verdict.PROVED
    except NotAlgebraic:
        return decide_equal(value, sympy.Integer(0))
