"""`python -m numerics`: build and certify tickets, list targets, run statistics."""

import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated, Literal

import tyro
from rich.table import Table

from numerics.progress import progress_bar
from numerics.prune import MOST_SAMPLES
from numerics.random_weights import Key
from numerics.structured.command import StructuredCommand, structured_ticket
from numerics.workers import Workers
from theory.cli import console, print_json, print_table, run
from theory.errors import OutOfRange, UnknownName
from theory.verdict import exact


@dataclass(frozen=True, kw_only=True)
class Solving:
    """Who solves the subset sums; the files are the same for any choice."""

    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    """Threads that solve."""
    processes: bool = False
    """Use processes instead of threads."""
    scheduler: str = ""
    """Use the workers of the Dask cluster at this address, tcp://HOST:PORT."""
    device: Literal["cpu", "cuda", "auto"] = "cpu"
    """The device of each worker; auto is a GPU where there is one."""

    def pool(self) -> Workers:
        """The workers asked for; raises `OutOfRange`."""
        return Workers(self.workers, self.processes, self.scheduler, self.device)


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
    points: int = 20
    """How many test inputs the certificate states (feedforward)."""
    copies: int = 0
    """Copies of each neuron, 24 for example: depth L + 1 in place of 2L (feedforward)."""
    out: Path = Path("out")
    """Where files go."""
    json: bool = False
    """Print JSON."""
    quiet: bool = False
    """Print nothing but errors."""


@dataclass(frozen=True)
class TargetsCommand:
    """List the built-in targets."""

    json: bool = False
    """Print JSON."""
    quiet: bool = False
    """Print names alone."""


@dataclass(frozen=True)
class SweepCommand:
    """Measure how often random subset sums succeed, with exact binomial intervals, into OUT/data/NAME.parquet."""

    name: tyro.conf.Positional[str]
    """The sweep: subset_sum."""
    key: int = 0
    """The key of the draws."""
    quick: bool = False
    """Fewer draws: a minute instead of many."""
    out: Path = Path("out")
    """Where files go."""
    json: bool = False
    """Print JSON."""
    quiet: bool = False
    """Print nothing but errors."""


@dataclass(frozen=True)
class ExperimentsCommand(Solving):
    """Tickets of targets for keys 0, 1, ...: accuracies, differing predictions, certified and sampled errors, sizes, seconds."""

    names: tyro.conf.Positional[tuple[str, ...]] = ()
    """Built-in targets; all of them if none is named."""
    keys: int = 5
    """How many keys."""
    epsilon: str = "0.01"
    """Wanted bound on |ticket(x) - target(x)|, exact."""
    out: Path = Path("out")
    """Where files go."""
    json: bool = False
    """Print JSON."""
    quiet: bool = False
    """Print nothing but errors."""


Command = (
    Annotated[ExperimentsCommand, tyro.conf.subcommand("experiments")]
    | Annotated[PruneCommand, tyro.conf.subcommand("prune")]
    | Annotated[StructuredCommand, tyro.conf.subcommand("structured")]
    | Annotated[TargetsCommand, tyro.conf.subcommand("targets")]
    | Annotated[SweepCommand, tyro.conf.subcommand("sweep")]
)


