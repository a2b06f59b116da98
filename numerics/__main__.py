"""`python -m numerics`: build and certify tickets, list targets, run statistics."""

import sys
from typing import Annotated

import tyro

from numerics.commands.experiments import ExperimentsCommand, run_experiments
from numerics.commands.prune import PruneCommand, prune_target
from numerics.commands.sweep import SweepCommand, sweep_statistics
from numerics.commands.targets import TargetsCommand, list_targets
from numerics.progress import progress_bar
from numerics.structured.command import StructuredCommand, structured_ticket
from theory.cli import console, run

Command = (
    Annotated[ExperimentsCommand, tyro.conf.subcommand("experiments")]
    | Annotated[PruneCommand, tyro.conf.subcommand("prune")]
    | Annotated[StructuredCommand, tyro.conf.subcommand("structured")]
    | Annotated[TargetsCommand, tyro.conf.subcommand("targets")]
    | Annotated[SweepCommand, tyro.conf.subcommand("sweep")]
)


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


def named(arguments: list[str]) -> list[str]:
    """`--target NAME` and `--target=NAME` as NAME, which has its place behind the subcommand."""
    return [word.removeprefix("--target=") for word in arguments if word != "--target"]


if __name__ == "__main__":
    run(main, Command, "python -m numerics", "Build and certify strong lottery tickets.", named(sys.argv[1:]), resumes=True)
