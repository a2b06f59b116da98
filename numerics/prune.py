"""Find the masks of a ticket: one exact subset sum for every coefficient and sign, block by block."""

import hashlib
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Int64

from numerics.network import RandomNetwork, Target, digest
from numerics.store import write_bytes
from numerics.stragglers import seek_among_both_signs, seek_exact_among_others
from numerics.subset_sum import solve_subset_sums
from numerics.ticket import LayerMask, Ticket, key_description
from numerics.workers import in_any_order
from theory.errors import OutOfRange

BIAS = -1
LARGEST_COEFFICIENT = 2**8
MOST_SAMPLES = 44
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
        )

    def weights(self) -> tuple[Int64[np.ndarray, " j"], Int64[np.ndarray, "j q k"]]:
        """First-layer and second-layer weights of the block's channels, in units of 2^-b."""
        if self.channel == BIAS:
            return self.network.constant_first(self.layer), self.network.constant_second(self.layer)
        return self.network.first_of(self.layer, self.channel), self.network.second(self.layer, self.channel)

    @property
    def sums(self) -> int:
        """How many subset sums it takes: the unit of progress."""
        return self.targets.size * (1 if self.channel == BIAS else 2)

    def solve(self, device: str = "cpu") -> Bool[np.ndarray, "j q k"]:
        """The mask of the second-layer weights: for each coefficient λ a best subset for +λ over u > 0 and one for -λ over u < 0.

        ReLU passes u·x as u·σ(x) where u > 0 and as |u|·σ(-x) where u < 0. A constant channel with u < 0 is never active, so a bias has
        the first sum alone. The first `samples` channels of a sign give the exact best subset; a target beyond `near_units` is first brought
        nearer by the other channels, in order, each taken if it does not overshoot. Where more than 2^(8 - samples) is left, nearly all of
        those products having one sign, the sum is sought once more among as many of either sign. The mask is the same on every `device`;
        on a CPU it takes one thread, since blocks run side by side.
        """
        device = _here(device)
        u, v = self.weights()
        near = near_units(self.network)
        tolerance = None if self.objective == "best" else 0
        mask = np.zeros((len(u), self.targets.size), dtype=bool)
        for sign in (1,) if self.channel == BIAS else (1, -1):
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


def _here(device: str) -> str:
    """ "auto" is a GPU where this very process sees one."""
    if device != "auto":
        return device
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def blocks(target: Target, network: RandomNetwork, samples: int, objective: str = "best") -> list[Block]:
    """The blocks of a target, in the order of its layers; raises `OutOfRange` for a coefficient too large for exact sums."""
    result = []
    for i, layer in enumerate(target.layers):
        largest = max(np.abs(layer.coefficients).max(), np.abs(layer.bias).max())
        if largest > LARGEST_COEFFICIENT:
            raise OutOfRange(
                f"target {target.name}, layer {i}: the coefficient {largest:.6g} exceeds {LARGEST_COEFFICIENT}, beyond reach of sums of a few "
                "dozen numbers in [-1, 1]. Rescale the target's layers (ReLU is positively homogeneous)."
            )
        units = np.rint(layer.coefficients * 2.0**network.product_bits).astype(np.int64)
        result += [Block(network, i, p, np.ascontiguousarray(units[:, p]), samples, objective) for p in range(units.shape[1])]
        bias = np.rint(layer.bias * 2.0**network.product_bits).astype(np.int64)
        result.append(Block(network, i, BIAS, bias, samples, objective))
    return result


def prune(
    target: Target,
    network: RandomNetwork,
    *,
    samples: int = 32,
    objective: str = "best",
    workers: int = 1,
    executor: Executor | None = None,
    device: str = "cpu",
    cache: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Ticket:
    """The ticket of a target in a random network: masks by exact best subset sums over at most `samples` channels per sign.

    `objective` "sparsest" keeps the fewest weights where a coefficient can be hit exactly, "smallest" those whose absolute values add up to
    the least; both also try the channels beyond the first `samples`, and are the same as "best" where no sum is exact.
    The same target and network give the same masks for any number and kind of workers, on any `device` ("cpu", "cuda", "auto").
    `executor` (any `concurrent.futures.Executor`, `numerics.workers.Workers` opens some) runs the blocks; otherwise `workers` threads do
    (the solver releases the interpreter lock). With `cache`, finished blocks are kept in that folder and an interrupted call goes on
    from them. `progress(done, total)` counts subset sums, after every block. Raises `OutOfRange`.
    """
    if not 1 <= samples <= MOST_SAMPLES or workers < 1:
        raise OutOfRange(
            f"samples = {samples}, workers = {workers}: 1 to {MOST_SAMPLES} samples a sum and at least one worker were expected."
        )
    if objective not in OBJECTIVES:
        raise OutOfRange(f"objective = {objective!r}: choose {' or '.join(OBJECTIVES)}.")
    todo = blocks(target, network, samples, objective)
    masks: dict[int, np.ndarray] = {}
    for position, block in enumerate(todo):
        stored = _read(block, cache)
        if stored is not None:
            masks[position] = stored
    total = sum(block.sums for block in todo)
    done = sum(todo[position].sums for position in masks)
    if progress is not None:
        progress(done, total)

    def finish(position: int, mask: np.ndarray) -> None:
        nonlocal done
        masks[position] = mask
        done += todo[position].sums
        if cache is not None:
            packed = np.packbits(mask.ravel()).tobytes()
            write_bytes(cache / f"{todo[position].name}.mask", hashlib.sha256(packed).digest() + packed)
        if progress is not None:
            progress(done, total)

    missing = [position for position in range(len(todo)) if position not in masks]
    if executor is None and workers == 1:
        for position in missing:
            finish(position, todo[position].solve(device))
    else:
        with nullcontext(executor) if executor is not None else ThreadPoolExecutor(workers) as pool:
            for number, mask in in_any_order(pool, [partial(todo[position].solve, device) for position in missing]):
                finish(missing[number], mask)
    return Ticket(network, _assembled(target, masks))


def _read(block: Block, cache: Path | None) -> np.ndarray | None:
    """A stored mask, or None if there is none or its checksum does not match."""
    path = cache and cache / f"{block.name}.mask"
    if path is None or not path.is_file():
        return None
    content = path.read_bytes()
    q, k = block.targets.shape
    channels = block.network.constants if block.channel == BIAS else block.network.width
    packed = content[32:]
    if hashlib.sha256(packed).digest() != content[:32] or len(packed) != -(-channels * q * k // 8):
        return None
    return np.unpackbits(np.frombuffer(packed, np.uint8), count=channels * q * k).astype(bool).reshape(channels, q, k)


def _assembled(target: Target, masks: dict[int, np.ndarray]) -> tuple[LayerMask, ...]:
    layers, position = [], 0
    for layer in target.layers:
        channels = layer.coefficients.shape[1]
        second = np.stack([masks[position + p] for p in range(channels)])
        layers.append(LayerMask(second, masks[position + channels]))
        position += channels + 1
    return tuple(layers)
