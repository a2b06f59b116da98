"""`python -m paper_figures [NAME ...]`: figures and tables from stored results; what is missing is measured first, quickly."""

import json
import subprocess
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pyarrow.parquet as pq
import tyro
from matplotlib import rc_context

import paper_figures
from paper_figures.style import RC, save
from paper_figures.tables import save as save_table
from paper_figures.tables import tables
from theory.cli import console, print_json, run
from theory.errors import BadFile, UnknownName


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
    plan = {
        name: {"needs": str(command.out / "data" / figure.NEEDS), "command": f"{figure.COMMAND} --out {command.out}"}
        for name, figure in chosen.items()
    }
    plan |= {name: {"needs": "what is stored", "command": table.COMMAND} for name, table in chosen_tables.items()}
    if command.plan:
        if command.json:
            print_json(plan)
        else:
            for name, entry in plan.items():
                print(f"{name}: needs {entry['needs']}\n  {entry['command']}")
        return 0
    shown = console(quiet=command.quiet or command.json)
    written: list[str] = []
    for name, figure in chosen.items():
        path = command.out / "data" / figure.NEEDS
        if not path.exists():
            shown.print(f"{name} needs {path}, which is not there; measuring it in the quick profile. In full: {plan[name]['command']}")
            measured = subprocess.run([sys.executable, *f"{figure.COMMAND} --quick --out".split()[1:], str(command.out)], check=False)
            if measured.returncode:
                return measured.returncode
        try:
            data = pq.read_table(path)
        except (OSError, ValueError) as error:
            raise BadFile(f"{path} is no table of results ({error}); delete it and run: {plan[name]['command']}") from error
        with rc_context(RC):
            drawn, numbers = figure.draw(data)
            paths = save(drawn, numbers, command.out / "figures", name)
        text = command.out / "figures" / f"{name}.json"
        record = {"caption": figure.CAPTION, "alternative_text": figure.ALTERNATIVE, "command": plan[name]["command"]}
        text.write_text(json.dumps(record, indent=1, ensure_ascii=False), encoding="utf-8")
        written += [str(path) for path in (*paths, text)]
    for name, table in chosen_tables.items():
        written += [str(path) for path in save_table(name, table, command.out)]
    if command.json:
        print_json(written)
    elif not command.quiet:
        print("\n".join(f"wrote {path}" for path in written))
    return 0


if __name__ == "__main__":
    run(make, FigureCommand, "python -m paper_figures", "Figures and tables of the companion.")
