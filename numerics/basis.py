"""Equivariant bases: every G-equivariant linear map between two representations is a combination of these operators."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
import scipy.sparse
from jaxtyping import Float64, Int64
from scipy.sparse.csgraph import connected_components

from numerics.exact_basis import Operators, exact_operators, norm_bounds
from theory.representation import PermutationRepresentation, Representation


@dataclass(frozen=True)
class Basis:
    """A basis b_1..b_K of Hom_G(V, W).

    For permutation representations `labels` `[dim W, dim V]` gives the operator that owns each matrix entry: b_k is the 0/1 indicator
    of label k, labels being numbered in the order they first appear row by row. Otherwise `exact` holds the matrices, as Fractions
    where they are rational and SymPy numbers elsewhere.
    """

    domain: Representation
    codomain: Representation
    labels: Int64[np.ndarray, "w v"] | None
    exact: Operators

    def __len__(self) -> int:
        return int(self.labels.max()) + 1 if self.labels is not None else len(self.exact)

    def dense(self) -> Float64[np.ndarray, "k w v"]:
        """The operators as float64 `[K, dim W, dim V]`."""
        if self.labels is not None:
            return (self.labels == np.arange(len(self))[:, None, None]).astype(np.float64)
        shape = (len(self), self.codomain.dimension, self.domain.dimension)
        return np.array([[[float(entry) for entry in row] for row in matrix] for matrix in self.exact], dtype=np.float64).reshape(shape)

    @cached_property
    def identity(self) -> int | None:
        """The index of the operator that is the identity map, or None (warning W2: then the basis must be changed)."""
        if self.domain != self.codomain:
            return None
        if self.labels is not None:
            diagonal = np.unique(np.diagonal(self.labels))
            alone = len(diagonal) == 1 and np.count_nonzero(self.labels == diagonal[0]) == len(self.labels)
            return int(diagonal[0]) if alone else None
        for k, matrix in enumerate(self.exact):
            if all(entry == int(i == j) for i, row in enumerate(matrix) for j, entry in enumerate(row)):
                return k
        return None

    def norm(self) -> tuple[Fraction, Fraction]:
        """Rationals lower ≤ |||B||| ≤ upper, the largest operator norm of Σ α_k b_k over |α_k| ≤ 1.

        0/1 operators with disjoint supports: the maximum is at α = 1, the all-ones matrix, of norm √(dim V · dim W). Otherwise the
        maximum of a convex function over a cube sits at a sign vector: all of them up to K = 12, beyond that the Frobenius norm of
        Σ|b_k| above and a few sign vectors below.
        """
        from numerics.operator_norm import sqrt_down, sqrt_up

        if self.labels is not None:
            square = Fraction(self.domain.dimension * self.codomain.dimension)
            return sqrt_down(square), sqrt_up(square)
        return norm_bounds(self.exact)


def equivariant_basis(domain: Representation, codomain: Representation) -> Basis:
    """A complete, exact basis of Hom_G(V, W): orbits of pairs for permutation representations, else an exact null space.

    Raises `DifferentGroups` if the two belong to different groups, `NotAlgebraic` for entries that are not seen to be algebraic.
    """
    if isinstance(domain, PermutationRepresentation) and isinstance(codomain, PermutationRepresentation):
        return Basis(domain, codomain, _orbit_labels(domain, codomain), ())
    return Basis(domain, codomain, None, exact_operators(domain, codomain))


def _orbit_labels(domain: PermutationRepresentation, codomain: PermutationRepresentation) -> Int64[np.ndarray, "w v"]:
    domain._matching(codomain)
    v, w = domain.dimension, codomain.dimension
    pairs = np.arange(w * v)
    edges = []
    for g, h in zip(codomain.images, domain.images, strict=True):
        moved = (np.asarray(g)[:, None] * v + np.asarray(h)[None, :]).ravel()
        edges.append(scipy.sparse.coo_array((np.ones(w * v, dtype=np.int8), (pairs, moved)), shape=(w * v, w * v)))
    graph = sum(edges[1:], start=edges[0]) if len(edges) > 1 else edges[0]
    _, component = connected_components(graph, directed=False)
    _, first, inverse = np.unique(component, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first))
    return rank[inverse].reshape(w, v).astype(np.int64)
