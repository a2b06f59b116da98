"""Pages of documentation: their code blocks, run in order in a folder of their own, with the output that is shown compared."""

import contextlib
import doctest
import os
import re
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

ROOT = Path(__file__).parent.parent
FLAGS = doctest.ELLIPSIS | doctest.REPORT_NDIFF
PORT = "8786"
"""The port that pages about clusters name; a free one stands in for it, since several tests may run on one machine."""


class WrongBlock(Exception):
    """A block whose command or statement fails, or shows other output than the page."""


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the file it is to be written to ("" if it is none), its text, the line of the page it starts at."""

    language: str
    file: str
    text: str
    line: int


@dataclass(frozen=True)
class Command:
    """One `$` line of a console block and the output shown below it (None where none is)."""

    text: str
    shown: str | None


def blocks(page: str) -> list[Block]:
    """The code blocks of a Markdown text, indented ones too."""
    found = []
    for token in MarkdownIt().parse(page):
        if token.type in ("fence", "code_block"):
            language, _, rest = token.info.strip().partition(" ")
            named = re.fullmatch(r'file="([\w./]+)"', rest.strip())
            if rest and not named:
                raise WrongBlock(f'line {token.map[0] + 1 if token.map else 0}: {rest!r}; file="NAME" was expected.')
            found.append(Block(language, named[1] if named else "", token.content, token.map[0] + 1 if token.map else 0))
    return found


def commands(text: str) -> list[Command]:
    """The commands of a console block; a `$` line that ends with a backslash goes on in the next one."""
    found: list[tuple[list[str], list[str]]] = []
    continued = False
    for line in text.splitlines():
        if continued:
            found[-1][0].append(line)
        elif line.startswith("$ "):
            found.append(([line[2:]], []))
        elif found:
            found[-1][1].append(line)
        else:
            raise WrongBlock(f"a console block starts with {line!r}; a command behind `$ ` was expected.")
        continued = line.endswith("\\")
    return [Command("\n".join(typed), "\n".join(shown) + "\n" if shown else None) for typed, shown in found]


def same(shown: str, got: str) -> bool:
    """Whether the output is the one shown, `...` standing for anything, white space at the ends of lines aside."""
    shown, got = ("".join(line.rstrip() + "\n" for line in text.splitlines()) for text in (shown, got))
    return doctest.OutputChecker().check_output(shown, got, FLAGS)


def run_shell(script: str, folder: Path, environment: dict[str, str]) -> tuple[int, str]:
    """Exit code and output of a script; what it leaves running in the background is ended."""
    process = subprocess.Popen(
        ["bash", "-c", script],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        printed, _ = process.communicate(timeout=600)
        return process.returncode, printed
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def run_console(block: Block, folder: Path, root: Path) -> None:
    """Run the commands in one shell each, all of them in `folder`; raises `WrongBlock`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PYTHONPATH": str(root), "PATH": path, "COLUMNS": "100"}
    for command in commands(block.text):
        script = command.text.replace(PORT, port)
        returned, printed = run_shell(script, folder, environment)
        got = printed.replace(port, PORT)
        if returned:
            raise WrongBlock(f"line {block.line}: `{command.text}` ends with {returned}:\n{got}")
        if command.shown is not None and not same(command.shown, got):
            raise WrongBlock(f"line {block.line}: `{command.text}` prints\n{got}\nthe page shows\n{command.shown}")


def run_block(block: Block, folder: Path, names: dict[str, Any], root: Path) -> None:
    """Run a block: a file is written, `console` goes to the shell, `python` and `pycon` run among `names`; raises `WrongBlock`."""
    if block.file:
        (folder / block.file).write_text(block.text, encoding="utf-8")
    elif block.language == "console":
        run_console(block, folder, root)
    elif block.language == "python":
        try:
            exec(compile(block.text, f"line {block.line}", "exec", dont_inherit=True), names)
        except Exception as error:
            raise WrongBlock(f"line {block.line}: {type(error).__name__}: {error}") from error
    elif block.language == "pycon":
        test = doctest.DocTestParser().get_doctest(block.text, names, f"line {block.line}", None, block.line)
        report: list[str] = []
        runner = doctest.DocTestRunner(optionflags=FLAGS, verbose=False)
        if not test.examples or runner.run(test, out=report.append, clear_globs=False).failed:
            raise WrongBlock(f"line {block.line}: {''.join(report) or 'no statement behind `>>> `'}")
        names.update(test.globs)
    else:
        raise WrongBlock(
            f"line {block.line}: a block of {block.language or 'no language'}; console, python, pycon or a file were expected."
        )


def run_page(page: str, folder: Path, root: Path = ROOT) -> int:
    """Run all blocks of a page with `folder` as the current one, and the packages of `root`; returns how many there are."""
    found, names = blocks(page), {"__name__": "__main__"}
    before = Path.cwd()
    os.chdir(folder)
    try:
        for block in found:
            run_block(block, folder, names, root)
    finally:
        os.chdir(before)
    return len(found)
