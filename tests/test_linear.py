"""Fourier-Motzkin elimination decides linear inequalities; partitions into polyhedra are recognised, and false ones refused."""

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from theory.errors import BadInput
from theory.linear import feasible, implies, partitions
from theory.verdict import Verdict

x, y, z = sympy.symbols("x y z")


def test_an_inequality_follows_from_others_or_is_refuted() -> None:
    assert implies([x, y - x, 1 - y], 1 - x) is Verdict.PROVED
    assert implies([x, y - x], 1 - x) is Verdict.REFUTED
    assert implies([x - 1], x, strictly=True) is Verdict.PROVED
    assert implies([x], x, strictly=True) is Verdict.REFUTED
    assert implies([x, -x - 1], -5) is Verdict.PROVED


def test_strict_and_weak_inequalities_are_told_apart() -> None:
    assert feasible([x, -x])
    assert not feasible([-x], [x])
    assert feasible([], [x, 1 - x])
    assert not feasible([], [x, -x])


def test_the_cells_of_an_interval_partition_it_and_overlapping_or_missing_ones_do_not() -> None:
    whole, left, right = [x, 1 - x], [x, sympy.Rational(1, 3) - x], [x - sympy.Rational(1, 3), 1 - x]
    assert partitions(whole, [left, right], integers=False) is Verdict.PROVED
    assert partitions(whole, [left, [x, 1 - x]], integers=False) is Verdict.REFUTED
    assert partitions(whole, [left], integers=False) is Verdict.REFUTED
    assert partitions([x, 3 - x], [[x, 1 - x], [x - 2, 3 - x]], integers=True) is Verdict.PROVED
    assert partitions([x, 3 - x], [[x, 1 - x], [x - 1, 3 - x]], integers=True) is Verdict.UNDECIDED
    assert partitions([x, 3 - x], [[x, -x], [x - 2, 3 - x]], integers=True) is Verdict.UNDECIDED


@pytest.mark.parametrize("form", [x * y, x**2, sympy.sqrt(2) * x, sympy.sin(x)])
def test_what_is_not_linear_over_the_rationals_is_refused(form: sympy.Expr) -> None:
    with pytest.raises(BadInput):
        feasible([form])


rows = st.lists(st.tuples(*[st.integers(-3, 3)] * 3), min_size=1, max_size=6)


@settings(deadline=None, derandomize=True, max_examples=80)
@given(rows)
def test_feasibility_agrees_with_linear_programming(forms: list[tuple[int, int, int]]) -> None:
    solved = linprog([0, 0], A_ub=[[-a, -b] for a, b, _ in forms], b_ub=[c for _, _, c in forms], bounds=[(None, None)] * 2)
    assert feasible([a * x + b * y + c for a, b, c in forms]) == (solved.status == 0)


def test_rational_coefficients_are_exact() -> None:
    third = sympy.Rational(1, 3)
    assert implies([x - third], 3 * x - 1) is Verdict.PROVED
    assert implies([x - third + sympy.Rational(1, 10**30)], 3 * x - 1) is Verdict.REFUTED
