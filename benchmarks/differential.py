"""1,000 random tickets over all built-in instantiations, each attacked: no difference found may exceed its certified bound.

    python benchmarks/differential.py --tickets 1000 --record FILE.json [--start SEED]

A run that was stopped goes on in another record from the ticket where it stood.
"""

import argparse
import json
import platform
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

import theory.instantiations  # noqa: F401
from checks.attack import largest_difference, random_propagation
from checks.test_differential import random_graph_ticket, random_ticket
from numerics.certify import certify
from numerics.declared import hidden_architecture
from theory.instantiation import REGISTRY, GroupInstantiation
from theory.representation import PermutationRepresentation


def main() -> int:
    """Attack the tickets, one instantiation after the other; 1 if a bound was exceeded."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tickets", type=int, default=1000)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--record", type=Path, required=True)
    options = parser.parse_args()
    declared = [built() for built in REGISTRY.values() if built.__module__.startswith("theory.")]
    groups = [d for d in declared if isinstance(d, GroupInstantiation) and isinstance(d.hidden_representation(), PermutationRepresentation)]
    ratios: dict[str, list[float]] = {}
    violated, started = [], time.perf_counter()
    for seed in range(options.start, options.tickets):
        which = seed % (len(groups) + 1)
        if which == len(groups):
            name, (target, ticket) = "message passing", random_graph_ticket(seed)
            found = largest_difference(target, ticket, seed, random_propagation(4, seed))
        else:
            name = repr(groups[which])
            target, ticket = random_ticket(hidden_architecture(groups[which], (1, 2), 2), seed)
            found = largest_difference(target, ticket, seed)
        bound = certify(target, ticket, 10**6).error_bound
        ratios.setdefault(name, []).append(found / float(bound))
        if found > bound:
            violated.append({"instantiation": name, "seed": seed, "found": found, "bound": str(bound)})
        if seed % 50 == 49 or seed + 1 == options.tickets:
            record = {
                "command": f"python benchmarks/differential.py --tickets {options.tickets} --start {options.start}",
                "date": datetime.now(UTC).isoformat(timespec="seconds"),
                "machine": f"{platform.machine()}, Python {platform.python_version()}",
                "tickets": seed + 1 - options.start,
                "seeds": [options.start, seed],
                "violated": violated,
                "found_by_certified": {
                    name: {"tickets": len(values), "median": round(float(np.median(values)), 4), "largest": round(max(values), 4)}
                    for name, values in ratios.items()
                },
                "seconds": round(time.perf_counter() - started, 1),
            }
            options.record.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
            print(seed + 1, len(violated), f"{time.perf_counter() - started:.0f} s", flush=True)
    return int(bool(violated))


if __name__ == "__main__":
    sys.exit(main())
