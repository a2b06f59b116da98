"""The checks themselves: evidence becomes statuses, planted faults are found, a user's file is verified or refused with its reason."""

import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from checks.evidence import Recorder
from checks.report import write_report
from tests.small import small_certificate
from theory.errors import BadInput
from theory.statement import find_statement
from theory.statements.subset_sums import A1, A2
from theory.status import Evidence, Status, read_evidence, status_of, write_evidence

ROOT = Path(__file__).parent.parent

CUBE = '''"""Rotations of the cube acting on its six faces."""
from dataclasses import dataclass
from theory import GroupInstantiation, PermutationGroup, Source, register

@register
@dataclass(frozen=True)
class CubeFaces(GroupInstantiation):
    """The 24 rotations permuting the faces."""
    source = Source("mine")
    basis_size = 3

    def group(self):
        return PermutationGroup([[0, 1, 3, 4, 5, 2], [4, 2, 0, 3, 1, 5]])

    def representation(self):
        return self.group().natural()
'''

PLANE = '''"""Rotations of the plane by 45 degrees."""
from dataclasses import dataclass
from sympy import sqrt
from theory import GroupInstantiation, PermutationGroup, Source, register

@register
@dataclass(frozen=True)
class PlaneRotation(GroupInstantiation):
    """C_8 rotating the plane."""
    source = Source("mine")

    def group(self):
        return PermutationGroup([[1, 2, 3, 4, 5, 6, 7, 0]], names=("r",))

    def representation(self):
        c = sqrt(2) / 2
        return self.group().representation([[[c, -c], [c, c]]])
'''


def run_module(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *arguments], capture_output=True, text=True, check=False, cwd=cwd, env=os.environ | {"COLUMNS": "200"}
    )


def test_evidence_of_a_passing_check_is_kept_and_of_a_failing_one_refutes() -> None:
    recorder = Recorder("check", ("companion.A2",))
    recorder.instances("M = 1")
    assert status_of(A2, recorder.outcome("passed", "")) is Status.CERTIFIED
    refuted = recorder.outcome("failed", "M = 1, draw (1, 1): 3 is no subset sum")
    assert status_of(A2, refuted) is Status.REFUTED
    assert refuted[0].counterexample.endswith("3 is no subset sum")
    skipped = recorder.outcome("skipped", "too large")
    assert status_of(A2, skipped) is Status.STATED
    assert skipped[0].detail == "too large"


def test_too_few_successes_leave_a_probability_undecided() -> None:
    recorder = Recorder("check", ("companion.A1",))
    recorder.trials("keys 0 to 59", 60, 60, Fraction(9, 10))
    assert status_of(A1, recorder.outcome("passed", "")) is Status.SUPPORTED
    unlucky = Recorder("check", ("companion.A1",))
    with pytest.raises(AssertionError, match="does not establish P ≥ 9/10"):
        unlucky.trials("keys 0 to 59", 54, 60, Fraction(9, 10))
    assert status_of(A1, unlucky.outcome("failed", "54 of 60")) is Status.UNDECIDED


FAULTY = """
import pytest

@pytest.mark.statement("companion.A2")
def test_a_false_claim(evidence):
    evidence.instances("the instance")
    assert 4 < 3, "a counterexample"

@pytest.mark.statement("companion.A1")
def test_a_skipped_claim(evidence):
    pytest.skip("the reason")

@pytest.mark.statement("companion.A4")
def test_a_crash(evidence):
    open("/nosuch/file")
"""


def test_a_planted_fault_reaches_the_ledger_and_the_report(tmp_path: Path) -> None:
    folder = tmp_path / "checks"
    folder.mkdir()
    (folder / "conftest.py").write_text("from checks.conftest import *  # noqa: F403\n", encoding="utf-8")
    (folder / "test_faulty.py").write_text(FAULTY, encoding="utf-8")
    finished = run_module("pytest", str(folder), "-q", "-p", "no:cacheprovider", "--evidence", str(tmp_path / "evidence.json"))
    assert finished.returncode == 1
    rows = read_evidence(tmp_path / "evidence.json")
    assert {(row.statement, row.outcome) for row in rows} == {
        ("companion.A2", "refuted"),
        ("companion.A1", "skipped"),
        ("companion.A4", "undecided"),
    }
    counts = write_report(tmp_path)
    assert counts["statements"]["refuted"] == 1
    assert counts["checks"] == {"passed": 0, "failed": 1, "crashed": 1, "skipped": 1}
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "a counterexample" in page
    assert "the reason" in page
    ledger = run_module("theory", "ledger", "--json", "--out", str(tmp_path))
    statuses = {entry["id"]: entry["status"] for entry in json.loads(ledger.stdout)}
    assert statuses["companion.A2"] == "refuted"
    assert statuses["companion.A1"] == "stated"


def test_a_marker_that_names_no_statement_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text("from checks.conftest import *  # noqa: F403\n", encoding="utf-8")
    (tmp_path / "test_unknown.py").write_text(FAULTY.replace("companion.A2", "nosuch.lemma"), encoding="utf-8")
    finished = run_module("pytest", str(tmp_path), "-q", "-p", "no:cacheprovider")
    assert finished.returncode != 0
    assert "no statement is called 'nosuch.lemma'" in finished.stdout + finished.stderr


