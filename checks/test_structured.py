"""Structured tickets: blocked, compacted and equivariant exactly, and as accurate as certified."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.evidence import Recorder
from checks.exact_network import moved, random_input, squared_norm
from checks.exact_structured import exact_compact, exact_masked, exact_target
from checks.recheck import recheck
from checks.structured_examples import ARCHITECTURES, equivariant, random_structured_target, structured_ticket
from numerics.random_weights import Key
from numerics.structured.certify import certify
from numerics.structured.compact import compacted
from numerics.structured.network import StructuredNetwork, StructuredTarget
from numerics.structured.ticket import ChannelMask, StructuredTicket

NAMES = list(ARCHITECTURES)


def target_of(name: str, seed: int = 1) -> StructuredTarget:
    return random_structured_target(ARCHITECTURES[name](), seed)


def input_of(target: StructuredTarget, seed: int, norm: Fraction = Fraction(1)) -> np.ndarray:
    space = target.architecture.layers[0].shape.domain
    return random_input((space.channels, space.representation.dimension), seed, norm)


def random_masks(name: str, seed: int) -> StructuredTicket:
    """A network of width 5 with every channel kept or removed at random."""
    architecture = ARCHITECTURES[name]()
    network = StructuredNetwork(architecture, Key(seed), (5,) * architecture.depth, (4,) * architecture.depth)
    generator = np.random.default_rng(seed)
    masks = [
        ChannelMask(generator.random((len(r.blocks), 5)) < 0.5, generator.random((len(r.bias_blocks), 4)) < 0.5)
        for r in architecture.layers
    ]
    return StructuredTicket(network, tuple(masks))


@settings(deadline=None, derandomize=True, max_examples=12)
@given(st.sampled_from(NAMES), st.integers(0, 2**20))
def test_compaction_is_exact_for_every_mask(name: str, seed: int) -> None:
    ticket = random_masks(name, seed)
    x = input_of(target_of(name), seed)
    assert (exact_masked(ticket, x) == exact_compact(compacted(ticket), x)).all()


def test_a_compaction_that_loses_one_channel_is_seen() -> None:
    from dataclasses import replace

    ticket = structured_ticket(target_of("equivariant"))
    layers = compacted(ticket)
    first = layers[0]
    wrong = replace(first, source=first.source[1:], first=first.first[1:], second=first.second[:, 1:])
    inputs = [input_of(target_of("equivariant"), seed) for seed in range(4)]
    assert any((exact_masked(ticket, x) != exact_compact((wrong, *layers[1:]), x)).any() for x in inputs)


@settings(deadline=None, derandomize=True, max_examples=12)
@given(st.sampled_from(NAMES), st.integers(0, 2**20))
def test_a_removed_block_leaves_its_outputs_to_the_others(name: str, seed: int) -> None:
    """Blocked masks block: with the channels of one block alone kept, a layer reads one input channel and feeds the block's outputs only."""
    ticket = random_masks(name, seed)
    rule, network = ticket.network.architecture.layers[0], ticket.network
    number = seed % len(rule.blocks)
    block = rule.blocks[number]
    hidden = np.zeros_like(ticket.masks[0].hidden)
    hidden[number] = True
    mask = ChannelMask(hidden, np.zeros_like(ticket.masks[0].constant))
    alone = StructuredTicket(network, (mask, *ticket.masks[1:]))
    layer = compacted(alone)[0]
    others = [q for q in range(rule.shape.codomain.channels) if q not in block.outputs]
    assert not layer.second[others].any()
    assert (layer.source == block.channel).all()
    assert not layer.bias.any()
    assert layer.second[list(block.outputs)].any()


@pytest.mark.statement("companion.equivariant_pruning", "companion.structured_layer")
def test_structured_ticket_is_exactly_equivariant(evidence: Recorder) -> None:
    target = target_of("equivariant")
    tickets = [structured_ticket(target), *(random_masks("equivariant", seed) for seed in range(3))]
    images = target.architecture.layers[0].shape.domain.representation.images
    for ticket in tickets:
        for seed in range(3):
            x = input_of(target, seed)
            assert all((exact_masked(ticket, moved(x, g)) == exact_masked(ticket, x)).all() for g in images)
    broken = compacted(tickets[0])
    raw = broken[0].rule.shape.matrix(broken[0].second[:, :1].astype(float))
    raw[0] = 0.0
    assert any((raw[np.argsort(np.array([*g, *(2 + i for i in g)]))] != raw[:, list(g)]).any() for g in images)
    evidence.instances(f"{len(tickets)} structured tickets of two layers over a ring of 2, whole fields removed, in rationals")


@pytest.mark.statement("companion.A4", "companion.A5")
@pytest.mark.parametrize("name", NAMES)
def test_certified_error_of_structured_tickets_is_at_least_the_exact_error(name: str, evidence: Recorder, tmp_path: Path) -> None:
    largest = Fraction(0)
    for seed in range(2):
        target = target_of(name, seed)
        ticket = structured_ticket(target, key=seed)
        certificate = certify(target, ticket, "100")
        certificate.save(tmp_path / "certificate.json")
        assert recheck(tmp_path / "certificate.json")["error_bound"] == certificate.error_bound
        for number in range(4):
            x = input_of(target, number, target.radius)
            error = squared_norm(exact_masked(ticket, x) - exact_target(target, x))
            assert error <= certificate.error_bound**2
            largest = max(largest, error / certificate.error_bound**2)
    assert largest > Fraction(1, 10**6), "the bound would be loose beyond use"
    evidence.instances(
        f"2 structured tickets, {name}, 8 inputs, in rationals", {"largest sampled / certified": f"{float(largest) ** 0.5:.3g}"}
    )


def test_random_weights_of_blocks_are_independent_of_what_is_kept() -> None:
    """The network is drawn before a mask is chosen: targets change masks and no weight."""
    architecture = equivariant()
    one, other = (structured_ticket(random_structured_target(architecture, seed)) for seed in (1, 2))
    assert one.network == other.network
    assert any((a.hidden != b.hidden).any() for a, b in zip(one.masks, other.masks, strict=True))
    assert (one.network.first(0) == other.network.first(0)).all()
