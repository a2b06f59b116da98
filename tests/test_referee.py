"""The referee's table: every row computed, false claims and missing tickets shown as refuted."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import theory.statements  # noqa: F401
from checks import referee
from checks.referee import Row, referee_rows, store
from checks.report import referee_tables
from theory.declaration import Instantiation
from theory.instantiation import instantiation
from theory.instantiations.sets import Sets
from theory.irreducible import dihedral_group, dihedral_irreducible
from theory.source import Source
from theory.status import statuses

HUNDREDTH = Fraction(1, 100)


def rows_of(declared: Instantiation, out: Path, epsilon: Fraction = HUNDREDTH) -> dict[str, Row]:
    return {row.quantity: row for row in referee_rows(declared, epsilon, HUNDREDTH, statuses([]), out)}


@pytest.mark.parametrize(
    ("text", "order", "size", "characters", "norm"),
    [
        ("sets(n=4)", "24", "2", "2", "4"),
        ("dihedral(n=5)", "10", "3", "3", "5"),
        ("convolution(n=4)", "16", "9", "16", "9"),
        ("tensors(n=3)", "6", "14", "14", "9"),
    ],
)
def test_the_table_of_a_group_is_complete(text: str, order: str, size: str, characters: str, norm: str, tmp_path: Path) -> None:
    rows = rows_of(instantiation(text), tmp_path)
    found = [
        rows[name].value for name in ("order of the group", "|B|, orbits or null space", "dim Hom, characters", "|B|, declared", "|||B|||")
    ]
    assert found == [order, size, characters, size, norm]
    ticket = next(row for row in rows.values() if row.quantity.startswith("ticket of key 0"))
    assert Fraction(ticket.value) <= HUNDREDTH
    assert ticket.status == rows["equivariance of the ticket"].status == "certified"
    assert list((tmp_path / "certificates").glob("check-*.json"))


def test_without_evidence_no_bound_is_more_than_stated(tmp_path: Path) -> None:
    rows = rows_of(Sets(3), tmp_path)
    assert rows["parameters needed at least"].status == "stated"


def test_message_passing_has_a_ticket_for_every_graph(tmp_path: Path) -> None:
    rows = rows_of(instantiation("message_passing"), tmp_path)
    assert "order of the group" not in rows
    assert next(row for row in rows.values() if row.quantity.startswith("ticket of key 0")).status == "certified"
    assert rows["equivariance of the ticket"].status == "", "nothing was computed, so nothing is judged"


def test_false_sizes_norms_and_characters_are_refuted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @dataclass(frozen=True)
    class Wrong(Sets):
        basis_size = 3  # pyright: ignore[reportAssignmentType, reportIncompatibleMethodOverride]
        basis_norm = 2  # pyright: ignore[reportAssignmentType, reportIncompatibleMethodOverride]

    rows = rows_of(Wrong(3), tmp_path)
    assert rows["|B|, declared"].status == rows["|||B|||"].status == "refuted"
    monkeypatch.setattr(referee, "character_inner_product", lambda *_: 5)
    assert rows_of(Sets(3), tmp_path)["dim Hom, characters"].status == "refuted"


def test_a_key_that_holds_no_ticket_is_an_outcome_and_refutes_nothing(tmp_path: Path) -> None:
    rows_of(Sets(3), tmp_path)
    rows = rows_of(Sets(3), tmp_path, Fraction(1, 10**12))
    ticket = next(row for row in rows.values() if row.quantity.startswith("ticket of key 0"))
    assert (ticket.status, "this key holds no ticket" in ticket.how) == ("", True)
    assert not list((tmp_path / "certificates").glob("check-*.json"))


def test_a_ticket_that_does_not_commute_is_called_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: a network that adds its first input to everything."""
    original = referee.exact_ticket
    monkeypatch.setattr(referee, "exact_ticket", lambda ticket, x: original(ticket, x) + x[0, 0] * np.arange(x.shape[1]))
    row = rows_of(Sets(3), tmp_path)["equivariance of the ticket"]
    assert (row.value, row.status) == ("broken", "refuted")


def test_irreducible_representations_have_sizes_and_no_width_with_the_reason(tmp_path: Path) -> None:
    class Pentagon(Sets):
        source = Source("mine")
        nonlinearity = "norm_relu"
        basis_size = None  # pyright: ignore[reportAssignmentType, reportIncompatibleMethodOverride]
        basis_norm = None  # pyright: ignore[reportAssignmentType, reportIncompatibleMethodOverride]

        def group(self):
            return dihedral_group(5)

        def representation(self):
            return dihedral_irreducible(5, 1)

    rows = rows_of(Pentagon(), tmp_path)
    assert (rows["order of the group"].value, rows["|B|, orbits or null space"].value, rows["dim Hom, characters"].value) == (
        "10",
        "1",
        "1",
    )
    assert rows["width that suffices"].value == "none known"
    assert rows["width that suffices"].how.startswith("norm_relu fails Lemma A4: σ(cx) = cσ(x) for c ≥ 0, fails at c = 2, x = (1, 0); ")
    assert rows["ticket"].value == "not built"


def test_stored_tables_reach_the_report(tmp_path: Path) -> None:
    rows = referee_rows(Sets(3), HUNDREDTH, HUNDREDTH, statuses([]), tmp_path)
    store(Sets(3), rows, tmp_path)
    table = referee_tables(tmp_path)[0]
    assert table["instantiation"] == "Sets(n=3)"
    assert [row["quantity"] for row in table["rows"]] == [row.quantity for row in rows]
