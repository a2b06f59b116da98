"""What figures are drawn from: results that other commands stored, by name, with the command that makes each."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from paper_figures.records import RESULTS
from theory.derivation import DERIVATIONS
from theory.errors import BadFile
from theory.proofs import accepted_theorems
from theory.statement import STATEMENTS
from theory.status import read_evidence, statuses

RECORDED = "python -m paper_figures.records"


def _statements(path: Path) -> pa.Table:
    """One row for each statement: its status and what its proof and its text use, from the evidence of `python -m checks`."""
    computed = statuses(read_evidence(path), accepted_theorems(path.with_name("proofs.json")))
    rows = [
        {
            "id": identifier,
            "paper": identifier.partition(".")[0],
            "title": STATEMENTS[identifier].title,
            "status": status.value,
            "firm": rests,
            "steps": len(DERIVATIONS[identifier].machine_steps) if identifier in DERIVATIONS else 0,
            "uses": list(STATEMENTS[identifier].uses),
            "uses_to_state": list(STATEMENTS[identifier].uses_to_state),
        }
        for identifier, (status, rests) in computed.items()
    ]
    return pa.Table.from_pylist(rows)


@dataclass(frozen=True)
class Stored:
    """A result: its file below OUT, the command that makes it, what that command takes for a small one, and how it is read."""

    file: str
    command: str
    quick: str = " --quick"
    read: Callable[[Path], pa.Table] = pq.read_table
    minutes: tuple[float, float | None] = (0.1, 0.1)
    """CPU time of the small and of the full one in minutes, about; None where the full one was not measured: then more than an hour may
    be needed, and a run that is stopped goes on from what it stored."""

    def missing(self, out: Path) -> bool:
        """Whether there is no such file, or one gathered before the newest record."""
        path = out / self.file
        if not path.exists():
            return True
        newest = max((record.stat().st_mtime for record in RESULTS.glob("*.json")), default=0.0) if self.command == RECORDED else 0.0
        return path.stat().st_mtime < newest

    def load(self, out: Path) -> pa.Table:
        """The table; raises `BadFile` where the file holds something else."""
        path = out / self.file
        try:
            return self.read(path)
        except (OSError, ValueError) as error:
            raise BadFile(f"{path} is no table of results ({error}); delete it and run: {self.command} --out {out}") from error


STORED = {
    "subset_sum": Stored("data/subset_sum.parquet", "python -m numerics sweep subset_sum", minutes=(1.0, None)),
    "sample_sizes": Stored("data/sample_sizes.parquet", "python -m numerics sweep sample_sizes", minutes=(1.0, None)),
    "tickets": Stored("data/tickets.parquet", "python -m numerics sweep tickets", minutes=(1.0, 10.0)),
    "equivariance": Stored("data/equivariance.parquet", "python -m numerics sweep equivariance", minutes=(1.0, 2.0)),
    "statements": Stored("evidence.json", "python -m checks", "", _statements, minutes=(4.0, 4.0)),
} | {
    name: Stored(f"data/{name}.parquet", RECORDED, "")
    for name in (
        "structured_success",
        "structured_inference",
        "near_limit",
        "feedforward",
        "feedforward_copies",
        "covering",
        "experiments",
        "solvers",
        "solver_speed",
        "published",
    )
}


def frequency_curve(data: pa.Table, law: str, kind: str, epsilon: float) -> tuple[np.ndarray, ...]:
    """Of the rows of `numerics.subset_sum.statistics.Frequency`: n, the fraction that failed, its 95 % bounds; sorted by n."""
    columns = {
        name: data.column(name).to_numpy() for name in ("epsilon", "samples", "trials", "failures", "failure_lower", "failure_upper")
    }
    laws, kinds = (np.array(data.column(name).to_pylist()) for name in ("law", "targets"))
    chosen = (laws == law) & (kinds == kind) & np.isclose(columns["epsilon"], epsilon)
    order = np.argsort(columns["samples"][chosen])
    n, trials, failures, low, high = (
        columns[name][chosen][order] for name in ("samples", "trials", "failures", "failure_lower", "failure_upper")
    )
    return n, failures / trials, low, high
