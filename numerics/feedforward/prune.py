"""Masks of a feedforward ticket: an exact subset sum for every weight and sign, and for every bias."""

import hashlib
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import numpy as np

from numerics.feedforward.blocks import Block, assembled, blocks_of, goals_of, moves_of
from numerics.feedforward.constants import constant_moves, solve_constants
from numerics.feedforward.forms import form_of
from numerics.feedforward.graph import FeedforwardTarget
from numerics.feedforward.solve import MOST_SAMPLES
from numerics.feedforward.source import FeedforwardSource
from numerics.feedforward.ticket import FeedforwardMask, FeedforwardTicket, mask_shapes
from numerics.network import digest
from numerics.store import write_bytes
from numerics.workers import in_any_order
from theory.errors import OutOfRange

MOST_CONSTANTS = 28


def prune_feedforward(
    target: FeedforwardTarget,
    source: FeedforwardSource,
    *,
    samples: int = 28,
    workers: int = 1,
    executor: Executor | None = None,
    device: str = "cpu",
    cache: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> FeedforwardTicket:
    """The ticket of a target in its source: masks by exact best subset sums of at most `samples` products.

    The masks are the same for any number and kind of workers, on any `device` ("cpu", "cuda", "auto"): `executor` (any of
    `concurrent.futures`, `numerics.workers.Workers` opens some) runs the blocks, otherwise `workers` threads do. With `cache`, finished
    blocks are kept in that folder and an interrupted call goes on from them. `progress(done, total)` is called after each. Raises `OutOfRange`.
    """
    if not 1 <= samples <= MOST_SAMPLES or workers < 1:
        raise OutOfRange(
            f"samples = {samples}, workers = {workers}: 1 to {MOST_SAMPLES} samples a sum and at least one worker were expected."
        )
    target = form_of(target, source.copies, source.carried)
    goals = [goals_of(target, source, i) for i in range(len(target.layers))]
    todo = [block for i in range(len(goals)) for block in blocks_of(source, i, goals[i], samples)]
    paths = [cache and cache / f"{_name(block)}.mask" for block in todo]
    found = {number: stored for number, path in enumerate(paths) if path and (stored := _read(path, todo[number])) is not None}
    missing = [number for number in range(len(todo)) if number not in found]
    opened = nullcontext(executor) if executor is not None else ThreadPoolExecutor(workers)
    if progress is not None:
        progress(len(found), len(todo))
    with opened as pool:
        for position, mask in in_any_order(pool, [partial(todo[number].solve, device) for number in missing]):
            number = missing[position]
            found[number] = mask
            if path := paths[number]:
                packed = np.packbits(mask.ravel()).tobytes()
                write_bytes(path, hashlib.sha256(packed).digest() + packed)
            if progress is not None:
                progress(len(found), len(todo))
    masks = []
    for i, goal in enumerate(goals):
        parts = [found[number] for number, block in enumerate(todo) if block.layer == i]
        masks.append(finished_layer(target, source, i, goal, assembled(source, i, goal, parts), samples))
    return FeedforwardTicket(source, tuple(masks))


def finished_layer(
    target: FeedforwardTarget, source: FeedforwardSource, layer: int, goals: np.ndarray, second: np.ndarray, samples: int
) -> FeedforwardMask:
    """What follows from the mask of the second random layer: its moves, and the constant channels for the biases and for φ(0)."""
    shape = mask_shapes(source, layer)[1]
    moves = moves_of(source, layer, goals, second) if source.perturbation else None
    mask = FeedforwardMask(second, np.zeros(shape, dtype=bool), moves)
    most = min(source.copies, MOST_CONSTANTS) if source.direct(layer) else samples
    constant, left = solve_constants(target, source, layer, mask.brought(source, layer), most)
    return FeedforwardMask(second, constant, moves, constant_moves(source, layer, constant, left) if source.perturbation else None)


def _name(block: Block) -> str:
    source, layer = block.source, block.layer
    return digest(
        {
            "format": "feedforward-mask/8",
            "source": source.description(),
            "layer": layer,
            "last": len(source.graph.affine) - 1,
            "nonlinearity": source.graph.nonlinearity,
            "operation": source.graph.affine[layer].description(),
            "goals": [list(block.goals.shape), hashlib.sha256(np.ascontiguousarray(block.goals, "<i8").tobytes()).hexdigest()],
            "part": [block.start, block.stop],
            "samples": block.samples,
        }
    )


def _read(path: Path, block: Block) -> np.ndarray | None:
    """A stored mask of a block, or None if there is none or its checksum does not match."""
    if not path.is_file():
        return None
    content = path.read_bytes()
    source, packed = block.source, content[32:]
    rest = (source.copies,) if source.direct(block.layer) else mask_shapes(source, block.layer)[0][1:]
    shape = (block.stop - block.start, *rest)
    size = int(np.prod(shape))
    if hashlib.sha256(packed).digest() != content[:32] or len(packed) != -(-size // 8):
        return None
    return np.unpackbits(np.frombuffer(packed, np.uint8), count=size).astype(bool).reshape(shape)
