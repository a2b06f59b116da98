"""Exact mathematics of the equivariant strong lottery ticket hypothesis: groups, declarations, bounds, statements."""

from theory.activation import Activation
from theory.classical_groups import (
    indefinite_orthogonal,
    indefinite_orthogonal_identity_component,
    indefinite_special_orthogonal,
    lorentz,
    orthogonal,
    proper_orthochronous_lorentz,
    special_orthogonal,
    special_unitary_2,
    symplectic,
)
from theory.errors import BadInput, CompanionError, Refuted
from theory.group import FiniteGroup, Group, PermutationGroup
from theory.instantiation import GroupInstantiation, Instantiation, register
from theory.irreducible import (
    cyclic_group,
    cyclic_irreducible,
    dihedral_group,
    dihedral_irreducible,
    plane_orthogonal_irreducible,
    plane_rotation_irreducible,
    rotation_irreducible,
)
from theory.matrix_group import LieGroup, MatrixGroup
from theory.presentation import finitely_presented
from theory.products import ProductGroup, direct_product, semidirect_product, wreath_product
from theory.representation import Representation
from theory.source import Source
from theory.subgroups import induction, restriction

from theory import activations, bounds, derivations, instantiations, statements  # isort: skip  (these import the names above)

__all__ = [
    "Activation",
    "BadInput",
    "CompanionError",
    "FiniteGroup",
    "Group",
    "GroupInstantiation",
    "Instantiation",
    "LieGroup",
    "MatrixGroup",
    "PermutationGroup",
    "ProductGroup",
    "Refuted",
    "Representation",
    "Source",
    "activations",
    "bounds",
    "cyclic_group",
    "cyclic_irreducible",
    "derivations",
    "dihedral_group",
    "dihedral_irreducible",
    "direct_product",
    "finitely_presented",
    "indefinite_orthogonal",
    "indefinite_orthogonal_identity_component",
    "indefinite_special_orthogonal",
    "induction",
    "instantiations",
    "lorentz",
    "orthogonal",
    "plane_orthogonal_irreducible",
    "plane_rotation_irreducible",
    "proper_orthochronous_lorentz",
    "register",
    "restriction",
    "rotation_irreducible",
    "semidirect_product",
    "special_orthogonal",
    "special_unitary_2",
    "statements",
    "symplectic",
    "wreath_product",
]
