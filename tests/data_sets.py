"""Small data sets, written in the formats of the field."""

import gzip
import struct
from collections.abc import Sequence
from pathlib import Path

import networkx
import numpy as np


def random_images(count: int, side: int, classes: int = 10) -> tuple[np.ndarray, np.ndarray]:
    """Pixels uniform in [0, 1] `[count, side, side]` and labels."""
    generator = np.random.default_rng(0)
    return generator.uniform(0, 1, (count, side, side)), generator.integers(0, classes, count)


def patterns(count: int, side: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Two classes that no quarter turn exchanges: a bright middle, or bright corners, each in noise."""
    generator = np.random.default_rng(seed)
    labels = generator.integers(0, 2, count)
    distance = np.abs(np.arange(side) - (side - 1) / 2)
    middle = np.maximum(distance[:, None], distance[None, :]) < side / 4
    corners = np.minimum(distance[:, None], distance[None, :]) >= side / 4
    noise = generator.uniform(0, 0.4, (count, side, side))
    return noise + 0.6 * np.where(labels[:, None, None] == 1, middle, corners), labels


def write_amat(path: Path, pixels: np.ndarray, labels: np.ndarray) -> Path:
    """Pixels and label a line, as many digits as a float64 has."""
    rows = np.column_stack([pixels.reshape(len(pixels), -1), labels])
    path.write_text("".join(" ".join(f"{value:.16e}" for value in row) + "\n" for row in rows), encoding="ascii")
    return path


def write_idx(path: Path, pixels: np.ndarray, labels: np.ndarray) -> Path:
    """The file of images, and beside it that of labels; gzipped if the name ends so."""
    pack = gzip.compress if path.suffix == ".gz" else bytes
    path.write_bytes(pack(struct.pack(">4I", 0x803, *pixels.shape) + pixels.astype(np.uint8).tobytes()))
    beside = path.with_name(path.name.replace("images", "labels").replace("idx3", "idx1"))
    beside.write_bytes(pack(struct.pack(">2I", 0x801, len(labels)) + labels.astype(np.uint8).tobytes()))
    return path


def random_graphs(count: int) -> tuple[list[networkx.Graph], list[int]]:
    """Cycles (class 1) and stars (class -1) in turn, with labels 4 and 7 and two attributes at the vertices."""
    generator = np.random.default_rng(0)
    graphs, classes = [], []
    for i in range(count):
        size = int(generator.integers(4, 9))
        graph = networkx.star_graph(size - 1) if i % 2 else networkx.cycle_graph(size)
        for v in graph:
            graph.nodes[v].update(label=int(generator.choice([4, 7])), attributes=(generator.standard_normal(2) * 10).tolist())
        graphs.append(graph)
        classes.append(-1 if i % 2 else 1)
    return graphs, classes


def graph_folder(
    folder: Path, graphs: Sequence[networkx.Graph], classes: Sequence[int], *, labelled: bool = False, attributes: int = 0
) -> Path:
    """The files of a TU folder, every edge in both directions."""
    folder.mkdir()
    parts: dict[str, list[str]] = {"A": [], "graph_indicator": [], "graph_labels": [], "node_labels": [], "node_attributes": []}
    start = 1
    for number, (graph, mark) in enumerate(zip(graphs, classes, strict=True), start=1):
        parts["A"] += [f"{start + a}, {start + b}" for u, v in graph.edges for a, b in ((u, v), (v, u))]
        parts["graph_indicator"] += [str(number)] * len(graph)
        parts["graph_labels"].append(str(mark))
        for v, found in graph.nodes(data=True):
            parts["node_labels"] += [str(found.get("label", v % 2))] * labelled
            parts["node_attributes"] += [", ".join(map(repr, found.get("attributes", [0.5, 1.5])[:attributes]))] * bool(attributes)
        start += len(graph)
    for part, rows in parts.items():
        if rows:
            (folder / f"{folder.name}_{part}.txt").write_text("\n".join(rows) + "\n", encoding="ascii")
    return folder
