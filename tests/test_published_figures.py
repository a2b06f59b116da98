"""The published figures of other constructions beside the recorded tickets of the same targets."""

import json
from typing import Any

import pytest

from benchmarks.feedforward_table import GOLDEN, compared, newest_record, recorded

ALLOWED = 0.05


@pytest.fixture
def published() -> dict[str, Any]:
    return json.loads(GOLDEN.read_text(encoding="utf-8"))


def met(rows: dict[str, dict[str, Any]]) -> bool:
    """Whether both convolutions and the outputs of the published network are certified to be within the error that is allowed."""
    row = rows["mnist_conv"]
    return row["claim"] == "every input" and max(map(float, [*row["layer_errors"][:2], row["error_bound"]])) <= ALLOWED


def test_every_layer_of_the_published_network_is_certified_far_below_the_published_error(published: dict[str, Any]) -> None:
    rows = recorded(newest_record())
    theirs = published["mnist_conv"]
    assert met(rows)
    assert len(rows["mnist_conv"]["layer_errors"]) == theirs["layers"] > theirs["layers_built"]
    smallest = min(map(min, [*theirs["inside"], *theirs["border"]]))
    assert smallest > 10 * ALLOWED
    worse = {"mnist_conv": rows["mnist_conv"] | {"layer_errors": ["0.63", "2e-5", "1e-3"]}}
    assert not met(worse)
    assert not met({"mnist_conv": rows["mnist_conv"] | {"claim": "stated inputs"}})


def test_the_recorded_tickets_of_published_networks_are_accepted_complete_and_within_their_time(published: dict[str, Any]) -> None:
    """LeNet5 within 2 minutes and ResNet-20 within 10 minutes of two processors, each within 8 GiB."""
    rows, minutes = recorded(newest_record()), {"lenet5_mnist": 2, "mnist_conv": 10, "resnet20": 10}
    for name in published.keys() & rows.keys():
        row = rows[name]
        assert row["held"]
        assert row["accepted"].startswith("|ticket(x) - target(x)| <= ")
        assert row["redrawn"] == 0
        assert len(row["layer_errors"]) == published[name]["layers"]
        assert row["build_cpu_seconds"] < 2 * 60 * minutes[name]
        assert row["build_memory_gib"] < 8


def test_the_table_holds_both_numbers_and_no_row_without_a_ticket(published: dict[str, Any]) -> None:
    rows = recorded(newest_record())
    table = compared(published, rows)
    assert ("mnist_conv", "error of layer 1", "0.63 to 0.82 inside, 0.63 to 0.82 at the border") in [row[:3] for row in table]
    assert f"at most {rows['mnist_conv']['layer_errors'][1]}" in [row[3] for row in table]
    assert compared(published, rows | {name: rows["mnist_conv"] | {"held": False} for name in published}) == []
