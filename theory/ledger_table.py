"""The ledger as a LaTeX table."""

from collections.abc import Mapping

import sympy

from theory.derivation import DERIVATIONS
from theory.statement import STATEMENTS
from theory.status import Status

SPECIAL = {
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "\\": r"\textbackslash{}",
}


def escaped(text: str) -> str:
    """Text that LaTeX prints as it stands; letters outside ASCII are for LuaLaTeX or XeLaTeX."""
    return "".join(SPECIAL.get(letter, letter) for letter in text)


def latex_table(computed: Mapping[str, tuple[Status, bool]]) -> str:
    """A longtable: statement, title, status, machine steps of its proof, source and how well it is known, formula."""
    lines = [
        r"\begin{longtable}{@{}lp{0.25\textwidth}lrp{0.15\textwidth}p{0.25\textwidth}@{}}",
        r"\toprule",
        r"statement & title & status & steps & source & formula \\",
        r"\midrule\endhead",
    ]
    for identifier, (status, rests) in computed.items():
        statement = STATEMENTS[identifier]
        steps = len(DERIVATIONS[identifier].machine_steps) if identifier in DERIVATIONS else 0
        formula = "" if statement.formula is None else f"${sympy.latex(statement.formula)}$"
        cells = [
            rf"\texttt{{{escaped(identifier)}}}", escaped(statement.title), status.value + ("" if rests else ", uses weaker"), str(steps or ""),
            escaped(f"{statement.source} ({statement.known})"), formula,
        ]  # fmt: skip
        lines.append(" & ".join(cells) + r" \\")
    return "\n".join([*lines, r"\bottomrule", r"\end{longtable}"])
