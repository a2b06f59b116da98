"""Certificates over operators given as matrices, their fields, matrices and sizes at and beyond what is read."""

import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from tests.document_edits import edited


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
