"""Tickets that compute the very same function, and the arithmetic in which they do."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from checks.kernel import term
from checks.recheck import Refused, check, recheck
from numerics.certify import certify, require
from numerics.errors import BadTarget, NoSubset
from numerics.exact_arithmetic import FLOAT32_UNITS, ORDERS, comparison, run_float32, run_integers, target_layers, ticket_layers
from numerics.execute import run_target, run_ticket
from numerics.layer import Space, trivial
from numerics.network import AffineLayer, Architecture, Target, random_network
from numerics.prune import prune
from numerics.quantise import quantised
from numerics.random_weights import Key, grid_weights
from numerics.ticket import Ticket
from tests.small import small_target
from tests.tampering import changed, copy, forge
from theory.errors import OutOfRange
from theory.group import PermutationGroup

WIDTH, SAMPLES = 64, 12


def dense_target() -> Target:
    """Two dense layers 3-4-2 with numbers uniform in [-1, 1]."""
    point = trivial(PermutationGroup([], degree=1))
    architecture = Architecture((Space(point, 3), Space(point, 4), Space(point, 2)))
    generator = np.random.default_rng(0)
    layers = (
        AffineLayer(generator.uniform(-1, 1, s.coefficient_shape), generator.uniform(-1, 1, s.bias_shape)) for s in architecture.layers
    )
    return Target("dense", architecture, tuple(layers), Fraction(2))


def lossless(target: Target, key: int = 0, objective: str = "smallest", width: int = WIDTH) -> Ticket:
    return prune(target, random_network(target.architecture, Key(key), width, grid_bits=4), samples=SAMPLES, objective=objective)


@pytest.fixture(scope="module")
def target() -> Target:
    return quantised(dense_target()).target


def grid_inputs(count: int = 40) -> np.ndarray:
    return np.random.default_rng(1).integers(-16, 17, (count, 3, 1)) / 16


def test_weights_of_a_coarse_grid_are_uniform_on_it() -> None:
    drawn = grid_weights(Key(0), 0, 0, 0, 64_000, 2)
    values, counts = np.unique(drawn, return_counts=True)
    assert values.tolist() == [-4, -3, -2, -1, 1, 2, 3, 4]
    assert abs(counts - 8000).max() < 500
    for wrong in (0, 24, -1, True):
        with pytest.raises(OutOfRange, match="grid_bits"):
            grid_weights(Key(0), 0, 0, 0, 1, wrong)


def test_rounding_moves_a_network_by_little_and_scales_it_by_a_power_of_two() -> None:
    rounded = quantised(dense_target())
    x = grid_inputs()
    wanted, found = run_target(dense_target(), x), run_target(rounded.target, x) * 2.0**-rounded.exponent
    assert np.abs(found - wanted).max() < 0.05
    for layer in rounded.target.layers:
        for values in (layer.coefficients, layer.bias):
            assert (values * 256 == np.rint(values * 256)).all()
            assert np.abs(values * 256).max() <= 127
    largest = max(np.abs(layer.coefficients).max() for layer in rounded.target.layers) * 256
    assert largest > 63, "a coarser scale than needed was chosen"


def test_a_network_of_zeros_or_a_fine_grid_cannot_be_rounded() -> None:
    zero = dense_target()
    nothing = AffineLayer(np.zeros_like(zero.layers[0].coefficients), np.zeros_like(zero.layers[0].bias))
    with pytest.raises(BadTarget, match="all numbers are zero"):
        quantised(Target("zero", zero.architecture, (nothing, zero.layers[1]), zero.radius))
    with pytest.raises(OutOfRange, match="grids of 1 to 4 bits"):
        quantised(zero, 5)


@pytest.mark.parametrize("objective", ["sparsest", "smallest"])
def test_the_error_is_certified_to_be_exactly_zero(target: Target, objective: str, tmp_path: Path) -> None:
    ticket = lossless(target, objective=objective, width=WIDTH)
    certificate = certify(target, ticket, "1/100")
    assert certificate.lossless
    assert certificate.data["error_bound"] == "0/1"
    certificate.save(tmp_path / "certificate.json")
    assert recheck(tmp_path / "certificate.json")["error_bound"] == 0


def test_outputs_are_equal_bit_for_bit_in_integers_and_in_float32_in_any_order(target: Target) -> None:
    ticket, x = lossless(target), grid_inputs()
    wanted, found = run_integers(target_layers(target, 4), x, 4), run_integers(ticket_layers(ticket), x, 4)
    assert wanted.bits == found.bits
    assert (wanted.integers == found.integers).all()
    assert found.float32_is_exact
    exact = np.ldexp(found.integers.reshape(len(x), -1).astype(np.float64), -found.bits)
    for order in ORDERS:
        assert (run_float32(ticket_layers(ticket), x, order).astype(np.float64) == exact).all()
        assert (run_float32(target_layers(target, 4), x, order).astype(np.float64) == exact).all()
    assert (run_ticket(ticket, x).reshape(len(x), -1) == exact).all()
    assert "equal bit for bit" in comparison(target, ticket, x)
    assert "exact in float32 too" in comparison(target, ticket, x)


def test_integers_differ_where_one_mask_bit_does(target: Target) -> None:
    ticket, x = lossless(target), grid_inputs()
    ticket.masks[0].second[np.unravel_index(np.flatnonzero(ticket.masks[0].second)[0], ticket.masks[0].second.shape)] = False
    assert "outputs differ" in comparison(target, ticket, x)
    assert not certify(target, ticket, 1).lossless


def test_beyond_2_to_the_24_units_float32_sums_depend_on_their_order() -> None:
    """The condition is sharp: one unit more and a sum may be wrong."""
    terms = np.array([FLOAT32_UNITS, 1, -1], dtype=np.float32)
    forwards = np.float32(np.float32(terms[0] + terms[1]) + terms[2])
    backwards = np.float32(np.float32(terms[2] + terms[1]) + terms[0])
    assert float(forwards) != float(backwards) == FLOAT32_UNITS


def test_larger_inputs_are_said_to_leave_float32(target: Target) -> None:
    x = grid_inputs() * 2.0**12
    assert "more than float32 adds" in comparison(target, lossless(target), x)
    assert "no grid" in comparison(target, lossless(target), grid_inputs() * 2.0**-30)


def test_smallest_sums_are_smaller_and_sparsest_keep_fewer(target: Target) -> None:
    tickets = {objective: lossless(target, objective=objective) for objective in ("best", "sparsest", "smallest")}
    sums = {name: max(run_integers(ticket_layers(ticket), grid_inputs(), 4).largest_sums) for name, ticket in tickets.items()}
    assert sums["smallest"] < sums["best"]
    assert tickets["sparsest"].kept_parameters < tickets["best"].kept_parameters


def test_a_ticket_on_a_coarse_grid_is_stored_and_read(target: Target, tmp_path: Path) -> None:
    ticket = lossless(target)
    ticket.save(tmp_path / "ticket.safetensors")
    read = Ticket.load(tmp_path / "ticket.safetensors")
    assert read.network.grid_bits == 4
    assert certify(target, read, 1).lossless


def test_another_grid_in_the_certificate_is_refused(target: Target) -> None:
    data = certify(target, lossless(target), 1).data
    assert check(copy(data))["error_bound"] == 0
    for bits in (1, 3, 5, 23):
        with pytest.raises(Refused):
            check(forge(changed(data, ("key", "grid_bits"), bits)))
    for bits in (0, 24, "4", None, True):
        with pytest.raises(Refused) as refusal:
            check(forge(changed(data, ("key", "grid_bits"), bits)))
        assert refusal.value.code == 2


def test_the_kernel_s_checker_says_that_it_knows_one_grid_only(target: Target) -> None:
    with pytest.raises(Refused, match="coarser grids"):
        term(certify(target, lossless(target), 1).data)


def test_a_key_without_an_exact_ticket_is_an_outcome(target: Target) -> None:
    """With two channels an input no exact ticket is found; the error is small enough for ε = 100 all the same."""
    certificate = certify(target, lossless(target, width=2), "100")
    require(certificate)
    with pytest.raises(NoSubset, match="exceeds 0"):
        require(certificate, lossless=True)


def test_equivariant_targets_have_exact_tickets_too() -> None:
    rounded = quantised(small_target()).target
    assert certify(rounded, lossless(rounded), 1).lossless


def test_a_coefficient_that_misses_with_the_first_channels_is_hit_with_the_next() -> None:
    """With 3 samples a sum most coefficients miss in the first window; later windows hit more of them."""
    rounded = quantised(dense_target()).target
    network = random_network(rounded.architecture, Key(0), 200, grid_bits=4)

    def misses(objective: str) -> int:
        layers = certify(rounded, prune(rounded, network, samples=6, objective=objective), 100).data["layers"]
        return sum(text != "0/1" for layer in layers for kind in ("plus", "minus", "bias") for text in layer[f"residuals_{kind}"])

    assert misses("smallest") < misses("best")
