"""Certificates of equivariant tickets, damaged one place at a time and at the limits of what is read."""

import json
import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from tests.document_edits import edited, leaf_changes
from tests.hostile import CORPUS, damaged, seeds
from tests.operator_documents import operator_limits

RANDOM_DOCUMENTS = 150


def limits(text: str) -> Iterator[bytes]:
    """Counts at and beyond what is read: points, generators, partial maps, spaces, widths, long and odd numbers."""

    def spaces(change: Callable[[dict[str, Any]], object]) -> bytes:
        return edited(text, lambda document: [change(space) for space in document["architecture"]["spaces"]])

    for points in (4096, 4097):
        yield spaces(lambda space, points=points: space.update(images=[list(range(points))], sharing=[]))
    for count in (0, 1, 64, 65):
        yield spaces(lambda space, count=count: space.update(images=[list(range(len(space["images"][0])))] * count, sharing=[]))
        yield spaces(lambda space, count=count: space.update(sharing=[[-1] * len(space["images"][0])] * count))
    for count in (1, 2, 1000, 1001):
        yield edited(
            text, lambda document, count=count: document["architecture"].update(spaces=document["architecture"]["spaces"][:1] * count)
        )
    for bound in (0, 1, 1 << 16, (1 << 16) + 1):
        yield edited(text, lambda document, bound=bound: document["key"].update(width=bound))
        yield edited(text, lambda document, bound=bound: document["key"].update(constants=bound))
        yield spaces(lambda space, bound=bound: space.update(channels=bound))
    for key in (str((1 << 128) - 1), str(1 << 128), "00", "-1"):
        yield edited(text, lambda document, key=key: document["key"].update(key=key))
    for name in ("x" * 64, "x" * 65, ""):
        yield edited(text, lambda document, name=name: document.update(name=name))
    for number in ("1/" + str(1 << 1100), "1/" + str(1 << 1101), "1/3", "9" * 698 + "/1", "9" * 699 + "/1", "2/4", "-0/1", "1/0"):
        yield edited(text, lambda document, number=number: document["target"]["layers"][0]["coefficients"].__setitem__(0, number))
    for step in (Fraction(1, 3), Fraction(1, 1 << 1100), Fraction(1, 1 << 1101)):
        yield edited(text, lambda document, step=step: shift(document, step))
    for kept in ([], [0], [0, 1], [1], [1, 0], [0, 0], [-1], [99], [True], "0", [0, 1, 2], [0, 2]):
        yield edited(text, lambda document, kept=kept: document["architecture"]["supports"][0].update(second=kept))
        yield edited(text, lambda document, kept=kept: document["architecture"]["supports"][0].update(first=kept))
    for images in ([], [0, 0], [1, 0], [0, 1, 2], [True], [-1], [2, 0, 1], [1, 2, 0], [0, 3, 1]):
        yield spaces(lambda space, images=images: space.update(images=[images], sharing=[]))
        yield spaces(lambda space, images=images: space.update(sharing=[images]))
    for field in ("radius", "epsilon", "error_bound"):
        for value in ("0/1", "-1/1", "1/1"):
            yield edited(text, lambda document, field=field, value=value: document.update({field: value}))
    bound = json.loads(text)["error_bound"]
    yield edited(text, lambda document: document.update(epsilon=bound if bound != "0/1" else "1/1"))


def graph_limits(text: str) -> Iterator[bytes]:
    """Kinds and channels of message passing, right and wrong."""
    for kinds in (
        [],
        ["mean"],
        ["propagate"] * 3,
        ["propagate", "dense", "mean"],
        ["propagate"] * 1000,
        ["propagate"] * 1001,
        [1],
        ["propagate", "mean", "dense", "x"],
    ):
        yield edited(text, lambda document, kinds=kinds: document["architecture"]["graphs"].update(kinds=kinds))
    for channels in ([], [1], [0, 1, 1, 1], [1] * 4, [1 << 16] * 4, [(1 << 16) + 1] * 4, [2, 1, 1, 1], [1, 1, 1, 1, 1]):
        yield edited(text, lambda document, channels=channels: document["architecture"]["graphs"].update(channels=channels))


def shift(document: dict[str, Any], step: Fraction) -> None:
    """Another first coefficient, its residuals still those that the masks leave."""
    layer, numbers = document["layers"][0], document["target"]["layers"][0]["coefficients"]
    for values, change in ((numbers, step), (layer["residuals_plus"], -step), (layer["residuals_minus"], step)):
        if values:
            value = Fraction(values[0]) + change
            values[0] = f"{value.numerator}/{value.denominator}"


