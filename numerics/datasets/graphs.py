"""Labelled graphs from a local folder in the format of the TU Dortmund collection: PROTEINS, NCI1, MUTAG, ...

A folder of the data set DS holds DS_A.txt (an edge "i, j" a line), DS_graph_indicator.txt (the graph of each vertex), DS_graph_labels.txt
and perhaps DS_node_labels.txt and DS_node_attributes.txt (a line for each vertex). Vertices and graphs are numbered from 1 throughout.
"""

from dataclasses import dataclass
from pathlib import Path

import networkx
import numpy as np
from jaxtyping import Float64, Int64

from numerics.datasets._files import integer, number, table
from numerics.errors import BadData


@dataclass(frozen=True, eq=False)
class Graphs:
    """Undirected graphs on the vertices 0, 1, ... each, with features and classes.

    `node_labels[g]` `[vertices, columns]` and `attributes[g]` `[vertices, columns]` have no columns where the folder has no such file.
    `labels` `[N]` number the classes; `classes` holds the file's name of each class, in increasing order.
    """

    name: str
    graphs: tuple[networkx.Graph, ...]
    node_labels: tuple[np.ndarray, ...]
    attributes: tuple[np.ndarray, ...]
    labels: Int64[np.ndarray, " N"]
    classes: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.graphs)

    def one_hot(self) -> tuple[Float64[np.ndarray, "channels v"], ...]:
        """For each graph, a channel of zeros and ones for each value of each node label, `[values, vertices]`."""
        every = np.concatenate(self.node_labels)
        values = [np.unique(column) for column in every.T]

        def channels(rows: np.ndarray) -> np.ndarray:
            parts = [(found[:, None] == column).astype(np.float64) for found, column in zip(values, rows.T, strict=True)]
            return np.concatenate([np.zeros((0, len(rows))), *parts])

        return tuple(map(channels, self.node_labels))

    def degrees(self, most: int) -> tuple[Float64[np.ndarray, "channels v"], ...]:
        """For each graph, the degree of each vertex, one-hot from 0 to `most` (larger ones count as `most`), `[most + 1, vertices]`."""
        found = [np.minimum([graph.degree(v) for v in graph], most) for graph in self.graphs]
        return tuple((np.arange(most + 1)[:, None] == each).astype(np.float64) for each in found)


def read_graphs(folder: Path | str, name: str | None = None) -> Graphs:
    """The graphs of a TU folder; `name` is the DS of its files, by default that of its only DS_A.txt.

    An edge may be listed in one direction or in both, loops are kept, files of edge labels and edge attributes are not read. Raises
    `BadData` for a missing or malformed file, a vertex that does not exist, an edge between two graphs, graphs that are not numbered
    1, 2, ... without gaps in the order of their vertices.
    """
    folder = Path(folder)
    name = _name(folder) if name is None else name

    def file(part: str) -> Path:
        return folder / f"{name}_{part}.txt"

    indicator = table(file("graph_indicator"), integer, np.int64, 1)[:, 0]
    steps = np.diff(indicator, prepend=0)
    wrong = np.flatnonzero((steps < 0) | (steps > 1) | (indicator < 1))
    if len(wrong):
        before = indicator[wrong[0] - 1] if wrong[0] else 0
        expected = f"{before} or {before + 1}" if before else "1"
        raise BadData(
            f"{file('graph_indicator')}, line {wrong[0] + 1}: graph {indicator[wrong[0]]} after graph {before}; {expected} was expected. "
            "Sort the vertices by graph and number the graphs 1, 2, ... without gaps."
        )
    marks = table(file("graph_labels"), integer, np.int64, 1)[:, 0]
    if len(marks) != indicator[-1]:
        raise BadData(
            f"{file('graph_labels')}: {len(marks)} lines; one for each of the {indicator[-1]} graphs of {file('graph_indicator')} was expected. "
            "A file is cut short, or they do not belong together."
        )
    classes, labels = np.unique(marks, return_inverse=True)
    starts = np.concatenate([[0], np.cumsum(np.bincount(indicator)[1:])])
    vertices = {
        part: _of_vertices(file(part), read, dtype, len(indicator))
        for part, read, dtype in (("node_labels", integer, np.int64), ("node_attributes", number, np.float64))
    }
    node_labels, attributes = (tuple(np.split(values, starts[1:-1])) for values in vertices.values())
    return Graphs(
        name,
        _graphs(file("A"), indicator, starts),
        node_labels,
        attributes,
        labels.astype(np.int64),
        tuple(classes.tolist()),
    )


def _name(folder: Path) -> str:
    if not folder.is_dir():
        raise BadData(f"{folder} is no folder (looked in {Path.cwd()}); give the path of a TU folder. Nothing is downloaded.")
    found = sorted(path.name for path in folder.glob("*_A.txt"))
    if len(found) != 1:
        raise BadData(f"{folder} holds {found or 'no file DS_A.txt'}; exactly one was expected. Give the folder of one data set, or name=.")
    return found[0].removesuffix("_A.txt")


def _of_vertices(path: Path, read, dtype, count: int) -> np.ndarray:
    """The table of an optional file with a line for each vertex, `[vertices, columns]`."""
    if not path.exists():
        return np.zeros((count, 0), dtype)
    found = table(path, read, dtype)
    if len(found) != count:
        raise BadData(f"{path}: {len(found)} lines; one for each of the {count} vertices was expected. A file is cut short: copy it again.")
    return found


def _graphs(path: Path, indicator: np.ndarray, starts: np.ndarray) -> tuple[networkx.Graph, ...]:
    edges = table(path, integer, np.int64, 2)
    outside = np.argwhere((edges < 1) | (edges > len(indicator)))
    if len(outside):
        line, place = outside[0]
        raise BadData(
            f"{path}, line {line + 1}: vertex {edges[line, place]}; a number from 1 to {len(indicator)} was expected, the lines of the graph "
            "indicator. Correct the line."
        )
    ends = indicator[edges - 1]
    across = np.flatnonzero(ends[:, 0] != ends[:, 1])
    if len(across):
        line = across[0]
        raise BadData(
            f"{path}, line {line + 1}: the edge {edges[line, 0]}, {edges[line, 1]} joins graphs {ends[line, 0]} and {ends[line, 1]}; both "
            "ends in one graph were expected. Correct the line or the graph indicator."
        )
    result = [networkx.empty_graph(int(size)) for size in np.diff(starts)]
    within = edges - 1 - starts[ends - 1]
    for graph, (i, j) in zip((ends[:, 0] - 1).tolist(), within.tolist(), strict=True):
        result[graph].add_edge(i, j)
    return tuple(result)
