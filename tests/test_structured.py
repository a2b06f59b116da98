"""Structured tickets: blocks, plans, compaction, files, the command."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from checks.exact_network import random_input
from checks.exact_structured import exact_compact
from checks.structured_examples import ARCHITECTURES, one_layer, random_structured_target, structured_ticket
from numerics.__main__ import Command, main
from numerics.errors import BadTarget, BadTicket
from numerics.layer import LayerShape
from numerics.network import AffineLayer
from numerics.random_weights import Key
from numerics.structured import build as builder
from numerics.structured.compact import compacted, network_size, target_size, ticket_size
from numerics.structured.execute import run_compact, run_masked, run_target
from numerics.structured.network import Block, BlockedArchitecture, BlockedLayer, StructuredNetwork, StructuredTarget, depthwise, grouped
from numerics.structured.plan import list_bits_for, plan, samples_for
from numerics.structured.targets import StructuredTask, find_task
from numerics.structured.targets._training import plain, rescaled
from numerics.structured.ticket import load_masks
from numerics.structured.weights import FIRST, normal_weights
from theory import cli
from theory.errors import OutOfRange, UnknownName


@pytest.mark.parametrize("name", list(ARCHITECTURES))
def test_masked_and_compacted_networks_agree_in_floating_point_and_the_sizes_are_counted(name: str) -> None:
    target = random_structured_target(ARCHITECTURES[name](), seed=1)
    ticket = structured_ticket(target)
    space = target.architecture.layers[0].shape.domain
    x = np.random.default_rng(0).standard_normal((5, space.channels, space.representation.dimension))
    masked, compact = run_masked(ticket, x), run_compact(compacted(ticket), x)
    assert np.allclose(masked, compact, atol=1e-12)
    assert not np.allclose(run_target(target, x), compact, atol=1e-12)
    exact = random_input((space.channels, space.representation.dimension), seed=1)
    wanted = exact_compact(compacted(ticket), exact).astype(float)
    assert np.allclose(run_compact(compacted(ticket), exact.astype(float)[None])[0], wanted, atol=1e-12)
    small, large, goal = ticket_size(ticket), network_size(ticket.network), target_size(target)
    assert small.channels == sum(int(mask.hidden.sum()) for mask in ticket.masks) < large.channels
    assert goal.parameters < small.parameters < large.parameters
    assert small.multiply_adds < large.multiply_adds


def test_sizes_of_one_layer_by_hand() -> None:
    """3 operators of 3 entries: a channel takes 3 + 9 multiplications and 1 + 3 weights; the bias is one number."""
    target = random_structured_target(one_layer(), seed=1)
    ticket = structured_ticket(target)
    kept = int(ticket.masks[0].hidden.sum())
    size = ticket_size(ticket)
    assert (size.channels, size.parameters, size.multiply_adds) == (kept, 4 * kept + 1, 12 * kept)
    whole = network_size(ticket.network)
    assert (whole.channels, whole.parameters, whole.multiply_adds) == (24, 24 * (3 + 3) + 20 * 2, 24 * (9 + 9))
    goal = target_size(target)
    assert (goal.channels, goal.parameters, goal.multiply_adds) == (0, 4, 9)


def test_a_ticket_reads_back_and_one_of_another_network_does_not(tmp_path: Path) -> None:
    ticket = structured_ticket(random_structured_target(one_layer(), seed=1))
    path = tmp_path / "ticket.safetensors"
    ticket.save(path)
    again = load_masks(path, ticket.network)
    assert again.digests() == ticket.digests()
    for other in (Key(1), Key(0)):
        widths = ticket.network.widths if other == Key(1) else (25,)
        with pytest.raises(BadTicket):
            load_masks(path, StructuredNetwork(ticket.network.architecture, other, widths, ticket.network.constants))
    with pytest.raises(BadTicket, match="no structured ticket"):
        load_masks(tmp_path / "missing", ticket.network)


@pytest.mark.parametrize("block", [Block(1, (0,)), Block(0, ()), Block(0, (1,)), Block(0, (0, 0)), Block(0, (-1,))])
def test_blocks_outside_a_layer_are_refused(block: Block) -> None:
    shape = one_layer().layers[0].shape
    with pytest.raises(OutOfRange, match="existing channels"):
        BlockedLayer(shape, (block,), ((0,),))
    with pytest.raises(OutOfRange, match="existing channels"):
        BlockedLayer(shape, grouped(1, 1, 1), ((1,),))


def test_layers_that_do_not_fit_and_widths_that_are_not_positive_are_refused() -> None:
    layer = BlockedLayer(LayerShape(plain(3, 2), plain(3, 2)), grouped(2, 2, 2), ((0, 1),))
    with pytest.raises(OutOfRange, match="equally many"):
        BlockedArchitecture((layer, BlockedLayer(LayerShape(plain(1, 5), plain(1, 1)), grouped(5, 1, 1), ((0,),))))
    with pytest.raises(OutOfRange, match="positive numbers"):
        StructuredNetwork(one_layer(), Key(0), (0,), (1,))


def test_flattening_a_space_on_which_the_group_acts_is_refused() -> None:
    moved = ARCHITECTURES["equivariant"]().layers[0]
    flat = plain(1, moved.shape.codomain.dimension)
    with pytest.raises(OutOfRange, match="moved alike"):
        BlockedArchitecture((moved, BlockedLayer(LayerShape(flat, flat), depthwise(4), ((0,),))))


def test_a_target_with_numbers_where_no_block_connects_is_refused() -> None:
    architecture = ARCHITECTURES["flattening"]()
    good = random_structured_target(architecture, seed=0)
    first = good.layers[0]
    for coefficients in (first.coefficients + 1.0, first.coefficients * np.nan):
        with pytest.raises(BadTarget):
            StructuredTarget("bad", architecture, (AffineLayer(coefficients, first.bias), good.layers[1]), Fraction(1))
    with pytest.raises(BadTarget, match="plain name"):
        StructuredTarget("../up", architecture, good.layers, Fraction(1))
    with pytest.raises(BadTarget, match="layers of numbers"):
        StructuredTarget("short", architecture, good.layers[:1], Fraction(1))


def test_rescaling_a_network_changes_nothing_that_it_computes() -> None:
    target = random_structured_target(ARCHITECTURES["flattening"](), seed=0)
    other = StructuredTarget("other", target.architecture, rescaled(target.layers, (3,)), Fraction(1))
    x = np.random.default_rng(0).standard_normal((3, 2, 3))
    assert (run_target(target, x) == run_target(other, x)).all()
    assert (target.layers[0].coefficients != other.layers[0].coefficients).any()


def test_a_plan_grows_with_the_accuracy_and_says_when_it_would_take_too_much() -> None:
    target = random_structured_target(ARCHITECTURES["equivariant"](), seed=0)
    coarse, fine = (plan(target, Fraction(1, q)) for q in (2, 1000))
    assert all(a.width < b.width and a.tolerance > b.tolerance for a, b in zip(coarse, fine, strict=True))
    with pytest.raises(OutOfRange, match="more than 4096 lists"):
        samples_for(500, 1e-3, 16)


def test_lists_are_as_large_as_the_work_allows_and_need_fewer_vectors_then() -> None:
    small, large = (list_bits_for(5, 1e-4, work) for work in (1 << 19, 1 << 24))
    assert small < large
    assert samples_for(5, 1e-4, small) > samples_for(5, 1e-4, large)
    assert samples_for(5, 1e-4, small) // small << small <= 1 << 19
    with pytest.raises(OutOfRange, match="more than 4096 lists"):
        list_bits_for(500, 1e-3, 1 << 24)


def test_the_weights_that_the_block_mask_leaves_lie_where_the_whole_first_layer_has_them() -> None:
    network = StructuredNetwork(ARCHITECTURES["equivariant"](), Key(5), (4, 3), (2, 2))
    for i, (rule, width) in enumerate(zip(network.architecture.layers, network.widths, strict=True)):
        n, k = rule.shape.domain.channels, rule.shape.hidden_size
        every = normal_weights(network.key, i, FIRST, 0, len(rule.blocks) * width * n * k).reshape(-1, width, n, k)
        wanted = [every[b, :, block.channel, rule.shape.identity].tolist() for b, block in enumerate(rule.blocks)]
        assert network.first(i).tolist() == wanted


def small_task() -> StructuredTask:
    target = random_structured_target(ARCHITECTURES["equivariant"](), seed=1)
    return StructuredTask(target, np.random.default_rng(0).standard_normal((7, 1, 2)), np.zeros(7, dtype=np.int64), "a small one")


def test_a_build_certifies_compacts_and_goes_on_from_what_it_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = builder.build(small_task(), epsilon="1/4", key=0, out=tmp_path)
    assert result.held
    assert Fraction(result.error_bound) <= Fraction(1, 4)
    assert result.largest_error > 0
    assert all(Path(path).is_file() for path in (result.ticket, result.network, result.certificate))
    prune = __import__("numerics.structured.prune", fromlist=["choose"])
    monkeypatch.setattr(prune, "choose", lambda *_: pytest.fail("a finished block was solved again"))
    again = builder.build(small_task(), epsilon="1/4", key=0, out=tmp_path)
    assert again.error_bound == result.error_bound
    for path in (tmp_path / "cache" / "masks").iterdir():
        path.write_bytes(b"damaged")
    with pytest.raises(BaseException, match="solved again"):
        builder.build(small_task(), epsilon="1/4", key=0, out=tmp_path)


USER = """
import numpy as np
from tests.test_structured import small_task
def build(cache):
    return small_task()
