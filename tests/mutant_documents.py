"""What the mutants of the re-checker are run on: documents of known outcome, and small computations with known results."""

import json
import os
import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from checks.recheck.document import canonical
from tests.hostile import CORPUS, damaged, forge, seeds

OUTCOMES = CORPUS / "outcomes.txt"
RANDOM_DOCUMENTS = 150


def edited(text: str, change: Callable[[dict[str, Any]], object]) -> bytes:
    """A seed with one change, its digests forged."""
    document = json.loads(text)
    change(document)
    forge(document)
    return (canonical(document) + "\n").encode("ascii")


def leaf_changes(text: str) -> Iterator[bytes]:
    """Each number or text of a seed moved a little: one for each kind of place."""
    seen: set[tuple[Any, ...]] = set()

    def visit(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        if isinstance(value, (dict, list)) and value:
            for step, entry in value.items() if isinstance(value, dict) else enumerate(value):
                yield from visit(entry, (*path, step))
        else:
            kind = tuple(step for step in path if isinstance(step, str))
            if kind not in seen:
                seen.add(kind)
                yield path

    for path in visit(json.loads(text), ()):
        for number in range(3):

            def change(document: dict[str, Any], path: tuple[Any, ...] = path, number: int = number) -> None:
                place: Any = document
                for step in path[:-1]:
                    place = place[step]
                place[path[-1]] = moved(place[path[-1]], number)

            yield edited(text, change)


def moved(value: Any, number: int) -> Any:
    """Another value of the same kind."""
    if isinstance(value, bool) or value is None:
        return ([0], [], [0, 1])[number]
    if isinstance(value, int):
        return (value + 1, value - 1, -value)[number]
    if isinstance(value, str) and "/" in value and value[:1] in "-0123456789":
        fraction = Fraction(value)
        other = (fraction + Fraction(1, fraction.denominator), fraction - Fraction(1, fraction.denominator), -fraction)[number]
        return f"{other.numerator}/{other.denominator}"
    if isinstance(value, str) and ":" in value[:-1]:
        return (value[:-1] + f"{int(value[-1], 16) ^ 1:x}", value[:-2] + f"{int(value[-2], 16) ^ 8:x}" + value[-1], value + "0")[number]
    if isinstance(value, str):
        return (value + "1", value[:-1] + "0", "")[number]
    return (0, None, "x")[number]


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


def operator_limits(text: str) -> Iterator[bytes]:
    """Fields, intervals, matrices and sizes of operators given as matrices, right and wrong."""
    described = json.loads(text)["architecture"]["operators"]

    def operators(change: Callable[[dict[str, Any]], object]) -> bytes:
        return edited(text, lambda document: change(document["architecture"]["operators"]))

    low, high = map(Fraction, described["field"]["interval"])
    for ends in (
        (low, low),
        (high, low),
        (low - 1, high + 1),
        (low, high + 1),
        (high, high + 1),
        (-high, -low),
        (low - 9, high),
        ("1/1",),
        (),
    ):
        written = [f"{Fraction(end).numerator}/{Fraction(end).denominator}" for end in ends]
        yield operators(lambda found, written=written: found["field"].update(interval=written))
    for modulus in (
        [],
        ["1/1"],
        ["0/1", "2/1"],
        ["-3/1", "0/1", "1/1"],
        ["-12/1", "0/1", "4/1"],
        ["1/1", "0/1", "1/1"],
        ["0/1"] * 64 + ["1/1"],
        ["0/1"] * 65 + ["1/1"],
    ):
        yield operators(lambda found, modulus=modulus: found["field"].update(modulus=modulus))
    rooted = {"modulus": ["-4/1", "0/1", "1/1"], "interval": ["2/1", "3/1"]}
    yield operators(lambda found: found["field"].update(rooted))
    for dimension in (0, 1, 2, 4, 512, 513):
        yield operators(lambda found, dimension=dimension: found.update(dimension=dimension))
    for channels in ([], [1], [1, 1, 1], [0, 1], [1, 0], [1 << 16, 1], [(1 << 16) + 1, 1], [2, 1], [1, 2]):
        yield operators(lambda found, channels=channels: found.update(channels=channels))
    for name in ("generators", "derivatives", "operators"):
        for matrices in (
            [],
            {},
            [[]],
            described["generators"],
            described["operators"],
            described["generators"][:1] * 2,
            [[]] * ((1 << 14) + 1),
            [[]] * (1 << 14),
        ):
            yield operators(lambda found, name=name, matrices=matrices: found.update({name: matrices}))
        for matrix in range(len(described[name])):
            for change in (
                lambda rows: rows.reverse(),
                lambda rows: rows.append(rows[-1]),
                lambda rows: rows.pop(),
                lambda rows: rows.pop(0),
            ):
                yield operators(lambda found, name=name, matrix=matrix, change=change: change(found[name][matrix]))
            for entry in (
                [],
                [0, 0],
                [0, 0, "0/1", "0/1"],
                [0, 2, "1/1", "0/1"],
                [2, 0, "1/1", "0/1"],
                [0, 0, "1/1", "1/1"],
                [-1, 0, "1/1", "0/1"],
                [0, 3, "1/1", "0/1"],
            ):
                yield operators(lambda found, name=name, matrix=matrix, entry=entry: found[name][matrix].__setitem__(0, entry))
    turn = [[1, 2, "-1/1", "0/1"], [2, 1, "1/1", "0/1"]]
    for derivative in (
        turn,
        [turn[0]],
        [turn[1]],
        [[0, 1, "-1/1", "0/1"], [1, 0, "1/1", "0/1"]],
        [[1, 2, "1/1", "0/1"], [2, 1, "1/1", "0/1"]],
    ):
        yield operators(lambda found, derivative=derivative: found.update(derivatives=[derivative]))
        yield operators(lambda found, derivative=derivative: found.update(derivatives=[derivative], generators=[]))
    swap = [[0, 0, "1/1", "0/1"], [1, 2, "1/1", "0/1"], [2, 1, "1/1", "0/1"]]
    for generator in (
        swap,
        [*swap[:2], [2, 1, "-1/1", "0/1"]],
        [swap[0], [1, 1, "2/1", "0/1"], [2, 2, "2/1", "0/1"]],
        [[0, 1, "1/1", "0/1"], [1, 0, "1/1", "0/1"], [2, 2, "1/1", "0/1"]],
    ):
        for nonlinearity in ("relu", "cone_relu", "tanh", None):
            yield edited(
                text,
                lambda document, g=generator, sigma=nonlinearity: (
                    document["architecture"].update(nonlinearity=sigma),
                    document["architecture"]["operators"].update(generators=[g]),
                ),
            )


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


def units(package: Any) -> None:
    """Computations whose results are known; raises `ValueError` where one is another."""

    def equal(found: object, expected: object) -> None:
        if found != expected:
            raise ValueError(f"{found} instead of {expected}")

    # Random123's known answer for Philox-4x64-10 with a zero key and counter.
    known = (0x16554D9ECA36314C, 0xDB20FE9D672D0FDC, 0xD7E772CEE186176B, 0x7E68B68AEC7BA23B)
    equal(package.weights.philox(0, 0), known)
    equal([package.weights.weight_of(word, 2) for word in range(9)], [1, 2, 3, 4, -1, -2, -3, -4, 1])
    for value in range(40):
        root = package.norms.integer_root_up(value)
        equal((root - 1) ** 2 < value <= root**2 or value == root == 0, True)
    equal(package.norms.root_up(Fraction(9, 4)), Fraction(3, 2))
    equal(package.norms.up(Fraction(1, 3)), Fraction(((1 << 64) + 2) // 3, 1 << 64))
    equal(package.norms.up(Fraction(-1, 3)), Fraction(-((1 << 64) // 3), 1 << 64))
    equal(package.norms.symmetric_norm([[[1 << 63]]], [[0]], 1, 0), Fraction(1 << 63))
    equal(package.norms.symmetric_norm([[[1 << 64]]], [[0]], 1, 0), Fraction(2 * ((1 << 63) + 1)))
    for channels, squarings, left in ((300, 4, 4), (2, 8, 8), (600, 0, 0)):
        budget = package.document.Budget()
        layer = package.layers.GraphLayer("propagate", 3, channels, budget, "here")
        equal((layer.squarings, layer.gram_work), (squarings, 204 * channels**2))
        equal(package.document.LARGEST_WORK - budget.left, 204 * channels**2 + 4 * left * (channels**3 + 32))
    space = {"images": [[1, 0, 2]], "sharing": []}
    for channels, squarings in ((120, 5), (2, 8), (200, 1), (220, 0)):
        budget = package.document.Budget()
        supports = {"first": None, "second": [0, 2]}
        point = package.layers.PointLayer(space | {"channels": 3}, space | {"channels": channels}, supports, budget, "here")
        gram = 3 * (3 * channels**2 * 17 + 5 * 3)
        equal((point.squarings, point.gram_work, point.size, point.hidden_size, point.invariants), (squarings, gram, 2, 5, 2))
        equal(package.document.LARGEST_WORK - budget.left, 128 * 36 + gram + 2 * squarings * 15 * (channels**3 + 32))
    edges = [(a, b) for a in range(5) for b in range(a)]  # of rank 3 on 10 points: 3² < 10
    permuted = [[edges.index((max(g[a], g[b]), min(g[a], g[b]))) for a, b in edges] for g in ([1, 0, 2, 3, 4], [1, 2, 3, 4, 0])]
    domain, codomain = ({"images": permuted, "sharing": [], "channels": channels} for channels in (1, 100))
    point = package.layers.PointLayer(domain, codomain, {"first": None, "second": None}, package.document.Budget(), "here")
    equal(point.squarings, (1 << 27) // (3 * 9 * (100**3 + 32)))
    for n, m, size, hidden, invariants, width, constants in (
        (2, 8, 64, 1, 1, 1 << 16, 1), (1, 32, 1, 1, 32, 1, 1 << 16), (4, 1, 1, 64, 1, 1 << 16, 1),
    ):  # fmt: skip
        source = package.equivariant.Source(0, 23, width, constants)
        for more in (0, 1):
            rule = SimpleNamespace(channels_in=n, channels_out=m, size=size + more, hidden_size=hidden + more, identity=0)
            rule.invariants = invariants + more
            call = partial(package.equivariant.check_layer, 0, rule, {}, {}, source, package.document.Budget())
            refused(package, call, "more than 67108864 weights" if more else "an object with the keys")
    budget = package.document.Budget()
    budget.spend(package.document.LARGEST_WORK, "all")
    refused(package, lambda: budget.spend(1, "more"))
    budget.hold(package.document.LARGEST_HELD, "all")
    refused(package, lambda: budget.hold(package.document.LARGEST_HELD + 1, "more"), "4194304 numbers")
    largest = 1 << 11
    for more in (0, 1):
        spaces = [space | {"channels": channels, "images": [[0]]} for channels in (1, largest + more)]
        for call in (
            partial(package.layers.PointLayer, *spaces, {"first": None, "second": None}, package.document.Budget(), "here"),
            partial(package.layers.GraphLayer, "dense", 1, largest + more, package.document.Budget(), "here"),
        ):
            if more:
                refused(package, call, "numbers in memory")
            else:
                call()
    field = package.operators.OperatorLayer.__new__(package.operators.OperatorLayer)
    field.modulus, field.interval = tuple(map(Fraction, (-2, 1, 3, 1))), (Fraction(1, 2), Fraction(3, 4))
    a, b = tuple(map(Fraction, (1, 2, 3))), tuple(map(Fraction, (5, -7, 11)))
    equal(field.times(a, b), tuple(map(Fraction, (-191, 167, 273))))
    equal(field.size_of(a), 67 << 28)
    equal(field.size_of(b), 95 << 28)
    equal(field.size_of((Fraction(0), Fraction(9), Fraction(1))), 117 << 28)
    equal(field.size_of((Fraction(-1, 3), Fraction(0), Fraction(0))), ((1 << 32) + 2) // 3)
    held: list[int] = []
    budget, field.dimension = package.document.Budget(), 3
    one = field.one()
    field.operators = [one]
    field.spend(SimpleNamespace(hold=lambda numbers, where: held.append(numbers), spend=lambda work, where: None), [])
    equal(held, [3 * 3**2])
    field.operators = [one, one, [{0: a, 1: b}, {}, {}]]
    field.spend(budget, [one, [{0: a, 2: b}, {}, {}]])
    equal(package.document.LARGEST_WORK - budget.left, 128 * 9 * (11 + 3 * 2 * 3 + 10 * 2 + 2 * 2 * 3))
    whole = Fraction(1, 7)
    equal([package.document.short(value) for value in (whole, whole * 10**7, Fraction(10**5), Fraction(10**4), Fraction(0))],
          ["0.142857", "1.42857e+6", "1e+5", "10000", "0"])  # fmt: skip


def file_units(package: Any, path: Path) -> None:
    """Sizes and depths at and beyond their limits, made small for this."""
    flags: list[int] = []
    opened = SimpleNamespace(**{name: getattr(os, name) for name in ("O_RDONLY", "O_NONBLOCK", "fstat")})
    opened.open = lambda path, given: (flags.append(given), os.open(path, given))[1]
    package.document.os = opened
    path.write_bytes(b"{}\n")
    package.parse(path)
    if flags != [os.O_RDONLY | os.O_NONBLOCK]:
        raise ValueError(f"opened with flags {flags}; a pipe would be waited for")
    package.document.os = os
    package.document.LARGEST_FILE, package.document.MOST_CONTAINERS = 60, 3
    for content, message in (
        (b"[" + b" " * 58 + b"]", "no JSON object"), (b"[" + b" " * 59 + b"]", "larger than 60"), (b"[[],[]]", "no JSON object"),
        (b"[[],[],[]]", "more than 3 lists"), (b"[", "unbalanced"), (b'{"a":12345678901234567890}\n', "fields"),
        (b'{"a":-123456789012345678901}', "digits"),
        (b'{"a":1,"a":1}', "twice"), (b'{"a":1}', "not canonical"),
    ):  # fmt: skip
        path.write_bytes(content)
        if message == "fields":
            package.parse(path)
        else:
            refused(package, lambda: package.parse(path), message)
    package.document.LARGEST_FILE, package.document.MOST_CONTAINERS = 1 << 20, 100
    path.write_bytes(b'{"a":' + b"[" * 7 + b"]" * 7 + b"}\n")
    package.parse(path)
    path.write_bytes(b'{"a":' + b"[" * 8 + b"]" * 8 + b"}\n")
    refused(package, lambda: package.parse(path), "8 deep")


def refused(package: Any, call: Callable[[], object], message: str = "") -> None:
    """Raise `ValueError` unless a call is refused with code 2 and this message."""
    try:
        call()
    except package.Refused as refusal:
        if refusal.code != 2 or message not in str(refusal):
            raise ValueError(str(refusal)) from refusal
    else:
        raise ValueError("accepted")
