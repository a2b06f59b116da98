"""One case of equivariant_basis.py by emlp: runs in an environment that has it, and needs nothing of this library."""

import json
import statistics
import sys
import time

import emlp.groups as groups  # pyright: ignore[reportMissingImports]
from emlp.reps import T, V  # pyright: ignore[reportMissingImports]
from emlp.reps.representation import Rep  # pyright: ignore[reportMissingImports]


def group(name: str):
    """The group that a case names."""
    if name == "O13":
        return groups.O13()
    if name == "SO13p":
        return groups.SO13p()
    if name == "Cube":
        return groups.Cube()
    if name == "Rubik":
        return groups.RubiksCube()
    kind, n = name[:-1].split("(")
    return {"S": groups.S, "Z": groups.Z, "SO": groups.SO}[kind](int(n))


def basis(name: str, k: int, m: int) -> tuple[int, float]:
    """The dimension and the seconds, group and spaces included; caches of earlier calls are emptied."""
    Rep.solcache.clear()
    started = time.perf_counter()
    space = T(m) if k == 0 else (V**k >> V**m)
    columns = space(group(name)).equivariant_basis()
    return int(columns.shape[1]), time.perf_counter() - started


def main() -> None:
    """Print the dimension, the first time and the median of the later ones."""
    name, k, m = sys.argv[1].split()
    runs = [basis(name, int(k), int(m)) for _ in range(1 + int(sys.argv[2]))]
    print(json.dumps({"dimension": runs[0][0], "seconds": runs[0][1], "warm": statistics.median(seconds for _, seconds in runs[1:])}))


if __name__ == "__main__":
    main()
