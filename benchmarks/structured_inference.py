"""How fast a structured ticket runs once it is compacted: against the unpruned network, the masked one, an unstructured ticket, the target.

    python benchmarks/structured_inference.py [--target filters] [--epsilon 0.1] [--key 0] [--out FOLDER] [--runs 7] [--batch 64] [--exact 4]

All run through the same operators in float64 on the CPU, one batch of inputs, medians of runs taken in turn. The ticket is built, or
read from FOLDER where `python -m numerics structured` left it. The unstructured ticket keeps, layer by layer, single second-layer weights
by best subset sums of 24 uniform samples; a hidden channel of it leaves only if no output uses it. That masked and compacted network give
the same outputs is decided in integers for every input at once, by their weights; it is seen again on as many test inputs as --exact says,
and the outputs in float64, where sums are rounded in another order, are compared on all of them. With --record FILE, only these comparisons are
made, and written into a record that stands already.
"""

import argparse
import json
import os
import platform
import sys
import time
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parents[1]))
from checks.exact_structured import exact_compact, exact_masked, same_function
from numerics.execute import affine
from numerics.layer import LayerShape
from numerics.network import Architecture, Target, random_network
from numerics.prune import prune as prune_weights
from numerics.random_weights import MAGNITUDE, Key
from numerics.structured.compact import compacted, network_size, target_size, ticket_size
from numerics.structured.execute import Step, compact_steps, masked_steps, run
from numerics.structured.network import BlockedLayer, StructuredNetwork, StructuredTarget
from numerics.structured.plan import accuracy, plan
from numerics.structured.prune import prune
from numerics.structured.targets import find_task
from numerics.structured.ticket import StructuredTicket, load_masks

WIDTH, SAMPLES = 96, 24


def unstructured_steps(target: StructuredTarget, key: int) -> tuple[list[Step], dict[str, int]]:
    """The layers of an unstructured ticket, one random network a layer; with its hidden channels, kept weights and multiplications."""
    steps: list[Step] = []
    channels = kept = work = 0
    for i, (rule, numbers) in enumerate(zip(target.architecture.layers, target.layers, strict=True)):
        shape = rule.shape
        single = Architecture((shape.domain, shape.codomain), ((shape.support, shape.first_support),))
        network = random_network(single, Key(key + 1000 * i), WIDTH)
        ticket = prune_weights(Target("layer", single, (numbers,), Fraction(1)), network, samples=SAMPLES)
        mask, n = ticket.masks[0], shape.domain.channels
        u = np.where(mask.first, network.first(0), 0) / MAGNITUDE
        v = np.stack([network.second(0, p) for p in range(n)]) * mask.second / MAGNITUDE
        used = np.flatnonzero(mask.first.ravel())
        coefficients = v.transpose(2, 0, 1, 3).reshape(v.shape[2], -1, v.shape[3])[:, used]
        constant = np.maximum(np.where(mask.constant_first, network.constant_first(0), 0), 0) / MAGNITUDE
        bias = np.tensordot(constant, network.constant_second(0) * mask.constant_second / MAGNITUDE, axes=(0, 0))
        steps.append((rule, (np.repeat(np.arange(n), WIDTH)[used], u.ravel()[used]), np.ascontiguousarray(coefficients), bias))
        channels += len(used)
        kept += mask.kept
        work += affine_work(rule, len(used), int(mask.second.sum()))
    return steps, {"channels": channels, "parameters": kept, "multiply_adds": work}


def run_unpruned(network: StructuredNetwork, inputs: np.ndarray) -> np.ndarray:
    """The random network with every weight in place; weights of the right shapes, drawn once a layer."""
    x = torch.from_numpy(inputs)
    for i, (rule, weights) in enumerate(zip(network.architecture.layers, WEIGHTS[network], strict=True)):
        shape = rule.shape
        x = x.reshape(len(x), shape.domain.channels, -1)
        hidden = LayerShape(shape.domain, shape.domain, shape.first_support)
        x = torch.relu(affine(x, hidden.operators, weights[0], np.zeros((len(weights[0]), 1))))
        x = affine(x, shape.operators, weights[1], np.zeros((shape.codomain.channels, 1)))
        x = torch.relu(x) if i + 1 < network.architecture.depth else x
    return x.numpy()


WEIGHTS: dict[StructuredNetwork, list[tuple[np.ndarray, np.ndarray]]] = {}


