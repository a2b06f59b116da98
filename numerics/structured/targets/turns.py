"""A C_4-invariant classifier of digits: filters to regular fields, pooling over each fibre, means over the orbits of pixels."""

from pathlib import Path

import numpy as np

from numerics.layer import LayerShape, Space, trivial
from numerics.structured.network import BlockedArchitecture, BlockedLayer, StructuredTarget, grouped, output_groups
from numerics.structured.targets import StructuredTask
from numerics.structured.targets._training import digits_split, largest_norm, rescaled, trained
from numerics.structured.targets.filters import convolution
from numerics.targets._planar import turned
from numerics.targets._training import radius_of
from theory.instantiations.planar import Planar
from theory.representation import PermutationRepresentation

RECIPE = {"seed": 0, "epochs": 80, "rate": 0.02, "decay": 0.2, "batch": 64, "smoothing": 0.1}
SCALES = (2, 3)
SIDE, FIELDS, FEATURES, CLASSES, GROUP = 8, 2, 8, 10, 1


def architecture() -> BlockedArchitecture:
    """8×8 → 2 regular fields on 4×4 cells (D = 8) → 8 invariant fields (D = 8) → 10 logits one in a block (D = 4)."""
    fine, coarse = Planar(SIDE, 1, False, "regular", "zero"), Planar(SIDE // 2, 1, False, "regular", "zero")
    group = fine.group()

    def space(fields: Planar, name: str, channels: int, step: int) -> Space:
        images = fields.field_representation(name).images
        size, n = fields.fibre(name), fields.n
        moved = [[(i + d, j + r, f) for i in range(n) for j in range(n) for f in range(size)] for d, r in ((step, 0), (0, step))]
        sharing = tuple(tuple((i * n + j) * size + f if i < n and j < n else -1 for i, j, f in places) for places in moved)
        return Space(PermutationRepresentation(group, images), channels, sharing)

    image, regular, invariant = space(fine, "trivial", 1, 2), space(coarse, "regular", FIELDS, 1), space(coarse, "trivial", FEATURES, 1)
    half = SIDE // 2
    lifting = convolution(image, regular, lambda y, x: (y // 4 // half, y // 4 % half) == (x // SIDE // 2, x % SIDE // 2))
    pooling = convolution(regular, invariant, lambda y, x: y == x // 4)
    plain = Space(invariant.representation, FEATURES)
    head = LayerShape(plain, Space(trivial(group), CLASSES), None, convolution(plain, plain, lambda y, x: y == x).first_support)
    return BlockedArchitecture(
        (
            BlockedLayer(lifting, grouped(1, FIELDS, FIELDS), output_groups(FIELDS, FIELDS)),
            BlockedLayer(pooling, grouped(FIELDS, FEATURES, FEATURES), output_groups(FEATURES, FEATURES)),
            BlockedLayer(head, grouped(FEATURES, CLASSES, GROUP), output_groups(CLASSES, GROUP)),
        )
    )


def build(cache: Path) -> StructuredTask:
    """The classifier, trained on upright digits alone, and the test digits, each turned by a random multiple of 90° with seed 0."""
    shape = architecture()
    train_x, test_x, train_y, test_y = digits_split()
    layers = trained(cache / "structured_turns.safetensors", shape, train_x.reshape(-1, 1, SIDE**2), train_y, **RECIPE)
    target = StructuredTarget("structured_turns", shape, rescaled(layers, SCALES), largest_norm(radius_of))
    inputs = np.ascontiguousarray(turned(test_x.reshape(-1, SIDE**2), flips=False, seed=0)[:, None])
    return StructuredTask(target, inputs, test_y, "a C_4-invariant network of 2 regular fields on turned digits of scikit-learn")
