"""From a task to a certified structured ticket and its compacted network in files: what `python -m numerics structured` does."""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from numerics.random_weights import Key
from numerics.store import write_bytes
from numerics.structured.certify import certify, require
from numerics.structured.compact import compacted, export, network_size, target_size, ticket_size
from numerics.structured.execute import run_compact, run_target
from numerics.structured.network import StructuredNetwork
from numerics.structured.plan import accuracy, plan
from numerics.structured.prune import prune
from numerics.structured.targets import StructuredTask
from theory.decimals import at_least, at_most


@dataclass(frozen=True)
class StructuredResult:
    """What came of a build: as `numerics.build.Result`, with the sizes of target, random network and compacted ticket."""

    name: str
    description: str
    epsilon: str
    key: str
    dimensions: list[list[int]]
    widths: list[int]
    constants: list[int]
    held: bool
    error_bound: str
    radius: str
    largest_error: float
    target_accuracy: float
    ticket_accuracy: float
    test_inputs: int
    differing_predictions: list[int]
    target_size: dict[str, int]
    network_size: dict[str, int]
    ticket_size: dict[str, int]
    build_seconds: float
    certify_seconds: float
    ticket: str
    network: str
    certificate: str


def build(
    task: StructuredTask, *, epsilon: str, key: int, out: Path, workers: int = 1, progress: Callable[[int, int], None] | None = None
) -> StructuredResult:
    """Draw, prune, certify, compact; ticket, compacted network and result are stored under `out`, the certificate only if it meets ε.

    Finished blocks are kept in `out/cache`, and an interrupted build goes on from them. Raises `NoSubset` if the bound exceeds ε.
    """
    target = task.target
    started = time.perf_counter()
    plans = plan(target, accuracy(epsilon))
    network = StructuredNetwork(target.architecture, Key(key), tuple(p.width for p in plans), tuple(p.constants for p in plans))
    ticket = prune(target, network, plans, workers=workers, cache=out / "cache" / "masks", progress=progress)
    pruned = time.perf_counter()
    certificate = certify(target, ticket, epsilon)
    certified = time.perf_counter()
    paths = (
        out / "tickets" / f"{target.name}.safetensors",
        out / "networks" / f"{target.name}.safetensors",
        out / "certificates" / f"{target.name}.json",
    )
    ticket.save(paths[0])
    export(ticket, paths[1])
    if certificate.holds:
        certificate.save(paths[2])
    else:
        paths[2].unlink(missing_ok=True)
    wanted_outputs = run_target(target, task.inputs).reshape(len(task.inputs), -1)
    found = run_compact(compacted(ticket), task.inputs).reshape(len(task.inputs), -1)
    predictions, pruned_predictions = wanted_outputs.argmax(axis=1), found.argmax(axis=1)
    result = StructuredResult(
        name=target.name,
        description=task.description,
        epsilon=epsilon,
        key=str(key),
        dimensions=[[rule.dimension(block) for block in rule.blocks] for rule in target.architecture.layers],
        widths=list(network.widths),
        constants=list(network.constants),
        held=certificate.holds,
        error_bound=at_least(certificate.error_bound),
        radius=at_most(certificate.radius),
        largest_error=float(np.linalg.norm(found - wanted_outputs, axis=1).max()),
        target_accuracy=float((predictions == task.labels).mean()),
        ticket_accuracy=float((pruned_predictions == task.labels).mean()),
        test_inputs=len(task.labels),
        differing_predictions=np.flatnonzero(predictions != pruned_predictions).tolist(),
        target_size=asdict(target_size(target)),
        network_size=asdict(network_size(network)),
        ticket_size=asdict(ticket_size(ticket)),
        build_seconds=pruned - started,
        certify_seconds=certified - pruned,
        ticket=str(paths[0]),
        network=str(paths[1]),
        certificate=str(paths[2]) if certificate.holds else "",
    )
    write_bytes(out / "results" / "structured" / f"{target.name}.json", json.dumps(asdict(result), indent=1, ensure_ascii=False).encode())
    require(certificate)
    return result
