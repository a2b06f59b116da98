"""Steerable kernels of the plane, exactly: for C_N and D_N the angular parts of every frequency, solved by intertwiners.

A kernel K from field V to field W is steerable if K(g·x) = W(g) K(x) V(g)⁻¹ for every element g of the group of rotations (and reflections)
of the plane. In polar coordinates it is a sum over frequencies μ of a radial profile times C·(cos μθ, sin μθ): the constraint says that
the matrices C are the intertwiners of H_μ ⊗ V with W, H_μ being how the group moves the two harmonics. The solution holds for every angle
2π/N, on the grid or off it; what a pixel grid makes of it is another matter, measured in `numerics.steerable`.
"""

from fractions import Fraction

from theory.characters import character_inner_product
from theory.errors import OutOfRange
from theory.exact_matrix import ExactMatrix, identity_matrix
from theory.group import PermutationGroup
from theory.intertwiner import intertwiner_dimension, intertwiners
from theory.irreducible import cyclic_group, dihedral_group, rotation_matrix
from theory.representation import MatrixRepresentation, Representation


def plane_group(n: int, flips: bool = False) -> PermutationGroup:
    """C_n, or D_n with its reflections in the axis θ = 0."""
    return dihedral_group(n) if flips else cyclic_group(n)


def harmonics(n: int, frequency: int, flips: bool = False) -> Representation:
    """H_μ: how the group moves (cos μθ, sin μθ); the constant alone for μ = 0.

    The rotation by 2π/n turns the pair by 2πμ/n, the reflection θ ↦ -θ changes the sign of the sine. It need not be irreducible: for
    multiples of n the rotation does nothing.
    """
    if frequency < 0:
        raise OutOfRange(f"harmonics of frequency {frequency}: at least 0 was expected.")
    group = plane_group(n, flips)
    if frequency == 0:
        return group.trivial()
    if frequency % n == 0:
        turn = identity_matrix(2)
    elif 2 * frequency % n == 0:
        turn = ExactMatrix.permutation((0, 1), (-1, -1))
    else:
        turn = rotation_matrix(Fraction(frequency % n, n))
    return MatrixRepresentation(group, (turn, ExactMatrix.permutation((0, 1), (1, -1))) if flips else (turn,))


def angular_kernels(
    domain: Representation, codomain: Representation, n: int, frequency: int, flips: bool = False
) -> tuple[ExactMatrix, ...]:
    """A basis of the angular parts of frequency μ: matrices `[dim W, (1 or 2)·dim V]`, the cosine's block first."""
    return intertwiners(harmonics(n, frequency, flips) * domain, codomain)


def kernel_dimension(domain: Representation, codomain: Representation, n: int, cutoff: int, flips: bool = False) -> int:
    """How many steerable kernels there are for one radial profile and the frequencies 0 to `cutoff`, by exact null spaces."""
    return sum(intertwiner_dimension(harmonics(n, mu, flips) * domain, codomain) for mu in range(cutoff + 1))


def kernel_characters(domain: Representation, codomain: Representation, n: int, cutoff: int, flips: bool = False) -> Fraction:
    """The same number by characters: Σ_μ (1/|G|) Σ_g χ_μ(g⁻¹) χ_V(g⁻¹) χ_W(g)."""
    return sum((character_inner_product(harmonics(n, mu, flips) * domain, codomain) for mu in range(cutoff + 1)), Fraction(0))


def regular_kernel_dimension(n: int, cutoff: int, flips: bool = False) -> int:
    """From regular field to regular field in closed form: |G|·(1 + 2·cutoff), each K_{g,h}(x) = f_{g⁻¹h}(g⁻¹x) with f_{g⁻¹h} any harmonic."""
    return (2 * n if flips else n) * (1 + 2 * cutoff)
