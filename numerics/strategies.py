"""Which input channel each hidden channel reads: the first mask of a ticket, by one of the `STRATEGIES`.

`proof`      hidden channel (p, j) reads p; both signs of its weight are used. This is the construction of the theorem, for every input.
`positive`   the same, where no input is negative: u > 0 alone is used, so that a coefficient needs one subset sum and not two.
`assigned`   each hidden channel reads an input from which its weight is positive and about as large as that input's coefficients, by a
             minimum-cost matching that looks at first-layer weights and the target alone.
`exchanged`  the assignment, improved by exchanges that look at the second-layer weights too, until the layer's error norm is as wanted.

No weight is drawn again by any of them: they choose masks of one random network.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64, Int64
from scipy.optimize import linear_sum_assignment

from numerics.exchange import Columns, exchange
from numerics.layer import AffineShape, LayerShape
from numerics.network import RandomNetwork, Target, digest, rational
from numerics.operator_norm import round_up
from numerics.ticket import key_description
from theory.errors import OutOfRange

STRATEGIES = ("proof", "positive", "assigned", "exchanged")
MOST_EXCHANGED = 26
MATCHED_AT_ONCE = 2048
SMALLEST_SCALE = 2.0**-10
SCALE_BITS = 40
UNUSABLE = 50.0
ROUNDS = 8


@dataclass(frozen=True, eq=False)
class Reading:
    """The question which input channels the hidden channels of one layer read: a unit of work; `tolerance` is for `exchanged` alone."""

    strategy: str
    network: RandomNetwork
    layer: int
    targets: Int64[np.ndarray, "q p k"]
    tolerance: float

    @property
    def name(self) -> str:
        """Digest of all that the choice depends on."""
        return digest(
            {
                "format": f"reads/1/{self.strategy}",
                "architecture": self.network.architecture.description(),
                "key": key_description(self.network),
                "layer": self.layer,
                "targets": self.targets.ravel().tolist(),
                "tolerance": rational(self.tolerance),
            }
        )

    def solve(self, device: str = "cpu") -> Int64[np.ndarray, " h"]:
        """The input channel of each hidden channel, `[n·N]`; the same on every device."""
        hidden = np.arange(self.network.hidden_channels(self.layer))
        if self.strategy == "positive":
            return hidden // self.network.width
        channels = self.targets.shape[1]
        first = self.network.first_read(self.layer, np.repeat(hidden[:, None], channels, axis=1), np.arange(channels)[None, :])
        sizes = np.abs(self.targets).max(axis=(0, 2)) / 2.0**self.network.product_bits
        misfit = misfits(first / self.network.magnitude, np.clip(sizes, SMALLEST_SCALE, 1))
        reads = matched(misfit, self.network.width)
        return reads if self.strategy == "assigned" else self._exchanged(reads, first, misfit, device)

    def _exchanged(self, reads: np.ndarray, first: np.ndarray, misfit: np.ndarray, device: str) -> np.ndarray:
        """Exchange until the rigorous norm of the error is within the tolerance, or nothing helps any more; the reading of least norm.

        The sum of squares falls with every exchange, the norm need not.
        """
        shape = self.network.architecture.layers[self.layer]
        m, n, k = self.targets.shape
        second = self.network.second_of(self.layer, np.arange(len(reads))).reshape(len(reads), m * k)
        weights = np.tile(squared_sizes(shape), m)
        goals = self.targets.transpose(1, 0, 2).reshape(n, m * k)
        columns = Columns(np.maximum(first, 0), second, goals, weights, 2.0**-self.network.product_bits, device)
        members = np.stack([np.flatnonzero(reads == p) for p in range(n)])
        rows, width = shape_of(shape)
        allowed = (self.tolerance / (rows**-0.5 + width**-0.5)) ** 2
        state = columns.state(members)
        least, best = float("inf"), reads
        for _ in range(ROUNDS):
            moved = exchange(columns, state, misfit, allowed)
            error = state.residuals.reshape(n, m, k).transpose(1, 0, 2)
            found = float(shape.norm([error.astype(object)], self.network.product_bits))
            if found < least:
                least, best = found, state.reads(len(reads))
            if found <= self.tolerance or not moved:
                break
            allowed = min(allowed, state.cost.sum()) * min(0.9, (self.tolerance / found) ** 2)
        return best


def misfits(first: Float64[np.ndarray, "h p"], scales: Float64[np.ndarray, " p"]) -> Float64[np.ndarray, "h p"]:
    """|log(u/s)| for a first-layer weight u > 0 and the scale s of an input's coefficients; `UNUSABLE` where u is not positive."""
    usable = first > 0
    return np.where(usable, np.abs(np.log(np.where(usable, first, 1) / scales)), UNUSABLE)


