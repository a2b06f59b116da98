"""A D_4-steerable CNN, regular fields on zero-padded 8×8 images, that classifies digits alike under quarter turns and reflections."""

from pathlib import Path

from numerics.targets import Task
from numerics.targets._planar import planar_task

RECIPE = {"seed": 0, "epochs": 15, "rate": 0.05, "decay": 0.1, "batch": 64}


def build(cache: Path) -> Task:
    """Three regular fields in two layers, trained in two minutes (or read from `cache`) on upright digits alone."""
    return planar_task(cache, "reflected_digits", flips=True, channels=3, recipe=RECIPE)
