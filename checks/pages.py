"""The pages of documentation beside the report: Markdown to self-contained HTML, statements linked to where the report shows them."""

import re
from itertools import pairwise
from pathlib import Path

import jinja2
from markdown_it import MarkdownIt
from markdown_it.token import Token

from theory.statement import STATEMENTS

DOCS = Path(__file__).parent.parent / "docs"


def render(text: str) -> tuple[str, str]:
    """Title and HTML of a page; raw HTML in it is shown, not obeyed, marks of tables are left out.

    Links to other pages and to statements are those of the report's site.
    """
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(re.sub(r"(?m)^<!-- [\w: ]+ -->$", "", text))
    title = next((tokens[i + 1].content for i, token in enumerate(tokens) if token.type == "heading_open"), "Documentation")
    for token in tokens:
        children = token.children or []
        for child, inside in pairwise(children):
            if child.type == "link_open":
                child.attrSet("href", address(str(child.attrGet("href")), inside))
    return title, parser.renderer.render(tokens, parser.options, {})


def address(link: str, inside: Token) -> str:
    """Where a link of a page leads on the site."""
    if "/statements/" in link and inside.content in STATEMENTS:
        return f"../report.html#{inside.content}"
    return re.sub(r"^([\w-]+)\.md(?=#|$)", r"\1.html", link)


def write_pages(out: Path, docs: Path = DOCS) -> list[Path]:
    """Write each page of `docs` to `out`/docs; none if there are none, as in an installation without them."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=jinja2.StrictUndefined
    )
    template = environment.get_template("page.html.j2")
    written = []
    for source in sorted(docs.glob("*.md")):
        title, body = render(source.read_text(encoding="utf-8"))
        path = out / "docs" / f"{source.stem}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(template.render(title=title, body=body), encoding="utf-8")
        written.append(path)
    return written
