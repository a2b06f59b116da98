"""A ticket: architecture, key, masks, and nothing else."""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Int64
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from numerics.errors import BadTicket
from numerics.graphs import GraphArchitecture
from numerics.layer import Space
from numerics.mixture import mixture_from
from numerics.network import AnyArchitecture, Architecture, RandomNetwork, canonical_json, digest
from numerics.operators import read_operators
from numerics.random_weights import Key
from numerics.store import write_bytes
from numerics.ticket_header import read_header
from theory import display
from theory.errors import CompanionError
from theory.group import PermutationGroup
from theory.representation import PermutationRepresentation

FORMAT = "equivariant-ticket/2"


@dataclass(frozen=True, eq=False)
class LayerMask:
    """The masks of the two random layers that stand for one target layer.

    `second` `[n, N, m, |B|]` and `constant_second` `[M, m, invariants]` choose the second-layer coefficients. Of the first layer only the
    weights of the identity operator from input channel p to its own hidden channels (p, j) can stay, and `first` `[n, N]` says which do:
    those of channels that some output uses; `constant_first` `[M]` likewise.

    With `reads` `[n·N]` hidden channel h keeps its weight from input channel reads[h] instead (-1 where it keeps none), and the layer's
    inputs are stated to have no negative entry: only hidden channels whose weight u is positive are ever active, and pass u·x.
    """

    second: Bool[np.ndarray, "p j q k"]
    constant_second: Bool[np.ndarray, "c q b"]
    reads: Int64[np.ndarray, " h"] | None = None

    @property
    def first(self) -> Bool[np.ndarray, "p j"]:
        """Which hidden channels are used at all."""
        return np.asarray(self.second.any(axis=(2, 3)))

    @property
    def constant_first(self) -> Bool[np.ndarray, " c"]:
        """Which constant channels are used at all."""
        return np.asarray(self.constant_second.any(axis=(1, 2)))

    @property
    def kept(self) -> int:
        """Random weights that stay, in both layers."""
        parts = (self.first, self.second, self.constant_first, self.constant_second)
        return sum(int(np.count_nonzero(part)) for part in parts)

    def description(self) -> dict[str, object]:
        """The masks as text `bits:hexadecimal`, row-major, most significant bit first, the last byte padded with zeros."""
        masks = {name: getattr(self, name) for name in ("first", "second", "constant_first", "constant_second")}
        described: dict[str, object] = {name: f"{mask.size}:{np.packbits(mask.ravel()).tobytes().hex()}" for name, mask in masks.items()}
        return described if self.reads is None else described | {"reads": self.reads.tolist()}


