"""A message-passing classifier of the user's own graphs, such as PROTEINS or NCI1, read from a folder in the TU format.

A file of the user's, run by `python -m numerics prune mine.py:build`:

    from numerics.targets.graph_folder import message_passing_classifier

    def build(cache):
        return message_passing_classifier(cache, "data/PROTEINS")
"""

import hashlib
from pathlib import Path

import numpy as np
from sklearn.model_selection import train_test_split

from numerics.datasets.graphs import Graphs, read_graphs
from numerics.errors import BadData
from numerics.graphs import GraphArchitecture, batch_of
from numerics.network import Target
from numerics.targets import Task
from numerics.targets._graphs import root_mean_square_of, train_on_graphs
from numerics.targets._training import balanced, cached
from theory.errors import OutOfRange

RECIPE = {"rate": 0.02, "decay": 0.05}
LARGEST_DEGREE = 10


def message_passing_classifier(
    cache: Path,
    folder: Path | str,
    *,
    name: str | None = None,
    training: int | None = None,
    testing: int | None = 300,
    channels: int = 24,
    epochs: int = 200,
    seed: int = 0,
) -> Task:
    """Two propagating layers, the mean over the vertices and a dense layer, trained on two thirds of a folder's graphs, judged on the rest.

    The split is stratified, with `seed`; at most `training` and `testing` graphs of its parts are taken (None: all). A vertex's features
    are its labels, one-hot, and its attributes, each divided by the power of two that brings it below 1 on the training graphs; its degree,
    one-hot up to 10, where the folder has neither. The baseline is the most frequent class of the training graphs. `name` is that of the
    target, by default the folder's data set. Raises `BadData`, `OutOfRange`.
    """
    if min(channels, epochs, 1 if training is None else training, 1 if testing is None else testing) < 1:
        raise OutOfRange(
            f"channels = {channels}, epochs = {epochs}, training = {training}, testing = {testing}; positive numbers expected."
        )
    data = read_graphs(folder)
    chosen, rest = _split(data, Path(folder), seed, training, testing)
    features = features_of(data, chosen)
    known, unseen = (batch_of([data.graphs[i] for i in part], [features[i] for i in part]) for part in (chosen, rest))
    classes = len(data.classes)
    architecture = GraphArchitecture(("propagate", "propagate", "mean", "dense"), (len(features[0]), channels, channels, channels, classes))
    recipe = {**RECIPE, "epochs": epochs, "seed": seed}
    marks = (
        known.features,
        known.propagation.data,
        known.propagation.indices,
        known.propagation.indptr,
        known.graph_of,
        data.labels[chosen],
    )
    name = data.name if name is None else name
    layers = cached(
        cache / f"{name}.safetensors",
        {**recipe, "data": hashlib.sha256(b"".join(mark.tobytes() for mark in marks)).hexdigest()},
        architecture,
        lambda: balanced(train_on_graphs(architecture, known, data.labels[chosen], np.arange(len(chosen)), **recipe)),
    )
    frequent = int(np.bincount(data.labels[chosen]).argmax())
    return Task(
        Target(name, architecture, layers, max(root_mean_square_of(known), root_mean_square_of(unseen))),
        unseen,
        data.labels[rest],
        f"message passing: the {classes} classes of the graphs of {data.name}",
        (f"always answering {data.classes[frequent]}", float((data.labels[rest] == frequent).mean())),
    )


def features_of(data: Graphs, chosen: np.ndarray) -> list[np.ndarray]:
    """The features of every graph's vertices `[channels, vertices]`; attributes scaled as they need be on the `chosen` graphs."""
    labels, columns = data.one_hot(), data.attributes[0].shape[1]
    if not len(labels[0]) and not columns:
        return list(data.degrees(LARGEST_DEGREE))
    largest = np.abs(np.concatenate([data.attributes[i] for i in chosen])).max(axis=0)
    exponents = np.where(largest > 0, np.frexp(largest)[1], 0)
    return [np.concatenate([found, np.ldexp(rows, -exponents).T]) for found, rows in zip(labels, data.attributes, strict=True)]


def _split(data: Graphs, folder: Path, seed: int, training: int | None, testing: int | None) -> tuple[np.ndarray, np.ndarray]:
    sizes = np.bincount(data.labels)
    fewest = int(sizes.argmin())
    if len(sizes) < 2 or sizes[fewest] < 3:
        raise BadData(
            f"{folder}: {len(sizes)} classes, of which class {data.classes[fewest]} has {sizes[fewest]} graphs; two classes or more with three "
            "graphs or more each were expected, so that both parts of the split hold every class."
        )
    parts = train_test_split(np.arange(len(data)), test_size=1 / 3, random_state=seed, stratify=data.labels)
    chosen, rest = map(np.asarray, parts)
    return chosen[:training], rest[:testing]