def dense_weights(network: StructuredNetwork) -> list[tuple[np.ndarray, np.ndarray]]:
    """Numbers for every weight of the unpruned network; only their count matters to the time."""
    generator, result = np.random.default_rng(0), []
    for rule, width in zip(network.architecture.layers, network.widths, strict=True):
        m, n, k = rule.shape.coefficient_shape
        channels = len(rule.blocks) * width
        first = generator.standard_normal(
            (channels, n, len(LayerShape(rule.shape.domain, rule.shape.domain, rule.shape.first_support).basis))
        )
        result.append((first, generator.standard_normal((m, channels, k))))
    return result


def affine_work(rule: BlockedLayer, channels: int, weights: int) -> int:
    """Multiplications of one pass: one a point for each hidden channel, and each second-layer weight times the entries of its operator."""
    labels = rule.shape.basis.labels
    assert labels is not None
    entries = int(np.count_nonzero(labels >= 0)) / len(rule.shape.basis)
    return round(channels * rule.shape.domain.representation.dimension + weights * entries)


def same_outputs(ticket: StructuredTicket, inputs: np.ndarray, exact: int) -> dict[str, object]:
    """How masked and compacted outputs compare: in integers on the first inputs, in float64 on all."""
    small = compacted(ticket)
    equal = 0
    for x in inputs[:exact]:
        dyadic = np.vectorize(Fraction, otypes=[object])(x)
        equal += bool((exact_masked(ticket, dyadic) == exact_compact(small, dyadic)).all())
    one, other = (run(steps, inputs).reshape(len(inputs), -1) for steps in (masked_steps(ticket), compact_steps(small)))
    return {
        "the same function of every input, decided in integers": same_function(ticket, small),
        "compared in integers": min(exact, len(inputs)),
        "equal in integers": equal,
        "compared in float64": len(inputs),
        "largest difference in float64": float(np.abs(one - other).max()),
        "differing predictions": int((one.argmax(axis=1) != other.argmax(axis=1)).sum()),
    }


def main() -> int:
    """Measure, print, write FOLDER/structured_inference-TARGET.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", default="filters")
    parser.add_argument("--epsilon", default="0.1")
    parser.add_argument("--key", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("out"))
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--exact", type=int, default=4)
    parser.add_argument("--record", type=Path, help="a record in which to renew the comparison of outputs alone")
    options = parser.parse_args()
    task = find_task(options.target, options.out / "targets")
    plans = plan(task.target, accuracy(options.epsilon))
    network = StructuredNetwork(
        task.target.architecture, Key(options.key), tuple(p.width for p in plans), tuple(p.constants for p in plans)
    )
    stored = options.out / "tickets" / f"{task.target.name}.safetensors"
    ticket = load_masks(stored, network) if stored.is_file() else prune(task.target, network, plans, cache=options.out / "cache" / "masks")
    if options.record:
        record = json.loads(options.record.read_text())
        record["outputs"] = same_outputs(ticket, task.inputs, options.exact)
        options.record.write_text(json.dumps(record, indent=1) + "\n")
        print(json.dumps(record["outputs"], indent=1))
        return 0
    inputs = np.ascontiguousarray(np.resize(task.inputs, (options.batch, *task.inputs.shape[1:])))
    masked, compact = masked_steps(ticket), compact_steps(compacted(ticket))
    unstructured, other_size = unstructured_steps(task.target, options.key)
    WEIGHTS[network] = dense_weights(network)
    plain: list[Step] = [
        (rule, None, layer.coefficients, layer.bias)
        for rule, layer in zip(task.target.architecture.layers, task.target.layers, strict=True)
    ]
    works = {
        "unpruned": lambda: run_unpruned(network, inputs),
        "masked": lambda: run(masked, inputs),
        "compacted": lambda: run(compact, inputs),
        "unstructured": lambda: run(unstructured, inputs),
        "target": lambda: run(plain, inputs),
    }
    times: dict[str, list[float]] = {name: [] for name in works}
    for repeat in range(options.runs + 1):
        for name, work in works.items():
            start = time.process_time()
            work()
            if repeat:
                times[name].append(time.process_time() - start)
    medians = {name: float(np.median(taken)) for name, taken in times.items()}
    record = {
        "command": f"python benchmarks/structured_inference.py --target {options.target} --epsilon {options.epsilon} --key {options.key}",
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {torch.get_num_threads()} threads",
        "measured": f"CPU seconds of {options.batch} inputs, median of {options.runs}",
        "outputs": same_outputs(ticket, task.inputs, options.exact),
        "seconds": medians,
        "compacted_relative_to": {name: medians["compacted"] / value for name, value in medians.items()},
        "sizes": {
            "unpruned": vars(network_size(network)),
            "compacted": vars(ticket_size(ticket)),
            "unstructured": other_size,
            "target": vars(target_size(task.target)),
        },
    }
    path = options.out / "bench" / f"structured_inference-{options.target}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(record, indent=1) + "\n")
    print(json.dumps(record, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
