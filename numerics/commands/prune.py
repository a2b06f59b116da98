"""`python -m numerics prune`: a ticket found in a random network, and its certificate."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import tyro

from numerics.commands.solving import Solving
from numerics.progress import progress_bar
from numerics.prune import MOST_SAMPLES
from numerics.random_weights import Key
from numerics.workers import Workers
from theory.cli import console, print_json
from theory.errors import OutOfRange
from theory.verdict import exact

if TYPE_CHECKING:
    from numerics.build import Result
    from numerics.feedforward.task import FeedforwardTask
    from numerics.targets import Task


@dataclass(frozen=True)
class PruneCommand(Solving):
    """Find the ticket of a target in a random network fixed by its key, and certify it."""

    target: tyro.conf.Positional[str]
    """A built-in target (see `targets`), or FILE.py:build."""
    epsilon: str = "0.01"
    """Wanted bound on |ticket(x) - target(x)|, exact: 0.01, 1e-2 or 1/100."""
    key: int = 0
    """The key of the random network."""
    width: int | None = None
    """Hidden channels per input channel of a layer (96; 160 if lossless; 18 if exchanged)."""
    samples: int | None = None
    """Most samples a subset sum uses (32; 24 if lossless; 28 for a feedforward target)."""
    strategy: Literal["proof", "positive", "assigned", "exchanged"] = "proof"
    """How hidden channels get their inputs; all but the proof's own need inputs without negative entries."""
    constants: int | None = None
    """Constant channels of a layer, for its biases (as many as the width; 64 if exchanged)."""
    lossless: bool = False
    """Round the target to 8 bits first, then find a ticket that computes the very same function: error 0, bit for bit."""
    weights: Path | None = None
    """A state_dict (.safetensors or .pt), the second argument of FILE.py:build."""
    published: Path | None = None
    """Folder of published targets (feedforward)."""
    radius: str = "0"
    """Radius around each stated input, in the largest entry, exact (feedforward)."""
    points: int | None = None
    """How many test inputs the certificate states; 20, or as many as the re-checker takes (feedforward)."""
    copies: int = 0
    """Copies of each neuron, 24 for example: depth L + 1 in place of 2L (feedforward)."""
    zero_biases: bool = False
    """A source whose biases are zero behind the first layer: a constant is carried through the layers (feedforward, ReLU and LeakyReLU)."""
    law: Literal["uniform", "normal", "looks_linear"] = "uniform"
    """Of the random weights; looks_linear: in pairs of opposite sign (feedforward)."""
    density: str = "1"
    """Probability with which each random weight is there at all, exact: an Erdős–Rényi source (feedforward)."""
    perturbation: str = "0"
    """How far a kept weight may be moved, as a share of the scale that it was drawn on, exact (feedforward)."""
    out: Path = Path("out")
    """Where files go."""
    json: bool = False
    """Print JSON."""
    quiet: bool = False
    """Print nothing but errors."""


def prune_target(command: PruneCommand) -> int:
    """Build, certify, report; raises `OutOfRange` for options that do not fit each other or the target."""
    if not exact(command.epsilon) > 0:
        raise OutOfRange(f"epsilon = {command.epsilon}; an accuracy ε > 0 was expected.")
    from numerics.feedforward.targets import find
    from numerics.feedforward.task import FeedforwardTask

    width, samples, constants = sizes(command)
    Key(command.key)
    pool = command.pool()
    shown = console(quiet=command.quiet or command.json)
    with shown.status(f"target {command.target}"):
        task = find(command.target, command.out / "targets", command.weights, command.published)
    if isinstance(task, FeedforwardTask):
        return prune_feedforward(command, task, width, pool)
    others = command.copies or command.zero_biases or command.law != "uniform"
    if others or exact(command.density) != 1 or exact(command.perturbation) != 0:
        raise OutOfRange(
            f"--copies, --zero-biases, --law, --density, --perturbation and the target {command.target}: "
            "these sources are built for feedforward targets alone."
        )
    return prune_equivariant(command, task, (width, samples, constants), pool)


