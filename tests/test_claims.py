"""A declaration is a claim: true ones are proved, false ones refuted with a counterexample that really is one."""

import re

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from theory.claims import check_homomorphism, check_orthogonality
from theory.equivariance import check_nonlinearity
from theory.errors import BadInput, NonlinearityNotEquivariant, NotAHomomorphism, NotOrthogonal
from theory.group import PermutationGroup
from theory.representation import MatrixRepresentation, Representation
from theory.verdict import Verdict

PROVED = Verdict.PROVED
HALF, ROOT = sympy.Rational(1, 2), sympy.sqrt(3) / 2
TRIANGLE = PermutationGroup([[1, 2, 0], [0, 2, 1]], names=("r", "s"))
PLANE = TRIANGLE.representation([[[-HALF, -ROOT], [ROOT, -HALF]], [[1, 0], [0, -1]]])
OBLIQUE = TRIANGLE.representation([[[0, -1], [1, -1]], [[1, -1], [0, -1]]])


def dihedral(n: int) -> PermutationGroup:
    return PermutationGroup([[*range(1, n), 0], [-i % n for i in range(n)]], names=("r", "s"))


def true_representations() -> list[Representation]:
    natural = TRIANGLE.natural()
    return [natural, TRIANGLE.trivial(), TRIANGLE.regular(), natural**2, natural + natural, PLANE, OBLIQUE, PLANE * PLANE, OBLIQUE.dual(),
            TRIANGLE.representation([[0, 1], [1, 0]]), TRIANGLE.representation([[[1]], [[-1]]]), PLANE + natural]  # fmt: skip


@pytest.mark.parametrize("space", true_representations(), ids=lambda space: f"dimension {space.dimension}")
def test_a_representation_is_proved_to_be_a_homomorphism(space: Representation) -> None:
    assert check_homomorphism(space, "test") is PROVED


def test_a_reflection_that_is_another_reflection_breaks_the_relator_of_the_dihedral_group() -> None:
    n = 6
    group = dihedral(n)
    false = group.representation([[*range(1, n), 0], [1, 0, 2, 3, 4, 5]])
    with pytest.raises(NotAHomomorphism) as refuted:
        check_homomorphism(false, "Dihedral(n=6), representation()")
    message = str(refuted.value)
    found = re.search(
        r"Dihedral\(n=6\), representation\(\): the relator (.*) must map to the identity, but ρ\((.*)\) moves point (\d) to", message
    )
    assert found
    relator = found.group(1)
    assert relator == found.group(2)
    moved = int(found.group(3))
    to = int(message.split("to point ")[1][0])
    assert multiply(relator, {"r": group.permutations[0], "s": group.permutations[1]}) == tuple(range(n))
    broken = multiply(relator, {"r": (1, 2, 3, 4, 5, 0), "s": (1, 0, 2, 3, 4, 5)})
    assert broken[moved] == to != moved


def multiply(relator: str, letters: dict[str, tuple[int, ...]]) -> tuple[int, ...]:
    """Multiply out a relator such as (r*s)**2 by reading it as Python."""

    class Word:
        def __init__(self, images: tuple[int, ...]) -> None:
            self.images = images

        def __mul__(self, other: "Word") -> "Word":
            return Word(tuple(self.images[i] for i in other.images))

        def __pow__(self, exponent: int) -> "Word":
            return self if exponent == 1 else self * self ** (exponent - 1)

    return eval(relator, {name: Word(images) for name, images in letters.items()}).images


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.permutations(range(4)), st.permutations(range(4)))
def test_images_are_refuted_exactly_when_the_triangles_relations_fail(rotation: list[int], reflection: list[int]) -> None:
    """⟨r, s | r³, s², (rs)²⟩ presents the group, so these three relations decide."""
    letters = {"r": tuple(rotation), "s": tuple(reflection)}
    true = all(multiply(relator, letters) == tuple(range(4)) for relator in ("r**3", "s**2", "(r*s)**2"))
    space = TRIANGLE.representation([rotation, reflection])
    matrices = MatrixRepresentation(TRIANGLE, space.matrices)
    for candidate in (space, matrices):
        if true:
            assert check_homomorphism(candidate, "test") is PROVED
            continue
        with pytest.raises(NotAHomomorphism) as refuted:
            check_homomorphism(candidate, "test")
        relator = str(refuted.value).split("the relator ")[1].split(" must")[0]
        assert multiply(relator, {"r": (1, 2, 0), "s": (0, 2, 1)}) == (0, 1, 2)
        assert multiply(relator, letters) != tuple(range(4))


