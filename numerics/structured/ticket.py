"""A structured ticket: which hidden channels stay."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Int64
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from numerics.errors import BadTicket
from numerics.network import canonical_json, digest
from numerics.store import write_bytes
from numerics.structured.network import StructuredNetwork
from theory import display
from theory.normal_grid import GRID_BITS, table_digest

FORMAT = "structured-ticket/1"


@dataclass(frozen=True, eq=False)
class ChannelMask:
    """The channels of a layer that stay: hidden `[blocks, N]` and constant `[bias blocks, M]`."""

    hidden: Bool[np.ndarray, "b j"]
    constant: Bool[np.ndarray, "c i"]

    def description(self) -> dict[str, str]:
        """The masks as text `bits:hexadecimal`, row-major, most significant bit first, the last byte padded with zeros."""
        parts = {"constant": self.constant, "hidden": self.hidden}
        return {name: f"{mask.size}:{np.packbits(mask.ravel()).tobytes().hex()}" for name, mask in parts.items()}


@dataclass(frozen=True, eq=False)
class StructuredTicket:
    """A random network fixed by its key, without the hidden channels that the masks remove."""

    network: StructuredNetwork
    masks: tuple[ChannelMask, ...]

    def __repr__(self) -> str:
        network = self.network
        return f"<StructuredTicket of key {network.key.seed}, widths {network.widths}: {self._kept()} hidden channels kept>"

    def _kept(self) -> str:
        channels = [mask.hidden for mask in self.masks]
        return f"{sum(int(hidden.sum()) for hidden in channels):,} of {sum(hidden.size for hidden in channels):,}"

    def _repr_html_(self) -> str:
        """A table for notebooks: key, widths, channels kept layer by layer, digest of the masks."""
        rows: dict[str, object] = {
            "key": self.network.key.seed,
            "channels of a block": ", ".join(map(str, self.network.widths)),
            "hidden channels kept": self._kept(),
        }
        rows |= {f"kept in layer {i}": f"{int(mask.hidden.sum()):,} of {mask.hidden.size:,}" for i, mask in enumerate(self.masks)}
        return display.facts("Structured ticket", rows | {"digest of the masks": self.digests()["masks"]})

    def digests(self) -> dict[str, str]:
        """SHA-256 of architecture, key (with widths) and masks."""
        return {
            "architecture": digest(self.network.architecture.description()),
            "key": digest(key_description(self.network)),
            "masks": digest([mask.description() for mask in self.masks]),
        }

    def save(self, path: Path) -> None:
        """Write a safetensors file, atomically: packed masks, and the digests in its header."""
        tensors = {
            f"{i}.{name}": np.packbits(getattr(mask, name).ravel()) for i, mask in enumerate(self.masks) for name in ("hidden", "constant")
        }
        header = {"format": FORMAT, "digests": self.digests()}
        write_bytes(path, save(tensors, metadata={"ticket": canonical_json(header)}))


def load_masks(path: Path, network: StructuredNetwork) -> StructuredTicket:
    """The stored ticket of this network; raises `BadTicket` if the file is missing, damaged, or of another network."""
    masks = []
    try:
        with safe_open(path, framework="numpy") as file:
            stated = file.metadata()["ticket"]
            for i, rule in enumerate(network.architecture.layers):
                shapes = {"hidden": (len(rule.blocks), network.widths[i]), "constant": (len(rule.bias_blocks), network.constants[i])}
                parts = {name: _unpacked(file.get_tensor(f"{i}.{name}"), shape) for name, shape in shapes.items()}
                masks.append(ChannelMask(**parts))
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise BadTicket(f"{path} is no structured ticket, or a damaged one: {type(error).__name__}: {error}") from error
    ticket = StructuredTicket(network, tuple(masks))
    if stated != canonical_json({"format": FORMAT, "digests": ticket.digests()}):
        raise BadTicket(f"{path}: the ticket of another network, or one that was changed. Build it again.")
    return ticket


def _unpacked(packed: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    count = shape[0] * shape[1]
    if packed.dtype != np.uint8 or packed.shape != (-(-count // 8),):
        raise ValueError(f"{count} bits are stored as {packed.dtype}{packed.shape}")
    return np.unpackbits(packed, count=count).astype(bool).reshape(shape)


def key_description(network: StructuredNetwork) -> dict[str, object]:
    """The key with all that it takes to regenerate the weights, as plain data."""
    return {
        "constants": list(network.constants),
        "grid_bits": GRID_BITS,
        "key": str(network.key.seed),
        "law": "normal",
        "table": table_digest(),
        "widths": list(network.widths),
    }


def channel_sums(
    ticket: StructuredTicket, layer: int
) -> tuple[Int64[np.ndarray, "q p k"], Int64[np.ndarray, "q p k"], Int64[np.ndarray, "q b"]]:
    """What the kept channels add up to, exactly, in units of 2⁻²⁴: Σ u·v over u > 0, Σ |u|·v over u < 0, and the biases."""
    network, mask, rule = ticket.network, ticket.masks[layer], ticket.network.architecture.layers[layer]
    plus, minus = (np.zeros(rule.shape.coefficient_shape, dtype=np.int64) for _ in range(2))
    first = np.where(mask.hidden, network.first(layer), 0)
    for b, block in enumerate(rule.blocks):
        v = network.second(layer, b)
        plus[list(block.outputs), block.channel] += np.tensordot(np.maximum(first[b], 0), v, axes=(0, 0))
        minus[list(block.outputs), block.channel] += np.tensordot(np.maximum(-first[b], 0), v, axes=(0, 0))
    bias = np.zeros(rule.shape.bias_shape, dtype=np.int64)
    constant = np.maximum(np.where(mask.constant, network.constant_first(layer), 0), 0)
    for c, group in enumerate(rule.bias_blocks):
        bias[list(group)] += np.tensordot(constant[c], network.constant_second(layer, c), axes=(0, 0))
    return plus, minus, bias
