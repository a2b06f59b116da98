"""Every changed operator of the re-checker is noticed; a share of them here, all of them in `benchmarks/mutation.py`."""

import ast
from pathlib import Path

import mpmath
import pytest

from tests.mutant_families import FAMILIES, NOT_MUTATED, Family
from tests.mutants import FOLDER, Mutant, killed, load, module_order, mutants, outcome, sites
from tests.other_results import PLACES, POINTS, PRECISIONS, curves

SHARES = {"equivariant": 23, "other": 61}
WIDEST = 256


@pytest.mark.parametrize("name", FAMILIES)
def test_the_re_checker_says_of_each_stored_document_what_it_said(name: str, tmp_path: Path) -> None:
    family, package = FAMILIES[name], load(None)
    family.units(package)
    kinds = set()
    for content, expected in family.known():
        found = outcome(package, content, tmp_path / "certificate.json")
        assert family.written(found) == expected
        kinds.add(found.split()[0])
    family.file_units(load(None), tmp_path / "certificate.json")
    assert kinds == {"accepted", "refused"}


@pytest.mark.parametrize("name", FAMILIES)
def test_a_share_of_the_mutants_dies(name: str, tmp_path: Path) -> None:
    family = FAMILIES[name]
    known = family.known()
    chosen = list(mutants(family.modules))[:: SHARES[name]]
    assert len(chosen) > 10
    alive = [mutant.name for mutant in chosen if not killed(mutant, family, known, tmp_path / "certificate.json")]
    assert set(alive) <= set(EQUIVALENT)


def test_every_stated_survivor_is_a_mutant() -> None:
    assert set(EQUIVALENT) <= {mutant.name for family in FAMILIES.values() for mutant in mutants(family.modules)}


def test_every_module_is_mutated_or_said_not_to_be() -> None:
    assert sorted([*NOT_MUTATED, *(module for family in FAMILIES.values() for module in family.modules)]) == sorted(module_order())


@pytest.mark.parametrize("name", FAMILIES)
def test_an_unchanged_program_is_not_killed(name: str, tmp_path: Path) -> None:
    family: Family = FAMILIES[name]
    tree = ast.parse((FOLDER / "norms.py").read_text(encoding="utf-8"))
    unchanged = Mutant("norms", 0, 0, "nothing", lambda: tree)
    assert killed(unchanged, family, family.known()[:20], tmp_path / "certificate.json") == ""


@pytest.mark.parametrize("name", curves())
def test_enclosures_hold_the_values_that_mpmath_gives_strictly_inside(name: str) -> None:
    """Far out, what tends to a limit is still told from it: 3,000 bits for values 2^-738 away from theirs."""
    enclosure = getattr(load(None).functions, name)
    with mpmath.workprec(3000):
        for n in POINTS:
            for w in PRECISIONS:
                low, high = enclosure(n, PLACES, w)
                assert low < curves()[name](mpmath.mpf(n) / 2**PLACES) * mpmath.mpf(2) ** w < high
                assert high - low <= WIDEST


def test_annotations_are_not_mutated_and_every_comparison_is() -> None:
    tree = ast.parse("def f(x: 'int | None', y: int | str) -> int | None:\n    return x + y if 1 < x <= 2 and x is not y else -x")
    assert len(sites(tree)) == 1 + 4 + 1 + 1


EQUIVALENT = {
    "feedforward_layers.py:191:51 GtE → Gt": "a shift by 0 to the left or to the right",
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
    "layers.py:105:18 Add → Sub": "the norms at Â = 1 and Â = -1 change places",
    "weights.py:31:11 RShift → LShift": "a block of random words is computed again for each weight: the same weights, more slowly",
}
"""Mutants that are the same program, or one that differs only in speed: why."""
