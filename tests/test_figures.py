"""Figures: drawn from stored results alone, with their numbers, the same bytes each time."""

import json
import math
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.figure_data import RESULTS, copies_rows, feedforward_rows, near_limit_rows, success_rows
from numerics.subset_sum.statistics import Frequency, clopper_pearson, write_frequencies
from paper_figures.__main__ import figures
from paper_figures.style import LAW_COLOURS
from paper_figures.tables import tables

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
    write_frequencies(rows, out / "data" / "subset_sum.parquet")


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
    assert set(text) == {"caption", "alternative_text", "command"}


def test_a_second_run_writes_the_same_bytes(tmp_path: Path) -> None:
    stored_results(tmp_path)
    contents = []
    for _ in range(2):
        assert command("--out", str(tmp_path), "--quiet").returncode == 0
        contents.append({path.name: path.read_bytes() for path in sorted((tmp_path / "figures").iterdir())})
    assert contents[0] == contents[1]
    assert set(contents[0]) == {f"{name}.{kind}" for name in figures() for kind in ("json", "parquet", "pdf", "png", "svg")}


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
    assert plan["subset_sum_transition"]["command"].startswith("python -m numerics sweep subset_sum")
    assert set(plan) == set(figures()) | set(tables())


def test_colours_are_distinct() -> None:
    assert len(set(LAW_COLOURS.values())) == len(LAW_COLOURS)