def test_a_matrix_off_by_the_thousandth_part_is_no_homomorphism_and_the_vector_moved_is_named() -> None:
    eps = sympy.Rational(1001, 1000)
    false = TRIANGLE.representation([[[-HALF, -ROOT * eps], [ROOT, -HALF]], [[1, 0], [0, -1]]])
    with pytest.raises(NotAHomomorphism, match=r"relator .* maps basis vector \d to \("):
        check_homomorphism(false, "test")


def test_two_names_for_one_element_with_different_images_are_refuted_though_every_short_relator_holds() -> None:
    """a = b in the group, ρ(a) ≠ ρ(b), and no word of fewer than 100 letters is the identity: too many words to try them all."""
    shift = [*range(1, 100), 0]
    group = PermutationGroup([shift, shift])
    unequal = group.representation([[*range(1, 10), 0], [1, 0, *range(2, 10)]])
    with pytest.raises(NotAHomomorphism, match="the relator"):
        check_homomorphism(unequal, "test")
    small = PermutationGroup([[*range(1, 30), 0]] * 2)
    free = small.representation([[[1, 2], [0, 1]], [[1, 0], [2, 1]]])
    with pytest.raises(NotAHomomorphism, match=r"maps basis vector"):
        check_homomorphism(free, "test")


def test_a_false_action_of_a_group_too_large_to_enumerate_is_refuted_and_a_true_one_proved() -> None:
    shift = [*range(1, 9), 0]
    group = PermutationGroup([[1, 0, *range(2, 9)], shift])
    assert group.order() == 362880
    assert check_homomorphism(group.natural(), "test") is PROVED
    assert check_homomorphism(group.representation([[1, 0], [0, 1]]), "test") is PROVED  # the sign: a 9-cycle is even
    with pytest.raises(NotAHomomorphism, match="the relator"):
        check_homomorphism(group.representation([[0, 1], [1, 0]]), "test")


def test_matrices_of_a_group_too_large_to_enumerate_are_decided_too() -> None:
    """S_9 on 8 dimensions, e_i - e_8: Schreier–Sims on pairs needs no list of the elements."""
    group = PermutationGroup([[1, 0, *range(2, 9)], [*range(1, 9), 0]])
    matrices = []
    for g in group.permutations:
        columns = []
        for i in range(8):
            column = [0] * 9
            column[g[i]] += 1
            column[g[8]] -= 1
            columns.append(column[:8])
        matrices.append([list(row) for row in zip(*columns, strict=True)])
    assert check_homomorphism(group.representation(matrices), "test") is PROVED
    matrices[1][3][3] += 1
    with pytest.raises(NotAHomomorphism):
        check_homomorphism(group.representation(matrices), "test")


def test_numbers_that_are_not_seen_to_be_algebraic_leave_the_homomorphism_undecided() -> None:
    group = PermutationGroup([[1, 0]])
    mirror = group.representation([[[sympy.cos(1), sympy.sin(1)], [sympy.sin(1), -sympy.cos(1)]]])
    assert check_homomorphism(mirror, "test") is Verdict.UNDECIDED
    assert check_orthogonality(mirror, "test") is PROVED
    longer = group.representation([[[sympy.cos(1), sympy.sin(1)], [sympy.sin(1), -sympy.cos(2)]]])
    with pytest.raises(NotOrthogonal):
        check_orthogonality(longer, "test")


