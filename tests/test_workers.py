"""Threads, processes, a Dask cluster: the same bytes from all of them, whatever is killed, interrupted or full."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from checks.recheck import recheck
from numerics import workers
from numerics.errors import NoScheduler, WorkersLost
from numerics.feedforward import Activation, Affine, Flatten, certify_feedforward, prune_feedforward, source_for
from numerics.network import random_network
from numerics.prune import prune
from numerics.random_weights import Key
from numerics.ticket import Ticket
from numerics.workers import IN_FLIGHT, Workers, in_any_order
from tests.small import small_target, small_ticket
from tests.small_feedforward import inputs_of, random_feedforward
from theory.errors import OutOfRange

SLOW_TARGET = """
import numpy as np
from fractions import Fraction
from numerics.layer import Space, trivial
from numerics.feedforward import Activation, Affine, Flatten, certify_feedforward, prune_feedforward, source_for
from numerics.network import AffineLayer, Architecture, Target
from numerics.targets import Task
from theory import PermutationGroup

def build(cache):
    point = trivial(PermutationGroup([], degree=1))
    architecture = Architecture((Space(point, 10), Space(point, 8), Space(point, 6)))
    draw = np.random.default_rng(0).uniform
    layers = tuple(AffineLayer(draw(-0.5, 0.5, (m, n, 1)), np.zeros((m, 1))) for n, m in ((10, 8), (8, 6)))
    return Task(Target("slow", architecture, layers, Fraction(1)), np.eye(10)[:, :, None], np.zeros(10, int), "some seconds of sums")
"""
SLOW = ("--epsilon", "1e-6", "--width", "84", "--samples", "36", "--quiet")


@pytest.fixture(scope="module")
def slow_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("target") / "slow.py"
    file.write_text(SLOW_TARGET, encoding="utf-8")
    return file


def command(file: Path, out: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "numerics", "prune", f"{file}:build", *SLOW, "--out", str(out), *options]


def products(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for folder in ("tickets", "certificates") for path in sorted((out / folder).iterdir())}


@pytest.fixture(scope="module")
def expected(slow_file: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Ticket and certificate of a run that nothing disturbed, in one thread."""
    out = tmp_path_factory.mktemp("undisturbed")
    subprocess.run(command(slow_file, out, "--workers", "1"), check=True)
    return products(out)


def when_started(out: Path, blocks: int, process: "subprocess.Popen[bytes]") -> int:
    """Wait until so many blocks are stored; returns how many are."""
    stored = 0
    for _ in range(1200):
        stored = len(list(out.glob("cache/masks/*.mask")))
        if stored >= blocks or process.poll() is not None:
            return stored
        time.sleep(0.05)
    raise TimeoutError(f"{stored} blocks after a minute")


@pytest.mark.parametrize("blocks", [1, 9])
def test_a_run_killed_at_any_moment_goes_on_and_ends_with_the_same_bytes(
    blocks: int, slow_file: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    process = subprocess.Popen(command(slow_file, tmp_path, "--workers", "2"))
    stored = when_started(tmp_path, blocks, process)
    process.kill()
    process.wait()
    assert stored < 20, "the run was over before it could be killed"
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.glob("cache/masks/*.mask")}
    subprocess.run(command(slow_file, tmp_path, "--workers", "2"), check=True)
    assert products(tmp_path) == expected
    assert len(kept) >= blocks
    assert all(path.stat().st_mtime_ns == written for path, written in kept.items()), "a finished block was solved again"


def test_ctrl_c_keeps_what_is_finished_and_says_so(slow_file: Path, expected: dict[str, bytes], tmp_path: Path) -> None:
    process = subprocess.Popen(
        command(slow_file, tmp_path), stderr=subprocess.PIPE, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler)
    )
    when_started(tmp_path, 3, process)
    process.send_signal(signal.SIGINT)
    _, message = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"What was finished is kept; the same command goes on from there." in message
    assert b"Traceback" not in message
    subprocess.run(command(slow_file, tmp_path), check=True)
    assert products(tmp_path) == expected


def test_a_full_disk_is_named_and_nothing_is_lost(slow_file: Path, expected: dict[str, bytes], tmp_path: Path) -> None:
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", str(tmp_path)], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("a small tmpfs needs the right to mount")
    try:
        full = subprocess.run(command(slow_file, tmp_path), capture_output=True, text=True, check=False)
        assert full.returncode == 2
        assert "No space left on device" in full.stderr
        assert str(tmp_path) in full.stderr
        assert "Traceback" not in full.stderr
        kept = len(list(tmp_path.glob("cache/masks/*.mask")))
        assert 0 < kept < 20
        assert not list(tmp_path.glob("cache/masks/.*")), "half-written files are left"
        subprocess.run(["mount", "-o", "remount,size=4m", str(tmp_path)], check=True)
        subprocess.run(command(slow_file, tmp_path), check=True)
        assert products(tmp_path) == expected
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


def pruned(cache: Path, executor: Executor | None = None) -> Ticket:
    target = small_target()
    return prune(target, random_network(target.architecture, Key(0), 8), samples=6, cache=cache, executor=executor)


class Deadly(ProcessPoolExecutor):
    """One process; the third call kills it."""

    calls = 0

    def submit(self, fn, /, *args, **kwargs):
        self.calls += 1
        return super().submit(_kill_this_worker) if self.calls == 3 else super().submit(fn, *args, **kwargs)


