"""What it takes to build a feedforward ticket: a target, test inputs, labels; and how modules become such tasks."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from numerics.errors import BadTarget
from numerics.feedforward.execute import run_target
from numerics.feedforward.from_torch import target_from_torch
from numerics.feedforward.graph import FeedforwardTarget
from theory.activation import Activation
from theory.errors import BadFile


@dataclass(frozen=True, eq=False)
class FeedforwardTask:
    """A target with the data that it is judged on: `inputs` `[N, C, H, W]` float32, `labels` `[N]` or None where there are none.

    `folding` is the largest difference of the target's outputs to those of the module that it was folded from, on the inputs. `published`
    says what others report for this target.
    """

    target: FeedforwardTarget
    inputs: np.ndarray
    labels: np.ndarray | None
    description: str
    folding: float = 0.0
    published: str = ""


def classifier(
    name: str,
    module: torch.nn.Module,
    inputs: np.ndarray,
    labels: np.ndarray | None,
    *,
    low: Fraction,
    high: Fraction,
    description: str = "",
    weights: Path | None = None,
    published: str = "",
    activations: Mapping[type[torch.nn.Module], Activation] | None = None,
) -> FeedforwardTask:
    """The task of a PyTorch classifier in evaluation mode, with its `state_dict` read from `weights` (.safetensors, or .pt) where given.

    `inputs` `[N, C, H, W]` have entries in [low, high]. `activations` declares activations of one's own, by the type of
    the module that computes each. Raises `BadTarget`, `BadFile`, and a `Refuted` for a declaration that is false.
    """
    require_inputs(name, inputs, labels, (low, high))
    if not isinstance(module, torch.nn.Module):
        raise BadTarget(f"{name}: the module is {type(module).__name__}; a torch.nn.Module was expected.")
    if weights is not None:
        load_weights(module, weights)
    other = next((key for key, part in module.state_dict().items() if part.is_floating_point() and part.dtype != torch.float32), None)
    if other is not None:
        raise BadTarget(f"{name}: {other} is {module.state_dict()[other].dtype}; float32 was expected, call .float() on the module.")
    shape = (int(inputs.shape[1]), int(inputs.shape[2]), int(inputs.shape[3]))
    target = target_from_torch(name, module, shape, low, high, activations)
    with torch.no_grad():
        outputs = module(torch.from_numpy(inputs)).flatten(1).numpy()
    folding = float(np.abs(outputs - run_target(target, inputs)).max())
    return FeedforwardTask(
        target, inputs, labels, description or f"{type(module).__name__}, {target.parameters:,} numbers", folding, published
    )


def require_inputs(name: str, inputs: np.ndarray, labels: np.ndarray | None, box: tuple[Fraction, Fraction]) -> None:
    """Raise `BadTarget` unless there are float32 inputs `[N, C, H, W]`, each entry in the box, and N labels or None."""
    if not isinstance(inputs, np.ndarray) or inputs.ndim != 4 or not inputs.size or inputs.dtype != np.float32:
        found = f"{inputs.dtype} {list(inputs.shape)}" if hasattr(inputs, "shape") and hasattr(inputs, "dtype") else type(inputs).__name__
        raise BadTarget(
            f"{name}: inputs: {type(inputs).__name__} {found}; a NumPy array, float32 [N, channels, height, width], was expected."
        )
    if labels is not None and len(labels) != len(inputs):
        raise BadTarget(f"{name}: {len(labels)} labels for {len(inputs)} inputs; one for each, or None, was expected.")
    if any(not isinstance(end, Fraction | int) for end in box):
        raise BadTarget(
            f"{name}: inputs between {box[0]!r} and {box[1]!r}; exact ends were expected, Fraction(0) and Fraction(1) for example."
        )
    outside = np.argwhere(~((inputs >= float(box[0])) & (inputs <= float(box[1]))))
    if len(outside):
        place = tuple(map(int, outside[0]))
        raise BadTarget(
            f"{name}: input {place[0]} has the entry {inputs[place]} at channel, row, column {place[1:]}; numbers between {box[0]} and {box[1]} "
            "were expected. Rescale the inputs, or widen low and high."
        )


def load_weights(module: torch.nn.Module, path: Path) -> None:
    """Load a `state_dict`; raises `BadFile` if the file is missing, damaged, or does not fit the module."""
    if not path.is_file():
        raise BadFile(f"{path} is no file; a state_dict as .safetensors or .pt was expected.")
    try:
        state = load_file(path) if path.suffix == ".safetensors" else torch.load(path, weights_only=True, map_location="cpu")
        module.load_state_dict(state)
    except (SafetensorError, RuntimeError, OSError, TypeError, ValueError, AttributeError, KeyError, EOFError) as error:
        raise BadFile(
            f"{path} does not fit {type(module).__name__}: {type(error).__name__}: {error}. Save the state_dict of this very module."
        ) from error
    except Exception as error:  # unpickling fails in ways of its own
        raise BadFile(f"{path} cannot be read as a state_dict: {type(error).__name__}: {error}") from error
