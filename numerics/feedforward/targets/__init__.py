"""Real feedforward targets, one file each: trained here, published by others and read by path, or brought by the user."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from numerics.feedforward.targets._published import FILES, published
from numerics.feedforward.task import FeedforwardTask
from numerics.targets import Task, built_in, checked, run_builder
from theory.errors import BadInput, UnknownName


def built_in_feedforward() -> dict[str, Callable[[Path], FeedforwardTask]]:
    """The built-in targets by name: each module of this package that defines `build(cache)`, and those that a module lists as `BUILDS`."""
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__) if not module.name.startswith("_")]
    named = {module.__name__.rpartition(".")[2]: module for module in modules}
    alone = {name: module.build for name, module in named.items() if not hasattr(module, "BUILDS")}
    return alone | {name: build for module in modules for name, build in getattr(module, "BUILDS", {}).items()}


def find(name: str, cache: Path, weights: Path | None = None, folder: Path | None = None) -> Task | FeedforwardTask:
    """A target of either kind by name: built-in, published, or the user's as `module.py:build`, a function of the cache folder.

    With `weights` the user's function gets that path as its second argument; `folder` holds published data. Raises `UnknownName`,
    `BadFile`, `BadInput`.
    """
    if weights is not None and ".py" not in name:
        raise BadInput(f"--weights {weights}: weights are read for a target of yours, FILE.py:build; {name} has its own.")
    if ".py" in name:
        task = run_builder(name, *((cache,) if weights is None else (cache, weights)))
        return task if isinstance(task, FeedforwardTask) else checked(name, task)
    every = built_in() | built_in_feedforward()
    if name in every:
        return every[name](cache)
    if name in FILES:
        return published(name, folder)
    known = ", ".join(sorted(every))
    raise UnknownName(
        f"no target is called {name!r}; known are {known}, with --published {', '.join(FILES)}. Give your own as FILE.py:build."
    )
