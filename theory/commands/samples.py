"""`theory samples`: how many samples are proved to suffice, needed at least, and sufficient in stored trials; numbers and vectors."""

from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from theory.cli import print_json, print_table
from theory.decimals import at_least
from theory.errors import OutOfRange
from theory.sample_size import law_of_name, needed, proved_stored
from theory.trials import MEASURED, simulated
from theory.vector_formulas import FORMULAS, closed_form, needed_vectors
from theory.vector_sums import proved_vectors
from theory.verdict import exact


@dataclass(frozen=True)
class SamplesCommand:
    """How many samples are proved to suffice for all targets in [-1, 1]^d, how many are needed, how many sufficed in stored trials."""

    epsilon: str
    """Accuracy, exact: 0.01, 1e-2 or 1/100."""
    delta: str
    """Failure probability, exact."""
    law: str = "uniform"
    """uniform, product (usable sign), signed_product (raw channels), normal, mixture:WEIGHT; for vectors nsn (normally scaled normal)."""
    dimension: int | None = None
    """Coordinates of each sample, with --law nsn."""
    out: Path = Path("out")
    """Where stored trials lie."""
    json: bool = False
    """Print JSON."""
    quiet: bool = False
    """Print the best proved number alone."""


def samples(command: SamplesCommand) -> int:
    """Print the numbers. Raises `OutOfRange` for a dimension without vectors, or vectors without a dimension."""
    if (command.law == "nsn") != (command.dimension is not None):
        raise OutOfRange(f"--law {command.law}, --dimension {command.dimension}: vectors are asked for by --law nsn --dimension D, both.")
    if command.dimension is not None:
        return vectors(command, command.dimension)
    law = law_of_name(command.law)
    best = proved_stored(law, command.epsilon, command.delta, command.out / "cache" / "sample_sizes.json")
    least = needed(law, command.epsilon, command.delta)
    seen, reason = simulated(law.name, exact(command.epsilon), exact(command.delta), command.out / "data" / "subset_sum.json", MEASURED)
    if command.quiet:
        print(best.proved)
        return 0
    if command.json:
        print_json(
            {
                "law": command.law, "epsilon": str(exact(command.epsilon)), "delta": str(exact(command.delta)), "proved": best.proved,
                "route": best.route, "failure_probability": at_least(best.failure), "closed_form": best.closed_form,
                "routes": dict(best.tried), "needed": least,
                "simulated": seen, "simulation": reason,
            }
        )  # fmt: skip
        return 0
    table = Table(title=f"{command.law}: all targets in [-1, 1] within {command.epsilon}, except with probability {command.delta}")
    for column in ("samples", "number", "from"):
        table.add_column(column, justify="right" if column == "number" else "left")
    table.add_row("proved to suffice", str(best.proved), f"{best.route}; fails with probability ≤ {at_least(best.failure)}")
    for route, number in best.tried:
        table.add_row("by each route", str(number), route)
    table.add_row("needed at least", str(least), "companion.converse")
    table.add_row("sufficed in trials", "–" if seen is None else str(seen), reason)
    if seen:
        table.add_row("proved / sufficed", f"{best.proved / seen:.2f}", "what is still lost in the proof")
    print_table(table)
    return 0


def vectors(command: SamplesCommand, dimension: int) -> int:
    """The numbers for normally scaled normal vectors: one target of [-1, 1]^d, all of them at once, the closed forms beside them."""
    one = proved_vectors(dimension, command.epsilon, command.delta, all_targets=False)
    every = proved_vectors(dimension, command.epsilon, command.delta)
    forms = {name: closed_form(name, dimension, command.epsilon, command.delta) for name in FORMULAS} if small(command) else {}
    least = needed_vectors(dimension, command.epsilon, command.delta)
    if command.quiet:
        print(every.samples)
        return 0
    if command.json:
        print_json(
            {
                "law": "nsn", "dimension": dimension, "epsilon": str(exact(command.epsilon)), "delta": str(exact(command.delta)),
                "proved": every.samples, "one_target": one.samples, "subset": every.subset, "batch": every.batch,
                "batches": every.batches, "failure_probability": at_least(every.failure), "closed_forms": forms, "needed": least,
            }
        )  # fmt: skip
        return 0
    title = f"nsn: targets in [-1, 1]^{dimension} within {command.epsilon} in each coordinate, except with probability {command.delta}"
    table = Table(title=title)
    for column in ("vectors", "number", "from"):
        table.add_column(column, justify="right" if column == "number" else "left")
    for name, size in (("one target", one), ("all targets", every)):
        shape = f"{size.halves} × {size.batches} batches of {size.batch}, sums of {size.subset}"
        table.add_row(f"proved to suffice, {name}", f"{size.samples:,}", f"{shape}; fails with probability ≤ {at_least(size.failure)}")
    for name, value in forms.items():
        table.add_row("closed form, all targets", f"{value:,}", f"companion.{name}")
    table.add_row("needed at least", f"{least:,}", "companion.vector_counting")
    print_table(table)
    return 0


def small(command: SamplesCommand) -> bool:
    """Whether ε is in the domain of the closed forms, 2ε/3 ≤ 1/4."""
    return bool(exact(command.epsilon) <= exact("3/8"))