def test_orthonormal_bases_are_proved_orthogonal_and_oblique_ones_refuted_with_a_vector() -> None:
    assert check_orthogonality(TRIANGLE.natural(), "test") is PROVED
    assert check_orthogonality(PLANE, "test") is PROVED
    with pytest.raises(NotOrthogonal) as refuted:
        check_orthogonality(OBLIQUE, "test")
    found = re.search(r"ρ\((\w)\) maps x = (\(.*?\)) of squared length (\d+) to squared length (\d+)", str(refuted.value))
    assert found
    x = sympy.Matrix(eval(found.group(2)))
    image = sympy.Matrix(OBLIQUE.rows("rs".index(found.group(1)))) * x
    assert x.dot(x) == int(found.group(3)) != int(found.group(4)) == image.dot(image)
    assert "choose an orthonormal basis" in str(refuted.value)


def test_a_shear_with_unit_columns_is_refuted_by_the_sum_of_two_basis_vectors() -> None:
    group = PermutationGroup([[1, 0]], names=("g",))
    sheared = group.representation([[[1, sympy.Rational(3, 5)], [0, sympy.Rational(4, 5)]]])
    with pytest.raises(NotOrthogonal, match=r"x = \(1, 1\) of squared length 2 to squared length 16/5"):
        check_orthogonality(sheared, "test")
    longer = group.representation([[[1, 0], [0, 1 + sympy.Rational(1, 10**30)]]])
    with pytest.raises(NotOrthogonal, match=r"x = \(0, 1\)"):
        check_orthogonality(longer, "test")


def relu(vector: sympy.Matrix) -> sympy.Matrix:
    return vector.applyfunc(lambda entry: sympy.Max(entry, 0))


SPINS = {
    "rotation by 45°": [[sympy.sqrt(2) / 2, -sympy.sqrt(2) / 2], [sympy.sqrt(2) / 2, sympy.sqrt(2) / 2]],
    "rotation by 90°": [[0, -1], [1, 0]],
    "sign": [[-1]],
    "non-negative, two entries in a row": [[sympy.Rational(3, 5), sympy.Rational(4, 5)], [0, 1]],
    "barely negative": [[1, -sympy.Rational(1, 10**50)], [0, 1]],
}


@pytest.mark.parametrize("name", SPINS)
def test_relu_does_not_commute_with_this_matrix_and_the_point_named_shows_it(name: str) -> None:
    rows = SPINS[name]
    group = PermutationGroup([[*range(1, 8), 0]], names=("g",))
    with pytest.raises(NonlinearityNotEquivariant) as refuted:
        check_nonlinearity("relu", group.representation([rows]), "Spin(n=8)")
    message = str(refuted.value)
    assert message.startswith("Spin(n=8) declares relu, but at x = (")
    assert "choose a permutation representation" in message
    x = sympy.Matrix(eval(message.split("at x = ")[1].split(" it does")[0]))
    matrix = sympy.Matrix(rows)
    assert (relu(matrix * x) - matrix * relu(x)).applyfunc(sympy.simplify) != sympy.zeros(*x.shape)


def test_relu_commutes_with_permutation_matrices_and_positive_scalings() -> None:
    group = PermutationGroup([[1, 2, 0]])
    natural = group.natural()
    assert check_nonlinearity("relu", natural, "test") is PROVED
    assert check_nonlinearity("relu", MatrixRepresentation(group, natural.matrices), "test") is PROVED
    assert check_nonlinearity("relu", group.representation([[[2, 0], [0, 3]]]), "test") is PROVED


def test_an_unknown_nonlinearity_is_refused_with_those_known() -> None:
    with pytest.raises(BadInput, match="'tanh' is not known; choose one of relu, norm_relu, gated, cone_relu"):
        check_nonlinearity("tanh", TRIANGLE.natural(), "test")
