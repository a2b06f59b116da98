"""Targets trained on the user's own files become certified tickets, by a file of a few lines."""

import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import networkx
import numpy as np
import pytest

from checks.recheck import recheck
from numerics.build import build
from numerics.datasets.graphs import read_graphs
from numerics.datasets.images import read_images
from numerics.errors import BadData
from numerics.execute import run_target
from numerics.graphs import GraphBatch
from numerics.targets import Task, find_task
from numerics.targets.graph_folder import features_of, message_passing_classifier
from numerics.targets.image_files import steerable_classifier
from tests.data_sets import graph_folder, patterns, random_graphs, write_amat, write_idx
from theory.errors import BadFile, OutOfRange

WIDTH, SAMPLES = 64, 24

IMAGES_FILE = """
from numerics.targets.image_files import steerable_classifier

def build(cache):
    settings = dict(name="patterns", side=4, channels=1, features=2, classes=2, epochs=20)
    return steerable_classifier(cache, "FOLDER/train.amat", "FOLDER/test.amat", **settings)
"""

GRAPHS_FILE = """
from numerics.targets.graph_folder import message_passing_classifier

def build(cache):
    return message_passing_classifier(cache, "FOLDER/SHAPES", channels=3, epochs=150)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both data sets and both files of the user's."""
    place = tmp_path_factory.mktemp("data")
    write_amat(place / "train.amat", *patterns(60, 8, 0))
    write_amat(place / "test.amat", *patterns(30, 8, 1))
    graph_folder(place / "SHAPES", *random_graphs(45))
    (place / "images.py").write_text(IMAGES_FILE.replace("FOLDER", str(place)), encoding="utf-8")
    (place / "graphs.py").write_text(GRAPHS_FILE.replace("FOLDER", str(place)), encoding="utf-8")
    return place


def accuracy(task: Task) -> float:
    outputs = run_target(task.target, task.inputs)
    return float((outputs.reshape(len(outputs), -1).argmax(axis=1) == task.labels).mean())


def test_a_steerable_network_learns_an_amat_file_and_changes_nothing_under_quarter_turns(folder: Path, tmp_path: Path) -> None:
    task = find_task(f"{folder / 'images.py'}:build", tmp_path)
    assert isinstance(task.inputs, np.ndarray)
    assert accuracy(task) >= 0.95
    assert task.labels.tolist() == read_images(folder / "test.amat").labels.tolist()
    turned = np.rot90(task.inputs.reshape(-1, 4, 4), axes=(1, 2)).reshape(task.inputs.shape)
    np.testing.assert_allclose(run_target(task.target, turned), run_target(task.target, task.inputs), atol=1e-12)
    moved = np.roll(task.inputs, 1, axis=2)
    assert np.abs(run_target(task.target, moved) - run_target(task.target, task.inputs)).max() > 1e-3


def test_labels_drawn_anew_are_not_learned(folder: Path, tmp_path: Path) -> None:
    """The accuracy above is owed to the labels of the file: with labels at random it is gone."""
    pixels, labels = patterns(60, 8, 0)
    path = write_amat(tmp_path / "random.amat", pixels, np.random.default_rng(5).permutation(labels))
    task = steerable_classifier(tmp_path, path, folder / "test.amat", side=4, channels=1, features=2, classes=2, epochs=20)
    assert accuracy(task) <= 0.9


def test_idx_files_and_amat_files_of_the_same_images_give_the_same_network(tmp_path: Path) -> None:
    pixels, labels = patterns(20, 8, 0)
    pixels = np.rint(pixels * 255).astype(np.uint8)
    text = write_amat(tmp_path / "images.amat", pixels / 255, labels)
    binary = write_idx(tmp_path / "images-idx3-ubyte.gz", pixels, labels)
    settings = {"side": 4, "channels": 1, "features": 2, "classes": 2, "epochs": 2, "flips": True}
    tasks = [steerable_classifier(tmp_path / path.stem, path, path, **settings) for path in (text, binary)]
    np.testing.assert_array_equal(tasks[0].inputs, tasks[1].inputs)
    for one, other in zip(tasks[0].target.layers, tasks[1].target.layers, strict=True):
        np.testing.assert_array_equal(one.coefficients, other.coefficients)


