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
READER_GONE = 141
"""What a shell reports of a program that SIGPIPE ended."""


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
    Ctrl-C ends with 130, saying whether the command `resumes`; a reader of standard output that has gone, as `head` does, with 141.
    """
    try:
        code = command(tyro.cli(options, prog=program, description=description, args=arguments))
        sys.stdout.flush()
        sys.exit(code)
    except CompanionError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(READER_GONE)
    except OSError as error:
        print(f"{type(error).__name__}: {error.strerror}: {error.filename}", file=sys.stderr)
        sys.exit(CompanionError.exit_code)
    except KeyboardInterrupt:
        print("\nInterrupted." + (" What was finished is kept; the same command goes on from there." if resumes else ""), file=sys.stderr)
        sys.exit(INTERRUPTED)


def console(*, quiet: bool) -> Console:
    """A console for tables and progress on standard error; silent when quiet."""
    return Console(stderr=True, quiet=quiet, highlight=False)


class Output(Console):
    """A console on standard output whose reader may go away: `run` says what happens then, instead of rich with exit code 1."""

    def on_broken_pipe(self) -> None:
        """Leave it to `run`."""
        raise BrokenPipeError


def print_json(value: object) -> None:
    """One JSON document on standard output."""
    print(json.dumps(value, indent=1, ensure_ascii=False))


def print_table(table: Table) -> None:
    """A table on standard output: as wide as the terminal, or 160 columns where there is none and COLUMNS does not say."""
    known = sys.stdout.isatty() or "COLUMNS" in os.environ
    Output(highlight=False, width=None if known else 160).print(table)
