"""Representations compose as the mathematics does: traces add and multiply, duals invert and transpose."""

from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from theory.common_field import common_field
from theory.errors import BadInput, DifferentGroups, NotAMatrix, NotAPermutation
from theory.exact_matrix import identity_matrix, product
from theory.group import PermutationGroup
from theory.representation import MatrixRepresentation, PermutationRepresentation, Representation

TRIANGLE = PermutationGroup([[1, 2, 0], [0, 2, 1]], names=("r", "s"))
STANDARD = TRIANGLE.representation([[[0, -1], [1, -1]], [[1, -1], [0, -1]]])
HALF, ROOT = sympy.Rational(1, 2), sympy.sqrt(3) / 2
PLANE = TRIANGLE.representation([[[-HALF, -ROOT], [ROOT, -HALF]], [[1, 0], [0, -1]]])
SPACES: list[Representation] = [
    TRIANGLE.natural(), TRIANGLE.trivial(), TRIANGLE.regular(), TRIANGLE.quotient([[0, 2, 1]]), STANDARD, PLANE,
]  # fmt: skip


def matrix(space: Representation, generator: int) -> sympy.Matrix:
    return sympy.Matrix(space.rows(generator))


@settings(deadline=None, derandomize=True, max_examples=40)
@given(st.sampled_from(SPACES), st.sampled_from(SPACES), st.integers(0, 1))
def test_sums_are_block_diagonal_and_products_are_kronecker_products(v: Representation, w: Representation, g: int) -> None:
    total, product = v + w, v * w
    assert total.dimension == v.dimension + w.dimension
    assert product.dimension == v.dimension * w.dimension
    assert matrix(total, g) == sympy.diag(matrix(v, g), matrix(w, g))
    kronecker = sympy.Matrix(sympy.kronecker_product(matrix(v, g), matrix(w, g)))
    assert (matrix(product, g) - kronecker).applyfunc(sympy.simplify).is_zero_matrix


@settings(deadline=None, derandomize=True, max_examples=20)
@given(st.sampled_from(SPACES), st.integers(0, 1))
def test_the_dual_is_the_inverse_transpose_and_the_double_dual_the_space_itself(v: Representation, g: int) -> None:
    dual = v.dual()
    assert (matrix(dual, g).T * matrix(v, g)).applyfunc(sympy.simplify) == sympy.eye(v.dimension)
    assert (matrix(dual.dual(), g) - matrix(v, g)).applyfunc(sympy.simplify).is_zero_matrix


def test_an_oblique_basis_makes_the_dual_another_matrix() -> None:
    assert STANDARD.dual().rows(0) != STANDARD.rows(0)
    assert STANDARD.dual().rows(0) == ((-1, -1), (1, 0))


def test_permutation_matrices_send_basis_vector_i_to_its_image() -> None:
    for g, images in enumerate(TRIANGLE.permutations):
        for i, image in enumerate(images):
            column = [row[i] for row in TRIANGLE.natural().rows(g)]
            assert column == [int(j == image) for j in range(3)]


def test_a_tensor_power_is_a_repeated_product_and_the_zeroth_is_refused() -> None:
    natural = TRIANGLE.natural()
    assert natural**1 == natural
    assert natural**3 == natural * natural * natural
    with pytest.raises(BadInput, match=r"not 0; the zeroth power is group.trivial\(\)"):
        _ = natural**0


def test_the_regular_representation_has_the_order_of_the_group_as_dimension_and_no_fixed_point() -> None:
    regular = TRIANGLE.regular()
    assert isinstance(regular, PermutationRepresentation)
    assert regular.dimension == 6
    assert all(i != image for images in regular.images for i, image in enumerate(images))


def test_representations_of_two_groups_never_combine() -> None:
    other = PermutationGroup([[1, 2, 0], [1, 0, 2]])
    for combine in (lambda: TRIANGLE.natural() + other.natural(), lambda: TRIANGLE.natural() * other.natural()):
        with pytest.raises(DifferentGroups, match="generator for generator"):
            combine()


@pytest.mark.parametrize("entry", ["0.5", "1e0", sympy.Float(1), "sqrt(2.0)", True])
def test_a_float_is_refused_in_whatever_disguise(entry: object) -> None:
    with pytest.raises(NotAMatrix, match="is not exact"):
        TRIANGLE.representation([[[entry]], [[1]]])  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("entry", ["x", sympy.Symbol("x"), sympy.I, sympy.oo, "1/0", sympy.nan])
def test_an_entry_that_is_no_real_number_is_refused(entry: sympy.Expr | str) -> None:
    with pytest.raises(NotAMatrix, match="is not a real number"):
        TRIANGLE.representation([[[entry]], [[1]]])


def test_text_that_does_not_parse_is_refused() -> None:
    with pytest.raises(NotAMatrix, match="is not a number"):
        TRIANGLE.representation([[["1+"]], [[1]]])


def test_exact_numbers_of_every_kind_are_the_same_number() -> None:
    half = [TRIANGLE.representation([[[entry]], [[2]]]) for entry in (Fraction(1, 2), sympy.Rational(1, 2), "1/2")]
    assert half[0] == half[1] == half[2]


@pytest.mark.parametrize(
    ("images", "message"),
    [
        ([[[1, 0], [0, 0]], [[1, 0], [0, 1]]], "generator r is singular"),
        ([[[1, 2], [2, 4]], [[1, 0], [0, 1]]], "generator r is singular"),
        ([[[1, 0], [0, 1]], [[1, sympy.sqrt(2)], [sympy.sqrt(2), 2]]], "generator s is singular"),
        ([[[1, 0]], [[1, 0], [0, 1]]], "square matrix"),
        ([[[1, 0], [0]], [[1, 0], [0, 1]]], "square matrix"),
        ([[[1]], [[1, 0], [0, 1]]], r"sizes \[1, 2\]"),
    ],
)
def test_an_image_that_is_no_invertible_matrix_of_one_size_is_refused(images: list, message: str) -> None:
    with pytest.raises(NotAMatrix, match=message):
        TRIANGLE.representation(images)


def test_a_flat_image_that_is_no_permutation_is_refused() -> None:
    with pytest.raises(NotAPermutation, match=r"generator s, \[0, 0\]"):
        TRIANGLE.representation([[1, 0], [0, 0]])


@pytest.mark.parametrize("images", [[], [[0, 1]], [[0, 1], [0, 1], [0, 1]]])
def test_every_generator_needs_exactly_one_image(images: list[list[int]]) -> None:
    with pytest.raises(BadInput, match=f"{len(images)} images for 2 generators"):
        TRIANGLE.representation(images)


def test_a_mixture_of_numbers_and_rows_is_refused() -> None:
    with pytest.raises(NotAMatrix, match="mixes numbers and rows"):
        TRIANGLE.representation([[0, 1], [[1, 0], [0, 1]]])


def test_irrational_matrices_live_in_one_number_field() -> None:
    assert isinstance(PLANE, MatrixRepresentation)
    rotation, _ = PLANE.matrices
    assert product(rotation, rotation, rotation) == identity_matrix(2)
    assert common_field(rotation.numbers()).degree == 2


def test_matrices_that_permute_are_recognised_as_permutations() -> None:
    group = PermutationGroup([[1, 0]])
    assert group.representation([[[0, 1], [1, 0]]]) == group.natural()
    assert not isinstance(group.representation([[[0, -1], [-1, 0]]]), PermutationRepresentation)
