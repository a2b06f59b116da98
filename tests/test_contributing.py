"""The recipes of CONTRIBUTING.md work in a scratch copy, and a statement of theirs earns its status there."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.documents import ROOT, WrongBlock, blocks, run_page


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """A copy of the code without tests, records and caches."""
    for name in ("theory", "numerics", "checks", "paper_figures"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", ".*", "*.vo*", "*.glob"))
    return tmp_path


PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PROVE = """
from theory.derivation import DERIVATIONS
import theory.derivations
(step,) = DERIVATIONS["companion.squares"].machine_steps
print(step.check().value, step.false_variant().value)
"""


def test_every_recipe_works_in_a_scratch_copy(scratch: Path) -> None:
    assert run_page(PAGE, scratch, root=scratch) == len(blocks(PAGE)) >= 9
    proved = subprocess.run([sys.executable, "-c", PROVE], cwd=scratch, capture_output=True, text=True, check=False)
    assert proved.stdout == "proved refuted\n", proved.stderr


def test_a_recipe_with_a_false_claim_fails(scratch: Path) -> None:
    recipe = PAGE[: PAGE.index("## An activation")]
    with pytest.raises(WrongBlock, match="BasisMismatch"):
        run_page(recipe.replace("basis_size = 7", "basis_size = 6"), scratch, root=scratch)
