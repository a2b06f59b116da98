"""Spaces of intertwiners Hom_G(V, W), exactly: orbits of pairs, null spaces, characters."""

from fractions import Fraction

import sympy
from sympy.polys.matrices import DomainMatrix

from theory.exact_matrix import domain_matrices, null_space
from theory.group import ENUMERATION_LIMIT
from theory.representation import PermutationRepresentation, Representation


def orbit_labels(domain: PermutationRepresentation, codomain: PermutationRepresentation) -> list[int]:
    """The orbit of each pair (y, x) under the group, at index y·dim V + x; orbits are numbered in the order they first appear.

    The indicators of these orbits are a basis of Hom_G(V, W): an intertwiner is a matrix that is constant on orbits of pairs.
    """
    domain._matching(codomain)
    columns, total = domain.dimension, domain.dimension * codomain.dimension
    labels, count = [-1] * total, 0
    for start in range(total):
        if labels[start] >= 0:
            continue
        labels[start] = count
        stack = [start]
        while stack:
            y, x = divmod(stack.pop(), columns)
            for g, h in zip(codomain.images, domain.images, strict=True):
                pair = g[y] * columns + h[x]
                if labels[pair] < 0:
                    labels[pair] = count
                    stack.append(pair)
        count += 1
    return labels


def identity_is_an_orbit(space: PermutationRepresentation) -> bool:
    """Whether the identity is one element of the orbit basis of Hom_G(V, V): whether the group is transitive (warning W2)."""
    labels, d = orbit_labels(space, space), space.dimension
    return all(labels[i * d + i] == labels[0] for i in range(d))


def intertwiner_null_space(domain: Representation, codomain: Representation) -> DomainMatrix:
    """A basis of Hom_G(V, W), one intertwiner M a row, flattened as y·dim V + x, by exact elimination of W(g) M = M V(g)."""
    domain._matching(codomain)
    d, e = domain.dimension, codomain.dimension
    blocks = []
    generators = range(len(domain.group.permutations))
    unified = domain_matrices([domain.rows(g) for g in generators] + [codomain.rows(g) for g in generators])
    field = unified[0].domain
    left, right = DomainMatrix.eye(e, field), DomainMatrix.eye(d, field)
    for g in generators:
        blocks.append(_kronecker(unified[len(generators) + g], right) - _kronecker(left, unified[g].transpose()))
    constraints = blocks[0].vstack(*blocks[1:]) if len(blocks) > 1 else blocks[0]
    return null_space(constraints)


def _kronecker(a: DomainMatrix, b: DomainMatrix) -> DomainMatrix:
    left, right, field = a.to_dense().to_list(), b.to_dense().to_list(), a.domain
    rows = [[x * y for x in row_a for y in row_b] for row_a in left for row_b in right]
    return DomainMatrix(rows, (len(rows), len(rows[0])), field)


def intertwiner_dimension(domain: Representation, codomain: Representation) -> int:
    """dim Hom_G(V, W): the number of orbits of pairs, or the nullity of the equivariance constraints."""
    if isinstance(domain, PermutationRepresentation) and isinstance(codomain, PermutationRepresentation):
        return max(orbit_labels(domain, codomain)) + 1
    return intertwiner_null_space(domain, codomain).shape[0]


def character_inner_product(domain: Representation, codomain: Representation, limit: int = ENUMERATION_LIMIT) -> Fraction:
    """(1/|G|) Σ_g χ_V(g⁻¹) χ_W(g) over every element: the dimension of Hom_G(V, W) without solving anything.

    For permutation representations this is Burnside's count of the orbits of pairs, and the trace of the Reynolds operator.
    Raises `BadInput` above `limit` elements.
    """
    domain._matching(codomain)
    total = sympy.Integer(0)
    elements = domain.group.elements(limit)
    for word in elements.values():
        total += _character(domain, tuple(word), inverse=True) * _character(codomain, tuple(word), inverse=False)
    average = sympy.nsimplify(sympy.expand(total)) / len(elements)
    rational = sympy.simplify(average)
    assert isinstance(rational, sympy.Rational)
    return Fraction(int(rational.p), int(rational.q))


def _character(representation: Representation, word: tuple[int, ...], *, inverse: bool) -> sympy.Expr:
    if isinstance(representation, PermutationRepresentation):
        point_of = list(range(representation.dimension))
        for letter in reversed(word):
            point_of = [representation.images[letter][i] for i in point_of]
        return sympy.Integer(sum(i == image for i, image in enumerate(point_of)))
    product = DomainMatrix.eye(representation.dimension, representation.matrices[0].domain)
    for letter in word:
        product = product * representation.matrices[letter]
    matrix = product.inv() if inverse else product
    return sympy.sympify(matrix.to_Matrix().trace())
