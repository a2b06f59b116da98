"""Matrices are exact: products, inverses and determinants over number fields, whatever the form of the entries."""

from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from theory.errors import NotAMatrix
from theory.exact_matrix import (
    ExactMatrix,
    canonical,
    combination,
    direct_sum,
    exact_matrix,
    exact_rows,
    identity_matrix,
    inverse,
    is_singular,
    kronecker,
    kronecker_sum,
    product,
)

small = st.sampled_from([0, 1, -1, 2, Fraction(1, 3), sympy.sqrt(2), -sympy.sqrt(3) / 2, sympy.cos(2 * sympy.pi / 7)])
square = st.lists(st.lists(small, min_size=2, max_size=2), min_size=2, max_size=2)


def dense(matrix: ExactMatrix) -> sympy.Matrix:
    return sympy.Matrix(matrix.rows)


def same(left: sympy.Matrix, right: sympy.Matrix) -> bool:
    return all(abs(sympy.N(a - b, 30)) < 1e-20 for a, b in zip(left.flat(), right.flat(), strict=True))


@settings(deadline=None, derandomize=True, max_examples=30)
@given(square, square)
def test_sparse_operations_agree_with_sympys_dense_ones(first: list, second: list) -> None:
    a, b = ExactMatrix.of(first), ExactMatrix.of(second)
    one = sympy.eye(2)
    assert same(dense(product(a, b)), dense(a) * dense(b))
    assert same(dense(kronecker(a, b)), sympy.Matrix(sympy.kronecker_product(dense(a), dense(b))))
    both = sympy.Matrix(sympy.kronecker_product(dense(a), one)) + sympy.Matrix(sympy.kronecker_product(one, dense(b)))
    assert same(dense(kronecker_sum(a, b)), both)
    assert dense(direct_sum(a, b)) == sympy.diag(dense(a), dense(b))
    assert dense(a.transpose()) == dense(a).T
    assert same(dense(combination([2, sympy.sqrt(5)], [a, b])), 2 * dense(a) + sympy.sqrt(5) * dense(b))
    singular = abs(sympy.N(dense(a).det(), 40)) < 1e-30
    assert is_singular(a) == singular
    if singular:
        with pytest.raises(NotAMatrix):
            inverse(a)
    else:
        assert product(a, inverse(a)) == identity_matrix(2)


def test_a_singular_matrix_stays_singular_and_its_perturbation_by_1e_100_does_not() -> None:
    root = sympy.sqrt(2)
    assert is_singular(ExactMatrix.of([[1, root], [root, 2]]))
    assert not is_singular(ExactMatrix.of([[1, root], [root, 2 + sympy.Rational(1, 10**100)]]))


def test_one_number_has_one_canonical_form() -> None:
    forms = [sympy.sqrt(2) / 2, 1 / sympy.sqrt(2), sympy.sqrt(sympy.Rational(1, 2))]
    assert len({canonical(ExactMatrix.of([[form]])) for form in forms}) == 1
    assert canonical(ExactMatrix.of([[sympy.sqrt(2) * sympy.sqrt(3) - sympy.sqrt(6)]])) == ExactMatrix(((),), 1)


@settings(deadline=None, derandomize=True, max_examples=30)
@given(st.integers(1, 5).flatmap(lambda n: st.tuples(st.permutations(range(n)), st.permutations(range(n)))))
def test_permutation_matrices_multiply_as_permutations_compose(pair: tuple[list[int], list[int]]) -> None:
    g, h = pair
    assert product(ExactMatrix.permutation(g), ExactMatrix.permutation(h)) == ExactMatrix.permutation([g[i] for i in h])


def test_signed_permutations_are_recognised_and_others_are_not() -> None:
    assert ExactMatrix.of([[0, -1], [1, 0]]).signs_of_permutation() == ((1, 0), (1, -1))
    for rows in ([[1, 1], [0, 1]], [[2, 0], [0, 1]], [[1, 1], [0, 0]], [[1, 0], [1, 0]]):
        assert ExactMatrix.of(rows).signs_of_permutation() is None


def test_an_empty_matrix_is_refused() -> None:
    with pytest.raises(NotAMatrix, match="square matrix"):
        exact_rows([], "here")
    with pytest.raises(NotAMatrix, match="square matrix"):
        exact_matrix([[1, 2]], "here")
