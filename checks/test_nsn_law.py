"""The law of the vectors that hidden channels carry: one normal scale times independent normal coordinates (NSN)."""

import numpy as np
import pytest
from scipy.stats import ks_2samp, kstest

from checks.structured_examples import ARCHITECTURES
from numerics.random_weights import Key
from numerics.structured.network import StructuredNetwork
from numerics.structured.success import vectors
from theory.normal_grid import GRID_BITS


@pytest.mark.statement("dacunha2023.nsn", "companion.structured_layer")
def test_the_vectors_of_channels_are_normally_scaled_normal_vectors() -> None:
    """Moments E Y_1² = 1, E Y_1²Y_2² = 3, E Y_1⁴ = 9, E Y_1Y_2 = 0 of what channels carry, within 5 deviations; rotated coordinates alike.

    Sampled, so it proves nothing; coordinates of independent scales, or of none, are seen to have other moments.
    """
    drawn = np.concatenate([vectors(2, key, 4000) for key in range(25)]) / 2.0 ** (2 * GRID_BITS)
    turned = drawn @ np.array([[0.6, 0.8], [-0.8, 0.6]])

    def deviations(values: np.ndarray) -> float:
        """The largest distance of a moment from its value, in its standard deviation under the law."""
        first, second = values[:, 0], values[:, 1]
        wanted = {1.0: (first**2, 8), 3.0: (first**2 * second**2, 945 - 9), 9.0: (first**4, 11025 - 81), 0.0: (first * second, 3)}
        return max(abs(float(moment.mean()) - value) / (variance / len(values)) ** 0.5 for value, (moment, variance) in wanted.items())

    assert deviations(drawn) < 5
    assert deviations(turned) < 5
    independent = np.stack([drawn[:, 0], np.roll(drawn[:, 1], 1)], axis=1)
    unscaled = np.random.default_rng(0).standard_normal(drawn.shape)
    assert deviations(independent) > 5
    assert deviations(unscaled) > 5


def attached(name: str, coordinates: int, keys: int) -> np.ndarray:
    """The vectors |u|·v of the channels of first blocks, two of their coordinates, as networks of width 1000 hold them."""
    architecture, found = ARCHITECTURES[name](), []
    for key in range(keys):
        network = StructuredNetwork(architecture, Key(key), (1000,) * architecture.depth, (1,) * architecture.depth)
        values = network.second(0, 0).reshape(1000, -1)[:, :coordinates]
        found.append(np.abs(network.first(0)[0])[:, None] * values)
    return np.concatenate(found) / 2.0 ** (2 * GRID_BITS)


@pytest.mark.statement("dacunha2023.nsn", "companion.structured_layer")
@pytest.mark.parametrize("name", list(ARCHITECTURES))
def test_the_vectors_attached_to_channels_of_a_network_have_the_nsn_law(name: str) -> None:
    """Kolmogorov-Smirnov, P < 10⁻⁴ to be refused: angles uniform, lengths |u|·√(χ²₂), coordinates u·v; of the networks' own weights.

    Sampled, so it proves nothing. Coordinates with scales of their own, normal ones, positive ones and ones 5 % too long are refused.
    """
    drawn = attached(name, 2, 20)
    generator = np.random.Generator(np.random.Philox(key=5))
    law = np.abs(generator.standard_normal((4 * len(drawn), 1))) * generator.standard_normal((4 * len(drawn), 2))

    def least(values: np.ndarray) -> float:
        """The least P of the tests of a sample against the law."""
        angles = kstest(np.arctan2(values[:, 1], values[:, 0]) / np.pi, lambda t: (t + 1) / 2)
        lengths = ks_2samp(np.linalg.norm(values, axis=1), np.linalg.norm(law, axis=1))
        sums = ks_2samp(values @ [0.6, 0.8], law[:, 0])
        return min(float(np.asarray(result)[1]) for result in (angles, lengths, sums))

    assert least(drawn) > 1e-4
    own_scales = np.stack([drawn[:, 0], np.roll(drawn[:, 1], 1)], axis=1)
    unscaled = generator.standard_normal(drawn.shape)
    for wrong in (own_scales, unscaled, np.abs(drawn), 1.05 * drawn):
        assert least(wrong) < 1e-4
