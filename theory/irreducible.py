"""Real irreducible representations, exactly: cyclic and dihedral groups, SO(2), O(2), SO(3)."""

from fractions import Fraction

import sympy

from theory.classical_groups import orthogonal, special_orthogonal
from theory.errors import OutOfRange
from theory.exact_matrix import ExactMatrix, canonical, combination, product
from theory.group import PermutationGroup
from theory.matrix_group import LieGroup
from theory.number_field import RATIONAL_COSINES, Number, cyclotomic, plain, rational
from theory.representation import MatrixRepresentation, PermutationRepresentation, Representation


def cyclic_group(n: int) -> PermutationGroup:
    """C_n: the rotation r of n points."""
    if n < 1:
        raise OutOfRange(f"C_n with n = {n}: n ≥ 1 is needed.")
    return PermutationGroup([[*range(1, n), 0]], names=("r",))


def dihedral_group(n: int) -> PermutationGroup:
    """D_n, of order 2n, n ≥ 3: the rotation r and the reflection s of a polygon's n vertices."""
    if n < 3:
        raise OutOfRange(f"D_n with n = {n}: a polygon needs n ≥ 3 vertices.")
    return PermutationGroup([[*range(1, n), 0], [-i % n for i in range(n)]], names=("r", "s"))


def cosine(turn: Fraction) -> Number:
    """cos(2π·turn), an element of a real cyclotomic field."""
    denominator = turn.denominator
    if denominator in RATIONAL_COSINES:
        return plain(rational(RATIONAL_COSINES[denominator]))
    field = cyclotomic(denominator)
    return field.number(field.coordinates(sympy.cos(2 * sympy.pi * turn.numerator / denominator, evaluate=False)))


def rotation_matrix(turn: Fraction) -> ExactMatrix:
    """The rotation of the plane by the angle 2π·turn."""
    c, s = cosine(turn), cosine(turn - Fraction(1, 4))
    return ExactMatrix.of([[c, -s], [s, c]])


def cyclic_irreducible(n: int, k: int) -> Representation:
    """The real irreducible representation of C_n on which r has the eigenvalues exp(±2πik/n), 0 ≤ k ≤ n/2, in an orthonormal basis.

    One-dimensional for k = 0 and k = n/2; otherwise rotations of the plane, with the complex numbers as intertwiners (dim Hom = 2).
    """
    if not 0 <= 2 * k <= n:
        raise OutOfRange(f"cyclic_irreducible: the frequency k = {k} must satisfy 0 ≤ k ≤ {n}/2.")
    group = cyclic_group(n)
    if k == 0:
        return group.trivial()
    if 2 * k == n:
        return MatrixRepresentation(group, (ExactMatrix.permutation((0,), (-1,)),))
    return MatrixRepresentation(group, (rotation_matrix(Fraction(k, n)),))


def dihedral_irreducible(n: int, k: int, sign: int = 1) -> Representation:
    """The real irreducible representation of D_n of frequency k, 0 ≤ k ≤ n/2, in an orthonormal basis.

    The plane for 0 < k < n/2; for k = 0 and k = n/2 the numbers r ↦ ±1, s ↦ `sign`. Each is absolutely irreducible: dim Hom = 1.
    """
    if not 0 <= 2 * k <= n or sign not in (1, -1):
        raise OutOfRange(f"dihedral_irreducible: the frequency k = {k} must satisfy 0 ≤ k ≤ {n}/2, and sign = {sign} be 1 or -1.")
    group = dihedral_group(n)
    if 0 < 2 * k < n:
        return MatrixRepresentation(group, (rotation_matrix(Fraction(k, n)), ExactMatrix.permutation((0, 1), (1, -1))))
    signs = (1 if k == 0 else -1, sign)
    if signs == (1, 1):
        return PermutationRepresentation(group, ((0,), (0,)))
    return MatrixRepresentation(group, tuple(ExactMatrix.permutation((0,), (value,)) for value in signs))


