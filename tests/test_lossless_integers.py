"""Convolutional networks in integers, and the order in which a layer alone numbers the taps of its kernels."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from benchmarks.lossless_integers import MOST, Signal, biased, convolved, enlarged, flattened, pooled, positive
from benchmarks.lossless_lenet import NAMES, built, run, tap_order, target_of
from numerics.network import AffineLayer, random_network
from numerics.prune import prune
from numerics.quantise import rounded
from numerics.random_weights import Key
from theory.errors import OutOfRange


@pytest.fixture(autouse=True)
def on_few_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Layers alone on 6×6 pixels: a coefficient that is hit exactly is so on any number of them."""
    monkeypatch.setattr("benchmarks.lossless_lenet.SIDES", {"conv1": 6, "conv2": 6})


def small_lenet() -> list[AffineLayer]:
    """LeNet5's kinds of layers with a few channels each, on images of 28×28 pixels."""
    draw = np.random.default_rng(0).uniform
    shapes = ((1, 1, 25), (2, 1, 25), (3, 98, 1), (3, 3, 1), (2, 3, 1))
    return [AffineLayer(draw(-0.5, 0.5, shape), draw(-0.5, 0.5, (shape[0], 1))) for shape in shapes]


def test_integers_compute_what_float64_computes() -> None:
    generator = np.random.default_rng(1)
    values, weights = generator.integers(-9, 10, (2, 3, 6, 6)), generator.integers(-9, 10, (4, 3, 25))
    offset = generator.integers(-9, 10, 4)
    found = biased(convolved(Signal(values, 4), weights, 3), offset, 5)
    wanted = functional.conv2d(torch.from_numpy(values / 16), torch.from_numpy(weights.reshape(4, 3, 5, 5) / 8), padding=2)
    wanted = wanted.numpy() + (offset / 32)[:, None, None]
    assert (np.ldexp(found.values.astype(float), -found.bits) == wanted).all()
    assert found.largest >= np.abs(convolved(Signal(values, 4), weights, 3).values).max()
    assert (
        pooled(positive(found)).values == functional.max_pool2d(torch.relu(torch.from_numpy(found.values.astype(float))), 2).numpy()
    ).all()
    assert flattened(found).values.shape == (2, 144, 1, 1)


def test_sums_that_float64_may_round_are_refused() -> None:
    ones = np.ones((1, 1, 1, 1), dtype=np.int64)
    assert convolved(Signal(ones * MOST, 0), ones[:, :, 0], 0).values.item() == MOST
    with pytest.raises(OutOfRange, match="exactly"):
        convolved(Signal(ones * MOST, 0), 2 * ones[:, :, 0], 0)


@pytest.mark.parametrize("name", ["conv1", "conv2"])
def test_the_tap_order_takes_a_layer_alone_back_to_its_kernel(name: str) -> None:
    weight = np.random.default_rng(2).uniform(-1, 1, (2, 3, 25))
    alone = target_of(name, AffineLayer(weight, np.zeros((2, 1))))
    assert (alone.layers[0].coefficients[:, :, tap_order(name)] == weight).all()


def test_a_network_of_lossless_layers_is_equal_bit_for_bit_and_one_changed_mask_is_not() -> None:
    layers = list(rounded(small_lenet(), 4, "small")[0])
    tickets = {}
    for name, layer in zip(NAMES, layers, strict=True):
        tickets[name], line = built(target_of(name, layer), 80, None, 0)
        assert (line["missed"], line["certified_error"]) == (0, "0")
    images = Signal(enlarged(4)[:3], 4)
    (found, largest), (wanted, _) = run(layers, images, tickets), run(layers, images)
    assert (found.values == wanted.values << (found.bits - wanted.bits)).all()
    assert set(largest) == set(NAMES)
    network = random_network(target_of("conv2", layers[1]).architecture, Key(0), 80, grid_bits=4)
    other = AffineLayer(layers[1].coefficients[:, :, ::-1].copy(), layers[1].bias)
    tickets["conv2"] = prune(target_of("conv2", other), network, samples=18, objective="smallest", strategy="positive")
    (found, _) = run(layers, images, tickets)
    assert (found.values != wanted.values << (found.bits - wanted.bits)).any()
