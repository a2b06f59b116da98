"""Experiments: several keys, nothing built twice, a key without a ticket counted."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from numerics import experiments
from numerics.experiments import run_target, summary, write_table
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
    row = summary("random", run("random", tmp_path, epsilon="1/1000000000000"))
    assert (row.keys, row.held, row.certified, row.sampled) == (2, 0, None, None)


def test_the_row_holds_extremes_over_keys_and_survives_its_file(tmp_path: Path) -> None:
    results = run("graphs", tmp_path, keys=3)
    row = summary("graphs", results)
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
