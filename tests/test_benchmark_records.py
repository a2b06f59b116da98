"""Tables and records of benchmarks: what is kept is gone on from, and a cell without a least n says why."""

import json
from pathlib import Path

import pytest

from benchmarks.records import Rows, markdown, show
from benchmarks.structured_success import why_no_least


def test_a_table_has_a_line_for_each_row_and_numbers_to_the_right() -> None:
    assert markdown(("a", "b"), [("x", 1), ("y", 2)]) == "| a | b |\n| --- | ---: |\n| x | 1 |\n| y | 2 |"


def test_shown_tables_are_written_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    show("| a |", tmp_path / "new" / "table.md")
    assert (tmp_path / "new" / "table.md").read_text() == capsys.readouterr().out == "| a |\n"


def test_a_later_run_goes_on_from_the_rows_of_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "bench" / "rows.json"
    for number in (1, 2):
        rows = Rows(path, {"command": "this"}, lambda rows: f"{len(rows)} rows\n")
        assert len(rows.rows) == number - 1
        rows.add({"number": number})
    stored = json.loads(path.read_text())
    assert stored["rows"] == [{"number": 1}, {"number": 2}]
    assert stored["command"] == "this"
    assert path.with_suffix(".md").read_text() == "2 rows\n"


def cell(dimension: int, epsilon: float, samples: int | None, exhausted: list[tuple[int, int, float]]) -> dict[str, object]:
    return {
        "method": "exact", "dimension": dimension, "epsilon": epsilon, "samples": samples, "largest": 40, "trials": 20, "successes": 7,
        "exhausted": exhausted,
    }  # fmt: skip


def test_a_cell_without_a_least_n_says_how_many_keys_held_and_how_the_time_grows() -> None:
    rows = [cell(7, 0.1, None, [(36, 20, 0.5), (40, 13, 8.0)]), cell(6, 0.1, 45, []), cell(9, 0.01, None, [])]
    first, last = why_no_least(rows)
    assert first.startswith("- D = 7, ε = 0.1")
    assert "7 of 20 keys hold with 40 vectors" in first
    assert "2.00 times" in first
    assert "3.3e+04 s a key" in first
    assert last.startswith("- D = 9, ε = 0.01")
    assert "(counting)" in last
    assert "not tried" in why_no_least([cell(6, 0.1, None, []) | {"method": "merging"}])[0]
