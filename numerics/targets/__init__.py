"""Real target networks, one file each: trained here from data that ships inside a dependency, or brought by the user."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import numpy as np

from numerics.errors import BadTarget
from numerics.graphs import GraphBatch
from numerics.network import Target
from theory.errors import BadFile, CompanionError, UnknownName
from theory.user_file import run_file


@dataclass(frozen=True, eq=False)
class Task:
    """A trained target with the data that it is judged on.

    `inputs` `[N, channels, dim]` float64, or a batch of graphs, and `labels` `[N]` are the test set (only the numbers `judged` of it where
    they are given: the vertices of a graph that were not trained on); an output's largest logit (after flattening) is its prediction.
    `baseline` says what the target's accuracy is to be compared with, and that accuracy. Raises `BadTarget` for inputs with negative
    entries where the target states that they have none.
    """

    target: Target
    inputs: np.ndarray | GraphBatch
    labels: np.ndarray
    description: str
    baseline: tuple[str, float] | None = None
    judged: np.ndarray | None = None

    def __post_init__(self) -> None:
        values = self.inputs.features if isinstance(self.inputs, GraphBatch) else self.inputs
        if self.target.nonnegative and values.min(initial=0) < 0:
            raise BadTarget(
                f"target {self.target.name} states inputs without negative entries, and a test input has the entry {values.min()}; leave "
                "nonnegative=True out of Target(...)."
            )


def built_in() -> dict[str, Callable[[Path], Task]]:
    """The built-in targets by name: each module of this package that defines `build(cache)`."""
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__) if not module.name.startswith("_")]
    return {module.__name__.rpartition(".")[2]: module.build for module in modules if hasattr(module, "build")}


def find_task(name: str, cache: Path) -> Task:
    """A built-in target by name, or one of the user's as `module.py:build`, a function of the cache folder that returns a `Task`.

    Raises `UnknownName`, `BadFile`.
    """
    if ".py" not in name:
        targets = built_in()
        if name not in targets:
            raise UnknownName(f"no target is called {name!r}; known are {', '.join(sorted(targets))}. Give your own as FILE.py:build.")
        return targets[name](cache)
    return checked(name, run_builder(name, cache))


def run_builder(name: str, *arguments: Path) -> object:
    """What the function of `FILE.py:build` returns for these arguments; raises `BadFile` if it is missing or fails."""
    file, _, function = name.partition(":")
    path = Path(file)
    module = run_file(path)
    build = getattr(module, function or "build", None)
    if not callable(build):
        raise BadFile(f"{path} defines no function {function or 'build'}; write def {function or 'build'}(cache): ... return Task(...).")
    try:
        return build(*arguments)
    except CompanionError:
        raise
    except Exception as error:
        raise BadFile(f"{path}:{function or 'build'} failed: {type(error).__name__}: {error}") from error


def checked(name: str, task: object) -> Task:
    """The task that a user's function returned; raises `BadFile` for anything else."""
    path, _, function = name.partition(":")
    if not isinstance(task, Task):
        raise BadFile(f"{path}:{function or 'build'} returned {type(task).__name__}; a numerics.targets.Task was expected.")
    if isinstance(task.inputs, np.ndarray) and (not len(task.inputs) or len(task.inputs) != len(task.labels)):
        raise BadFile(f"{path}: {len(task.inputs)} test inputs and {len(task.labels)} labels; equally many, at least one, were expected.")
    return task
