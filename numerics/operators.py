"""Layers whose operators are given as exact matrices: irreducible representations, and bases of one's own.

Numbers are a_0 + a_1 θ + a_2 θ² + ... with rational a_i, θ being the root, in a stated interval, of a stated monic polynomial. Products
are taken modulo the polynomial, so that an identity between matrices holds in the reals whatever else the polynomial has for roots.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

import numpy as np
import scipy.sparse
from jaxtyping import Float64

from numerics.layer import AffineShape
from numerics.operator_norm import row_column_norm
from theory.errors import BadInput, OutOfRange

NONLINEARITIES = ("relu", "cone_relu")
ENTRY_BITS = 32

Number = tuple[Fraction, ...]
"""The coefficients a_0, a_1, ... of a number."""
Entries = tuple[tuple[int, int, Number], ...]
"""The non-zero entries of a matrix, (row, column, number), row by row."""


@dataclass(frozen=True)
class OperatorArchitecture:
    """Linear layers V^n → V^m without bias between `channels` copies of V, in a basis of given operators V → V, one of them the identity.

    The group acts on V by the matrices of its `generators` and, if it is a Lie group, of its `derivatives`; σ, applied to each copy of V
    after every layer but the last, is `nonlinearity`. The root θ of the monic polynomial `modulus` (low to high) lies in `interval`.
    Raises `BadInput` if no operator is the identity, `OutOfRange` for less than two numbers of channels.
    """

    nonlinearity: str
    modulus: Number
    interval: tuple[Fraction, Fraction]
    dimension: int
    generators: tuple[Entries, ...]
    derivatives: tuple[Entries, ...]
    operators: tuple[Entries, ...]
    channels: tuple[int, ...]

    def __post_init__(self) -> None:
        if self.nonlinearity not in NONLINEARITIES:
            raise BadInput(
                f"nonlinearity {self.nonlinearity!r}: {' or '.join(NONLINEARITIES)} was expected, which have what Lemma A4 needs."
            )
        if len(self.channels) < 2 or min(self.channels) < 1:
            raise OutOfRange(
                f"channels {self.channels}: a number of copies of V, at least 1, for the input and after each layer was expected."
            )
        if self._one not in self.operators:
            raise BadInput("none of the operators is the identity, which the first random layer keeps (warning W2).")

    @property
    def _one(self) -> Entries:
        one = (Fraction(1),) + (Fraction(0),) * (len(self.modulus) - 2)
        return tuple((i, i, one) for i in range(self.dimension))

    @property
    def identity(self) -> int:
        """Which operator is the identity."""
        return self.operators.index(self._one)

    @property
    def depth(self) -> int:
        """The number of layers."""
        return len(self.channels) - 1

    @cached_property
    def layers(self) -> tuple["OperatorLayer", ...]:
        """The layers, one for each pair of neighbouring spaces."""
        return tuple(OperatorLayer(self, n, m) for n, m in pairwise(self.channels))

    def description(self) -> dict[str, object]:
        """The architecture as plain data, rationals as text."""

        def described(matrix: Entries) -> list[list[object]]:
            return [[y, x, *map(_text, number)] for y, x, number in matrix]

        parts = {name: [described(matrix) for matrix in getattr(self, name)] for name in ("generators", "derivatives", "operators")}
        field = {"modulus": [_text(c) for c in self.modulus], "interval": [_text(end) for end in self.interval]}
        return {
            "nonlinearity": self.nonlinearity,
            "operators": {"field": field, "dimension": self.dimension, "channels": list(self.channels), **parts},
        }


@dataclass(frozen=True)
class OperatorLayer(AffineShape):
    """The layer of an `OperatorArchitecture` from `channels_in` copies of V to `channels_out`."""

    architecture: OperatorArchitecture
    channels_in: int
    channels_out: int

    @property
    def nonlinearity(self) -> str:
        """σ between the two random layers."""
        return self.architecture.nonlinearity

    @property
    def coefficient_shape(self) -> tuple[int, int, int]:
        """`[channels out, channels in, |B|]`."""
        return self.channels_out, self.channels_in, len(self.architecture.operators)

    @property
    def bias_shape(self) -> tuple[int, int]:
        """No bias."""
        return self.channels_out, 0

    @property
    def hidden_size(self) -> int:
        """The first random layer draws among the same operators."""
        return len(self.architecture.operators)

    @property
    def identity(self) -> int:
        """Which of them is the identity."""
        return self.architecture.identity

    @cached_property
    def sizes(self) -> list[list[tuple[int, int, int]]]:
        """For each operator the places of its entries, with ⌈|entry|·2^32⌉ for the enclosure of `size_of`."""
        known: dict[Number, int] = {}
        a = self.architecture
        return [[(y, x, known.setdefault(c, size_of(c, a.interval))) for y, x, c in operator] for operator in a.operators]

    def norm(self, parts: Sequence[np.ndarray], scale_bits: int) -> Fraction:
        """√(largest row sum · largest column sum) of the sizes of the blocks, in the Euclidean norm."""
        return row_column_norm(parts, self.sizes, self.architecture.dimension, scale_bits + ENTRY_BITS)

    def bias_norm(self, bias: np.ndarray, scale_bits: int) -> Fraction:
        """0: there is none."""
        del bias, scale_bits
        return Fraction(0)

    @cached_property
    def dense_operators(self) -> Float64[np.ndarray, "k w v"]:
        """The operators in float64."""
        a = self.architecture
        theta = float(sum(a.interval)) / 2
        dense = np.zeros((len(a.operators), a.dimension, a.dimension))
        for k, operator in enumerate(a.operators):
            for y, x, number in operator:
                dense[k, y, x] = sum(float(c) * theta**i for i, c in enumerate(number))
        return dense

    @cached_property
    def operators(self) -> scipy.sparse.coo_array:
        """All operators side by side, `[dim V, |B| · dim V]`."""
        return scipy.sparse.coo_array(np.concatenate(list(self.dense_operators), axis=1))

    def matrix(self, coefficients: Float64[np.ndarray, "q p k"]) -> Float64[np.ndarray, "qw pv"]:
        """The layer's matrix, `[channels out · dim V, channels in · dim V]`."""
        blocks = np.tensordot(coefficients, self.dense_operators, axes=(2, 0)).transpose(0, 2, 1, 3)
        return np.ascontiguousarray(blocks).reshape(blocks.shape[0] * blocks.shape[1], -1)


def size_of(number: Number, interval: tuple[Fraction, Fraction]) -> int:
    """⌈2^32 · the largest |a_0 + θ(a_1 + θ(...))|⌉ that interval arithmetic finds for θ in the interval, exactly in rationals."""
    low = high = number[-1]
    for c in reversed(number[:-1]):
        ends = [end * theta for end in (low, high) for theta in interval]
        low, high = min(ends) + c, max(ends) + c
    largest = max(abs(low), abs(high)) * (1 << ENTRY_BITS)
    return -(-largest.numerator // largest.denominator)


def _text(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


def read_operators(description: dict) -> OperatorArchitecture:
    """The architecture that `description()` wrote down."""
    described = description["operators"]

    def read(matrix: list) -> Entries:
        return tuple((y, x, tuple(map(Fraction, number))) for y, x, *number in matrix)

    low, high = map(Fraction, described["field"]["interval"])
    generators, derivatives, operators = (tuple(map(read, described[name])) for name in ("generators", "derivatives", "operators"))
    channels = tuple(described["channels"])
    modulus = tuple(map(Fraction, described["field"]["modulus"]))
    return OperatorArchitecture(
        description["nonlinearity"], modulus, (low, high), described["dimension"], generators, derivatives, operators, channels
    )
