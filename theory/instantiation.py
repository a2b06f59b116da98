"""Declarations by name: the registry, and files of the user's."""

import ast
import inspect
import re
import traceback
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar

from theory.activation import ACTIVATIONS, Activation, register_activation
from theory.declaration import GroupInstantiation, Instantiation
from theory.errors import BadFile, BadInput, CompanionError, UnknownName
from theory.source import Source
from theory.user_file import run_file
from theory.verdict import Verdict

__all__ = [
    "REGISTRY",
    "GroupInstantiation",
    "Instantiation",
    "activation",
    "instantiation",
    "load_declarations",
    "load_file",
    "register",
    "verified",
]

Kind = TypeVar("Kind", bound=Instantiation | Activation)
REGISTRY: dict[str, type["Instantiation"]] = {}
Declared = TypeVar("Declared", bound=type["Instantiation"] | type[Activation])


def register(declared: Declared) -> Declared:
    """Class decorator: make an instantiation or an activation known to every command, under its name in snake case.

    Raises `BadInput` unless it is a frozen dataclass with a source whose fields all have defaults.
    """
    name = declared.__name__
    if isinstance(declared, type) and issubclass(declared, Activation):
        return register_activation(declared)
    if not (isinstance(declared, type) and issubclass(declared, Instantiation)):
        raise BadInput(
            f"@register expects a subclass of Instantiation or Activation; {name} is none. Derive it from GroupInstantiation or Activation."
        )
    if not is_dataclass(declared) or not declared.__dataclass_params__.frozen:  # pyright: ignore[reportAttributeAccessIssue]
        raise BadInput(f"{name}: put @dataclass(frozen=True) under @register.")
    bare = [entry.name for entry in fields(declared) if entry.default is MISSING and entry.default_factory is MISSING]
    if bare:
        raise BadInput(f"{name}: the fields {', '.join(bare)} have no default; give each field one, such as n: int = 6.")
    if not isinstance(getattr(declared, "source", None), Source):
        raise BadInput(f'{name} names no source; write source = Source("mine"), or the key of a paper.')
    registered = declared.registered_name()
    known = REGISTRY.get(registered)
    if known is not None and known.__module__ != declared.__module__:
        raise BadInput(f"the name {registered} is taken by {known.__module__}.{known.__qualname__}; call the class something else.")
    REGISTRY[registered] = declared
    return declared


def instantiation(text: str) -> Instantiation:
    """The instantiation that `text` names: `sets`, or with parameters `sets(n=8)`; raises `UnknownName`, `BadInput`."""
    return _named(text, REGISTRY, "instantiation")


def activation(text: str) -> Activation:
    """The activation that `text` names: `gelu`, or with parameters `leaky_relu(alpha=0.2)`; raises `UnknownName`, `BadInput`."""
    return _named(text, ACTIVATIONS, "activation")


def _named(text: str, registry: Mapping[str, type[Kind]], kind: str) -> Kind:
    match = re.fullmatch(r"\s*(\w+)\s*(\(.*\))?\s*", text)
    name = match.group(1).lower() if match else text
    if match is None or name not in registry:
        raise UnknownName(f"no {kind} is called {text!r}; known are {', '.join(sorted(registry))}. Give your own as a file: FILE.py.")
    declared: Any = registry[name]
    try:
        call = ast.parse(f"f{match.group(2) or '()'}", mode="eval").body
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name)):
            raise ValueError("one pair of brackets was expected")
        arguments = {str(keyword.arg): ast.literal_eval(keyword.value) for keyword in call.keywords}
        if call.args:
            raise ValueError("parameters need names")
        for entry in fields(declared):
            value = arguments.get(entry.name, entry.default)
            if kind == "instantiation" and type(entry.default) is int and type(value) is not int:
                raise ValueError(f"{entry.name} = {value!r} is no integer")
        return declared(**arguments)
    except CompanionError:
        raise
    except (ValueError, SyntaxError, TypeError) as error:
        parameters = ", ".join(f"{entry.name}={entry.default!r}" for entry in fields(declared))
        raise BadInput(f"{text!r} cannot be read ({error}); write it as {name}({parameters}).") from error


def verified(declared: type[Kind]) -> tuple[Kind, dict[str, Verdict]]:
    """An instance with default parameters and the verdicts on its claims.

    Raises what `verify` raises, and `BadFile` naming the place for any other exception in the declaration's own methods.
    """
    try:
        value = declared()
        return value, value.verify()
    except CompanionError:
        raise
    except Exception as error:
        file = inspect.getfile(declared)
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
        place = f"{file}, line {lines[-1]}" if lines else file
        raise BadFile(f"{declared.__name__} failed while it was verified: {type(error).__name__}: {error} ({place})") from error


def load_declarations(path: str | Path) -> tuple[list[type[Instantiation]], list[type[Activation]]]:
    """Run a user's file and return the instantiations and the activations that it registers. The file is code, and runs as such.

    Raises `BadFile` if it is missing, fails, or registers nothing.
    """
    before, functions = dict(REGISTRY), dict(ACTIVATIONS)
    run_file(Path(path))
    found = [declared for name, declared in REGISTRY.items() if before.get(name) is not declared]
    found_functions = [declared for name, declared in ACTIVATIONS.items() if functions.get(name) is not declared]
    if not found and not found_functions:
        raise BadFile(
            f"{path} registers no instantiation; put @register above @dataclass(frozen=True) class ...(GroupInstantiation), or (Activation)."
        )
    return found, found_functions


def load_file(path: str | Path) -> list[type[Instantiation]]:
    """Run a user's file and return the instantiations that it registers; raises `BadFile` if it is missing, fails, or registers none."""
    found, functions = load_declarations(path)
    if not found:
        raise BadFile(
            f"{path} registers no instantiation, only {', '.join(declared.__name__ for declared in functions)}; "
            "a group was expected here. Verify an activation with: python -m checks FILE.py."
        )
    return found
