"""Restriction to a subgroup and induction from one."""

from collections.abc import Sequence

from theory.errors import BadInput
from theory.exact_matrix import ExactMatrix
from theory.group import FiniteGroup, Group, Permutation, PermutationGroup, Word, compose
from theory.representation import MatrixRepresentation, PermutationRepresentation, Representation


def restriction(representation: Representation, subgroup_generators: Sequence[Sequence[int]]) -> Representation:
    """The same matrices for the subgroup that these permutations of the group generate; raises `BadInput` for one outside the group.

    The subgroup is `PermutationGroup(subgroup_generators)`, so that restrictions to it combine with representations of it.
    """
    group = _finite(representation.group, "restriction")
    subgroup = PermutationGroup(subgroup_generators, degree=len(group.permutations[0]))
    return representation.pullback(subgroup, _words(group, subgroup.permutations, "restriction"))


def induction(representation: Representation, group: FiniteGroup) -> Representation:
    """Ind_H^G W: functions on the cosets r_1 H, ..., r_k H with values in W; g r_i = r_j h maps block i to block j by ρ(h).

    W belongs to a subgroup H of G given by permutations of the same points. Raises `BadInput` if H is no subgroup.
    """
    subgroup = _finite(representation.group, "induction")
    if len(subgroup.permutations[0]) != len(group.permutations[0]):
        raise BadInput("induction: the subgroup and the group permute different numbers of points.")
    elements, members = group.elements(), subgroup.elements()
    for images in subgroup.permutations:
        if images not in elements:
            raise BadInput(f"induction: the permutation {list(images)} is no element of the group of order {group.order()}.")
    coset_of: dict[Permutation, tuple[int, Permutation]] = {}
    representatives: list[Permutation] = []
    for element in elements:
        if element not in coset_of:
            coset_of.update({compose(element, h): (len(representatives), h) for h in members})
            representatives.append(element)
    moves = [[coset_of[compose(g, r)] for r in representatives] for g in group.permutations]
    if isinstance(representation, PermutationRepresentation):
        d = representation.dimension
        images = [tuple(j * d + i for j, h in blocks for i in representation.along(members[h])) for blocks in moves]
        return PermutationRepresentation(group, tuple(images))
    assert isinstance(representation, MatrixRepresentation)
    known: dict[Permutation, ExactMatrix] = {}
    matrices = []
    for blocks in moves:
        rows: list[tuple] = [()] * (len(blocks) * representation.dimension)
        for i, (j, h) in enumerate(blocks):
            if h not in known:
                known[h] = representation.along(members[h])
            for k, row in enumerate(known[h].entries):
                rows[j * representation.dimension + k] = tuple((i * representation.dimension + x, value) for x, value in row)
        matrices.append(ExactMatrix(tuple(rows), len(rows)))
    return MatrixRepresentation(group, tuple(matrices))


def _finite(group: Group, what: str) -> FiniteGroup:
    if not isinstance(group, FiniteGroup):
        raise BadInput(f"{what}: it is defined here for finite groups; this one is infinite.")
    return group


def _words(group: FiniteGroup, permutations: Sequence[Permutation], what: str) -> list[Word]:
    elements = group.elements()
    for images in permutations:
        if images not in elements:
            raise BadInput(f"{what}: the permutation {list(images)} is no element of the group of order {group.order()}.")
    return [elements[images] for images in permutations]
