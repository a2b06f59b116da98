"""Figures: drawn from stored results alone, with their numbers, the same bytes each time."""

import json
import math
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from numerics.sample_size_table import SampleSizes
from numerics.store import write_rows
from numerics.subset_sum.statistics import Frequency, clopper_pearson
from numerics.ticket_statistics import KINDS, SWEPT, DefectRow, TicketRow
from paper_figures.__main__ import FigureCommand, figures, make
from paper_figures.data import STORED
from paper_figures.records import RESULTS, copies_rows, feedforward_rows, near_limit_rows, success_rows
from paper_figures.style import GROUP_COLOURS, GROUP_MARKERS, LAW_COLOURS, LAW_MARKERS
from paper_figures.tables import tables
from theory.errors import UnknownName
from theory.statement import STATEMENTS
from theory.status import Evidence, write_evidence

ROOT = Path(__file__).parent.parent


def stored_results(out: Path) -> None:
    """Made-up frequencies with a known shape: half of 200 trials fail up to n = 10, none after."""
    rows = []
    for law in ("uniform", "product"):
        for targets in ("one", "all"):
            for epsilon in (0.1, 0.01):
                for n in range(23):
                    failures = 100 if n <= 10 else 0
                    rows.append(Frequency(law, targets, epsilon, n, 200, failures, *clopper_pearson(failures, 200)))
    write_rows(rows, out / "data" / "subset_sum.parquet")
    write_rows(
        [SampleSizes(law, 2.0**-bits, 0.01, 9 * bits, 5 * bits, "made up", bits) for law in ("uniform", "product") for bits in (6, 8)],
        out / "data" / "sample_sizes.parquet",
    )
    layers = [
        TicketRow(
            repr(declared), 4, 4.0, width, key, 2.0 ** (-width / 4 - key), 2.0 ** (-width / 4 - key - 1), 0.1, 0.01, 40 * width, 9 * width
        )
        for declared in SWEPT
        for width in (8, 32, 96)
        for key in range(3)
    ]
    write_rows(layers, out / "data" / "tickets.parquet")
    write_rows(
        [DefectRow(repr(declared), key, kind, 0.5, 0.8) for declared in SWEPT for key in range(2) for kind in KINDS],
        out / "data" / "equivariance.parquet",
    )
    counterexample = Evidence("companion.A1", "made_up", "instances", "refuted", counterexample="made up")
    write_evidence([counterexample], out / "evidence.json")


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "paper_figures", *arguments], capture_output=True, text=True, check=False, cwd=ROOT)


def test_a_figure_plots_the_stored_numbers_and_the_guarantee(tmp_path: Path) -> None:
    stored_results(tmp_path)
    finished = command("subset_sum_transition", "--out", str(tmp_path))
    assert finished.returncode == 0, finished.stderr
    rows = pq.read_table(tmp_path / "figures" / "subset_sum_transition.parquet").to_pylist()
    measured = [row for row in rows if row["line"] == "measured"]
    assert {row["success"] for row in measured if row["samples"] <= 10} == {0.5}
    assert {row["success"] for row in measured if row["samples"] > 10} == {1.0}
    assert all(row["lower"] <= row["success"] <= row["upper"] for row in measured)
    guaranteed = {
        row["samples"]: row["success"] for row in rows if row["line"] == "guaranteed" and (row["law"], row["epsilon"]) == ("uniform", 0.1)
    }
    assert guaranteed[20] == 0.0
    assert guaranteed[40] == pytest.approx(1 - 800 * 0.75**40)
    text = json.loads((tmp_path / "figures" / "subset_sum_transition.json").read_text(encoding="utf-8"))
    assert set(text) == {"caption", "alternative_text", "commands"}
    assert text["commands"] == ["python -m numerics sweep subset_sum"]


def test_a_second_run_writes_the_same_bytes_for_every_figure(tmp_path: Path) -> None:
    stored_results(tmp_path)
    contents = []
    for _ in range(2):
        assert make(FigureCommand(out=tmp_path, quiet=True)) == 0
        contents.append({path.name: path.read_bytes() for path in sorted((tmp_path / "figures").iterdir())})
    assert contents[0] == contents[1]
    assert set(contents[0]) == {f"{name}.{kind}" for name in figures() for kind in ("json", "parquet", "pdf", "png", "svg")}


def drawn(name: str, out: Path) -> list[dict]:
    """The numbers that a figure plots, drawn in this process."""
    assert make(FigureCommand(names=(name,), out=out, quiet=True)) == 0
    return pq.read_table(out / "figures" / f"{name}.parquet").to_pylist()


