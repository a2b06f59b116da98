"""Nonlinearities commute with what they are proved to commute with, and have of Lemma A4's three properties those they are said to have."""

from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from theory.classical_groups import special_orthogonal
from theory.equivariance import check_nonlinearity, properties
from theory.errors import BadInput, NonlinearityNotEquivariant
from theory.group import PermutationGroup
from theory.irreducible import cyclic_group, dihedral_irreducible, plane_orthogonal_irreducible, rotation_irreducible
from theory.matrix_group import MatrixGroup
from theory.nonlinearity import CONTRACTS, DECOMPOSES, HOMOGENEOUS, NONLINEARITIES
from theory.representation import Representation
from theory.verdict import Verdict, decide_at_most, decide_equal

ALL = (HOMOGENEOUS, DECOMPOSES, CONTRACTS)
HAS = {"relu": ALL, "norm_relu": (CONTRACTS,), "gated": (DECOMPOSES,), "cone_relu": ALL}
points = st.lists(st.integers(-4, 4).map(lambda n: sympy.Rational(n, 2)), min_size=3, max_size=3)


def close(left: tuple, right: tuple) -> bool:
    return all(abs(sympy.N(a - b, 40)) < 1e-30 for a, b in zip(left, right, strict=True))


@pytest.mark.parametrize("name", NONLINEARITIES)
@settings(deadline=None, derandomize=True, max_examples=60)
@given(x=points, y=points, c=st.integers(0, 5))
def test_the_properties_called_proved_hold_at_every_point_tried(name: str, x: list, y: list, c: int) -> None:
    sigma = NONLINEARITIES[name]
    at_x, at_y = sigma.apply(x), sigma.apply(y)
    if HOMOGENEOUS in HAS[name]:
        assert close(sigma.apply([c * e for e in x]), tuple(c * e for e in at_x))
    if DECOMPOSES in HAS[name]:
        minus = sigma.apply([-e for e in x])
        assert close(tuple(a - b for a, b in zip(at_x, minus, strict=True)), tuple(x))
    if CONTRACTS in HAS[name]:
        moved = sum((a - b) ** 2 for a, b in zip(at_x, at_y, strict=True))
        distance = sum((a - b) ** 2 for a, b in zip(x, y, strict=True))
        assert sympy.N(moved - distance, 40) < 1e-30
        assert all(e == 0 for e in sigma.apply([sympy.Integer(0)] * 3))


@pytest.mark.parametrize("name", NONLINEARITIES)
def test_the_other_properties_are_refuted_at_the_point_named(name: str) -> None:
    space = PermutationGroup([[0, 2, 1]]).natural()
    for known in properties(name, space, "test"):
        label = next(label for label in ALL if label in str(known))
        assert (known.verdict is Verdict.PROVED) == (label in HAS[name])
        if known.verdict is Verdict.PROVED:
            continue
        assert known.verdict is Verdict.REFUTED
        values = dict(part.strip().split(" = ") for part in known.counterexample.replace("), ", ");").replace("2, x", "2; x").split(";"))
        sigma = NONLINEARITIES[name]
        x: Any = sympy.sympify(values["x"])
        if label == HOMOGENEOUS:
            c = int(values["c"])
            assert not close(sigma.apply([c * e for e in x]), tuple(c * e for e in sigma.apply(x)))
        elif label == DECOMPOSES:
            assert not close(tuple(a - b for a, b in zip(sigma.apply(x), sigma.apply([-e for e in x]), strict=True)), tuple(x))
        else:
            y: Any = sympy.sympify(values["y"])
            moved: Any = sum((a - b) ** 2 for a, b in zip(sigma.apply(x), sigma.apply(y), strict=True))
            assert decide_at_most(moved, sympy.sympify(sum((a - b) ** 2 for a, b in zip(x, y, strict=True)))) is Verdict.REFUTED


def test_the_cone_projection_decomposes_by_moreau_in_each_of_its_three_cases() -> None:
    """Symbolically, in s = first coordinate and r = norm of the others: P(x) - P(-x) = x and P is homogeneous."""
    s, r = sympy.symbols("s r", positive=True)
    inside = ((s + r) / 2, (s + r) / (2 * r))  # factor of e_0, factor of the other coordinates, for |s| ≤ r
    reflected = ((-s + r) / 2, -(-s + r) / (2 * r))
    assert sympy.simplify(inside[0] - reflected[0] - s) == 0
    assert sympy.simplify(inside[1] - reflected[1] - 1) == 0
    c = sympy.Symbol("c", positive=True)
    assert sympy.simplify(inside[0].subs({s: c * s, r: c * r}, simultaneous=True) - c * inside[0]) == 0