def plane_rotation_irreducible(k: int) -> Representation:
    """The real irreducible representation of SO(2) of frequency k ≥ 0, in an orthonormal basis: the rotation by t turns by kt."""
    if k < 0:
        raise OutOfRange(f"plane_rotation_irreducible: the frequency k = {k} must be at least 0.")
    group = special_orthogonal(2)
    return group.trivial() if k == 0 else MatrixRepresentation(group, (), (_turning(k),))


def plane_orthogonal_irreducible(k: int, sign: int = 1) -> Representation:
    """The real irreducible representation of O(2) of frequency k ≥ 0, in an orthonormal basis; for k = 0 the reflection acts as `sign`."""
    if k < 0 or sign not in (1, -1):
        raise OutOfRange(f"plane_orthogonal_irreducible: the frequency k = {k} must be at least 0 and sign = {sign} be 1 or -1.")
    group = orthogonal(2)
    if k == 0:
        return MatrixRepresentation(group, (ExactMatrix.permutation((0,), (sign,)),), (ExactMatrix(((),), 1),))
    return MatrixRepresentation(group, (ExactMatrix.permutation((0, 1), (1, -1)),), (_turning(k),))


def _turning(k: int) -> ExactMatrix:
    return ExactMatrix.of([[0, -k], [k, 0]])


def rotation_irreducible(degree: int, *, orthonormal: bool = True) -> Representation:
    """The real irreducible representation of SO(3) of degree l, dimension 2l + 1, on real spherical harmonics.

    The basis is c_0, c_1, s_1, ..., c_l, s_l with c_m, s_m of frequency m about the last axis. With `orthonormal` the entries are square
    roots of rationals and the matrices skew: the representation is orthogonal. Without, the basis vectors are scaled so that entries are
    rational; then a diagonal Gram matrix is preserved and the representation is not orthogonal for l ≥ 2, but exact bases are found faster.
    """
    if degree < 0:
        raise OutOfRange(f"rotation_irreducible: the degree {degree} must be at least 0.")
    group = special_orthogonal(3)
    if degree == 0:
        return group.trivial()
    return MatrixRepresentation(group, (), _rotation_derivatives(group, degree, orthonormal))


def _rotation_derivatives(group: LieGroup, degree: int, orthonormal: bool) -> tuple[ExactMatrix, ...]:
    """Images of the basis R01, R02, R12 of so(3): R01 turns about z, R02 about -y, R12 about x.

    On the complex basis |m⟩ the ladder operators have the entries √(l(l+1) - m(m+1)); c_m = (|m⟩(-1)^m + |-m⟩)/√2 and
    s_m = (|m⟩(-1)^m - |-m⟩)/(i√2) make them real. One bracket gives the third matrix.
    """
    size = 2 * degree + 1
    z = [[sympy.Integer(0)] * size for _ in range(size)]
    x = [[sympy.Integer(0)] * size for _ in range(size)]
    for m in range(1, degree + 1):
        z[2 * m][2 * m - 1], z[2 * m - 1][2 * m] = sympy.Integer(m), sympy.Integer(-m)
    for m in range(degree):
        square = sympy.Integer(degree * (degree + 1) - m * (m + 1))
        if m == 0:
            _couple(x, 2, 0, square / 2, orthonormal)
        else:
            _couple(x, 2 * m + 2, 2 * m - 1, square / 4, orthonormal)
            _couple(x, 2 * m + 1, 2 * m, square / 4, orthonormal, sign=-1)
    lz, lx = canonical(ExactMatrix.of(z)), canonical(ExactMatrix.of(x))
    # R01 = L_z, R12 = L_x, [L_z, L_x] = L_y and R02 = -L_y.
    minus_ly = combination([1, -1], [product(lx, lz), product(lz, lx)])
    assert group.lie_names == ("R01", "R02", "R12")
    return (lz, minus_ly, lx)


def _couple(rows: list[list], i: int, j: int, square: sympy.Expr, orthonormal: bool, sign: int = 1) -> None:
    """Entries a at (i, j) and -b at (j, i) with ab = square; a = b = √square if orthonormal."""
    a, b = (sympy.sqrt(square), sympy.sqrt(square)) if orthonormal else (sympy.Integer(1), square)
    rows[i][j], rows[j][i] = sign * a, -sign * b
