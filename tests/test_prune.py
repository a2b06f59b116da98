"""Tickets: masks and nothing else, the same bytes for any number of workers, nothing lost when interrupted."""

import json
import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from fractions import Fraction
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

from checks.exact_network import exact_target, exact_ticket, random_input
from numerics.blocks import Block, blocks, near_units
from numerics.build import build
from numerics.certify import certify, require, ticket_sums
from numerics.errors import BadTarget, BadTicket, NoSubset
from numerics.execute import run_target, run_ticket
from numerics.network import AffineLayer, Target, random_network
from numerics.prune import prune
from numerics.random_weights import Key, grid_weights
from numerics.targets import Task
from numerics.ticket import Ticket, architecture_from
from tests.small import small_certificate, small_target, small_ticket
from theory.errors import OutOfRange


def small_task() -> Task:
    target = small_target()
    inputs = np.random.default_rng(0).uniform(-1, 1, (20, 1, 3)) / 2
    labels = run_target(target, inputs).reshape(20, -1).argmax(axis=1)
    return Task(target, inputs, labels, "a small network over the shifts of three positions")


def same_files(first: Path, second: Path) -> bool:
    names = ("tickets/random.safetensors", "certificates/random.json")
    return all((first / name).read_bytes() == (second / name).read_bytes() for name in names)


def test_the_random_network_is_fixed_before_any_mask_and_the_ticket_uses_its_weights() -> None:
    """The ticket's coefficients are sums of products of the key's weights at the masks' positions, recomputed one by one."""
    ticket = small_ticket()
    network, mask = ticket.network, ticket.masks[0]
    plus, minus, _ = ticket_sums(ticket, 0)
    width, (m, n, k) = network.width, network.architecture.layers[0].coefficient_shape
    identity, hidden_size = network.architecture.layers[0].identity, network.architecture.layers[0].hidden_size
    for q in range(m):
        for o in range(k):
            total = {1: 0, -1: 0}
            for j in range(width):
                u = int(grid_weights(network.key, 0, 0, (j * n) * hidden_size + identity, 1)[0])
                v = int(grid_weights(network.key, 0, 1, (j * m + q) * k + o, 1)[0])
                total[1 if u > 0 else -1] += abs(u) * v * int(mask.second[0, j, q, o])
            assert (plus[q, 0, o], minus[q, 0, o]) == (total[1], total[-1])


def test_each_mask_is_the_best_of_all_subsets() -> None:
    ticket, target = small_ticket(), small_target()
    block = blocks(target, ticket.network, 6)[0]
    u, v = block.weights()
    for sign in (1, -1):
        channels = [j for j in range(len(u)) if np.sign(u[j]) == sign][:6]
        assert abs(block.targets).max() <= near_units(block.network) or len(channels) <= 6
        for q, k in np.ndindex(block.targets.shape):
            samples = [int(abs(u[j]) * v[j, q, k]) for j in channels]
            wanted = sign * int(block.targets[q, k])
            best = min(abs(sum(x for i, x in enumerate(samples) if subset >> i & 1) - wanted) for subset in range(1 << len(samples)))
            found = abs(sum(x for x, j in zip(samples, channels, strict=True) if ticket.masks[0].second[0, j, q, k]) - wanted)
            assert found == best


