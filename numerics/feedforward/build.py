"""From a feedforward task to a certified ticket in files."""

import json
import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import sympy

from numerics.feedforward.certificate import EVERY_INPUT, FeedforwardCertificate, certify_feedforward, require
from numerics.feedforward.difference import steps_of
from numerics.feedforward.execute import run_sums, run_target, run_ticket
from numerics.feedforward.laws import Law
from numerics.feedforward.prune import prune_feedforward
from numerics.feedforward.source import FeedforwardSource, source_for
from numerics.feedforward.task import FeedforwardTask
from numerics.feedforward.ticket import FeedforwardTicket
from numerics.random_weights import Key
from numerics.store import write_bytes
from theory.decimals import at_least, at_most
from theory.errors import OutOfRange
from theory.verdict import exact

WIDTH = 96
SAMPLES = 28
POINTS = 20
MOST_STEPS = 3 << 30
"""Elementary steps that the re-checker is left for the stated inputs: three quarters of those it takes for a certificate."""
WALKED = 8
"""Inputs that the ticket is also run on channel by channel; on all test inputs it is run through its subset sums."""


@dataclass(frozen=True)
class FeedforwardResult:
    """What came of a build, in the sup norm.

    `error_bound` (rounded up) is what the certificate rests on, for the inputs that `claim` names; `network_bound` is the bound for every
    input of the box, which may say nothing, and `points_bound` that for every input within `radius` of the first `points` test inputs.
    `layer_errors` bound each layer alone at every input that it can get; `largest_error` is sampled.
    """

    name: str
    description: str
    construction: str
    epsilon: str
    key: str
    width: int
    samples: int
    source: str
    held: bool
    claim: str
    error_bound: str
    radius: str
    norm: str
    network_bound: str
    network_extent: str
    network_says_nothing: bool
    sampled_extent: float
    points: int
    points_bound: str
    points_radius: str
    points_same_prediction: int
    layer_errors: list[str]
    largest_coefficient_error: str
    largest_error: float
    baseline: str
    baseline_accuracy: float | None
    target_accuracy: float | None
    ticket_accuracy: float | None
    test_inputs: int
    differing_predictions: list[int]
    folding: float
    target_parameters: int
    source_parameters: int
    kept_parameters: int
    moved_parameters: int
    redrawn: int
    published: str
    build_seconds: float
    certify_seconds: float
    ticket: str
    certificate: str


def build_feedforward(
    task: FeedforwardTask,
    *,
    epsilon: str,
    key: int,
    out: Path,
    width: int = WIDTH,
    samples: int = SAMPLES,
    workers: int = 1,
    executor: Executor | None = None,
    device: str = "cpu",
    radius: str = "0",
    points: int | None = None,
    copies: int = 0,
    zero_biases: bool = False,
    law: Law = "uniform",
    density: Fraction = Fraction(1),
    perturbation: Fraction = Fraction(0),
    progress: Callable[[int, int], None] | None = None,
) -> FeedforwardResult:
    """Prune, certify, store certificate (which holds the masks) and result under `out`; a certificate is stored only if it meets ε.

    With `copies`, the construction of depth L + 1 is built, on so many copies of each neuron; with `zero_biases`, in a source that has none
    behind its first layer; `law` and `density` are those of its weights, `perturbation` how far kept ones may move. Finished blocks are kept
    in `out/cache`. Raises `NoSubset` (after the result is stored) if no bound meets ε.
    """
    reach, target = exact(radius), task.target
    if not (isinstance(reach, sympy.Rational) and reach >= 0) or (points is not None and points < 1):
        raise OutOfRange(f"radius {radius}, points {points}: a rational radius ≥ 0 and at least one stated input were expected.")
    path = out / "certificates" / f"{target.name}.json"
    started = time.perf_counter()
    source = source_for(
        target, Key(key), width, copies=copies, zero_biases=zero_biases, law=law, density=density, perturbation=perturbation
    )
    points = stated_inputs(source, points)
    solving = {"workers": workers, "executor": executor, "device": device, "cache": out / "cache" / "masks", "progress": progress}
    ticket = prune_feedforward(target, source, samples=samples, **solving)
    pruned = time.perf_counter()
    certificate = certify_feedforward(target, ticket, epsilon, task.inputs[:points], Fraction(int(reach.p), int(reach.q)))
    certified = time.perf_counter()
    if certificate.holds:
        certificate.save(path)
    else:
        path.unlink(missing_ok=True)
    result = _result(task, ticket, certificate, epsilon, samples, (pruned - started, certified - pruned), path)
    write_bytes(out / "results" / f"{target.name}.json", json.dumps(asdict(result), indent=1, ensure_ascii=False).encode())
    require(certificate)
    return result


