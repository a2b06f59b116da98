"""What Hypothesis draws: groups, representations, small targets and keys."""

from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from numerics.layer import Space, trivial
from numerics.network import AffineLayer, Architecture, Target
from theory.instantiation import GroupInstantiation
from theory.representation import PermutationRepresentation


def generating_permutations(least: int = 1, most: int = 6, generators: int = 3) -> st.SearchStrategy[list[list[int]]]:
    """One to `generators` permutations of `least` to `most` points: what `PermutationGroup` takes."""
    degrees = st.integers(least, most)
    return degrees.flatmap(lambda degree: st.lists(st.permutations(range(degree)), min_size=1, max_size=generators))


def random_target(representation: PermutationRepresentation, seed: int, channels: tuple[int, ...] = (2, 3, 2)) -> Target:
    """A target whose spaces are copies of one representation, the last layer invariant; coefficients uniform, each layer of norm about 1.

    The coefficients are drawn from NumPy's PCG64 with this seed and rounded to multiples of 2⁻²⁴.
    """
    generator = np.random.default_rng(seed)
    spaces = [Space(representation, count) for count in channels[:-1]] + [Space(trivial(representation.group), channels[-1])]
    architecture = Architecture(tuple(spaces))
    layers = []
    for shape in architecture.layers:
        coefficients = generator.uniform(-1, 1, shape.coefficient_shape)
        coefficients /= max(1.0, float(np.linalg.norm(shape.matrix(coefficients), 2)))
        bias = generator.uniform(-1, 1, shape.bias_shape)
        layers.append(AffineLayer(np.rint(coefficients * 2**24) / 2**24, np.rint(bias * 2**24) / 2**24))
    return Target("random", architecture, tuple(layers), Fraction(1))


def linear_target(declared: GroupInstantiation, seed: int, channels_in: int = 1, channels_out: int = 1) -> Target:
    """A target of one linear layer between hidden spaces, of norm at most 1 with |λ| ≤ 1 and no bias: the class of Lemma 1."""
    hidden = declared.hidden_representation()
    assert isinstance(hidden, PermutationRepresentation)
    architecture = Architecture((Space(hidden, channels_in), Space(hidden, channels_out)))
    shape = architecture.layers[0]
    coefficients = np.random.default_rng(seed).uniform(-1, 1, shape.coefficient_shape)
    coefficients /= max(1.0, float(np.linalg.norm(shape.matrix(coefficients), 2)) * (1 + 1e-6))
    layer = AffineLayer(np.rint(coefficients * 2**24) / 2**24, np.zeros(shape.bias_shape))
    return Target("linear", architecture, (layer,), Fraction(1))
