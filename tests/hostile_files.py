"""Hostile tickets and data files: bytes in, a damaged file out, read by the readers; shared by the fuzzer and the suite."""

import json
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from numerics.datasets.images import read_images
from numerics.errors import BadData, BadTicket
from numerics.network import canonical_json
from numerics.ticket import Ticket
from tests.hostile import CORPUS, Choices, edit
from theory.errors import CompanionError


def damaged_ticket(data: bytes, original: bytes) -> bytes:
    """A ticket file with edits in its header, in its masks, or in its bytes."""
    choices = Choices(data)
    way, edits = choices.below(3), 1 + choices.below(5)
    if way == 0:
        content = bytearray(original)
        for _ in range(edits):
            content[choices.below(len(content))] = choices.below(256)
        return bytes(content[: len(content) - choices.below(4)])
    length = int.from_bytes(original[:8], "little")
    header = json.loads(json.loads(original[8 : 8 + length])["__metadata__"]["ticket"])
    tensors = dict(load(original))
    for _ in range(edits):
        edit(header, choices)
    if way == 2 and tensors:
        name = sorted(tensors)[choices.below(len(tensors))]
        tensors[name] = np.zeros(choices.below(9), [np.uint8, np.int64, np.float32][choices.below(3)])
    text = canonical_json(header) if choices.below(4) else json.dumps(header).replace("1", "1.0", choices.below(3))
    return save(tensors, metadata={"ticket": text})


def read_damaged_ticket(data: bytes, scratch: Path) -> str:
    """Whether a damaged ticket is "read" or "refused"; any exception but `BadTicket` escapes and is a fault of the reader."""
    originals = sorted(CORPUS.glob("*.safetensors"))
    path = scratch / "ticket.safetensors"
    try:
        path.write_bytes(damaged_ticket(data[1:], originals[data[0] % len(originals) if data else 0].read_bytes()))
    except SafetensorError:
        return "refused"
    try:
        Ticket.load(path)
    except BadTicket:
        return "refused"
    return "read"


AMAT = b"0.5 0.25 0.125 1.0 3\n0 0 0 1 7\n"
IDX_IMAGES = bytes.fromhex("00000803000000020000000200000002") + bytes(range(8))
IDX_LABELS = bytes.fromhex("0000080100000002") + bytes([3, 7])


def read_damaged_images(data: bytes, scratch: Path) -> str:
    """Whether damaged image files are "read" or "refused" (`BadData` and its like); what is read is finite and of matching lengths."""
    choices = Choices(data)
    binary, edits = choices.below(2), choices.below(6)
    files = [bytearray(IDX_IMAGES), bytearray(IDX_LABELS)] if binary else [bytearray(AMAT)]
    for _ in range(edits):
        content = files[choices.below(len(files))]
        place = choices.below(len(content) + 1)
        content[place : place + choices.below(3)] = bytes(choices.below(256) for _ in range(choices.below(3)))
    if choices.below(8) == 0:
        files[0] += data[choices.place :]
    path = scratch / ("images-idx3" if binary else "images.amat")
    path.write_bytes(files[0])
    if binary:
        (scratch / "labels-idx1").write_bytes(files[1])
    try:
        found = read_images(path)
    except (BadData, CompanionError):
        return "refused"
    assert len(found.labels) == len(found.pixels)
    assert np.isfinite(found.pixels).all()
    return "read"
