"""Equivariant bases: every G-equivariant linear map between two representations is a combination of these operators."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product

import numpy as np
import scipy.sparse
from jaxtyping import Float64, Int64
from scipy.sparse.csgraph import connected_components

from theory.intertwiner import intertwiner_null_space
from theory.representation import PermutationRepresentation, Representation

SIGN_ENUMERATION_LIMIT = 12


@dataclass(frozen=True)
class Basis:
    """A basis b_1..b_K of Hom_G(V, W).

    For permutation representations `labels` `[dim W, dim V]` gives the operator that owns each matrix entry: b_k is the 0/1 indicator
    of label k, labels being numbered in the order they first appear row by row. Otherwise `exact` holds the matrices, as Fractions
    where they are rational.
    """

    domain: Representation
    codomain: Representation
    labels: Int64[np.ndarray, "w v"] | None
    exact: tuple[tuple[tuple[Fraction, ...], ...], ...]

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
        from numerics.operator_norm import spectral_norm_bounds, sqrt_down, sqrt_up

        if self.labels is not None:
            square = Fraction(self.domain.dimension * self.codomain.dimension)
            return sqrt_down(square), sqrt_up(square)
        if not len(self):
            return Fraction(0), Fraction(0)
        operators = [np.array(matrix, dtype=object) for matrix in self.exact]
        if len(self) <= SIGN_ENUMERATION_LIMIT:
            signs = [(1, *rest) for rest in product((1, -1), repeat=len(self) - 1)]
            brackets = [spectral_norm_bounds(np.sum([s * b for s, b in zip(sign, operators, strict=True)], axis=0)) for sign in signs]
            return max(low for low, _ in brackets), max(high for _, high in brackets)
        absolute = np.sum([np.abs(b) for b in operators], axis=0)
        lower, _ = spectral_norm_bounds(np.sum(operators, axis=0))
        return lower, sqrt_up(sum((entry * entry for entry in absolute.flat), Fraction(0)))


def equivariant_basis(domain: Representation, codomain: Representation) -> Basis:
    """A complete, exact basis of Hom_G(V, W): orbits of pairs for permutation representations, else an exact null space.

    Raises `DifferentGroups` if the two belong to different groups, `NotAMatrix` for a null space with irrational entries (its size is
    still exact, `theory.intertwiner.intertwiner_dimension`).
    """
    if isinstance(domain, PermutationRepresentation) and isinstance(codomain, PermutationRepresentation):
        return Basis(domain, codomain, _orbit_labels(domain, codomain), ())
    space = intertwiner_null_space(domain, codomain)
    flat = space.to_Matrix().tolist()
    d = domain.dimension
    matrices = tuple(
        tuple(tuple(_fraction(entry) for entry in row[y * d : (y + 1) * d]) for y in range(codomain.dimension)) for row in flat
    )
    return Basis(domain, codomain, None, matrices)


def _fraction(entry) -> Fraction:
    from theory.errors import NotAMatrix

    if not entry.is_Rational:
        raise NotAMatrix(f"the null space has the irrational entry {entry}; numerical bases are built for rational ones only.")
    return Fraction(int(entry.p), int(entry.q))


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
