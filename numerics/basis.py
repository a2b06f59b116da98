"""Equivariant bases: every G-equivariant linear map between two representations is a combination of these operators."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np
import scipy.sparse
from jaxtyping import Float64, Int64
from scipy.sparse.csgraph import connected_components

from numerics.exact_basis import Operators, exact_operators, norm_bounds
from theory import display
from theory.decimals import at_least, at_most
from theory.errors import OutOfRange
from theory.representation import PermutationRepresentation, Representation

PartialMap = tuple[int, ...]
"""Where each point goes under a partial symmetry that shares weights without acting on signals; -1 where it is undefined."""


@dataclass(frozen=True)
class Basis:
    """A basis b_1..b_K of Hom_G(V, W), or of the part of it that a filter's support and weight sharing leave.

    For permutation representations `labels` `[dim W, dim V]` gives the operator that owns each matrix entry, -1 where none does: b_k is
    the 0/1 indicator of label k, labels being numbered in the order they first appear row by row. With `replaced` the operator of that
    number is the identity map instead (warning W2). Otherwise `exact` holds the matrices, as Fractions where they are rational and
    SymPy numbers elsewhere.
    """

    domain: Representation
    codomain: Representation
    labels: Int64[np.ndarray, "w v"] | None
    exact: Operators = ()
    replaced: int | None = None

    def __len__(self) -> int:
        return int(self.labels.max()) + 1 if self.labels is not None else len(self.exact)

    def __repr__(self) -> str:
        return f"<Basis of {len(self)} operators from dimension {self.domain.dimension} to {self.codomain.dimension}>"

    def _repr_html_(self) -> str:
        """Facts and the operators as small matrices, for notebooks."""
        low, high = self.norm()
        norm = str(low) if low == high else f"{at_most(low)} to {at_least(high)}"
        identity = "none" if self.identity is None else f"operator {self.identity}"
        rows = {
            "operators": len(self),
            "domain": self.domain.dimension,
            "codomain": self.codomain.dimension,
            "identity": identity,
            "norm": norm,
        }
        return display.facts("Basis", rows) + display.matrices(
            [(f"b{k}", self._rows(k)) for k in range(len(self))][: display.MOST_MATRICES], len(self)
        )

    def _rows(self, k: int) -> Sequence[Sequence[object]]:
        """Operator k with exact entries."""
        if self.labels is None:
            return [list(row) for row in self.exact[k]]
        if k == self.replaced:
            return np.eye(len(self.labels), dtype=np.int64).tolist()
        return (self.labels == k).astype(np.int64).tolist()

    def dense(self) -> Float64[np.ndarray, "k w v"]:
        """The operators as float64 `[K, dim W, dim V]`."""
        if self.labels is not None:
            operators = (self.labels == np.arange(len(self))[:, None, None]).astype(np.float64)
            if self.replaced is not None:
                operators[self.replaced] = np.eye(len(self.labels))
            return operators
        shape = (len(self), self.codomain.dimension, self.domain.dimension)
        return np.array([[[float(entry) for entry in row] for row in matrix] for matrix in self.exact], dtype=np.float64).reshape(shape)

    @cached_property
    def identity(self) -> int | None:
        """The index of the operator that is the identity map, or None (warning W2: then `with_identity` changes the basis)."""
        if self.domain != self.codomain:
            return None
        if self.replaced is not None:
            return self.replaced
        if self.labels is not None:
            diagonal = np.unique(np.diagonal(self.labels))
            alone = len(diagonal) == 1 and diagonal[0] >= 0 and np.count_nonzero(self.labels == diagonal[0]) == len(self.labels)
            return int(diagonal[0]) if alone else None
        for k, matrix in enumerate(self.exact):
            if all(entry == int(i == j) for i, row in enumerate(matrix) for j, entry in enumerate(row)):
                return k
        return None

    def with_identity(self) -> "Basis":
        """A basis of the same space that has the identity map among its operators: where the diagonal is the union of several labels, the
        indicator of its first one gives way to the identity, which is their sum.

        Raises `OutOfRange` if the identity map does not lie in the space.
        """
        if self.identity is not None:
            return self
        if self.labels is None or self.domain != self.codomain:
            raise OutOfRange("the identity can be made an operator of a basis of indicators V → V only; this one is none.")
        diagonal = np.unique(np.diagonal(self.labels))
        if diagonal[0] < 0 or np.isin(self.labels, diagonal).sum() != len(self.labels):
            raise OutOfRange(
                f"the identity map of a space of dimension {len(self.labels)} is no combination of the {len(self)} operators; "
                "the filter of the first layer must contain the point itself."
            )
        return replace(self, replaced=int(self.labels[0, 0]))

    def restricted(self, kept: Sequence[int]) -> "Basis":
        """The operators with these labels alone, in their order: a filter of limited support. Raises `OutOfRange`."""
        kept = sorted(kept)
        if self.labels is None or not kept or len(set(kept)) != len(kept) or not 0 <= kept[0] <= kept[-1] < len(self) > len(kept):
            raise OutOfRange(
                f"support {list(kept)[:20]}: some of the labels 0 to {len(self) - 1}, each once, were expected; None keeps them all."
            )
        number = np.full(len(self) + 1, -1)
        number[list(kept)] = np.arange(len(kept))
        return replace(self, labels=number[self.labels])

    def norm(self) -> tuple[Fraction, Fraction]:
        """Rationals lower ≤ |||B||| ≤ upper, the largest operator norm of Σ α_k b_k over |α_k| ≤ 1.

        Non-negative operators have the maximum at α = 1, for indicators the 0/1 matrix of the support; its norm is at most
        √(largest row sum · largest column sum), with equality where all row sums agree and all column sums do (the all-ones matrix:
        √(dim V · dim W)). Otherwise the maximum of a convex function over a cube sits at a sign vector: all of them up to K = 12, beyond
        that the Frobenius norm of Σ|b_k| above and a few sign vectors below.
        """
        from numerics.operator_norm import sqrt_down, sqrt_up

        if self.labels is not None:
            support = (self.labels >= 0).astype(np.int64)
            if self.replaced is not None:
                support += np.eye(len(support), dtype=np.int64) - (self.labels == self.replaced)
            rows, columns = support.sum(axis=1), support.sum(axis=0)
            lower = Fraction(int((rows * rows).sum()), len(columns))
            return sqrt_down(lower), sqrt_up(Fraction(int(rows.max()) * int(columns.max())))
        return norm_bounds(self.exact)


def equivariant_basis(domain: Representation, codomain: Representation, sharing: Sequence[tuple[PartialMap, PartialMap]] = ()) -> Basis:
    """A complete, exact basis of Hom_G(V, W): orbits of pairs for permutation representations, else an exact null space.

    `sharing` lists partial symmetries as pairs (of the points of V, of those of W), for permutation representations: entries (y, x) and
    (h(y), g(x)) of an operator are equal too wherever both are defined, as the weights of a filter are under translations that leave
    the image. Raises `DifferentGroups` if the two belong to different groups, `NotAlgebraic` for entries that are not seen to be algebraic.
    """
    if isinstance(domain, PermutationRepresentation) and isinstance(codomain, PermutationRepresentation):
        return Basis(domain, codomain, _orbit_labels(domain, codomain, sharing))
    return Basis(domain, codomain, None, exact_operators(domain, codomain))


def _orbit_labels(
    domain: PermutationRepresentation, codomain: PermutationRepresentation, sharing: Sequence[tuple[PartialMap, PartialMap]]
) -> Int64[np.ndarray, "w v"]:
    domain._matching(codomain)
    v, w = domain.dimension, codomain.dimension
    pairs = np.arange(w * v)
    edges = []
    maps = [*zip(domain.images, codomain.images, strict=True), *sharing]
    for columns, rows in maps:
        g, h = np.asarray(rows)[:, None], np.asarray(columns)[None, :]
        defined = ((g >= 0) & (h >= 0)).ravel()
        moved = (g * v + h).ravel()[defined]
        edges.append(scipy.sparse.coo_array((np.ones(len(moved), dtype=np.int8), (pairs[defined], moved)), shape=(w * v, w * v)))
    graph = sum(edges[1:], start=edges[0]) if len(edges) > 1 else edges[0]
    _, component = connected_components(graph, directed=False)
    _, first, inverse = np.unique(component, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first))
    return rank[inverse].reshape(w, v).astype(np.int64)