def test_the_report_shows_accepted_and_refused_certificates(tmp_path: Path) -> None:
    certificate = small_certificate()
    certificate.save(tmp_path / "certificates" / "good.json")
    bad = tmp_path / "certificates" / "bad.json"
    bad.write_text(
        (tmp_path / "certificates" / "good.json").read_text(encoding="ascii").replace('"width":8', '"width":9'), encoding="ascii"
    )
    write_evidence([Evidence("companion.A1", "a check", "trials", "held", "keys", 60, 60, "9/10")], tmp_path / "evidence.json")
    counts = write_report(tmp_path)
    assert counts["certificates"]["accepted"] == 1
    assert counts["certificates"]["refused"] == 1
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "60 of 60, P ≥ 9/10" in page
    assert "src=" not in page
    assert "http" not in page.replace("http://www.w3.org/1998/Math/MathML", "")


def test_a_user_s_group_is_verified_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "cube.py"
    file.write_text(CUBE, encoding="utf-8")
    finished = run_module("checks", str(file), "--out", str(tmp_path / "out"))
    assert finished.returncode == 0, finished.stdout + finished.stderr
    outcomes = json.loads((tmp_path / "out" / "checks.json").read_text(encoding="utf-8"))
    own = [outcome for outcome in outcomes if outcome["instantiation"] == "CubeFaces()"]
    assert len(own) >= 13
    skipped = [outcome for outcome in own if outcome["outcome"] == "skipped"]
    assert {outcome["reason"] for outcome in skipped} == {
        "the declaration leaves the basis to the orbits or the null space",
        "on permuted points deep tickets are built from indicators of orbits",
    }
    assert all(outcome["outcome"] == "passed" for outcome in own if outcome not in skipped)
    assert "CubeFaces()" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        (
            CUBE.replace("basis_size = 3", "basis_size = 4"),
            1,
            "BasisMismatch: CubeFaces() declares |B| = 4; the space of intertwiners has dimension 3.",
        ),
        (CUBE.replace("basis_size = 3", "basis_norm = 5.994"), 1, "NormTooSmall: CubeFaces() declares |||B||| ≤ 5.994"),
        (
            CUBE.replace("self.group().natural()", "self.group().representation([[0, 1, 3, 4, 5, 2], [0, 1, 2, 3, 4, 5]])"),
            1,
            "NotAHomomorphism: CubeFaces(), representation(): the relator",
        ),
        (PLANE, 1, "NonlinearityNotEquivariant: PlaneRotation() declares relu, but at x = (0, 1) it does not commute with ρ(r)."),
        (PLANE.replace("[c, -c], [c, c]", "[1, -1], [1, 1]"), 1, "NotAHomomorphism: PlaneRotation(), representation(): the relator r**8"),
        (CUBE.replace('Source("mine")', 'Source("nosuch")'), 1, "UnknownSource: the source 'nosuch' is not in the bibliography"),
        (CUBE.replace("[0, 1, 3, 4, 5, 2]", "[0, 1, 3, 4, 5, 5]"), 2, "NotAPermutation: PermutationGroup, generator 0: [0, 1, 3, 4, 5, 5]"),
        (CUBE.replace("@register\n", ""), 2, "registers no instantiation; put @register above"),
        (CUBE.replace("self.group().natural()", "self.group().nosuch()"), 2, "has no attribute 'nosuch'"),
        (
            CUBE.replace("self.group().natural()", "self.group().representation([1, 0])"),
            2,
            "CubeFaces failed while it was verified: TypeError",
        ),
        (CUBE.replace("self.group().natural()", "self.group().natural() + self.group().trivial()").replace("basis_size = 3", ""), 0, ""),
        ("import nosuchmodule\n", 2, "failed while it was read: ModuleNotFoundError"),
    ],
)
def test_a_wrong_declaration_ends_with_its_message_and_code(text: str, code: int, message: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(text, encoding="utf-8")
    finished = run_module("checks", str(file), "--out", str(tmp_path / "out"))
    assert message in finished.stderr
    assert finished.returncode == code
    assert "Traceback" not in finished.stderr


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    finished = run_module("checks", str(tmp_path / "nosuch.py"))
    assert finished.returncode == 2
    assert "nosuch.py is no file" in finished.stderr
    as_option = run_module("pytest", "checks", "--group", str(tmp_path / "nosuch.py"), "-q")
    assert as_option.returncode == 4
    assert "nosuch.py is no file" in as_option.stderr


def test_a_stored_sweep_is_exported_for_the_samples_command(tmp_path: Path) -> None:
    from checks.__main__ import export_sweep
    from numerics.store import write_rows
    from numerics.subset_sum.statistics import Frequency

    export_sweep(tmp_path)
    assert not list(tmp_path.iterdir())
    rows = [Frequency("uniform", "all", 0.25, n, 100, 100 - 9 * n, 0.0, 1.0) for n in range(12)]
    write_rows(rows, tmp_path / "data" / "subset_sum.parquet")
    export_sweep(tmp_path)
    finished = run_module("theory", "samples", "--epsilon", "1/4", "--delta", "0.1", "--json", "--out", str(tmp_path))
    found = json.loads(finished.stdout)
    assert found["simulated"] == 10
    assert found["needed"] <= found["proved"] < found["closed_form"]
    assert run_module("theory", "samples", "--epsilon", "1/4", "--delta", "0.1", "--law", "cauchy").returncode == 2


def test_only_a_statement_that_names_its_repair_is_refuted_by_a_passing_check() -> None:
    flawed = Recorder("check", ("kumar2025.E4",))
    flawed.refuted("3 is no product")
    assert status_of(find_statement("kumar2025.E4"), flawed.outcome("passed", "")) is Status.REFUTED
    with pytest.raises(BadInput, match="names no repair"):
        Recorder("check", ("companion.A1",)).refuted("none")
