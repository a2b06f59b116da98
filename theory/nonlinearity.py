"""Nonlinearities: what they commute with, and which of the three properties that Lemma A4 needs of σ they have.

(i) σ(cx) = cσ(x) for c ≥ 0, (ii) σ(x) - σ(-x) = x, (iii) σ(0) = 0 and ‖σ(x) - σ(y)‖ ≤ ‖x - y‖. The projection onto a closed convex cone has
(i) and (iii), and if the cone is its own dual then Moreau's decomposition x = P(x) - P(-x) is (ii). ReLU is such a projection, onto the
orthant; `cone_relu` is one that commutes with every rotation.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import sympy

from theory.claims import changed_length
from theory.exact_matrix import ExactMatrix
from theory.representation import Representation
from theory.verdict import Verdict, decide_at_most, decide_equal

Point = tuple[sympy.Expr, ...]
HOMOGENEOUS, DECOMPOSES, CONTRACTS = "σ(cx) = cσ(x) for c ≥ 0", "σ(x) - σ(-x) = x", "σ(0) = 0, σ 1-Lipschitz"


@dataclass(frozen=True)
class Property:
    """A property of σ that Lemma A4 needs: proved, or refuted at a point."""

    name: str
    verdict: Verdict
    counterexample: str = ""

    def __str__(self) -> str:
        return f"A4: {self.name}" + (f", fails at {self.counterexample}" if self.counterexample else "")


class Nonlinearity(ABC):
    """A map σ of the hidden space into itself."""

    name: str
    proved: tuple[str, ...]
    """Those of the three properties that hold, by the argument in the class's docstring."""
    commutes_with: str

    @abstractmethod
    def apply(self, x: Sequence[sympy.Expr]) -> Point:
        """σ(x), exactly."""

    @abstractmethod
    def derivative(self, x: Point, v: Point) -> Point | None:
        """Dσ(x)·v at a point near which σ is smooth, else None."""

    @abstractmethod
    def commutes(self, representation: Representation) -> bool:
        """Whether the representation is of the kind that σ is proved to commute with."""

    def refuting_points(self, dimension: int) -> dict[str, tuple]:
        """For each property that fails, where: (c, x), (x,) or (x, y)."""
        del dimension
        return {}

    def properties(self, dimension: int) -> tuple[Property, ...]:
        """The three properties on a space of this dimension; a counterexample is evaluated before it is believed."""
        points = self.refuting_points(dimension)
        return tuple(
            Property(name, Verdict.PROVED) if name in self.proved else self._refuted(name, points[name])
            for name in (HOMOGENEOUS, DECOMPOSES, CONTRACTS)
        )

    def _refuted(self, name: str, point: tuple) -> Property:
        if name == HOMOGENEOUS:
            c, x = point
            left, right = self.apply([c * e for e in x]), tuple(c * e for e in self.apply(x))
            verdict, text = equal_points(left, right), f"c = {c}, x = {tuple(x)}"
        elif name == DECOMPOSES:
            (x,) = point
            plus, minus = self.apply(x), self.apply([-e for e in x])
            verdict, text = equal_points(tuple(a - b for a, b in zip(plus, minus, strict=True)), tuple(x)), f"x = {tuple(x)}"
        else:
            x, y = point
            moved = sum((a - b) ** 2 for a, b in zip(self.apply(x), self.apply(y), strict=True))
            distance = sympy.sympify(sum((a - b) ** 2 for a, b in zip(x, y, strict=True)))
            verdict, text = decide_at_most(sympy.sympify(moved), distance), f"x = {tuple(x)}, y = {tuple(y)}"
        return Property(name, verdict, text if verdict is Verdict.REFUTED else "")


