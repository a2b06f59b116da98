"""The factor between random weights and the counting bound, taken apart; layers on copies; ladders that go on from their record."""

import json
from fractions import Fraction
from itertools import product
from math import log2, prod
from pathlib import Path

import numpy as np
import pytest

from benchmarks import near_limit
from benchmarks.near_limit import EPSILON, Record, Tried, climb, extended
from benchmarks.near_limit_copies import bias_sums, copy_error, on_copies, repeated, sums_over_copies
from benchmarks.near_limit_layers import Layer, convolution, dense
from numerics.breakdown import FACTORS, active, breakdown, excess
from numerics.certify import Certificate, certify
from numerics.economy import economy
from numerics.network import RandomNetwork, random_network
from numerics.prune import prune
from numerics.random_weights import Key

WEIGHT = np.random.default_rng(0).uniform(-0.5, 0.5, (3, 4))
BIAS = np.random.default_rng(1).uniform(-0.5, 0.5, 3)


@pytest.fixture(scope="module")
def layer() -> Layer:
    return dense("small", WEIGHT, BIAS, Fraction(2))


def certified(layer: Layer, strategy: str, width: int) -> tuple[Certificate, RandomNetwork]:
    network = random_network(layer.target.architecture, Key(0), width, 40)
    ticket = prune(layer.target, network, samples=20, strategy=strategy, tolerances=[1e-4])
    return certify(layer.target, ticket, 10), network


@pytest.mark.parametrize("strategy", ["proof", "positive", "assigned", "exchanged"])
@pytest.mark.parametrize("wanted", [None, EPSILON])
def test_the_factors_multiply_to_the_ratio_and_to_nothing_else(strategy: str, wanted: float | None, layer: Layer) -> None:
    certificate, network = certified(layer, strategy, 22)
    found = economy(certificate, network).layers[0]
    factors = breakdown(certificate, network, 0, wanted)
    assert list(factors) == list(FACTORS)
    bits = log2(1 / (2 * (wanted or found.relative_error)))
    ratio = found.effective / (found.coefficients * bits - 1)
    assert prod(factors.values()) == pytest.approx(ratio, rel=1e-12)
    for name in factors:
        if factors[name] != 1:
            assert prod(value for other, value in factors.items() if other != name) != pytest.approx(ratio, rel=1e-12)
    assert all(name in excess(factors) for name in FACTORS)


def test_idle_channels_are_unused_or_have_a_first_weight_that_is_not_positive(layer: Layer) -> None:
    for strategy in ("proof", "positive"):
        certificate, network = certified(layer, strategy, 22)
        mask = prune(layer.target, network, samples=20, strategy=strategy).masks[0]
        used = (mask.second.any(axis=(2, 3)) & (network.first(0) > 0)).sum()
        assert 0 < active(certificate, network, 0) == used < 60
        assert breakdown(certificate, network, 0)["idle channels"] == pytest.approx(88 / used)
    certificate, network = certified(layer, "assigned", 22)
    assert active(certificate, network, 0) > 60


def test_twice_the_errors_cost_a_bit_of_each_coefficient(layer: Layer) -> None:
    """The logarithms are those of the errors in the certificate: all doubled, all but the typical number of samples move by one bit."""
    certificate, network = certified(layer, "positive", 22)
    data = json.loads(json.dumps(certificate.data))
    doubled = [str(2 * Fraction(text)) for text in data["layers"][0]["residuals_plus"]]
    data["layers"][0]["residuals_plus"] = doubled
    before, after = (breakdown(made, network, 0) for made in (certificate, Certificate(data)))
    usable = active(certificate, network, 0) / 4
    assert usable / before["samples per bit"] - usable / after["samples per bit"] == pytest.approx(1)


def test_a_ticket_that_is_off_by_all_has_no_factors(layer: Layer) -> None:
    assert breakdown(*certified(layer, "positive", 1), 0) == {}


def test_a_sum_over_copies_is_the_best_of_all(layer: Layer) -> None:
    wanted = repeated(layer.target, 2)
    network = random_network(wanted.architecture, Key(3), 6, 20)
    found = sums_over_copies(wanted, network)
    for p, q in product(range(4), range(6)):
        samples = network.second(0, p)[:, q, 0] * network.magnitude
        sums = np.array(list(product((0, 1), repeat=6))) @ samples
        goal = np.rint(WEIGHT[q % 3, p] * 2.0**46)
        assert abs(found[q, p, 0] - goal) == np.abs(sums - goal).min()
    assert (found[:3] != found[3:]).any()


