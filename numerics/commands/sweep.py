"""`python -m numerics sweep`: what is measured or computed over many draws, widths and keys, as parquet tables for figures."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import tyro

from numerics.progress import progress_bar
from numerics.random_weights import Key
from numerics.store import read_rows, write_rows
from theory.cli import console, print_json
from theory.errors import UnknownName

COVERING = {6: 40_000, 8: 40_000, 10: 40_000, 12: 10_000}
"""Trials for all targets at ε = 2⁻⁶ to 2⁻¹², where proved sample sizes are compared with them."""

QUICK_BITS = (6, 8)
QUICK_WIDTHS = (8, 16, 24, 32, 48, 96)
DEFECT_WIDTH = 32


@dataclass(frozen=True)
class SweepCommand:
    """Measure how often random subset sums or tickets succeed, or compute proved sample sizes, into OUT/data/NAME.parquet."""

    name: tyro.conf.Positional[str]
    """The sweep: subset_sum, sample_sizes, tickets or equivariance."""
    key: int = 0
    """The key of the draws of subset_sum; tickets and equivariance take the keys 0, 1, ..."""
    quick: bool = False
    """Fewer draws: a minute instead of many."""
    out: Path = Path("out")
    """Where files go."""
    json: bool = False
    """Print JSON."""
    quiet: bool = False
    """Print nothing but errors."""


def sweep_statistics(command: SweepCommand) -> int:
    """Run a sweep; a run that is stopped and started again goes on from what its file holds."""
    if command.name not in SWEEPS:
        raise UnknownName(f"no sweep is called {command.name!r}; known are {', '.join(SWEEPS)}.")
    path = command.out / "data" / f"{command.name}.parquet"
    rows = SWEEPS[command.name](command, path)
    if command.json:
        print_json([asdict(row) for row in rows])
    elif not command.quiet:
        print(f"wrote {path} ({len(rows)} rows)")
    return 0


@contextmanager
def _progress(command: SweepCommand) -> Iterator[Callable[[int, int], None]]:
    with progress_bar(console(quiet=command.quiet or command.json)) as bar:
        line = bar.add_task(command.name.replace("_", " "), total=None)
        yield lambda done, total: bar.update(line, completed=done, total=total)


def subset_sum(command: SweepCommand, path: Path) -> list[Any]:
    """How often subset sums of each law reach one target, and all."""
    import numpy as np

    from numerics.subset_sum.statistics import sweep

    generator = np.random.Generator(np.random.Philox(Key(command.key).seed))
    trials = {"one": 20_000, "all": 300} if command.quick else {"one": 1_000_000, "all": 5_000}
    with _progress(command) as progress:
        rows = sweep(generator, path, trials=trials, progress=progress)
        for bits, repeats in COVERING.items():
            many = {"all": 300 if command.quick else repeats}
            covered: dict[str, Any] = {"epsilons": (2.0**-bits,), "targets": ("all",), "most": {"all": 36}, "trials": many}
            rows = sweep(generator, path, laws=("uniform", "product"), progress=progress, **covered)
    return rows


def sample_sizes(command: SweepCommand, path: Path) -> list[Any]:
    """The sample sizes that are proved, guaranteed in closed form and needed, by law and ε."""
    from numerics.sample_size_table import BITS, LAWS, row

    bits = QUICK_BITS if command.quick else BITS
    rows = []
    with _progress(command) as progress:
        for law in LAWS:
            for number in bits:
                rows.append(row(law, number, command.out / "cache" / "sample_sizes.json"))
                progress(len(rows), len(LAWS) * len(bits))
    write_rows(rows, path)
    return rows


def tickets(command: SweepCommand, path: Path) -> list[Any]:
    """Tickets of random layers over several groups, widths and keys."""
    from numerics.ticket_statistics import SWEPT, WIDTHS, TicketRow, ticket_rows

    widths, keys = (QUICK_WIDTHS, 10) if command.quick else (WIDTHS, 100)
    rows = read_rows(path, TicketRow)
    with _progress(command) as progress:
        for declared in SWEPT:
            for width in widths:
                done = {row.key for row in rows if (row.instantiation, row.width) == (repr(declared), width)}
                rows += ticket_rows(declared, width, [key for key in range(keys) if key not in done])
                write_rows(rows, path)
                progress(len(rows), max(len(rows), len(SWEPT) * len(widths) * keys))
    return rows


def equivariance(command: SweepCommand, path: Path) -> list[Any]:
    """How far pruned networks are from equivariant, by what is masked."""
    from numerics.ticket_statistics import KINDS, SWEPT, DefectRow, defect_rows

    keys = 5 if command.quick else 50
    rows = read_rows(path, DefectRow)
    with _progress(command) as progress:
        for declared in SWEPT:
            name = repr(declared)
            if sum(row.instantiation == name for row in rows) < len(KINDS) * keys:
                rows = [row for row in rows if row.instantiation != name] + list(defect_rows(declared, DEFECT_WIDTH, keys))
                write_rows(rows, path)
            progress(len(rows), max(len(rows), len(KINDS) * len(SWEPT) * keys))
    return rows


SWEEPS: dict[str, Callable[[SweepCommand, Path], list[Any]]] = {
    "subset_sum": subset_sum,
    "sample_sizes": sample_sizes,
    "tickets": tickets,
    "equivariance": equivariance,
}
