"""Instantiations whose layers are filters: some of the intertwiners only, with weights shared also along shifts that leave the image."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from functools import cached_property

import sympy

from theory.errors import BadInput, BasisMismatch, KernelNotInvariant, NormTooSmall
from theory.instantiation import GroupInstantiation
from theory.intertwiner import orbit_labels
from theory.representation import PermutationRepresentation
from theory.verdict import Verdict, decide_at_most, exact

PartialMap = tuple[int, ...]
Inside = Callable[[int, int], bool]


def support_of(labels: Sequence[int], columns: int, inside: Inside, where: str) -> tuple[int, ...] | None:
    """The classes of pairs, `labels` at index y·columns + x, that a filter with this predicate keeps; None if it keeps all.

    Raises `KernelNotInvariant` if it cuts a class in two or keeps none.
    """
    found: dict[int, tuple[bool, tuple[int, int]]] = {}
    for position, label in enumerate(labels):
        y, x = divmod(position, columns)
        here = inside(y, x)
        answer, first = found.setdefault(label, (here, (y, x)))
        if here != answer:
            raise KernelNotInvariant(
                f"{where}{first} is {answer} and {where}{(y, x)} is {here}, but a symmetry carries one pair to the other. "
                "The support of a filter must be a union of orbits of pairs."
            )
    kept = tuple(label for label, (answer, _) in found.items() if answer)
    if not kept:
        raise KernelNotInvariant(f"{where} is False for every pair; a filter needs at least one point.")
    return None if len(kept) == len(found) else kept


class KernelInstantiation(GroupInstantiation):
    """A group instantiation on permuted points whose filters have limited support.

    `in_kernel(y, x)` says whether a layer may connect input point x to output point y, `in_first_kernel` the same for the first random
    layer; both must be unions of orbits of pairs. `sharing()` lists partial symmetries of the points (-1 where undefined) along which
    weights are shared although they do not act on signals: the shifts of a zero-padded image.
    """

    @abstractmethod
    def in_kernel(self, y: int, x: int) -> bool:
        """Whether the filter of a layer reaches from output point y to input point x."""

    def in_first_kernel(self, y: int, x: int) -> bool:
        """Likewise for the first random layer; by default the point itself."""
        return y == x

    def sharing(self) -> tuple[PartialMap, ...]:
        """Partial symmetries of the points; by default none."""
        return ()

    @cached_property
    def _labels(self) -> list[int]:
        points = self._points()
        return orbit_labels(points, points, [(images, images) for images in self.sharing()])

    def _points(self) -> PermutationRepresentation:
        hidden = self.hidden_representation()
        if not isinstance(hidden, PermutationRepresentation):
            raise BadInput(f"{self!r}: a filter has a support where the group permutes points; give a permutation representation.")
        return hidden

    def support(self) -> tuple[int, ...] | None:
        """The orbits of pairs that the filter keeps, None if all; raises `KernelNotInvariant` if it cuts one in two."""
        return support_of(self._labels, self._points().dimension, self.in_kernel, f"{self!r}: in_kernel")

    def first_support(self) -> tuple[int, ...] | None:
        """The orbits that the first random layer draws among; likewise."""
        return support_of(self._labels, self._points().dimension, self.in_first_kernel, f"{self!r}: in_first_kernel")

    def true_basis_size(self) -> int:
        """The number of orbits of pairs inside the filter."""
        kept = self.support()
        return max(self._labels) + 1 if kept is None else len(kept)

    def first_basis_size(self) -> int:
        """The number of orbits of pairs inside the filter of the first random layer."""
        kept = self.first_support()
        return max(self._labels) + 1 if kept is None else len(kept)

    def basis_norm_bounds(self) -> tuple[sympy.Expr, sympy.Expr]:
        """For the 0/1 matrix of the support: √(mean of squared row sums · rows/columns) ≤ |||B||| ≤ √(largest row sum · largest column sum)."""
        points = self._points().dimension
        inside = [[self.in_kernel(y, x) for x in range(points)] for y in range(points)]
        rows, columns = [sum(row) for row in inside], [sum(column) for column in zip(*inside, strict=True)]
        squares = sympy.Rational(sum(row * row for row in rows), points)
        return sympy.sqrt(squares), sympy.sqrt(max(rows) * max(columns))

    def verify(self) -> dict[str, Verdict]:
        """Also that both supports are unions of orbits."""
        verdicts = super().verify()
        self.support()
        self.first_support()
        return verdicts | {"kernel is a union of orbits": Verdict.PROVED}

    def _verify_basis_size(self) -> Verdict:
        true = self.true_basis_size()
        if self.basis_size is not None and self.basis_size != true:
            raise BasisMismatch(
                f"{self!r} declares |B| = {self.basis_size}; the filter holds {true} orbits of pairs. "
                f"Declare basis_size = {true}, or leave it out and it is computed."
            )
        return Verdict.PROVED

    def _verify_basis_norm(self) -> Verdict:
        lower, upper = self.basis_norm_bounds()
        if self.basis_norm is None:
            return Verdict.PROVED
        if decide_at_most(upper, exact(self.basis_norm)) is Verdict.PROVED:
            return Verdict.PROVED
        if decide_at_most(lower, exact(self.basis_norm)) is Verdict.REFUTED:
            raise NormTooSmall(
                f"{self!r} declares |||B||| ≤ {self.basis_norm}; at α = (1, ..., 1) the operator Σ α_k b_k is the 0/1 matrix of the support, "
                f"of norm at least {lower}. Declare basis_norm = {upper}, or leave it out and it is computed."
            )
        return Verdict.UNDECIDED