def prune_target(command: PruneCommand) -> int:
    """Build, certify, report."""
    if not exact(command.epsilon) > 0:
        raise OutOfRange(f"epsilon = {command.epsilon}; an accuracy ε > 0 was expected.")
    import numpy as np

    from numerics.build import EXCHANGED_CONSTANTS, EXCHANGED_WIDTH, LOSSLESS_GRID, LOSSLESS_SAMPLES, LOSSLESS_WIDTH, SAMPLES, WIDTH, build

    width = (
        command.width
        if command.width is not None
        else LOSSLESS_WIDTH
        if command.lossless
        else EXCHANGED_WIDTH
        if command.strategy == "exchanged"
        else WIDTH
    )
    constants = command.constants if command.constants is not None else EXCHANGED_CONSTANTS if command.strategy == "exchanged" else None
    samples = command.samples if command.samples is not None else LOSSLESS_SAMPLES if command.lossless else SAMPLES
    if width < 1 or not 1 <= samples <= MOST_SAMPLES:
        raise OutOfRange(f"width {width}, samples {samples}: positive numbers, and at most {MOST_SAMPLES} samples, were expected.")
    Key(command.key)
    pool = command.pool()
    from numerics.exact_arithmetic import comparison
    from numerics.feedforward.targets import find
    from numerics.feedforward.task import FeedforwardTask
    from numerics.quantise import quantised_task
    from numerics.ticket import Ticket

    shown = console(quiet=command.quiet or command.json)
    with shown.status(f"target {command.target}"):
        task = find(command.target, command.out / "targets", command.weights, command.published)
    if isinstance(task, FeedforwardTask):
        from numerics.feedforward.command import prune_task

        if command.strategy != "proof" or command.constants is not None:
            raise OutOfRange(f"--strategy, --constants and the feedforward target {command.target}: it is built as in the proof alone.")
        if command.lossless:
            raise OutOfRange(f"--lossless and the feedforward target {command.target}: only equivariant targets are built without error.")
        if pool.processes or pool.scheduler or pool.device != "cpu":
            raise OutOfRange(
                f"the feedforward target {command.target} is built by threads on the CPU; leave --processes, --scheduler and --device out."
            )
        return prune_task(
            task,
            epsilon=command.epsilon,
            key=command.key,
            width=width,
            samples=command.samples,
            radius=command.radius,
            points=command.points,
            copies=command.copies,
            workers=command.workers,
            out=command.out,
            as_json=command.json,
            quiet=command.quiet,
        )
    task = quantised_task(task, LOSSLESS_GRID) if command.lossless else task
    with progress_bar(shown) as bar, pool.open() as executor:
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
        norm = "" if result.norm == "Euclidean" else f" ({result.norm})"
        baseline = f"  baseline  {result.baseline}: {result.baseline_accuracy:.2%}\n" if result.baseline else ""
        inputs = "x >= 0, " if result.nonnegative else ""
        economy = f", {result.over_bound:.2f} times the fewest for this accuracy" if result.over_bound else ""
        same = "all predictions equal" if not result.differing_predictions else f"predictions differ at {result.differing_predictions}"
        print(
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
    return 0


def list_targets(command: TargetsCommand) -> int:
    """Print the built-in targets with the first line of their files."""
    import sys

    from numerics.feedforward.targets import built_in_feedforward
    from numerics.targets import built_in

    every = built_in() | built_in_feedforward()
    found = {name: (sys.modules[build.__module__].__doc__ or "").splitlines()[0] for name, build in every.items()}
    if command.json:
        print_json(found)
    elif command.quiet:
        print("\n".join(found))
    else:
        table = Table("target", "what it is")
        for name, text in found.items():
            table.add_row(name, text)
        print_table(table)
    return 0


def sweep_statistics(command: SweepCommand) -> int:
    """Run a sweep; a run that is stopped and started again goes on from what its file holds."""
    import numpy as np

    from numerics.subset_sum.statistics import sweep

    if command.name != "subset_sum":
        raise UnknownName(f"no sweep is called {command.name!r}; known is subset_sum.")
    generator = np.random.Generator(np.random.Philox(Key(command.key).seed))
    path = command.out / "data" / f"{command.name}.parquet"
    trials = {"one": 20_000, "all": 300} if command.quick else {"one": 1_000_000, "all": 5_000}
    shown = console(quiet=command.quiet or command.json)
    with progress_bar(shown) as bar:
        line = bar.add_task("drawing", total=None)
        rows = sweep(generator, path, trials=trials, progress=lambda done, total: bar.update(line, completed=done, total=total))
    if command.json:
        print_json([asdict(row) for row in rows])
    elif not command.quiet:
        print(f"wrote {path} ({len(rows)} rows)")
    return 0


def run_experiments(command: ExperimentsCommand) -> int:
    """Build what is missing, print the table; 1 if some key held no ticket."""
    from numerics.experiments import HEAD, cells, run_target, summary, write_table
    from numerics.targets import built_in

    known = sorted(built_in())
    unknown = [name for name in command.names if name not in known]
    if unknown:
        raise UnknownName(f"no target is called {unknown[0]!r}; known are {', '.join(known)}.")
    if command.keys < 1 or not exact(command.epsilon) > 0:
        raise OutOfRange(f"keys {command.keys}, epsilon {command.epsilon}: positive numbers were expected.")
    names, pool = command.names or tuple(known), command.pool()
    shown, rows = console(quiet=command.quiet or command.json), []
    with progress_bar(shown) as bar, pool.open() as executor:
        line = bar.add_task("tickets", total=len(names) * command.keys)

        def finished(what: str) -> None:
            bar.update(line, advance=1, description=what)

        for name in names:
            results = run_target(
                name,
                range(command.keys),
                epsilon=command.epsilon,
                out=command.out,
                executor=executor,
                device=pool.device,
                finished=finished,
            )
            rows.append(summary(name, results))
            write_table(rows, command.out)
    if command.json:
        print_json([asdict(row) for row in rows])
    elif not command.quiet:
        table = Table(title=f"keys 0 to {command.keys - 1}, ε = {command.epsilon}", title_justify="left")
        for column in HEAD:
            table.add_column(column, justify="left" if column == "target" else "right")
        for row in rows:
            table.add_row(*cells(row))
        print_table(table)
        print(f"wrote {write_table(rows, command.out)}")
    return 0 if all(row.held == row.keys for row in rows) else 1


def main(command: ExperimentsCommand | PruneCommand | StructuredCommand | TargetsCommand | SweepCommand) -> int:
    """Dispatch on the subcommand."""
    match command:
        case ExperimentsCommand():
            return run_experiments(command)
        case PruneCommand():
            return prune_target(command)
        case StructuredCommand():
            return structured_ticket(command, lambda: progress_bar(console(quiet=command.quiet or command.json)))
        case TargetsCommand():
            return list_targets(command)
        case SweepCommand():
            return sweep_statistics(command)


if __name__ == "__main__":
    run(main, Command, "python -m numerics", "Build and certify strong lottery tickets.", resumes=True)
