"""Where blocks of work are solved: threads or processes of this machine, or the workers of a Dask cluster, all as one executor."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import TypeVar

from numerics.errors import NoScheduler, WorkersLost
from theory.errors import OutOfRange

Result = TypeVar("Result")
IN_FLIGHT = 64
"""Blocks handed out and not yet returned: enough to keep any executor busy, few enough to bound memory."""


@dataclass(frozen=True)
class Workers:
    """`count` threads, or with `processes` as many processes, or with `scheduler` (tcp://host:port) the workers of a Dask cluster.

    `device` is that of each worker: "cpu", "cuda", or "auto" for a GPU where there is one. The results are the same for all of them.
    """

    count: int = field(default_factory=lambda: os.cpu_count() or 1)
    processes: bool = False
    scheduler: str = ""
    device: str = "cpu"

    def __post_init__(self) -> None:
        if isinstance(self.count, bool) or not isinstance(self.count, int) or self.count < 1:
            raise OutOfRange(f"workers = {self.count!r}; at least one was expected.")
        if self.scheduler and self.processes:
            raise OutOfRange(
                f"both processes and the scheduler {self.scheduler}: the cluster's workers are used; leave one of the two out."
            )

    @contextmanager
    def open(self) -> Iterator[Executor]:
        """The executor; raises `NoScheduler` if no cluster answers, and `WorkersLost` where workers die while it is in use."""
        try:
            if self.scheduler:
                with _dask(self.scheduler) as executor:
                    yield executor
            elif self.processes:
                with ProcessPoolExecutor(self.count, mp_context=get_context("spawn")) as executor:
                    yield executor
            else:
                with ThreadPoolExecutor(self.count) as executor:
                    yield executor
        except BrokenExecutor as error:
            raise WorkersLost(
                "a worker process ended abruptly (killed, or out of memory). What was finished is kept; the same command goes on from there, "
                "with fewer workers if memory was short."
            ) from error


@contextmanager
def _dask(address: str) -> Iterator[Executor]:
    try:
        from distributed import Client, KilledWorker
    except ImportError as error:
        raise NoScheduler(
            f"the scheduler {address} needs the package distributed: install this project with its extra `cluster`."
        ) from error
    try:
        client = Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise NoScheduler(
            f"no Dask scheduler answers at {address} ({error}); start one with `dask scheduler`, its workers with `dask worker {address}`."
        ) from error
    with client:
        try:
            yield client.get_executor()
        except KilledWorker as error:
            raise WorkersLost(
                f"several workers of {address} died on one block ({error}). What was finished is kept; the same command goes on from there."
            ) from error


def in_any_order(executor: Executor, calls: Sequence[Callable[[], Result]]) -> Iterator[tuple[int, Result]]:
    """The results of the calls with their numbers, as they come; at most `IN_FLIGHT` are under way, and an error cancels the others."""
    waiting: dict[Future[Result], int] = {}
    todo = enumerate(calls)
    try:
        while True:
            for number, call in todo:
                waiting[executor.submit(call)] = number
                if len(waiting) >= IN_FLIGHT:
                    break
            if not waiting:
                return
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                yield waiting.pop(future), future.result()
    finally:
        for future in waiting:
            future.cancel()
