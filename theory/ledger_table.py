"""The ledger as a LaTeX table."""

from collections.abc import Mapping

import sympy

from theory.derivation import DERIVATIONS
from theory.latex import escaped
from theory.statement import STATEMENTS
from theory.status import Status

COLUMNS = (0.27, 0.25, 0.13, 0.06, 0.2)
"""Parts of the text that the columns take."""


def latex_table(computed: Mapping[str, tuple[Status, bool]]) -> str:
    """A longtable: statement, title, status, machine steps of its proof, source and how well it is known; below them its formula.

    A document needs `array`, `booktabs`, `longtable`, `amsmath`, `amssymb` and the font encoding T1.
    """
    columns = r"@{\hspace{3pt}}".join(rf">{{\raggedright\arraybackslash}}p{{{part}\textwidth}}" for part in COLUMNS)
    lines = [
        r"{\scriptsize",
        rf"\begin{{longtable}}{{@{{}}{columns}@{{}}}}",
        r"\toprule",
        r"statement & title & status & steps & source \\",
        r"\midrule\endhead",
    ]
    for identifier, (status, rests) in computed.items():
        statement = STATEMENTS[identifier]
        steps = len(DERIVATIONS[identifier].machine_steps) if identifier in DERIVATIONS else 0
        cells = [
            escaped(identifier).replace(".", r".\allowbreak{}").replace(r"\_", r"\_\allowbreak{}"), escaped(statement.title),
            status.value + ("" if rests else ", uses weaker"), str(steps or ""), escaped(f"{statement.source} ({statement.known})"),
        ]  # fmt: skip
        lines.append(" & ".join(cells) + r" \\*" * (statement.formula is not None) + r" \\[2pt]" * (statement.formula is None))
        if statement.formula is not None:
            lines.append(rf"\multicolumn{{{len(COLUMNS)}}}{{@{{}}l@{{}}}}{{${sympy.latex(statement.formula)}$}} \\[2pt]")
    return "\n".join([*lines, r"\bottomrule", r"\end{longtable}}"])
