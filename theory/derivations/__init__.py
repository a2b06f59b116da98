"""The proofs: one file per group of statements; importing this package enters every chain."""

from importlib import import_module
from pkgutil import iter_modules

import theory.statements  # noqa: F401

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
