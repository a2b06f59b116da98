"""The options of commands that solve many subset sums: by whom."""

import os
from dataclasses import dataclass, field
from typing import Literal

from numerics.workers import Workers


@dataclass(frozen=True, kw_only=True)
class Solving:
    """Who solves the subset sums; the files are the same for any choice."""

    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    """Threads that solve."""
    processes: bool = False
    """Use processes instead of threads."""
    scheduler: str = ""
    """Use the workers of the Dask cluster at this address, tcp://HOST:PORT."""
    device: Literal["cpu", "cuda", "auto"] = "cpu"
    """The device of each worker; auto is a GPU where there is one."""

    def pool(self) -> Workers:
        """The workers asked for; raises `OutOfRange`."""
        return Workers(self.workers, self.processes, self.scheduler, self.device)
