"""Deterministic training of small blocked networks, and what the built-in targets share."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from numerics.layer import Space
from numerics.network import AffineLayer, digest
from numerics.store import write_bytes
from numerics.structured.network import BlockedArchitecture
from theory.group import PermutationGroup
from theory.kernel import PartialMap
from theory.representation import PermutationRepresentation

GRID = 2.0**20


def digits_split() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(training images `[N, 8, 8]` in [0, 1], test images, training labels, test labels): a third tests, stratified, seed 0."""
    images, labels = load_digits(return_X_y=True)
    split = train_test_split(images.reshape(-1, 8, 8) / 16.0, labels, test_size=1 / 3, random_state=0, stratify=labels)
    train_x, test_x, train_y, test_y = (np.asarray(part) for part in split)
    return train_x, test_x, train_y, test_y


def largest_norm(radius: Callable[[np.ndarray], Fraction]) -> Fraction:
    """The radius of all digits, training and test."""
    images, _ = load_digits(return_X_y=True)
    return radius(images / 16.0)


def plain(points: int, channels: int, sharing: tuple[PartialMap, ...] = ()) -> Space:
    """Copies of a space of points on which no symmetry acts."""
    group = PermutationGroup([], degree=1)
    return Space(PermutationRepresentation(group, (tuple(range(points)),) * len(group.generator_names)), channels, sharing)


def shifts(side: int, step: int) -> tuple[PartialMap, PartialMap]:
    """The shifts of a square image down and to the right by `step` pixels, where they stay inside it."""
    places = [(i, j) for i in range(side) for j in range(side)]

    def moved(down: int, right: int) -> PartialMap:
        return tuple((i + down) * side + j + right if i + down < side and j + right < side else -1 for i, j in places)

    return moved(step, 0), moved(0, step)


def rescaled(layers: Sequence[AffineLayer], exponents: Sequence[int]) -> tuple[AffineLayer, ...]:
    """The same function with the signal after layer i multiplied by 2^exponents[i]: ReLU is positively homogeneous, powers of two are exact.

    Errors of coefficients weigh less in layers that are followed by a smaller one, so that blocks of many coordinates need fewer channels.
    """
    scales = 2.0 ** np.array([0, *exponents, 0])
    pairs = zip(layers, scales, scales[1:], strict=False)
    return tuple(AffineLayer(layer.coefficients * (after / before), layer.bias * after) for layer, before, after in pairs)


def trained(
    path: Path,
    architecture: BlockedArchitecture,
    inputs: np.ndarray,
    labels: np.ndarray,
    *,
    seed: int,
    epochs: int,
    rate: float,
    decay: float,
    batch: int,
    smoothing: float,
) -> tuple[AffineLayer, ...]:
    """Cross-entropy with AdamW and a cosine schedule in float32 on one thread, the numbers rounded to multiples of 2⁻²⁰; kept in a file.

    `inputs` `[N, channels, dim]`. The file is read as long as architecture and recipe stay the same. Reproducible on one machine and torch
    build; elsewhere the last bits may differ, which is why a certificate carries its target's numbers.
    """
    recipe = {"seed": seed, "epochs": epochs, "rate": rate, "decay": decay, "batch": batch, "smoothing": smoothing, "grid": "2^-20"}
    mark = digest({"recipe": recipe, "architecture": architecture.description()})
    try:
        with safe_open(path, framework="numpy") as file:
            if file.metadata()["recipe"] == mark:
                return tuple(
                    AffineLayer(file.get_tensor(f"{i}.coefficients"), file.get_tensor(f"{i}.bias")) for i in range(architecture.depth)
                )
    except (FileNotFoundError, SafetensorError, KeyError, TypeError):
        pass
    layers = _train(architecture, inputs, labels, seed, epochs, rate, decay, batch, smoothing)
    tensors = {f"{i}.{name}": getattr(layer, name) for i, layer in enumerate(layers) for name in ("coefficients", "bias")}
    write_bytes(path, save(tensors, metadata={"recipe": mark}))
    return layers


def _train(
    architecture: BlockedArchitecture,
    inputs: np.ndarray,
    labels: np.ndarray,
    seed: int,
    epochs: int,
    rate: float,
    decay: float,
    batch: int,
    smoothing: float,
) -> tuple[AffineLayer, ...]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        generator = torch.Generator().manual_seed(seed)
        operators, masks, parameters = [], [], []
        for layer in architecture.layers:
            operators.append(torch.from_numpy(layer.shape.basis.dense()).float())
            masks.append(torch.from_numpy(layer.reached).float()[:, :, None])
            inputs_seen = layer.reached.sum() / len(layer.reached) * float(operators[-1].sum() / operators[-1].shape[1])
            scale = np.sqrt(2 / inputs_seen)
            parameters.append((torch.randn(layer.shape.coefficient_shape, generator=generator) * scale).requires_grad_())
            parameters.append(torch.zeros(layer.shape.bias_shape).requires_grad_())
        x, y = torch.from_numpy(inputs.astype(np.float32)), torch.from_numpy(labels.astype(np.int64))
        optimiser = torch.optim.AdamW(parameters, lr=rate, weight_decay=decay)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, epochs)
        for _ in range(epochs):
            for chosen in torch.randperm(len(x), generator=generator).split(batch):
                optimiser.zero_grad()
                value = x[chosen]
                for i, layer in enumerate(architecture.layers):
                    value = value.reshape(len(value), layer.shape.domain.channels, -1)
                    matrix = torch.einsum("qpk,kwv->qwpv", parameters[2 * i] * masks[i], operators[i]).flatten(2).flatten(0, 1)
                    assert layer.shape.invariants.labels is not None
                    offset = parameters[2 * i + 1][:, torch.from_numpy(layer.shape.invariants.labels[:, 0])].flatten()
                    value = value.flatten(1) @ matrix.T + offset
                    value = torch.relu(value) if i + 1 < architecture.depth else value
                torch.nn.functional.cross_entropy(value, y[chosen], label_smoothing=smoothing).backward()
                optimiser.step()
            schedule.step()
    finally:
        torch.set_num_threads(threads)
    arrays = [np.rint(raw.detach().numpy().astype(np.float64) * GRID) / GRID for raw in parameters]
    masked = [array * mask.numpy() for array, mask in zip(arrays[::2], masks, strict=True)]
    return tuple(AffineLayer(coefficients, bias) for coefficients, bias in zip(masked, arrays[1::2], strict=True))
