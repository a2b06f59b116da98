"""Small certificates, one for each activation, law of weights and form of a feedforward source, and of structured tickets of two layers; kept in
`golden/hostile/formats`.

python -m tests.feedforward_kinds        writes those that are missing
"""

from fractions import Fraction
from typing import Any

from checks.structured_examples import structured_certificate
from numerics.feedforward import (
    Activation,
    Add,
    Affine,
    AveragePool,
    FeedforwardCertificate,
    Flatten,
    MaxPool,
    certify_feedforward,
    prune_feedforward,
    source_for,
)
from numerics.feedforward.operations import Operation, Shape
from numerics.random_weights import Key
from tests.hostile import CORPUS
from tests.small_feedforward import inputs_of, random_feedforward

DENSE = ((1, 1, 1), (Affine(0, 1), Activation(1), Affine(2, 1)))
GROUPED = ((2, 2, 3), (Affine(0, 2, (2, 2), (2, 1), (1, 0), 2), Activation(1), Flatten(2), Affine(3, 2)))
SKIPPED = (
    (1, 3, 3),
    (Affine(0, 1, (3, 2), (1, 2), (1, 1)), Activation(1), Affine(2, 1), Add(3, 2), Activation(4),
     MaxPool(5, (2, 2), (1, 1), (1, 0)), AveragePool(6, (2, 1), (2, 1)), Flatten(7), Affine(8, 2)),
)  # fmt: skip
SOFTSIGN = "softsign|1/1 1/1|2/1 4097/4096|-1/1099511627776 1099780063233/1099511627776|x 1/1 -1/1 x mul add div|0/1|x 1/1 x add div"
KINDS: dict[str, tuple[tuple[Shape, tuple[Operation, ...]], str, dict[str, Any]]] = {
    "tanh": (GROUPED, "tanh", {"law": "normal"}),
    "sigmoid": (DENSE, "sigmoid", {"density": Fraction(1, 2)}),
    "silu": (DENSE, "silu", {"perturbation": Fraction(1, 256)}),
    "softplus": (DENSE, "softplus", {"law": "looks_linear"}),
    "erf": (DENSE, "erf", {}),
    "selu": (DENSE, "selu", {"law": "normal", "density": Fraction(2, 3)}),
    "elu": (DENSE, "elu", {}),
    "hard_tanh": (SKIPPED, "hard_tanh", {"perturbation": Fraction(1, 128)}),
    "leaky": (SKIPPED, "leaky_relu", {"law": "looks_linear"}),
    "carried": (SKIPPED, "leaky_relu", {"zero_biases": True}),
    "carried_groups": (GROUPED, "relu", {"zero_biases": True}),
    "declared": (SKIPPED, SOFTSIGN, {}),
    "copies_kept": (DENSE, "tanh", {"copies": 3, "density": Fraction(3, 4)}),
}
STRUCTURED = {"blocks_equivariant": "equivariant", "blocks_flattened": "flattening"}
WIDTH, SAMPLES = 12, 8


def certificate(name: str) -> FeedforwardCertificate:
    """One kind's certificate."""
    (shape, operations), activation, options = KINDS[name]
    target = random_feedforward(shape, operations, seed=len(name), activation=activation)
    source = source_for(target, Key(0), WIDTH, **options)
    ticket = prune_feedforward(target, source, samples=SAMPLES)
    return certify_feedforward(target, ticket, "1000000", inputs_of(target, 2), Fraction(1, 64))


def main() -> None:
    """Write the missing ones."""
    for name in (*KINDS, *STRUCTURED):
        path = CORPUS / "formats" / f"{name}.json"
        if not path.is_file():
            (certificate(name) if name in KINDS else structured_certificate(STRUCTURED[name])).save(path)


if __name__ == "__main__":
    main()