def reading_limits(text: str) -> Iterator[bytes]:
    """What hidden channels read, right and wrong; one that is never active kept; inputs stated otherwise or not at all."""
    layer = json.loads(text)["layers"][0]["masks"]
    reads, channels = layer["reads"], 1 + max(layer["reads"])
    used, unused = next(h for h, p in enumerate(reads) if p >= 0), reads.index(-1)

    def changed(h: int, channel: int) -> bytes:
        return edited(text, lambda document: document["layers"][0]["masks"]["reads"].__setitem__(h, channel))

    for channel in (-2, -1, channels - 1, channels):
        yield changed(used, channel)
        yield changed(unused, channel)
    yield edited(text, lambda document: document["layers"][0]["masks"].update(reads=reads[1:]))
    yield edited(text, lambda document: document["layers"][0]["masks"].update(reads={}))
    yield edited(text, lambda document: document["layers"][1]["masks"].pop("reads"))
    for inputs in ("any", None, ["nonnegative"]):
        yield edited(text, lambda document, inputs=inputs: document.update(inputs=inputs))
    yield edited(text, lambda document: document.pop("inputs"))
    for h in (h for h, p in enumerate(reads) if p < 0):
        for channel in range(channels):
            yield edited(text, lambda document, h=h, channel=channel: keep(document["layers"][0]["masks"], h, channel))


def keep(masks: dict[str, Any], h: int, channel: int) -> None:
    """Let hidden channel h read an input channel, for all outputs."""
    masks["reads"][h] = channel
    for name, per in (("first", 1), ("second", int(masks["second"].split(":")[0]) // len(masks["reads"]))):
        count, digits = masks[name].split(":")
        bits = list(f"{int(digits, 16):0{4 * len(digits)}b}")
        bits[h * per : (h + 1) * per] = "1" * per
        masks[name] = f"{count}:{int(''.join(bits), 2):0{len(digits)}x}"


def mixture_changes(text: str) -> Iterator[bytes]:
    """A certificate whose operators are combinations of indicators, and its combinations at and beyond what is read."""
    yield text.encode("ascii")
    yield from leaf_changes(text)

    def rows(change: Callable[[dict[str, Any]], object]) -> bytes:
        return edited(text, lambda document: change(document["architecture"]["supports"][0]["mixture"]))

    for entry in (1 << 40, (1 << 40) + 1, -(1 << 40), -(1 << 40) - 1):
        yield rows(lambda mixture, entry=entry: mixture["rows"][0].__setitem__(0, entry))
    for bits in (0, 30, 31, -1):
        yield rows(lambda mixture, bits=bits: mixture.update(bits=bits))
    for count in (0, 1, 1 << 12, (1 << 12) + 1):
        yield rows(lambda mixture, count=count: mixture.update(rows=mixture["rows"][:1] * count))
    yield rows(lambda mixture: mixture["rows"][0].pop())
    yield rows(lambda mixture: mixture["rows"][0].append(1))


def documents() -> list[bytes]:
    """All of them, the same in every run."""
    texts, generator = seeds(), random.Random(1)
    found = [text.encode("ascii") for text in texts]
    for text in texts:
        found += leaf_changes(text)
        of_kind = graph_limits if '"graphs"' in text else operator_limits if '"operators"' in text else limits
        found += of_kind(text)
        found += reading_limits(text) if '"reads"' in text else ()
    found += mixture_changes((CORPUS / "formats" / "mixture.json").read_text(encoding="ascii"))
    found += [damaged(generator.randbytes(generator.randrange(4, 40)), texts) for _ in range(RANDOM_DOCUMENTS)]
    return [*found, *operators_in_layers()]


def operators_in_layers() -> Iterator[bytes]:
    """Two layers of operators given as matrices; inputs without negative entries, which relu passes unchanged and cone_relu does not."""
    for name in ("formats/deep_operators.json", "formats/reading_operators.json", "refused/cone_inputs.json"):
        text = (CORPUS / name).read_text(encoding="ascii")
        yield text.encode("ascii")
        yield edited(text, lambda document: document["architecture"].update(nonlinearity="tanh"))
        for channels in ([1, 2], [2, 1], [1, 1, 1], [1, 2, 2], [1, 2, 1, 1], [1] * 1000, [1] * 1001):
            yield edited(text, lambda document, channels=channels: document["architecture"]["operators"].update(channels=channels))
