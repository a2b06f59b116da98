"""What can be wrong with an input or a claim.

A message says what is wrong, the value, what was expected, where, and what to do. The commands print it without a traceback and exit
with the class's `exit_code`: 1 where a claim is refuted, 2 where the input makes no sense.
"""


class CompanionError(ValueError):
    """Base of every error that a user can cause."""

    exit_code = 2


class BadInput(CompanionError):
    """The input makes no sense; nothing was computed from it."""

    exit_code = 2


class Refuted(CompanionError):
    """The input makes sense, and a claim it makes is false; the message carries the counterexample."""

    exit_code = 1


class OutOfRange(BadInput):
    """A parameter lies outside the domain of the statement."""


class NotAPermutation(BadInput):
    """An image list does not map 0..n-1 onto itself."""


class NotAMatrix(BadInput):
    """An image of a generator is not an exact invertible square matrix of the right size."""


class NotAlgebraic(NotAMatrix):
    """A number is not seen to be algebraic, so no exact elimination is done with it."""


class InfiniteGroup(BadInput):
    """An operation for finite groups alone was asked of an infinite one."""


class TooLarge(BadInput):
    """A bounded enumeration reached its bound."""


class DifferentGroups(BadInput):
    """Two representations that must belong to one group do not."""


class UnknownName(BadInput):
    """A name that is not registered."""


class BadFile(BadInput):
    """A file that is missing, unreadable, or registers nothing."""


class NotAHomomorphism(Refuted):
    """The images of the generators do not satisfy a relation of the group."""


class OrderMismatch(Refuted):
    """A declared group order is not the number of elements of the group."""


class NotOrthogonal(Refuted):
    """A generator does not preserve the Euclidean norm."""


class BasisMismatch(Refuted):
    """A declared basis size is not the dimension of the space of intertwiners."""


class NormTooSmall(Refuted):
    """A declared basis norm lies below the true one."""


class KernelNotInvariant(Refuted):
    """The declared support of a filter is no union of orbits of pairs."""


class NonlinearityNotEquivariant(Refuted):
    """The declared nonlinearity does not commute with a generator."""


class DimensionMismatch(Refuted):
    """Spaces that must have one dimension have two."""


class NotLocallyLinear(Refuted):
    """An activation that is not what it declares near 0, or carries nothing of its argument there."""


class DeviationTooLarge(Refuted):
    """An activation leaves φ̂ by more than ε′ inside the declared radius a(ε′)."""


class LipschitzTooSmall(Refuted):
    """An activation is steeper somewhere than its declared Lipschitz constant."""


class Undecided(CompanionError):
    """A claim that could be neither proved nor refuted; nothing was guessed."""

    exit_code = 3


class UnknownSource(Refuted):
    """A declaration cites a source that the bibliography does not hold."""


class Contradiction(RuntimeError):
    """Two independent rigorous computations exclude each other: a defect of this program or of a library under it."""
