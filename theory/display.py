"""How values look in a notebook: small tables of facts and matrices as HTML, every text escaped."""

from collections.abc import Mapping, Sequence
from html import escape

MOST_ROWS, MOST_MATRICES = 12, 12


def facts(title: str, rows: Mapping[str, object]) -> str:
    """A table with one row for each fact, under a title."""
    body = "".join(f'<tr><th style="text-align:left">{escape(name)}</th><td>{escape(str(value))}</td></tr>' for name, value in rows.items())
    return f"<table><caption>{escape(title)}</caption><tbody>{body}</tbody></table>"


def matrix(rows: Sequence[Sequence[object]], title: str = "") -> str:
    """A matrix as a small table; zeros are dots, and one of more than `MOST_ROWS` rows or columns gives its size alone."""
    height, width = len(rows), len(rows[0]) if len(rows) else 0
    caption = f"<caption>{escape(title)}</caption>" if title else ""
    if max(height, width) > MOST_ROWS:
        return f'<table style="display:inline-table">{caption}<tbody><tr><td>{height} × {width}</td></tr></tbody></table>'
    cells = "".join(
        "<tr>" + "".join(f'<td style="text-align:center">{escape(str(entry)) if entry else "·"}</td>' for entry in row) + "</tr>"
        for row in rows
    )
    return (
        '<table style="display:inline-table;margin-right:1em;border-left:1px solid;border-right:1px solid">'
        f"{caption}<tbody>{cells}</tbody></table>"
    )


def matrices(named: Sequence[tuple[str, Sequence[Sequence[object]]]], count: int) -> str:
    """Matrices side by side, and how many of `count` are left out."""
    shown = "".join(matrix(rows, name) for name, rows in named[:MOST_MATRICES])
    left = count - min(count, MOST_MATRICES)
    return f"<div>{shown}{f'<p>and {left} more</p>' if left else ''}</div>"