def matched(misfit: Float64[np.ndarray, "h p"], width: int) -> Int64[np.ndarray, " h"]:
    """A matching of least misfit in which `width` hidden channels read each input; large layers are matched part by part."""
    hidden, inputs = misfit.shape
    together = max(1, MATCHED_AT_ONCE // width)
    reads = np.empty(hidden, dtype=np.int64)
    for start in range(0, inputs, together):
        part = np.arange(start, min(start + together, inputs))
        rows = np.arange(start * width, (part[-1] + 1) * width)
        slots = np.repeat(part, width)
        chosen, places = linear_sum_assignment(misfit[np.ix_(rows, slots)])
        reads[rows[chosen]] = slots[places]
    return reads


def squared_sizes(shape: AffineShape) -> Float64[np.ndarray, " k"]:
    """Squared Frobenius norms of a layer's operators; on graphs, whose operators are not given, 1."""
    if not isinstance(shape, LayerShape):
        return np.ones(shape.coefficient_shape[2])
    if shape.mixture is None:
        labels = shape.basis.labels
        assert labels is not None
        return np.bincount(labels[labels >= 0], minlength=len(shape.basis)).astype(np.float64)
    return (shape.dense_operators() ** 2).sum(axis=(1, 2))


def shape_of(shape: AffineShape) -> tuple[int, int]:
    """Rows and columns of a layer's matrix (on graphs, for each vertex)."""
    m, n, _ = shape.coefficient_shape
    return (shape.codomain.dimension, shape.domain.dimension) if isinstance(shape, LayerShape) else (m, n)


def tolerances(target: Target, epsilon: float) -> list[float]:
    """The norm that the error of each layer may have for the whole network to stay within ε; a tenth is left for biases and rounding.

    Every layer gets an equal share of ε, in terms of what its error can do to the output.
    """
    norms, lengths, reach = [], [], [target.radius]
    for shape, layer in zip(target.architecture.layers, target.layers, strict=True):
        norms.append(shape.norm([_integers(layer.coefficients)], SCALE_BITS))
        lengths.append(shape.bias_norm(_integers(layer.bias), SCALE_BITS))
        reach.append(round_up(norms[-1] * reach[-1] + lengths[-1]))
    found, amplified = [], 1.0
    for norm, length in zip(reversed(norms), reversed(reach[:-1]), strict=True):
        found.append(0.9 * epsilon / len(norms) / (amplified * float(length)))
        amplified *= float(norm)
    return found[::-1]


def _integers(values: np.ndarray) -> np.ndarray:
    return np.rint(values * 2.0**SCALE_BITS).astype(np.int64).astype(object)


def require_strategy(strategy: str, target: Target, network: RandomNetwork, wanted: Sequence[float] | None) -> None:
    """Raise `OutOfRange` where a strategy cannot be used."""
    if strategy not in STRATEGIES:
        raise OutOfRange(f"strategy = {strategy!r}: choose {', '.join(STRATEGIES)}.")
    if strategy != "proof" and not target.nonnegative:
        raise OutOfRange(
            f"strategy {strategy!r} and target {target.name}: its inputs may be negative; only inputs without negative entries pass through "
            "u > 0 alone. State Target(..., nonnegative=True) if that is true of them, or use strategy 'proof'."
        )
    if strategy == "exchanged" and (wanted is None or len(wanted) != target.architecture.depth or min(wanted) <= 0):
        raise OutOfRange(f"strategy 'exchanged' needs a positive tolerance for each of {target.architecture.depth} layers; {wanted} came.")
    if strategy == "exchanged" and network.width > MOST_EXCHANGED:
        raise OutOfRange(
            f"strategy 'exchanged' at width {network.width}: every exchange solves sums of as many samples, at most {MOST_EXCHANGED}; "
            "take a smaller width, or the strategy 'assigned'."
        )
