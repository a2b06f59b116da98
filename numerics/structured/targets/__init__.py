"""Real targets of structured tickets, one file each, trained here on scikit-learn's digits; or brought by the user."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import numpy as np

from numerics.structured.network import StructuredTarget
from theory.errors import BadFile, CompanionError, UnknownName
from theory.user_file import run_file


@dataclass(frozen=True, eq=False)
class StructuredTask:
    """A trained target with its test set: `inputs` `[N, channels, dim]`, `labels` `[N]`; the largest output is the prediction."""

    target: StructuredTarget
    inputs: np.ndarray
    labels: np.ndarray
    description: str


def built_in() -> dict[str, Callable[[Path], StructuredTask]]:
    """The built-in targets by name: each module of this package that defines `build(cache)`."""
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__) if not module.name.startswith("_")]
    return {module.__name__.rpartition(".")[2]: module.build for module in modules}


def find_task(name: str, cache: Path) -> StructuredTask:
    """A built-in target by name, or one of the user's as `FILE.py:build`, a function of the cache folder; raises `UnknownName`, `BadFile`."""
    if ".py" not in name:
        targets = built_in()
        if name not in targets:
            raise UnknownName(
                f"no structured target is called {name!r}; known are {', '.join(sorted(targets))}. Give your own as FILE.py:build."
            )
        return targets[name](cache)
    file, _, function = name.partition(":")
    build = getattr(run_file(Path(file)), function or "build", None)
    if not callable(build):
        raise BadFile(
            f"{file} defines no function {function or 'build'}; write def {function or 'build'}(cache): ... return StructuredTask(...)."
        )
    try:
        task = build(cache)
    except CompanionError:
        raise
    except Exception as error:
        raise BadFile(f"{file}:{function or 'build'} failed: {type(error).__name__}: {error}") from error
    if not isinstance(task, StructuredTask) or not len(task.inputs) or len(task.inputs) != len(task.labels):
        raise BadFile(f"{file}:{function or 'build'} did not return a StructuredTask with equally many inputs and labels, at least one.")
    return task
