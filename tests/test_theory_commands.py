"""`python -m theory ...`: numbers, exit codes (1 refuted, 2 bad input), messages without a traceback."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from theory.__main__ import Command, main
from theory.cli import run
from theory.instantiation import REGISTRY
from theory.statement import STATEMENTS
from theory.status import Evidence, write_evidence

ROOT = Path(__file__).parents[1]
ACCURATE = ("--epsilon", "0.01", "--delta", "0.01")
HEAD = "from dataclasses import dataclass\nimport sympy\nfrom theory import *\n"


@pytest.fixture(autouse=True)
def registry() -> Iterator[None]:
    """What a file registers is forgotten after the test."""
    before = dict(REGISTRY)
    yield
    REGISTRY.clear()
    REGISTRY.update(before)


class Outcome:
    """Exit code, standard output and standard error of one command."""

    def __init__(self, code: object, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def theory(capsys: pytest.CaptureFixture[str]):
    """Run a command in this process."""

    def call(*arguments: str) -> Outcome:
        with pytest.raises(SystemExit) as ended:
            run(main, Command, "python -m theory", "test", list(arguments))
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return Outcome(ended.value.code, captured.out, captured.err)

    return call


def in_a_process(*arguments: str) -> Outcome:
    done = subprocess.run([sys.executable, "-m", "theory", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in done.stderr
    return Outcome(done.returncode, done.stdout, done.stderr)


def group_file(tmp_path: Path, *, group: str = "PermutationGroup([[1, 2, 0], [0, 2, 1]], names=('r', 's'))",
               representation: str = "self.group().natural()", claims: str = "source = Source('mine')") -> str:  # fmt: skip
    lines = "\n    ".join(claims.split("; "))
    path = tmp_path / "group.py"
    path.write_text(
        f"{HEAD}\n@register\n@dataclass(frozen=True)\nclass OwnTriangle(GroupInstantiation):\n    {lines}\n"
        f"    def group(self):\n        return {group}\n    def representation(self):\n        return {representation}\n",
        encoding="utf-8",
    )
    return str(path)


def test_the_bounds_of_sets_are_printed_as_json(theory) -> None:
    outcome = theory("bound", "sets", *ACCURATE, "--json")
    assert (outcome.code, outcome.err) == (0, "")
    values = json.loads(outcome.out)
    assert values["basis_size"] == 2
    assert values["basis_norm"] == "5"
    assert values["lemma1_width"] == 340
    assert values["theorem1_width"] == 361
    assert values["theorem2_parameters"] == 11  # ⌈2·log2(50) - 1⌉ = ⌈10.29⌉
    assert values["effective_parameters"] == 340 * 3
    assert values["raw_parameters"] == 340 * (2 + 2)
    assert set(values["latex"]) == {"ferbach2023.lemma1", "ferbach2023.theorem1", "ferbach2023.theorem2"}


def test_parameters_channels_and_quiet(theory) -> None:
    wide = theory("bound", "sets(n=8)", *ACCURATE, "--channels-in", "3", "--channels-out", "2", "--quiet")
    assert wide.code == 0
    assert int(wide.out) > 340
    assert "340" in theory("bound", "sets", *ACCURATE).out


def test_a_file_of_ones_own_is_verified_and_bounded(theory, tmp_path: Path) -> None:
    outcome = theory("bound", group_file(tmp_path), *ACCURATE, "--json")
    assert outcome.code == 0
    assert json.loads(outcome.out)["basis_size"] == 2


REFUTED = {
    "NotAHomomorphism": ({"representation": "self.group().representation([[1, 2, 0], [0, 1, 2]])"}, ("the relator", "must map to the identity")),
    "NotOrthogonal": (
        {"representation": "self.group().representation([[[0, -1], [1, -1]], [[1, -1], [0, -1]]])"}, ("ρ(r) maps x", "orthonormal basis"),
    ),
    "NonlinearityNotEquivariant": (
        {"representation": "self.group().representation([[[1]], [[-1]]])"}, ("declares relu", "at x = (1,)", "choose a permutation"),
    ),
    "BasisMismatch": ({"claims": "source = Source('mine'); basis_size = 3"}, ("declares |B| = 3", "dimension 2", "basis_size = 2")),
    "NormTooSmall": (
        {"claims": "source = Source('mine'); basis_norm = sympy.Rational(2997, 1000)"}, ("2997/1000", "of norm 3", "basis_norm = 3"),
    ),
    "UnknownSource": ({"claims": "source = Source('euclid')"}, ("'euclid' is not in the bibliography", "Use 'mine'")),
}  # fmt: skip


@pytest.mark.parametrize("error", REFUTED)
def test_a_false_claim_is_refuted_with_exit_code_one(theory, tmp_path: Path, error: str) -> None:
    declaration, parts = REFUTED[error]
    outcome = theory("bound", group_file(tmp_path, **declaration), *ACCURATE)
    assert outcome.code == 1
    assert outcome.err.startswith(f"{error}: ")
    assert outcome.out == ""
    for part in parts:
        assert part in outcome.err


BAD_DECLARATIONS = {
    "NotAPermutation": ({"group": "PermutationGroup([[0, 0]])"}, ("[0, 0] is not a permutation of 0..1", "every point once")),
    "NotAMatrix": ({"representation": "self.group().representation([[[1, 1], [1, 1]], [[1, 0], [0, 1]]])"}, ("generator r is singular",)),
    "BadInput": ({"representation": "self.group().representation([[0, 1]])"}, ("1 images for 2 generators", "each generator")),
    "DifferentGroups": (
        {"representation": "self.group().natural() + PermutationGroup([[1, 0]]).natural()"}, ("orders 6 and 2", "generator for generator"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("error", BAD_DECLARATIONS)
def test_a_declaration_that_makes_no_sense_ends_with_exit_code_two(theory, tmp_path: Path, error: str) -> None:
    declaration, parts = BAD_DECLARATIONS[error]
    outcome = theory("bound", group_file(tmp_path, **declaration), *ACCURATE)
    assert outcome.code == 2
    assert outcome.err.startswith(f"{error}: ")
    for part in parts:
        assert part in outcome.err


def test_floating_point_matrices_are_refused_and_exact_ones_asked_for(tmp_path: Path) -> None:
    """In a process of its own, without the type checks of the tests."""
    path = group_file(tmp_path, representation="self.group().representation([[[0.5]], [[1]]])")
    outcome = in_a_process("bound", path, *ACCURATE)
    assert outcome.code == 2
    assert outcome.err.startswith(
        "NotAMatrix: the image of generator r: the entry 0.5 is not exact; write an int, a Fraction, or a SymPy number"
    )


BAD_OPTIONS = [
    (("sets", "--epsilon", "0", "--delta", "0.01"), "OutOfRange", ("epsilon = 0", "ε > 0")),
    (("sets", "--epsilon=-1", "--delta", "0.01"), "OutOfRange", ("epsilon = -1", "ε > 0")),
    (("sets", "--epsilon", "x", "--delta", "0.01"), "BadInput", ("'x' is no exact number", "1/100")),
    (("sets", "--epsilon", "nan", "--delta", "0.01"), "BadInput", ("'nan' is no exact number",)),
    (("sets", "--epsilon", "0.01", "--delta", "0"), "OutOfRange", ("delta = 0", "0 < δ < 1")),
    (("sets", "--epsilon", "0.01", "--delta", "1"), "OutOfRange", ("delta = 1", "0 < δ < 1")),
    (("sets", "--epsilon", "0.01", "--delta", "3/2"), "OutOfRange", ("delta = 3/2", "0 < δ < 1")),
    (("sets", *ACCURATE, "--channels-in", "0"), "OutOfRange", ("channels_in = 0", "positive integer")),
    (("sets", *ACCURATE, "--channels-out", "-2"), "OutOfRange", ("channels_out = -2", "positive integer")),
    (("sets", *ACCURATE, "--layers", "0"), "OutOfRange", ("depth = 0", "positive number of layers")),
    (("sets", *ACCURATE, "--norm", "taxi"), "OutOfRange", ("norm = 'taxi'", "choose 'max'")),
    (("spheres", *ACCURATE), "UnknownName", ("'spheres'", "known are alternating", "FILE.py")),
    (("sets(n=x)", *ACCURATE), "BadInput", ("'sets(n=x)' cannot be read", "write it as sets(n=5)")),
    (("sets(n=8.5)", *ACCURATE), "BadInput", ("n = 8.5 is no integer", "write it as sets(n=5)")),
    (("sets(n=0)", *ACCURATE), "OutOfRange", ("Sets(n=0)", "n ≥ 1")),
    (("no_such_file.py", *ACCURATE), "BadFile", ("no_such_file.py is no file", "give the path")),
]


@pytest.mark.parametrize(
    ("arguments", "error", "parts"), BAD_OPTIONS, ids=lambda value: " ".join(value) if isinstance(value, tuple) else value
)
def test_input_outside_the_domain_ends_with_exit_code_two(theory, arguments: tuple[str, ...], error: str, parts: tuple[str, ...]) -> None:
    outcome = theory("bound", *arguments)
    assert outcome.code == 2
    assert outcome.out == ""
    assert outcome.err.startswith(f"{error}: ")
    for part in parts:
        assert part in outcome.err


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("x = 1\n", "registers no instantiation; put @register above"),
        ("1/0\n", "failed while it was read: ZeroDivisionError"),
        ("def (\n", "failed while it was read: SyntaxError"),
    ],
)
def test_a_file_that_registers_nothing_or_raises_ends_with_exit_code_two(theory, tmp_path: Path, text: str, part: str) -> None:
    path = tmp_path / "wrong.py"
    path.write_text(text, encoding="utf-8")
    outcome = theory("bound", str(path), *ACCURATE)
    assert outcome.code == 2
    assert outcome.err.startswith(f"BadFile: {path} ")
    assert part in outcome.err


def test_a_declaration_without_a_group_has_bounds_and_a_norm_that_no_check_vouches_for(theory, tmp_path: Path) -> None:
    path = tmp_path / "bare.py"
    path.write_text(
        f"{HEAD}@register\n@dataclass(frozen=True)\nclass BareOperators(Instantiation):\n    source = Source('mine')\n"
        "    def true_basis_size(self): return 2\n    def basis_norm_bounds(self): return sympy.Integer(2), sympy.Integer(2)\n"
        "    def verify(self): return {}\n",
        encoding="utf-8",
    )
    outcome = theory("bound", str(path), *ACCURATE)
    assert outcome.code == 0
    assert "declared, unchecked" in outcome.out
    found = json.loads(theory("bound", str(path), *ACCURATE, "--json").out)
    assert (found["basis_size"], found["basis_norm"]) == (2, "2")


def test_the_exit_code_is_that_of_the_process(tmp_path: Path) -> None:
    refuted = in_a_process("bound", group_file(tmp_path, claims="source = Source('mine'); basis_size = 3"), *ACCURATE)
    assert refuted.code == 1
    assert refuted.err.startswith("BasisMismatch: OwnTriangle() declares |B| = 3")
    assert in_a_process("statement", "no.such").code == 2


def test_the_ledger_lists_every_statement_with_a_computed_status(theory, tmp_path: Path) -> None:
    before = theory("ledger", "--out", str(tmp_path), "--json")
    assert before.code == 0
    entries = json.loads(before.out)
    assert {entry["id"] for entry in entries} == set(STATEMENTS)
    assert {entry["status"] for entry in entries} == {"stated"}
    write_evidence([Evidence("companion.A2", "check", "instances", "held", "M = 1")], tmp_path / "evidence.json")
    after = {entry["id"]: entry for entry in json.loads(theory("ledger", "--out", str(tmp_path), "--json").out)}
    assert after["companion.A2"]["status"] == "certified"
    assert after["companion.A2"]["uses_at_least_as_firm"] is False  # the discrete cut lemma is only stated
    assert after["companion.A1"]["status"] == "stated"
    assert "1 certified" in theory("ledger", "--out", str(tmp_path), "--quiet").out
    assert "companion.A2" in theory("ledger", "--out", str(tmp_path)).out


def test_damaged_evidence_ends_with_exit_code_two_and_the_remedy(theory, tmp_path: Path) -> None:
    (tmp_path / "evidence.json").write_text("[{", encoding="utf-8")
    for command in (("ledger",), ("statement", "companion.A1")):
        outcome = theory(*command, "--out", str(tmp_path))
        assert outcome.code == 2
        assert outcome.err.startswith("BadFile: ")
        assert "delete it and run `python -m checks` again" in outcome.err


def test_one_statement_is_shown_with_its_source_and_uses(theory, tmp_path: Path) -> None:
    shown = theory("statement", "ferbach2023.theorem1", "--out", str(tmp_path))
    assert shown.code == 0
    for part in ("○ ferbach2023.theorem1", "ferbach2023, Theorem 1", "ferbach2023.lemma1, companion.A5_relative", "assuming 0 < ε ≤ 1"):
        assert part in shown.out
    assert theory("statement", "ferbach2023.theorem1", "--out", str(tmp_path), "--quiet").out == "stated\n"
    record = json.loads(theory("statement", "ferbach2023.theorem1", "--out", str(tmp_path), "--json").out)
    assert record["uses"] == ["ferbach2023.lemma1", "companion.A5_relative"]


def test_an_unknown_statement_ends_with_exit_code_two_and_the_known_ones(theory) -> None:
    outcome = theory("statement", "ferbach2023.theorem9")
    assert outcome.code == 2
    assert outcome.err.startswith("UnknownName: no statement is called 'ferbach2023.theorem9'; known are ")


def test_the_file_that_new_writes_verifies_as_it_is(theory, tmp_path: Path) -> None:
    path = tmp_path / "sub" / "my_square.py"
    written = theory("new", str(path))
    assert written.code == 0
    assert str(path) in written.out
    assert "class MySquare(GroupInstantiation)" in path.read_text(encoding="utf-8")
    bounded = theory("bound", str(path), *ACCURATE, "--json")
    assert json.loads(bounded.out)["basis_size"] == 3  # the square: the vertex itself, its neighbours, the opposite one
    again = theory("new", str(path))
    assert again.code == 2
    assert "exists and is left alone; name another file" in again.err


@pytest.mark.parametrize(
    ("name", "part"), [("group.txt", "must end in .py"), ("1group.py", "start the file's name with"), ("true.py", "no class name")]
)
def test_a_name_that_makes_no_class_is_refused_and_nothing_written(theory, tmp_path: Path, name: str, part: str) -> None:
    outcome = theory("new", str(tmp_path / name))
    assert outcome.code == 2
    assert part in outcome.err
    assert not (tmp_path / name).exists()


def test_an_interruption_ends_with_130(capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(command: object) -> int:
        raise KeyboardInterrupt(command)

    with pytest.raises(SystemExit) as ended:
        run(interrupted, Command, "python -m theory", "test", ["ledger"], resumes=True)
    assert ended.value.code == 130
    assert "goes on from there" in capsys.readouterr().err


def test_a_space_on_which_the_group_is_not_transitive_has_bounds_too(tmp_path: Path) -> None:
    """Warning W2: the first layer's basis is changed so that the identity is one of its operators; the second layer's needs no change."""
    file = tmp_path / "fixed.py"
    file.write_text(
        "from dataclasses import dataclass\n"
        "from theory import GroupInstantiation, PermutationGroup, Source, register\n"
        "@register\n@dataclass(frozen=True)\nclass Fixed(GroupInstantiation):\n"
        "    source = Source('mine')\n"
        "    def group(self):\n        return PermutationGroup([[1, 0, 2]])\n"
        "    def representation(self):\n        return self.group().natural()\n",
        encoding="utf-8",
    )
    arguments = [sys.executable, "-m", "theory", "bound", str(file), "--epsilon", "0.01", "--delta", "0.01", "--json"]
    finished = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert finished.returncode == 0
    found = json.loads(finished.stdout)
    assert (found["basis_size"], found["basis_norm"]) == (5, "3")


def test_the_ledger_is_printed_as_a_latex_table_without_loose_special_letters(theory, tmp_path: Path) -> None:
    lines = theory("ledger", "--latex", "--out", str(tmp_path)).out.splitlines()
    assert lines[1].startswith(r"\begin{longtable}")
    assert lines[-1] == r"\end{longtable}}"
    rows = [line for line in lines if line.count(" & ") == 4][1:]
    assert len(rows) == len(json.loads(theory("ledger", "--json", "--out", str(tmp_path)).out))
    assert all(r" \\" in row and "_" not in re.sub(r"\$[^$]*\$", "", row).replace(r"\_", "") for row in rows)
    assert r"companion.\allowbreak{}kappa\_\allowbreak{}product" in "".join(rows)
    assert all(row.replace("ñ", "").isascii() for row in lines), "Greek letters and signs are mathematics"


def test_a_tight_width_is_below_the_closed_form_and_costs_only_when_asked_for(theory) -> None:
    plain = json.loads(theory("bound", "trivial", "--epsilon", "1/2", "--delta", "1/2", "--json").out)
    tight = json.loads(theory("bound", "trivial", "--epsilon", "1/2", "--delta", "1/2", "--tight", "--json").out)
    assert "tight_width" not in plain
    assert tight["tight_width"] < tight["lemma1_width"] == plain["lemma1_width"]


def test_samples_of_vectors_print_the_computed_number_the_closed_forms_and_the_lower_bound(theory) -> None:
    asked = ("samples", *ACCURATE, "--law", "nsn", "--dimension", "2")
    printed = theory(*asked)
    assert printed.code == 0
    assert all(word in printed.out for word in ("one target", "all targets", "companion.A3_all", "companion.vector_counting"))
    record = json.loads(theory(*asked, "--json").out)
    assert record["needed"] < record["one_target"] < record["proved"] < min(record["closed_forms"].values())
    assert theory(*asked, "--quiet").out.strip() == str(record["proved"])


@pytest.mark.parametrize("wrong", [("--law", "nsn"), ("--law", "uniform", "--dimension", "2")])
def test_a_dimension_goes_with_vectors_alone(theory, wrong: tuple[str, ...]) -> None:
    refused = theory("samples", *ACCURATE, *wrong)
    assert refused.code == 2
    assert "--law nsn --dimension D" in refused.err


def test_structured_filters_are_printed_with_their_ratio_to_the_published_order(theory) -> None:
    asked = ("structured", "--epsilon", "0.1", "--delta", "0.01", "--side", "1")
    record = json.loads(theory(*asked, "--json").out)
    assert record["needed"] < record["computed"] < record["explicit_halves"]
    assert "dacunha2023.lower_bound" in theory(*asked).out
    assert theory(*asked, "--quiet").out.strip() == str(record["computed"])
    assert theory("structured", "--epsilon", "0.1", "--delta", "0.01", "--side", "0").code == 2