def other(cache):
    return 3
def failing(cache):
    raise KeyError("x")
"""


def run_command(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        cli.run(main, Command, "python -m numerics", "", list(arguments))
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_the_command_builds_a_target_of_the_user_s(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.py"
    file.write_text(USER)
    options = ("--out", str(tmp_path / "out"), "--epsilon", "1/4")
    assert run_command("structured", f"{file}:build", *options) == 0
    assert "compacted" in capsys.readouterr().out
    assert run_command("structured", f"{file}:build", *options, "--json") == 0
    assert json.loads(capsys.readouterr().out)["held"] is True
    assert run_command("structured", f"{file}:build", *options, "--quiet") == 0
    assert capsys.readouterr().out == ""


def test_the_command_refuses_what_makes_no_sense(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.py"
    file.write_text(USER)
    for target, options in (
        ("nothing", ()),
        (f"{file}:absent", ()),
        (f"{file}:other", ()),
        (f"{file}:failing", ()),
        (f"{file}:build", ("--epsilon", "0")),
        (f"{file}:build", ("--workers", "0")),
        (f"{file}:build", ("--key", "-1")),
    ):
        assert run_command("structured", target, "--out", str(tmp_path / "out"), *options) == 2
        assert "Error" not in capsys.readouterr().err.split(":")[0]


def test_built_in_targets_are_found_by_name(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="filters, separable, turns"):
        find_task("digits", tmp_path)
