"""The random weights of a feedforward source at given positions: their law, their pairs, and which of them are there."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import tee
from typing import Any

from .document import Refused, integer, malformed, rational
from .normal import GRID_BITS, normal_weights
from .weights import FINEST_GRID, present, weights

LAWS = ("uniform", "normal", "looks_linear")
MOST_COPIES, MOST_CHANNELS = 64, 4096
FIRST, SECOND, CONSTANT_FIRST, CONSTANT_SECOND = range(4)


@dataclass(frozen=True)
class Source:
    """The key and the law; `carried` are the exponents of the constants of all affine layers but the last, or None."""

    key: int
    width: int
    constants: int
    copies: int
    carried: tuple[int, ...] | None
    law: str
    density: Fraction
    farthest: int
    """By how many units of its grid a kept weight of a second layer may be moved."""

    def values(self, layer: int, tensor: int, shape: tuple[int, int], positions: Iterable[int]) -> Iterator[int]:
        """The weights at increasing positions of a tensor `[..., channels, rest]`, `shape` its last two sides; 0 for those not there.

        Where the law looks linear, channel 2i + 1 has the opposite numbers of channel 2i. Biases of constant channels are all there.
        """
        for_values, for_signs, for_presence = tee(positions, 3)
        linear, (channels, rest) = self.law == "looks_linear", shape

        def paired(place: int) -> int:
            hidden, last = divmod(place, rest)
            before, channel = divmod(hidden, channels)
            return (before * (channels // 2) + channel // 2) * rest + last

        places = map(paired, for_values) if linear else for_values
        if self.law == "normal":
            drawn = (k << FINEST_GRID - GRID_BITS for k in normal_weights(self.key, layer, tensor, places))
        else:
            drawn = weights(self.key, FINEST_GRID, layer, tensor, places)
        signs = (-1 if linear and place // rest % channels % 2 else 1 for place in for_signs)
        threshold = -(-self.density.numerator * (1 << 64) // self.density.denominator)
        every = self.density == 1 or tensor == CONSTANT_FIRST
        there = (True for _ in for_presence) if every else present(self.key, layer, tensor, for_presence, threshold)
        for value, sign, stays in zip(drawn, signs, there, strict=True):
            yield sign * value if stays else 0

    def constants_of(self, layer: int) -> int:
        """The constant channels of a layer, none where its biases are zero."""
        return 0 if layer and self.carried is not None else self.constants


def read_source(key: dict[str, Any], nonlinearity: str, layers: int) -> Source:
    """The source out of the certificate's `key`, for a graph of so many affine layers."""
    if key["grid_bits"] != FINEST_GRID:
        malformed(f"key: grid_bits {FINEST_GRID} was expected")
    width, constants = (integer(key[name], 1, MOST_CHANNELS, f"key: {name}") for name in ("width", "constants"))
    if not isinstance(key["key"], str) or not re.fullmatch(r"0|[1-9][0-9]{0,38}", key["key"]) or int(key["key"]) >= 1 << 128:
        malformed("key: a decimal integer below 2¹²⁸ was expected")
    copies = integer(key["copies"], 0, MOST_COPIES, "key: copies")
    if copies == 1:
        malformed(f"key: copies: 0 or 2 to {MOST_COPIES} were expected")
    carried = key["carried"]
    if carried is not None:
        if nonlinearity not in ("relu", "leaky_relu"):
            malformed("key: carried: constants are carried by a homogeneous activation alone")
        if not isinstance(carried, list) or len(carried) != layers - 1:
            malformed(f"key: carried: {layers - 1} exponents were expected")
        carried = tuple(integer(value, -64, 64, "key: carried") for value in carried)
    law, density, perturbation = key["law"], *(rational(key[name], f"key: {name}") for name in ("density", "perturbation"))
    if law not in LAWS:
        malformed(f"key: law: one of {', '.join(LAWS)} was expected")
    if not 0 < density <= 1:
        malformed("key: density: a number in (0, 1] was expected")
    if not 0 <= perturbation <= 1:
        malformed("key: perturbation: a number in [0, 1] was expected")
    if law == "looks_linear" and (width % 2 or constants % 2 or copies):
        malformed("key: where the law looks linear, channels come in pairs, and there are no copies")
    return Source(int(key["key"]), width, constants, copies, carried, law, density, int(perturbation * (1 << FINEST_GRID)))


def require_there(first: int, second: int, where: str) -> None:
    """Refuse a kept weight that is not there, in the second layer or before it."""
    if not (first and second):
        raise Refused(f"{where}: a weight that is not there is kept")
