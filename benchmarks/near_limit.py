"""How few random weights a layer needs for an error of 1/1000, by strategy, against the counting bound (companion.A6).

    python benchmarks/near_limit.py [--keys K] [--layers NAME ...] [--published DIR] [--out DIR]

Each layer of the digits classifier, and with `--published` each layer of LeNet5 (dacunha2022), stands alone: its inputs have no negative
entry (pixels, or what follows a ReLU), its circular convolutions act on the grid that they see. A key holds if the certified error of the
layer, relative to the layer, is at most 1/1000 on a ball of inputs: (‖E‖R + ‖e‖)/(‖A‖R + ‖b‖). For each strategy a ladder of widths is
climbed, a step each time more than 1 % of the keys 0, 1, ... fail; all failures are recorded, at every step.
"""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from math import log2
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
from numerics.certify import certify
from numerics.economy import economy
from numerics.layer import Space, trivial
from numerics.network import AffineLayer, Architecture, Target, random_network
from numerics.prune import prune
from numerics.random_weights import Key
from numerics.store import write_bytes
from numerics.strategies import STRATEGIES
from numerics.targets import built_in
from theory.group import PermutationGroup
from theory.representation import PermutationRepresentation

EPSILON = 1e-3
FAILING = 0.01
CONSTANTS = 64
LADDERS = {"proof": range(28, 97, 4), "positive": range(28, 97, 4), "assigned": range(14, 49, 2), "exchanged": range(10, 27)}
KERNEL = 5


@dataclass(frozen=True)
class Layer:
    """A layer alone, with the norm ‖A‖R + ‖b‖ that its error is relative to."""

    name: str
    target: Target
    size: float


def alone(name: str, architecture: Architecture, coefficients: np.ndarray, bias: np.ndarray, radius: Fraction) -> Layer:
    """One affine layer as a target."""
    shape = architecture.layers[0]
    layer = AffineLayer(np.ascontiguousarray(coefficients, dtype=np.float64), np.ascontiguousarray(bias, dtype=np.float64))
    target = Target(name, architecture, (layer,), radius, nonnegative=True)
    ticket = prune(target, random_network(architecture, Key(0), 1, 1), samples=1)
    found = certify(target, ticket, 1).data["layers"][0]
    assert shape.coefficient_shape == layer.coefficients.shape
    return Layer(name, target, float(Fraction(found["norm"]) * radius + Fraction(found["bias_norm"])))


def dense(name: str, weight: np.ndarray, bias: np.ndarray, radius: Fraction) -> Layer:
    """A dense layer, `weight` `[m, n]`."""
    point = trivial(PermutationGroup([], degree=1))
    architecture = Architecture((Space(point, weight.shape[1]), Space(point, weight.shape[0])))
    return alone(name, architecture, weight[:, :, None], bias[:, None], radius)


def convolution(name: str, weight: np.ndarray, bias: np.ndarray, side: int, radius: Fraction) -> Layer:
    """A circular convolution on side × side pixels, `weight` `[m, n, 5, 5]`, on the shifts of the torus."""
    index = np.arange(side * side).reshape(side, side)
    torus = PermutationGroup([np.roll(index, -1, axis).ravel().tolist() for axis in (0, 1)])
    pixels = torus.natural()
    assert isinstance(pixels, PermutationRepresentation)
    m, n = weight.shape[:2]
    every = Architecture((Space(pixels, n), Space(pixels, m))).layers[0].basis.labels
    assert every is not None
    reach = np.arange(KERNEL) - KERNEL // 2
    places = [int(every[0, (y % side) * side + x % side]) for y in reach for x in reach]
    kept = tuple(sorted(places))
    order = [places.index(label) for label in kept]
    architecture = Architecture((Space(pixels, n), Space(pixels, m)), ((kept, None),))
    return alone(name, architecture, weight.reshape(m, n, KERNEL**2)[:, :, order], bias[:, None], radius)


