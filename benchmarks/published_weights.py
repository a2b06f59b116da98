"""The published subset sums of dacunha2022 for the 2,572 convolution weights of LeNet5, and exact optima of as many samples.

    python -m benchmarks.published_weights --published DIR [--keys 5] [--record FILE.json]

DIR holds cnnslth_lenet5_{MNIST,FashionMNIST}_target.npz and _gurobi_rss.npz (AInnervate/cnnslth, MIT). For each n the published
approximations, made with Gurobi, are read; ours are the optima among samples uniform on [-1, 1] on the grid of 2^-46, drawn for each key,
their masks added up again in Python integers. The output error is the largest change of a logit when the convolutions are exchanged,
on scikit-learn's digits enlarged to 28 × 28, in float64. Nothing is drawn twice.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.random import Generator, Philox

from numerics.feedforward.targets._published import LeNet5, enlarged_digits
from numerics.subset_sum import solve_subset_sums

BITS = 46
SAMPLES = (5, 10, 15, 20, 25, 30)
PARTS = ("conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias")
IMAGES = 500
SHOWN = 200
"""How many of the sums are added up again in Python integers; the others in 64-bit integers."""


def main() -> int:
    """Read, solve, compare, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--published", type=Path, required=True)
    parser.add_argument("--keys", type=int, default=5)
    parser.add_argument("--record", type=Path)
    options = parser.parse_args()
    rows = []
    for data in ("MNIST", "FashionMNIST"):
        target, sums = (
            dict(np.load(options.published / f"cnnslth_lenet5_{data}_{kind}.npz", allow_pickle=False)) for kind in ("target", "gurobi_rss")
        )
        wanted = np.concatenate([target[part].astype(float).ravel() for part in PARTS])
        for n in SAMPLES:
            published = np.concatenate([sums[f"n{n}/{part}"].astype(float).ravel() for part in PARTS])
            rows.append(row(data, n, "published", target, wanted, published))
            for key in range(options.keys):
                rows.append(row(data, n, f"key {key}", target, wanted, optima(wanted, n, key)))
            print(json.dumps(rows[-1]), flush=True)
    if options.record:
        record = {"command": "python -m benchmarks.published_weights --published DIR", "images": IMAGES, "rows": rows}
        options.record.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return 0


def optima(wanted: np.ndarray, n: int, key: int) -> np.ndarray:
    """The nearest subset sum to each number, each of its own n samples, checked."""
    samples = Generator(Philox(key=[key, n])).integers(-(2**BITS), 2**BITS, (len(wanted), n), endpoint=True)
    targets = np.rint(wanted * 2.0**BITS).astype(np.int64)
    masks, residuals = solve_subset_sums(samples, targets)
    assert (np.where(masks, samples, 0).sum(1) - targets == residuals).all()
    for numbers, mask, w, residual in zip(samples[:SHOWN].tolist(), masks.tolist(), targets.tolist(), residuals.tolist(), strict=False):
        assert sum(v for v, kept in zip(numbers, mask, strict=True) if kept) - w == residual
    return (targets + residuals) / 2.0**BITS


def row(data: str, n: int, who: str, target: dict[str, np.ndarray], wanted: np.ndarray, found: np.ndarray) -> dict[str, Any]:
    """The errors of the numbers and of the network's outputs, and how many numbers are hit to the last bit of a float32."""
    errors = np.abs(found - wanted)
    return {
        "data": data,
        "samples": n,
        "who": who,
        "weight_error": float(errors.max()),
        "median_weight_error": float(np.median(errors)),
        "exact_in_float32": int((found.astype(np.float32) == wanted.astype(np.float32)).sum()),
        "output_error": output_error(target, found),
    }


def output_error(target: dict[str, np.ndarray], found: np.ndarray) -> float:
    """The largest change of a logit."""
    changed, start = dict(target), 0
    for part in PARTS:
        changed[part] = found[start : start + target[part].size].reshape(target[part].shape)
        start += target[part].size
    images = torch.from_numpy(enlarged_digits(28, IMAGES)).double()
    outputs = []
    for tensors in (target, changed):
        module = LeNet5().double()
        module.load_state_dict({name: torch.from_numpy(np.asarray(tensors[name], dtype=float)) for name in module.state_dict()})
        with torch.no_grad():
            outputs.append(module(images))
    return float((outputs[1] - outputs[0]).abs().max())


if __name__ == "__main__":
    sys.exit(main())
