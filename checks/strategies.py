"""What Hypothesis draws: groups, representations, small targets and keys."""

from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from numerics.declared import hidden_architecture, operator_architecture
from numerics.graphs import GraphArchitecture
from numerics.layer import Space, trivial
from numerics.network import AffineLayer, Architecture, Target
from numerics.operators import OperatorArchitecture
from theory.instantiation import GroupInstantiation
from theory.representation import PermutationRepresentation


def generating_permutations(least: int = 1, most: int = 6, generators: int = 3) -> st.SearchStrategy[list[list[int]]]:
    """One to `generators` permutations of `least` to `most` points: what `PermutationGroup` takes."""
    degrees = st.integers(least, most)
    return degrees.flatmap(lambda degree: st.lists(st.permutations(range(degree)), min_size=1, max_size=generators))


def over(representation: PermutationRepresentation, channels: tuple[int, ...] = (2, 3, 2)) -> Architecture:
    """Copies of one representation, the last space invariant."""
    spaces = [Space(representation, count) for count in channels[:-1]] + [Space(trivial(representation.group), channels[-1])]
    return Architecture(tuple(spaces))


def random_target(architecture: Architecture | OperatorArchitecture, seed: int) -> Target:
    """A target with coefficients and biases uniform, each layer scaled to norm at most about 1.

    The numbers are drawn from NumPy's PCG64 with this seed and rounded to multiples of 2⁻²⁴.
    """
    generator = np.random.default_rng(seed)
    layers = []
    for shape in architecture.layers:
        coefficients = generator.uniform(-1, 1, shape.coefficient_shape)
        coefficients /= max(1.0, float(np.linalg.norm(shape.matrix(coefficients), 2)))
        bias = generator.uniform(-1, 1, shape.bias_shape)
        layers.append(AffineLayer(np.rint(coefficients * 2**24) / 2**24, np.rint(bias * 2**24) / 2**24))
    return Target("random", architecture, tuple(layers), Fraction(1))


def linear_target(declared: GroupInstantiation, seed: int, channels_in: int = 1, channels_out: int = 1) -> Target:
    """A target of one linear layer between hidden spaces, of norm at most 1 with |λ| ≤ 1 and no bias: the class of Lemma 1."""
    permuted = isinstance(declared.hidden_representation(), PermutationRepresentation)
    if permuted and declared.nonlinearity == "relu" and declared.basis_operators() is None:
        architecture = hidden_architecture(declared, (channels_in, channels_out))
    else:
        architecture = operator_architecture(declared, (channels_in, channels_out))
    shape = architecture.layers[0]
    coefficients = np.random.default_rng(seed).uniform(-1, 1, shape.coefficient_shape)
    coefficients /= max(1.0, float(np.linalg.norm(shape.matrix(coefficients), 2)) * (1 + 1e-6))
    layer = AffineLayer(np.rint(coefficients * 2**24) / 2**24, np.zeros(shape.bias_shape))
    return Target("linear", architecture, (layer,), Fraction(1))


def linear_graph_target(seed: int) -> Target:
    """A target of one layer x ↦ λ_1 x + λ_2 Âx, of norm at most 1, without bias."""
    architecture = GraphArchitecture(("propagate",), (1, 1))
    coefficients = np.random.default_rng(seed).uniform(-1, 1, (1, 1, 2))
    coefficients /= max(1.0, np.abs(coefficients).sum() * (1 + 1e-6))
    return Target("linear", architecture, (AffineLayer(np.rint(coefficients * 2**24) / 2**24, np.zeros((1, 1))),), Fraction(1))