def layers(published: Path | None, cache: Path) -> Iterator[Layer]:
    """The layers to measure."""
    task = built_in()["digits"](cache)
    for i, layer in enumerate(task.target.layers):
        yield dense(f"digits.{i}", layer.coefficients[:, :, 0], layer.bias[:, 0], task.target.radius)
    if published is not None:
        stored = np.load(published / "cnnslth_lenet5_MNIST_target.npz")
        numbers = {name: np.asarray(stored[name], dtype=np.float64) for name in stored.files}
        radius = Fraction(10)
        for i, side in ((1, 28), (2, 14)):
            yield convolution(f"lenet5.conv{i}", numbers[f"conv{i}.weight"], numbers[f"conv{i}.bias"], side, radius)
        for i in (3, 2, 1):
            yield dense(f"lenet5.fc{i}", numbers[f"fc{i}.weight"], numbers[f"fc{i}.bias"], radius)


def measured(layer: Layer, strategy: str, width: int, keys: int, workers: int) -> dict[str, object]:
    """One step of the ladder; it is left as soon as too many keys fail."""
    radius = float(layer.target.radius)
    held, errors, failing, started, tried = 0, [], [], time.perf_counter(), 0
    tolerance = 0.95 * EPSILON * layer.size / radius
    effective, choices = 0, 0.0
    for key in range(keys):
        network = random_network(layer.target.architecture, Key(key), width, CONSTANTS)
        ticket = prune(layer.target, network, samples=26, strategy=strategy, tolerances=[tolerance], workers=workers)
        found = economy(certify(layer.target, ticket, 10**6), network).layers[0]
        effective, choices, tried = found.effective, max(choices, found.choices), tried + 1
        errors.append(found.relative_error)
        if found.relative_error <= EPSILON:
            held += 1
        else:
            failing.append(key)
        if len(failing) > FAILING * keys:
            break
    coefficients = sum(part.size for part in (layer.target.layers[0].coefficients, layer.target.layers[0].bias))
    bound = coefficients * log2(1 / (2 * EPSILON)) - 1
    return {
        "layer": layer.name,
        "strategy": strategy,
        "width": width,
        "constants": CONSTANTS,
        "coefficients": coefficients,
        "effective": effective,
        "ratio": effective / bound,
        "ratio_with_choices": (effective + choices) / bound,
        "keys_tried": tried,
        "keys_held": held,
        "keys_failing": failing,
        "median_error": float(np.median(errors)),
        "largest_error": float(max(errors)),
        "seconds_per_key": (time.perf_counter() - started) / tried,
    }


def main() -> None:
    """Climb the ladders, writing the record after every step."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keys", type=int, default=200)
    parser.add_argument("--layers", nargs="*", help="names; all of them if none is given")
    parser.add_argument("--strategies", nargs="*", default=list(STRATEGIES), choices=STRATEGIES)
    parser.add_argument("--from-width", type=int, default=0, help="skip narrower steps (they are then not in the record)")
    parser.add_argument("--published", type=Path)
    parser.add_argument("--out", type=Path, default=Path("out/bench"))
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    path = options.out / f"near_limit-{datetime.now(UTC).date()}-{platform.machine()}-{os.cpu_count()}-cores.json"
    rows = json.loads(path.read_text())["rows"] if path.is_file() else []
    chosen = [layer for layer in layers(options.published, options.out / "targets") if not options.layers or layer.name in options.layers]
    for layer in chosen:
        for strategy in options.strategies:
            for width in LADDERS[strategy]:
                if width < options.from_width:
                    continue
                row = measured(layer, strategy, width, options.keys, options.workers)
                rows = [r for r in rows if (r["layer"], r["strategy"], r["width"]) != (layer.name, strategy, width)] + [row]
                document = {"date": str(datetime.now(UTC).date()), "epsilon": EPSILON, "keys": options.keys, "rows": rows}
                write_bytes(path, json.dumps(document, indent=1).encode())
                print(json.dumps({name: value for name, value in row.items() if name != "keys_failing"}), flush=True)
                if row["keys_held"] >= (1 - FAILING) * options.keys:
                    break
    print(f"wrote {path}")


if __name__ == "__main__":
    main()
