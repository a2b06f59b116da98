"""Tables in LaTeX as wide as the text: type sizes and columns from the lengths of the cells, long ones over pages.

A document needs `array`, `booktabs`, `longtable` and `rotating`, for LaTeX engines of any kind, and the font encoding T1.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from theory.latex import escaped

SIZES = {r"\small": 9.0, r"\footnotesize": 8.0, r"\scriptsize": 7.0}
"""Type sizes in points of a document of 10 points."""
TURNED = 8.5
"""Inches that a table may be wide which is turned by a right angle."""
GAP = 6.0
"""Points between columns."""
LINES_OF_A_PAGE = 42
NEEDS = "% needs \\usepackage[T1]{fontenc} and \\usepackage{array,booktabs,longtable,rotating}\n"
SPARE = 1.07
"""What small types are wider, relative to their size, than those of 10 points."""
NUMBER = re.compile(r"(-?)(\d+(?:\.\d+)?)(?:e([+-]\d+))?")
WIDTHS = {0.33: "ijl|!.,:;'[]()-·", 0.42: "ftrsIJ/ ", 0.82: "mwMWΣ@%—≤≥→", 0.75: "ABCDEFGHKLNOPQRSTUVXYZ&+=<>×"}
"""Letters of Computer Modern by their width in em, at most; others take 0.56."""
BREAKABLE = re.compile(r"(?<=[a-zA-Z])[./](?=\w)|_(?=\w)|[=(](?=\w)|,(?=[^\s\d])|-(?=[a-zA-Z])")
"""After these a word may be broken: dots and lines between letters, signs of calls, but no number."""


@dataclass(frozen=True)
class LatexTable:
    """A caption, the headings, the cells as text row by row, and whether each column is set flush right."""

    caption: str
    heads: tuple[str, ...]
    cells: Sequence[Sequence[str]]
    right: tuple[bool, ...]


@cache
def _letter(letter: str) -> float:
    return next((width for width, letters in WIDTHS.items() if letter in letters), 0.56)


def length(text: str) -> float:
    """The length of a line in em, not underestimated for most texts."""
    return SPARE * sum(map(_letter, text))


def pieces(text: str) -> list[str]:
    """What no line break falls into: words, and long words cut where `BREAKABLE` says."""
    return [piece for word in text.split() for piece in _cut(word)]


def _cut(word: str) -> list[str]:
    ends = [found.end() for found in BREAKABLE.finditer(word)]
    return [word[start:end] for start, end in zip([0, *ends], [*ends, len(word)], strict=True)]


def broken(text: str) -> str:
    """The text as LaTeX that may be broken between its pieces; powers of ten and signs of numbers as mathematics."""
    return " ".join(_number(word) or r"\allowbreak{}".join(escaped(piece) for piece in _cut(word)) for word in text.split())


def _number(word: str) -> str:
    found = NUMBER.fullmatch(word)
    if not found or not (found[1] or found[3]):
        return ""
    return f"${found[1]}{found[2]}{rf' {chr(92)}cdot 10^{{{int(found[3])}}}' if found[3] else ''}$"


def column_widths(table: LatexTable, size: float, room: float) -> list[float] | None:
    """Points for each column at a type size: as long as its longest line where all fit, else no column narrower than its longest piece
    and the rest in proportion to what its lines lack; None where the pieces alone are wider than `room`."""
    columns = [[head, *(line[i] for line in table.cells)] for i, head in enumerate(table.heads)]
    natural = [size * max(map(length, column)) for column in columns]
    least = [size * max((length(piece) for cell in column for piece in pieces(cell)), default=0) for column in columns]
    left = room - GAP * (len(columns) - 1)
    if sum(natural) <= left:
        return natural
    if sum(least) > left:
        return None
    share = (left - sum(least)) / (sum(natural) - sum(least))
    return [low + share * (high - low) for low, high in zip(least, natural, strict=True)]


def typeset(table: LatexTable, width: float) -> str:
    """The table for a text so many inches wide: of the type sizes the largest at which every piece fits; turned if none does."""
    fits = [(name, size, column_widths(table, size, 72.27 * width)) for name, size in SIZES.items()]
    turned = [(name, size, column_widths(table, size, 72.27 * TURNED)) for name, size in SIZES.items()]
    low = [choice for choice in turned if choice[2] and _height(table, choice[1], choice[2]) <= 72.27 * width]
    name, size, found = next((choice for choice in [*fits, *low, *turned[::-1]] if choice[2]), turned[-1])
    sideways = all(choice[2] is None for choice in fits)
    found = found or [72.27 * TURNED / len(table.heads) - GAP] * len(table.heads)
    columns = _columns(table, found)
    heads = " & ".join(map(broken, table.heads)) + r" \\"
    apart = "[2pt]" if any(_lines(line, size, found) > 1 for line in table.cells) else ""
    body = "".join("  " + " & ".join(map(broken, line)) + f" \\\\{apart}\n" for line in table.cells)
    caption = rf"\caption{{{escaped(table.caption)}}}"
    start = f"  \\toprule\n  {heads}\n  \\midrule\n"
    if sideways or sum(_lines(line, size, found) for line in table.cells) <= LINES_OF_A_PAGE:
        kind = "sidewaystable" if sideways else "table"
        rows = f"  \\begin{{tabular}}{{{columns}}}\n{start}{body}  \\bottomrule\n  \\end{{tabular}}\n"
        return f"{NEEDS}\\begin{{{kind}}}\n  {caption}\n  {name}\n{rows}\\end{{{kind}}}\n"
    rows = f"  {caption} \\\\\n{start}  \\endfirsthead\n{start}  \\endhead\n  \\bottomrule\n  \\endlastfoot\n{body}"
    return (
        f"{NEEDS}{{{name}\\setlength{{\\LTleft}}{{0pt}}\\setlength{{\\LTright}}{{0pt}}\n"
        f"\\begin{{longtable}}{{{columns}}}\n{rows}\\end{{longtable}}}}\n"
    )


def _columns(table: LatexTable, found: Sequence[float]) -> str:
    """The column specification; widths are rounded down."""
    sides = [r"\raggedleft" if flush else r"\raggedright" for flush in table.right]
    kinds = (rf">{{{side}\arraybackslash}}p{{{points - 0.05:.1f}pt}}" for side, points in zip(sides, found, strict=True))
    between = rf"@{{\hspace{{{GAP:g}pt}}}}"
    return f"@{{}}{between.join(kinds)}@{{}}"


def _lines(cells: Sequence[str], size: float, found: Sequence[float]) -> int:
    """About how many lines a row takes."""
    return max(math.ceil(size * length(cell) / points - 1e-9) for cell, points in zip(cells, found, strict=True))


def _height(table: LatexTable, size: float, found: Sequence[float]) -> float:
    """About how many points the table is high, with its caption at 9 inches."""
    rows = [*table.cells, table.heads]
    return sum(1.25 * size * _lines(line, size, found) + 2 for line in rows) + 12 * math.ceil(10 * length(table.caption) / 650) + 40
