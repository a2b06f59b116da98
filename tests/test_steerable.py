"""Steerable kernels of the plane: counts by null spaces, characters and closed form, and the constraint itself at every angle."""

from fractions import Fraction

import numpy as np
import pytest

from theory.errors import OutOfRange
from theory.homomorphism import check_homomorphism_of_finite_group
from theory.irreducible import cyclic_irreducible, dihedral_irreducible
from theory.representation import Representation
from theory.steerable import angular_kernels, harmonics, kernel_characters, kernel_dimension, plane_group, regular_kernel_dimension
from theory.verdict import Verdict


def fields(n: int, flips: bool) -> dict[str, Representation]:
    group = plane_group(n, flips)
    irreducible = dihedral_irreducible(n, 1) if flips else cyclic_irreducible(n, 1)
    return {"trivial": group.trivial(), "regular": group.regular(), "irreducible": irreducible}


@pytest.mark.parametrize(("n", "flips"), [(8, False), (5, False), (3, True), (4, True)])
@pytest.mark.parametrize("frequency", range(4))
def test_harmonics_are_a_representation(n: int, flips: bool, frequency: int) -> None:
    assert check_homomorphism_of_finite_group(harmonics(n, frequency, flips), "harmonics") is Verdict.PROVED


@pytest.mark.parametrize(("n", "flips", "cutoff"), [(8, False, 3), (6, False, 3), (5, False, 2), (4, False, 4), (3, True, 2), (8, True, 1)])
def test_null_spaces_and_characters_count_the_same_kernels(n: int, flips: bool, cutoff: int) -> None:
    spaces = fields(n, flips)
    for domain, codomain in [
        ("trivial", "regular"),
        ("irreducible", "irreducible"),
        ("irreducible", "regular"),
        ("trivial", "irreducible"),
    ]:
        arguments = spaces[domain], spaces[codomain], n, cutoff, flips
        assert kernel_characters(*arguments) == kernel_dimension(*arguments), (domain, codomain)
    regular = spaces["regular"], spaces["regular"], n, cutoff, flips
    assert kernel_characters(*regular) == regular_kernel_dimension(n, cutoff, flips)


def test_the_kernels_of_regular_octants_are_solved_completely() -> None:
    regular = plane_group(8).regular()
    assert [kernel_dimension(regular, regular, 8, cutoff) for cutoff in range(3)] == [8, 24, 40]


@pytest.mark.parametrize(("n", "flips"), [(8, False), (5, False), (3, True)])
@pytest.mark.parametrize(("domain", "codomain"), [("trivial", "regular"), ("irreducible", "regular"), ("irreducible", "irreducible")])
@pytest.mark.parametrize("frequency", [0, 1, 3])
def test_every_kernel_obeys_the_constraint_at_every_angle(n: int, flips: bool, domain: str, codomain: str, frequency: int) -> None:
    spaces = fields(n, flips)

    def dense(matrix: object) -> np.ndarray:
        return np.array([[float(entry) for entry in row] for row in matrix.rows])  # pyright: ignore[reportAttributeAccessIssue]

    def kernel(part: np.ndarray, angle: float) -> np.ndarray:
        waves = [np.cos(frequency * angle), np.sin(frequency * angle)] if frequency else [1.0]
        return sum(wave * block for wave, block in zip(waves, np.split(part, len(waves), axis=1), strict=True))  # pyright: ignore[reportReturnType]

    kernels = angular_kernels(spaces[domain], spaces[codomain], n, frequency, flips)
    for part in map(dense, kernels):
        for v, w, move in zip(
            spaces[domain].matrices,
            spaces[codomain].matrices,
            [lambda t: t + 2 * np.pi / n, lambda t: -t][: 2 if flips else 1],
            strict=True,
        ):
            for angle in (0.3, 1.0, 4.0):
                np.testing.assert_allclose(kernel(part, move(angle)) @ dense(v), dense(w) @ kernel(part, angle), atol=1e-12)


def test_octants_leave_only_waves_of_multiples_of_eight_alone() -> None:
    point = plane_group(8).trivial()
    assert kernel_dimension(point, point, 8, 8) == Fraction(1) + 2  # frequency 0, and both waves of frequency 8
    with pytest.raises(OutOfRange, match="frequency -1"):
        harmonics(8, -1)
