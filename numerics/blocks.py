"""The blocks of subset sums that a ticket takes: one for each input channel of each layer, and one for its biases."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Int64

from numerics.network import RandomNetwork, Target, digest
from numerics.stragglers import seek_among_both_signs, seek_exact_among_others
from numerics.subset_sum import solve_subset_sums
from numerics.ticket import key_description
from theory.errors import OutOfRange

BIAS = -1
LARGEST_COEFFICIENT = 2**8
OBJECTIVES = ("best", "sparsest", "smallest")


def near_units(network: RandomNetwork) -> int:
    """One half, in units of 2^-2b: what an exact sum over some two dozen products reaches with room to spare."""
    return 1 << (network.product_bits - 1)


@dataclass(frozen=True, eq=False)
class Block:
    """The subset sums of one input channel of one layer (or of its biases, channel `BIAS`): a unit of work.

    `targets` `[m, |B|]` are the coefficients in units of 2^-2b, b the network's grid bits, rounded to the nearest; `samples` is the most
    samples a sum may use. With the `objective` "sparsest" or "smallest" a sum that hits its target exactly keeps the fewest samples, or those
    whose absolute values add up to the least.
    """

    network: RandomNetwork
    layer: int
    channel: int
    targets: Int64[np.ndarray, "q k"]
    samples: int
    objective: str = "best"
    members: tuple[int, ...] | None = None

    @property
    def name(self) -> str:
        """Digest of all that the masks depend on."""
        return digest(
            {
                "format": "mask-block/2" if self.objective == "best" else f"mask-block/1/{self.objective}",
                "architecture": self.network.architecture.description(),
                "key": key_description(self.network),
                "layer": self.layer,
                "channel": self.channel,
                "targets": self.targets.tolist(),
                "samples": self.samples,
            }
            | ({} if self.members is None else {"members": list(self.members)})
        )

    def weights(self) -> tuple[Int64[np.ndarray, " j"], Int64[np.ndarray, "j q k"]]:
        """First-layer and second-layer weights of the block's channels, in units of 2^-b."""
        if self.channel == BIAS:
            return self.network.constant_first(self.layer), self.network.constant_second(self.layer)
        if self.members is not None:
            hidden = np.array(self.members, dtype=np.int64)
            return self.network.first_read(self.layer, hidden, self.channel), self.network.second_of(self.layer, hidden)
        return self.network.first_of(self.layer, self.channel), self.network.second(self.layer, self.channel)

    @property
    def sums(self) -> int:
        """How many subset sums it takes: the unit of progress."""
        return self.targets.size * len(self.signs)

    @property
    def signs(self) -> tuple[int, ...]:
        """The signs of first-layer weights whose channels are ever active."""
        return (1,) if self.channel == BIAS or self.members is not None else (1, -1)

    @property
    def channels(self) -> int:
        """How many hidden or constant channels the block has."""
        return self.network.constants if self.channel == BIAS else self.network.width if self.members is None else len(self.members)

    def solve(self, device: str = "cpu") -> Bool[np.ndarray, "j q k"]:
        """The mask of the second-layer weights: for each coefficient λ a best subset for +λ over u > 0 and one for -λ over u < 0.

        ReLU passes u·x as u·σ(x) where u > 0 and as |u|·σ(-x) where u < 0. A constant channel with u < 0 is never active, so a bias has
        the first sum alone. The first `samples` channels of a sign give the exact best subset; a target beyond `near_units` is first brought
        nearer by the other channels, in order, each taken if it does not overshoot. Where more than 2^(8 - samples) is left, nearly all of
        those products having one sign, the sum is sought once more among as many of either sign. The mask is the same on every `device`;
        on a CPU it takes one thread, since blocks run side by side.
        """
        device = device_here(device)
        u, v = self.weights()
        near = near_units(self.network)
        tolerance = None if self.objective == "best" else 0
        mask = np.zeros((len(u), self.targets.size), dtype=bool)
        for sign in self.signs:
            channels = np.flatnonzero(np.sign(u) == sign)
            products = (np.abs(u[channels])[:, None, None] * v[channels]).reshape(len(channels), self.targets.size)
            remainder = sign * self.targets.ravel()
            for channel, product in zip(channels[self.samples :], products[self.samples :], strict=True):
                taken = (np.abs(remainder) > near) & (np.sign(product) == np.sign(remainder)) & (np.abs(product) <= np.abs(remainder))
                mask[channel] = taken
                remainder = remainder - np.where(taken, product, 0)
            subsets = solve_subset_sums(
                np.ascontiguousarray(products[: self.samples].T),
                remainder,
                objective=self.objective,
                tolerance=tolerance,
                device=device,
                threads=1,
            )
            mask[channels[: self.samples]] = subsets.masks.T
            if self.objective == "best":
                late = np.abs(subsets.residuals) > 1 << max(0, self.network.product_bits + 8 - self.samples)
                goal = sign * self.targets.ravel()
                seek_among_both_signs(mask, channels, products, goal, subsets.residuals, np.flatnonzero(late), self.samples, near, device)
            else:
                missed = (subsets.residuals != 0) & (np.abs(remainder) <= near)
                seek_exact_among_others(mask, channels, products, remainder, missed, self.samples, self.objective, device)
        return mask.reshape(v.shape)


def device_here(device: str) -> str:
    """ "auto" is a GPU where this very process sees one."""
    if device != "auto":
        return device
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


Reads = Int64[np.ndarray, "_"] | None


def blocks(target: Target, network: RandomNetwork, samples: int, objective: str = "best", reads: Sequence[Reads] = ()) -> list[Block]:
    """The blocks of a target, in the order of its layers, by what hidden channels read if that is not as in the theorem's proof.

    Raises `OutOfRange` for a coefficient too large for exact sums.
    """
    result = []
    for i, layer in enumerate(target.layers):
        largest = max(np.abs(layer.coefficients).max(), np.abs(layer.bias).max(initial=0))
        if largest > LARGEST_COEFFICIENT:
            raise OutOfRange(
                f"target {target.name}, layer {i}: the coefficient {largest:.6g} exceeds {LARGEST_COEFFICIENT}, beyond reach of sums of a few "
                "dozen numbers in [-1, 1]. Rescale the target's layers (ReLU is positively homogeneous)."
            )
        units = units_of(layer.coefficients, network)
        chosen = reads[i] if reads else None
        for p in range(units.shape[1]):
            members = None if chosen is None else tuple(np.flatnonzero(chosen == p).tolist())
            result.append(Block(network, i, p, np.ascontiguousarray(units[:, p]), samples, objective, members))
        result.append(Block(network, i, BIAS, units_of(layer.bias, network), samples, objective))
    return result


def units_of(values: np.ndarray, network: RandomNetwork) -> np.ndarray:
    """The nearest integers in units of 2^-2b."""
    return np.rint(values * 2.0**network.product_bits).astype(np.int64)