class ReLU(Nonlinearity):
    """The positive part of each coordinate: the projection onto the orthant, a self-dual cone."""

    name, proved, commutes_with = "relu", (HOMOGENEOUS, DECOMPOSES, CONTRACTS), "permutation matrices"

    def apply(self, x: Sequence[sympy.Expr]) -> Point:
        """max(x_i, 0)."""
        return tuple(sympy.Max(e, 0) for e in x)

    def derivative(self, x: Point, v: Point) -> Point | None:
        """The coordinates of v where x is positive."""
        return None if 0 in x else tuple(sympy.Integer(0) if e.is_negative else f for e, f in zip(x, v, strict=True))

    def commutes(self, representation: Representation) -> bool:
        """relu(Mx) = M relu(x) for all x iff every row of M has at most one non-zero entry and no negative one.

        Of a Lie algebra, exp(tX) is of that kind for every t iff X is diagonal.
        """
        rows = (row for matrix in representation.matrices for row in matrix.entries)
        monomial = all(len(row) <= 1 and all(sympy.sympify(value).is_nonnegative for _, value in row) for row in rows)
        return monomial and all(
            all(j == i for j, _ in row) for matrix in representation.derivatives for i, row in enumerate(matrix.entries)
        )


class NormReLU(Nonlinearity):
    """x ↦ max(‖x‖ - 1, 0) x/‖x‖. It is x minus its projection onto the unit ball, hence (iii); (i) and (ii) fail."""

    name, proved, commutes_with = "norm_relu", (CONTRACTS,), "orthogonal matrices"

    def apply(self, x: Sequence[sympy.Expr]) -> Point:
        """Shorten x by 1."""
        norm = _norm(x)
        inside = decide_at_most(norm, sympy.Integer(1)) is Verdict.PROVED
        return tuple(sympy.Integer(0) if inside else e * (norm - 1) / norm for e in x)

    def derivative(self, x: Point, v: Point) -> Point | None:
        """v - v/r + x (x·v)/r³ outside the unit ball, r = ‖x‖."""
        r, along = _norm(x), _dot(x, v)
        if decide_at_most(r, sympy.Integer(1)) is not Verdict.REFUTED:
            return None
        return tuple(f - f / r + e * along / r**3 for e, f in zip(x, v, strict=True))

    def commutes(self, representation: Representation) -> bool:
        """‖Mx‖ = ‖x‖ for all x."""
        verdict, _ = changed_length(representation)
        return verdict is Verdict.PROVED

    def refuting_points(self, dimension: int) -> dict[str, tuple]:
        """Unit vectors, which it maps to 0."""
        x = unit_vector(dimension, 0)
        return {HOMOGENEOUS: (2, x), DECOMPOSES: (x,)}


class GatedNonlinearity(Nonlinearity):
    """On 1 ⊕ V, whose first coordinate the group fixes."""

    def _splits(self, matrix: ExactMatrix, corner: tuple) -> bool:
        first_column = [i for i, row in enumerate(matrix.entries) if row and row[0][0] == 0]
        return matrix.entries[0] == corner and first_column == ([0] if corner else [])

    def commutes(self, representation: Representation) -> bool:
        """Every generator is 1 ⊕ M, every element of a Lie algebra 0 ⊕ X."""
        return all(self._splits(matrix, ((0, 1),)) for matrix in representation.matrices) and all(
            self._splits(matrix, ()) for matrix in representation.derivatives
        )


class Gated(GatedNonlinearity):
    """(s, x) ↦ (max(s, 0), x/(1 + e^-s)). (ii) holds since 1/(1 + e^-s) + 1/(1 + e^s) = 1; (i) and (iii) fail."""

    name, proved, commutes_with = "gated", (DECOMPOSES,), "matrices 1 ⊕ M, the first coordinate being an invariant gate"

    def apply(self, x: Sequence[sympy.Expr]) -> Point:
        """Multiply by the sigmoid of the first coordinate."""
        s = x[0]
        return (sympy.Max(s, 0), *(e / (1 + sympy.exp(-s)) for e in x[1:]))

    def derivative(self, x: Point, v: Point) -> Point | None:
        """By the product rule, for s > 0."""
        gate = 1 / (1 + sympy.exp(-x[0]))
        return (v[0], *(f * gate + e * gate * (1 - gate) * v[0] for e, f in zip(x[1:], v[1:], strict=True))) if x[0].is_positive else None

    def refuting_points(self, dimension: int) -> dict[str, tuple]:
        """A gate between 0 and 1, before a long vector."""
        both, long = _sum(unit_vector(dimension, 0), unit_vector(dimension, 1)), tuple(10 * e for e in unit_vector(dimension, 1))
        return {HOMOGENEOUS: (2, both), CONTRACTS: (_sum(unit_vector(dimension, 0), long), long)}