@dataclass(frozen=True, eq=False)
class Ticket:
    """The pruned network: a random network fixed by its key, and the masks of its layers."""

    network: RandomNetwork
    masks: tuple[LayerMask, ...]

    def __repr__(self) -> str:
        network = self.network
        return (
            f"<Ticket of key {network.key.seed}, width {network.width}, {len(self.masks)} layers: "
            f"{self.kept_parameters:,} of {network.raw_parameters:,} random weights kept>"
        )

    def _repr_html_(self) -> str:
        """A table for notebooks: key, width, weights kept layer by layer, digest of the masks."""
        rows: dict[str, object] = {
            "key": self.network.key.seed,
            "width": self.network.width,
            "weights kept": f"{self.kept_parameters:,} of {self.network.raw_parameters:,} random ones",
        }
        rows |= {f"kept in layer {i}": f"{mask.kept:,}" for i, mask in enumerate(self.masks)}
        return display.facts("Ticket", rows | {"digest of the masks": self.digests()["masks"]})

    @property
    def kept_parameters(self) -> int:
        """Random weights that the masks keep."""
        return sum(mask.kept for mask in self.masks)

    def reads(self, layer: int) -> Int64[np.ndarray, " h"]:
        """Which input channel each hidden channel of a layer reads, `[n·N]`; what one without weights reads does not matter."""
        chosen = self.masks[layer].reads
        return np.arange(self.network.hidden_channels(layer)) // self.network.width if chosen is None else np.maximum(chosen, 0)

    def first(self, layer: int) -> Int64[np.ndarray, " h"]:
        """The first-layer weights that stay, in units of 2^-b, `[n·N]`; 0 where none does."""
        reads = self.reads(layer)
        return np.where(self.masks[layer].first.ravel(), self.network.first_read(layer, np.arange(len(reads)), reads), 0)

    def second(self, layer: int) -> Int64[np.ndarray, "h q k"]:
        """The second-layer weights that stay, in units of 2^-b, `[n·N, m, |B|]`; 0 where they do not."""
        mask = self.masks[layer].second
        weights = np.concatenate([self.network.second(layer, p) for p in range(len(mask))])
        return np.where(mask.reshape(weights.shape), weights, 0)

    def digests(self) -> dict[str, str]:
        """SHA-256 of architecture, key (with widths) and masks."""
        return {
            "architecture": digest(self.network.architecture.description()),
            "key": digest(key_description(self.network)),
            "masks": digest([mask.description() for mask in self.masks]),
        }

    def save(self, path: Path) -> None:
        """Write a safetensors file, atomically: packed masks as uint8, everything else as one canonical JSON text in its header."""
        header = {
            "format": FORMAT,
            "architecture": self.network.architecture.description(),
            "key": key_description(self.network),
            "digests": self.digests(),
        }
        tensors = {}
        for i, mask in enumerate(self.masks):
            tensors[f"{i}.second"] = np.packbits(mask.second.ravel())
            tensors[f"{i}.constant_second"] = np.packbits(mask.constant_second.ravel())
            if mask.reads is not None:
                tensors[f"{i}.reads"] = mask.reads
        write_bytes(path, save(tensors, metadata={"ticket": canonical_json(header)}))

    @staticmethod
    def load(path: Path) -> "Ticket":
        """Read a ticket; raises `BadTicket` for a file that is missing, damaged, or whose masks do not match its digests.

        A ticket is data: nothing in it is run, and its sizes are bounded (`ticket_header`) before anything of that size is computed.
        """
        if not path.is_file():
            raise BadTicket(f"{path} is no file; build a ticket with `python -m numerics prune`.")
        try:
            with safe_open(path, framework="numpy") as file:
                header = read_header(file.metadata()["ticket"], FORMAT)
                architecture = architecture_from(header["architecture"])
                if canonical_json(architecture.description()) != canonical_json(header["architecture"]):
                    raise BadTicket(f"{path}: the architecture is not written as this program writes it.")
                key = header["key"]
                network = RandomNetwork(architecture, Key(int(key["key"])), key["width"], key["constants"], key["grid_bits"])
                masks, stored = [], set(file.keys())
                for i, shape in enumerate(architecture.layers):
                    (m, n, k), (_, b) = shape.coefficient_shape, shape.bias_shape
                    second = _unpacked(file.get_tensor(f"{i}.second"), (n, network.width, m, k))
                    constant_second = _unpacked(file.get_tensor(f"{i}.constant_second"), (network.constants, m, b))
                    reads = _reads(file.get_tensor(f"{i}.reads"), n, n * network.width) if f"{i}.reads" in stored else None
                    masks.append(LayerMask(second, constant_second, reads))
        except BadTicket:
            raise
        except (SafetensorError, CompanionError, LookupError, TypeError, ValueError, AttributeError, OSError, RecursionError) as error:
            raise BadTicket(f"{path} is no ticket, or a damaged one: {type(error).__name__}: {error}") from error
        ticket = Ticket(network, tuple(masks))
        if ticket.digests() != header["digests"]:
            raise BadTicket(
                f"{path}: the masks or the key are not those that the digests were made of; the file was changed. Build it again."
            )
        return ticket


def key_description(network: RandomNetwork) -> dict[str, object]:
    """The key with all that it takes to regenerate the weights, as plain data."""
    return {
        "constants": network.constants,
        "grid_bits": network.grid_bits,
        "key": str(network.key.seed),
        "width": network.width,
    }


def architecture_from(description: dict) -> AnyArchitecture:
    """The architecture that `description()` wrote down; a group permutes the points of all its spaces side by side."""
    if "graphs" in description:
        return GraphArchitecture(tuple(description["graphs"]["kinds"]), tuple(description["graphs"]["channels"]))
    if "operators" in description:
        return read_operators(description)
    joint: list[list[int]] = [[] for _ in description["spaces"][0]["images"]]
    for space in description["spaces"]:
        for generator, images in zip(joint, space["images"], strict=True):
            generator += [len(generator) + i for i in images]
    group = PermutationGroup(joint)
    parts = []
    for space in description["spaces"]:
        images = tuple(tuple(g) for g in space["images"])
        sharing = tuple(tuple(images) for images in space["sharing"])
        parts.append(Space(PermutationRepresentation(group, images), space["channels"], sharing))
    supports = []
    for support in description["supports"]:
        second, first = (None if support[name] is None else tuple(support[name]) for name in ("second", "first"))
        supports.append((second, first))
    return Architecture(tuple(parts), tuple(supports), tuple(mixture_from(support.get("mixture")) for support in description["supports"]))


def _reads(stored: np.ndarray, channels: int, hidden: int) -> np.ndarray:
    if stored.dtype != np.int64 or stored.shape != (hidden,) or stored.min() < -1 or stored.max() >= channels:
        raise BadTicket(
            f"the input channels that hidden channels read are stored as {stored.dtype}{stored.shape}; {hidden} int64 from -1 to "
            f"{channels - 1} were expected."
        )
    return stored


def _unpacked(packed: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    count = math.prod(shape)
    if packed.dtype != np.uint8 or packed.shape != (-(-count // 8),):
        raise BadTicket(f"a mask of {count} bits is stored as {packed.dtype}{packed.shape}; the file does not fit its architecture.")
    return np.unpackbits(packed, count=count).astype(bool).reshape(shape)
