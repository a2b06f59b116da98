"""Targets rounded to a grid, for tickets that compute the very same function."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from numerics.errors import BadTarget
from numerics.execute import run_target
from numerics.network import AffineLayer, Target
from numerics.targets import Task
from theory.grid_products import reach

FINEST_SCALE = 64


@dataclass(frozen=True, eq=False)
class Quantised:
    """A target whose coefficients and biases are integers t·4^-b, |t| < 4^b/2, and the power of two by which it scales the original.

    With b = 4 these are integers of 8 bits. Its outputs are about 2^`exponent` times those of the network it was rounded from.
    """

    target: Target
    grid_bits: int
    exponent: int


def quantised(target: Target, grid_bits: int = 4) -> Quantised:
    """Round each layer to the finest power of two for which its coefficients and biases stay below R = 4^b/2 in units of 4^-b.

    ReLU is positively homogeneous, so layers may be scaled by powers of two; biases take the scale of their layer's input. Raises
    `BadTarget` for a layer of zeros, `OutOfRange` for a grid that `companion.lossless` does not speak of.
    """
    layers, exponent = rounded(target.layers, grid_bits, target.name)
    name = f"{target.name[:55]}_int{2 * grid_bits}"
    return Quantised(Target(name, target.architecture, layers, target.radius, target.nonnegative), grid_bits, exponent)


def rounded(layers: Sequence[AffineLayer], grid_bits: int, name: str) -> tuple[tuple[AffineLayer, ...], int]:
    """The layers rounded by that rule, and the exponent of the power of two by which the outputs are scaled.

    What stands between them must be positively homogeneous, as ReLU and pooling are. Raises as `quantised` does.
    """
    largest, bits = reach(grid_bits) - 1, 2 * grid_bits
    found, exponent = [], 0
    for i, layer in enumerate(layers):
        if not (np.any(layer.coefficients) or np.any(layer.bias)):
            raise BadTarget(f"target {name}, layer {i}: all numbers are zero; nothing says how finely to round them.")
        scale = FINEST_SCALE
        while _largest(layer.coefficients, scale) > largest or _largest(layer.bias, scale + exponent) > largest:
            scale -= 1
        coefficients = np.rint(np.ldexp(layer.coefficients, scale))
        bias = np.rint(np.ldexp(layer.bias, scale + exponent))
        found.append(AffineLayer(np.ldexp(coefficients, -bits) + 0.0, np.ldexp(bias, -bits) + 0.0))
        exponent += scale - bits
    return tuple(found), exponent


def quantised_task(task: Task, grid_bits: int = 4) -> Task:
    """The task with its target rounded to the grid; the accuracy before becomes the baseline. Raises `BadTarget`, `OutOfRange`."""
    rounded = quantised(task.target, grid_bits)
    judged = np.arange(len(task.labels)) if task.judged is None else task.judged
    outputs = run_target(task.target, task.inputs)
    before = float((outputs.reshape(len(outputs), -1)[judged].argmax(axis=1) == task.labels[judged]).mean())
    description = f"{task.description}, rounded to {2 * grid_bits} bits, outputs times 2^{rounded.exponent}"
    return replace(task, target=rounded.target, description=description, baseline=("the network before it was rounded", before))


def _largest(values: np.ndarray, scale: int) -> float:
    return float(np.abs(np.rint(np.ldexp(values, scale))).max(initial=0))
