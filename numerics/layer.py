"""One affine layer V^n → W^m: the operators that its weights multiply, and rigorous norms of their combinations."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
import scipy.sparse
from flint import fmpz_mat
from jaxtyping import Float64

from numerics.basis import Basis, PartialMap, equivariant_basis
from numerics.mixture import Mixture
from numerics.operator_norm import orbit_operator_norm, sqrt_up, squarings_for
from theory.errors import OutOfRange
from theory.group import Group
from theory.representation import PermutationRepresentation

Support = tuple[int, ...] | None


@dataclass(frozen=True)
class Space:
    """A feature space: `channels` copies of a permutation representation.

    `sharing` holds partial symmetries of its points (images, -1 where undefined), the same number in every space of a network: they do
    not act on signals, but weights and biases are shared along them, as a filter's are along shifts that leave the image.
    """

    representation: PermutationRepresentation
    channels: int
    sharing: tuple[PartialMap, ...] = ()

    def __post_init__(self) -> None:
        if self.channels < 1:
            raise OutOfRange(f"a space of {self.channels} channels; at least one was expected.")
        points = self.representation.dimension
        for images in self.sharing:
            defined = [i for i in images if i >= 0]
            if len(images) != points or len(set(defined)) != len(defined) or any(not -1 <= i < points for i in images):
                raise OutOfRange(
                    f"the partial symmetry {list(images)[:20]} of {points} points: the image of each point was expected, -1 where it is "
                    "undefined, no image twice."
                )

    @property
    def dimension(self) -> int:
        """Channels times the dimension of the representation."""
        return self.channels * self.representation.dimension


class AffineShape(ABC):
    """What building and certifying need to know of a layer: how many coefficients it has, and norms of their combinations."""

    @property
    def nonlinearity(self) -> str:
        """σ between the two random layers that stand for this one."""
        return "relu"

    @property
    @abstractmethod
    def coefficient_shape(self) -> tuple[int, int, int]:
        """`[channels out, channels in, |B|]`."""

    @property
    @abstractmethod
    def bias_shape(self) -> tuple[int, int]:
        """`[channels out, invariant vectors of the output space]`."""

    @property
    @abstractmethod
    def hidden_size(self) -> int:
        """The number of operators on the input space among which the first random layer draws."""

    @property
    @abstractmethod
    def identity(self) -> int:
        """Which of them is the identity."""

    @abstractmethod
    def norm(self, parts: Sequence[np.ndarray], scale_bits: int) -> Fraction:
        """Upper bound of ‖[A_1 A_2 ...]‖, A_i = 2^-scale_bits Σ_k parts[i][:, :, k] ⊗ b_k for integer arrays `[m, n, |B|]`."""

    @abstractmethod
    def bias_norm(self, bias: np.ndarray, scale_bits: int) -> Fraction:
        """Upper bound of 2^-scale_bits ‖Σ β_qk e_k‖ for integers `[m, invariants]`, e_k the invariant vectors."""


@dataclass(frozen=True)
class LayerShape(AffineShape):
    """One affine layer V^n → W^m in equivariant bases; its bias is a map from the trivial representation to W^m.

    `support` restricts the operators V → W to these labels (a filter of limited size), `first_support` those V → V among which the first
    random layer draws; None keeps all. With a `mixture` the operators are fixed combinations of the kept indicators.
    """

    domain: Space
    codomain: Space
    support: Support = None
    first_support: Support = None
    mixture: Mixture | None = None

    def __post_init__(self) -> None:
        if self.mixture is not None and len(self.mixture.rows[0]) != len(self.basis):
            raise OutOfRange(f"a mixture of {len(self.mixture.rows[0])} indicators for a layer that has {len(self.basis)}.")

    @cached_property
    def basis(self) -> Basis:
        """The indicators V → W: the operators, or what they are mixed of."""
        every = _between(self.domain, self.codomain)
        return every if self.support is None else every.restricted(self.support)

    @cached_property
    def hidden_basis(self) -> Basis:
        """The operators V → V, among which the first random layer draws; the identity map is one of them (warning W2)."""
        every = _between(self.domain, self.domain)
        return (every if self.first_support is None else every.restricted(self.first_support)).with_identity()

    @cached_property
    def gram_basis(self) -> Basis:
        """The intertwiners W → W of the group, in which Gram matrices of layers live."""
        return equivariant_basis(self.codomain.representation, self.codomain.representation)

    @cached_property
    def invariants(self) -> Basis:
        """The maps trivial → W: the invariant vectors of the output space, along which a bias may point."""
        point = Space(trivial(self.codomain.representation.group), 1, ((0,),) * len(self.codomain.sharing))
        return _between(point, self.codomain)

    @property
    def hidden_size(self) -> int:
        """The number of operators V → V."""
        return len(self.hidden_basis)

    @property
    def identity(self) -> int:
        """Which operator V → V is the identity."""
        identity = self.hidden_basis.identity
        assert identity is not None
        return identity

    @property
    def coefficient_shape(self) -> tuple[int, int, int]:
        """`[channels out, channels in, |B|]`."""
        return self.codomain.channels, self.domain.channels, len(self.basis if self.mixture is None else self.mixture)

    @property
    def bias_shape(self) -> tuple[int, int]:
        """`[channels out, invariant vectors of W]`."""
        return self.codomain.channels, len(self.invariants)

    @cached_property
    def squarings(self) -> int:
        """How often Gram matrices are squared for their norms: eight times, less often where that would take long."""
        return squarings_for(self.codomain.channels, _labels(self.gram_basis))

    def norm(self, parts: Sequence[np.ndarray], scale_bits: int) -> Fraction:
        """The canonical bound of `operator_norm`, in the Euclidean norm."""
        if self.mixture is not None:
            parts, scale_bits = [self.mixture.spread(part) for part in parts], scale_bits + self.mixture.bits
        blocks = [[fmpz_mat(part[:, :, k].tolist()) for k in range(part.shape[2])] for part in parts]
        return orbit_operator_norm(blocks, _labels(self.basis), _labels(self.gram_basis), scale_bits, self.squarings)

    def bias_norm(self, bias: np.ndarray, scale_bits: int) -> Fraction:
        """Likewise; e_k is the indicator of orbit k of the points of W."""
        sizes = np.bincount(_labels(self.invariants)[:, 0])
        square = sum(int(size) * int(entry) ** 2 for row in bias.tolist() for size, entry in zip(sizes, row, strict=True))
        return sqrt_up(Fraction(square, 1 << 2 * scale_bits))

    def matrix(self, coefficients: Float64[np.ndarray, "q p k"]) -> Float64[np.ndarray, "qw pv"]:
        """The layer's matrix in the canonical basis, `[channels out · dim W, channels in · dim V]`."""
        if self.mixture is not None:
            coefficients = coefficients @ self.mixture.values
        padded = np.concatenate([coefficients, np.zeros((*coefficients.shape[:2], 1))], axis=2)
        blocks = padded[:, :, _labels(self.basis)]
        return np.ascontiguousarray(blocks.transpose(0, 2, 1, 3)).reshape(len(coefficients) * blocks.shape[2], -1)

    def offset(self, bias: Float64[np.ndarray, "q k"]) -> Float64[np.ndarray, "q w"]:
        """The bias vector in the canonical basis, `[channels out, dim W]`."""
        return np.ascontiguousarray(bias[:, _labels(self.invariants)[:, 0]])

    def dense_operators(self) -> Float64[np.ndarray, "k w v"]:
        """The operators as float64 `[|B|, dim W, dim V]`."""
        indicators = self.basis.dense()
        return indicators if self.mixture is None else np.tensordot(self.mixture.values, indicators, axes=(1, 0))

    @cached_property
    def operators(self) -> scipy.sparse.coo_array:
        """All operators side by side, `[dim W, |B| · dim V]`, sparse."""
        labels = _labels(self.basis)
        rows, columns = np.nonzero(labels >= 0)
        owners = labels[rows, columns]
        if self.mixture is not None:
            values = self.mixture.values[:, owners]
            owners, entries = np.nonzero(values)
            rows, columns, numbers = rows[entries], columns[entries], values[owners, entries]
        else:
            numbers = np.ones(len(rows))
        shape = (len(labels), self.coefficient_shape[2] * labels.shape[1])
        return scipy.sparse.coo_array((numbers, (rows, owners * labels.shape[1] + columns)), shape=shape)


def trivial(group: Group) -> PermutationRepresentation:
    """The trivial representation, as a permutation of one point."""
    return PermutationRepresentation(group, ((0,),) * len(group.generator_names))


def _between(domain: Space, codomain: Space) -> Basis:
    return equivariant_basis(domain.representation, codomain.representation, list(zip(domain.sharing, codomain.sharing, strict=True)))


def _labels(basis: Basis) -> np.ndarray:
    assert basis.labels is not None
    return basis.labels
