"""Tables in Markdown, and records that grow row by row: what the benchmarks write alike."""

import json
import os
import platform
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def markdown(columns: Sequence[str], rows: Iterable[Sequence[object]], text: Iterable[int] = (0,)) -> str:
    """A table: one line for each row, the columns numbered in `text` to the left, the others, numbers, to the right."""
    left = set(text)
    head = [" | ".join(columns), " | ".join("---" if i in left else "---:" for i in range(len(columns)))]
    return "\n".join(f"| {line} |" for line in [*head, *(" | ".join(str(entry) for entry in row) for row in rows)])


def show(table: str, path: Path) -> None:
    """Write a table to a file, with its folder, and print it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(table + "\n", encoding="utf-8")
    print(table)


class Rows:
    """Rows kept in FILE.json with what says how they came about, and shown in FILE.md; a later run goes on from them."""

    def __init__(self, path: Path, about: dict[str, str], table: Callable[[list[dict[str, Any]]], str]) -> None:
        self.path, self.about, self.table = path, about, table
        self.rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["rows"] if path.is_file() else []

    def add(self, row: dict[str, Any]) -> None:
        """Keep a row, print it, and write both files anew."""
        self.rows.append(row)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        stamp = {"date": datetime.now(UTC).date().isoformat(), "machine": f"{platform.machine()}, {os.cpu_count()} cores"}
        self.path.write_text(json.dumps({"rows": self.rows} | self.about | stamp, indent=1) + "\n", encoding="utf-8")
        self.path.with_suffix(".md").write_text(self.table(self.rows), encoding="utf-8")
        print(row, flush=True)
