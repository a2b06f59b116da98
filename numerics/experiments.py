"""Tickets of real targets over several keys: what `python -m numerics experiments` runs and tabulates."""

import json
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from pathlib import Path
from statistics import median

import pyarrow as pa
import pyarrow.parquet as pq

from numerics.build import SAMPLES, WIDTH, Result, build
from numerics.errors import NoSubset
from numerics.network import Target, digest
from numerics.rechecking import Recheck, recheck
from numerics.store import write_bytes
from numerics.targets import find_task
from theory.decimals import at_least


@dataclass(frozen=True)
class Experiment:
    """One target over its keys: accuracies, how many predictions differ in all, the largest errors, sizes, median seconds.

    `certified` and `sampled` are the largest certified bound and the largest error seen on the test set, over the keys that held; `kept`
    is the mean fraction of random weights kept; `held` says how many of the `keys` gave a ticket that meets ε, `accepted` how many of
    their certificates the re-checker accepted, in `recheck_seconds` each (median).
    """

    name: str
    description: str
    baseline: str
    baseline_accuracy: float | None
    target_accuracy: float
    ticket_accuracy_least: float
    ticket_accuracy_most: float
    differing_predictions: int
    test_inputs: int
    epsilon: str
    certified: float | None
    sampled: float | None
    width: int
    kept: float
    seconds: float
    keys: int
    held: int
    accepted: int
    recheck_seconds: float | None


def run_target(
    name: str,
    keys: Iterable[int],
    *,
    epsilon: str,
    out: Path,
    executor: Executor,
    device: str = "cpu",
    width: int = WIDTH,
    finished: Callable[[str], None],
) -> list[Result]:
    """The results of one target for several keys, in their order; those stored with a certificate of this very target are read.

    Key 0 keeps the target's name, key k is stored as `NAME.keyk`. A key without a ticket is a result like any other. `finished` is told
    of each.
    """
    task, results = find_task(name, out / "targets"), []
    for key in keys:
        named = replace(task, target=replace(task.target, name=f"{task.target.name}{_suffix(key)}"))
        stored = out / "results" / f"{named.target.name}.json"
        result = _read(stored, named.target, epsilon, key, width)
        if result is None:
            try:
                result = build(named, epsilon=epsilon, key=key, out=out, width=width, executor=executor, device=device)
            except NoSubset:
                result = Result(**json.loads(stored.read_text(encoding="utf-8")))
        results.append(result)
        finished(f"{name}, key {key}")
    return results


def _suffix(key: int) -> str:
    return f".key{key}" if key else ""


def _read(path: Path, target: Target, epsilon: str, key: int, width: int) -> Result | None:
    """The stored result, if its certificate is one of this target, architecture, key, width and ε."""
    try:
        result = Result(**json.loads(path.read_text(encoding="utf-8")))
        digests = json.loads(Path(result.certificate).read_text(encoding="ascii"))["digests"]
    except (OSError, ValueError, TypeError, KeyError):
        return None
    wanted = (epsilon, str(key), width, SAMPLES, digest(target.description()), digest(target.architecture.description()))
    found = (result.epsilon, result.key, result.width, result.samples, digests["target"], digests["architecture"])
    return result if found == wanted else None


def recheck_target(results: list[Result], out: Path) -> list[Recheck]:
    """The re-checker's verdicts on the certificates of one target's results; a key without a ticket has none."""
    held = [result for result in results if result.held]
    return [recheck(result.name, Path(result.certificate), out / "rechecks" / f"{result.name}.json") for result in held]


def summary(name: str, results: list[Result], verdicts: list[Recheck]) -> Experiment:
    """One target's results and the re-checker's verdicts on them in one row."""
    held, first = [result for result in results if result.held], results[0]
    return Experiment(
        name=name,
        description=first.description,
        baseline=first.baseline,
        baseline_accuracy=first.baseline_accuracy,
        target_accuracy=first.target_accuracy,
        ticket_accuracy_least=min(result.ticket_accuracy for result in results),
        ticket_accuracy_most=max(result.ticket_accuracy for result in results),
        differing_predictions=sum(len(result.differing_predictions) for result in results),
        test_inputs=first.test_inputs,
        epsilon=first.epsilon,
        certified=max((float(result.error_bound) for result in held), default=None),
        sampled=max((result.largest_error for result in held), default=None),
        width=first.width,
        kept=sum(result.kept_parameters / result.source_parameters for result in results) / len(results),
        seconds=median(result.build_seconds + result.certify_seconds for result in results),
        keys=len(results),
        held=len(held),
        accepted=sum(verdict.accepted for verdict in verdicts),
        recheck_seconds=median(verdict.seconds for verdict in verdicts) if verdicts else None,
    )


HEAD = ("target", "baseline", "accuracy", "ticket", "differ", "certified", "sampled", "width", "kept", "seconds", "held", "re-checked")


def cells(row: Experiment) -> tuple[str, ...]:
    """One target's row as text, under `HEAD`."""
    spread = "" if row.ticket_accuracy_least == row.ticket_accuracy_most else f" to {row.ticket_accuracy_most:.2%}"
    certified = "none" if row.certified is None else at_least(Fraction(repr(row.certified)))
    return (
        row.name,
        "" if row.baseline_accuracy is None else f"{row.baseline_accuracy:.2%}",
        f"{row.target_accuracy:.2%}",
        f"{row.ticket_accuracy_least:.2%}{spread}",
        f"{row.differing_predictions} of {row.keys * row.test_inputs}",
        certified,
        "none" if row.sampled is None else f"{row.sampled:.3g}",
        str(row.width),
        f"{row.kept:.1%}",
        f"{row.seconds:.1f}",
        f"{row.held} of {row.keys}",
        "none" if row.recheck_seconds is None else f"{row.accepted} of {row.held}, {row.recheck_seconds:.1f} s",
    )


def markdown(experiments: list[Experiment]) -> str:
    """The rows as a Markdown table, with what each baseline is."""
    lines = [HEAD, ("---",) * len(HEAD), *map(cells, experiments)]
    notes = [f"- {row.name}: {row.description}" + (f"; baseline: {row.baseline}" if row.baseline else "") for row in experiments]
    return "\n".join([*(f"| {' | '.join(line)} |" for line in lines), "", *notes]) + "\n"


def write_table(experiments: list[Experiment], out: Path) -> Path:
    """Store the rows as parquet, JSON and Markdown, atomically; returns the first."""
    write_bytes(out / "data" / "experiments.json", (json.dumps([asdict(row) for row in experiments], indent=1) + "\n").encode())
    write_bytes(out / "data" / "experiments.md", markdown(experiments).encode())
    path = out / "data" / "experiments.parquet"
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist([asdict(row) for row in experiments]), sink)
    write_bytes(path, sink.getvalue().to_pybytes())
    return path
