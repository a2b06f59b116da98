"""Deterministic training of PyTorch classifiers on scikit-learn's digits."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn

from numerics.feedforward.task import FeedforwardTask, classifier
from numerics.network import digest
from numerics.store import write_bytes

RECIPE = {"seed": 0, "epochs": 30, "rate": 0.01, "decay": 0.01, "batch": 64}


def digits_classifier(name: str, make: Callable[[], nn.Module], description: str, cache: Path) -> FeedforwardTask:
    """A classifier of 1×8×8 images with entries in [0, 1], trained in a minute or read from `cache`; a third of the images is the test set."""
    images, labels = load_digits(return_X_y=True)
    inputs = (images.reshape(-1, 1, 8, 8) / 16.0).astype(np.float32)
    train_x, test_x, train_y, test_y = train_test_split(inputs, labels, test_size=1 / 3, random_state=0, stratify=labels)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(RECIPE["seed"])
        module = make()
        mark = digest({"recipe": RECIPE, "module": str(module)})
        stored = _stored(cache / f"{name}.safetensors", mark)
        if stored is None:
            train(module, torch.from_numpy(train_x), torch.from_numpy(np.asarray(train_y, dtype=np.int64)))
            write_bytes(cache / f"{name}.safetensors", save(module.state_dict(), metadata={"recipe": mark}))
        else:
            module.load_state_dict(stored)
    return classifier(
        name, module, np.ascontiguousarray(test_x), np.asarray(test_y), low=Fraction(0), high=Fraction(1), description=description
    )


def train(module: nn.Module, x: torch.Tensor, y: torch.Tensor) -> None:
    """Cross-entropy with AdamW and a cosine schedule, in float32 on one thread, reproducible on one machine and torch build."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        optimiser = torch.optim.AdamW(module.parameters(), lr=RECIPE["rate"], weight_decay=RECIPE["decay"])
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, int(RECIPE["epochs"]))
        module.train()
        for _ in range(int(RECIPE["epochs"])):
            for chosen in torch.randperm(len(x)).split(int(RECIPE["batch"])):
                optimiser.zero_grad()
                nn.functional.cross_entropy(module(x[chosen]), y[chosen]).backward()
                optimiser.step()
            schedule.step()
        module.eval()
    finally:
        torch.set_num_threads(threads)


def _stored(path: Path, mark: str) -> dict[str, torch.Tensor] | None:
    try:
        with safe_open(path, framework="pt") as file:
            if file.metadata()["recipe"] == mark:
                return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (FileNotFoundError, SafetensorError, KeyError, TypeError):
        pass
    return None
