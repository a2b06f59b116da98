"""Declarations are attacked claim by claim; names, parameters and files are read or refused with a remedy."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sympy

from theory.errors import BadFile, BadInput, BasisMismatch, CompanionError, NormTooSmall, UnknownName, UnknownSource
from theory.group import PermutationGroup
from theory.instantiation import REGISTRY, GroupInstantiation, Instantiation, instantiation, load_file, register
from theory.instantiations.sets import Sets
from theory.representation import Representation
from theory.source import Source
from theory.verdict import Verdict

BUILT_IN = sorted(name for name, declared in REGISTRY.items() if declared.__module__.startswith("theory."))


@pytest.fixture(autouse=True)
def registry() -> Iterator[None]:
    """What a test registers is forgotten after it."""
    before = dict(REGISTRY)
    yield
    REGISTRY.clear()
    REGISTRY.update(before)


@dataclass(frozen=True)
class Faces(GroupInstantiation):
    """The 24 rotations of the cube permuting its faces."""

    source = Source("mine")

    def group(self) -> PermutationGroup:
        return PermutationGroup([[0, 1, 3, 4, 5, 2], [4, 2, 0, 3, 1, 5]])

    def representation(self) -> Representation:
        return self.group().natural()


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_built_in_declaration_is_proved(name: str) -> None:
    verdicts = instantiation(name).verify()
    assert set(verdicts.values()) == {Verdict.PROVED}
    assert {"source", "basis size", "basis norm"} <= set(verdicts)


def test_the_expected_declarations_are_built_in() -> None:
    assert {"dihedral", "sets", "translation", "trivial"} <= set(BUILT_IN)


@pytest.mark.parametrize(
    ("text", "size", "norm"),
    [
        ("trivial", 1, 1),
        ("sets(n=1)", 1, 1),
        ("sets(n=9)", 2, 9),
        ("dihedral(n=7)", 4, 7),
        ("dihedral(n=8)", 5, 8),
        ("translation(n=5)", 5, 5),
    ],
)
def test_sizes_and_norms_of_the_built_in_bases(text: str, size: int, norm: int) -> None:
    declared = instantiation(text)
    declared.verify()
    assert declared.true_basis_size() == size
    assert declared.basis_norm_bounds() == (norm, norm)


def test_what_is_not_claimed_is_computed() -> None:
    faces = Faces()
    assert faces.basis_size is None
    assert faces.true_basis_size() == 3
    assert faces.declared_or_true_basis_norm() == 6
    assert set(faces.verify().values()) == {Verdict.PROVED}


@pytest.mark.parametrize("claimed", [1, 2, 4, 6])
def test_a_wrong_basis_size_is_refuted_with_the_right_one(claimed: int) -> None:
    wrong = type("Wrong", (Faces,), {"basis_size": claimed})()
    with pytest.raises(
        BasisMismatch, match=rf"declares \|B\| = {claimed}; the space of intertwiners has dimension 3. Declare basis_size = 3"
    ):
        wrong.verify()


def claiming(norm: object) -> Sets:
    return type("Sets", (Sets,), {"basis_norm": norm})()


def test_a_norm_a_thousandth_part_too_small_is_refuted_and_the_true_and_a_larger_one_are_not() -> None:
    with pytest.raises(NormTooSmall) as refuted:
        claiming(sympy.Rational(4995, 1000)).verify()
    assert "declares |||B||| ≤ 999/200" in str(refuted.value)
    assert "of norm 5. Declare basis_norm = 5" in str(refuted.value)
    for norm in (5, sympy.Rational(5005, 1000), sympy.sqrt(25), 5 + sympy.Rational(1, 10**100)):
        assert claiming(norm).verify()["basis norm"] is Verdict.PROVED


@pytest.mark.parametrize("norm", [5 - sympy.Rational(1, 10**100), sympy.sqrt(25 - sympy.Rational(1, 10**50)), sympy.sqrt(24), 0, -5])
def test_a_norm_too_small_by_any_amount_is_refuted(norm: sympy.Expr) -> None:
    with pytest.raises(NormTooSmall):
        claiming(norm).verify()


def test_an_unknown_source_is_refuted() -> None:
    with pytest.raises(UnknownSource, match="'euclid'"):
        type("Wrong", (Faces,), {"source": Source("euclid")})().verify()


def test_a_representation_of_another_group_is_refused() -> None:
    other = PermutationGroup([[0, 1, 3, 4, 5, 2]])
    wrong = type("Wrong", (Faces,), {"representation": lambda self: other.natural()})()
    with pytest.raises(BadInput, match="belongs to another group"):
        wrong.verify()


def test_a_declaration_without_representation_says_what_to_declare() -> None:
    wrong = type("Wrong", (Faces,), {"representation": GroupInstantiation.representation})()
    with pytest.raises(BadInput, match=r"declare representation\(\), or all of"):
        wrong.verify()


def test_the_norm_of_general_matrices_is_bracketed_and_a_claim_between_the_bounds_is_undecided() -> None:
    """The signed cycle e_1 → e_2 → -e_1 commutes with a·1 + b·J: of norm √2 at a = b = 1, between the closed forms √2 and 2."""
    turn = PermutationGroup([[1, 2, 3, 0]])
    plane = turn.representation([[[0, -1], [1, 0]]])
    declared = {"group": lambda self: turn, "representation": lambda self: plane, "nonlinearity": "norm_relu"}
    quarter = type("Quarter", (Faces,), declared)
    assert quarter().basis_norm_bounds() == (sympy.sqrt(2), 2)
    for claim, verdict in ((2, Verdict.PROVED), (sympy.Rational(3, 2), Verdict.UNDECIDED)):
        assert type("Quarter", (quarter,), {"basis_norm": claim})().verify()["basis norm"] is verdict
    with pytest.raises(NormTooSmall, match=r"of norm at least sqrt\(2\). Declare basis_norm = 2"):
        type("Quarter", (quarter,), {"basis_norm": sympy.Rational(7, 5)})().verify()


def test_spaces_that_coincide_are_one_and_others_three() -> None:
    assert set(Faces().spaces()) == {"representation()"}
    mixed = type("Mixed", (Faces,), {"output_representation": lambda self: self.group().trivial()})()
    assert len(mixed.spaces()) == 3
    assert set(mixed.verify().values()) == {Verdict.PROVED}


@pytest.mark.parametrize("text", ["nonsense", "sets(n=5", "", "sets n=5", "Sets.n"])
def test_an_unknown_name_is_refused_with_the_known_ones(text: str) -> None:
    with pytest.raises(UnknownName) as refused:
        instantiation(text)
    assert repr(text) in str(refused.value)
    assert all(name in str(refused.value) for name in BUILT_IN)


@pytest.mark.parametrize("arguments", ["5", "m=5", "n=", "n=x", "n=5,,", "n=8.5", "n='8'", "n=True", "n=None", "n=open('x')", "**{'n': 3}"])
def test_parameters_that_cannot_be_read_are_refused_with_the_right_form(arguments: str) -> None:
    with pytest.raises(BadInput, match=r"cannot be read \(.*\); write it as sets\(n=5\)"):
        instantiation(f"sets({arguments})")


@pytest.mark.parametrize("text", ["sets(n=0)", "translation(n=-1)", "dihedral(n=2)"])
def test_too_small_a_parameter_is_refused(text: str) -> None:
    with pytest.raises(CompanionError, match="needs n ≥"):
        instantiation(text)


def test_names_are_the_class_in_snake_case_and_may_be_written_in_capitals() -> None:
    assert Faces.registered_name() == "faces"
    assert type("CubeFaces", (Faces,), {}).registered_name() == "cube_faces"
    assert instantiation(" Sets ( n = 7 ) ") == Sets(n=7)


def test_only_frozen_dataclasses_with_a_source_and_defaults_are_registered() -> None:
    with pytest.raises(BadInput, match=r"put @dataclass\(frozen=True\) under @register"):
        register(type("Bare", (GroupInstantiation,), {"source": Source("mine")}))
    with pytest.raises(BadInput, match="names no source"):
        register(dataclass(frozen=True)(type("Sourceless", (GroupInstantiation,), {})))
    with pytest.raises(BadInput, match="the fields n have no default"):
        register(
            dataclass(frozen=True)(type("Demanding", (GroupInstantiation,), {"__annotations__": {"n": int}, "source": Source("mine")}))
        )
    with pytest.raises(BadInput, match=r"the name sets is taken by theory.instantiations.sets.Sets"):
        register(dataclass(frozen=True)(type("Sets", (GroupInstantiation,), {"source": Source("mine"), "__module__": "user"})))


HEAD = "from dataclasses import dataclass\nfrom theory import *\n"
GOOD = HEAD + (
    "@register\n@dataclass(frozen=True)\nclass MyOwnRing(GroupInstantiation):\n    source = Source('mine')\n"
    "    def group(self):\n        return PermutationGroup([[1, 2, 0]])\n"
    "    def representation(self):\n        return self.group().natural()\n"
)


def test_a_file_gives_what_it_registers_also_when_read_twice(tmp_path: Path) -> None:
    path = tmp_path / "ring.py"
    path.write_text(GOOD, encoding="utf-8")
    for _ in range(2):
        (declared,) = load_file(path)
        assert issubclass(declared, Instantiation)
        assert declared().true_basis_size() == 3
        assert instantiation("my_own_ring") == declared()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1\n", "registers no instantiation; put @register above"),
        ("1/0\n", "failed while it was read: ZeroDivisionError: division by zero"),
        ("def (\n", "failed while it was read: SyntaxError"),
        ("import no_such_module\n", "failed while it was read: ModuleNotFoundError"),
    ],
)
def test_a_file_that_gives_nothing_is_refused_with_its_path_and_the_reason(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "wrong.py"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadFile) as refused:
        load_file(path)
    assert str(path) in str(refused.value)
    assert message in str(refused.value)


def test_a_missing_file_is_refused_with_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="is no file \\(looked in"):
        load_file(tmp_path / "missing.py")
    with pytest.raises(BadFile, match="is no file"):
        load_file(tmp_path)
    text = tmp_path / "group.txt"
    text.write_text(GOOD, encoding="utf-8")
    with pytest.raises(BadFile, match=r"must end in \.py"):
        load_file(text)
