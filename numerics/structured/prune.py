"""From a target and a random network to a structured ticket: one vector subset sum per block and sign."""

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Int64

from numerics.network import digest
from numerics.store import write_bytes
from numerics.structured.merging import near_subset
from numerics.structured.network import StructuredNetwork, StructuredTarget
from numerics.structured.plan import EXACT_DIMENSIONS, LayerPlan
from numerics.structured.ticket import ChannelMask, StructuredTicket
from numerics.structured.weights import PRODUCT_BITS
from numerics.subset_sum import solve_vector_subset_sums
from numerics.subset_sum.solve_vectors import MOST_SAMPLES
from theory.errors import OutOfRange
from theory.normal_grid import table_digest

EXACT_SAMPLES = 30
ATTEMPTS = 12
LARGEST_COEFFICIENT = 64


@dataclass(frozen=True, eq=False)
class BlockSum:
    """The subset sums of one block: vectors of the channels whose first weight has the wanted sign, and what they should add up to.

    `signs` `[N]` of the first weights, `vectors` `[N, D]` = |u|·v and `target` `[D]` in units of 2⁻²⁴. ReLU passes u·x as u·σ(x) where
    u > 0 and as |u|·σ(-x) where u < 0, so the channels of one sign must add up to +λ and those of the other to -λ; constant channels are
    active for u > 0 alone.
    """

    name: str
    signs: Int64[np.ndarray, " j"]
    vectors: Int64[np.ndarray, "j d"]
    target: Int64[np.ndarray, " d"]
    both: bool
    tolerance: int
    list_bits: int
    kept: int | None = None
    """How many channels of each sign must stay; any number if None."""

    def solve(self) -> Bool[np.ndarray, " j"]:
        """Which channels stay."""
        kept = np.zeros(len(self.signs), dtype=bool)
        for sign in (1, -1) if self.both else (1,):
            channels = np.flatnonzero(self.signs == sign)
            kept[channels] = choose(self.vectors[channels], sign * self.target, self.tolerance, self.list_bits, self.kept)
        return kept


def choose(
    vectors: Int64[np.ndarray, "n d"], target: Int64[np.ndarray, " d"], tolerance: int, list_bits: int, kept: int | None = None
) -> Bool[np.ndarray, " n"]:
    """Vectors whose sum is near the target: the nearest in the sup norm if there are at most 30 of at most 9 coordinates.

    With `kept` the nearest sum of exactly so many vectors. Raises `OutOfRange` if there are fewer, or more than the exact search takes.
    """
    if kept is not None:
        if not (kept <= len(vectors) <= MOST_SAMPLES and vectors.shape[1] <= EXACT_DIMENSIONS):
            raise OutOfRange(
                f"{kept} of {len(vectors)} vectors of {vectors.shape[1]} coordinates: a sum of a given size is sought among at most "
                f"{MOST_SAMPLES} vectors of at most {EXACT_DIMENSIONS} coordinates, at least as many as are kept. Take another width."
            )
        exact = np.ascontiguousarray(vectors)[None]
        return solve_vector_subset_sums(exact, target[None], objective=("size", kept), threads=1).masks[0]
    if len(vectors) <= EXACT_SAMPLES and vectors.shape[1] <= EXACT_DIMENSIONS:
        return solve_vector_subset_sums(np.ascontiguousarray(vectors)[None], target[None], threads=1).masks[0]
    return near_subset(vectors, target, tolerance=tolerance, attempts=ATTEMPTS, list_bits=list_bits)[0]


