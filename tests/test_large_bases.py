"""The bases that are timed have the dimensions that are known, and a wrong one is noticed."""

import pytest
from sympy.functions.combinatorial.numbers import stirling

from benchmarks.large_bases import CASES, measure, table


def test_the_dimensions_are_numbers_of_partitions_of_a_set_and_the_known_one_of_the_cube() -> None:
    assert CASES["S(8) 2 3"][0] == sum(stirling(5, j) for j in range(1, 9))
    assert CASES["S(10) 3 3"][0] == sum(stirling(6, j) for j in range(1, 11))


@pytest.mark.parametrize("case", ["S(8) 2 3", "Rubik 1 1"])
def test_a_case_has_its_dimension_its_order_and_more_memory_than_its_imports(case: str) -> None:
    row = measure(case)
    assert row["dimension"] == CASES[case][0]
    assert row["order"] == {"S(8) 2 3": "40320", "Rubik 1 1": "43252003274489856000"}[case]
    assert 0 < row["cpu_seconds"] <= CASES[case][1]  # pyright: ignore[reportOperatorIssue]
    assert table([row]).startswith("| case | order | dimension |")
