"""`python -m numerics targets`: the built-in targets."""

import sys
from dataclasses import dataclass

from rich.table import Table

from theory.cli import print_json, print_table


@dataclass(frozen=True)
class TargetsCommand:
    """List the built-in targets."""

    modules: bool = False
    """List what a network of yours may consist of instead, for `prune FILE.py:build`."""
    json: bool = False
    """Print JSON."""
    quiet: bool = False
    """Print names alone."""


def list_targets(command: TargetsCommand) -> int:
    """Print the built-in targets with the first line of their files."""
    from numerics.feedforward.targets import built_in_feedforward
    from numerics.feedforward.torch_names import MODULES
    from numerics.targets import built_in

    every = built_in() | built_in_feedforward()
    found = {name: (sys.modules[build.__module__].__doc__ or "").splitlines()[0] for name, build in every.items()}
    found = MODULES if command.modules else found
    if command.json:
        print_json(found)
    elif command.quiet:
        print("\n".join(found))
    else:
        table = Table(*(("module", "with which settings") if command.modules else ("target", "what it is")))
        for name, text in found.items():
            table.add_row(name, text)
        print_table(table)
    return 0
