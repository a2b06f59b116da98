"""`python -m numerics sweep`: how often random subset sums succeed."""

from dataclasses import asdict, dataclass
from pathlib import Path

import tyro

from numerics.progress import progress_bar
from numerics.random_weights import Key
from theory.cli import console, print_json
from theory.errors import UnknownName

COVERING = {6: 40_000, 8: 40_000, 10: 40_000, 12: 10_000}
"""Trials for all targets at ε = 2⁻⁶ to 2⁻¹², where proved sample sizes are compared with them."""


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


def sweep_statistics(command: SweepCommand) -> int:
    """Run a sweep; a run that is stopped and started again goes on from what its file holds."""
    import numpy as np

    from numerics.subset_sum.statistics import sweep

    if command.name != "subset_sum":
        raise UnknownName(f"no sweep is called {command.name!r}; known is subset_sum.")
    generator = np.random.Generator(np.random.Philox(Key(command.key).seed))
    path = command.out / "data" / f"{command.name}.parquet"
    trials = {"one": 20_000, "all": 300} if command.quick else {"one": 1_000_000, "all": 5_000}
    shown, rows = console(quiet=command.quiet or command.json), []
    with progress_bar(shown) as bar:
        line = bar.add_task("drawing", total=None)

        def progress(done: int, total: int) -> None:
            bar.update(line, completed=done, total=total)

        rows = sweep(generator, path, trials=trials, progress=progress)
        for bits, repeats in COVERING.items():
            many = {"all": 300 if command.quick else repeats}
            rows = sweep(
                generator,
                path,
                laws=("uniform", "product"),
                epsilons=(2.0**-bits,),
                targets=("all",),
                most={"all": 36},
                trials=many,
                progress=progress,
            )
    if command.json:
        print_json([asdict(row) for row in rows])
    elif not command.quiet:
        print(f"wrote {path} ({len(rows)} rows)")
    return 0
