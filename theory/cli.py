"""What all commands share: errors without a traceback, exit codes, JSON, quiet."""

import json
import os
import sys
from collections.abc import Callable
from typing import Any, NoReturn

import tyro
from rich.console import Console
from rich.table import Table

from theory.errors import CompanionError

INTERRUPTED = 130


def run(
    command: Callable[[Any], int],
    options: Any,
    program: str,
    description: str,
    arguments: list[str] | None = None,
    *,
    resumes: bool = False,
) -> NoReturn:
    """Parse the arguments into `options` (dataclasses, read by tyro), run the command, exit with its code.

    A `CompanionError` is printed as `Class: message` on standard error and ends with the class's exit code, an `OSError` with 2;
    Ctrl-C ends with 130, saying whether the command `resumes`.
    """
    parsed = tyro.cli(options, prog=program, description=description, args=arguments)
    try:
        sys.exit(command(parsed))
    except CompanionError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except OSError as error:
        print(f"{type(error).__name__}: {error.strerror}: {error.filename}", file=sys.stderr)
        sys.exit(CompanionError.exit_code)
    except KeyboardInterrupt:
        print("\nInterrupted." + (" What was finished is kept; the same command goes on from there." if resumes else ""), file=sys.stderr)
        sys.exit(INTERRUPTED)


def console(*, quiet: bool) -> Console:
    """A console for tables and progress on standard error; silent when quiet."""
    return Console(stderr=True, quiet=quiet, highlight=False)


def print_json(value: object) -> None:
    """One JSON document on standard output."""
    print(json.dumps(value, indent=1, ensure_ascii=False))


def print_table(table: Table) -> None:
    """A table on standard output: as wide as the terminal, or 160 columns where there is none and COLUMNS does not say."""
    known = sys.stdout.isatty() or "COLUMNS" in os.environ
    Console(highlight=False, width=None if known else 160).print(table)
