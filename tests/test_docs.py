"""Every code block of the documentation runs and shows what it prints; its links lead somewhere, its statements are in the ledger."""

import re
import time
import warnings
from pathlib import Path
from urllib.parse import unquote

import pytest

from checks.pages import render, write_pages
from tests.documents import ROOT, WrongBlock, blocks, commands, run_page, same
from theory.instantiation import REGISTRY
from theory.statement import STATEMENTS

PAGES = sorted((ROOT / "docs").glob("*.md"))
LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")


def page_id(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", PAGES, ids=page_id)
def test_every_block_of_a_page_runs_and_prints_what_it_shows(path: Path, tmp_path: Path) -> None:
    if "dask" in path.read_text(encoding="utf-8"):
        pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    before = dict(REGISTRY)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            run_page(path.read_text(encoding="utf-8"), tmp_path)
    finally:
        REGISTRY.clear()
        REGISTRY.update(before)


WRONG = {
    "a command that fails": "```console\n$ false\n```\n",
    "a command that prints something else": "```console\n$ echo 5\n6\n```\n",
    "a command that prints more": "```console\n$ printf '5\\n6\\n'\n5\n```\n",
    "a block without a command": "```console\n5\n```\n",
    "a statement that raises": "```python\n1 / 0\n```\n",
    "a statement that prints something else": "```pycon\n>>> 2 + 3\n6\n```\n",
    "a name of another page": "```pycon\n>>> fano\n7\n```\n",
    "shown output without a statement": "```pycon\n5\n```\n",
    "a language that is not run": "```yaml\na: 1\n```\n",
    "a block that says no language": "    indented\n",
    "a file with an error in it": '```python file="bad.py"\nraise ValueError\n```\n\n```python\nimport runpy\nrunpy.run_path("bad.py")\n```\n',
    "an option that no block has": "```python run=no\n1\n```\n",
}


@pytest.mark.parametrize("fault", WRONG)
def test_a_wrong_block_fails(fault: str, tmp_path: Path) -> None:
    good = "```python\na = 5\n```\n\n```pycon\n>>> a\n5\n```\n\n```console\n$ echo 5; echo 7\n5\n...\n```\n"
    assert run_page(good, tmp_path) == 3
    with pytest.raises(WrongBlock):
        run_page(good + "\n" + WRONG[fault], tmp_path)


def test_a_number_changed_in_a_page_is_noticed(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "mathematics.md").read_text(encoding="utf-8")
    shown = "(56, 120)"
    assert page.count(shown) == 1
    with pytest.raises(WrongBlock, match="56, 120"):
        run_page(page.replace(shown, "(56, 121)"), tmp_path)


def test_dots_stand_for_anything_and_nothing_else_does() -> None:
    assert same("a ... c\n", "a b c\n")
    assert same("a\n...\nd\n", "a  \nb\nc\nd\n")
    assert not same("a ... c\n", "a b d\n")
    assert [command.text for command in commands("$ a \\\n  b\n5\n$ c\n")] == ["a \\\n  b", "c"]


def test_a_block_leaves_no_process_behind(tmp_path: Path) -> None:
    run_page("```console\n$ sleep 1000 > /dev/null 2>&1 & echo $! > started\n```\n", tmp_path)
    started = Path("/proc") / (tmp_path / "started").read_text(encoding="utf-8").strip()
    for _ in range(100):
        if not started.exists() or "\nState:\tZ" in (started / "status").read_text(encoding="utf-8"):
            return
        time.sleep(0.05)
    pytest.fail("the process is still there")


def prose(path: Path) -> str:
    """A page without its code blocks and links."""
    text = path.read_text(encoding="utf-8")
    for block in blocks(text):
        text = text.replace(block.text, "")
    return LINK.sub(r"\1", text)


def computed_numbers(text: str) -> set[str]:
    """What looks like a number that a program found: decimals, percentages and integers of two digits or more."""
    return set(re.findall(r"(?<![\w./^{])(?:\d+\.\d+|\d{1,3}(?:,\d{3})+|\d{2,})(?![\w/])", text))


def shows(text: str, number: str) -> bool:
    """Whether the number stands in the text by itself, not as a part of a longer one."""
    return re.search(rf"(?<![\d.,]){re.escape(number)}(?!\d|[.,]\d)", text) is not None


@pytest.mark.parametrize("path", [path for path in PAGES if path.stem != "results"], ids=page_id)
def test_a_page_says_no_number_that_none_of_its_blocks_shows(path: Path) -> None:
    shown = "".join(block.text for block in blocks(path.read_text(encoding="utf-8")))
    assert {number for number in computed_numbers(prose(path)) if not shows(shown, number)} == set()


def test_numbers_in_prose_are_seen() -> None:
    text = "width 352, error 2.64, 1,376 of 8, 24 bits and `x` 1/100 of float32 and burkholz2022b"
    assert computed_numbers(text) == {"352", "2.64", "1,376", "24"}
    assert shows("key 24, ...", "24")
    assert not any(shows(text, "24") for text in ("1,240", "0.24", "24.5", "241"))


@pytest.mark.parametrize("path", [*PAGES, ROOT / "README.md", ROOT / "CONTRIBUTING.md"], ids=page_id)
def test_links_lead_to_files_and_statement_names_are_in_the_ledger(path: Path) -> None:
    missing = []
    for name, address in LINK.findall(path.read_text(encoding="utf-8")):
        if address.startswith("http"):
            continue
        file = path.parent / address.partition("#")[0]
        if not file.exists():
            missing.append(address)
        elif file.parent.name == "statements" and (name not in STATEMENTS or f'"{name}"' not in file.read_text(encoding="utf-8")):
            missing.append(f"{name} in {address}")
    assert missing == []


def test_every_page_is_listed_and_the_mathematics_links_statements() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    assert {address for _, address in LINK.findall(index)} == {path.name for path in PAGES} - {"index.md"}
    linked = {name for name, _ in LINK.findall((ROOT / "docs" / "mathematics.md").read_text(encoding="utf-8"))}
    assert len(linked & STATEMENTS.keys()) >= 20


def test_the_site_links_pages_to_pages_and_statements_to_the_report(tmp_path: Path) -> None:
    text = "# A <b> title\n\n[group](group.md), [companion.A4](../theory/statements/companion.py) <b>\n\n| a |\n| - |\n| 1 |\n"
    title, page = render(text)
    assert title == "A <b> title"
    assert '<a href="group.html">group</a>' in page
    assert '<a href="../report.html#companion.A4">companion.A4</a>' in page
    assert "<b>" not in page
    assert "<td>1</td>" in page
    written = write_pages(tmp_path)
    results = (tmp_path / "docs" / "results.html").read_text(encoding="utf-8")
    assert "<table" in results
    assert "&lt;!--" not in results, "the marks of tables are not shown"
    assert {path.stem for path in written} == {path.stem for path in PAGES}
    anchors = set(re.findall(r'href="\.\./report\.html#([^"]+)"', "".join(path.read_text(encoding="utf-8") for path in written)))
    assert len(anchors) >= 20
    assert {unquote(anchor) for anchor in anchors} <= STATEMENTS.keys()
    assert write_pages(tmp_path / "other", tmp_path / "nowhere") == []
