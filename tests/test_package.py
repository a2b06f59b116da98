"""A source archive and a wheel made of it hold all that is needed, and work in an environment and a folder of their own."""

import os
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from paper_figures.__main__ import FigureCommand, make
from paper_figures.records import RESULTS
from tests.documents import ROOT

BUILD = "import sys; from setuptools import build_meta; print(getattr(build_meta, sys.argv[1])(sys.argv[2]))"
GROUP = """
from dataclasses import dataclass
from theory import GroupInstantiation, PermutationGroup, Source, register

@register
@dataclass(frozen=True)
class Ring(GroupInstantiation):
    'Rotations of a pentagon.'
    source = Source("mine")

    def group(self):
        return PermutationGroup([[1, 2, 3, 4, 0]])

    def representation(self):
        return self.group().natural()
"""


def tracked() -> list[str]:
    """The files of the repository, or of the archive that lies here."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    return listed.stdout.split() if listed.returncode == 0 else []


def built(kind: str, source: Path, folder: Path) -> Path:
    """An archive made of the sources in `source` by the build backend alone."""
    finished = subprocess.run([sys.executable, "-c", BUILD, kind, str(folder)], cwd=source, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr[-2000:]
    return folder / finished.stdout.split()[-1]


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The source archive of what git tracks, and the wheel built from it."""
    if not tracked():
        pytest.skip("the archive is made of the files that git tracks, and there is no git repository here")
    folder = tmp_path_factory.mktemp("package")
    copy = folder / "copy"
    for name in tracked():
        if (ROOT / name).exists():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes((ROOT / name).read_bytes())
    sdist = built("build_sdist", copy, folder)
    with tarfile.open(sdist) as archive:
        archive.extractall(folder / "unpacked", filter="data")
    (unpacked,) = (folder / "unpacked").iterdir()
    return sdist, built("build_wheel", unpacked, folder)


def test_the_source_archive_holds_every_file_of_the_repository(archives: tuple[Path, Path]) -> None:
    with tarfile.open(archives[0]) as archive:
        packed = {name.partition("/")[2] for name in archive.getnames()}
    assert {name for name in tracked() if (ROOT / name).exists()} - packed == set()


def test_the_wheel_holds_every_module_and_data_file_of_the_floors(archives: tuple[Path, Path]) -> None:
    packed = set(zipfile.ZipFile(archives[1]).namelist())
    floors = ("theory/", "numerics/", "checks/", "paper_figures/")
    wanted = {name for name in tracked() if name.startswith(floors) and not name.endswith("README.md") and (ROOT / name).exists()}
    assert {"theory/measured/subset_sum.json", "checks/templates/report.html.j2", "numerics/commands/prune.py"} <= wanted
    assert wanted - packed == set()


def test_the_wheel_carries_the_records_and_stays_small(archives: tuple[Path, Path]) -> None:
    wheel = zipfile.ZipFile(archives[1])
    packed = {Path(name).name: wheel.read(name) for name in wheel.namelist() if name.startswith("paper_figures/results/")}
    recorded = {path.name: path.read_bytes() for path in RESULTS.glob("*.json")}
    assert packed == recorded
    assert len(recorded) > 10
    assert sum(map(len, packed.values())) < 2_000_000


def test_the_versions_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"\nversion: {project['version']}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\n## {project['version']}\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_installed_wheel_works_outside_the_repository(archives: tuple[Path, Path], tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    python = environment / "bin" / "python"
    (site,) = (environment / "lib").glob("python*/site-packages")
    zipfile.ZipFile(archives[1]).extractall(site)
    # The libraries are those of this environment; a path in a .pth file brings none of its editable installations along.
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    (tmp_path / "ring.py").write_text(GROUP, encoding="utf-8")

    def ran(*arguments: str) -> str:
        clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        command = [str(python), *arguments]
        finished = subprocess.run(command, cwd=tmp_path, env=clean, capture_output=True, text=True, check=False)
        assert finished.returncode == 0, f"{arguments}: {finished.stdout[-2000:]}{finished.stderr[-2000:]}"
        return finished.stdout

    where = "import theory, numerics, checks, paper_figures as p; print([m.__file__ for m in (theory, numerics, checks, p)])"
    assert ran("-c", where).count(str(site)) == 4
    assert "companion.A6" in ran("-m", "theory", "ledger")
    assert "True" in ran("-c", "from theory.trials import MEASURED; print(MEASURED.is_file())")
    assert "karate" in ran("-m", "numerics", "targets")
    assert "certificates: 1 accepted" in ran("-m", "checks", "ring.py")
    assert "ACCEPTED" in ran("-m", "checks.recheck", "out/certificates/check-ring.json")
    assert "near_limit" in ran("-m", "paper_figures", "--plan")
    drawn = ("peers", "accuracy", "near_limit", "bound_gap")
    assert "wrote figures/figures/bound_gap.pdf" in ran("-m", "paper_figures", *drawn, "--out", "figures")
    assert make(FigureCommand(names=drawn, out=tmp_path / "here", quiet=True)) == 0
    for path in (tmp_path / "here" / "tables").iterdir():
        assert path.read_bytes() == (tmp_path / "figures" / "tables" / path.name).read_bytes(), "the repository and the wheel show the same"