def test_a_coefficient_whose_first_products_have_one_sign_is_sought_among_both(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixteen channels of negative products, then sixteen of positive ones, for positive coefficients and samples = 16."""
    target = small_target()
    network = random_network(target.architecture, Key(0), 32)
    block = replace(blocks(target, network, 16)[0], targets=np.full((2, 3), 3 << 44))
    draw = np.random.default_rng(0).integers(1, 1 << 23, (7, 32))
    signs = np.repeat([-1, 1], 16)[:, None, None]
    monkeypatch.setattr(Block, "weights", lambda block: (draw[0], signs * draw[1:].T.reshape(32, 2, 3)))

    def largest_residual() -> float:
        u, v = block.weights()
        sums = (u[:, None, None] * v * block.solve()).sum(axis=0)
        return np.abs(sums - block.targets).max() / 2.0**46

    assert largest_residual() < 2**-8
    monkeypatch.setattr(import_module("numerics.blocks"), "seek_among_both_signs", lambda *_: None)
    assert largest_residual() > 0.1, "the first products alone cannot reach a coefficient of the other sign"


def test_coefficients_beyond_one_are_met_by_more_samples_not_rescaled() -> None:
    target = small_target()
    large = target.layers[0].coefficients * 0 + 3.25
    target = replace(target, layers=(AffineLayer(large, target.layers[0].bias), target.layers[1]))
    ticket = prune(target, random_network(target.architecture, Key(0), 200), samples=16)
    plus, minus, _ = ticket_sums(ticket, 0)
    for found, wanted in ((plus, 3.25), (minus, -3.25)):
        assert np.abs(found / 2.0**46 - wanted).max() < 0.01


def test_a_network_too_narrow_for_any_subset_still_gives_a_ticket_with_its_true_error() -> None:
    target = small_target()
    ticket = prune(target, random_network(target.architecture, Key(0), 1), samples=6)
    assert not certify(target, ticket, "1/100").holds


def test_a_coefficient_beyond_exact_sums_is_refused_and_the_largest_allowed_is_solved() -> None:
    target = small_target()
    for value, refused in ((256.0, False), (257.0, True)):
        large = replace(target, layers=(AffineLayer(target.layers[0].coefficients * 0 + value, target.layers[0].bias), target.layers[1]))
        network = random_network(target.architecture, Key(0), 8)
        if refused:
            with pytest.raises(OutOfRange, match="the coefficient 257 exceeds 256"):
                prune(large, network, samples=4)
        else:
            assert not certify(large, prune(large, network, samples=4), "1").holds


def test_outputs_in_floating_point_are_those_of_the_exact_pruned_network() -> None:
    ticket, target = small_ticket(), small_target()
    for seed in range(3):
        x = random_input((1, 3), seed)
        floating = x.astype(np.float64)[None]
        np.testing.assert_allclose(run_ticket(ticket, floating)[0], exact_ticket(ticket, x).astype(np.float64), atol=1e-14)
        np.testing.assert_allclose(run_target(target, floating)[0], exact_target(target, x).astype(np.float64), atol=1e-14)


def test_one_worker_two_workers_and_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    task = small_task()

    def build_into(name: str, *, key: int = 0, workers: int = 1, executor: ProcessPoolExecutor | None = None) -> None:
        build(task, epsilon="10", key=key, width=8, samples=6, out=tmp_path / name, workers=workers, executor=executor)

    build_into("one")
    build_into("two", workers=2)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        build_into("pool", executor=pool)
    assert same_files(tmp_path / "one", tmp_path / "two")
    assert same_files(tmp_path / "one", tmp_path / "pool")
    build_into("other", key=1)
    assert not same_files(tmp_path / "one", tmp_path / "other")


def test_an_interrupted_build_goes_on_from_its_finished_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = small_target()
    network = random_network(target.architecture, Key(0), 8)
    solved: list[int] = []
    original = Block.solve

    def interrupted(block: Block, device: str = "cpu") -> np.ndarray:
        if len(solved) == 2:
            raise KeyboardInterrupt
        solved.append(block.channel)
        return original(block, device)

    monkeypatch.setattr(Block, "solve", interrupted)
    with pytest.raises(KeyboardInterrupt):
        prune(target, network, samples=6, cache=tmp_path)
    assert len(list(tmp_path.glob("*.mask"))) == 2
    monkeypatch.setattr(Block, "solve", original)
    seen: list[tuple[int, int]] = []
    resumed = prune(target, network, samples=6, cache=tmp_path, progress=lambda done, total: seen.append((done, total)))
    sums = [block.sums for block in blocks(target, network, 6)]
    assert seen[0] == (sum(sums[:2]), sum(sums))
    assert seen[-1] == (sum(sums), sum(sums))
    assert sums == [12, 2, 2, 2, 1]
    assert resumed.digests() == small_ticket().digests()


def test_a_damaged_cache_is_solved_again(tmp_path: Path) -> None:
    target = small_target()
    network = random_network(target.architecture, Key(0), 8)
    prune(target, network, samples=6, cache=tmp_path)
    for path in tmp_path.glob("*.mask"):
        content = path.read_bytes()
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 128]))
    assert prune(target, network, samples=6, cache=tmp_path).digests() == small_ticket().digests()


def test_a_ticket_reads_back_and_a_changed_file_does_not(tmp_path: Path) -> None:
    path = tmp_path / "ticket.safetensors"
    ticket = small_ticket()
    ticket.save(path)
    assert Ticket.load(path).digests() == ticket.digests()
    assert architecture_from(ticket.network.architecture.description()).description() == ticket.network.architecture.description()
    content = path.read_bytes()
    for broken in (
        content[:-1] + bytes([content[-1] ^ 64]),
        content[: len(content) // 2],
        b"",
        content.replace(b'\\"key\\":\\"0\\"', b'\\"key\\":\\"1\\"'),
    ):
        assert broken != content
        path.write_bytes(broken)
        with pytest.raises(BadTicket):
            Ticket.load(path)
    with pytest.raises(BadTicket, match="is no file"):
        Ticket.load(tmp_path / "missing")


def test_a_key_without_a_ticket_is_an_outcome_that_is_stored_and_shown(tmp_path: Path) -> None:
    with pytest.raises(NoSubset, match=r"exceeds ε = 1/1000000.*No ticket was certified for this key at width 8"):
        build(small_task(), epsilon="1e-6", key=0, width=8, samples=6, out=tmp_path)
    result = json.loads((tmp_path / "results" / "random.json").read_text(encoding="utf-8"))
    assert result["held"] is False
    assert not (tmp_path / "certificates" / "random.json").exists()
    assert (tmp_path / "tickets" / "random.safetensors").exists()


def test_the_certified_bound_meets_epsilon_or_says_so() -> None:
    certificate = small_certificate()
    require(certificate)
    tight = certify(small_target(), small_ticket(), certificate.error_bound)
    assert tight.holds
    below = certify(small_target(), small_ticket(), certificate.error_bound * Fraction(999, 1000))
    assert not below.holds


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_target_with_a_value_that_is_no_number_is_refused(value: float) -> None:
    target = small_target()
    broken = target.layers[0].coefficients.copy()
    broken[1, 0, 2] = value
    with pytest.raises(BadTarget, match=r"target random, layer 0, coefficients \(1, 0, 2\): the value is .*finite numbers were expected"):
        replace(target, layers=(AffineLayer(broken, target.layers[0].bias), target.layers[1]))


def test_a_target_of_the_wrong_shape_is_refused() -> None:
    target = small_target()
    with pytest.raises(BadTarget, match="shape"):
        replace(target, layers=(AffineLayer(np.zeros((2, 1, 1)), target.layers[0].bias), target.layers[1]))
    with pytest.raises(BadTarget, match="1 layers of numbers for 2 layers"):
        replace(target, layers=target.layers[:1])
    other = Target("other", target.architecture, target.layers, Fraction(1))
    assert certify(other, small_ticket(), "10").data["name"] == "other"


@pytest.mark.parametrize("width", [0, -3, True])
def test_a_width_that_is_not_positive_is_refused(width: int) -> None:
    with pytest.raises(OutOfRange, match="width = "):
        random_network(small_target().architecture, Key(0), width)


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"COLUMNS": "200"}
    return subprocess.run([sys.executable, "-m", "numerics", *arguments], capture_output=True, text=True, check=False, env=environment)


FEEDFORWARD = """
from fractions import Fraction
import numpy as np
from torch import nn
from numerics.feedforward.task import classifier

def build(cache, weights=None):
    module = nn.Sequential(nn.Flatten(), nn.Linear(4, 2))
    return classifier("mine", module, np.zeros((1, 1, 2, 2), np.float32), None, low=Fraction(0), high=Fraction(1), weights=weights)
"""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("prune", "digits", "--epsilon", "0"), "OutOfRange: epsilon = 0; an accuracy ε > 0 was expected."),
        (("prune", "digits", "--epsilon", "nan"), "BadInput: 'nan' is no exact number"),
        (("prune", "digits", "--width", "0"), "OutOfRange: width 0"),
        (("prune", "digits", "--samples", "45"), "OutOfRange: width 96, samples 45"),
        (("prune", "digits", "--key", "-1"), "OutOfRange: key -1"),
        (("prune", "FEEDFORWARD", "--lossless"), "only equivariant targets are built without error"),
        (("prune", "FEEDFORWARD", "--strategy", "exchanged"), "it is built as in the proof alone"),
        (("prune", "FEEDFORWARD", "--perturbation", "2"), "OutOfRange: perturbation 2: a rational 0 ≤ e ≤ 1 was expected"),
        (("prune", "nosuch"), "UnknownName: no target is called 'nosuch'; known are "),
        (("prune", "nosuch.py:build"), "BadFile: nosuch.py is no file"),
    ],
)
def test_bad_input_to_the_command_ends_with_code_2_and_one_line(arguments: tuple[str, ...], message: str, tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text(FEEDFORWARD, encoding="utf-8")
    named = [f"{file}:build" if argument == "FEEDFORWARD" else argument for argument in arguments]
    finished = command(*named, "--out", str(tmp_path))
    assert finished.returncode == 2
    assert message in finished.stderr
    assert "Traceback" not in finished.stderr


USER_TARGET = """
import numpy as np
from fractions import Fraction
from importlib import import_module
from numerics.layer import Space, trivial
from numerics.network import AffineLayer, Architecture, Target
from numerics.targets import Task
from theory import PermutationGroup

def build(cache):
    point = trivial(PermutationGroup([], degree=1))
    architecture = Architecture((Space(point, 2), Space(point, 2)))
    layer = AffineLayer(np.array([[[0.5], [VALUE]], [[0.25], [-0.75]]]), np.array([[0.125], [0.0]]))
    target = Target("mine", architecture, (layer,), Fraction(2))
    inputs = np.eye(2)[:, :, None]
    return Task(target, inputs, np.array([0, 0]), "a layer of my own")
"""


def test_a_target_of_the_user_is_pruned_certified_and_rechecked(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(USER_TARGET.replace("VALUE", "-1.5"), encoding="utf-8")
    finished = command("prune", f"{file}:build", "--epsilon", "1e-3", "--width", "48", "--samples", "18", "--out", str(tmp_path))
    assert finished.returncode == 0, finished.stderr
    assert "certified |ticket(x) - target(x)| <=" in finished.stdout
    checked = subprocess.run(
        [sys.executable, "-m", "checks.recheck", str(tmp_path / "certificates" / "mine.json")], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
    file.write_text(USER_TARGET.replace("VALUE", "np.nan"), encoding="utf-8")
    refused = command("prune", f"{file}:build", "--out", str(tmp_path))
    assert refused.returncode == 2
    assert "BadTarget: target mine, layer 0, coefficients (0, 1, 0): the value is nan" in refused.stderr
