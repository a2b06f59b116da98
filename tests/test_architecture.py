"""A floor imports only what lies below it; theory computes exactly."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ARRAYS = {"numpy", "torch", "scipy", "numba", "matplotlib"}
EXACT = {"sympy", "mpmath", "flint", "networkx", "tyro", "rich"}


def imported(source: str) -> set[str]:
    """The top-level names of all modules imported anywhere in a source text, lazily or not."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(str(node.module).split(".")[0])
    return names


@pytest.mark.filterwarnings("default")
def test_the_import_contracts_hold() -> None:
    from importlinter.application import use_cases
    from importlinter.cli import lint_imports

    assert use_cases is not None
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


@pytest.mark.filterwarnings("default")
def test_a_broken_import_contract_is_noticed(tmp_path: Path) -> None:
    from importlinter.cli import lint_imports

    broken = tmp_path / "contracts.toml"
    broken.write_text(
        '[tool.importlinter]\nroot_packages = ["theory", "numerics"]\n\n'
        '[[tool.importlinter.contracts]]\nname = "upside down"\ntype = "layers"\nlayers = ["theory", "numerics"]\n',
        encoding="utf-8",
    )
    assert lint_imports(config_filename=str(broken), no_cache=True) == 1


@pytest.mark.parametrize("path", sorted((ROOT / "theory").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_theory_imports_exact_libraries_alone(path: Path) -> None:
    names = imported(path.read_text(encoding="utf-8"))
    assert not names & ARRAYS
    assert names <= EXACT | {"theory"} | set(sys.stdlib_module_names)


def test_an_array_library_would_be_found_wherever_it_is_imported() -> None:
    for source in ("import numpy", "import numpy.linalg as la", "from torch.nn import Linear", "def f():\n    import scipy.stats"):
        assert imported(source) & ARRAYS


@pytest.mark.parametrize("path", sorted((ROOT / "checks" / "recheck").glob("*.py")), ids=lambda path: path.name)
def test_the_rechecker_imports_no_code_of_ours(path: Path) -> None:
    names = imported(path.read_text(encoding="utf-8"))
    assert not names & (ARRAYS | {"theory", "numerics", "paper_figures", "sympy", "flint"})
