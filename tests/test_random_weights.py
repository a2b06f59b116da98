"""The random weights: fixed by key and position, and the same in two independent implementations."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.recheck.weights import philox, weight_of, weights
from numerics.random_weights import GRID_BITS, MAGNITUDE, Key, grid_weights, grid_weights_at
from theory.errors import OutOfRange


def test_the_rechecker_s_philox_gives_the_published_known_answers() -> None:
    """Random123's known-answer test for philox4x64-10 (salmon2011)."""
    ones = (1 << 64) - 1
    assert philox(0, 0) == (0x16554D9ECA36314C, 0xDB20FE9D672D0FDC, 0xD7E772CEE186176B, 0x7E68B68AEC7BA23B)
    assert philox((1 << 128) - 1, (1 << 256) - 1) == (0x87B092C3013FE90B, 0x438C3C67BE8D0224, 0x9CC7D7C69CD777B6, 0xA09CAEBF594F0BA0)
    assert philox(0, 1) != philox(0, 0) != philox(ones, 0)


@settings(deadline=None, derandomize=True, max_examples=50)
@given(st.integers(0, 2**128 - 1), st.integers(0, 2**16), st.integers(0, 3), st.integers(0, 2**40), st.integers(0, 9))
def test_builder_and_rechecker_draw_the_same_weights(seed: int, layer: int, tensor: int, start: int, count: int) -> None:
    drawn = grid_weights(Key(seed), layer, tensor, start, count).tolist()
    assert drawn == list(weights(seed, 23, layer, tensor, range(start, start + count)))


@settings(deadline=None, derandomize=True, max_examples=50)
@given(st.integers(0, 2**128 - 1), st.integers(0, 2**16), st.integers(0, 3), st.lists(st.integers(0, 2**40), max_size=9))
def test_weights_far_apart_are_those_of_the_stream(seed: int, layer: int, tensor: int, positions: list[int]) -> None:
    drawn = grid_weights_at(Key(seed), layer, tensor, np.array(positions, dtype=np.int64)).tolist()
    assert drawn == [int(grid_weights(Key(seed), layer, tensor, position, 1)[0]) for position in positions]
    with pytest.raises(OutOfRange, match="positions are not negative"):
        grid_weights_at(Key(seed), layer, tensor, np.array([*positions, -1]))


def test_a_weight_does_not_depend_on_what_is_drawn_with_it() -> None:
    together = grid_weights(Key(7), 2, 1, 0, 40)
    for start in range(40):
        assert grid_weights(Key(7), 2, 1, start, 1)[0] == together[start]


def test_keys_layers_and_tensors_have_different_weights() -> None:
    streams = [grid_weights(Key(seed), layer, tensor, 0, 8).tolist() for seed in (0, 1) for layer in (0, 1) for tensor in range(4)]
    assert len({tuple(stream) for stream in streams}) == len(streams)


def test_every_word_maps_to_a_nonzero_number_of_24_bits_and_each_number_to_equally_many_words() -> None:
    """The map from the low 24 bits of a word is a bijection onto {±1, ..., ±2²³}: shown on a grid with the real code, ends included."""
    low = [0, 1, MAGNITUDE - 1, MAGNITUDE, MAGNITUDE + 1, 2 * MAGNITUDE - 1]
    assert [weight_of(word) for word in low] == [1, 2, MAGNITUDE, -1, -2, -MAGNITUDE]
    assert weight_of((12345 << (GRID_BITS + 1)) | 5) == weight_of(5)


def test_weights_look_uniform() -> None:
    drawn = grid_weights(Key(0), 0, 0, 0, 100_000) / MAGNITUDE
    counts, _ = np.histogram(drawn, bins=20, range=(-1, 1))
    chi_squared = float(((counts - 5000) ** 2 / 5000).sum())
    assert chi_squared < 50  # 19 degrees of freedom: P(χ² ≥ 50) ≈ 1e-4 for a uniform law
    assert not (drawn == 0).any()


@pytest.mark.parametrize("seed", [-1, 2**128, True])
def test_a_key_outside_its_range_is_refused(seed: int) -> None:
    with pytest.raises(OutOfRange, match=r"key .*: an integer from 0 to 2¹²⁸ - 1 was expected"):
        Key(seed)
