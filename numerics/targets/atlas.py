"""A message-passing network that tells, of any graph, whether it has a triangle; trained on networkx's atlas of small graphs."""

from pathlib import Path

import networkx
import numpy as np
from networkx.generators.atlas import graph_atlas_g
from sklearn.model_selection import train_test_split

from numerics.graphs import GraphArchitecture, batch_of
from numerics.network import Target
from numerics.targets import Task
from numerics.targets._graphs import root_mean_square_of, train_on_graphs
from numerics.targets._training import balanced, cached

DEGREES = 7
RECIPE = {"seed": 0, "epochs": 400, "rate": 0.02, "decay": 0.05}


def build(cache: Path) -> Task:
    """The classifier (trained in seconds, or read from `cache`) and its test set: a third of the 1252 graphs, stratified with seed 0.

    A vertex's features are its degree, one-hot, 0 to 6.
    """
    graphs = [graph for graph in graph_atlas_g() if len(graph)]
    features = [np.array([[float(graph.degree(v) == d) for v in graph] for d in range(DEGREES)]) for graph in graphs]
    labels = np.array([networkx.transitivity(graph) > 0 for graph in graphs]).astype(np.int64)
    numbers = np.arange(len(graphs))
    chosen, rest = map(np.asarray, train_test_split(numbers, test_size=1 / 3, random_state=0, stratify=labels))
    whole = batch_of(graphs, features)
    architecture = GraphArchitecture(("propagate", "propagate", "mean", "dense"), (DEGREES, 24, 24, 24, 2))
    layers = cached(
        cache / "atlas.safetensors",
        RECIPE,
        architecture,
        lambda: balanced(train_on_graphs(architecture, whole, labels, chosen, **RECIPE)),  # pyright: ignore[reportArgumentType]
    )
    return Task(
        Target("atlas", architecture, layers, root_mean_square_of(whole)),
        batch_of([graphs[i] for i in rest], [features[i] for i in rest]),
        labels[rest],
        "message passing: does a graph have a triangle? (networkx's atlas)",
        ("always answering yes", float(labels[rest].mean())),
    )
