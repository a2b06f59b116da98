"""Null spaces are exact and complete: solutions are multiplied out, their number is bounded by a rank modulo a prime."""

from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from theory.common_field import common_field
from theory.errors import Contradiction
from theory.null_space import NullSpace, null_space, reconstruct
from theory.number_field import RATIONALS, NumberField

rational = st.sampled_from([Fraction(0)] * 3 + [Fraction(p, q) for p in (-3, -1, 1, 2) for q in (1, 3)])
systems = st.integers(1, 6).flatmap(lambda n: st.tuples(st.just(n), st.lists(st.lists(rational, min_size=n, max_size=n), max_size=7)))


def rows_of(matrix: list[list], field: NumberField) -> list[dict]:
    rows = [{x: field.coordinates(value) for x, value in enumerate(row)} for row in matrix]
    return [{x: c for x, c in row.items() if any(c)} for row in rows]


@settings(deadline=None, derandomize=True, max_examples=150)
@given(systems)
def test_rational_systems_have_the_nullity_and_solutions_that_sympy_finds(system: tuple[int, list[list[Fraction]]]) -> None:
    size, matrix = system
    space = null_space(rows_of(matrix, RATIONALS), size, RATIONALS)
    dense = sympy.Matrix(len(matrix), size, [sympy.Rational(e.numerator, e.denominator) for row in matrix for e in row])
    assert space.dimension == size - (dense.rank() if matrix else 0)
    vectors = [sympy.Matrix([sympy.sympify(vector.get(x, (Fraction(0),))[0]) for x in range(size)]) for vector in space.vectors]
    assert all((dense * vector).is_zero_matrix for vector in vectors)
    assert not vectors or sympy.Matrix.hstack(*vectors).rank() == len(vectors)


@settings(deadline=None, derandomize=True, max_examples=40)
@given(st.lists(st.lists(st.sampled_from([0, 1, sympy.sqrt(2), -sympy.sqrt(3)]), min_size=4, max_size=4), min_size=2, max_size=4))
def test_systems_over_a_number_field_have_the_nullity_of_floating_point_with_many_digits(matrix: list[list]) -> None:
    field = common_field(entry for row in matrix for entry in row)
    space = null_space(rows_of(matrix, field), 4, field)
    dense = sympy.Matrix(matrix).applyfunc(lambda e: sympy.N(e, 60))
    assert space.dimension == 4 - dense.rank(iszerofunc=lambda e: abs(e) < 1e-40)
    exact = sympy.Matrix(matrix)
    for vector in space.vectors:
        v = sympy.Matrix([sympy.sympify(field.number(vector[x])) if x in vector else 0 for x in range(4)])
        assert (exact * v).applyfunc(lambda e: sympy.expand(e)).is_zero_matrix


def test_solutions_with_large_numerators_are_lifted_over_several_primes() -> None:
    """x + 10⁴⁰ y + z = 0 and y = 10³⁰ z - w: entries far beyond one machine prime."""
    matrix = [[1, 10**40, 1, 0], [0, 1, -(10**30), 1], [Fraction(1, 10**25), 1, 1, 1]]
    space = null_space(rows_of(matrix, RATIONALS), 4, RATIONALS)
    assert space.dimension == 1
    v = [space.vectors[0].get(x, (Fraction(0),))[0] for x in range(4)]
    assert all(sum(Fraction(a) * b for a, b in zip(row, v, strict=True)) == 0 for row in matrix)


@given(st.integers(-(10**8), 10**8), st.integers(1, 10**8))
@settings(deadline=None, derandomize=True)
def test_fractions_are_reconstructed_from_residues(a: int, b: int) -> None:
    prime = 2**61 - 1
    assert reconstruct(a * pow(b, -1, prime) % prime, prime) == Fraction(a, b)


def test_fewer_solutions_than_the_rank_leaves_room_for_are_a_contradiction() -> None:
    """Planted fault: a solution goes missing."""
    full = null_space([], 2, RATIONALS)
    assert full.dimension == 2
    with pytest.raises(Contradiction, match="1 independent solutions, and a rank that leaves 2"):
        _ = NullSpace(full.field, 2, full.vectors[:1], full.bound).dimension
