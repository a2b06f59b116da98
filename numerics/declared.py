"""From an instantiation, which only states facts, to feature spaces and layers that a network can be built of."""

from fractions import Fraction

import sympy

from numerics.layer import Space, Support, trivial
from numerics.network import Architecture
from numerics.operators import Entries, OperatorArchitecture
from theory.common_field import common_field
from theory.errors import BadInput
from theory.exact_matrix import ExactMatrix, coordinates
from theory.instantiation import GroupInstantiation
from theory.intertwiner import intertwiners
from theory.kernel import KernelInstantiation
from theory.number_field import NumberField
from theory.representation import PermutationRepresentation

INTERVAL_BITS = 96


def hidden_space(declared: GroupInstantiation, channels: int) -> Space:
    """`channels` copies of the hidden representation, with the weight sharing that the instantiation declares.

    Raises `BadInput` unless the group permutes its points: deep tickets use pointwise ReLU (warning W1).
    """
    hidden = declared.hidden_representation()
    if not isinstance(hidden, PermutationRepresentation):
        raise BadInput(f"{declared!r}: tickets are built on permutation representations only, on which pointwise ReLU is equivariant.")
    sharing = declared.sharing() if isinstance(declared, KernelInstantiation) else ()
    return Space(hidden, channels, sharing)


def hidden_supports(declared: GroupInstantiation) -> tuple[Support, Support]:
    """The supports of a layer between hidden spaces and of its first random layer."""
    return (declared.support(), declared.first_support()) if isinstance(declared, KernelInstantiation) else (None, None)


def hidden_architecture(declared: GroupInstantiation, channels: tuple[int, ...], invariants: int = 0) -> Architecture:
    """Layers between hidden spaces of these channels, and if `invariants` > 0 a last one to that many invariant outputs."""
    spaces = [hidden_space(declared, count) for count in channels]
    supports = [hidden_supports(declared)] * (len(channels) - 1)
    if invariants:
        point = trivial(spaces[0].representation.group)
        spaces.append(Space(point, invariants, ((0,),) * len(spaces[0].sharing)))
        supports.append((None, supports[0][1] if supports else None))
    return Architecture(tuple(spaces), tuple(supports))


def operator_architecture(declared: GroupInstantiation, channels: tuple[int, ...]) -> OperatorArchitecture:
    """Layers between these many copies of the hidden representation, σ after each but the last.

    They are in the declaration's own basis if it has one, else in that of `intertwiners`.
    Raises `BadInput` for a nonlinearity without the properties that Lemma A4 needs, `NotAlgebraic` for entries not seen to be algebraic.
    """
    hidden = declared.hidden_representation()
    operators = declared.basis_operators() or intertwiners(hidden, hidden)
    every = [*operators, *hidden.matrices, *hidden.derivatives]
    field = common_field(number for matrix in every for number in matrix.numbers())

    def entries(matrix: ExactMatrix) -> Entries:
        return tuple((y, x, c) for y, row in enumerate(coordinates(matrix, field)) for x, c in sorted(row.items()))

    generators, derivatives, basis = (tuple(map(entries, matrices)) for matrices in (hidden.matrices, hidden.derivatives, operators))
    interval = root_interval(field)
    return OperatorArchitecture(declared.nonlinearity, field.modulus, interval, hidden.dimension, generators, derivatives, basis, channels)


def root_interval(field: NumberField) -> tuple[Fraction, Fraction]:
    """Rationals about 2⁻⁹⁵ apart between which the modulus changes sign, around θ."""
    middle = sympy.N(field.generator, 60)
    scaled = int(sympy.floor(middle * 2**INTERVAL_BITS))
    low, high = Fraction(scaled - 1, 1 << INTERVAL_BITS), Fraction(scaled + 2, 1 << INTERVAL_BITS)
    ends = [sum((c * end**i for i, c in enumerate(field.modulus)), Fraction(0)) for end in (low, high)]
    if ends[0] * ends[1] >= 0:
        raise BadInput(f"{field}: its generator is no simple root that lies between {float(low)} and {float(high)}.")
    return low, high
