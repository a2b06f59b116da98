"""Small computations of the re-checker of equivariant tickets whose results are known."""

import os
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any


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
