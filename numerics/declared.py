"""From an instantiation, which only states facts, to feature spaces and layers that a network can be built of."""

from numerics.layer import Space, Support, trivial
from numerics.network import Architecture
from theory.errors import BadInput
from theory.instantiation import GroupInstantiation
from theory.kernel import KernelInstantiation
from theory.representation import PermutationRepresentation


def hidden_space(declared: GroupInstantiation, channels: int) -> Space:
    """`channels` copies of the hidden representation, with the weight sharing that the instantiation declares.

    Raises `BadInput` unless the group permutes its points: tickets use pointwise ReLU (warning W1).
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
