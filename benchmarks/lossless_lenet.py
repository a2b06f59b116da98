"""A ticket without error for LeNet5 rounded to 8 bits: every layer, and the whole network bit for bit in integers.

    python benchmarks/lossless_lenet.py --published DIR --record FILE.json [--width N] [--layers NAME ...] [--cache FOLDER] [--recheck S]

The five layers of the published LeNet5 (dacunha2022) are rounded by the repository's rule (`numerics.quantise.rounded`) and each gets a ticket
among weights k/16, k = ±1, ..., ±16, by the strategy "positive" (pixels and what follows a ReLU have no negative entry). A layer is certified
alone, with circular shifts for its zero padding: a certified error of 0 says that every coefficient and bias is hit exactly, and then the
padding does not matter. The record is written after every layer, and a layer in it is not built again; its masks come from --cache. At the
end target and ticket run in 64-bit integers on scikit-learn's digits, enlarged and rounded to multiples of 1/16.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from datetime import UTC, datetime
from fractions import Fraction
from math import log2
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.datasets import load_digits

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.lossless_integers import Signal, biased, convolved, enlarged, flattened, pooled, positive
from benchmarks.near_limit_layers import convolution, dense
from checks.recheck import Refused, recheck
from numerics.certify import certify, ticket_sums
from numerics.network import AffineLayer, Target, random_network
from numerics.prune import prune
from numerics.quantise import rounded
from numerics.random_weights import Key
from numerics.store import write_bytes
from numerics.ticket import Ticket
from theory.grid_products import lossless_width

GRID_BITS, INPUT_BITS, SAMPLES, KEY = 4, 4, 18, 0
NAMES = ("conv1", "conv2", "fc1", "fc2", "fc3")
SIDES = {"conv1": 28, "conv2": 14}


def published_layers(folder: Path) -> list[AffineLayer]:
    """The weights `[m, n, 25 or 1]` and biases `[m, 1]`, kernels row by row."""
    with np.load(folder / "cnnslth_lenet5_MNIST_target.npz", allow_pickle=False) as stored:
        numbers = {name: np.asarray(stored[name], dtype=np.float64) for name in stored.files}
    return [
        AffineLayer(numbers[f"{name}.weight"].reshape(*numbers[f"{name}.weight"].shape[:2], -1), numbers[f"{name}.bias"][:, None])
        for name in NAMES
    ]


def target_of(name: str, layer: AffineLayer) -> Target:
    """A layer alone."""
    m, n, _ = layer.coefficients.shape
    if name in SIDES:
        return convolution(f"lenet5_int8.{name}", layer.coefficients.reshape(m, n, 5, 5), layer.bias[:, 0], SIDES[name], Fraction(1)).target
    return dense(f"lenet5_int8.{name}", layer.coefficients[:, :, 0], layer.bias[:, 0], Fraction(1)).target


def run(layers: list[AffineLayer], images: Signal, tickets: dict[str, Ticket] | None = None) -> tuple[Signal, dict[str, float]]:
    """The network on images, exactly, and log₂ of the largest sum of absolute values in each layer, in its units.

    Layers that have a ticket run as the two masked random layers that it is.
    """
    signal, largest = images, {}
    for name, layer in zip(NAMES, layers, strict=True):
        if name == "fc1":
            signal = flattened(signal)
        ticket = (tickets or {}).get(name)
        if ticket is None:
            weights, bits = np.rint(np.ldexp(layer.coefficients, 2 * GRID_BITS)).astype(np.int64), 2 * GRID_BITS
            offset = np.rint(np.ldexp(layer.bias[:, 0], 2 * GRID_BITS)).astype(np.int64)
        else:
            first, reads = ticket.first(0), ticket.reads(0)
            signal = positive(Signal(signal.values[:, reads] * first[:, None, None], signal.bits + GRID_BITS))
            weights, bits = kernels(name, ticket), GRID_BITS
            offset = ticket_sums(ticket, 0)[2][:, 0]
        signal = biased(convolved(signal, weights, bits), offset, 2 * GRID_BITS)
        largest[name] = round(log2(signal.largest), 1)
        signal = pooled(positive(signal)) if name in SIDES else positive(signal) if name != "fc3" else signal
    return signal, largest


def kernels(name: str, ticket: Ticket) -> np.ndarray:
    """The masked second-layer weights `[m, n·N, taps]`, taps row by row."""
    weights = ticket.second(0).transpose(1, 0, 2)
    return weights[:, :, tap_order(name)] if name in SIDES else weights


def tap_order(name: str) -> np.ndarray:
    """For each tap of a kernel, row by row, which coefficient of the layer alone it is: found by a kernel that numbers them."""
    numbered = np.arange(1.0, 26.0).reshape(1, 1, 5, 5) / 32
    found = convolution("numbered", numbered, np.zeros(1), SIDES[name], Fraction(1)).target.layers[0].coefficients[0, 0] * 32
    return np.argsort(found)


def built(target: Target, width: int, cache: Path | None, seconds: float) -> tuple[Ticket, dict[str, Any]]:
    """One layer's ticket, and its line of the record."""
    started = time.perf_counter()
    network = random_network(target.architecture, Key(KEY), width, grid_bits=GRID_BITS)
    ticket = prune(
        target,
        network,
        samples=SAMPLES,
        objective="smallest",
        strategy="positive",
        workers=os.cpu_count() or 1,
        cache=cache,
        progress=shown,
    )
    pruned = time.perf_counter() - started
    certificate = certify(target, ticket, 1)
    missed = sum(text != "0/1" for kind in ("plus", "bias") for text in certificate.data["layers"][0][f"residuals_{kind}"])
    line = {
        "layer": target.name,
        "coefficients": target.layers[0].coefficients.size,
        "biases": target.layers[0].bias.size,
        "width": width,
        "certified_error": str(certificate.error_bound),
        "missed": missed,
        "kept": ticket.kept_parameters,
        "seconds_to_prune": round(pruned, 1),
        "seconds_to_certify": round(time.perf_counter() - started - pruned, 1),
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "certificate.json"
        certificate.save(path)
        line["certificate_bytes"] = path.stat().st_size
        if target.layers[0].coefficients.size * width <= seconds * 1e5:
            started = time.perf_counter()
            try:
                line["recheck"] = "accepted" if recheck(path)["error_bound"] == certificate.error_bound else "another bound"
            except Refused as refusal:
                line["recheck"] = f"refused: {refusal}"
            line["seconds_to_recheck"] = round(time.perf_counter() - started, 1)
    return ticket, line


def shown(done: int, total: int) -> None:
    """Progress on the terminal."""
    print(f"\r{done:,} of {total:,} sums ", end="", file=sys.stderr, flush=True)


def main() -> int:
    """Build, certify, compare; 1 if a layer is not lossless or an output differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--published", type=Path, required=True)
    parser.add_argument("--width", type=int, default=108)
    parser.add_argument("--layers", nargs="*", default=list(NAMES), choices=NAMES)
    parser.add_argument("--images", type=int, default=20, help="how many the ticket itself runs on")
    parser.add_argument("--recheck", type=float, default=60, help="re-check a layer if that takes about so many seconds or fewer")
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--record", type=Path, required=True)
    options = parser.parse_args()
    original = published_layers(options.published)
    layers, exponent = rounded(original, GRID_BITS, "lenet5")
    images, labels = enlarged(INPUT_BITS), load_digits(return_X_y=True)[1]
    outputs = run(list(layers), Signal(images, INPUT_BITS))[0].values.reshape(len(images), -1)
    before = plain(original, images / 2.0**INPUT_BITS)
    record: dict[str, Any] = {
        "command": f"python benchmarks/lossless_lenet.py --published DIR --width {options.width} --layers {' '.join(options.layers)}",
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "width_proved_for_1_percent": lossless_width(
            GRID_BITS, sum(layer.coefficients.size for layer in layers), sum(layer.bias.size for layer in layers), "1/100"
        ),
        "outputs_scaled_by_2_to": exponent,
        "images": f"{len(images)} of scikit-learn's digits, enlarged to 20×20 pixels in the middle of 28×28, multiples of 2^-{INPUT_BITS}",
        "accuracy_before_rounding": round(float((before.argmax(axis=1) == labels).mean()), 4),
        "accuracy_of_8_bits": round(float((outputs.argmax(axis=1) == labels).mean()), 4),
        "predictions_changed_by_rounding": int((before.argmax(axis=1) != outputs.argmax(axis=1)).sum()),
        "layers": json.loads(options.record.read_text())["layers"] if options.record.is_file() else [],
    }
    tickets = {}
    for name, layer in zip(NAMES, layers, strict=True):
        if name in options.layers:
            target = target_of(name, layer)
            tickets[name], line = built(target, options.width, options.cache, options.recheck)
            record["layers"] = [other for other in record["layers"] if other["layer"] != target.name] + [line]
            write_bytes(options.record, (json.dumps(record, indent=1) + "\n").encode())
            print(json.dumps(line), flush=True)
    some = Signal(images[: options.images], INPUT_BITS)
    (found, largest), (wanted, _) = run(list(layers), some, tickets), run(list(layers), some)
    record["log2_of_largest_sums"] = largest
    record["ticket_runs_on"] = f"{options.images} images, layers {', '.join(tickets)} as tickets"
    record["outputs_equal_in_integers"] = bool((found.values == wanted.values << (found.bits - wanted.bits)).all())
    write_bytes(options.record, (json.dumps(record, indent=1) + "\n").encode())
    print(json.dumps({name: value for name, value in record.items() if name != "layers"}, indent=1))
    return int(not record["outputs_equal_in_integers"] or any(line["missed"] for line in record["layers"]))


def plain(layers: list[AffineLayer], images: np.ndarray) -> np.ndarray:
    """The network before it was rounded, in float64, on every image."""
    import torch
    from torch.nn import functional

    signal = torch.from_numpy(images)
    for name, layer in zip(NAMES, layers, strict=True):
        side = 5 if name in SIDES else 1
        weights = torch.from_numpy(layer.coefficients).reshape(*layer.coefficients.shape[:2], side, side)
        signal = functional.conv2d(signal.flatten(1)[:, :, None, None] if name == "fc1" else signal, weights, padding=side // 2)
        signal = signal + torch.from_numpy(layer.bias)[:, :, None]
        if name != "fc3":
            signal = functional.relu(signal)
        if name in SIDES:
            signal = functional.max_pool2d(signal, 2)
    return signal.flatten(1).numpy()


if __name__ == "__main__":
    sys.exit(main())