def block_sums(target: StructuredTarget, network: StructuredNetwork, plans: Sequence[LayerPlan], kept: int | None = None) -> list[BlockSum]:
    """All that is to be solved: of each layer its blocks, then its bias blocks. Raises `OutOfRange` for a coefficient beyond 64."""
    result = []
    shapes = [rule.description() for rule in network.architecture.layers]
    for i, (numbers, rule, wanted) in enumerate(zip(target.layers, network.architecture.layers, plans, strict=True)):
        largest = max(float(np.abs(part).max()) for part in (numbers.coefficients, numbers.bias))
        if largest > LARGEST_COEFFICIENT:
            raise OutOfRange(
                f"target {target.name}, layer {i}: the coefficient {largest:.6g} exceeds {LARGEST_COEFFICIENT}. Rescale the target's layers "
                "(ReLU is positively homogeneous)."
            )
        coefficients, bias = (np.rint(part * 2.0**PRODUCT_BITS).astype(np.int64) for part in (numbers.coefficients, numbers.bias))
        # A layer that two blocks reach twice is left to the first of them.
        free = np.ones(coefficients.shape[:2], dtype=bool)
        parts = []
        first = network.first(i)
        for b, block in enumerate(rule.blocks):
            outputs = list(block.outputs)
            parts.append((first[b], network.second(i, b), coefficients[outputs, block.channel] * free[outputs, block.channel, None], True))
            free[outputs, block.channel] = False
        constant, open_bias = network.constant_first(i), np.ones(len(bias), dtype=bool)
        for c, group in enumerate(rule.bias_blocks):
            outputs = list(group)
            parts.append((constant[c], network.constant_second(i, c), bias[outputs] * open_bias[outputs, None], False))
            open_bias[outputs] = False
        tolerance = int(wanted.tolerance * 2**PRODUCT_BITS)
        for number, (u, v, values, both) in enumerate(parts):
            described = {
                "format": "structured-block/1", "key": str(network.key.seed), "layer": i, "shape": shapes[i], "width": network.widths[i],
                "constants": network.constants[i], "table": table_digest(), "part": number, "target": values.tolist(),
                "tolerance": tolerance, "list_bits": wanted.list_bits,
            }  # fmt: skip
            described |= {} if kept is None else {"kept": kept}
            vectors = (np.abs(u)[:, None, None] * v).reshape(len(u), -1)
            result.append(BlockSum(digest(described), np.sign(u), vectors, values.ravel(), both, tolerance, wanted.list_bits, kept))
    return result


def prune(
    target: StructuredTarget,
    network: StructuredNetwork,
    plans: Sequence[LayerPlan],
    *,
    workers: int = 1,
    cache: Path | None = None,
    kept: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> StructuredTicket:
    """The structured ticket of a target in a random network; the same for any number of workers.

    With `kept`, every block keeps exactly so many channels of each sign, so that all tickets of the network have one size.
    With `cache`, finished blocks are kept in that folder and an interrupted call goes on from them. Raises `OutOfRange`.
    """
    todo = block_sums(target, network, plans, kept)
    found: dict[int, np.ndarray] = {}

    def solve(position: int) -> np.ndarray:
        return _stored(todo[position], cache)

    with ThreadPoolExecutor(workers) as pool:
        futures = {pool.submit(solve, position): position for position in range(len(todo))}
        try:
            for future in as_completed(futures):
                found[futures[future]] = future.result()
                if progress is not None:
                    progress(len(found), len(todo))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    masks, position = [], 0
    for rule in network.architecture.layers:
        middle, end = position + len(rule.blocks), position + len(rule.blocks) + len(rule.bias_blocks)
        masks.append(ChannelMask(np.stack([found[p] for p in range(position, middle)]), np.stack([found[p] for p in range(middle, end)])))
        position = end
    return StructuredTicket(network, tuple(masks))


def _stored(block: BlockSum, cache: Path | None) -> np.ndarray:
    """The block's mask: read if it was stored and its checksum matches, else found and stored."""
    path = cache and cache / f"{block.name}.mask"
    length = -(-len(block.signs) // 8)
    if path is not None and path.is_file():
        content = path.read_bytes()
        if len(content) == 32 + length and hashlib.sha256(content[32:]).digest() == content[:32]:
            return np.unpackbits(np.frombuffer(content[32:], np.uint8), count=len(block.signs)).astype(bool)
    mask = block.solve()
    if path is not None:
        packed = np.packbits(mask).tobytes()
        write_bytes(path, hashlib.sha256(packed).digest() + packed)
    return mask
