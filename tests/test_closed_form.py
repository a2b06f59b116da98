"""Closed forms in the parameters: values, LaTeX, and the comparison that refutes a wrong one."""

from dataclasses import dataclass

import pytest
import sympy

from theory.bases import partition_basis
from theory.bounds import Layer, theorem2_parameters
from theory.closed_form import (
    Stirling,
    closed_forms,
    evaluated,
    family,
    norm_verdicts,
    parameter,
    partition_row_sum,
    partitions_of,
    size_verdict,
)
from theory.errors import BasisMismatch
from theory.instantiation import instantiation
from theory.instantiations.convolution import Convolution
from theory.instantiations.sets import Sets
from theory.instantiations.tensors import Tensors
from theory.verdict import Verdict

N = parameter("n")


def sets_with(size: sympy.Expr | None = None, norm: sympy.Expr | None = None) -> Sets:
    """Sets of five elements that state other closed forms."""
    forms = {"size_formula": size, "norm_formula": norm}
    return type("Sets", (Sets,), {name: form for name, form in forms.items() if form is not None})()


def test_stirling_sums_are_bell_numbers_until_there_are_too_few_elements() -> None:
    at = [partitions_of(sympy.Integer(4), sympy.Integer(n)).doit() for n in range(1, 6)]
    assert at == [1, 8, 14, 15, 15]
    assert sympy.latex(Stirling(2 * N, 3)) == r"\left\{2 n \atop 3\right\}"


@pytest.mark.parametrize(("n", "order"), [(2, 1), (3, 1), (4, 2), (5, 2)])
def test_the_largest_row_sum_of_all_partitions_is_the_closed_form(n: int, order: int) -> None:
    rows = [0] * n**order
    for operator in partition_basis(n, order, order):
        for y, row in enumerate(operator.entries):
            rows[y] += len(row)
    assert max(rows) == partition_row_sum(sympy.Integer(order), sympy.Integer(n)).doit()


def test_a_wrong_size_is_refuted_and_a_right_one_proved() -> None:
    assert size_verdict(sets_with()) is Verdict.PROVED
    assert size_verdict(sets_with(size=N - 2)) is Verdict.REFUTED
    with pytest.raises(BasisMismatch, match=r"declares \|B\| = 3"):
        sets_with(size=N - 2).verify()


def test_a_norm_is_compared_from_both_sides() -> None:
    assert norm_verdicts(sets_with()) == (Verdict.PROVED, Verdict.PROVED)
    assert norm_verdicts(sets_with(norm=N - 1)) == (Verdict.REFUTED, Verdict.REFUTED)
    assert norm_verdicts(sets_with(norm=N + 1)) == (Verdict.PROVED, Verdict.REFUTED)
    above, equal = norm_verdicts(Convolution(5, 3, "zero")) or (None, None)
    assert above is Verdict.PROVED
    assert equal is not Verdict.PROVED


def test_a_family_has_every_choice_of_parameters_that_the_declaration_accepts() -> None:
    members = list(family(Convolution, 9))
    assert {(m.n, m.k, m.padding) for m in members if isinstance(m, Convolution)} == {
        (n, k, padding) for n in (1, 2, 3) for k in (1, 3) if k <= n for padding in ("circular", "zero")
    }
    assert all(member.hidden_dimension() <= 16 for member in family(Tensors, 16))


def test_a_parameter_without_a_range_is_an_error() -> None:
    Sizes = dataclass(frozen=True)(type("Sizes", (Sets,), {"__annotations__": {"weights": tuple}, "weights": ()}))
    with pytest.raises(TypeError, match="has no finite range"):
        list(family(Sizes, 10))


def test_the_closed_forms_are_printed_with_their_verdicts_or_said_to_be_unknown() -> None:
    declared = instantiation("tensors(n=3)")
    lower = theorem2_parameters(Layer(1, 1, declared.true_basis_size(), 9), "1/100")
    forms = closed_forms(declared, [lower])
    assert forms["basis_size"]["text"].startswith("|B| = Sum(Stirling(2*order, j)")
    assert forms["basis_size"]["check"] == "equals the exact basis: proved"
    assert forms["basis_norm"]["text"] == "|||B||| = n**order"
    assert "|B|" not in forms["ferbach2023.theorem2"]["latex"]
    unknown = type("Sets", (Sets,), {"size_formula": None, "norm_formula": None})()
    forms = closed_forms(unknown, [lower])
    assert forms["basis_size"]["text"] == "|B|: no closed form known"
    assert forms["basis_norm"]["text"] == "|||B|||: no closed form known"
    assert "|B|" in forms["ferbach2023.theorem2"]["latex"]


def test_a_closed_form_is_evaluated_at_the_parameters_of_the_declaration() -> None:
    assert evaluated(N**2 + 1, Sets(7)) == 50
    assert Sets(7).basis_size == 2
    assert Tensors(4, 2).basis_norm == 16