def stated_inputs(source: FeedforwardSource, points: int | None) -> int:
    """How many inputs a certificate states: so many as asked for, else `POINTS` or fewer. Raises `OutOfRange` for more than are re-checked."""
    most = MOST_STEPS // steps_of(source.network)
    if most < (points or 1):
        raise OutOfRange(
            f"points {points or 1}: to re-check one input of this network takes {steps_of(source.network):,} steps: {most} are re-checked "
            "at most. State fewer, build fewer copies, or make the target smaller."
        )
    return points or min(POINTS, most)


def _result(
    task: FeedforwardTask,
    ticket: FeedforwardTicket,
    certificate: FeedforwardCertificate,
    epsilon: str,
    samples: int,
    seconds: tuple[float, float],
    path: Path,
) -> FeedforwardResult:
    target, network, labels = task.target, certificate.network, task.labels
    wanted, found = run_target(target, task.inputs), run_sums(ticket, task.inputs)
    walked = run_ticket(ticket, task.inputs[:WALKED])
    largest = max(float(np.abs(found - wanted).max()), float(np.abs(walked - wanted[:WALKED]).max()))
    predictions, pruned = wanted.argmax(axis=1), found.argmax(axis=1)
    radius = (target.high - target.low) / 2 if certificate.claim == EVERY_INPUT else Fraction(certificate.data["points"]["radius"])
    return FeedforwardResult(
        name=target.name,
        description=task.description,
        construction="L+1" if ticket.source.copies else "2L",
        epsilon=epsilon,
        key=str(ticket.source.key.seed),
        width=ticket.source.width,
        samples=samples,
        source=ticket.source.says,
        held=certificate.holds,
        claim=certificate.claim,
        error_bound=at_least(certificate.error_bound),
        radius=at_most(radius),
        norm=f"largest entry; {'x from the middle of its box' if certificate.claim == EVERY_INPUT else 'x from one of the stated inputs'}",
        network_bound=at_least(network.error),
        network_extent=at_least(network.extent),
        network_says_nothing=network.says_nothing,
        sampled_extent=float((wanted.max(axis=0) - wanted.min(axis=0)).max()),
        points=len(certificate.points.bound),
        points_bound=at_least(certificate.points.largest),
        points_radius=at_most(Fraction(certificate.data["points"]["radius"])),
        points_same_prediction=int(certificate.points.same_prediction().sum()),
        layer_errors=[at_least(error) for error, _ in network.layers],
        largest_coefficient_error=at_least(max(layer.worst for layer in certificate.layers)),
        largest_error=largest,
        baseline="",
        baseline_accuracy=None,
        target_accuracy=None if labels is None else float((predictions == labels).mean()),
        ticket_accuracy=None if labels is None else float((pruned == labels).mean()),
        test_inputs=len(task.inputs),
        differing_predictions=[int(i) for i in np.flatnonzero(predictions != pruned)],
        folding=task.folding,
        target_parameters=target.parameters,
        source_parameters=ticket.source.raw_parameters,
        kept_parameters=ticket.kept_parameters,
        moved_parameters=ticket.moved_parameters,
        redrawn=0,
        published=task.published,
        build_seconds=seconds[0],
        certify_seconds=seconds[1],
        ticket=str(path) if certificate.holds else "",
        certificate=str(path) if certificate.holds else "",
    )