@pytest.mark.parametrize(
    ("name", "space"),
    [
        ("relu", cyclic_group(4).regular()),
        ("norm_relu", dihedral_irreducible(5, 1)),
        ("norm_relu", rotation_irreducible(2)),
        ("gated", special_orthogonal(3).trivial() + special_orthogonal(3).natural()),
        ("gated", MatrixGroup([[[0, -1], [1, -1]]]).trivial() + MatrixGroup([[[0, -1], [1, -1]]]).natural()),
        ("cone_relu", special_orthogonal(3).trivial() + rotation_irreducible(2)),
        ("cone_relu", dihedral_irreducible(5, 0) + dihedral_irreducible(5, 2)),
    ],
)
def test_a_nonlinearity_is_proved_equivariant_and_commutes_at_points(name: str, space: Representation) -> None:
    assert check_nonlinearity(name, space, "test") is Verdict.PROVED
    sigma = NONLINEARITIES[name]
    x = tuple(sympy.Rational(3 * i * i - 4, i + 1) for i in range(space.dimension))
    for matrix in space.matrices:
        left = sigma.apply(tuple(sympy.Matrix(matrix.rows) * sympy.Matrix(x)))
        assert close(left, tuple(sympy.Matrix(matrix.rows) * sympy.Matrix(sigma.apply(x))))
    for matrix in space.derivatives:
        generator = sympy.Matrix(matrix.rows)
        direction = sigma.derivative(x, tuple(generator * sympy.Matrix(x)))
        assert direction is None or close(direction, tuple(generator * sympy.Matrix(sigma.apply(x))))


def test_derivatives_are_limits_of_difference_quotients() -> None:
    x, v, step = (sympy.Integer(1), sympy.Integer(2), sympy.Integer(-2)), (sympy.Integer(1), sympy.Integer(-1), sympy.Integer(3)), 10**8
    for sigma in NONLINEARITIES.values():
        exact = sigma.derivative(x, v)
        assert exact is not None
        ahead, behind = (sigma.apply([a + s * b / step for a, b in zip(x, v, strict=True)]) for s in (1, -1))
        quotient = [(a - b) * step / 2 for a, b in zip(ahead, behind, strict=True)]
        assert all(abs(sympy.N(a - b, 40)) < 1e-12 for a, b in zip(exact, quotient, strict=True))


SHEAR = MatrixGroup([[[0, -1], [1, -1]]]).natural()
MIXED = [[sympy.Rational(3, 5), sympy.Rational(4, 5)], [sympy.Rational(4, 5), -sympy.Rational(3, 5)]]
REFUTED = [
    ("relu", dihedral_irreducible(5, 1)),
    ("relu", cyclic_group(2).representation([[[-1]]])),
    ("relu", special_orthogonal(2).natural()),
    ("relu", plane_orthogonal_irreducible(2)),
    ("norm_relu", SHEAR),
    ("gated", dihedral_irreducible(5, 1)),
    ("gated", cyclic_group(2).representation([MIXED])),
    ("gated", special_orthogonal(3).natural()),
    ("cone_relu", cyclic_group(2).representation([MIXED])),
    ("cone_relu", SHEAR),
    ("cone_relu", special_orthogonal(2).natural()),
]


@pytest.mark.parametrize(("name", "space"), REFUTED, ids=[f"{name} {i}" for i, (name, _) in enumerate(REFUTED)])
def test_a_nonlinearity_that_does_not_commute_is_refuted_at_a_point_where_it_does_not(name: str, space: Representation) -> None:
    with pytest.raises(NonlinearityNotEquivariant) as refuted:
        check_nonlinearity(name, space, "Wrong()")
    message = str(refuted.value)
    assert message.startswith(f"Wrong() declares {name}, but at x = (")
    x: Any = sympy.sympify(message.split("at x = ")[1].split(" it does")[0])
    sigma = NONLINEARITIES[name]
    generators = [(sympy.Matrix(matrix.rows), False) for matrix in space.matrices]
    generators += [(sympy.Matrix(matrix.rows), True) for matrix in space.derivatives]
    found = False
    for matrix, infinitesimal in generators:
        image = tuple(matrix * sympy.Matrix(x))
        left = sigma.derivative(tuple(x), image) if infinitesimal else sigma.apply(image)
        right = tuple(matrix * sympy.Matrix(sigma.apply(x)))
        if left is not None:
            found = found or any(decide_equal(a, b) is Verdict.REFUTED for a, b in zip(left, right, strict=True))
    assert found


def test_a_space_too_small_for_a_gate_and_an_unknown_name_are_refused() -> None:
    line = cyclic_group(2).trivial()
    for name in ("gated", "cone_relu"):
        with pytest.raises(BadInput, match=r"needs at least 2 dimensions; add group.trivial\(\) in front"):
            check_nonlinearity(name, line, "test")
    with pytest.raises(BadInput, match="choose one of relu, norm_relu, gated, cone_relu"):
        check_nonlinearity("swish", line, "test")
