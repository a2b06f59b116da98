"""What pyproject.toml cannot say: a wheel carries the records of benchmarks that figures and tables are drawn from."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

RECORDS = Path("benchmarks") / "results"


class WithRecords(build_py):
    """Copies the records into the package that reads them; an editable installation reads those of the repository."""

    def run(self) -> None:
        """Build, then copy."""
        super().run()
        if not self.editable_mode:
            target = Path(self.build_lib) / "paper_figures" / "results"
            self.mkpath(str(target))
            for path in sorted(RECORDS.glob("*.json")):
                self.copy_file(str(path), str(target / path.name))


setup(cmdclass={"build_py": WithRecords})