def test_a_killed_worker_process_is_reported_and_what_is_finished_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "ProcessPoolExecutor", Deadly)
    with (
        pytest.raises(WorkersLost, match=r"ended abruptly .* the same command goes on from there"),
        Workers(1, processes=True).open() as pool,
    ):
        pruned(tmp_path, pool)
    assert len(list(tmp_path.glob("*.mask"))) == 2
    assert pruned(tmp_path).digests() == small_ticket().digests()


def _number() -> int:
    return 1


def _kill_this_worker() -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Callable[[], int]]]:
    """A scheduler and two workers in processes of their own: the address, and a call that kills one worker and starts another."""
    pytest.importorskip("distributed")
    folder, processes = tmp_path_factory.mktemp("cluster"), []

    def start(*arguments: str) -> "subprocess.Popen[bytes]":
        with (folder / "log").open("ab") as log:
            started = subprocess.Popen([sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:]], stderr=log, stdout=log)
        processes.append(started)
        return started

    address_file = folder / "scheduler.json"
    start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(address_file))
    for _ in range(600):
        if address_file.exists() and address_file.read_text():
            break
        time.sleep(0.05)
    worker = (
        "dask_worker",
        "--scheduler-file",
        str(address_file),
        "--no-nanny",
        "--nthreads",
        "1",
        "--no-dashboard",
        "--host",
        "127.0.0.1",
    )
    alive = [start(*worker), start(*worker)]

    def kill_one() -> int:
        alive[0].kill()
        alive.append(start(*worker))
        return alive.pop(0).wait()

    yield json.loads(address_file.read_text())["address"], kill_one
    for process in processes:
        process.kill()
        process.wait()


def test_a_cluster_whose_workers_are_killed_gives_the_same_bytes(
    cluster: tuple[str, Callable[[], int]], slow_file: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    address, kill_one = cluster
    process = subprocess.Popen(command(slow_file, tmp_path, "--scheduler", address), stderr=subprocess.PIPE)
    for blocks in (2, 6):
        when_started(tmp_path, blocks, process)
        assert process.poll() is None, process.communicate()
        assert kill_one() == -signal.SIGKILL
    _, message = process.communicate(timeout=120)
    assert process.returncode == 0, message
    assert products(tmp_path) == expected


@pytest.mark.parametrize("copies", [0, 8])
def test_a_cluster_gives_the_same_bytes_of_a_feedforward_ticket_of_either_construction(
    cluster: tuple[str, Callable[[], int]], tmp_path: Path, copies: int
) -> None:
    """One thread, and the two workers of a local cluster: certificates and finished blocks are equal, byte for byte; another key's are not."""
    operations = (Affine(0, 2, (2, 2), (1, 1), (1, 1)), Activation(1), Flatten(2), Affine(3, 3))
    target = random_feedforward((1, 3, 3), operations)
    found = {}
    for name, key, pool in (("here", 0, Workers(1)), ("cluster", 0, Workers(1, scheduler=cluster[0])), ("other", 1, Workers(1))):
        with pool.open() as executor:
            source = source_for(target, Key(key), 24, copies=copies)
            ticket = prune_feedforward(target, source, samples=12, executor=executor, cache=tmp_path / name)
        certify_feedforward(target, ticket, "100", inputs_of(target, 2)).save(tmp_path / f"{name}.json")
        blocks = {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        found[name] = (blocks, (tmp_path / f"{name}.json").read_bytes())
    assert found["here"][0]
    assert found["here"] == found["cluster"]
    assert found["here"] != found["other"]
    assert recheck(tmp_path / "cluster.json")


def test_processes_give_the_same_bytes(slow_file: Path, expected: dict[str, bytes], tmp_path: Path) -> None:
    subprocess.run(command(slow_file, tmp_path, "--workers", "2", "--processes"), check=True)
    assert products(tmp_path) == expected


def test_no_scheduler_at_the_address_is_said_in_one_line(slow_file: Path, tmp_path: Path) -> None:
    with pytest.raises(NoScheduler, match="start one with `dask scheduler`"), Workers(1, scheduler="nonsense://x").open():
        pass
    refused = subprocess.run(command(slow_file, tmp_path, "--scheduler", "tcp://127.0.0.1:9"), capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "NoScheduler: no Dask scheduler answers at tcp://127.0.0.1:9" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_impossible_workers_are_refused() -> None:
    with pytest.raises(OutOfRange, match="workers = 0"):
        Workers(0)
    with pytest.raises(OutOfRange, match="leave one of the two out"):
        Workers(1, processes=True, scheduler="tcp://127.0.0.1:1")


def test_no_more_blocks_are_under_way_than_allowed_and_every_result_comes_once() -> None:
    running, most = 0, 0

    class Counting(ProcessPoolExecutor):
        def submit(self, fn, /, *args, **kwargs):
            nonlocal running, most
            running += 1
            most = max(most, running)
            return super().submit(fn, *args, **kwargs)

    with Counting(1, mp_context=get_context("spawn")) as pool:
        seen = []
        for number, result in in_any_order(pool, [_number] * (3 * IN_FLIGHT)):
            running -= 1
            seen.append((number, result))
    assert sorted(seen) == [(number, 1) for number in range(3 * IN_FLIGHT)]
    assert most <= IN_FLIGHT
