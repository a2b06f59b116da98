"""A 2-order graph network (S_7 on adjacency matrices) that tells planar graphs among all graphs with seven vertices."""

from pathlib import Path

import networkx
import numpy as np
from networkx.generators.atlas import graph_atlas_g
from sklearn.model_selection import train_test_split

from numerics.layer import Space, trivial
from numerics.network import Architecture, Target
from numerics.targets import Task
from numerics.targets._training import balanced, cached, radius_of, train
from theory.instantiations.tensors import Tensors
from theory.representation import PermutationRepresentation

VERTICES = 7
RECIPE = {"seed": 0, "epochs": 400, "rate": 0.03, "decay": 0.05, "batch": 64}


def build(cache: Path) -> Task:
    """The classifier (trained in half a minute, or read from `cache`) and its test set: a third of the 1044 graphs, stratified, seed 0."""
    graphs = [graph for graph in graph_atlas_g() if graph.number_of_nodes() == VERTICES]
    matrices = np.array([networkx.to_numpy_array(graph, nodelist=range(VERTICES)).reshape(1, -1) for graph in graphs])
    labels = np.array([networkx.check_planarity(graph)[0] for graph in graphs]).astype(np.int64)
    train_x, test_x, train_y, test_y = map(np.asarray, train_test_split(matrices, labels, test_size=1 / 3, random_state=0, stratify=labels))
    pairs = Tensors(VERTICES, 2).representation()
    assert isinstance(pairs, PermutationRepresentation)
    point = trivial(pairs.group)
    architecture = Architecture((Space(pairs, 1), Space(pairs, 12), Space(pairs, 12), Space(point, 32), Space(point, 2)))
    layers = cached(
        cache / "planar_graphs.safetensors",
        RECIPE,
        architecture,
        lambda: balanced(train(architecture, train_x, train_y, **RECIPE)),  # pyright: ignore[reportArgumentType]
    )
    return Task(
        Target("planar_graphs", architecture, layers, radius_of(matrices), nonnegative=True),
        np.ascontiguousarray(test_x),
        test_y,
        "2-order graph network: planarity of the graphs with seven vertices (networkx's atlas)",
        ("always answering planar", float(test_y.mean())),
    )
