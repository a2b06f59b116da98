"""Message passing: the operators 1 and Â on the vertices of a graph, for every graph at once."""

from dataclasses import dataclass
from itertools import combinations

import sympy
from sympy.polys.matrices import DomainMatrix

from theory.errors import BasisMismatch, NormTooSmall, OutOfRange
from theory.instantiation import Instantiation, register
from theory.source import Source
from theory.verdict import Verdict, decide_at_most


@register
@dataclass(frozen=True)
class MessagePassing(Instantiation):
    """Layers h ↦ W_1 h + W_2 Â h with the normalized adjacency matrix Â = D^{-1/2} A D^{-1/2}: no group, but A4 applies as it stands.

    Whatever relabels the vertices commutes with Â of the relabelled graph, so the network is equivariant under every permutation. The
    claims about Â are proved on every graph with at most `n` vertices by `verify`; for all graphs they follow from a sum of squares.
    """

    n: int = 4
    source = Source("ferbach2023", "message-passing networks")

    def __post_init__(self) -> None:
        if not 2 <= self.n <= 5:
            raise OutOfRange(f"MessagePassing(n={self.n}): 2 to 5 vertices were expected; the claims are checked on all their graphs.")

    @property
    def size_formula(self) -> sympy.Expr:
        """1 and Â."""
        return sympy.Integer(2)

    @property
    def norm_formula(self) -> sympy.Expr:
        """1 + ‖Â‖ = 2, attained at every graph with an edge: Â D^{1/2} 1 = D^{1/2} 1 on a component with edges."""
        return sympy.Integer(2)

    def true_basis_size(self) -> int:
        """The rank of {1, Â} on a graph with an edge: Â has diagonal zero and is not zero."""
        path = _adjacency(2, ((0, 1),))
        return DomainMatrix.from_Matrix(sympy.Matrix([sympy.eye(2).reshape(1, 4).tolist()[0], path.reshape(1, 4).tolist()[0]])).rank()

    def basis_norm_bounds(self) -> tuple[sympy.Expr, sympy.Expr]:
        """2 at one edge, where α = (1, 1) gives the all-ones matrix; at most 1 + ‖Â‖ for every graph."""
        return sympy.Integer(2), sympy.Integer(2)

    def verify(self) -> dict[str, Verdict]:
        """The source, the two numbers, and -1 ≤ Â ≤ 1 on all graphs with at most n vertices: D ± A positive semidefinite, exactly."""
        self.source.paper()
        if self.basis_size != self.true_basis_size():
            raise BasisMismatch(f"{self!r} declares |B| = {self.basis_size}; 1 and Â span a space of dimension {self.true_basis_size()}.")
        norm = decide_at_most(self.basis_norm_bounds()[0], self.declared_or_true_basis_norm())
        if norm is Verdict.REFUTED:
            raise NormTooSmall(f"{self!r} declares |||B||| ≤ {self.basis_norm}; on a single edge 1 + Â is the all-ones matrix, of norm 2.")
        for size in range(1, self.n + 1):
            pairs = list(combinations(range(size), 2))
            for mask in range(1 << len(pairs)):
                adjacency = _adjacency(size, tuple(pair for i, pair in enumerate(pairs) if mask >> i & 1))
                degrees = sympy.diag(*[sum(row) for row in adjacency.tolist()])
                for sign in (1, -1):
                    if not (degrees + sign * adjacency).is_positive_semidefinite:
                        raise NormTooSmall(f"{self!r}: D {'+' if sign > 0 else '-'} A is not positive semidefinite for {adjacency}.")
        return {
            "source": Verdict.PROVED,
            "basis size": Verdict.PROVED,
            "basis norm": norm,
            f"-1 ≤ Â ≤ 1 on all graphs with at most {self.n} vertices": Verdict.PROVED,
            "-1 ≤ Â ≤ 1 on every graph": _sum_of_squares(),
        }


def _adjacency(size: int, edges: tuple[tuple[int, int], ...]) -> sympy.Matrix:
    matrix = sympy.zeros(size)
    for i, j in edges:
        matrix[i, j] = matrix[j, i] = 1
    return matrix


def _sum_of_squares() -> Verdict:
    """(D ± A) is the sum over the edges of the form w(x ± y)², whose terms add up to the degrees: each edge contributes w to both ends."""
    x, y, weight = sympy.symbols("x y w", real=True)
    for sign in (1, -1):
        form = weight * (x**2 + y**2) + sign * 2 * weight * x * y
        if sympy.Poly(form - weight * (x + sign * y) ** 2, x, y, weight).is_zero is not True:
            return Verdict.UNDECIDED
    return Verdict.PROVED