def test_the_error_on_copies_is_that_of_the_worst_copy(layer: Layer) -> None:
    found = on_copies(layer.target, layer.size, 3, 14, 40, 2, first=False)
    wanted = repeated(layer.target, 2)
    network = random_network(wanted.architecture, Key(3), 14, 40)
    sums, offsets = sums_over_copies(wanted, network), bias_sums(wanted, network)
    errors = []
    for rows in (slice(0, 3), slice(3, 6)):
        matrix = np.linalg.norm(sums[rows, :, 0] / 2.0**46 - WEIGHT, 2)
        vector = np.linalg.norm(offsets[rows, 0] / 2.0**46 - BIAS)
        errors.append((matrix * 2 + vector) / layer.size)
    assert found.relative_error == pytest.approx(max(errors), rel=0.1)
    assert found.relative_error >= max(errors)
    assert found.effective == 4 * 14 * 6 + 40 * (1 + 6)
    assert copy_error(layer.target, network, sums[:3] + (1 << 42), offsets[:3], layer.size) > 4 * found.relative_error
    first = on_copies(layer.target, layer.size, 3, 40, 40, 2, first=True)
    assert first.effective == 4 * 40 * (1 + 6) + 40 * (1 + 6)
    assert first.relative_error < 1e-3


def test_a_convolution_alone_has_the_norm_of_its_fourier_transform() -> None:
    weight = np.random.default_rng(2).uniform(-1, 1, (2, 1, 5, 5))
    found = convolution("filter", weight, np.zeros(2), 6, Fraction(1))
    transform = np.fft.fft2(np.pad(weight[:, 0], ((0, 0), (0, 1), (0, 1))))
    assert found.size == pytest.approx(np.sqrt((np.abs(transform) ** 2).sum(axis=0).max()), rel=1e-2)


def outcome(error: float) -> Tried:
    return Tried(error, 100, 5.0, {"a": 2.0 + 1e6 * error, "b": 0.5}, 1.0)


def test_a_ladder_goes_on_from_its_record_and_leaves_a_step_when_too_many_keys_fail(
    tmp_path: Path, layer: Layer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, int]] = []

    def fake(_: Layer, __: str, width: int, key: int, *___: object) -> Tried:
        asked.append((width, key))
        if len(asked) == 6:
            raise KeyboardInterrupt
        return outcome(2 * EPSILON if (width, key) in ((10, 1), (11, 2)) else 1e-6 * key)

    monkeypatch.setattr(near_limit, "tried", fake)
    monkeypatch.setattr(near_limit, "FAILING", 0.0)
    path = tmp_path / "record.json"
    with pytest.raises(KeyboardInterrupt):
        climb(Record(path), layer, "exchanged", 4, 0, 1)
    climb(Record(path), layer, "exchanged", 4, 0, 1)
    assert asked == [(10, 0), (10, 1), (11, 0), (11, 1), (11, 2), (12, 0), *((12, key) for key in range(4))]
    rows = json.loads(path.read_text())["rows"]
    assert [(row["width"], row["keys_tried"], row["keys_held"], row["keys_failing"]) for row in rows] == [
        (10, 2, 1, [1]),
        (11, 3, 2, [2]),
        (12, 4, 4, []),
    ]
    assert rows[-1]["failures_95"][1] == pytest.approx(1 - 0.025 ** (1 / 4))
    climb(Record(path), layer, "exchanged", 4, 0, 1)
    assert len(asked) == 10


def test_factors_of_several_keys_are_geometric_means(tmp_path: Path, layer: Layer) -> None:
    row = Record(tmp_path / "none").row("small", "exchanged", 10, 1)
    for key in range(3):
        row = extended(row, layer, outcome(1e-6 * key))
    assert row["factors"] == pytest.approx({"a": (2 * 3 * 4) ** (1 / 3), "b": 0.5})
    assert row["errors"] == [0, 1e-6, 2e-6]


def test_how_often_an_output_is_built_is_what_the_next_layer_was_measured_to_want(tmp_path: Path) -> None:
    record = Record(tmp_path / "record.json")
    assert record.copies_of("") == 1
    assert record.copies_of("digits.1") is None
    for width, held in ((17, 3), (18, 4), (20, 4)):
        names = {"layer": "digits.1", "strategy": "copies", "width": width, "outputs": 1}
        record.keep(names | {"keys_tried": 4, "keys_held": held})
    assert record.copies_of("digits.1") == 18
