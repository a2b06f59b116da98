"""Tables as LaTeX (booktabs), Markdown and parquet, computed from stored records; one file each."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from numerics.store import write_bytes
from paper_figures.latex import LatexTable, typeset
from paper_figures.records import RESULTS
from theory.decimals import at_least
from theory.errors import BadFile

Row = Mapping[str, Any]
Format = Callable[[Any], str]


def records(pattern: str) -> list[Path]:
    """The records of benchmarks whose names match, oldest first; raises `BadFile` if there are none."""
    found = sorted(RESULTS.glob(pattern))
    if not found:
        raise BadFile(
            f"{RESULTS} holds no {pattern}; the records come with the repository and with wheels built from it. Install such a wheel."
        )
    return found


def plain(value: Any) -> str:
    """Text and whole numbers as they are; nothing for None."""
    return "" if value is None else f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def share(value: float | None) -> str:
    """A part of 1 in percent."""
    return "" if value is None else f"{value:.2%}"


def short(value: float | str | None) -> str:
    """Two significant digits."""
    return "" if value is None else f"{float(value):.2g}"


def above(value: float | str | None) -> str:
    """A proved bound, rounded up."""
    return "" if value is None else at_least(Fraction(str(value)))


def tables() -> dict[str, ModuleType]:
    """The tables by name: every module of this package; each has COLUMNS (key: heading and format), CAPTION, COMMAND and `rows(out)`."""
    return {entry.name: import_module(f"paper_figures.tables.{entry.name}") for entry in iter_modules(__path__)}


def shown(table: ModuleType, rows: Sequence[Row]) -> list[list[str]]:
    """The cells as text."""
    return [[form(row[key]) for key, (_, form) in table.COLUMNS.items()] for row in rows]


def markdown(table: ModuleType, rows: Sequence[Row]) -> str:
    """A Markdown table."""
    heads = [heading for heading, _ in table.COLUMNS.values()]
    cells = [[cell.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ") for cell in line] for line in [heads, *shown(table, rows)]]
    lines = [cells[0], ["---"] * len(heads), *cells[1:]]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def latex(table: ModuleType, rows: Sequence[Row], width: float = 5.5) -> str:
    """A booktabs table with its caption, for a text so many inches wide."""
    right = tuple(all(isinstance(row[key], int | float | None) for row in rows) for key in table.COLUMNS)
    heads = tuple(heading for heading, _ in table.COLUMNS.values())
    return typeset(LatexTable(table.CAPTION, heads, shown(table, rows), right), width)


def save(name: str, table: ModuleType, out: Path, width: float = 5.5) -> list[Path]:
    """Write `out`/tables/NAME.tex, .md and .parquet, the first for a text so many inches wide; the same records give the same bytes."""
    rows = table.rows(out)
    folder = out / "tables"
    write_bytes(folder / f"{name}.tex", latex(table, rows, width).encode())
    write_bytes(folder / f"{name}.md", f"{table.CAPTION}\n\n{markdown(table, rows)}".encode())
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist([{key: row[key] for key in table.COLUMNS} for row in rows]), sink)
    write_bytes(folder / f"{name}.parquet", sink.getvalue().to_pybytes())
    return [folder / f"{name}.{kind}" for kind in ("tex", "md", "parquet")]
