"""Tables: computed from records, the same bytes each time, the same cells in every form."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from checks.report import instantiation_rows
from paper_figures.__main__ import FigureCommand, make
from paper_figures.records import RESULTS as RECORDS
from paper_figures.tables import above, latex, markdown, shown, tables
from tests.documents import ROOT
from theory.bounds import Layer, lemma1_width
from theory.instantiation import REGISTRY
from theory.statement import STATEMENTS

NAMES = ("accuracy", "bounds", "instantiations", "near_limit", "peers", "statements", "tickets")


def written(out: Path) -> dict[str, bytes]:
    assert make(FigureCommand(names=NAMES, out=out, quiet=True)) == 0
    return {path.name: path.read_bytes() for path in sorted((out / "tables").iterdir())}


def test_a_second_run_writes_the_same_bytes_and_every_form_has_every_row(tmp_path: Path) -> None:
    assert set(tables()) == set(NAMES)
    first = written(tmp_path)
    assert first == written(tmp_path)
    assert set(first) == {f"{name}.{kind}" for name in NAMES for kind in ("tex", "md", "parquet")}
    for name, table in tables().items():
        count = len(table.rows(tmp_path))
        assert count > 2
        assert pq.read_table(tmp_path / "tables" / f"{name}.parquet").num_rows == count
        assert first[f"{name}.md"].decode().count("\n| ") == count + 2
        separators = len(table.COLUMNS) - 1
        lines = [line for line in first[f"{name}.tex"].decode().splitlines() if line.count(" & ") == separators]
        assert len(lines) in (count + 1, count + 2), "the headings once, or on each page"
        assert all(f"\\{rule}rule" in first[f"{name}.tex"].decode() for rule in ("top", "mid", "bottom"))


def test_tables_show_what_is_computed_and_recorded(tmp_path: Path) -> None:
    found = {name: table.rows(tmp_path) for name, table in tables().items()}
    assert [row["id"] for row in found["statements"]] == list(STATEMENTS)
    assert {row["status"] for row in found["statements"]} <= {"stated", "refuted"}, "no evidence lies there"
    sets = next(row for row in found["bounds"] if row["declaration"] == "Sets(n=5)")
    assert sets["lemma1"] == lemma1_width(Layer(1, 1, 2, 5, 2), "1/100", "1/100").value
    built_in = {repr(kind()) for kind in REGISTRY.values() if kind.__module__.startswith("theory.")}
    assert {row["value"] for row in found["instantiations"]} == {row["declaration"] for row in found["bounds"]} == built_in
    assert {row["value"] for row in instantiation_rows([])} >= built_in
    recorded = json.loads(max(RECORDS.glob("experiments-*-cores.json")).read_text(encoding="utf-8"))
    assert all(any(row["name"] == line["name"] and row["certified"] == line["certified"] for row in found["accuracy"]) for line in recorded)
    assert {row["solver"] for row in found["peers"]} >= {"Gurobi", "HiGHS"}


def test_a_stored_failure_is_a_row_of_its_own(tmp_path: Path) -> None:
    before = tables()["tickets"].rows(tmp_path)
    record = json.loads(next(RECORDS.glob("feedforward-*.json")).read_text(encoding="utf-8"))["rows"][0]
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "mine.json").write_text(json.dumps(record | {"name": "mine", "held": False}), encoding="utf-8")
    rows = tables()["tickets"].rows(tmp_path)
    assert rows[1:] == before
    assert (rows[0]["target"], rows[0]["held"]) == ("mine", "no")
    assert len(shown(tables()["tickets"], rows)[0]) == len(tables()["tickets"].COLUMNS)


def test_bounds_are_rounded_up_and_cells_escaped() -> None:
    assert above("0.00123451") == "0.001235"
    assert above(None) == ""
    table = tables()["statements"]
    row = dict.fromkeys(table.COLUMNS, "a|b_c&d")
    assert markdown(table, [row]).splitlines()[-1].startswith("| a\\|b_c&d |")
    assert r"a$|$b\_\allowbreak{}c\&d" in latex(table, [row])


RESULTS_PAGE = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
MARKED = [name for name in NAMES if f"<!-- table: {name} -->" in RESULTS_PAGE]


@pytest.mark.parametrize("name", MARKED)
def test_the_page_of_results_shows_the_tables_as_they_are_computed_now(name: str, tmp_path: Path) -> None:
    table = tables()[name]
    computed = f"<!-- table: {name} -->\n\n{table.CAPTION}\n\n{markdown(table, table.rows(tmp_path))}\n<!-- end -->"
    assert computed in RESULTS_PAGE, f"write the table anew: python -m paper_figures {name}"


def test_the_page_of_results_has_nothing_but_tables_with_digits() -> None:
    assert len(MARKED) >= 4
    outside = RESULTS_PAGE
    for name in MARKED:
        start = outside.index(f"<!-- table: {name} -->")
        end = outside.index("<!-- end -->", start) + len("<!-- end -->")
        outside = outside[:start] + outside[end:]
    assert "|" not in outside
    assert not any(letter.isdigit() for letter in outside.replace("L + 1", "").replace("2L", ""))
