"""Numbers keep their value in whatever field they are put, and leave it as the same number."""

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import cos, pi, sin, sqrt

from theory.common_field import common_field
from theory.errors import NotAlgebraic
from theory.number_field import cyclotomic, totally_split

CASES = {
    "square roots": ([sqrt(6), sqrt(10) / 2, -sqrt(sympy.Rational(2, 3))], 4),
    "five square roots": ([sqrt(2), sqrt(3), sqrt(5), sqrt(7), sqrt(11)], 32),
    "pentagon": ([cos(2 * pi / 5), sin(2 * pi / 5)], 4),
    "heptagon and a root": ([cos(2 * pi / 7), sin(2 * pi / 7), sqrt(3)], 12),
    "nested roots": ([cos(pi / 8), 3 * sin(pi / 8), sqrt(10 - 2 * sqrt(5)) / 4, sqrt(5)], 16),
    "cube root": ([sympy.cbrt(2), sqrt(2), sympy.cbrt(2) ** 2 / 3], 6),
    "another nested root": ([sqrt(sqrt(2) + 1), 1 / sqrt(2)], 4),
    "a quotient": ([1 / (1 + cos(2 * pi / 9)), cos(4 * pi / 9)], 3),
}


@pytest.mark.parametrize("name", CASES)
def test_coordinates_are_the_number_in_powers_of_the_generator_and_lead_back(name: str) -> None:
    numbers, degree = CASES[name]
    field = common_field(numbers)
    assert field.degree == degree
    theta = sympy.N(field.generator, 200)
    modulus = sum(sympy.Rational(c.numerator, c.denominator) * theta**i for i, c in enumerate(field.modulus))
    assert abs(modulus) < 1e-100
    for number in numbers:
        coordinates = field.coordinates(number)
        value = sum(sympy.Rational(c.numerator, c.denominator) * theta**i for i, c in enumerate(coordinates))
        assert abs(value - sympy.N(number, 100)) < 1e-60
        back = field.number(coordinates)
        assert abs(sympy.N(back, 60) - sympy.N(number, 60)) < 1e-40
        assert field.coordinates(back) == coordinates


@settings(deadline=None, derandomize=True, max_examples=40)
@given(st.integers(3, 40), st.integers(-50, 50), st.integers(-50, 50))
def test_products_of_cosines_add_the_angles(n: int, j: int, k: int) -> None:
    def turn(i: int) -> sympy.Expr:
        return sympy.cos(2 * pi * i / n, evaluate=False)

    field = common_field([turn(1)])
    difference = field.coordinates(2 * turn(j) * turn(k) - turn(j + k) - turn(j - k))
    assert not any(difference)


@pytest.mark.parametrize("number", [cos(1), sympy.pi, sympy.exp(1), sympy.log(2), 2 ** sqrt(2)])
def test_a_number_that_is_not_seen_to_be_algebraic_is_said_to_be_so(number: sympy.Expr) -> None:
    with pytest.raises(NotAlgebraic, match="not seen to be algebraic"):
        common_field([number])


def test_a_number_of_another_field_is_refused() -> None:
    with pytest.raises(NotAlgebraic, match="does not lie in the field"):
        common_field([sqrt(2)]).coordinates(sqrt(3))


def test_primes_that_split_give_as_many_homomorphisms_as_the_degree() -> None:
    field = cyclotomic(7)
    assert totally_split(field, 5) is None
    roots = totally_split(field, 29)
    assert roots is not None
    assert len(roots) == field.degree == 3
    assert all(sum(int(c) * root**i for i, c in enumerate(field.modulus)) % 29 == 0 for root in roots)