class ConeReLU(GatedNonlinearity):
    """The projection of (s, x) onto the cone ‖x‖ ≤ s, which is its own dual: ((s + ‖x‖)/2)·(1, x/‖x‖) if |s| ≤ ‖x‖, else itself or 0."""

    name, proved = "cone_relu", (HOMOGENEOUS, DECOMPOSES, CONTRACTS)
    commutes_with = "matrices 1 ⊕ M with M orthogonal, the first coordinate being invariant"

    def apply(self, x: Sequence[sympy.Expr]) -> Point:
        """The nearest point of the cone."""
        s, norm = sympy.sympify(x[0]), _norm(x[1:])
        if decide_at_most(norm, s) is Verdict.PROVED:
            return tuple(x)
        if decide_at_most(norm, -s) is Verdict.PROVED:
            return (sympy.Integer(0),) * len(x)
        return ((s + norm) / 2, *(e * (s + norm) / (2 * norm) for e in x[1:]))

    def derivative(self, x: Point, v: Point) -> Point | None:
        """By the product rule, for |s| < r = ‖x‖."""
        s, r = x[0], _norm(x[1:])
        if decide_at_most(r, abs(s)) is not Verdict.REFUTED:
            return None
        dr = _dot(x[1:], v[1:]) / r
        factor, change = (s + r) / (2 * r), (v[0] + dr) / (2 * r) - (s + r) * dr / (2 * r**2)
        return ((v[0] + dr) / 2, *(f * factor + e * change for e, f in zip(x[1:], v[1:], strict=True)))

    def commutes(self, representation: Representation) -> bool:
        """Every generator is 1 ⊕ M with M orthogonal."""
        return super().commutes(representation) and changed_length(representation)[0] is Verdict.PROVED


NONLINEARITIES: dict[str, Nonlinearity] = {known.name: known for known in (ReLU(), NormReLU(), Gated(), ConeReLU())}


def times(rows: Sequence[Sequence[sympy.Expr]], x: Sequence[sympy.Expr]) -> Point:
    """The matrix `[d, d]` times a vector, expanded."""
    return tuple(sympy.expand(sympy.Add(*(a * e for a, e in zip(row, x, strict=True) if a != 0 and e != 0))) for row in rows)


def equal_points(left: Point, right: Point) -> Verdict:
    """Whether two vectors are equal."""
    verdict = Verdict.PROVED
    for a, b in zip(left, right, strict=True):
        verdict = verdict & (Verdict.PROVED if a == b else decide_equal(a, b))
        if verdict is Verdict.REFUTED:
            break
    return verdict


def _norm(x: Sequence[sympy.Expr]) -> sympy.Expr:
    return sympy.sqrt(sympy.expand(sympy.Add(*(e**2 for e in x))))


def _dot(x: Sequence[sympy.Expr], y: Sequence[sympy.Expr]) -> sympy.Expr:
    return sympy.Add(*(a * b for a, b in zip(x, y, strict=True)))


def unit_vector(dimension: int, position: int) -> Point:
    """The basis vector with a 1 at a position."""
    return tuple(sympy.Integer(int(i == position)) for i in range(dimension))


def _sum(x: Point, y: Point) -> Point:
    return tuple(a + b for a, b in zip(x, y, strict=True))
