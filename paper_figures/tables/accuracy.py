"""Target and ticket per architecture: accuracies, errors, weights kept."""

import json
from pathlib import Path
from typing import Any

from paper_figures.tables import above, plain, records, share, short

COMMAND = "python -m numerics experiments --keys 5"
CAPTION = (
    "Tickets of the built-in targets, several keys each, ε = 0.01, width 96, 32 samples a sum. Certified and sampled errors are the largest "
    "over the keys, kept is the mean part of the random weights; no key is left out. Accepted are the certificates that the re-checker accepts, "
    "with the median of its seconds. Where the second search is not in use, sums that need "
    "it fail."
)
COLUMNS = {
    "name": ("target", plain),
    "baseline_accuracy": ("baseline", share),
    "target_accuracy": ("target's accuracy", share),
    "ticket_accuracy_least": ("least of the tickets", share),
    "ticket_accuracy_most": ("largest of the tickets", share),
    "differing_predictions": ("predictions that differ", plain),
    "certified": ("certified error", above),
    "sampled": ("largest error seen", short),
    "kept": ("weights kept", share),
    "held": ("keys with a ticket", plain),
    "keys": ("keys tried", plain),
    "accepted": ("certificates accepted", plain),
    "recheck_seconds": ("seconds of a re-check", short),
    "second_search": ("second search", plain),
}


def rows(_out: Path) -> list[dict[str, Any]]:
    """Of each target the record with most keys, of these the latest; those called one-search, which knew no second search, come first."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(records("experiments-*.json"), key=lambda path: ("one-search" not in path.stem, path.stem)):
        second = "no" if "one-search" in path.stem else "yes"
        for row in json.loads(path.read_text(encoding="utf-8")):
            if row["keys"] >= found.get(row["name"], {"keys": 0})["keys"]:
                found[row["name"]] = {"accepted": None, "recheck_seconds": None} | row | {"second_search": second}
    return [found[name] for name in sorted(found)]
