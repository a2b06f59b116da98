"""Null spaces and matrices are exact: a change in the hundredth digit changes the rank."""

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy.polys.matrices import DomainMatrix

from theory.errors import NotAMatrix
from theory.exact_matrix import domain_matrices, exact_rows, null_space, permutation_rows


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.integers(1, 4).flatmap(lambda d: st.lists(st.lists(st.integers(-3, 3), min_size=d, max_size=d), min_size=d, max_size=d)))
def test_the_null_space_is_annihilated_and_has_the_complementary_dimension(rows: list[list[int]]) -> None:
    (matrix,) = domain_matrices([exact_rows(rows, "test")])
    kernel = null_space(matrix)
    assert kernel.shape[0] + matrix.rank() == len(rows)
    assert all(entry == 0 for entry in (matrix * kernel.transpose()).to_Matrix())


def test_a_singular_matrix_stays_singular_and_its_perturbation_by_1e_100_does_not() -> None:
    root = sympy.sqrt(2)
    singular = [[1, root], [root, 2]]
    perturbed = [[1, root], [root, 2 + sympy.Rational(1, 10**100)]]
    kernels = [null_space(domain_matrices([exact_rows(rows, "test")])[0]).shape[0] for rows in (singular, perturbed)]
    assert kernels == [1, 0]


def test_matrices_are_over_the_rationals_where_possible_and_over_one_field_otherwise() -> None:
    first, second = domain_matrices([exact_rows([[1]], "test"), exact_rows([["1/3"]], "test")])
    assert first.domain == second.domain == sympy.QQ
    first, second = domain_matrices([exact_rows([[sympy.sqrt(2)]], "test"), exact_rows([[sympy.sqrt(3)]], "test")])
    assert first.domain == second.domain
    assert (first * second).to_Matrix()[0] == sympy.sqrt(6)


@settings(deadline=None, derandomize=True, max_examples=30)
@given(st.integers(1, 5).flatmap(lambda n: st.tuples(st.permutations(range(n)), st.permutations(range(n)))))
def test_permutation_matrices_multiply_as_permutations_compose(pair: tuple[list[int], list[int]]) -> None:
    g, h = pair
    product = sympy.Matrix(permutation_rows(g)) * sympy.Matrix(permutation_rows(h))
    assert product == sympy.Matrix(permutation_rows([g[i] for i in h]))


def test_an_empty_matrix_is_refused() -> None:
    with pytest.raises(NotAMatrix, match="square matrix"):
        exact_rows([], "here")
    assert DomainMatrix.eye(1, sympy.QQ).shape == (1, 1)
