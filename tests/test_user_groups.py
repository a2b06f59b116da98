"""A user's file over any group is verified; each error such a file can contain has a message of its own, on one line, with a remedy."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.wrong_declarations import FALSE, NATURAL
from theory.errors import CompanionError
from theory.instantiation import REGISTRY, GroupInstantiation, load_file, verified
from theory.verdict import Verdict

RETURNS_NO_REPRESENTATION = "a representation that is none"  # type checks of the test run come before the message
HEAD = "import sympy\nfrom dataclasses import dataclass\nfrom theory import *\n\n\n@register\n@dataclass(frozen=True)\n"


@pytest.fixture(autouse=True)
def registry() -> Iterator[None]:
    """What a test registers is forgotten after it."""
    before = dict(REGISTRY)
    yield
    REGISTRY.clear()
    REGISTRY.update(before)


def write(folder: Path, group: str, representation: str, claims: str = "") -> Path:
    """A user's file; `claims` are further lines of the class body separated by semicolons."""
    path = folder / "mine.py"
    source = "" if "source" in claims else "    source = Source('mine')\n"
    body = source + "".join(f"    {claim.strip()}\n" for claim in claims.split(";") if claim.strip())
    path.write_text(
        f"{HEAD}class Mine(GroupInstantiation):\n    '''One of mine.'''\n{body}"
        f"    def group(self):\n        return {group}\n"
        f"    def representation(self):\n        return {representation}\n",
        encoding="utf-8",
    )
    return path


TRUE = {
    "vectors in space with a gate": (
        "special_orthogonal(3)",
        "self.group().trivial() + self.group().natural()",
        "nonlinearity = 'cone_relu'; basis_size = 2",
    ),
    "harmonics of degree 2": (
        "special_orthogonal(3)",
        "self.group().trivial() + rotation_irreducible(2)",
        "nonlinearity = 'gated'; dimension = 6",
    ),
    "plane of the pentagon": (
        "dihedral_group(5)",
        "dihedral_irreducible(5, 1)",
        "nonlinearity = 'norm_relu'; basis_size = 1; group_order = 10",
    ),
    "pentagon, presented": ("finitely_presented('r s', ['r**5', 's**2', '(r*s)**2'])", NATURAL, "group_order = 10; basis_size = 10"),
    "quaternions": ("special_unitary_2()", NATURAL, "nonlinearity = 'norm_relu'; basis_size = 4"),
    "signed permutations": (
        "MatrixGroup([[[0, 1], [1, 0]], [[-1, 0], [0, 1]]])",
        NATURAL,
        "nonlinearity = 'norm_relu'; group_order = 8; basis_size = 1; basis_norm = 1",
    ),
    "exchangeable matrices": (
        "direct_product(dihedral_group(3), dihedral_group(4))",
        "self.group().outer(dihedral_group(3).natural(), dihedral_group(4).natural())",
        "basis_size = 6; group_order = 48",
    ),
    "sets of sets": ("wreath_product(dihedral_group(3), dihedral_group(3))", NATURAL, "basis_size = 3; group_order = 1296"),
    "reflections of the plane": (
        "orthogonal(2)",
        "plane_orthogonal_irreducible(0, -1) + plane_orthogonal_irreducible(2)",
        "nonlinearity = 'norm_relu'; basis_size = 2",
    ),
    "induced": (
        "dihedral_group(5)",
        "induction(restriction(dihedral_irreducible(5, 1), [[1, 2, 3, 4, 0]]), dihedral_group(5))",
        "nonlinearity = 'norm_relu'; basis_size = 4",
    ),
}


@pytest.mark.parametrize("name", TRUE)
def test_a_true_declaration_over_any_kind_of_group_is_proved_claim_by_claim(tmp_path: Path, name: str) -> None:
    (declared,) = load_file(write(tmp_path, *TRUE[name]))
    _, verdicts = verified(declared)
    failing = {claim: verdict for claim, verdict in verdicts.items() if verdict is not Verdict.PROVED}
    assert all(claim.startswith("A4") and verdict is Verdict.REFUTED for claim, verdict in failing.items())
    assert bool(failing) == ("norm_relu" in TRUE[name][2] or "gated" in TRUE[name][2])


@pytest.mark.parametrize("name", sorted(FALSE.keys() - {RETURNS_NO_REPRESENTATION}))
def test_each_error_has_its_own_message_and_exit_code(tmp_path: Path, name: str) -> None:
    group, representation, claims, error, code, message = FALSE[name]
    with pytest.raises(CompanionError, match=message) as raised:
        verified(load_file(write(tmp_path, group, representation, claims))[0])
    assert type(raised.value).__name__ == error
    assert raised.value.exit_code == code
    assert "\n" not in str(raised.value)


def test_numbers_known_as_balls_leave_claims_undecided_and_say_why(tmp_path: Path) -> None:
    mirror = "self.group().representation([[[sympy.cos(1), sympy.sin(1)], [sympy.sin(1), -sympy.cos(1)]]])"
    (declared,) = load_file(write(tmp_path, "cyclic_group(2)", mirror, "nonlinearity = 'norm_relu'; basis_size = 2"))
    value, verdicts = verified(declared)
    assert isinstance(value, GroupInstantiation)
    assert verdicts["basis size"] is verdicts["homomorphism of representation()"] is Verdict.UNDECIDED
    assert verdicts["orthogonality of representation()"] is Verdict.PROVED
    assert value.reason("basis size") == "the dimension lies between 1 and 2"
    assert value.reason("homomorphism of representation()") == "entries not seen to be algebraic"


@pytest.mark.parametrize(
    ("name", "code"),
    [("vectors in space with a gate", 0), ("plane of the pentagon", 1), ("wrong order", 1), (RETURNS_NO_REPRESENTATION, 2)],
)
def test_the_command_prints_one_message_or_the_table_and_returns_the_exit_code(tmp_path: Path, name: str, code: int) -> None:
    arguments = TRUE[name] if name in TRUE else FALSE[name][:3]
    path = write(tmp_path, *arguments)
    command = [sys.executable, "-m", "checks", str(path), "--out", str(tmp_path / "out")]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == code, finished.stderr
    if name in FALSE:
        assert finished.stderr.strip().count("\n") == 0
        assert finished.stderr.startswith(FALSE[name][3])
        assert "Traceback" not in finished.stderr + finished.stdout
    else:
        assert "nonlinearity on representation()" in finished.stdout
        assert ("σ(cx) = cσ(x) for c ≥ 0, fails at c = 2" in finished.stdout) == (code == 1)
