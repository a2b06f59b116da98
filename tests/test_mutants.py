"""Every changed operator of the re-checker is noticed; a share of them here, all of them in `benchmarks/mutation.py`."""

import ast
from pathlib import Path

import pytest

from tests.mutant_documents import OUTCOMES, documents, file_units, units
from tests.mutants import FOLDER, Mutant, killed, load, mutants, outcome, sites

SHARE = 23


@pytest.fixture(scope="module")
def known() -> list[tuple[bytes, str]]:
    return list(zip(documents(), OUTCOMES.read_text(encoding="utf-8").splitlines(), strict=True))


def test_the_re_checker_says_of_each_stored_document_what_it_said(known: list[tuple[bytes, str]], tmp_path: Path) -> None:
    package = load(None)
    units(package)
    for content, expected in known:
        assert outcome(package, content, tmp_path / "certificate.json") == expected
    file_units(load(None), tmp_path / "certificate.json")
    kinds = {expected.split()[0] for _, expected in known}
    assert kinds == {"accepted", "refused"}


def test_a_share_of_the_mutants_dies(known: list[tuple[bytes, str]], tmp_path: Path) -> None:
    chosen = list(mutants())[::SHARE]
    assert len(chosen) > 10
    path = tmp_path / "certificate.json"
    alive = [mutant.name for mutant in chosen if not killed(mutant, known, path, units, file_units)]
    assert set(alive) <= set(EQUIVALENT)


def test_every_stated_survivor_is_a_mutant() -> None:
    assert set(EQUIVALENT) <= {mutant.name for mutant in mutants()}


def test_an_unchanged_program_is_not_killed(known: list[tuple[bytes, str]], tmp_path: Path) -> None:
    tree = ast.parse((FOLDER / "norms.py").read_text(encoding="utf-8"))
    assert killed(Mutant("norms", 0, 0, "nothing", tree), known[:20], tmp_path / "certificate.json", units, file_units) == ""


def test_annotations_are_not_mutated_and_every_comparison_is() -> None:
    tree = ast.parse("def f(x: 'int | None', y: int | str) -> int | None:\n    return x + y if 1 < x <= 2 and x is not y else -x")
    assert len(sites(tree)) == 1 + 4 + 1 + 1


EQUIVALENT = {
    "operators.py:206:20 Add → Sub": "the polynomial with the other sign at both ends: the product of the two values is the same",
    "symmetry.py:31:96 GtE → Gt": "the same self-test as in the next line",
    "symmetry.py:31:110 GtE → Gt": "the self-test of the orbits, which no document can fail, looks at fewer pairs",
    "equivariant.py:61:11 GtE → Gt": "a bound of exactly 2^16384, a size at which it is no longer read",
    "equivariant.py:143:24 Lt → LtE": "no weight is zero",
    "equivariant.py:147:11 Lt → LtE": "no weight is zero",
    "equivariant.py:210:11 Gt → GtE": "no weight is zero",
    "equivariant.py:141:11 Add → Sub": "the identity operator has the number 0 in every document: the pair (0, 0) comes first",
    "norms.py:93:43 FloorDiv → Mult": "the bound of a square is an integer: the rounded matrix has an entry of 64 bits, its square one of 127",
    "norms.py:74:37 Gt → GtE": "a shift by 0 to the right or to the left",
    "layers.py:80:20 Add → Sub": "all combinations change their sign, and -A has the norm of A",
    "weights.py:31:11 RShift → LShift": "a block of random words is computed again for each weight: the same weights, more slowly",
}
"""Mutants that are the same program, or one that differs only in speed: why."""
