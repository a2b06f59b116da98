"""One case of equivariant_basis.py by this library: a dense basis of the maps from tensors of order k to order m, timed."""

import json
import statistics
import sys
import time

from numerics.basis import equivariant_basis
from tests.test_group import rubiks_cube
from theory.classical_groups import lorentz, proper_orthochronous_lorentz, special_orthogonal
from theory.group import Group, PermutationGroup


def group(name: str) -> Group:
    """The group that a case names, on its natural space."""
    if name.startswith("SO("):
        return special_orthogonal(int(name[3:-1]))
    if name in ("O13", "SO13p"):
        return lorentz() if name == "O13" else proper_orthochronous_lorentz()
    if name == "Cube":
        return PermutationGroup([[0, 1, 3, 4, 5, 2], [4, 2, 0, 3, 1, 5]])
    if name == "Rubik":
        return rubiks_cube()
    n = int(name[2:-1])
    cycle = [*range(1, n), 0]
    return PermutationGroup([[1, 0, *range(2, n)], cycle] if name.startswith("S(") else [cycle])


def basis(name: str, k: int, m: int) -> tuple[int, float]:
    """The dimension and the seconds, group and spaces included."""
    started = time.perf_counter()
    natural = group(name).natural()  # pyright: ignore[reportAttributeAccessIssue]
    source = natural**k if k else natural.group.trivial()
    found = equivariant_basis(source, natural**m)
    found.dense()
    return len(found), time.perf_counter() - started


def main() -> None:
    """Print the dimension, the first time and the median of the later ones."""
    name, k, m = sys.argv[1].split()
    runs = [basis(name, int(k), int(m)) for _ in range(1 + int(sys.argv[2]))]
    print(json.dumps({"dimension": runs[0][0], "seconds": runs[0][1], "warm": statistics.median(seconds for _, seconds in runs[1:])}))


if __name__ == "__main__":
    main()
