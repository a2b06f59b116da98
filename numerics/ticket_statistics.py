"""Tickets of random linear layers over several groups, widths and keys: how often and how well they succeed, and what masks break.

The targets are those of Lemma 1: one layer V → V of norm at most 1, |λ| ≤ 1, no bias, a new one for each key. No key is left out.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from jaxtyping import Float64

from numerics.certify import certify
from numerics.declared import hidden_architecture
from numerics.execute import run_target, run_ticket
from numerics.layer import LayerShape
from numerics.network import AffineLayer, Architecture, RandomNetwork, Target, random_network
from numerics.prune import prune
from numerics.random_weights import GRID_BITS, Key
from numerics.ticket import LayerMask, Ticket
from theory.instantiation import GroupInstantiation
from theory.instantiations.planar import Planar
from theory.instantiations.sets import Sets
from theory.instantiations.tensors import Tensors
from theory.instantiations.translation import Translation
from theory.representation import PermutationRepresentation

WIDTHS = (6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 64, 96)
SAMPLES = 22
SIGNALS = 64
SWEPT: tuple[GroupInstantiation, ...] = (Sets(5), Translation(6), Tensors(4, 2), Planar(4, 3, flips=False, field="regular"))
KINDS = ("coefficients masked", "raw weights masked", "unpruned")


@dataclass(frozen=True)
class TicketRow:
    """One ticket: the certified layer error on the unit ball, the largest error on 64 random unit signals, coefficient errors, sizes."""

    instantiation: str
    operators: int
    basis_norm: float
    width: int
    key: int
    certified: float
    sampled: float
    coefficient_error: float
    median_coefficient_error: float
    source_parameters: int
    kept_parameters: int


@dataclass(frozen=True)
class DefectRow:
    """max ‖f(g x) - g f(x)‖ / max ‖f(x)‖ over the generators g and 64 random signals x, of one network, in float64."""

    instantiation: str
    key: int
    network: str
    kept: float
    defect: float


def random_layer(architecture: Architecture, key: int) -> Target:
    """The target of a key: λ uniform on [-1, 1] on the grid of 2⁻²³, divided by the layer's norm where that exceeds 1.

    The margin of 1e-5 is more than rounding to the grid adds to the norm, at most |||B|||·2⁻²⁴.
    """
    shape = architecture.layers[0]
    drawn = np.random.Generator(np.random.Philox(key=[key, 1])).uniform(-1, 1, shape.coefficient_shape)
    drawn /= max(1.0, float(np.linalg.norm(shape.matrix(drawn), 2)) * (1 + 1e-6))
    coefficients = np.rint(drawn * 2**GRID_BITS) / 2**GRID_BITS
    return Target(f"random_layer_{key}", architecture, (AffineLayer(coefficients, np.zeros(shape.bias_shape)),), Fraction(1))


def signals(architecture: Architecture, key: int) -> Float64[np.ndarray, "signals 1 v"]:
    """Normal signals of norm 1."""
    drawn = np.random.Generator(np.random.Philox(key=[key, 2])).standard_normal((SIGNALS, 1, architecture.spaces[0].dimension))
    return drawn / np.linalg.norm(drawn, axis=2, keepdims=True)


def ticket_rows(declared: GroupInstantiation, width: int, keys: Sequence[int]) -> Iterator[TicketRow]:
    """One row for each key."""
    architecture = hidden_architecture(declared, (1, 1))
    norm = float(declared.basis_norm_bounds()[1])
    for key in keys:
        target, network = random_layer(architecture, key), random_network(architecture, Key(key), width)
        ticket = prune(target, network, samples=SAMPLES)
        certificate = certify(target, ticket, 1)
        inputs = signals(architecture, key)
        difference = (run_ticket(ticket, inputs) - run_target(target, inputs)).reshape(SIGNALS, -1)
        layer = certificate.data["layers"][0]
        errors = [abs(Fraction(residual)) for kind in ("plus", "minus") for residual in layer[f"residuals_{kind}"]]
        yield TicketRow(
            repr(declared),
            len(architecture.layers[0].basis),
            norm,
            width,
            key,
            float(Fraction(layer["error_norm"])),
            float(np.linalg.norm(difference, axis=1).max()),
            float(max(errors)),
            float(np.median([float(error) for error in errors])),
            network.raw_parameters,
            ticket.kept_parameters,
        )


def defect_rows(declared: GroupInstantiation, width: int, keys: int) -> Iterator[DefectRow]:
    """Three networks for each key: the ticket, its random network with as many raw weights masked at random, and unpruned."""
    architecture = hidden_architecture(declared, (1, 1))
    for key in range(keys):
        target, network = random_layer(architecture, key), random_network(architecture, Key(key), width)
        ticket = prune(target, network, samples=SAMPLES)
        kept = float(ticket.masks[0].second.mean())
        inputs = signals(architecture, key)
        for kind, run in zip(KINDS, (_run(ticket), _raw(network, kept, key), _run(_all(ticket))), strict=True):
            yield DefectRow(repr(declared), key, kind, 1.0 if kind == "unpruned" else kept, _defect(run, inputs, declared))


Run = Callable[[np.ndarray], np.ndarray]


def _run(ticket: Ticket) -> Run:
    return lambda inputs: run_ticket(ticket, inputs)


def _all(ticket: Ticket) -> Ticket:
    masks = [LayerMask(np.ones_like(mask.second), np.ones_like(mask.constant_second)) for mask in ticket.masks]
    return Ticket(ticket.network, tuple(masks))


def _raw(network: RandomNetwork, kept: float, key: int) -> Run:
    """The random network with each entry of each matrix of the second layer kept with probability `kept`."""
    shape = network.architecture.layers[0]
    assert isinstance(shape, LayerShape)
    first = network.first(0)[0] / network.magnitude
    second = network.second(0, 0) / network.magnitude
    matrices = np.stack([shape.matrix(coefficients[:, None, :]) for coefficients in second])
    matrices *= np.random.Generator(np.random.Philox(key=[key, 3])).random(matrices.shape) < kept
    return lambda inputs: np.einsum("jyx,sjx->sy", matrices, np.maximum(first[None, :, None] * inputs, 0))[:, None, :]


def _defect(run: Run, inputs: np.ndarray, declared: GroupInstantiation) -> float:
    outputs = run(inputs)
    hidden = declared.hidden_representation()
    assert isinstance(hidden, PermutationRepresentation)
    images = [np.asarray(image) for image in hidden.images]
    moved = [np.linalg.norm(run(_moved(inputs, image)) - _moved(outputs, image), axis=2).max() for image in images]
    return float(max(moved) / np.linalg.norm(outputs, axis=2).max())


def _moved(signal: np.ndarray, images: np.ndarray) -> np.ndarray:
    """(ρ(g)x)[g·i] = x[i]."""
    result = np.empty_like(signal)
    result[..., images] = signal
    return result
