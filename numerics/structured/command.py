"""`python -m numerics structured`: a structured ticket, certified and compacted."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import tyro
from rich.progress import Progress

from numerics.random_weights import Key
from theory.cli import print_json
from theory.errors import OutOfRange
from theory.verdict import exact


@dataclass(frozen=True)
class StructuredCommand:
    """Find a structured ticket (hidden channels kept or removed as a whole) of a target, certify it, and write it compacted."""

    target: tyro.conf.Positional[str]
    """A built-in structured target (filters, separable, turns), or FILE.py:build."""
    epsilon: str = "0.1"
    """Wanted bound on |ticket(x) - target(x)|, exact: 0.1, 1e-1 or 1/10."""
    key: int = 0
    """The key of the random network."""
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    """Threads that solve; the files are the same for any number."""
    out: Path = Path("out")
    """Where files go."""
    json: bool = False
    """Print JSON."""
    quiet: bool = False
    """Print nothing but errors."""


def structured_ticket(command: StructuredCommand, bar: Callable[[], AbstractContextManager[Progress]]) -> int:
    """Build, certify, compact, report."""
    if not exact(command.epsilon) > 0 or command.workers < 1:
        raise OutOfRange(
            f"epsilon = {command.epsilon}, workers = {command.workers}: an accuracy ε > 0 and at least one worker were expected."
        )
    Key(command.key)
    from numerics.structured.build import build
    from numerics.structured.targets import find_task

    task = find_task(command.target, command.out / "targets")
    with bar() as shown:
        line = shown.add_task(f"pruning {task.target.name}", total=None)

        def progress(done: int, total: int) -> None:
            shown.update(line, completed=done, total=total)

        result = build(task, epsilon=command.epsilon, key=command.key, out=command.out, workers=command.workers, progress=progress)
    if command.json:
        print_json(asdict(result))
    elif not command.quiet:
        same = "all predictions equal" if not result.differing_predictions else f"predictions differ at {result.differing_predictions}"
        sizes = "".join(
            f"  {name:<9} {size['channels']:,} channels, {size['parameters']:,} parameters, {size['multiply_adds']:,} multiply-adds\n"
            for name, size in (("target", result.target_size), ("drawn", result.network_size), ("compacted", result.ticket_size))
        )
        dimensions = ", ".join(str(max(of_layer)) for of_layer in result.dimensions)
        print(
            f"{result.name}: {result.description}\n"
            f"  certified |ticket(x) - target(x)| <= {result.error_bound} for all |x| <= {result.radius}; "
            f"largest on the test set {result.largest_error:.3g}\n"
            f"  accuracy  target {result.target_accuracy:.2%}, ticket {result.ticket_accuracy:.2%} on {result.test_inputs} test inputs; {same}\n"
            f"  blocks    vectors of D = {dimensions} coordinates, {', '.join(f'{w:,}' for w in result.widths)} channels a block\n"
            f"{sizes}"
            f"  seconds   {result.build_seconds:.1f} to prune, {result.certify_seconds:.1f} to certify\n"
            f"wrote {result.ticket}\nwrote {result.network}\nwrote {result.certificate}\n"
            f"re-check it with: python -m checks.recheck {result.certificate}"
        )
    return 0