def test_statuses_in_the_graph_are_those_of_the_stored_evidence(tmp_path: Path) -> None:
    stored_results(tmp_path)
    rows = {row["id"]: row for row in drawn("statement_graph", tmp_path)}
    assert set(rows) == set(STATEMENTS)
    assert rows["companion.A1"]["status"] == "refuted"
    assert not [name for name, row in rows.items() if row["status"] == "refuted" and name != "companion.A1"]
    assert len({(row["x"], row["y"]) for row in rows.values()}) == len(rows)


def test_success_is_counted_from_certified_errors_and_stands_over_the_guarantee(tmp_path: Path) -> None:
    stored_results(tmp_path)
    rows = drawn("success_probability", tmp_path)
    measured = {(row["epsilon"], row["width"]): row for row in rows if row["line"] == "measured" and row["instantiation"] == repr(SWEPT[0])}
    assert measured[0.1, 8]["success"] == pytest.approx(1 / 3), "errors 1/4, 1/8, 1/16"
    assert measured[0.01, 32]["success"] == 1.0
    assert all(row["lower"] <= row["success"] <= row["upper"] and row["keys"] == 3 for row in measured.values())
    guaranteed = [row for row in rows if row["line"] == "guaranteed"]
    assert guaranteed
    assert all(0 < row["success"] < 1 and row["width"] > 96 for row in guaranteed)


def test_found_widths_lie_between_what_is_needed_and_what_is_guaranteed(tmp_path: Path) -> None:
    stored_results(tmp_path)
    rows = drawn("width_against_tolerance", tmp_path)
    assert {row["found"] for row in rows} >= {8, 32, 96}
    assert all(row["needed"] < row["guaranteed"] for row in rows)
    assert all(row["found"] < row["guaranteed"] for row in rows if row["found"])


def test_no_recorded_error_is_above_its_certified_bound(tmp_path: Path) -> None:
    stored_results(tmp_path)
    rows = drawn("certified_against_sampled", tmp_path)
    assert {row["kind"] for row in rows} == {"layer", "equivariant", "feedforward"}
    assert all(row["sampled"] <= row["certified"] for row in rows)


def test_bases_are_drawn_with_every_operator_of_theirs(tmp_path: Path) -> None:
    rows = drawn("equivariant_bases", tmp_path)
    operators: dict[str, set[int]] = {}
    for row in rows:
        operators.setdefault(row["instantiation"], set()).add(row["operator"])
    sizes = {name.partition("(")[0]: len(found) for name, found in operators.items()}
    assert sizes["Sets"] == 2
    assert sizes["Dihedral"] == 4
    assert sizes["Tensors"] == 14
    assert sizes["Exchangeable"] == 4


def test_published_weight_errors_are_those_that_others_report(tmp_path: Path) -> None:
    golden = json.loads((ROOT / "tests" / "golden" / "published_weight_errors.json").read_text(encoding="utf-8"))["largest_weight_error"]
    rows = drawn("weight_error", tmp_path)
    for row in rows:
        if row["who"] == "published":
            assert row["weight_error"] == pytest.approx(golden[row["data"]][str(row["samples"])], rel=0.01)
    exact = [row for row in rows if row["who"] != "published"]
    assert {(row["data"], row["samples"]) for row in exact} == {(data, int(n)) for data, values in golden.items() for n in values}
    at_most = {5: 4e-2, 10: 2e-3, 15: 7e-5, 20: 3e-6, 25: 1e-7, 30: 4e-9}
    assert all(row["median_weight_error"] <= at_most[row["samples"]] for row in exact)


def test_an_unknown_venue_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match=r"--venue nowhere: no such width; known are .*iclr2024"):
        make(FigureCommand(names=("equivariant_bases",), out=tmp_path, venue="nowhere"))


def test_figures_are_as_wide_as_the_text_of_the_venue(tmp_path: Path) -> None:
    widths = []
    for venue in ("iclr2024", "icml2024_half"):
        assert make(FigureCommand(names=("equivariant_bases",), out=tmp_path, quiet=True, venue=venue)) == 0
        text = (tmp_path / "figures" / "equivariant_bases.svg").read_text(encoding="utf-8")
        widths += [float(width) for width in re.findall(r'<svg[^>]* width="([0-9.]+)pt"', text)]
    assert widths == [pytest.approx(5.5 * 72), pytest.approx(3.25 * 72)]


