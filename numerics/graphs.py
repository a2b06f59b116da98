"""Message passing: layers whose operators are 1 and the normalized adjacency matrix Â of whatever graph comes in.

For a graph with adjacency A ≥ 0 and degrees D, Â = D^{-1/2} A D^{-1/2} (zero where a degree is) is symmetric with spectrum in [-1, 1]:
xᵀ(1 ± Â)x is a sum of squares over the edges. Signals on vertices are measured by their root mean square over the vertices, so that no
bound depends on the size of the graph: ‖P⊗1 + Q⊗Â‖ is the largest ‖P + λQ‖ over eigenvalues λ, at most its maximum at λ = ±1 as the norm
is convex; a bias has the length of its coefficients, and taking the mean over the vertices has norm at most 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import networkx
import numpy as np
import scipy.sparse
from flint import fmpz_mat
from jaxtyping import Float64, Int64

from numerics.layer import AffineShape
from numerics.operator_norm import orbit_operator_norm, sqrt_up, squarings_for
from theory.errors import OutOfRange

KINDS = {"propagate": 2, "mean": 1, "dense": 1}
"""The kinds of layers with their numbers of operators: {1, Â} on vertices, the mean over the vertices, {1} on the whole graph."""


@dataclass(frozen=True)
class GraphLayer(AffineShape):
    """An affine layer of a message-passing network from `channels_in` to `channels_out` channels, of one of the `KINDS`."""

    kind: str
    channels_in: int
    channels_out: int

    @property
    def coefficient_shape(self) -> tuple[int, int, int]:
        """`[channels out, channels in, |B|]`."""
        return self.channels_out, self.channels_in, KINDS[self.kind]

    @property
    def bias_shape(self) -> tuple[int, int]:
        """`[channels out, 1]`: one constant for all vertices."""
        return self.channels_out, 1

    @property
    def hidden_size(self) -> int:
        """1 and Â on the vertices, 1 on the whole graph."""
        return 1 if self.kind == "dense" else 2

    @property
    def identity(self) -> int:
        """The first."""
        return 0

    def norm(self, parts: Sequence[np.ndarray], scale_bits: int) -> Fraction:
        """The larger of the canonical bounds at Â = 1 and Â = -1, for every graph."""
        point = np.zeros((1, 1), dtype=np.int64)
        squarings = squarings_for(self.channels_out, point)
        signs = (1, -1) if self.kind == "propagate" else (1,)
        found = []
        for sign in signs:
            blocks = [[fmpz_mat((part[:, :, 0] + sign * part[:, :, 1:].sum(axis=2)).tolist())] for part in parts]
            found.append(orbit_operator_norm(blocks, point, point, scale_bits, squarings))
        return max(found)

    def bias_norm(self, bias: np.ndarray, scale_bits: int) -> Fraction:
        """The length of the bias vector, the same at every vertex."""
        return sqrt_up(Fraction(sum(int(entry) ** 2 for entry in bias.ravel()), 1 << 2 * scale_bits))


@dataclass(frozen=True)
class GraphArchitecture:
    """A message-passing network: `kinds` of its layers and `channels` between them, pointwise ReLU after every layer but the last.

    Layers that propagate come first; then, if the output belongs to the whole graph, one mean and dense layers. Raises `OutOfRange`.
    """

    kinds: tuple[str, ...]
    channels: tuple[int, ...]

    def __post_init__(self) -> None:
        order = [kind for i, kind in enumerate(self.kinds) if i == 0 or kind != self.kinds[i - 1]]
        allowed = (["propagate"], ["propagate", "mean"], ["propagate", "mean", "dense"])
        if order not in allowed or self.kinds.count("mean") > 1:
            raise OutOfRange(f"graph layers {self.kinds}: propagate once or more, then perhaps mean, then perhaps dense, were expected.")
        if len(self.channels) != len(self.kinds) + 1 or min(self.channels) < 1:
            raise OutOfRange(
                f"channels {self.channels} for {len(self.kinds)} layers; {len(self.kinds) + 1} positive numbers were expected."
            )

    @property
    def depth(self) -> int:
        """The number l of affine layers."""
        return len(self.kinds)

    @cached_property
    def layers(self) -> tuple[GraphLayer, ...]:
        """The shape of each affine layer."""
        return tuple(GraphLayer(*layer) for layer in zip(self.kinds, self.channels, self.channels[1:], strict=False))

    def description(self) -> dict[str, object]:
        """The architecture as plain data."""
        return {"nonlinearity": "relu", "graphs": {"channels": list(self.channels), "kinds": list(self.kinds)}}


@dataclass(frozen=True, eq=False)
class GraphBatch:
    """Several graphs side by side: vertex features `[channels, vertices]`, Â as a block-diagonal matrix, and each vertex's graph."""

    features: Float64[np.ndarray, "p v"]
    propagation: scipy.sparse.csr_array
    graph_of: Int64[np.ndarray, " v"]

    def __len__(self) -> int:
        return int(self.graph_of.max()) + 1

    @cached_property
    def averaging(self) -> scipy.sparse.csr_array:
        """The matrix `[graphs, vertices]` that takes the mean over the vertices of each graph."""
        sizes = np.bincount(self.graph_of)
        entries = 1.0 / sizes[self.graph_of]
        return scipy.sparse.csr_array((entries, (self.graph_of, np.arange(len(self.graph_of)))), shape=(len(self), len(self.graph_of)))


def batch_of(graphs: Sequence[networkx.Graph], features: Sequence[np.ndarray]) -> GraphBatch:
    """The graphs side by side with features `[channels, vertices]` each, vertices in the order of `graph.nodes`.

    Raises `OutOfRange` for no graph, a graph without vertices, a negative weight, or features of another shape.
    """
    if not graphs or len(graphs) != len(features):
        raise OutOfRange(f"{len(graphs)} graphs and {len(features)} arrays of features; equally many, at least one, were expected.")
    blocks = []
    for number, (graph, values) in enumerate(zip(graphs, features, strict=True)):
        if not len(graph) or values.ndim != 2 or values.shape[1] != len(graph):
            raise OutOfRange(f"graph {number} has {len(graph)} vertices, its features the shape {values.shape}; [channels, vertices ≥ 1].")
        matrix = networkx.to_scipy_sparse_array(graph, dtype=np.float64) if graph.size() else scipy.sparse.csr_array((len(graph),) * 2)
        if matrix.nnz and (matrix.data.min() < 0 or graph.is_directed()):
            raise OutOfRange(f"graph {number}: an undirected graph with weights ≥ 0 was expected.")
        degrees = np.asarray(matrix.sum(axis=1)).ravel()
        scale = np.divide(1.0, np.sqrt(degrees), out=np.zeros_like(degrees), where=degrees > 0)
        blocks.append(matrix.multiply(scale[:, None]).multiply(scale[None, :]))
    sizes = [len(graph) for graph in graphs]
    return GraphBatch(
        np.concatenate([np.asarray(values, dtype=np.float64) for values in features], axis=1),
        scipy.sparse.csr_array(scipy.sparse.block_diag(blocks, format="csr")),
        np.repeat(np.arange(len(graphs)), sizes),
    )
