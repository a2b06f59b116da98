"""Plain text as LaTeX that pdfLaTeX, LuaLaTeX and XeLaTeX print as it stands, without packages."""

import re
import unicodedata

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
    "`": r"\textasciigrave{}",
    '"': "''",
    "–": "--",
    "—": "---",
    "…": r"\ldots{}",
    "‘": "`",
    "’": "'",
    "“": "``",
    "”": "''",
    "\n": " ",
    "\t": " ",
    "\N{NO-BREAK SPACE}": "~",
}
MATHEMATICS = {
    **{letter: letter for letter in "<>|"},
    "≤": r"\leq",
    "≥": r"\geq",
    "≠": r"\neq",
    "≈": r"\approx",
    "∼": r"\sim",
    "≡": r"\equiv",
    "⪰": r"\succeq",
    "⪯": r"\preceq",
    "×": r"\times",
    "·": r"\cdot",
    "±": r"\pm",
    "÷": r"\div",
    "−": "-",
    "√": r"\surd",
    "∞": r"\infty",
    "′": "'",
    "″": "''",
    "∫": r"\int",
    "∑": r"\sum",
    "∏": r"\prod",
    "∂": r"\partial",
    "⊗": r"\otimes",
    "⊕": r"\oplus",
    "∘": r"\circ",
    "≀": r"\wr",
    "∈": r"\in",
    "∉": r"\notin",
    "⊂": r"\subset",
    "⊆": r"\subseteq",
    "∪": r"\cup",
    "∩": r"\cap",
    "∖": r"\setminus",
    "∅": r"\emptyset",
    "→": r"\to",
    "↦": r"\mapsto",
    "⇒": r"\Rightarrow",
    "⇔": r"\Leftrightarrow",
    "←": r"\leftarrow",
    "⋊": r"\rtimes",
    "¬": r"\neg",
    "⌈": r"\lceil",
    "⌉": r"\rceil",
    "⌊": r"\lfloor",
    "⌋": r"\rfloor",
    "⟨": r"\langle",
    "⟩": r"\rangle",
    "‖": r"\Vert",
    "ℝ": r"\mathbf{R}",
    "ℤ": r"\mathbf{Z}",
    "ℕ": r"\mathbf{N}",
    "ℚ": r"\mathbf{Q}",
    "ℂ": r"\mathbf{C}",
    "∀": r"\forall",
    "∃": r"\exists",
    "½": r"\frac{1}{2}",
    "¼": r"\frac{1}{4}",
    "¾": r"\frac{3}{4}",
    "ε": r"\varepsilon",
    "φ": r"\varphi",
    "ϕ": r"\phi",
    "ο": "o",
}
UPRIGHT_GREEK = {"Γ", "Δ", "Θ", "Λ", "Ξ", "Π", "Σ", "Υ", "Φ", "Ψ", "Ω"}
RAISED = re.compile(r"[²³¹ʰʲʳˡˢˣ\u1d2c-\u1d6a⁰-ⁿᵗᶜ]+")
LOWERED = re.compile(r"[₀-₎ₐ-ₜⱼᵢᵣᵤᵥ]+")
ACCENTED = re.compile(r"(\w)([\u0302\u0303\u0304])")
ACCENTS = {"\u0302": r"\hat", "\u0303": r"\tilde", "\u0304": r"\bar"}


def escaped(text: str) -> str:
    """The text as LaTeX: mathematical letters in math mode; a letter that is neither Latin nor known here as its code, U+2603."""
    parts, at = [], 0
    while at < len(text):
        for pattern, write in ((LOWERED, _lowered), (RAISED, _raised), (ACCENTED, _accented)):
            if found := pattern.match(text, at):
                parts.append(write(found))
                at = found.end()
                break
        else:
            parts.append(_letter(text[at]))
            at += 1
    return "".join(parts)


def _letter(letter: str) -> str:
    if letter in SPECIAL:
        return SPECIAL[letter]
    if mathematics := _mathematics(letter):
        return f"${mathematics}$"
    if letter.isascii() or unicodedata.name(letter, "").startswith("LATIN"):
        return letter
    return f"U+{ord(letter):04X}"


def _mathematics(letter: str) -> str:
    name = unicodedata.name(letter, "")
    if letter in MATHEMATICS:
        return MATHEMATICS[letter]
    if found := re.fullmatch(r"GREEK (SMALL|CAPITAL) LETTER (\w+)", name):
        greek = {"LAMDA": "lambda"}.get(found[2], found[2].lower())
        if found[1] == "SMALL":
            return f"\\{greek}"
        return f"\\{greek.capitalize()}" if letter in UPRIGHT_GREEK else rf"\mathrm{{{name[21]}}}"
    return ""


def _plain(text: str) -> str:
    return "".join({"−": "-"}.get(part, part) for part in unicodedata.normalize("NFKC", text))


def _raised(found: re.Match[str]) -> str:
    return f"$^{{{_plain(found[0])}}}$"


def _lowered(found: re.Match[str]) -> str:
    return f"$_{{{_plain(found[0])}}}$"


def _accented(found: re.Match[str]) -> str:
    return f"${ACCENTS[found[2]]}{{{_mathematics(found[1]) or found[1]}}}$"
