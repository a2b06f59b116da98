"""Find the masks of a ticket: one exact subset sum for every coefficient and sign, block by block."""

import hashlib
import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from numerics.blocks import OBJECTIVES, Block, Reads, blocks, device_here, units_of
from numerics.network import RandomNetwork, Target
from numerics.store import write_bytes
from numerics.strategies import Reading, require_strategy
from numerics.ticket import LayerMask, Ticket
from numerics.workers import in_any_order
from theory.errors import OutOfRange

MOST_SAMPLES = 44


def prune(
    target: Target,
    network: RandomNetwork,
    *,
    samples: int = 32,
    objective: str = "best",
    strategy: str = "proof",
    tolerances: Sequence[float] | None = None,
    workers: int = 1,
    executor: Executor | None = None,
    device: str = "cpu",
    cache: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Ticket:
    """The ticket of a target in a random network: masks by exact best subset sums over at most `samples` channels per sign.

    `objective` "sparsest" keeps the fewest weights where a coefficient can be hit exactly, "smallest" those whose absolute values add up to
    the least; both also try the channels beyond the first `samples`, and are the same as "best" where no sum is exact.
    `strategy` (see `numerics.strategies`) chooses which input each hidden channel reads; "exchanged" needs the `tolerances`, the norm that
    the error of each layer may have. All but "proof" need a target whose inputs are stated to be nonnegative.
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
    require_strategy(strategy, target, network, tolerances)
    opened = nullcontext(executor) if executor is not None else ThreadPoolExecutor(workers) if workers > 1 else nullcontext(None)
    with opened as pool:
        reads = _all_reads(target, network, strategy, tolerances, pool, device, cache)
        todo = blocks(target, network, samples, objective, reads)
        masks = _all_masks(todo, pool, device, cache, progress)
    return Ticket(network, _assembled(target, network, masks, reads))


def _all_reads(
    target: Target,
    network: RandomNetwork,
    strategy: str,
    tolerances: Sequence[float] | None,
    pool: Executor | None,
    device: str,
    cache: Path | None,
) -> list[Reads]:
    """What the hidden channels of each layer read; nothing to choose where the proof says it."""
    if strategy == "proof":
        return [None] * target.architecture.depth
    todo = [
        Reading(strategy, network, i, units_of(layer.coefficients, network), tolerances[i] if tolerances else 0.0)
        for i, layer in enumerate(target.layers)
    ]
    found: dict[int, np.ndarray] = {}
    for i, reading in enumerate(todo):
        stored = _stored(cache, f"{reading.name}.reads")
        if stored is not None and len(stored) == 8 * network.hidden_channels(i):
            found[i] = np.frombuffer(stored, dtype="<i8").astype(np.int64)
    missing = [i for i in range(len(todo)) if i not in found]
    for number, chosen in _solved(pool, [partial(todo[i].solve, device_here(device)) for i in missing]):
        i = missing[number]
        found[i] = chosen
        _store(cache, f"{todo[i].name}.reads", chosen.astype("<i8").tobytes())
    return [found[i] for i in range(len(todo))]


def _solved(pool: Executor | None, calls: list[Callable[[], np.ndarray]]) -> Iterator[tuple[int, np.ndarray]]:
    """The results of calls with their numbers, in any order."""
    return in_any_order(pool, calls) if pool is not None else ((number, call()) for number, call in enumerate(calls))


def _all_masks(
    todo: list[Block], pool: Executor | None, device: str, cache: Path | None, progress: Callable[[int, int], None] | None
) -> dict[int, np.ndarray]:
    """The mask of each block, by its position."""
    masks: dict[int, np.ndarray] = {}
    for position, block in enumerate(todo):
        stored = _read(block, cache)
        if stored is not None:
            masks[position] = stored
    total = sum(block.sums for block in todo)
    done = sum(todo[position].sums for position in masks)
    if progress is not None:
        progress(done, total)

    missing = [position for position in range(len(todo)) if position not in masks]
    for number, mask in _solved(pool, [partial(todo[position].solve, device) for position in missing]):
        position = missing[number]
        masks[position] = mask
        done += todo[position].sums
        _store(cache, f"{todo[position].name}.mask", np.packbits(mask.ravel()).tobytes())
        if progress is not None:
            progress(done, total)
    return masks


def _store(cache: Path | None, name: str, content: bytes) -> None:
    """Keep a finished piece with its checksum."""
    if cache is not None:
        write_bytes(cache / name, hashlib.sha256(content).digest() + content)


def _stored(cache: Path | None, name: str) -> bytes | None:
    """A finished piece, or None if there is none or its checksum does not match."""
    if cache is None or not (cache / name).is_file():
        return None
    content = (cache / name).read_bytes()
    return content[32:] if hashlib.sha256(content[32:]).digest() == content[:32] else None


def _read(block: Block, cache: Path | None) -> np.ndarray | None:
    """The stored mask of a block, or None."""
    packed = _stored(cache, f"{block.name}.mask")
    shape = (block.channels, *block.targets.shape)
    count = math.prod(shape)
    if packed is None or len(packed) != -(-count // 8):
        return None
    return np.unpackbits(np.frombuffer(packed, np.uint8), count=count).astype(bool).reshape(shape)


def _assembled(target: Target, network: RandomNetwork, masks: dict[int, np.ndarray], reads: Sequence[Reads]) -> tuple[LayerMask, ...]:
    layers, position = [], 0
    for layer, chosen in zip(target.layers, reads, strict=True):
        m, channels, k = layer.coefficients.shape
        parts = [masks[position + p] for p in range(channels)]
        if chosen is None:
            second = np.stack(parts)
        else:
            second = np.empty((channels * network.width, m, k), dtype=bool)
            second[np.argsort(chosen, kind="stable")] = np.concatenate(parts)
            second = second.reshape(channels, network.width, m, k)
        mask = LayerMask(second, masks[position + channels])
        layers.append(mask if chosen is None else replace(mask, reads=np.where(mask.first.ravel(), chosen, -1)))
        position += channels + 1
    return tuple(layers)
