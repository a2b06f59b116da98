"""Sweeps over tickets: certified bounds over sampled errors, masks on raw weights seen, finished rows not measured again."""

from dataclasses import replace
from pathlib import Path

import pytest

from numerics.commands.sweep import SweepCommand, equivariance, sample_sizes, tickets
from numerics.sample_size_table import SampleSizes
from numerics.store import read_rows, write_rows
from numerics.ticket_statistics import SWEPT, DefectRow, TicketRow, defect_rows, ticket_rows
from theory.errors import BadFile


@pytest.mark.parametrize("declared", SWEPT, ids=repr)
def test_sampled_errors_stay_below_certified_ones_and_fall_with_the_width(declared) -> None:
    rows = [row for width in (12, 48) for row in ticket_rows(declared, width, [0, 1])]
    assert all(0 < row.sampled <= row.certified for row in rows)
    assert all(row.median_coefficient_error <= row.coefficient_error for row in rows)
    narrow, wide = ([row.certified for row in rows if row.width == width] for width in (12, 48))
    assert max(wide) < min(narrow)
    assert [row for width in (12, 48) for row in ticket_rows(declared, width, [0, 1])] == rows


@pytest.mark.parametrize("declared", SWEPT, ids=repr)
def test_only_masks_on_raw_weights_break_equivariance(declared) -> None:
    found = {row.network: row for row in defect_rows(declared, 16, 1)}
    assert found["coefficients masked"].defect < 1e-12
    assert found["unpruned"].defect < 1e-12
    assert found["raw weights masked"].defect > 1e-2
    assert found["raw weights masked"].kept == found["coefficients masked"].kept < found["unpruned"].kept


def test_a_sweep_of_tickets_measures_only_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "data" / "tickets.parquet"
    made_up = TicketRow(repr(SWEPT[0]), 2, 5.0, 8, 0, 9.0, 8.0, 1.0, 1.0, 10, 1)
    write_rows([made_up], path)
    monkeypatch.setattr("numerics.ticket_statistics.SWEPT", SWEPT[:1])
    monkeypatch.setattr("numerics.commands.sweep.QUICK_WIDTHS", (8,))
    rows = tickets(SweepCommand("tickets", quick=True, out=tmp_path, quiet=True), path)
    assert rows[0] == made_up
    assert sorted(row.key for row in rows) == list(range(10))
    assert read_rows(path, TicketRow) == rows


def test_the_other_sweeps_store_what_they_find(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("numerics.ticket_statistics.SWEPT", SWEPT[:1])
    monkeypatch.setattr("numerics.sample_size_table.LAWS", ("uniform",))
    monkeypatch.setattr("numerics.commands.sweep.QUICK_BITS", (4,))
    command = SweepCommand("equivariance", quick=True, out=tmp_path, quiet=True)
    rows = equivariance(command, tmp_path / "e.parquet")
    assert len(rows) == 15
    assert read_rows(tmp_path / "e.parquet", DefectRow) == rows
    kept = [replace(row, defect=7.0) for row in rows]
    write_rows(kept, tmp_path / "e.parquet")
    assert equivariance(command, tmp_path / "e.parquet") == kept, "what is stored is not measured again"
    write_rows(kept[:-1], tmp_path / "e.parquet")
    assert equivariance(command, tmp_path / "e.parquet") == rows, "a group that was stopped is"
    (size,) = sample_sizes(SweepCommand("sample_sizes", quick=True, out=tmp_path, quiet=True), tmp_path / "s.parquet")
    assert size.needed < size.proved < size.closed_form
    assert read_rows(tmp_path / "s.parquet", SampleSizes) == [size]


def test_a_file_of_other_rows_is_refused(tmp_path: Path) -> None:
    write_rows([DefectRow("x", 0, "unpruned", 1.0, 0.0)], tmp_path / "rows.parquet")
    with pytest.raises(BadFile, match=r"rows.parquet holds no rows of TicketRow .*; delete it and run the sweep again"):
        read_rows(tmp_path / "rows.parquet", TicketRow)
