"""Whether a nonlinearity commutes with a representation: proved by its kind, or refuted at a point."""

from itertools import combinations

import sympy

from theory.errors import BadInput, NonlinearityNotEquivariant
from theory.exact_matrix import ExactMatrix
from theory.nonlinearity import NONLINEARITIES, GatedNonlinearity, Nonlinearity, Point, Property, ReLU, equal_points, times, unit_vector
from theory.representation import PermutationRepresentation, Representation
from theory.verdict import Verdict


def find_nonlinearity(name: str, representation: Representation, where: str) -> Nonlinearity:
    """The nonlinearity of that name; raises `BadInput` if there is none, or if the space is too small for it."""
    if name not in NONLINEARITIES:
        raise BadInput(f"{where}: the nonlinearity {name!r} is not known; choose one of {', '.join(NONLINEARITIES)}.")
    found = NONLINEARITIES[name]
    if isinstance(found, GatedNonlinearity) and representation.dimension < 2:
        raise BadInput(f"{where}: {name} acts on 1 ⊕ V, so the space needs at least 2 dimensions; add group.trivial() in front.")
    return found


def properties(name: str, representation: Representation, where: str) -> tuple[Property, ...]:
    """What Lemma A4 needs of the nonlinearity of that name, decided on this space; raises what `find_nonlinearity` raises."""
    return find_nonlinearity(name, representation, where).properties(representation.dimension)


def check_nonlinearity(name: str, representation: Representation, where: str) -> Verdict:
    """Prove that the nonlinearity commutes with the group, or raise `NonlinearityNotEquivariant` with a point where it does not.

    relu on an orthogonal representation needs permutation matrices (warning W1 on ferbach2023). `UNDECIDED` if the representation is not
    of the kind proved, and no counterexample is found among small vectors.
    """
    nonlinearity = find_nonlinearity(name, representation, where)
    if isinstance(representation, PermutationRepresentation) and isinstance(nonlinearity, ReLU):
        return Verdict.PROVED
    if nonlinearity.commutes(representation):
        return Verdict.PROVED
    remedy = f"{name} commutes with {nonlinearity.commutes_with} only; choose {_other(nonlinearity)}."
    for generator, matrix in zip(representation.group.generator_names, representation.matrices, strict=True):
        point = _counterexample(nonlinearity, matrix)
        if point is not None:
            raise NonlinearityNotEquivariant(
                f"{where} declares {name}, but at x = {point} it does not commute with ρ({generator}). {remedy}"
            )
    for element, matrix in zip(representation.group.lie_names, representation.derivatives, strict=True):
        point = _infinitesimal_counterexample(nonlinearity, matrix)
        if point is not None:
            raise NonlinearityNotEquivariant(
                f"{where} declares {name}, but at x = {point} it does not commute with exp(t·{element}): at t = 0 the two sides move apart. "
                f"{remedy}"
            )
    return Verdict.UNDECIDED


def _other(nonlinearity: Nonlinearity) -> str:
    if isinstance(nonlinearity, ReLU):
        return "a permutation representation"
    gated = isinstance(nonlinearity, GatedNonlinearity)
    return "group.trivial() + V, the trivial summand first" if gated else "such a representation"


def _infinitesimal_counterexample(nonlinearity: Nonlinearity, matrix: ExactMatrix) -> Point | None:
    """A point x near which σ is smooth and Dσ(x)·Xx ≠ Xσ(x)."""
    d, rows = matrix.columns, matrix.rows
    candidates = []
    for i, row in enumerate(matrix.entries):
        for j, _ in row:
            candidates.append(tuple(sympy.Integer(1 if k == j else -1) for k in range(d)))
            candidates.append(tuple(sympy.Integer(1 if k == 0 else 2 if k in (i, j) else 0) for k in range(d)))
    for x in candidates[:60]:
        left = nonlinearity.derivative(x, times(rows, x))
        if left is not None and equal_points(left, times(rows, nonlinearity.apply(x))) is Verdict.REFUTED:
            return x
    return None


def _counterexample(nonlinearity: Nonlinearity, matrix: ExactMatrix) -> Point | None:
    """A vector ±e_i, ±e_i ± e_j or twice such, i and j near the start, at which σ(Mx) ≠ Mσ(x)."""
    d = matrix.columns
    rows = matrix.rows
    units = [unit_vector(d, i) for i in range(d)]
    for i in range(d):
        if any(row[i].is_negative for row in rows):
            units.insert(0, units.pop(i))
            break
    pairs = [(i, j) for i, j in combinations(range(d), 2) if any(row[i] != 0 and row[j] != 0 for row in rows)] + list(
        combinations(range(min(d, 4)), 2)
    )
    candidates = [*units, *(tuple(-e for e in x) for x in units)]
    for i, j in pairs[:12]:
        candidates += [
            tuple(a * s - b * t for a, b in zip(unit_vector(d, i), unit_vector(d, j), strict=True)) for s, t in ((1, 1), (1, -1), (-1, 1))
        ]
    candidates += [tuple(2 * e for e in x) for x in candidates[: 2 * d]]
    for x in candidates:
        left, right = nonlinearity.apply(times(rows, x)), times(rows, nonlinearity.apply(x))
        if equal_points(left, right) is Verdict.REFUTED:
            return x
    return None
