"""`python -m numerics experiments`: tickets for several keys, and their table."""

import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import tyro
from rich.table import Table

from numerics.commands.solving import Solving
from numerics.progress import progress_bar
from theory.cli import console, print_json, print_table
from theory.errors import OutOfRange, UnknownName
from theory.verdict import exact


@dataclass(frozen=True)
class ExperimentsCommand(Solving):
    """Tickets of targets for keys 0, 1, ...: accuracies, differing predictions, certified and sampled errors, sizes, seconds, re-checks."""

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


def run_experiments(command: ExperimentsCommand) -> int:
    """Build what is missing, re-check every certificate, print the table; 1 if some key held no ticket or a certificate was refused."""
    from numerics.experiments import HEAD, cells, recheck_target, run_target, summary, write_table
    from numerics.targets import built_in

    known = sorted(built_in())
    unknown = [name for name in command.names if name not in known]
    if unknown:
        raise UnknownName(f"no target is called {unknown[0]!r}; known are {', '.join(known)}.")
    if command.keys < 1 or not exact(command.epsilon) > 0:
        raise OutOfRange(f"keys {command.keys}, epsilon {command.epsilon}: positive numbers were expected.")
    names, pool = command.names or tuple(known), command.pool()
    shown, rows, refused = console(quiet=command.quiet or command.json), [], []
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
            verdicts = recheck_target(results, command.out)
            refused += [verdict for verdict in verdicts if not verdict.accepted]
            rows.append(summary(name, results, verdicts))
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
    for verdict in refused:
        print(f"REFUSED {verdict.name}: {verdict.reason}", file=sys.stderr)
    return 0 if not refused and all(row.held == row.keys for row in rows) else 1