def test_structured_figures_plot_the_recorded_numbers_and_no_others(tmp_path: Path) -> None:
    assert command("structured_or_not", "subset_sum_dimension", "--out", str(tmp_path), "--quiet").returncode == 0
    cells = pq.read_table(tmp_path / "figures" / "subset_sum_dimension.parquet").to_pylist()
    stored = {(row["dimension"], row["epsilon"], row["method"]): row["samples"] for row in success_rows(RESULTS)}
    found = {(row["dimension"], row["epsilon"], row["line"]): row["samples"] for row in cells}
    assert {key: n for key, n in found.items() if key[2] in ("exact", "merging")} == {key: n for key, n in stored.items() if n}
    assert all(found[d, e, "needed"] <= n <= found[d, e, "proved"] for (d, e, line), n in found.items() if line == "exact")
    bars = pq.read_table(tmp_path / "figures" / "structured_or_not.parquet").to_pylist()
    assert {row["relative"] for row in bars if row["network"] == "unpruned"} == {1.0}
    assert all(row["relative"] < 1 for row in bars if row["network"] == "compacted")


def test_a_changed_record_changes_what_is_plotted(tmp_path: Path) -> None:
    assert command("subset_sum_dimension", "--out", str(tmp_path), "--quiet").returncode == 0
    table = pq.read_table(tmp_path / "data" / "structured_success.parquet").to_pylist()
    table[0]["samples"] = 7
    pq.write_table(pa.Table.from_pylist(table), tmp_path / "data" / "structured_success.parquet")
    assert command("subset_sum_dimension", "--out", str(tmp_path), "--quiet").returncode == 0
    assert 7 in {row["samples"] for row in pq.read_table(tmp_path / "figures" / "subset_sum_dimension.parquet").to_pylist()}


def test_a_table_older_than_the_records_is_gathered_again(tmp_path: Path) -> None:
    rows = drawn("accuracy", tmp_path)
    path = tmp_path / "data" / "experiments.parquet"
    pq.write_table(pa.Table.from_pylist([row | {"held": 0} for row in rows]), path)
    assert {row["held"] for row in drawn("accuracy", tmp_path)} == {0}
    os.utime(path, (0, 0))
    assert drawn("accuracy", tmp_path) == rows


def test_the_gap_to_the_bound_is_drawn_for_the_narrowest_network_that_held(tmp_path: Path) -> None:
    assert command("bound_gap", "--out", str(tmp_path), "--quiet").returncode == 0
    drawn = pq.read_table(tmp_path / "figures" / "bound_gap.parquet").to_pylist()
    steps = near_limit_rows(RESULTS)
    for row in drawn:
        narrower = [s for s in steps if (s["layer"], s["strategy"]) == (row["layer"], row["strategy"]) and s["width"] < row["width"]]
        assert row["keys_held"] >= 0.99 * row["keys_tried"]
        assert all(step["keys_held"] < 0.99 * step["keys_tried"] or step["keys_tried"] < 10 for step in narrower)
        factors = [value for name, value in row.items() if name.startswith("factor: ") and value is not None]
        assert not factors or math.prod(factors) == pytest.approx(row["ratio"])
        assert len(factors) in (0, 9)
    assert {row["strategy"] for row in drawn} == {"proof", "positive", "assigned", "exchanged", "copies"}
    assert all(row["ratio"] >= 1 for row in drawn)


def test_feedforward_figures_plot_the_recorded_runs_and_no_others(tmp_path: Path) -> None:
    names = ("depth_two_or_plus_one", "activation_functions", "copies_amplify")
    assert command(*names, "--out", str(tmp_path), "--quiet").returncode == 0
    depth, activations, copies = (pq.read_table(tmp_path / "figures" / f"{name}.parquet").to_pylist() for name in names)
    stored = {row["run"]: row for row in feedforward_rows(RESULTS)}
    assert {row["depth"] for row in depth} == {"2L", "L+1"}
    for row in depth:
        assert row["network_bound"] == float(stored[row["target"] + (", L+1" if row["depth"] == "L+1" else "")]["network_bound"])
    assert {"relu", "tanh", "gelu", "sigmoid", "silu"} <= {row["activation"] for row in activations}
    for row in activations:
        assert row["largest_error"] == stored[row["activation"]]["largest_error"] <= row["network_bound"]
    counted = {row["samples"]: row for row in copies_rows(RESULTS)}
    assert {(row["copies"], row["mean"]) for row in copies} == {
        (n, row[f"{objective}_mean"]) for n, row in counted.items() for objective in ("smallest", "best")
    }


def test_bad_input_is_named(tmp_path: Path) -> None:
    unknown = command("nosuch", "--out", str(tmp_path))
    assert unknown.returncode == 2
    assert f"UnknownName: no figure is called 'nosuch'; known are {', '.join(figures())}" in " ".join(unknown.stderr.split())
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "subset_sum.parquet").write_bytes(b"damaged")
    damaged = command("--out", str(tmp_path))
    assert damaged.returncode == 2
    assert "is no table of results" in damaged.stderr


