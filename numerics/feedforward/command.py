"""`python -m numerics prune` for feedforward targets: what it prints."""

from dataclasses import asdict
from fractions import Fraction
from pathlib import Path

import sympy

from numerics.feedforward.build import SAMPLES, FeedforwardResult, build_feedforward
from numerics.feedforward.laws import Law
from numerics.feedforward.task import FeedforwardTask
from numerics.progress import progress_bar
from numerics.workers import Workers
from theory.cli import console, print_json
from theory.errors import OutOfRange
from theory.verdict import exact


def prune_task(
    task: FeedforwardTask,
    *,
    epsilon: str,
    key: int,
    width: int,
    samples: int | None,
    radius: str,
    points: int | None,
    copies: int,
    zero_biases: bool,
    law: Law,
    density: str,
    perturbation: str,
    pool: Workers,
    out: Path,
    as_json: bool,
    quiet: bool,
) -> int:
    """Build, certify, report."""
    with progress_bar(console(quiet=quiet or as_json)) as bar, pool.open() as executor:
        line = bar.add_task(f"pruning {task.target.name}", total=None)
        result = build_feedforward(
            task,
            epsilon=epsilon,
            key=key,
            out=out,
            width=width,
            samples=SAMPLES if samples is None else samples,
            radius=radius,
            points=points,
            copies=copies,
            zero_biases=zero_biases,
            law=law,
            density=fraction(density, "density"),
            perturbation=fraction(perturbation, "perturbation"),
            executor=executor,
            device=pool.device,
            progress=lambda done, total: bar.update(line, completed=done, total=total),
        )
    if as_json:
        print_json(asdict(result))
    elif not quiet:
        print(told(result))
    return 0


def fraction(text: str, name: str) -> Fraction:
    """The rational of an option; raises `OutOfRange`."""
    value = exact(text)
    if not isinstance(value, sympy.Rational):
        raise OutOfRange(f"{name} {text}: a rational such as 1/2 or 0.2 was expected.")
    return Fraction(int(value.p), int(value.q))


def told(result: FeedforwardResult) -> str:
    """A result in lines; sizes of vectors are their largest entries."""
    nothing = "; as large as the range of the outputs: it says nothing" if result.network_says_nothing else ""
    if not nothing and float(result.network_bound) >= result.sampled_extent > 0:
        nothing = f"; on the test inputs, over {result.sampled_extent:.4g}: of these it says nothing"
    same = "all predictions equal" if not result.differing_predictions else f"predictions differ at {result.differing_predictions}"
    accuracy = ""
    if result.target_accuracy is not None and result.ticket_accuracy is not None:
        accuracy = f"target {result.target_accuracy:.2%}, ticket {result.ticket_accuracy:.2%}; "
    depth = "" if result.construction == "2L" else f", depth {result.construction}"
    lines = [f"{result.name}: {result.description}{depth}"]
    lines += [f"  source    {result.source}"] if result.source else []
    lines += [
        f"  every x   certified |ticket(x) - target(x)| <= {result.network_bound} for every x of the box (outputs range over "
        f"{result.network_extent}{nothing})",
        f"  inputs    certified |ticket(x) - target(x)| <= {result.points_bound} for every x within {result.points_radius} of "
        f"{result.points} test inputs; the same prediction proved for {result.points_same_prediction}",
        f"  layers    certified, each alone, at every input that it can get: {', '.join(result.layer_errors)}",
        f"  sampled   largest difference {result.largest_error:.3g} on {result.test_inputs} test inputs",
        f"  accuracy  {accuracy}{same}",
        f"  weights   {result.kept_parameters:,} kept of {result.source_parameters:,} random ones, none redrawn; the target has "
        f"{result.target_parameters:,} numbers, all layers built",
    ]
    if result.folding:
        lines.append(f"  float32   the module itself differs from its exact numbers by up to {result.folding:.2g} (folding and rounding)")
    if result.published:
        lines.append(f"  others    {result.published}")
    lines += [
        f"  seconds   {result.build_seconds:.1f} to prune, {result.certify_seconds:.1f} to certify",
        f"wrote {result.certificate}",
        f"re-check it with: python -m checks.recheck {result.certificate}",
    ]
    return "\n".join(lines)
