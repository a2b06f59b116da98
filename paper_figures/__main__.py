"""`python -m paper_figures [NAME ...]`: figures and tables from stored results; what is missing is measured first, quickly."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import tyro
from matplotlib import rc_context
from rich.console import Console

import paper_figures
from paper_figures.data import STORED
from paper_figures.style import RC, figure_size, save, use_venue
from paper_figures.tables import save as save_table
from paper_figures.tables import tables
from theory.cli import console, print_json, run
from theory.errors import UnknownName


@dataclass(frozen=True)
class FigureCommand:
    """Draw figures as PDF, SVG and PNG with their numbers, caption and alternative text, into OUT/figures, and write tables as LaTeX,
    Markdown and parquet into OUT/tables."""

    names: tyro.conf.Positional[tuple[str, ...]] = ()
    """Figures and tables; all if none is named."""
    out: Path = Path("out")
    """Where results lie and figures go."""
    plan: bool = False
    """List figures and tables, what each needs, and the command that makes it; draw nothing."""
    venue: str = "iclr2024"
    """Whose text width figures and tables have: iclr2024, neurips2024, icml2024_full, jmlr2001, tmlr2023 and what else tueplots knows."""
    json: bool = False
    """Print JSON."""
    quiet: bool = False
    """Print nothing but errors."""


def figures() -> dict[str, Any]:
    """The figures by name: every module of this package with a `draw` function."""
    modules = {
        entry.name: import_module(f"paper_figures.{entry.name}")
        for entry in iter_modules(paper_figures.__path__)
        if entry.name != "__main__"
    }
    return {name: module for name, module in modules.items() if hasattr(module, "draw")}


def make(command: FigureCommand) -> int:
    """Draw what is asked for."""
    known, known_tables = figures(), tables()
    for name in command.names:
        if name not in known | known_tables:
            raise UnknownName(f"no figure is called {name!r}; known are {', '.join(known)}; nor a table: {', '.join(known_tables)}.")
    chosen = {name: known[name] for name in command.names or known if name in known}
    chosen_tables = {name: known_tables[name] for name in command.names or known_tables if name in known_tables}
    use_venue(command.venue)
    if command.plan:
        plan(chosen, chosen_tables, command)
        return 0
    shown = console(quiet=command.quiet or command.json)
    wanted = list(dict.fromkeys(need for figure in chosen.values() for need in figure.NEEDS))
    missing = [need for need in wanted if STORED[need].missing(command.out)]
    stored = {need: STORED[need].load(command.out) for need in wanted if need not in missing}
    needed = {STORED[need].command: STORED[need] for need in missing}
    if needed:
        announce(missing, command.out, shown)
    for line, result in needed.items():
        shown.print(f"running {line}{result.quick}")
        arguments = [*line.split()[1:], *result.quick.split(), "--out", str(command.out)]
        made = subprocess.run([sys.executable, *arguments], check=False, stdout=subprocess.DEVNULL if shown.quiet else None)
        if made.returncode:
            return made.returncode
    stored |= {need: STORED[need].load(command.out) for need in missing}
    written: list[str] = []
    for name, figure in chosen.items():
        with rc_context(RC):
            drawn, numbers = figure.draw(*(stored[need] for need in figure.NEEDS))
            paths = save(drawn, numbers, command.out / "figures", name)
        text = command.out / "figures" / f"{name}.json"
        commands = sorted({STORED[need].command for need in figure.NEEDS})
        record = {
            "caption": caption(figure, [stored[need] for need in figure.NEEDS]),
            "alternative_text": figure.ALTERNATIVE,
            "commands": commands,
        }
        text.write_text(json.dumps(record, indent=1, ensure_ascii=False), encoding="utf-8")
        written += [str(path) for path in (*paths, text)]
    for name, table in chosen_tables.items():
        written += [str(path) for path in save_table(name, table, command.out, figure_size(1)[0])]
    if command.json:
        print_json(written)
    elif not command.quiet:
        print("\n".join(f"wrote {path}" for path in written))
    return 0


def caption(figure: Any, needed: list[Any]) -> str:
    """The caption, with what `counts` of the figure says of the stored results at its places in braces."""
    return figure.CAPTION.format(**figure.counts(*needed)) if hasattr(figure, "counts") else figure.CAPTION


def announce(missing: Sequence[str], out: Path, shown: Console) -> None:
    """Say which stored results are missing, what is run to make a small one of each, and how long that and the full ones take."""
    files: dict[str, list[str]] = {}
    for need in missing:
        files.setdefault(STORED[need].command, []).append(STORED[need].file)
    needed = {STORED[need].command: STORED[need] for need in missing}
    total = sum(result.minutes[0] for result in needed.values())
    shown.print(
        f"Results that figures need are not in {out}, or older than the records. They are made first, with few draws, in about {total:.0f} min "
        "of CPU time:"
    )
    for line, result in needed.items():
        small, full = result.minutes
        cost = f"{small:g} min" + (f", in full (without --quick) {full_cost(full)}" if result.quick else "")
        shown.print(f"  {line}{result.quick}: {cost}; makes {', '.join(files[line])}", soft_wrap=True)


def full_cost(minutes: float | None) -> str:
    """What a full run takes, in words."""
    return "perhaps more than an hour (not measured; it goes on where it was stopped)" if minutes is None else f"about {minutes:g} min"


def plan(chosen: dict[str, Any], chosen_tables: dict[str, Any], command: FigureCommand) -> None:
    """Print, for each figure and table, the stored results it needs and the commands that make them in full."""
    drawn = {
        name: [
            {"file": str(command.out / STORED[need].file), "command": f"{STORED[need].command} --out {command.out}"}
            for need in figure.NEEDS
        ]
        for name, figure in chosen.items()
    }
    if command.json:
        print_json({"figures": drawn, "tables": {name: table.COMMAND for name, table in chosen_tables.items()}})
        return
    for name, entries in drawn.items():
        print(f"figure {name}: " + (", ".join(entry["file"] for entry in entries) or "computed, needs nothing stored"))
        minutes = {f"{STORED[need].command} --out {command.out}": STORED[need].minutes[1] for need in chosen[name].NEEDS}
        for line in dict.fromkeys(entry["command"] for entry in entries):
            print(f"  {line}   CPU time: {full_cost(minutes[line])}")
    for name, table in chosen_tables.items():
        print(f"table {name}: what is stored\n  {table.COMMAND}")


if __name__ == "__main__":
    run(make, FigureCommand, "python -m paper_figures", "Figures and tables of the companion.")
