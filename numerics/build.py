"""From a task to a certified ticket in files: what `python -m numerics prune` does."""

import json
import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from numerics.certify import Certificate, certify, require
from numerics.economy import economy
from numerics.execute import run_target, run_ticket
from numerics.graphs import GraphBatch
from numerics.network import RandomNetwork, random_network
from numerics.prune import prune
from numerics.random_weights import GRID_BITS, Key
from numerics.store import write_bytes
from numerics.strategies import tolerances
from numerics.targets import Task
from numerics.ticket import Ticket
from theory.decimals import at_least, at_most
from theory.verdict import exact

WIDTH = 96
SAMPLES = 32
EXCHANGED_WIDTH, EXCHANGED_CONSTANTS = 18, 64
LOSSLESS_GRID, LOSSLESS_WIDTH, LOSSLESS_SAMPLES = 4, 160, 24
GRAPH_NORM = "root mean square over the vertices, every graph"


@dataclass(frozen=True)
class Result:
    """What came of a build: accuracies on the task's test set, predictions that differ, errors, sizes, seconds, files.

    `error_bound` (rounded up) holds for every ‖x‖ ≤ `radius` (rounded down) in the `norm`, if `nonnegative` without negative entries;
    `largest_error` is the largest ‖ticket(x) - target(x)‖ over the test set. `over_bound` compares the effective parameters with the
    counting bound at this accuracy (`numerics.economy`).
    """

    name: str
    description: str
    epsilon: str
    key: str
    width: int
    samples: int
    strategy: str
    held: bool
    error_bound: str
    radius: str
    norm: str
    nonnegative: bool
    largest_error: float
    baseline: str
    baseline_accuracy: float | None
    target_accuracy: float
    ticket_accuracy: float
    test_inputs: int
    differing_predictions: list[int]
    target_parameters: int
    source_parameters: int
    effective_parameters: int
    over_bound: float | None
    over_bound_with_choices: float | None
    kept_parameters: int
    build_seconds: float
    certify_seconds: float
    ticket: str
    certificate: str


def build(
    task: Task,
    *,
    epsilon: str,
    key: int,
    out: Path,
    width: int = WIDTH,
    constants: int | None = None,
    samples: int = SAMPLES,
    strategy: str = "proof",
    workers: int = 1,
    executor: Executor | None = None,
    device: str = "cpu",
    progress: Callable[[int, int], None] | None = None,
    grid_bits: int = GRID_BITS,
    lossless: bool = False,
) -> Result:
    """Prune, certify, store ticket, certificate and result under `out`; a certificate is stored only if it meets ε.

    A `lossless` ticket must compute the very same function as the target, whose numbers lie on the grid 4^-`grid_bits`: its bound is 0.
    `strategy` is one of `numerics.strategies`; "exchanged" gives each layer its share of ε. `constants` is `width` if not given.
    Finished blocks are kept in `out/cache` and an interrupted build goes on from them. Raises `NoSubset` (after the ticket and the result
    are stored) if the bound exceeds ε.
    """
    target = task.target
    network = random_network(target.architecture, Key(key), width, constants, grid_bits)
    certificate_path = out / "certificates" / f"{target.name}.json"
    ticket_path = out / "tickets" / f"{target.name}.safetensors"
    started = time.perf_counter()
    ticket = prune(
        target,
        network,
        samples=samples,
        objective="smallest" if lossless else "best",
        strategy=strategy,
        tolerances=tolerances(target, float(exact(epsilon))) if strategy == "exchanged" else None,
        workers=workers,
        executor=executor,
        device=device,
        cache=out / "cache" / "masks",
        progress=progress,
    )
    ticket.save(ticket_path)
    pruned = time.perf_counter()
    certificate = certify(target, ticket, epsilon)
    certified = time.perf_counter()
    held = certificate.lossless if lossless else certificate.holds
    if held:
        certificate.save(certificate_path)
    else:
        certificate_path.unlink(missing_ok=True)
    result = _result(
        task,
        network,
        ticket,
        certificate,
        epsilon,
        (samples, strategy),
        (pruned - started, certified - pruned),
        (ticket_path, certificate_path),
        held,
    )
    write_bytes(out / "results" / f"{target.name}.json", json.dumps(asdict(result), indent=1, ensure_ascii=False).encode())
    require(certificate, lossless=lossless)
    return result


def _result(
    task: Task,
    network: RandomNetwork,
    ticket: Ticket,
    certificate: Certificate,
    epsilon: str,
    how: tuple[int, str],
    seconds: tuple[float, float],
    paths: tuple[Path, Path],
    held: bool,
) -> Result:
    wanted, found = (output.reshape(len(output), -1) for output in (run_target(task.target, task.inputs), run_ticket(ticket, task.inputs)))
    judged = np.arange(len(task.labels)) if task.judged is None else task.judged
    labels, wanted, found = task.labels[judged], wanted[judged], found[judged]
    frugal = economy(certificate, network)
    predictions, pruned_predictions = wanted.argmax(axis=1), found.argmax(axis=1)
    return Result(
        name=task.target.name,
        description=task.description,
        epsilon=epsilon,
        key=str(network.key.seed),
        width=network.width,
        samples=how[0],
        strategy=how[1],
        held=held,
        error_bound=at_least(certificate.error_bound),
        radius=at_most(certificate.radius),
        norm=GRAPH_NORM if isinstance(task.inputs, GraphBatch) else "Euclidean",
        nonnegative=certificate.nonnegative,
        largest_error=float(np.linalg.norm(found - wanted, axis=1).max()),
        baseline=task.baseline[0] if task.baseline else "",
        baseline_accuracy=task.baseline[1] if task.baseline else None,
        target_accuracy=float((predictions == labels).mean()),
        ticket_accuracy=float((pruned_predictions == labels).mean()),
        test_inputs=len(labels),
        differing_predictions=[int(i) for i in judged[predictions != pruned_predictions]],
        target_parameters=sum(layer.coefficients.size + layer.bias.size for layer in task.target.layers),
        source_parameters=network.raw_parameters,
        effective_parameters=frugal.effective,
        over_bound=frugal.ratio,
        over_bound_with_choices=frugal.ratio_with_choices,
        kept_parameters=ticket.kept_parameters,
        build_seconds=seconds[0],
        certify_seconds=seconds[1],
        ticket=str(paths[0]),
        certificate=str(paths[1]) if held else "",
    )
