"""Exact mathematics of the equivariant strong lottery ticket hypothesis: groups, declarations, bounds, statements."""

from theory.errors import BadInput, CompanionError, Refuted
from theory.group import Group, PermutationGroup
from theory.instantiation import GroupInstantiation, Instantiation, register
from theory.representation import Representation
from theory.source import Source

from theory import bounds, derivations, instantiations, statements  # isort: skip  (these import the names above)

__all__ = [
    "BadInput",
    "CompanionError",
    "Group",
    "GroupInstantiation",
    "Instantiation",
    "PermutationGroup",
    "Refuted",
    "Representation",
    "Source",
    "bounds",
    "derivations",
    "instantiations",
    "register",
    "statements",
]
