"""A target and its ticket out of a certificate, which holds both."""

import base64
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from numerics.errors import BadTicket
from numerics.feedforward.certificate import FORMAT, digests
from numerics.feedforward.forms import form_of
from numerics.feedforward.graph import FeedforwardTarget, Graph, LayerNumbers
from numerics.feedforward.operations import Activation, Add, Affine, AveragePool, Flatten, MaxPool, Operation
from numerics.feedforward.source import FeedforwardSource
from numerics.feedforward.ticket import FeedforwardMask, FeedforwardTicket, mask_shapes
from numerics.random_weights import Key
from theory.errors import CompanionError

KINDS: dict[str, type[Operation]] = {
    "affine": Affine,
    "activation": Activation,
    "flatten": Flatten,
    "max_pool": MaxPool,
    "average_pool": AveragePool,
    "add": Add,
}


def load_ticket(path: Path) -> tuple[FeedforwardTarget, FeedforwardTicket]:
    """Target and ticket of a certificate file; raises `BadTicket` for a file that is missing, damaged, or does not fit its digests."""
    if not path.is_file():
        raise BadTicket(f"{path} is no file; build a certificate with `python -m numerics prune`.")
    try:
        document = json.loads(path.read_text(encoding="ascii"))
        if document["format"] != FORMAT:
            raise BadTicket(f"{path}: format {document['format']!r}; {FORMAT!r} was expected.")
        found = read_ticket(document)
        stored = digests(document)
        if any(document["digests"][name] != value for name, value in stored.items()):
            raise BadTicket(f"{path}: its parts are not those that the digests were made of; the file was changed. Build it again.")
    except BadTicket:
        raise
    except (CompanionError, ValueError, KeyError, TypeError, OSError) as error:
        raise BadTicket(f"{path} is no certificate of a feedforward ticket, or a damaged one: {type(error).__name__}: {error}") from error
    return found


def read_ticket(document: dict[str, Any]) -> tuple[FeedforwardTarget, FeedforwardTicket]:
    """Target and ticket of a parsed certificate."""
    operations = tuple(_operation(described) for described in document["graph"]["operations"])
    c, h, w = document["graph"]["shape"]
    graph = Graph((c, h, w), operations, document["graph"]["nonlinearity"])
    layers = []
    for i, numbers in enumerate(document["target"]):
        shape = graph.weight_shape(i)
        layers.append(LayerNumbers(decoded_floats(numbers["weights"], shape), decoded_floats(numbers["bias"], shape[:1])))
    low, high = (Fraction(end) for end in document["box"])
    target = FeedforwardTarget(document["name"], graph, tuple(layers), low, high)
    key = document["key"]
    scales = tuple((int(a), int(b), int(c), int(d)) for a, b, c, d in key["scales"])
    carried = None if key["carried"] is None else tuple(int(e) for e in key["carried"])
    graph = form_of(target, key["copies"], carried).graph
    sizes, law = (key["width"], key["constants"]), (key["law"], Fraction(key["density"]), Fraction(key["perturbation"]))
    source = FeedforwardSource(graph, Key(int(key["key"])), *sizes, scales, key["copies"], carried, *law)
    masks = []
    for i, layer in enumerate(document["layers"]):
        second, constant = mask_shapes(source, i)
        kept, constants = _bits(layer["second"], second), _bits(layer["constant"], constant)
        moves = (None, None)
        if source.perturbation:
            moves = _moves(layer["moves"], kept), _moves(layer["constant_moves"], constants)
        masks.append(FeedforwardMask(kept, constants, *moves))
    return target, FeedforwardTicket(source, tuple(masks))


def decoded_floats(text: str, shape: tuple[int, ...]) -> np.ndarray:
    """Float32 numbers of this shape out of base64."""
    return np.frombuffer(base64.b64decode(text, validate=True), "<f4").astype(np.float32).reshape(shape)


def _operation(described: dict[str, Any]) -> Operation:
    parts = {name: tuple(value) if isinstance(value, list) else value for name, value in described.items() if name != "kind"}
    return KINDS[described["kind"]](**parts)


def _moves(text: str, kept: np.ndarray) -> np.ndarray:
    result = np.zeros(kept.shape, dtype=np.int32)
    result[kept] = np.frombuffer(base64.b64decode(text, validate=True), "<i4")
    return result


def _bits(text: str, shape: tuple[int, ...]) -> np.ndarray:
    packed = np.frombuffer(base64.b64decode(text, validate=True), np.uint8)
    count = int(np.prod(shape))
    if len(packed) != -(-count // 8):
        raise BadTicket(f"a mask of {count} bits is stored in {len(packed)} bytes; the file does not fit its graph.")
    return np.unpackbits(packed, count=count).astype(bool).reshape(shape)
