"""Files of the user's: Python code, and run as such."""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

from theory.errors import BadFile, CompanionError


def run_file(path: Path) -> ModuleType:
    """Run a Python file as a module of its own; raises `BadFile` if it is missing, no Python file, or fails."""
    if not path.is_file():
        raise BadFile(f"{path} is no file (looked in {Path.cwd()}); give the path of a Python file.")
    name = "user_" + re.sub(r"\W", "_", str(path.resolve()))
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise BadFile(f"{path} is no Python file; its name must end in .py.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except CompanionError:
        raise
    except Exception as error:
        raise BadFile(f"{path} failed while it was read: {type(error).__name__}: {error}") from error
    return module
