"""A C_4-steerable CNN, regular fields on digits enlarged to zero-padded 12×12 images, that classifies alike under every quarter turn."""

from pathlib import Path

from numerics.targets import Task
from numerics.targets._planar import planar_task

RECIPE = {"seed": 0, "epochs": 15, "rate": 0.05, "decay": 0.1, "batch": 64}


def build(cache: Path) -> Task:
    """Four regular fields in two layers of 5 × 5 filters, trained in minutes (or read from `cache`) on upright digits alone."""
    return planar_task(cache, "enlarged_digits", flips=False, channels=4, recipe=RECIPE, side=12, kernel=5)
