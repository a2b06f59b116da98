"""A message-passing network that assigns each member of Zachary's karate club to one of its two factions."""

from pathlib import Path

import networkx
import numpy as np

from numerics.graphs import GraphArchitecture, batch_of
from numerics.network import Target
from numerics.targets import Task
from numerics.targets._graphs import root_mean_square_of, train_on_graphs
from numerics.targets._training import balanced, cached

LEADERS = (0, 33)
KNOWN = 16
RECIPE = {"seed": 0, "epochs": 300, "rate": 0.02, "decay": 0.1}


def build(cache: Path) -> Task:
    """The classifier (trained in seconds, or read from `cache`); the test set is every member but the leaders and 16 drawn with seed 0.

    A member's features are whether they are either leader. The baseline is the nearer leader by path length, ties to the first.
    """
    club = networkx.Graph()
    club.add_nodes_from(range(34))
    club.add_edges_from(networkx.karate_club_graph().edges)
    labels = np.array([int(data["club"] != "Mr. Hi") for _, data in networkx.karate_club_graph().nodes(data=True)])
    others = np.array([v for v in club if v not in LEADERS])
    known = np.random.default_rng(0).choice(others, KNOWN, replace=False)
    chosen = np.array(sorted({*LEADERS, *known.tolist()}))
    rest = np.array([v for v in club if v not in chosen])
    whole = batch_of([club], [np.array([[float(v == leader) for v in club] for leader in LEADERS])])
    architecture = GraphArchitecture(("propagate", "propagate", "propagate"), (2, 16, 16, 2))
    layers = cached(
        cache / "karate.safetensors",
        RECIPE,
        architecture,
        lambda: balanced(train_on_graphs(architecture, whole, labels, chosen, **RECIPE)),  # pyright: ignore[reportArgumentType]
    )
    distances = [networkx.single_source_shortest_path_length(club, leader) for leader in LEADERS]
    nearer = np.array([int(distances[1][v] < distances[0][v]) for v in rest])
    return Task(
        Target("karate", architecture, layers, root_mean_square_of(whole)),
        whole,
        labels,
        "message passing: the factions of Zachary's karate club, vertex by vertex",
        ("the nearer leader by path length", float((nearer == labels[rest]).mean())),
        rest,
    )