def sizes(command: PruneCommand) -> tuple[int, int, int | None]:
    """Width, samples and constants, as given or by default; raises `OutOfRange`."""
    from numerics import build

    width, samples, constants = build.WIDTH, build.SAMPLES, None
    if command.strategy == "exchanged":
        width, constants = build.EXCHANGED_WIDTH, build.EXCHANGED_CONSTANTS
    if command.lossless:
        width, samples = build.LOSSLESS_WIDTH, build.LOSSLESS_SAMPLES
    width = width if command.width is None else command.width
    samples = samples if command.samples is None else command.samples
    constants = constants if command.constants is None else command.constants
    if width < 1 or not 1 <= samples <= MOST_SAMPLES:
        raise OutOfRange(f"width {width}, samples {samples}: positive numbers, and at most {MOST_SAMPLES} samples, were expected.")
    return width, samples, constants


def prune_feedforward(command: PruneCommand, task: "FeedforwardTask", width: int, pool: Workers) -> int:
    """A convolutional or residual network."""
    from numerics.feedforward.command import prune_task

    if command.strategy != "proof" or command.constants is not None:
        raise OutOfRange(f"--strategy, --constants and the feedforward target {command.target}: it is built as in the proof alone.")
    if command.lossless:
        raise OutOfRange(f"--lossless and the feedforward target {command.target}: only equivariant targets are built without error.")
    return prune_task(
        task,
        epsilon=command.epsilon,
        key=command.key,
        width=width,
        samples=command.samples,
        radius=command.radius,
        points=command.points,
        copies=command.copies,
        zero_biases=command.zero_biases,
        law=command.law,
        density=command.density,
        perturbation=command.perturbation,
        pool=pool,
        out=command.out,
        as_json=command.json,
        quiet=command.quiet,
    )


def prune_equivariant(command: PruneCommand, task: "Task", chosen: tuple[int, int, int | None], pool: Workers) -> int:
    """A network of equivariant layers."""
    import numpy as np

    from numerics.build import LOSSLESS_GRID, build
    from numerics.exact_arithmetic import comparison
    from numerics.quantise import quantised_task
    from numerics.ticket import Ticket

    width, samples, constants = chosen
    task = quantised_task(task, LOSSLESS_GRID) if command.lossless else task
    with progress_bar(console(quiet=command.quiet or command.json)) as bar, pool.open() as executor:
        line = bar.add_task(f"pruning {task.target.name}", total=None)
        result = build(
            task,
            epsilon=command.epsilon,
            key=command.key,
            out=command.out,
            width=width,
            constants=constants,
            samples=samples,
            strategy=command.strategy,
            executor=executor,
            device=pool.device,
            progress=lambda done, total: bar.update(line, completed=done, total=total),
            **({"grid_bits": LOSSLESS_GRID, "lossless": True} if command.lossless else {}),
        )
    if command.json:
        print_json(asdict(result))
    elif not command.quiet:
        if command.lossless and isinstance(task.inputs, np.ndarray):
            print(f"bit for bit: on the test set {comparison(task.target, Ticket.load(Path(result.ticket)), task.inputs)}")
        print(told(result))
    return 0


def told(result: "Result") -> str:
    """A result in lines."""
    norm = "" if result.norm == "Euclidean" else f" ({result.norm})"
    baseline = f"  baseline  {result.baseline}: {result.baseline_accuracy:.2%}\n" if result.baseline else ""
    inputs = "x >= 0, " if result.nonnegative else ""
    economy = f", {result.over_bound:.2f} times the counting bound at this accuracy" if result.over_bound else ""
    same = "all predictions equal" if not result.differing_predictions else f"predictions differ at {result.differing_predictions}"
    return (
        f"{result.name}: {result.description}\n"
        f"  certified |ticket(x) - target(x)| <= {result.error_bound} for all {inputs}|x| <= {result.radius}{norm}; "
        f"largest on the test set {result.largest_error:.3g}\n"
        f"  accuracy  target {result.target_accuracy:.2%}, ticket {result.ticket_accuracy:.2%} "
        f"on {result.test_inputs} test inputs; {same}\n"
        f"{baseline}"
        f"  weights   {result.kept_parameters:,} kept of {result.source_parameters:,} random ones, none redrawn; "
        f"the target has {result.target_parameters:,}\n"
        f"  effective {result.effective_parameters:,} weights after the first mask{economy}\n"
        f"  seconds   {result.build_seconds:.1f} to prune, {result.certify_seconds:.1f} to certify\n"
        f"wrote {result.ticket}\nwrote {result.certificate}\nre-check it with: python -m checks.recheck {result.certificate}"
    )
