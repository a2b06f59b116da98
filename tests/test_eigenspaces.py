"""Dense intertwiners by eigenspaces: the same null space as elimination of all equations finds, and nothing where there is no representation."""

import pytest
import sympy

from theory import intertwiner
from theory.basis_norm import norm_bounds
from theory.characters import character_inner_product
from theory.eigenspaces import dense_null_space
from theory.exact_matrix import ExactMatrix, combination
from theory.group import PermutationGroup
from theory.intertwiner import intertwiner_null_space, intertwiners
from theory.irreducible import cyclic_irreducible, dihedral_irreducible
from theory.representation import MatrixRepresentation, Representation


def planes(n: int, *frequencies: int) -> Representation:
    """The tensor product of planes of D_n."""
    space = dihedral_irreducible(n, frequencies[0])
    for k in frequencies[1:]:
        space = space * dihedral_irreducible(n, k)
    return space


def standard() -> Representation:
    """S_5 on the vectors of sum 0, dense: in the basis e_0 - e_i."""
    group = PermutationGroup([[1, 2, 3, 4, 0], [1, 0, 2, 3, 4]])
    rows = []
    for images in group.permutations:
        # g(e_0 - e_i) = (e_0 - e_g(i)) - (e_0 - e_g(0)), e_0 - e_0 being 0.
        columns = [[(j == images[i]) - (j == images[0]) for j in range(1, 5)] for i in range(1, 5)]
        rows.append(ExactMatrix.of([list(row) for row in zip(*columns, strict=True)]))
    return MatrixRepresentation(group, tuple(rows))


SPACES = [
    (planes(7, 1, 2, 3), planes(7, 1, 2, 3)),
    (planes(13, 1, 2, 3), planes(13, 4, 5)),
    (planes(12, 1, 5), planes(12, 1, 5)),
    (planes(5, 1, 2), dihedral_irreducible(5, 1)),
    (dihedral_irreducible(12, 1), dihedral_irreducible(12, 5)),
    (standard() * standard(), standard() * standard()),
]


@pytest.mark.parametrize(("domain", "codomain"), SPACES)
def test_the_eigenspaces_of_one_element_give_the_null_space_that_all_equations_give(
    domain: Representation, codomain: Representation
) -> None:
    every = intertwiner_null_space(domain, codomain)
    found = dense_null_space(domain.group, domain.matrices, codomain.matrices, every.field)  # pyright: ignore[reportArgumentType]
    assert found is not None
    assert found.bound == every.bound == found.dimension
    # Over the rationals, equations of two terms are solved first, which may choose other vectors of the same space.
    assert found == every or every.field.degree == 1
    assert found.dimension == character_inner_product(domain, codomain)


def test_a_missing_equation_is_noticed_since_every_solution_is_multiplied_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: the equations forget the reflection, so that too many solutions are proposed, and none of these commutes."""
    space = planes(7, 1, 2)
    monkeypatch.setattr("theory.null_space.PRIME_LIMIT", 3)
    whole = __import__("theory.eigenspaces", fromlist=["_equations"])._equations
    monkeypatch.setattr("theory.eigenspaces._equations", lambda v, w, places, prime: whole(v[:1], w[:1], places, prime))
    field = intertwiner_null_space(space, space).field
    with pytest.raises(Exception, match="primes did not suffice"):
        dense_null_space(space.group, space.matrices, space.matrices, field)  # pyright: ignore[reportArgumentType]


def test_images_that_break_a_relation_or_split_too_little_are_left_to_elimination() -> None:
    group = PermutationGroup([[1, 2, 0]])
    quarter = MatrixRepresentation(group, (ExactMatrix.of([[0, -1], [1, 0]]),))
    field = intertwiner_null_space(quarter, quarter).field
    assert dense_null_space(group, quarter.matrices, quarter.matrices, field) is None
    sign = cyclic_irreducible(2, 1)
    both = sign + sign
    assert dense_null_space(both.group, both.matrices, both.matrices, field) is None  # pyright: ignore[reportArgumentType]


def test_dense_spaces_of_a_finite_group_take_this_way_and_lie_groups_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    monkeypatch.setattr(intertwiner, "MOST_TERMS", 0)
    monkeypatch.setattr(intertwiner, "dense_null_space", lambda group, *_: seen.append(group.order()))
    intertwiner_null_space.cache_clear()
    assert intertwiner_null_space(planes(5, 1, 2), planes(5, 1, 2)).dimension == 2
    assert seen == [10]
    intertwiner_null_space.cache_clear()


def test_sums_of_entries_in_the_number_field_give_the_norms_that_sympy_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    space = planes(7, 1, 2, 3)
    plain = norm_bounds(space, space)
    monkeypatch.setattr("theory.basis_norm.MOST_ENTRIES", 0)
    for a, b in zip(plain, norm_bounds(space, space), strict=True):
        assert abs(sympy.N(a - b, 30)) < 1e-11
    doubled = tuple(combination([2], [matrix]) for matrix in intertwiners(space, space))
    assert abs(sympy.N(norm_bounds(space, space, doubled)[1] - 2 * plain[1], 30)) < 1e-11
