"""Runs of instances on a pool of threads: bounded work in flight, progress, and Ctrl-C that keeps what is finished."""

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


def available_threads() -> int:
    """Return how many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_runs(work: Callable[[int, int], Result], total: int, length: int, threads: int) -> Iterator[tuple[int, Result]]:
    """Yield (end of the run, work(start, end)) for the runs of `length` that make up range(total), in order; a pool of
    threads is made only if there is something to divide.
    """
    if threads == 1 or total <= length:
        for start in range(0, total, length):
            end = min(start + length, total)
            yield end, work(start, end)
        return
    pool = ThreadPoolExecutor(threads)
    waiting: deque[tuple[int, Future[Result]]] = deque()
    try:
        for start in range(0, total, length):
            end = min(start + length, total)
            waiting.append((end, pool.submit(work, start, end)))
            if len(waiting) > 2 * threads:
                end, future = waiting.popleft()
                yield end, future.result()
        while waiting:
            end, future = waiting.popleft()
            yield end, future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
