"""LaTeX: every letter printed as it stands, every table as wide as the text; compiled where there is a compiler."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paper_figures.latex import LatexTable, broken, column_widths, length, pieces, typeset
from paper_figures.tables import latex, shown, tables
from theory.latex import escaped
from theory.ledger_table import latex_table
from theory.statement import STATEMENTS
from theory.status import statuses

WIDTH = 5.5
PACKAGES = "amsmath,amssymb,array,booktabs,longtable,rotating"
START = rf"\documentclass{{article}}\usepackage[T1]{{fontenc}}\usepackage[textwidth={WIDTH}in,textheight=9in]{{geometry}}"


def loose(text: str) -> set[str]:
    """Letters that LaTeX reads as commands, outside of commands and mathematics, and letters that it does not know."""
    without = re.sub(r"\$[^$]*\$", "", re.sub(r"\\[&%$#_{}]", "", text))
    without = re.sub(r"\\[a-z]+\{\}", "", without)
    return {letter for letter in without if letter in '&%$#_{}~^\\<>|"' or not (letter.isascii() or letter in "ñéáóúñ")}


def ledger() -> str:
    return latex_table(statuses([]))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("100 % & $5, a_b #1 {x} ~^", r"100 \% \& \$5, a\_b \#1 \{x\} \textasciitilde{}\textasciicircum{}"),
        ("C:\\x", r"C:\textbackslash{}x"),
        ("ε ≤ 2⁻¹²", r"$\varepsilon$ $\leq$ 2$^{-12}$"),
        ("|B| < λ₁₀", r"$|$B$|$ $<$ $\lambda$$_{10}$"),
        ("R\u0302 of Muñoz", r"$\hat{R}$ of Muñoz"),
        ("ΣΑ ∖ ℝ", r"$\Sigma$$\mathrm{A}$ $\setminus$ $\mathbf{R}$"),
        ("\N{SNOWMAN}", "U+2603"),
        ("a\nb", "a b"),
    ],
)
def test_a_text_is_printed_as_it_stands(text: str, written: str) -> None:
    assert escaped(text) == written
    assert loose(written) == set()


@given(st.text(st.sampled_from("aZ0&%$#_{}~^\\<>|\"'`≤≥ελΣ²⁻₀ ñ′·×√∞"), max_size=12))
def test_no_text_leaves_a_command_or_an_open_formula(text: str) -> None:
    written = escaped(text)
    assert loose(written) == set()
    assert re.sub(r"\\\$", "", written).count("$") % 2 == 0
    assert loose("a_b") == {"_"}, "what is loose is seen"


def test_no_letter_of_a_table_or_of_the_ledger_is_unknown(tmp_path: Path) -> None:
    texts = [latex(table, table.rows(tmp_path)) for table in tables().values()]
    texts += [escaped(statement.text + statement.title + " ".join(statement.hypotheses)) for statement in STATEMENTS.values()]
    assert [text for text in texts if "U+" in text] == []


def test_words_are_cut_where_names_have_joints_and_numbers_nowhere() -> None:
    assert pieces("companion.A1_root 3.14 1,376 5e-06 f(n=5)") == ["companion.", "A1_", "root", "3.14", "1,376", "5e-06", "f(", "n=", "5)"]
    assert broken("-3 5e-06 a_b") == r"$-3$ $5 \cdot 10^{-6}$ a\_\allowbreak{}b"
    assert "".join(pieces("a.b/c=d,e")) == "a.b/c=d,e"


def test_columns_fill_the_text_and_none_is_narrower_than_its_longest_piece() -> None:
    table = LatexTable("c", ("a", "b"), [["word " * 40, "7"], ["word", "123456"]], (False, True))
    found = column_widths(table, 8.0, 400.0)
    assert found is not None
    assert sum(found) == pytest.approx(394)
    assert found[1] >= 8 * length("123456")
    assert column_widths(table, 8.0, 20.0) is None
    short = column_widths(LatexTable("c", ("a",), [["x"]], (False,)), 8.0, 400.0)
    assert short == [8 * length("x" if length("x") > length("a") else "a")]
    assert "sidewaystable" in typeset(LatexTable("c", ("heading",) * 20, [["0.12345"] * 20], (True,) * 20), WIDTH)


@pytest.mark.parametrize("width", [5.5, 6.75])
def test_every_table_is_set_for_the_text_it_is_asked_for(width: float, tmp_path: Path) -> None:
    for table in tables().values():
        rows = table.rows(tmp_path)
        text = latex(table, rows, width)
        widths = [float(points) for points in re.findall(r"p\{([0-9.]+)pt\}", text)]
        assert len(widths) == len(table.COLUMNS) == len(shown(table, rows)[0])
        assert sum(widths) + 6 * (len(widths) - 1) <= 72.27 * (8.5 if "sideways" in text else width)


def compiled(folder: Path, bodies: dict[str, str]) -> tuple[int, list[str]]:
    """What pdfLaTeX returns for a document that inputs these texts, and the lines that say what is wrong."""
    for name, body in bodies.items():
        (folder / f"{name}.tex").write_text(body, encoding="utf-8")
    inputs = "\n".join(rf"\input{{{name}}}\clearpage" for name in bodies)
    (folder / "all.tex").write_text(
        f"{START}\\usepackage{{{PACKAGES}}}\\begin{{document}}\n{inputs}\n\\end{{document}}\n", encoding="utf-8"
    )
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"]
    finished = subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace", check=False)
    told = [line for line in finished.stdout.splitlines() if line.startswith(("!", "Overfull", "LaTeX Warning: Float too large"))]
    return finished.returncode, told


needs_a_compiler = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not there: tables are not compiled")


@needs_a_compiler
def test_every_table_and_the_ledger_compile_without_a_box_that_is_too_wide(tmp_path: Path) -> None:
    bodies = {name: latex(table, table.rows(tmp_path), WIDTH) for name, table in tables().items()}
    assert compiled(tmp_path, bodies | {"ledger": ledger()}) == (0, [])
    assert (tmp_path / "all.pdf").stat().st_size > 10_000


@needs_a_compiler
def test_a_letter_left_as_it_is_and_a_column_too_narrow_are_noticed(tmp_path: Path) -> None:
    good = typeset(LatexTable("c", ("a", "b"), [["x&y_z", "1"]], (False, True)), WIDTH)
    assert compiled(tmp_path, {"good": good}) == (0, [])
    assert compiled(tmp_path, {"bad": good.replace(r"\_", "_")})[0] != 0
    assert compiled(tmp_path, {"bad": good.replace(r"\&", "&")})[0] != 0
    narrow = re.sub(r"p\{[0-9.]+pt\}", "p{3pt}", good)
    assert any("Overfull" in line for line in compiled(tmp_path, {"narrow": narrow})[1])
