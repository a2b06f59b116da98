"""Experiments: several keys, nothing built twice, a key without a ticket counted."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from numerics import experiments, rechecking
from numerics.experiments import cells, recheck_target, run_target, summary, write_table
from numerics.network import AffineLayer
from numerics.targets import Task
from numerics.workers import Workers
from tests.small import small_graph_target
from tests.test_graphs import random_batch
from tests.test_prune import small_task


@pytest.fixture(autouse=True)
def tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = random_batch(0, count=6)
    graphs = Task(small_graph_target(), batch, np.zeros(6, dtype=np.int64), "graphs", ("nothing", 0.5), np.array([1, 3]))
    monkeypatch.setattr(experiments, "find_task", lambda name, cache: {"random": small_task(), "graphs": graphs}[name])


def run(name: str, out: Path, epsilon: str = "100", keys: int = 2) -> list:
    seen: list[str] = []
    with Workers(1).open() as executor:
        results = run_target(name, range(keys), epsilon=epsilon, out=out, executor=executor, width=6, finished=seen.append)
    assert seen == [f"{name}, key {key}" for key in range(keys)]
    return results


def test_each_key_has_its_own_certificate_and_a_second_run_builds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run("random", tmp_path)
    assert [result.name for result in first] == ["random", "random.key1"]
    assert (tmp_path / "certificates" / "random.key1.json").is_file()
    assert first[0].error_bound != first[1].error_bound

    def never(task: Task, **_: object) -> None:
        raise AssertionError(f"{task.target.name} was built again")

    monkeypatch.setattr(experiments, "build", never)
    assert run("random", tmp_path) == first
    with pytest.raises(AssertionError, match="was built again"):
        run("random", tmp_path, epsilon="99")


def test_a_result_of_another_target_of_that_name_is_built_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run("random", tmp_path)
    task = small_task()
    halved = [AffineLayer(layer.coefficients / 2, layer.bias) for layer in task.target.layers]
    other = replace(task, target=replace(task.target, layers=tuple(halved)))
    monkeypatch.setattr(experiments, "find_task", lambda name, cache: other)
    assert [result.error_bound for result in run("random", tmp_path)] != [result.error_bound for result in first]


def test_a_key_without_a_ticket_is_counted(tmp_path: Path) -> None:
    results = run("random", tmp_path, epsilon="1/1000000000000")
    row = summary("random", results, recheck_target(results, tmp_path))
    assert (row.keys, row.held, row.certified, row.sampled, row.accepted, row.recheck_seconds) == (2, 0, None, None, 0, None)
    assert cells(row)[-1] == "none"


def test_a_certificate_is_accepted_as_it_was_made_and_refused_with_one_number_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = run("random", tmp_path)
    verdicts = recheck_target(results, tmp_path)
    row = summary("random", results, verdicts)
    assert (row.held, row.accepted, [verdict.reason for verdict in verdicts]) == (2, 2, ["", ""])
    assert cells(row)[-1].startswith("2 of 2, ")
    path = Path(results[1].certificate)
    document = json.loads(path.read_text(encoding="ascii"))
    changed = json.dumps(document | {"error_bound": "1/1000"}, sort_keys=True, separators=(",", ":"))
    path.write_text(changed + "\n", encoding="ascii")
    again = recheck_target(results, tmp_path)
    assert again[0] == verdicts[0], "the first certificate is the same file: its verdict is read"
    assert [verdict.accepted for verdict in again] == [True, False]
    assert "error_bound" in again[1].reason
    assert cells(summary("random", results, again))[-1].startswith("1 of 2, ")

    digest = rechecking.program_digest()
    for file in rechecking.PROGRAM.glob("*.py"):
        (tmp_path / "recheck").mkdir(exist_ok=True)
        (tmp_path / "recheck" / file.name).write_bytes(file.read_bytes())
    monkeypatch.setattr(rechecking, "PROGRAM", tmp_path / "recheck")
    assert rechecking.program_digest() == digest
    (tmp_path / "recheck" / "equivariant.py").write_text("raise SystemExit(3)", encoding="utf-8")
    assert rechecking.program_digest() != digest
    other = recheck_target(results, tmp_path)[0]
    assert (other.accepted, other.reason) == (False, "the re-checker ended with exit code 3: no message")


def test_the_row_holds_extremes_over_keys_and_survives_its_file(tmp_path: Path) -> None:
    results = run("graphs", tmp_path, keys=3)
    row = summary("graphs", results, recheck_target(results, tmp_path))
    assert row.accepted == 3
    assert row.certified == max(float(result.error_bound) for result in results)
    assert row.sampled == max(result.largest_error for result in results)
    assert (row.test_inputs, row.baseline, row.baseline_accuracy, row.held) == (2, "nothing", 0.5, 3)
    assert 0 < row.kept < 1
    stored = pq.read_table(write_table([row], tmp_path)).to_pylist()
    assert stored[0]["certified"] == row.certified
    assert json.loads((tmp_path / "data" / "experiments.json").read_text(encoding="utf-8")) == stored
    table = (tmp_path / "data" / "experiments.md").read_text(encoding="utf-8").splitlines()
    assert table[2].split(" | ")[1:3] == ["50.00%", f"{row.target_accuracy:.2%}"]
    assert table[-1] == "- graphs: graphs; baseline: nothing"
