"""Small structured tickets that checks and tests build, break and rebuild."""

from fractions import Fraction

import numpy as np

from numerics.certify import Certificate
from numerics.layer import LayerShape, Space, trivial
from numerics.network import AffineLayer
from numerics.random_weights import Key
from numerics.structured.certify import certify
from numerics.structured.network import (
    BlockedArchitecture,
    BlockedLayer,
    StructuredNetwork,
    StructuredTarget,
    depthwise,
    grouped,
    output_groups,
)
from numerics.structured.plan import LayerPlan
from numerics.structured.prune import prune
from numerics.structured.targets._training import plain
from numerics.structured.ticket import StructuredTicket
from theory.instantiations.translation import Translation
from theory.representation import PermutationRepresentation


def random_structured_target(architecture: BlockedArchitecture, seed: int, name: str = "small") -> StructuredTarget:
    """Coefficients uniform in [-1/2, 1/2] where blocks connect, biases in [-1, 1], all multiples of 2⁻²⁰."""
    generator = np.random.default_rng(seed)
    layers = []
    for rule in architecture.layers:
        coefficients = np.rint(generator.uniform(-0.5, 0.5, rule.shape.coefficient_shape) * rule.reached[:, :, None] * 2**20) / 2**20
        layers.append(AffineLayer(coefficients, np.rint(generator.uniform(-1, 1, rule.shape.bias_shape) * 2**20) / 2**20))
    return StructuredTarget(name, architecture, tuple(layers), Fraction(1))


def one_layer() -> BlockedArchitecture:
    """Circular filters of length 3 on a ring of 3 points, one channel: D = 3."""
    ring = Translation(3).representation()
    assert isinstance(ring, PermutationRepresentation)
    space = Space(ring, 1)
    return BlockedArchitecture((BlockedLayer(LayerShape(space, space), grouped(1, 1, 1), ((0,),)),))


def equivariant() -> BlockedArchitecture:
    """Over the shifts of a ring of 2 points: 1 to 2 channels (D = 4), then 3 invariant outputs in groups of 2 and 1 (D = 2, 1)."""
    ring = Translation(2).representation()
    assert isinstance(ring, PermutationRepresentation)
    first, second, last = Space(ring, 1), Space(ring, 2), Space(trivial(ring.group), 3)
    return BlockedArchitecture(
        (
            BlockedLayer(LayerShape(first, second), grouped(1, 2, 2), output_groups(2, 2)),
            BlockedLayer(LayerShape(second, last), grouped(2, 3, 2), output_groups(3, 2)),
        )
    )


def flattening() -> BlockedArchitecture:
    """Depthwise filters of 2 points with a border on 2 channels of 3 points (D = 3 for the band), flattened, then 6 to 2 (D = 2)."""
    images = plain(3, 2, ((1, 2, -1),))
    return BlockedArchitecture(
        (
            BlockedLayer(LayerShape(images, images, (0, 1), (0,)), depthwise(2), output_groups(2, 1)),
            BlockedLayer(LayerShape(plain(1, 6), plain(1, 2)), grouped(6, 2, 2), output_groups(2, 2)),
        )
    )


ARCHITECTURES = {"one layer": one_layer, "equivariant": equivariant, "flattening": flattening}


def structured_ticket(
    target: StructuredTarget, key: int = 0, width: int = 24, constants: int = 20, kept: int | None = None
) -> StructuredTicket:
    """Its ticket at these widths, of any size or with `kept` channels of each sign in every block."""
    plans = (LayerPlan(Fraction(1, 1000), width, constants, 8),) * target.architecture.depth
    network = StructuredNetwork(target.architecture, Key(key), (width,) * len(plans), (constants,) * len(plans))
    return prune(target, network, plans, kept=kept)


def structured_certificate(name: str, epsilon: str = "10") -> Certificate:
    """The certificate of the ticket of key 0 of a random target over one of the architectures."""
    target = random_structured_target(ARCHITECTURES[name](), seed=1)
    return certify(target, structured_ticket(target), epsilon)