def test_a_trained_network_is_kept_until_its_data_change(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def made(training: int) -> Task:
        return steerable_classifier(
            tmp_path, folder / "train.amat", folder / "test.amat", side=4, channels=1, features=2, classes=2, epochs=1, training=training
        )

    made(20)
    monkeypatch.setattr("numerics.targets.image_files.train", lambda *_, **__: pytest.fail("trained again"))
    assert len(made(20).inputs) == 30
    with pytest.raises(pytest.fail.Exception, match="trained again"):
        made(21)


@pytest.mark.parametrize(("labelled", "attributes"), [(False, 0), (True, 2)])
def test_message_passing_on_a_graph_folder_becomes_a_certified_ticket(labelled: bool, attributes: int, tmp_path: Path) -> None:
    graphs, classes = random_graphs(45)
    place = graph_folder(tmp_path / "SHAPES", graphs, classes, labelled=labelled, attributes=attributes)
    task = message_passing_classifier(tmp_path, place, channels=3, epochs=150)
    assert isinstance(task.inputs, GraphBatch)
    assert len(task.inputs) == len(task.labels) == 15
    assert sorted(np.bincount(task.labels).tolist()) == [7, 8]
    assert len(task.inputs.features) == (4 if labelled else 11)
    if not labelled:
        assert accuracy(task) >= 0.95
    result = build(task, epsilon="0.01", key=0, width=WIDTH, samples=SAMPLES, out=tmp_path / "out")
    bound = Fraction(recheck(result.certificate)["error_bound"])
    assert 0 < result.largest_error <= bound <= Fraction(1, 100)
    assert result.target_accuracy == accuracy(task)
    answered = {"always answering -1": 0, "always answering 1": 1}[result.baseline]
    assert result.baseline_accuracy == float((task.labels == answered).mean())


def test_attributes_are_scaled_exactly_below_one_on_the_graphs_trained_on(tmp_path: Path) -> None:
    graphs, classes = random_graphs(9)
    data = read_graphs(graph_folder(tmp_path / "SHAPES", graphs, classes, attributes=2))
    features = features_of(data, np.arange(5))
    largest = np.abs(np.concatenate(features[:5], axis=1)).max(axis=1)
    assert ((largest >= 0.5) & (largest < 1)).all()
    ratios = {
        found / value
        for rows, each in zip(data.attributes, features, strict=True)
        for found, value in zip(rows[:, 0], each[0], strict=True)
    }
    assert len(ratios) == 1
    assert np.frexp(ratios.pop())[0] == 0.5


@pytest.mark.parametrize("name", ["images", "graphs"])
def test_the_command_prunes_certifies_and_rechecks_the_user_s_data(name: str, folder: Path, tmp_path: Path) -> None:
    environment = os.environ | {"COLUMNS": "200"}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", *arguments], capture_output=True, text=True, check=False, env=environment)

    options = ("--width", str(WIDTH), "--samples", str(SAMPLES), "--out", str(tmp_path))
    finished = run("numerics", "prune", f"{folder / name}.py:build", *options)
    assert finished.returncode == 0, finished.stderr
    (stored,) = (tmp_path / "results").iterdir()
    result = json.loads(stored.read_text(encoding="utf-8"))
    assert result["held"]
    assert 0 < result["largest_error"] <= float(result["error_bound"]) <= 0.01
    assert result["target_accuracy"] >= 0.95
    assert f"baseline  {result['baseline']}: {result['baseline_accuracy']:.2%}" in finished.stdout
    checked = run("checks.recheck", result["certificate"])
    assert checked.returncode == 0, checked.stdout
    assert checked.stdout.startswith("ACCEPTED")
    document = json.loads(Path(result["certificate"]).read_text(encoding="utf-8"))
    document["layers"][0]["masks"] = document["layers"][1]["masks"]
    (tmp_path / "changed.json").write_text(json.dumps(document), encoding="utf-8")
    assert run("checks.recheck", str(tmp_path / "changed.json")).returncode != 0
    text = (folder / f"{name}.py").read_text(encoding="utf-8")
    broken = tmp_path / "broken.py"
    broken.write_text(text.replace(str(folder), str(folder / "nowhere")), encoding="utf-8")
    refused = run("numerics", "prune", f"{broken}:build", *options)
    assert refused.returncode == 2
    assert "BadData: " in refused.stderr
    assert "nowhere" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_images_that_quarter_turns_do_not_preserve_are_refused(tmp_path: Path) -> None:
    path = write_idx(tmp_path / "images", np.zeros((2, 3, 4)), np.array([0, 1]))
    with pytest.raises(BadData, match="images of 3 × 4 pixels; square ones"):
        steerable_classifier(tmp_path, path, path)


def test_settings_that_make_no_network_are_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(OutOfRange, match="channels = 0"):
        steerable_classifier(tmp_path, folder / "train.amat", folder / "test.amat", side=4, channels=0)
    with pytest.raises(OutOfRange, match="training = 0"):
        message_passing_classifier(tmp_path, folder / "SHAPES", training=0)


@pytest.mark.parametrize("classes", [[1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 2, 2]])
def test_too_few_graphs_of_a_class_are_refused(classes: list[int], tmp_path: Path) -> None:
    place = graph_folder(tmp_path / "FEW", [networkx.path_graph(3)] * 6, classes)
    with pytest.raises(BadFile, match="two classes or more with three graphs or more each"):
        message_passing_classifier(tmp_path, place)