def test_the_plan_names_what_each_figure_needs(tmp_path: Path) -> None:
    plan = json.loads(command("--plan", "--json", "--out", str(tmp_path)).stdout)
    assert [entry["command"] for entry in plan["figures"]["subset_sum_transition"]] == [
        f"python -m numerics sweep subset_sum --out {tmp_path}"
    ]
    assert plan["figures"]["equivariant_bases"] == []
    assert (set(plan["figures"]), set(plan["tables"])) == (set(figures()), set(tables()))
    assert {need for figure in figures().values() for need in figure.NEEDS} <= set(STORED)


def test_colours_are_distinct() -> None:
    assert len(set(LAW_COLOURS.values())) == len(LAW_COLOURS)


def test_what_is_missing_is_said_before_it_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With nothing stored: every command with what it takes, before the first of them runs; here each of them fails at once."""
    calls: list[list[str]] = []

    def fail(arguments: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        calls.append(arguments)
        return subprocess.CompletedProcess(arguments, 7)

    monkeypatch.setattr("paper_figures.__main__.subprocess.run", fail)
    assert make(FigureCommand(out=tmp_path)) == 7, "what fails is handed on"
    assert len(calls) == 1
    said, _, after = capsys.readouterr().err.partition("running ")
    assert after
    needed = [STORED[need] for figure in figures().values() for need in figure.NEEDS]
    assert all(result.command + result.quick in said and result.file in said for result in needed)
    assert "min of CPU time" in " ".join(said.split())
    stored_results(tmp_path)
    assert make(FigureCommand(names=("success_probability",), out=tmp_path, quiet=True)) == 0
    assert len(calls) == 1, "what is stored is not measured again"


def test_captions_count_the_keys_and_draws_that_are_stored(tmp_path: Path) -> None:
    stored_results(tmp_path)
    names = (
        "success_probability",
        "mask_density",
        "width_against_tolerance",
        "equivariance_defect",
        "subset_sum_laws",
        "subset_sum_transition",
    )
    assert make(FigureCommand(names=names, out=tmp_path, quiet=True)) == 0
    texts = {name: json.loads((tmp_path / "figures" / f"{name}.json").read_text(encoding="utf-8"))["caption"] for name in names}
    assert all("3 keys" in texts[name] for name in ("success_probability", "mask_density", "width_against_tolerance"))
    assert "a key, of 2." in texts["equivariance_defect"]
    assert all("200 draws" in texts[name] for name in ("subset_sum_laws", "subset_sum_transition"))
    assert not [name for name, text in texts.items() if "{" in text]


def test_groups_and_laws_are_told_apart_without_colour() -> None:
    assert len(set(GROUP_MARKERS.values())) == len(GROUP_MARKERS) == len(GROUP_COLOURS)
    assert len(set(LAW_MARKERS.values())) == len(LAW_MARKERS) == len(LAW_COLOURS)


def alike(drawn: Figure) -> list[tuple]:
    """The entries of a legend of the figure that look like another one when colours are gone."""
    legends = [legend for axes in drawn.axes if (legend := axes.get_legend())] + drawn.legends
    looks = [[_look(handle) for handle in legend.legend_handles] for legend in legends]
    return [look for one in looks for look in one if one.count(look) > 1]


def _look(handle: Any) -> tuple:
    """Dash, marker and its face, or hatch and whether the bar is black."""
    if isinstance(handle, Line2D):
        face = handle.get_markerfacecolor()
        return handle.get_linestyle(), handle.get_marker(), handle.get_fillstyle(), isinstance(face, str) and face in ("white", "none")
    return handle.get_hatch(), sum(handle.get_facecolor()[:3]) < 0.1


@pytest.mark.parametrize("name", figures())
def test_no_two_entries_of_a_legend_differ_in_colour_alone(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stored_results(tmp_path)
    drawings: list[Figure] = []
    monkeypatch.setattr("paper_figures.__main__.save", lambda drawing, *_: drawings.append(drawing) or [])
    (tmp_path / "figures").mkdir()
    assert make(FigureCommand(names=(name,), out=tmp_path, quiet=True)) == 0
    assert [look for drawing in drawings for look in alike(drawing)] == []
    plt.close("all")


def test_a_legend_in_which_colour_alone_differs_is_noticed() -> None:
    figure, axes = plt.subplots()
    axes.plot([0, 1], color="red", label="a")
    axes.plot([1, 0], color="blue", label="b")
    axes.legend()
    assert len(alike(figure)) == 2
    plt.close(figure)
